// SPDX-License-Identifier: MIT
#pragma once
// Student's t distribution with nu degrees of freedom, for intervals of a mean:
//   student_t_two_sided(t, nu)     P(|T| >= |t|) = I_{nu / (nu + t^2)}(nu / 2, 1 / 2)
//   student_t_quantile(c, nu)      the t with  P(|T| <= t) = c:  2.776 for c = 0.95, nu = 4
// I is the regularized incomplete beta function, by its continued fraction (modified Lentz), good to some units of rounding;
// the quantile by bisection of the logarithm of the tail, some hundred evaluations.          [Abramowitz & Stegun 1964, 26.5.8, 26.7]

#include <cmath>
#include <limits>

#include "check.hpp"

namespace tacit {

namespace detail {

/// The continued fraction of the incomplete beta function, which converges fast for x < (a + 1) / (a + b + 2).
inline double beta_fraction(double x, double a, double b) {
  constexpr double tiny = 1e-300;
  const auto away_from_zero = [](double v) { return std::abs(v) < tiny ? tiny : v; };
  double c = 1, d = 1 / away_from_zero(1 - (a + b) * x / (a + 1)), value = d;
  for (int m = 1; m < 1000; ++m) {
    const double even = m * (b - m) * x / ((a + 2 * m - 1) * (a + 2 * m));
    d = 1 / away_from_zero(1 + even * d);
    c = away_from_zero(1 + even / c);
    value *= d * c;
    const double odd = -(a + m) * (a + b + m) * x / ((a + 2 * m) * (a + 2 * m + 1));
    d = 1 / away_from_zero(1 + odd * d);
    c = away_from_zero(1 + odd / c);
    const double change = d * c;
    value *= change;
    if (std::abs(change - 1) < 1e-16) break;
  }
  return value;
}
/// I_x(a, b); `rest` is 1 - x, given apart because it may be too small to be a difference.
inline double incomplete_beta(double x, double rest, double a, double b) {
  if (x <= 0) return 0;
  if (rest <= 0) return 1;
  const double factor = std::exp(std::lgamma(a + b) - std::lgamma(a) - std::lgamma(b) + a * std::log(x) + b * std::log(rest));
  if (x < (a + 1) / (a + b + 2)) return factor * beta_fraction(x, a, b) / a;
  return 1 - factor * beta_fraction(rest, b, a) / b;
}

}  // namespace detail

/// P(|T| >= |t|).
inline double student_t_two_sided(double t, double nu) {
  require(nu > 0, "student_t: ", nu, " degrees of freedom, there need to be more than 0");
  if (std::isnan(t)) return t;
  if (std::isinf(t)) return 0;
  const double q = t * t / nu;  // x = 1 / (1 + q)
  return detail::incomplete_beta(1 / (1 + q), q / (1 + q), nu / 2, 0.5);
}

/// The t that |T| stays below with this probability.
inline double student_t_quantile(double probability, double nu) {
  require(probability >= 0 && probability < 1, "student_t_quantile: the probability is ", probability, ", it needs to lie in [0, 1)");
  require(nu > 0, "student_t: ", nu, " degrees of freedom, there need to be more than 0");
  const double tail = 1 - probability;
  double low = 0, high = 1;
  while (student_t_two_sided(high, nu) > tail && high < 1e300) low = high, high *= 2;
  for (int k = 0; k < 200 && high - low > 1e-15 * high; ++k) {
    const double middle = (low + high) / 2;
    (student_t_two_sided(middle, nu) > tail ? low : high) = middle;
  }
  return (low + high) / 2;
}

}  // namespace tacit
