// SPDX-License-Identifier: MIT
#pragma once
// Trace and diagonal of a symmetric operator from products alone, with standard errors: Hutch++ [Meyer, Musco, Musco & Woodruff 2021]. An
// orthonormal basis Q of the products of a third of random sign vectors holds the large eigenvalues, whose share is exact; what is left
// is estimated with the signs w of another third, u = (I - Q Q^T) w:
//   tr H = tr Q^T H Q + mean u^T H u,      diag H = diag(Q Q^T H) + mean w o (I - Q Q^T) H w                 [Baston & Nakatsukasa 2022]
//
//   const auto trace = hessian_trace(hessian, {.products = 60});      std::cout << trace;
//
// One third of the products sketches, one multiplies Q, one samples. `.sketch = 0` is Hutchinson's estimator [1990]. Where P
// products are allowed, Q is the unit matrix, and both are exact. A flat spectrum has no large part to be exact about: there Hutch++ has up
// to twice Hutchinson's error, where a few eigenvalues dominate a small fraction of it. The standard errors are those of the mean of the
// samples, given Q. With B = (I - Q Q^T) H (I - Q Q^T) a sample w^T B w has the variance 2 sum_{i != j} B_ij^2, which is 2 sum_i var w_i (B w)_i: a
// sum over P entries, which a few samples tell better than their own scatter does.  P (2 sketch + 8) numbers.

#include <cmath>
#include <limits>
#include <ostream>

#include "../core/check.hpp"
#include "../core/product.hpp"
#include "../core/random.hpp"
#include "ritz_basis.hpp"

namespace tacit {

struct TraceSettings {
  Index products = 60;  ///< at most so many
  Index sketch = -1;  ///< columns of Q, of two products each; -1: a third of the products, P where they suffice; 0: Hutchinson's estimator
  std::uint64_t seed = 1;  ///< of the signs, stream (seed, "trace")
};

struct TraceEstimate {
  double value = 0;
  double standard_error = 0;  ///< of the samples; what rounding leaves where Q holds the whole space
  double captured = 0;        ///< tr Q^T H Q, the part that is exact
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

template <class Op>
requires requires(const Op& op) { op.rows(); }
TraceEstimate hessian_trace(const Op& op, const TraceSettings& options = {}) {
  using S = typename Op::Scalar;
  const Index P = op.rows(), sketch = options.sketch >= 0 ? std::min(options.sketch, P) : P <= options.products ? P : options.products / 3;
  require(P >= 1, "hessian_trace: the operator has no rows");
  require(options.sketch >= -1, "hessian_trace: .sketch is ", options.sketch, ", it needs to be 0 or more (-1 chooses)");
  require((sketch < P ? 2 * sketch + 2 : P) <= options.products, "hessian_trace: ", options.products, " products are not enough for ",
          sketch, " columns of Q, two products each, and two samples, which an error needs; raise .products");
  Random random(options.seed, "trace");
  const auto signs = [&](Vector<S>& w) {
    for (S& x : w) x = random.uniform() < 0.5 ? S(-1) : S(1);
  };
  TraceEstimate found;
  const auto multiply = [&](In<S> v, Out<S> hv) {
    op.perform_op(v.data(), hv.data());
    ++found.products;
  };
  Vector<S> w(P), hw(P), u(P), hu(P), along(std::max<Index>(sketch, 1)), projected(along.size()),
      squares = Vector<S>::Zero(P), sum = Vector<S>::Zero(P), squares_of_rest = Vector<S>::Zero(P), sum_of_rest = Vector<S>::Zero(P);
  detail::RitzBasis<S> basis(P, sketch);
  for (Index k = 0; k < sketch; ++k) {
    if (sketch == P) {
      w.setZero();
      w[k] = 1;
      basis.append(w, multiply);
    } else {
      signs(w);
      multiply(w, hw);
      basis.append(hw, multiply, 1e-10);  // a product that lies in the others' space adds nothing
    }
  }
  const auto& Q = basis.vectors();
  const auto& HQ = basis.products();
  const Index m = basis.size();
  found.diagonal = Vector<double>::Zero(P);
  double scale = 0;  // of rounding errors
  for (Index j = 0; j < m; ++j) {
    const double along_q = static_cast<double>(Q.col(j).dot(HQ.col(j)));
    found.captured += along_q;
    scale += static_cast<double>(HQ.col(j).norm());
    found.diagonal += Q.col(j).cwiseProduct(HQ.col(j)).template cast<double>();
  }
  double mean = 0;
  const Index samples = m == P ? 0 : options.products - 2 * sketch;
  for (Index k = 1; k <= samples; ++k) {
    signs(w);
    u = w;
    basis.project_out(u, along);  // u = w - Q a, a = Q^T w
    multiply(u, hu);
    mean += (static_cast<double>(u.dot(hu)) - mean) / static_cast<double>(k);
    scale = std::max(scale, static_cast<double>(hu.norm() * u.norm()));
    hw = hu;  // H w = H u + H Q a
    basis.project_out(hu, projected);
    hu.array() *= w.array();
    sum_of_rest += hu;
    squares_of_rest += hu.cwiseAbs2();
    for (Index j = 0; j < m; ++j) hw += along[j] * HQ.col(j);
    basis.project_out(hw, along);
    hw.array() *= w.array();
    sum += hw;
    squares += hw.cwiseAbs2();
  }
  const double n = static_cast<double>(samples), rounding = static_cast<double>(std::numeric_limits<S>::epsilon()) * scale * 4;
  found.samples = samples;
  found.value = found.captured + mean;
  found.standard_error = rounding;
  if (samples > 1) {
    const double variances = static_cast<double>(squares_of_rest.sum()) / n - static_cast<double>(sum_of_rest.squaredNorm()) / (n * n);
    found.standard_error = std::max(rounding, std::sqrt(2 * std::max(variances, 0.0) / (n - 1)));
  }
  found.diagonal_errors = Vector<double>::Constant(P, rounding);
  if (samples > 1)
    for (Index i = 0; i < P; ++i) {
      const double average = static_cast<double>(sum[i]) / n, spread = static_cast<double>(squares[i]) / n - average * average;
      found.diagonal[i] += average;
      found.diagonal_errors[i] = std::max(rounding, std::sqrt(std::max(spread, 0.0) / (n - 1)));
    }
  return found;
}

}  // namespace tacit
