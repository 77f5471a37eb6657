// SPDX-License-Identifier: MIT
#pragma once
// Trace and diagonal of a symmetric operator from products alone, with standard errors: XTrace and XDiag [Epperly, Tropp & Webber 2024]. Half
// of the products, H w_i of random sign vectors w_i, sketch the large eigenvalues, the other half multiplies an orthonormal basis Q
// of them. P_i, the projection on the sketch without w_i, is independent of w_i, so every w_i samples what the others leave, and the mean of
//   t_i = tr P_i H P_i + w_i^T (I - P_i) H (I - P_i) w_i,      d_i = diag(P_i H) + w_i o (I - P_i) H w_i
// is unbiased. With H w_i = Q r_i and s_i the unit vector orthogonal to all r_j but r_i:  P_i = Q (I - s_i s_i^T) Q^T.
//
//   const auto trace = hessian_trace(hessian, {.products = 60});      std::cout << trace;
//
// A flat spectrum has no large part to be exact about: there half of the samples are lost for nothing. Whether it is one, the first half of the products
// tells: where mean |(I - P_i) H w_i|^2 is above half of mean |H w_i|^2, the other half are samples of Hutchinson's estimator [1990], as the first are.
// Where P products are allowed, unit vectors make both exact.
// The error of XTrace is sqrt(2) times that of independent samples: t_i has mean tr H whatever the other vectors are, and as far as it depends on them one
// by one, the covariances of the t_i sum to at most their variances. On decaying spectra it is about that, on indefinite ones a little less.
// The Hessian of a model that is affine in every single parameter (products of matrices, CP, Tucker, trains and trees of tensors) has the trace and the
// diagonal of its Gauss-Newton part, HessianPart::gauss_newton, whose estimate varies less: while nothing is learned yet, by a hundred times.
// 2 P products numbers at most.

#include <cmath>
#include <limits>
#include <ostream>
#include <vector>

#include "../core/check.hpp"
#include "../core/product.hpp"
#include "../core/random.hpp"
#include "../core/simd.hpp"

namespace tacit {

/// How a trace is estimated. chosen: by XTrace, or where the spectrum is flat by Hutchinson's estimator.
enum class TraceMethod { chosen, xtrace, hutchinson };

struct TraceSettings {
  Index products = 60;  ///< at most so many
  TraceMethod method = TraceMethod::chosen;
  std::uint64_t seed = 1;  ///< of the signs, stream (seed, "trace")
};

struct TraceEstimate {
  double value = 0;
  double standard_error = 0;                 ///< of the samples; what rounding leaves where there are none
  TraceMethod method = TraceMethod::chosen;  ///< what it was estimated by; `chosen` where it is exact
  Index products = 0, samples = 0;
  Vector<double> diagonal, diagonal_errors;  ///< the diagonal of H, and the standard error of each entry

  /// What |value - trace| exceeds in 3 draws of 1000 (three standard errors, widened as Student's distribution asks for few samples).
  double error_bar() const {
    const double z = 3, free = static_cast<double>(std::max<Index>(samples - 1, 1));  // Cornish-Fisher, to order 1 / free^3
    const double widened = z + (std::pow(z, 3) + z) / (4 * free) + (5 * std::pow(z, 5) + 16 * std::pow(z, 3) + 3 * z) / (96 * free * free) +
                           (3 * std::pow(z, 7) + 19 * std::pow(z, 5) + 17 * std::pow(z, 3) - 15 * z) / (384 * std::pow(free, 3));
    return (samples > 0 ? widened : z) * standard_error;
  }
  friend std::ostream& operator<<(std::ostream& out, const TraceEstimate& t) {
    return out << "trace " << t.value << " +- " << t.standard_error << " (standard error, " << t.samples << " samples, " << t.products
               << " products)";
  }
};

namespace detail {

/// An orthonormal basis Q of vectors y_1, y_2, ... with y_j = Q r_j, and for each of them the unit vector s_j that is orthogonal to all other r.
template <Scalar S>
class LeaveOneOut {
 public:
  LeaveOneOut(Index parameters, Index count)
      : Q(parameters, count), R(Matrix<double>::Zero(count, count)), left(Matrix<double>::Zero(count, count)), weights_(count) {}

  Index rank = 0;
  Matrix<S> Q;             ///< its first `rank` columns
  Matrix<double> R, left;  ///< r_j and s_j, their first `rank` rows; s_j is 0 where the other vectors have the same span

