// SPDX-License-Identifier: MIT
#pragma once
// Rows of numbers, alone or together with their derivatives along a direction v: what entry-by-entry code of the tensor models is written in, once for all
// four verbs. With Row it evaluates and pulls back; with DualRow the same lines push v forward; with DualRow for what is read and TangentRow for what is
// added up, they give the derivative of the pullback, a Hessian-vector product.
//
//   multiply(o, a, b, r)          o = a .* b               dot(a, b, r)              sum_q a_q b_q, a number
//   multiply_add(o, a, b, r)      o += a .* b              scale(o, c, a, r)         o = c a,   scale_add: o += c a
//   copy(o, a, r)                 o = a,  copy_add: o += a    clear(o, r)               o = 0
//   times_transposed(o, A, x, rows, cols)       o = A^T x          times_add(o, A, x, rows, cols)       o += A x
//   outer_add(G, x, y, rows, cols)              G += x y^T         A, G: rows x cols, column by column
//
// Packs are handed to lambdas of the same file only, which are inlined or share its calling convention. Each is one or two passes of length r over contiguous numbers; nothing is allocated.

#include "simd.hpp"

namespace tacit::detail {

/// Asks for `count` numbers before they are needed: a hint.
template <bool to_write = false, Scalar S>
void prefetch(const S* x, Index count) {
  for (Index q = 0; q < count; q += 64 / static_cast<Index>(sizeof(S))) __builtin_prefetch(x + q, to_write);
}

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

/// out[q] = f(out[q], a[q], b[q]) for q < r, a pack at a time: no alias checks, no peeling, as rows are short and many.
template <Scalar S, class F>
void each_number(S* out, const S* a, const S* b, Index r, F&& f) {
  constexpr Index L = lanes<S>;
  Index q = 0;
  for (; q + L <= r; q += L) {
    const Pack<S> x = *reinterpret_cast<const UnalignedPack<S>*>(a + q), y = *reinterpret_cast<const UnalignedPack<S>*>(b + q);
    const Pack<S> old = *reinterpret_cast<const UnalignedPack<S>*>(out + q);
    *reinterpret_cast<UnalignedPack<S>*>(out + q) = f(old, x, y);  // its type is spelt out: auto would lose that it is unaligned
  }
  for (; q < r; ++q) out[q] = f(out[q], a[q], b[q]);
}

template <class O, class A, class B>
void multiply(O o, A a, B b, Index r) {
  using S = std::remove_cvref_t<decltype(*a.v)>;
  if constexpr (O::tangent)
    for (Index q = 0; q < r; ++q) o.t[q] = a.t[q] * b.v[q] + a.v[q] * b.t[q];
  if constexpr (O::value) each_number<S>(o.v, a.v, b.v, r, [](auto, auto x, auto y) { return x * y; });
}
template <class O, class A, class B>
void multiply_add(O o, A a, B b, Index r) {
  using S = std::remove_cvref_t<decltype(*a.v)>;
  if constexpr (O::tangent)
    for (Index q = 0; q < r; ++q) o.t[q] += a.t[q] * b.v[q] + a.v[q] * b.t[q];
  if constexpr (O::value) each_number<S>(o.v, a.v, b.v, r, [](auto old, auto x, auto y) { return old + x * y; });
}
template <class O, class C, class A>
void scale(O o, const C& c, A a, Index r) {
  using S = std::remove_cvref_t<decltype(*a.v)>;
  if constexpr (O::tangent)
    for (Index q = 0; q < r; ++q) o.t[q] = c.t * a.v[q] + c.v * a.t[q];
  if constexpr (O::value) each_number<S>(o.v, a.v, a.v, r, [factor = value_of(c)](auto, auto x, auto) { return factor * x; });
}
template <class O, class C, class A>
void scale_add(O o, const C& c, A a, Index r) {
  using S = std::remove_cvref_t<decltype(*a.v)>;
  if constexpr (O::tangent)
    for (Index q = 0; q < r; ++q) o.t[q] += c.t * a.v[q] + c.v * a.t[q];
  if constexpr (O::value) each_number<S>(o.v, a.v, a.v, r, [factor = value_of(c)](auto old, auto x, auto) { return old + factor * x; });
}
template <class O, class A>
void copy(O o, A a, Index r) {
  if constexpr (O::tangent)
    for (Index q = 0; q < r; ++q) o.t[q] = a.t[q];
  if constexpr (O::value) {
    using S = std::remove_cvref_t<decltype(*a.v)>;
    each_number<S>(o.v, a.v, a.v, r, [](auto, auto x, auto) { return x; });
  }
}
template <class O, class A>
void copy_add(O o, A a, Index r) {
  if constexpr (O::tangent)
    for (Index q = 0; q < r; ++q) o.t[q] += a.t[q];
  if constexpr (O::value) {
    using S = std::remove_cvref_t<decltype(*a.v)>;
    each_number<S>(o.v, a.v, a.v, r, [](auto old, auto x, auto) { return old + x; });
  }
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
void times_transposed(O o, A matrix, X x, Index rows, Index cols) {
  using S = std::remove_cvref_t<decltype(*x.v)>;
  if constexpr (O::value) dots<S>(x.v, matrix.v, rows, cols, nullptr, Write::set, o.v);
  if constexpr (O::tangent) {
    dots<S>(x.t, matrix.v, rows, cols, nullptr, Write::set, o.t);
    dots<S>(x.v, matrix.t, rows, cols, nullptr, Write::add, o.t);
  }
}
template <class O, class A, class X>
void times_add(O o, A matrix, X x, Index rows, Index cols) {
  using S = std::remove_cvref_t<decltype(*x.v)>;
  if constexpr (O::value) combine<S>(matrix.v, rows, cols, nullptr, x.v, nullptr, Write::add, o.v);
  if constexpr (O::tangent) {
    combine<S>(matrix.t, rows, cols, nullptr, x.v, nullptr, Write::add, o.t);
    combine<S>(matrix.v, rows, cols, nullptr, x.t, nullptr, Write::add, o.t);
  }
}
template <class X>
auto number_at(X x, Index c) {
  using S = std::remove_cvref_t<decltype(*x.v)>;
  if constexpr (X::tangent) return DualNumber<S>{x.v[c], x.t[c]};
  else return S(x.v[c]);
}
template <class G, class X, class Y>
void outer_add(G g, X x, Y y, Index rows, Index cols) {
  for (Index c = 0; c < cols; ++c) scale_add(g + c * rows, number_at(y, c), x, rows);
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
