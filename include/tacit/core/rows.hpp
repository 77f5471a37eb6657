// SPDX-License-Identifier: MIT
#pragma once
// Rows of numbers, alone or together with their derivatives along a direction v: what entry-by-entry code of the tensor models is written in, once for all
// four verbs. With Row it evaluates and pulls back; with DualRow the same lines push v forward; with DualRow for what is read and TangentRow for what is
// added up, they give the derivative of the pullback, a Hessian-vector product.
//
//   multiply(o, a, b, r)          o = a .* b               dot(a, b, r)              sum_q a_q b_q, a number
//   multiply_add(o, a, b, r)      o += a .* b              scale(o, c, a, r)         o = c a,   scale_add: o += c a
//   copy_add(o, a, r)             o += a                   clear(o, r)               o = 0
//   times_transposed(o, A, ld, x, rows, cols)   o = A^T x          times_add(o, A, ld, x, rows, cols)   o += A x
//   outer_add(G, ld, x, y, rows, cols)          G += x y^T         A, G: rows x cols, columns `ld` apart
//
// Each is one or two passes of length r over contiguous numbers; nothing is allocated.

#include "simd.hpp"

namespace tacit::detail {

template <class T>
struct Row {
  static constexpr bool value = true, tangent = false;
  T* v;
  Row operator+(Index k) const { return {v + k}; }
};
template <class T>
struct DualRow {
  static constexpr bool value = true, tangent = true;
  T *v, *t;
  DualRow operator+(Index k) const { return {v + k, t + k}; }
};
/// Takes derivatives only, and adds.
template <class T>
struct TangentRow {
  static constexpr bool value = false, tangent = true;
  T* t;
  TangentRow operator+(Index k) const { return {t + k}; }
};

/// What was written into a work row, read like the rows X of theta.
template <class X, class W>
X as_read(W work) {
  if constexpr (X::tangent) return X{work.v, work.t};
  else return X{work.v};
}

/// A number with its derivative; a plain S where there is none.
template <Scalar S>
struct DualNumber {
  S v, t;
};
template <class A>
constexpr auto value_of(const A& a) {
  if constexpr (requires { a.v; }) return a.v;
  else return a;
}

template <class O, class A, class B>
void multiply(O o, A a, B b, Index r) {
  if constexpr (O::tangent)
    for (Index q = 0; q < r; ++q) o.t[q] = a.t[q] * b.v[q] + a.v[q] * b.t[q];
  if constexpr (O::value)
    for (Index q = 0; q < r; ++q) o.v[q] = a.v[q] * b.v[q];
}
template <class O, class A, class B>
void multiply_add(O o, A a, B b, Index r) {
  if constexpr (O::tangent)
    for (Index q = 0; q < r; ++q) o.t[q] += a.t[q] * b.v[q] + a.v[q] * b.t[q];
  if constexpr (O::value)
    for (Index q = 0; q < r; ++q) o.v[q] += a.v[q] * b.v[q];
}
template <class O, class C, class A>
void scale(O o, const C& c, A a, Index r) {
  if constexpr (O::tangent)
    for (Index q = 0; q < r; ++q) o.t[q] = c.t * a.v[q] + c.v * a.t[q];
  if constexpr (O::value)
    for (Index q = 0; q < r; ++q) o.v[q] = value_of(c) * a.v[q];
}
template <class O, class C, class A>
void scale_add(O o, const C& c, A a, Index r) {
  if constexpr (O::tangent)
    for (Index q = 0; q < r; ++q) o.t[q] += c.t * a.v[q] + c.v * a.t[q];
  if constexpr (O::value)
    for (Index q = 0; q < r; ++q) o.v[q] += value_of(c) * a.v[q];
}
template <class O, class A>
void copy_add(O o, A a, Index r) {
  if constexpr (O::tangent)
    for (Index q = 0; q < r; ++q) o.t[q] += a.t[q];
  if constexpr (O::value)
    for (Index q = 0; q < r; ++q) o.v[q] += a.v[q];
}
/// sum_q x_q y_q; four packs side by side.
template <Scalar S>
S dot_of(const S* x, const S* y, Index r) {
  S sum;
  dots(x, y, r, 1, nullptr, Write::set, &sum);
  return sum;
}
template <class A, class B>
auto dot(A a, B b, Index r) {
  using S = std::remove_cvref_t<decltype(*a.v)>;
  if constexpr (A::tangent) return DualNumber<S>{dot_of<S>(a.v, b.v, r), dot_of<S>(a.t, b.v, r) + dot_of<S>(a.v, b.t, r)};
  else return dot_of<S>(a.v, b.v, r);
}
template <class O, class A, class X>
void times_transposed(O o, A matrix, Index ld, X x, Index rows, Index cols) {
  for (Index c = 0; c < cols; ++c) {
    const auto d = dot(matrix + c * ld, x, rows);
    o.v[c] = value_of(d);
    if constexpr (O::tangent) o.t[c] = d.t;
  }
}
template <class X>
auto number_at(X x, Index c) {
  using S = std::remove_cvref_t<decltype(*x.v)>;
  if constexpr (X::tangent) return DualNumber<S>{x.v[c], x.t[c]};
  else return S(x.v[c]);
}
template <class O, class A, class X>
void times_add(O o, A matrix, Index ld, X x, Index rows, Index cols) {
  for (Index c = 0; c < cols; ++c) scale_add(o, number_at(x, c), matrix + c * ld, rows);
}
template <class G, class X, class Y>
void outer_add(G g, Index ld, X x, Y y, Index rows, Index cols) {
  for (Index c = 0; c < cols; ++c) scale_add(g + c * ld, number_at(y, c), x, rows);
}
template <class A>
auto sum(A a, Index r) {
  using S = std::remove_cvref_t<decltype(*a.v)>;
  S v = 0, t = 0;
  for (Index q = 0; q < r; ++q) v += a.v[q];
  if constexpr (A::tangent) {
    for (Index q = 0; q < r; ++q) t += a.t[q];
    return DualNumber<S>{v, t};
  } else {
    return v;
  }
}
template <class O, class C>
void fill(O o, const C& c, Index r) {
  if constexpr (O::value) std::fill(o.v, o.v + r, value_of(c));
  if constexpr (O::tangent) std::fill(o.t, o.t + r, c.t);
}
template <class O>
void clear(O o, Index r) {
  if constexpr (O::value) std::fill(o.v, o.v + r, 0);
  if constexpr (O::tangent) std::fill(o.t, o.t + r, 0);
}

}  // namespace tacit::detail
