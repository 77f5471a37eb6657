// SPDX-License-Identifier: MIT
#pragma once
// Finite-difference checks of derivatives, for whoever writes a loss, penalty or model of one's own:
//
//   std::cout << check_gradient(problem, theta) << check_hessian(problem, theta);
//
// Along a direction v, |v| = |theta| (1 where theta is 0), the central difference  D(t) = (f(theta + t v) - f(theta - t v)) / 2t  is taken at
// t = 1/2, 1/4, ..., 2^-14 and extrapolated to t = 0 by Richardson's tableau; of its entries the one that differs least from its neighbours is believed
// [Ridders 1982]. Polynomials, which losses of factorizations are, come out to rounding; how far the difference itself is to be trusted is reported beside
// the error. The gradient is checked on differences of the objective, Hessian-vector products on differences of gradients, so check the gradient first.
// Directions are all P coordinates where P is at most `.directions`, else that many Gaussian ones, seeded. A direction costs 28 evaluations.

#include <algorithm>
#include <array>
#include <cmath>
#include <limits>
#include <string>

#include "../core/norm.hpp"
#include "../core/random.hpp"
#include "../problem.hpp"

namespace tacit {

struct DifferenceSettings {
  Index directions = 50;
  std::uint64_t seed = 1;  ///< of the directions, stream (seed, "differences")
};

/// The verdict. Errors are relative, in root mean square over the directions: sqrt(sum |claimed - difference|^2 / sum |difference|^2).
struct DifferenceCheck {
  const char* what;  ///< "gradient" or "Hessian"
  double relative_error = 0;
  double uncertainty = 0;  ///< of the differences themselves, estimated, by the same measure: an error below it means nothing
  double asymmetry = 0;    ///< of the Hessian: the largest |<u, H v> - <v, H u>| / (|u| |H v| + |v| |H u|) over pairs of directions
  Index directions = 0;
  double worst_error = 0;  ///< the largest |claimed - difference| / sqrt(mean |difference|^2) of one direction, and
  std::string worst = {};  ///< which that is, as in  "entry 3 of W2"  or  "direction 17"

  friend std::ostream& operator<<(std::ostream& out, const DifferenceCheck& check) {
    out << check.what << ": relative error " << check.relative_error << " (differences known to " << check.uncertainty << ") over "
        << check.directions << " directions, worst at " << check.worst;
    if (check.asymmetry > 0) out << "; asymmetry " << check.asymmetry;
    return out << '\n';
  }
};

namespace detail {

/// The derivative at t = 0 of f(t), a Vector computed to relative accuracy `eps`, with its estimated error; it ends early where this is at
/// most `enough` times the derivative.
template <class F>
std::pair<Vector<double>, double> extrapolated_derivative(F&& f, double eps, double enough = 0) {
  constexpr std::size_t levels = 14;
  std::array<Vector<double>, levels> row, last;
  Vector<double> best;
  double error = std::numeric_limits<double>::infinity();
  double t = 0.5;
  for (std::size_t i = 0; i < levels; ++i, t /= 2) {
    const Vector<double> ahead = f(t), behind = f(-t);
    row[0] = (ahead - behind) / (2 * t);
    const double rounding = eps * (norm(ahead) + norm(behind)) / (2 * t);  // neighbours that agree below this agree by chance
    double power = 4;                                                      // column j has lost the error terms up to t^(2j)
    for (std::size_t j = 1; j <= i; ++j, power *= 4) {
      row[j] = row[j - 1] + (row[j - 1] - last[j - 1]) / (power - 1);
      const double seen = std::max(norm(row[j] - row[j - 1]), norm(row[j] - last[j - 1])) + rounding;
      if (seen <= error) error = seen, best = row[j];
    }
    if (i == 0) best = row[0];
    if (i > 0 && error <= enough * norm(best)) break;
    last = row;
  }
  return {best, error};
}

/// Sums over directions what DifferenceCheck reports.
class DifferenceSum {
 public:
  DifferenceSum(const Layout& layout, Index dimension, const DifferenceSettings& options)
      : layout_(layout), P_(dimension), complete_(dimension <= options.directions), count_(complete_ ? dimension : options.directions),
        random_(options.seed, "differences") {
    require(options.directions > 0, "check: .directions is ", options.directions, ", it needs to be at least 1");
  }
  Index count() const { return count_; }