  /// The next vector; it is overwritten.
  void append(Vector<S>& y) {
    const Index j = count_++;
    const S size = y.norm();
    for (int pass = 0; pass < 2; ++pass) {
      dots<S>(y.data(), Q.data(), y.size(), rank, nullptr, Write::set, weights_.data());
      for (Index a = 0; a < rank; ++a) R(a, j) += static_cast<double>(weights_[a]), weights_[a] = -weights_[a];
      combine<S>(Q.data(), y.size(), rank, nullptr, weights_.data(), nullptr, Write::add, y.data());
    }
    const S rest = y.norm();
    if (!(rest > 1000 * std::numeric_limits<S>::epsilon() * size)) return;
    R(rank, j) = static_cast<double>(rest);
    Q.col(rank++) = y / rest;
    pivots_.push_back(j);
  }
  /// After the last one: the s_j.
  void leave_out() {
    Matrix<double> inverse = Matrix<double>::Zero(rank, rank);  // of the columns of R that are no combinations of those before them
    const auto pivot = [&](Index a) { return pivots_[static_cast<std::size_t>(a)]; };
    for (Index b = 0; b < rank; ++b)
      for (Index a = b; a >= 0; --a) {
        double sum = a == b;
        for (Index c = a + 1; c <= b; ++c) sum -= R(a, pivot(c)) * inverse(c, b);
        inverse(a, b) = sum / R(a, pivot(a));
      }
    Index next = 0;
    std::vector<bool> needed(static_cast<std::size_t>(rank), true);  // whether the span loses a dimension without this one
    for (Index j = 0; j < count_; ++j) {
      if (next < rank && pivot(next) == j) {
        ++next;
        continue;
      }
      for (Index a = 0; a < rank; ++a)
        if (std::abs(inverse.row(a).dot(R.col(j).head(rank))) > std::sqrt(static_cast<double>(std::numeric_limits<S>::epsilon())))
          needed[static_cast<std::size_t>(a)] = false;
    }
    for (Index a = 0; a < rank; ++a)
      if (needed[static_cast<std::size_t>(a)]) left.col(pivot(a)).head(rank) = inverse.row(a).transpose() / inverse.row(a).norm();
  }
  /// mean |(I - P_j) y_j|^2 and mean |y_j|^2.
  double mean_rest() const { return left.cwiseProduct(R).colwise().sum().squaredNorm() / static_cast<double>(count_); }
  double mean_square() const { return R.squaredNorm() / static_cast<double>(count_); }

 private:
  Vector<S> weights_;
  std::vector<Index> pivots_;
  Index count_ = 0;
};

/// Mean and variance of samples of a trace and of a diagonal.
template <Scalar S>
struct TraceSamples {
  explicit TraceSamples(Index P) : sum(Vector<double>::Zero(P)), squares(Vector<double>::Zero(P)) {}
  Vector<double> sum, squares;
  double total = 0, total_squares = 0;
  double first = 0;  ///< what samples are about: their squares are taken from here
  Index count = 0;

