// SPDX-License-Identifier: MIT
#pragma once
// A polynomial of degree n by its values at the n + 1 Chebyshev nodes x_j = cos(pi (j + 1/2) / (n + 1)) of [-1, 1], as a sum of Chebyshev polynomials; its
// derivatives, and all places of an interval where a derivative changes its sign. Between neighbouring sign changes of the next derivative each is
// monotone, so that every root is bracketed and found by Newton's method with bisection: no eigenvalues, no decomposition. n^2 / 2 roots in all, O(n) flops an evaluation.

#include <cmath>
#include <numbers>
#include <vector>

#include "scalar.hpp"

namespace tacit::detail {

class ChebyshevPolynomial {
 public:
  /// Makes the buffers; fit() fills them.
  explicit ChebyshevPolynomial(Index degree = 0)
      : degree_(degree), c_(Matrix<double>::Zero(degree + 1, degree + 1)), roots_(static_cast<std::size_t>(degree + 1)) {
    for (auto& roots : roots_) roots.reserve(static_cast<std::size_t>(degree + 1));
  }

  Index degree() const { return degree_; }
  Index count() const { return degree_ + 1; }
  double node(Index j) const { return std::cos(std::numbers::pi * (static_cast<double>(j) + 0.5) / static_cast<double>(count())); }

  /// The polynomial that takes these values at the nodes. Leading coefficients below the rounding of the values count as 0.
  void fit(const Vector<double>& values) {
    const double n = static_cast<double>(count());
    for (Index k = 0; k <= degree_; ++k) {
      double sum = 0;
      for (Index j = 0; j <= degree_; ++j)
        sum += values[j] * std::cos(std::numbers::pi * static_cast<double>(k) * (static_cast<double>(j) + 0.5) / n);
      c_(k, 0) = (k == 0 ? 1 : 2) * sum / n;
    }
    const double noise = 4 * std::numeric_limits<double>::epsilon() * values.cwiseAbs().maxCoeff();
    for (Index k = degree_; k > 0 && std::abs(c_(k, 0)) <= noise; --k) c_(k, 0) = 0;
    for (Index d = 1; d <= degree_; ++d) {
      c_.col(d).setZero();
      for (Index k = degree_; k > 0; --k) c_(k - 1, d) = (k + 1 <= degree_ ? c_(k + 1, d) : 0) + 2 * static_cast<double>(k) * c_(k, d - 1);
      c_(0, d) /= 2;
    }
  }
  /// The derivative of order d at x, by Clenshaw's recurrence; x may lie outside [-1, 1].
  double operator()(double x, Index d = 0) const {
    double one = 0, two = 0;
    for (Index k = degree_ - d; k > 0; --k) {
      const double next = c_(k, d) + 2 * x * one - two;
      two = one;
      one = next;
    }
    return c_(0, d) + x * one - two;
  }
  /// Whether no derivative is negative at x: then none changes its sign beyond.
  bool grows_beyond(double x) const {
    for (Index d = 1; d <= degree_; ++d)
      if ((*this)(x, d) < 0) return false;
    return true;
  }
  /// Where the first derivative changes its sign in (a, b), in ascending order. Valid until the next call.
  const std::vector<double>& stationary(double a, double b) {
    for (Index d = degree_; d >= 1; --d) {
      auto& found = roots_[static_cast<std::size_t>(d)];
      found.clear();
      double left = a;
      const auto look = [&](double right) {
        const double f = (*this)(left, d), g = (*this)(right, d);
        if ((f < 0 && g > 0) || (f > 0 && g < 0)) found.push_back(root(left, right, f, d));
        else if (g == 0 && f != 0 && right < b) found.push_back(right);
        left = right;
      };
      if (d < degree_)
        for (const double x : roots_[static_cast<std::size_t>(d) + 1]) look(x);
      look(b);
    }
    return roots_[1];
  }

 private:
  /// The root of the derivative of order d in [left, right], where it is monotone and has the sign of f at left.
  double root(double left, double right, double f, Index d) const {
    double x = (left + right) / 2, step = right - left, before = step;
    for (int k = 0; k < 200 && right - left > 2 * std::numeric_limits<double>::epsilon() * std::max(std::abs(left), std::abs(right)); ++k) {
      const double y = (*this)(x, d), slope = d < degree_ ? (*this)(x, d + 1) : 0;
      if (y == 0) return x;
      if ((y < 0) == (f < 0)) left = x;
      else right = x;
      const double newton = x - y / slope, was = x;
      if (newton > left && newton < right && std::abs(newton - x) < before / 2) x = newton;
      else x = (left + right) / 2;
      before = step;
      step = std::abs(x - was);
      if (x == was) return x;
    }
    return x;
  }

  Index degree_;
  Matrix<double> c_;                        ///< column d: the coefficients of the derivative of order d
  std::vector<std::vector<double>> roots_;  ///< of each derivative
};

}  // namespace tacit::detail