  template <Scalar S>
  Vector<S> direction(Index k, double length) {
    Vector<S> v = Vector<S>::Zero(P_);
    if (complete_) {
      v[k] = static_cast<S>(length);
    } else {
      for (Index i = 0; i < P_; ++i) v[i] = static_cast<S>(random_.normal());
      v *= static_cast<S>(length) / v.norm();
    }
    return v;
  }
  void add(Index k, const Vector<double>& claimed, const std::pair<Vector<double>, double>& difference) {
    const double wrong = norm(claimed - difference.first);
    wrong_ = std::hypot(wrong_, wrong);
    size_ = std::hypot(size_, norm(difference.first));
    uncertain_ = std::hypot(uncertain_, difference.second);
    if (wrong > worst_ || !(wrong == wrong) || k == 0) worst_ = wrong, at_ = k;
  }
  DifferenceCheck verdict(const char* what) const {
    const double size = size_ > 0 ? size_ : 1;  // where all differences vanish, the error is absolute
    return {what, wrong_ / size, uncertain_ / size, 0, count_, worst_ / size * std::sqrt(static_cast<double>(count_)), name(at_)};
  }

 private:
  std::string name(Index k) const {
    if (!complete_) return sentence("direction ", k);
    for (const Block& block : layout_)
      if (k < block.offset + block.count) return sentence("entry ", k - block.offset, " of ", block.name);
    return sentence("entry ", k);
  }
  const Layout& layout_;
  Index P_;
  bool complete_;
  Index count_;
  Random random_;
  double wrong_ = 0, size_ = 0, uncertain_ = 0, worst_ = 0;  // norms over all directions; worst_ of one
  Index at_ = 0;
};

template <Scalar S>
double direction_length(const Vector<S>& theta) {
  const double length = static_cast<double>(norm(theta));
  require(std::isfinite(length), "check: theta holds a number that is not finite");
  return length > 0 ? length : 1;
}

}  // namespace detail

/// The gradient of the objective against differences of the objective.
template <class P>
DifferenceCheck check_gradient(const P& problem, const Vector<typename P::scalar_type>& theta, const DifferenceSettings& options = {}) {
  using S = typename P::scalar_type;
  problem.layout().require_size(theta.size(), "check_gradient");
  auto ws = problem.workspace();
  Vector<S> g(theta.size()), unused(theta.size()), moved;
  problem.value_and_gradient(theta, ws, g);
  const double length = detail::direction_length(theta);
  detail::DifferenceSum sum(problem.layout(), theta.size(), options);
  for (Index k = 0; k < sum.count(); ++k) {
    const Vector<S> v = sum.template direction<S>(k, length);
    const auto f = [&](double t) {
      moved = theta + static_cast<S>(t) * v;
      return Vector<double>::Constant(1, static_cast<double>(problem.value_and_gradient(moved, ws, unused).objective)).eval();
    };
    sum.add(k, Vector<double>::Constant(1, static_cast<double>(g.dot(v))),
            detail::extrapolated_derivative(f, std::numeric_limits<S>::epsilon()));
  }
  return sum.verdict("gradient");
}

/// Hessian-vector products against differences of the gradient, and their symmetry.
template <class P>
DifferenceCheck check_hessian(const P& problem, const Vector<typename P::scalar_type>& theta, const DifferenceSettings& options = {}) {
  using S = typename P::scalar_type;
  problem.layout().require_size(theta.size(), "check_hessian");
  auto ws = problem.workspace();
  Vector<S> g(theta.size()), hv(theta.size()), moved, last_v, last_hv;
  const double length = detail::direction_length(theta);
  detail::DifferenceSum sum(problem.layout(), theta.size(), options);
  double asymmetry = 0;
  for (Index k = 0; k < sum.count(); ++k) {
    const Vector<S> v = sum.template direction<S>(k, length);
    problem.hessian_times(theta, v, ws, hv);
    const auto f = [&](double t) {
      moved = theta + static_cast<S>(t) * v;
      problem.value_and_gradient(moved, ws, g);
      return g.template cast<double>().eval();
    };
    sum.add(k, hv.template cast<double>(), detail::extrapolated_derivative(f, std::numeric_limits<S>::epsilon()));
    if (k > 0) {
      // Of the vectors divided by the longest ones, whose products stay in range.
      const S longest_v = std::max(detail::norm(v), detail::norm(last_v)), longest_hv = std::max(detail::norm(hv), detail::norm(last_hv));
      if (longest_hv > 0) {
        const Vector<S> u = v / longest_v, last_u = last_v / longest_v, hu = hv / longest_hv, last_hu = last_hv / longest_hv;
        const double difference = static_cast<double>(std::abs(last_u.dot(hu) - u.dot(last_hu)));
        asymmetry = std::max(asymmetry, difference / static_cast<double>(last_u.norm() * hu.norm() + u.norm() * last_hu.norm()));
      }
    }
    last_v = v;
    last_hv = hv;
  }
  DifferenceCheck check = sum.verdict("Hessian");
  check.asymmetry = asymmetry;
  return check;
}

}  // namespace tacit
