// SPDX-License-Identifier: MIT
#pragma once
// Sharpness: the largest eigenvalue of the Hessian of the objective at theta, from Hessian-vector products alone. Locally optimal conjugate gradients on
// the Rayleigh quotient: each round solves the 3 x 3 eigenproblem on span{x, residual, last direction} and costs one product and a few passes
// over theta.  [Knyazev 2001, block size one, no preconditioner]  The residual |H x - lambda x| is recomputed at the end with a fresh product, so the
// report is what is true: `value`, a Rayleigh quotient, is never above lambda_max, some eigenvalue lies within `residual` of it, and `converged` says whether
// that is small.
// A small residual does not say that this eigenvalue is the largest: below a single top eigenvalue, a cluster that is narrower than the tolerance holds
// a random x with a small residual from the beginning. So x is disturbed by a second random start and goes on for a few rounds (about ten products);
// where `value` grows, the search goes on. What is not excluded then, and `second_start` says whether it was afforded: a larger eigenvalue whose
// eigenvector neither start has come near in these rounds. Nothing fails silently.

#include <algorithm>
#include <array>
#include <cmath>
#include <limits>

#include "../core/random.hpp"
#include "../problem.hpp"

namespace tacit {

struct SharpnessSettings {
  double tolerance = 1e-6;  ///< on residual / |value|; what rounding leaves of H x (about 1e-6 |H| in float) is enough in any case
  Index products = 1000;    ///< at most this many Hessian-vector products, at least 2
  std::uint64_t seed = 1;   ///< of the start vector, stream (seed, "sharpness")
};

template <Scalar S>
struct Sharpness {
  double value = 0;           ///< Rayleigh quotient x^T H x, |x| = 1
  double residual = 0;        ///< |H x - value x|
  bool converged = false;     ///< residual <= tolerance |value|, or all that rounding leaves
  Index products = 0;         ///< Hessian-vector products spent
  Vector<S> vector;           ///< x
  bool second_start = false;  ///< a second start found nothing larger; false: not converged, or no products were left for it

  friend std::ostream& operator<<(std::ostream& out, const Sharpness& s) {
    return out << "sharpness " << s.value << " +- " << s.residual
               << (s.converged ? s.second_start ? "" : " (one start)" : " (not converged)") << " after " << s.products << " products";
  }
};

namespace detail {

/// The eigenvector of the largest eigenvalue of a symmetric k x k matrix, k <= 3, by cyclic Jacobi rotations.
inline std::array<double, 3> top_eigenvector(std::array<std::array<double, 3>, 3> A, std::size_t k) {
  std::array<std::array<double, 3>, 3> V{{{1, 0, 0}, {0, 1, 0}, {0, 0, 1}}};
  for (int sweep = 0; sweep < 30; ++sweep)
    for (std::size_t p = 0; p < k; ++p)
      for (std::size_t q = p + 1; q < k; ++q) {
        if (A[p][q] == 0) continue;
        const double t0 = (A[q][q] - A[p][p]) / (2 * A[p][q]);
        const double t = (t0 >= 0 ? 1 : -1) / (std::abs(t0) + std::hypot(t0, 1.0)), c = 1 / std::hypot(t, 1.0), s = t * c;
        for (std::size_t i = 0; i < k; ++i) {
          const double a = A[i][p], b = A[i][q];
          A[i][p] = c * a - s * b, A[i][q] = s * a + c * b;
        }
        for (std::size_t i = 0; i < k; ++i) {
          const double a = A[p][i], b = A[q][i], v = V[i][p], w = V[i][q];
          A[p][i] = c * a - s * b, A[q][i] = s * a + c * b;
          V[i][p] = c * v - s * w, V[i][q] = s * v + c * w;
        }
        A[p][q] = A[q][p] = 0;
      }
  std::size_t best = 0;
  for (std::size_t i = 1; i < k; ++i)
    if (A[i][i] > A[best][best]) best = i;
  return {V[0][best], V[1][best], V[2][best]};
}

/// The iteration with its buffers, kept by who wants warm starts.
template <Scalar S>
struct TopEigenvector {
  Vector<S> x, hx, r, hr, p, hp;
  double value = 0, residual = 0;
  double norm = 0;  ///< the longest H q seen for a unit vector q: at most |H|, and the scale of rounding errors
  Index products = 0;

  template <class Archive>
  void persist(Archive& archive) {
    archive("x", x);
    archive("value", value);
  }

  /// A residual below this is rounding: products of a chain of matrices are good to some ten units in the last place of |H|.
  double floor() const { return 16 * static_cast<double>(std::numeric_limits<S>::epsilon()) * norm; }
  bool done(double tolerance) const { return residual <= tolerance * std::abs(value) || residual <= floor(); }

  /// value and residual at x, |x| = 1, where hx is H x.
  void assess() {
    value = static_cast<double>(x.dot(hx));
    r = hx - static_cast<S>(value) * x;
    residual = static_cast<double>(r.norm());
    norm = std::max(norm, std::hypot(value, residual));
  }

