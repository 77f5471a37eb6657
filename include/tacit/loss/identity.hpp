// SPDX-License-Identifier: MIT
#pragma once
// Two formulas are told apart by what they return: values of a loss at fixed predictions and targets, rounded. Checkpoints compare them (term.hpp).

#include <algorithm>
#include <cmath>
#include <stdexcept>
#include <vector>

#include "../core/scalar.hpp"

namespace tacit {

namespace detail {

/// What tells one formula from another: its values, rounded to digits that do not depend on how a program was compiled.
inline double quantised(double value, double scale, double resolution) {
  if (!std::isfinite(value) || !(scale > 0) || !std::isfinite(scale)) return std::isnan(value) ? 12345 : value > 0 ? 23456 : 34567;
  return std::round(value / scale / resolution);
}
/// Value and slopes of a loss at fixed predictions and targets; none where it throws there.
template <Scalar S, class L>
std::vector<double> values_of_loss(const L& loss) {
  constexpr Index count = 8;
  const double resolution = sizeof(S) == 4 ? 1e-3 : 1e-8;
  std::vector<double> values;
  for (const double size : {0.1, 1.0, 10.0})
    for (const bool signs : {false, true}) {  // targets of -1 and 1, for losses that want these
      Vector<S> z(count), y(count), slope = Vector<S>::Zero(count);
      for (Index k = 0; k < count; ++k) {
        z[k] = static_cast<S>(size * std::cos(1.0 + 2.0 * static_cast<double>(k)));
        y[k] = static_cast<S>(signs ? (k % 3 == 0 ? -1.0 : 1.0) : size * std::sin(3.0 * static_cast<double>(k)));
      }
      try {
        const S value = loss.template value_and_slope<S>(z, y, Vector<S>(), S(1), Out<S>(slope));
        values.push_back(quantised(static_cast<double>(value), std::max(1.0, std::abs(static_cast<double>(value))), resolution));
        for (Index k = 0; k < count; ++k)
          values.push_back(
              quantised(static_cast<double>(slope[k]), std::max(1e-3, static_cast<double>(slope.cwiseAbs().maxCoeff())), resolution));
      } catch (const std::exception&) {
        values.push_back(-1);
      }
    }
  return values;
}

}  // namespace detail

namespace detail {
/// Of a loss in z, of a penalty in theta, where they say that they are polynomials; else 0.
template <class T>
inline constexpr Index polynomial_degree = 0;
template <class T>
requires requires {
  { T::polynomial_degree } -> std::convertible_to<Index>;
}
inline constexpr Index polynomial_degree<T> = T::polynomial_degree;
}  // namespace detail

}  // namespace tacit
