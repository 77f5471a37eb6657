// SPDX-License-Identifier: MIT
#pragma once
// Second-order dual numbers (value, slope, curvature): x + x' e + x'' e^2/2 with e^3 = 0. Evaluating a formula once on a
// Dual gives f, f' and f'' exact to rounding; loss/pointwise.hpp derives a user's loss with them. Functions follow the chain rule
//   f(x)' = f'(x) x',   f(x)'' = f'(x) x'' + f''(x) x'^2.

#include <algorithm>
#include <cmath>
#include <numbers>

#include "scalar.hpp"

namespace tacit {

template <Scalar S>
struct Dual {
  S value = 0, slope = 0, curvature = 0;

  Dual() = default;
  /// Numbers of any arithmetic type are constants: z * 2 and 1.0 - z work whatever S is.
  template <class T>
  requires std::is_arithmetic_v<T> Dual(T constant)
      : value(static_cast<S>(constant)) {}  // NOLINT(google-explicit-constructor): a formula mixes both freely
  Dual(S v, S d, S c) : value(v), slope(d), curvature(c) {}

  static Dual variable(S x) { return {x, S(1), S(0)}; }

  friend Dual operator+(const Dual& a) { return a; }
  friend Dual operator-(const Dual& a) { return {-a.value, -a.slope, -a.curvature}; }
  friend Dual operator+(const Dual& a, const Dual& b) { return {a.value + b.value, a.slope + b.slope, a.curvature + b.curvature}; }
  friend Dual operator-(const Dual& a, const Dual& b) { return {a.value - b.value, a.slope - b.slope, a.curvature - b.curvature}; }
  friend Dual operator*(const Dual& a, const Dual& b) {
    return {a.value * b.value, a.slope * b.value + a.value * b.slope,
            a.curvature * b.value + 2 * a.slope * b.slope + a.value * b.curvature};
  }
  friend Dual operator/(const Dual& a, const Dual& b) {
    const S q = a.value / b.value, dq = (a.slope - q * b.slope) / b.value;
    return {q, dq, (a.curvature - 2 * dq * b.slope - q * b.curvature) / b.value};
  }
  Dual& operator+=(const Dual& b) { return *this = *this + b; }
  Dual& operator-=(const Dual& b) { return *this = *this - b; }
  Dual& operator*=(const Dual& b) { return *this = *this * b; }
  Dual& operator/=(const Dual& b) { return *this = *this / b; }