  /// product(v, hv) multiplies. Starts from x; stops at the tolerance or after `rounds` rounds, of one product each after the first.
  /// Where a product is not finite, x stays the last one that was.
  template <class Product>
  bool improve(Product&& product, double tolerance, Index rounds) {
    products = 0;
    norm = 0;
    const auto multiply = [&](const Vector<S>& v, Vector<S>& hv) {
      hv.resize(v.size());
      product(v, hv);
      ++products;
    };
    x /= x.norm();
    multiply(x, hx);
    bool has_direction = false;
    for (Index round = 0;; ++round) {
      assess();
      if (!std::isfinite(residual)) return false;
      if (done(tolerance)) return true;
      if (round >= rounds) return false;
      for (int pass = 0; pass < 2; ++pass) {  // once more after scaling: near the end r is small against what was subtracted
        r -= x.dot(r) * x;
        r /= r.norm();
      }
      if (!r.allFinite()) return false;  // x spans all there is
      multiply(r, hr);
      const std::size_t k = has_direction && orthogonalise_direction() ? 3 : 2;
      std::array<std::array<double, 3>, 3> A{};
      const std::array<const Vector<S>*, 3> q{&x, &r, &p}, hq{&hx, &hr, &hp};
      double finite = 0;
      for (std::size_t i = 0; i < k; ++i)
        for (std::size_t j = i; j < k; ++j) finite += A[i][j] = A[j][i] = static_cast<double>(q[i]->dot(*hq[j]));
      if (!std::isfinite(finite)) {
        value = residual = finite;
        return false;
      }
      norm = std::max(norm, std::abs(A[1][1]));
      const auto c = top_eigenvector(A, k);
      const S c0 = static_cast<S>(c[0]), c1 = static_cast<S>(c[1]), c2 = static_cast<S>(c[2]);
      if (k == 3) p = c1 * r + c2 * p, hp = c1 * hr + c2 * hp;
      else p = c1 * r, hp = c1 * hr;
      x = c0 * x + p;
      hx = c0 * hx + hp;
      const S n = x.norm(), np = p.norm();
      x /= n;
      hx /= n;
      has_direction = np > 0;
      if (has_direction) p /= np, hp /= np;
    }
  }

 private:
  /// Makes p orthonormal to x and r, H p by the same combination; false where too little of it is left for that combination to mean anything.
  bool orthogonalise_direction() {
    const S least = 100 * std::sqrt(std::numeric_limits<S>::epsilon());
    for (int pass = 0; pass < 2; ++pass) {
      const S a = x.dot(p), b = r.dot(p);
      p -= a * x + b * r;
      hp -= a * hx + b * hr;
      const S n = p.norm();
      if (!(n > least)) return false;
      p /= n;
      hp /= n;
    }
    return true;
  }
};

template <Scalar S>
Vector<S> random_direction(Index size, std::uint64_t seed) {
  Random random(seed, "sharpness");
  Vector<S> x(size);
  for (Index k = 0; k < size; ++k) x[k] = static_cast<S>(random.normal());
  return x;
}

}  // namespace detail

/// lambda_max of the Hessian at theta. One gradient, and as many products as the report says.
template <class P>
Sharpness<typename P::scalar_type> sharpness(const P& problem, const Vector<typename P::scalar_type>& theta,
                                             SharpnessSettings options = {}) {
  using S = typename P::scalar_type;
  problem.layout().require_size(theta.size(), "sharpness");
  require(options.tolerance >= 0, "sharpness: .tolerance is ", options.tolerance, ", it needs to be 0 or more");
  require(options.products >= 2, "sharpness: .products is ", options.products,
          ", it needs to be at least 2: one to start and one to check");
  auto ws = problem.workspace();
  detail::TopEigenvector<S> top;
  Vector<S> g(theta.size());
  problem.value_and_gradient(theta, ws, g);
  const auto product = [&](const Vector<S>& v, Vector<S>& hv) { problem.hessian_times_linearized(theta, v, ws, hv); };
  top.x = detail::random_direction<S>(theta.size(), options.seed);
  Sharpness<S> best;
  while (best.products + 2 <= options.products) {
    const bool believed = top.improve(product, options.tolerance, options.products - best.products - 2);
    product(top.x, top.hx);  // the recurrences for H x drift; the report does not
    top.assess();
    best = {top.value, top.residual, top.done(options.tolerance), best.products + top.products + 1, {}};
    if (!believed) break;
    if (!best.converged) continue;  // drift has lied: once more from here, as far as products go
    constexpr Index rounds = 8;
    if (theta.size() < 2 || best.products + rounds + 2 > options.products) {
      best.second_start = theta.size() < 2;
      break;
    }
    const Vector<S> found = top.x;
    const Vector<S> other = detail::random_direction<S>(theta.size(), options.seed + 1 + static_cast<std::uint64_t>(best.products));
    top.x += (S(0.1) / other.norm()) * other;
    top.improve(product, 1e-3 * options.tolerance, rounds);
    product(top.x, top.hx);
    top.assess();
    best.products += top.products + 1;
    if (std::isfinite(top.residual) &&
        top.value > best.value + options.tolerance * std::abs(best.value) + top.floor()) {  // on from the larger one
      best = {top.value, top.residual, top.done(options.tolerance), best.products, {}};
      continue;
    }
    top.x = found;
    best.second_start = true;
    break;
  }
  best.vector = std::move(top.x);
  return best;
}

}  // namespace tacit