  void add(double trace, const Vector<S>& diagonal) {
    ++count;
    total += trace;
    total_squares += (trace - first) * (trace - first);
    sum += diagonal.template cast<double>();
    squares += diagonal.template cast<double>().cwiseAbs2();
  }
  double mean() const { return total / static_cast<double>(count); }
  /// Of the mean of `count` independent samples.
  double variance() const {
    const double n = static_cast<double>(count), off = mean() - first;
    return std::max(total_squares / n - off * off, 0.0) / (n - 1);
  }
  double variance(Index i) const {
    const double n = static_cast<double>(count), average = sum[i] / n;
    return std::max(squares[i] / n - average * average, 0.0) / (n - 1);
  }
};

}  // namespace detail

template <class Op>
requires requires(const Op& op) { op.rows(); }
TraceEstimate hessian_trace(const Op& op, const TraceSettings& options = {}) {
  using S = typename Op::Scalar;
  const Index P = op.rows(), half = options.method == TraceMethod::hutchinson ? 0 : options.products / 2;
  require(P >= 1, "hessian_trace: the operator has no rows");
  const Index least = std::min(P, options.method == TraceMethod::xtrace ? Index(4) : Index(2));
  require(options.products >= least, "hessian_trace: .products is ", options.products, ", it needs to be at least ", least,
          ": an error takes two samples");
  TraceEstimate found;
  Vector<S> w(P), hw(P);
  double scale = 0;  // of rounding errors
  const auto multiply = [&](const S* v, S* hv) {
    op.perform_op(v, hv);
    ++found.products;
    scale = std::max(scale, static_cast<double>(Eigen::Map<const Vector<S>>(hv, P).norm()));
  };
  const double eps = 4 * static_cast<double>(std::numeric_limits<S>::epsilon()), root = std::sqrt(static_cast<double>(P));
  found.diagonal = found.diagonal_errors = Vector<double>::Zero(P);
  if (P <= options.products && options.method != TraceMethod::hutchinson) {  // exact
    w.setZero();
    for (Index j = 0; j < P; ++j) {
      w[j] = 1;
      multiply(w.data(), hw.data());
      w[j] = 0;
      found.diagonal[j] = static_cast<double>(hw[j]);
    }
    found.value = found.diagonal.sum();
    found.standard_error = eps * scale * root;
    found.diagonal_errors.setConstant(eps * scale);
    return found;
  }
  Random random(options.seed, "trace"), again = random;
  const auto signs = [&](Random& stream) {
    for (S& x : w) x = stream.uniform() < 0.5 ? S(-1) : S(1);
  };
  const auto finish = [&](const detail::TraceSamples<S>& samples, TraceMethod method, double variance, double factor, double rounding) {
    found.method = method;
    found.samples = samples.count;
    found.value = samples.mean();
    found.standard_error = std::max(rounding * root, std::sqrt(factor * variance));
    found.diagonal = samples.sum / static_cast<double>(samples.count);
    for (Index i = 0; i < P; ++i) found.diagonal_errors[i] = std::max(rounding, std::sqrt(factor * samples.variance(i)));
    return found;
  };
  detail::TraceSamples<S> plain(P);
  detail::LeaveOneOut<S> sketch(P, half > 1 ? half : 0);
  const auto sample = [&] {  // of Hutchinson's estimator; hw keeps H w
    signs(random);
    multiply(w.data(), hw.data());
    w.array() *= hw.array();
    plain.add(static_cast<double>(w.sum()), w);
  };
  if (half > 1) {
    for (Index k = 0; k < half; ++k) {
      sample();
      sketch.append(hw);
    }
    sketch.leave_out();
  }
  if (half < 2 || (options.method == TraceMethod::chosen && !(2 * sketch.mean_rest() <= sketch.mean_square()))) {
    while (found.products < options.products) sample();
    // w^T H w has the variance 2 sum_{i != j} H_ij^2 = 2 sum_i var w_i (H w)_i: a sum over P entries, which a few samples tell better than their own
    // scatter does.
    double variance = 0;
    for (Index i = 0; i < P; ++i) variance += 2 * plain.variance(i);
    return finish(plain, TraceMethod::hutchinson, variance, 1, eps * scale);
  }
  // XTrace.
  const Index m = sketch.rank;
  const Matrix<S>& Q = sketch.Q;
  Matrix<S> HQ(P, m);
  Matrix<double> T(m, m);
  Vector<S> along(half), qs(P), hqs(P);
  Vector<double> basis_diagonal = Vector<double>::Zero(P), wq(m), x(m), hx(m), hs(m);
  double captured = 0;
  for (Index a = 0; a < m; ++a) {
    multiply(Q.col(a).data(), HQ.col(a).data());
    detail::dots<S>(HQ.col(a).data(), Q.data(), P, m, nullptr, Write::set, along.data());
    T.col(a) = along.head(m).template cast<double>();
    captured += T(a, a);
    basis_diagonal += Q.col(a).cwiseProduct(HQ.col(a)).template cast<double>();
  }
  detail::TraceSamples<S> samples(P);
  samples.first = captured;
  for (Index k = 0; k < half; ++k) {
    signs(again);
    detail::dots<S>(w.data(), Q.data(), P, m, nullptr, Write::set, along.data());
    wq = along.head(m).template cast<double>();
    const auto s = sketch.left.col(k).head(m), r = sketch.R.col(k).head(m);
    const double rest = s.dot(r);
    x = wq - s.dot(wq) * s;
    detail::dots<double>(s.data(), T.data(), m, m, nullptr, Write::set, hs.data());
    detail::dots<double>(x.data(), T.data(), m, m, nullptr, Write::set, hx.data());
    along.head(m) = s.template cast<S>();
    detail::combine<S>(Q.data(), P, m, nullptr, along.data(), nullptr, Write::set, qs.data());
    detail::combine<S>(HQ.data(), P, m, nullptr, along.data(), nullptr, Write::set, hqs.data());
    hw = basis_diagonal.template cast<S>() - qs.cwiseProduct(hqs) + static_cast<S>(rest) * w.cwiseProduct(qs);
    samples.add(captured - s.dot(hs) + r.dot(wq) - 2 * r.dot(x) + x.dot(hx), hw);
  }
  return finish(samples, TraceMethod::xtrace, samples.variance(), 2, eps * scale);
}

}  // namespace tacit