  friend bool operator==(const Dual& a, const Dual& b) { return a.value == b.value; }
  friend auto operator<=>(const Dual& a, const Dual& b) { return a.value <=> b.value; }
};

namespace detail {
template <Scalar S>
Dual<S> chain(const Dual<S>& x, S f, S df, S ddf) {
  return {f, df * x.slope, df * x.curvature + ddf * x.slope * x.slope};
}
/// 1 / cosh(x)^2 = 1 - tanh(x)^2 without the difference, which loses every digit at large x.
template <Scalar S>
S sech_squared(S x) {
  const S e = std::exp(-std::abs(x)), root = 2 * e / (1 + e * e);
  return root * root;
}
/// 1 / (1 + e^-x) and its derivatives from e = e^-|x|, which does not overflow; each to the digits of S.
template <Scalar S>
struct Logistic {
  S e, value, slope, curvature;
  explicit Logistic(S x)
      : e(std::exp(-std::abs(x))), value((x < 0 ? e : 1) / (1 + e)), slope(e / (1 + e) / (1 + e)), curvature(-slope * std::tanh(x / 2)) {}
};
}  // namespace detail

template <Scalar S>
Dual<S> exp(const Dual<S>& x) {
  const S e = std::exp(x.value);
  return detail::chain(x, e, e, e);
}
/// e^x up to x = 30, and from there on its parabola at 30, e^30 (1 + b + b^2/2) with b = x - 30: value and both derivatives are continuous, and finite wherever
/// x^2 is, so that a step too far does not overflow.
template <Scalar S>
Dual<S> exp_or_parabola(const Dual<S>& x) {
  constexpr S turn = 30;
  if (!(x.value > turn)) return exp(x);
  const Dual<S> beyond = x - turn;
  return std::exp(turn) * (1 + beyond + beyond * beyond / 2);
}
template <Scalar S>
Dual<S> expm1(const Dual<S>& x) {
  const S e = std::exp(x.value);
  return detail::chain(x, std::expm1(x.value), e, e);
}
template <Scalar S>
Dual<S> log(const Dual<S>& x) {
  const S inverse = 1 / x.value;
  return detail::chain(x, std::log(x.value), inverse, -inverse * inverse);
}
template <Scalar S>
Dual<S> log1p(const Dual<S>& x) {
  const S inverse = 1 / (1 + x.value);
  return detail::chain(x, std::log1p(x.value), inverse, -inverse * inverse);
}
template <Scalar S>
Dual<S> sqrt(const Dual<S>& x) {
  const S root = std::sqrt(x.value);
  return detail::chain(x, root, 1 / (2 * root), -1 / (4 * root * x.value));
}
/// Which slope a function with a kink takes at it: that from the left, that from the right, or their mean.
enum class Side { left, middle, right };

namespace detail {
/// The share of the right slope at a kink.
template <Scalar S>
S right_share(Side side) {
  return side == Side::left ? S(0) : side == Side::right ? S(1) : S(0.5);
}
}  // namespace detail
/// |x|; at 0 the slope is taken as 0, the usual choice among the subgradients, unless a side is asked for: -1 left, +1 right.
template <Scalar S>
Dual<S> abs(const Dual<S>& x, Side at_kink = Side::middle) {
  const S sign = x.value == 0 ? 2 * detail::right_share<S>(at_kink) - 1 : S(x.value > 0) - S(x.value < 0);
  return {std::abs(x.value), sign * x.slope, sign * x.curvature};
}
/// max(x, 0); at 0 the slope is taken as 0, as everywhere in deep learning, unless another side is asked for: 1 right, 1/2 middle.
template <Scalar S>
Dual<S> relu(const Dual<S>& x, Side at_kink = Side::left) {
  const S on = x.value == 0 ? detail::right_share<S>(at_kink) : S(x.value > 0);
  return {x.value > 0 ? x.value : S(0), on * x.slope, on * x.curvature};
}
/// max(a, b); where they are equal, the slope is that of b (left), of a (right) or their mean: the sides are those of max(x, 0), and so is the default.
template <Scalar S>
Dual<S> max(const Dual<S>& a, const std::type_identity_t<Dual<S>>& b, Side at_kink = Side::left) {
  if (a.value > b.value) return a;
  if (a.value < b.value) return b;
  const S right = detail::right_share<S>(at_kink), left = 1 - right;
  return {a.value == b.value ? a.value : a.value + b.value, right * a.slope + left * b.slope, right * a.curvature + left * b.curvature};
}
/// min(a, b) = -max(-a, -b), with the same sides: where they are equal, the slope is that of b (left) or of a (right).
template <Scalar S>
Dual<S> min(const Dual<S>& a, const std::type_identity_t<Dual<S>>& b, Side at_kink = Side::left) {
  return -max(-a, -b, at_kink);
}
template <Scalar S>
Dual<S> square(const Dual<S>& x) {
  return x * x;
}
/// 1 / (1 + e^-x).
template <Scalar S>
Dual<S> sigmoid(const Dual<S>& x) {
  const detail::Logistic<S> at(x.value);
  return detail::chain(x, at.value, at.slope, at.curvature);
}
/// log(1 + e^x), which neither overflows nor loses digits at any x.
template <Scalar S>
Dual<S> softplus(const Dual<S>& x) {
  const detail::Logistic<S> at(x.value);
  return detail::chain(x, std::max(x.value, S(0)) + std::log1p(at.e), at.value, at.slope);
}
/// log(cosh(x)) at any x: x^2 / 2 near zero, |x| - log 2 far away.
template <Scalar S>
Dual<S> logcosh(const Dual<S>& x) {
  const S size = std::abs(x.value), half = std::sinh(std::min(size, S(1)) / 2);
  const S value = size < 1 ? std::log1p(2 * half * half) : size - std::numbers::ln2_v<S> + std::log1p(std::exp(-2 * size));
  return detail::chain(x, value, std::tanh(x.value), detail::sech_squared(x.value));
}
template <Scalar S>
Dual<S> pow(const Dual<S>& x, std::type_identity_t<S> p) {
  const S df = p == 0 ? S(0) : p * std::pow(x.value, p - 1);
  const S ddf = p == 0 || p == 1 ? S(0) : p * (p - 1) * std::pow(x.value, p - 2);
  return detail::chain(x, std::pow(x.value, p), df, ddf);
}
template <Scalar S>
Dual<S> sin(const Dual<S>& x) {
  const S s = std::sin(x.value);
  return detail::chain(x, s, std::cos(x.value), -s);
}
template <Scalar S>
Dual<S> cos(const Dual<S>& x) {
  const S c = std::cos(x.value);
  return detail::chain(x, c, -std::sin(x.value), -c);
}
template <Scalar S>
Dual<S> sinh(const Dual<S>& x) {
  const S s = std::sinh(x.value);
  return detail::chain(x, s, std::cosh(x.value), s);
}
template <Scalar S>
Dual<S> cosh(const Dual<S>& x) {
  const S c = std::cosh(x.value);
  return detail::chain(x, c, std::sinh(x.value), c);
}
template <Scalar S>
Dual<S> tanh(const Dual<S>& x) {
  const S t = std::tanh(x.value), d = detail::sech_squared(x.value);
  return detail::chain(x, t, d, -2 * t * d);
}
template <Scalar S>
Dual<S> atan(const Dual<S>& x) {
  const S d = 1 / (1 + x.value * x.value);
  return detail::chain(x, std::atan(x.value), d, -2 * (x.value * d) * d);
}

}  // namespace tacit
