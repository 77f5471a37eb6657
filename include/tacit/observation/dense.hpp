// SPDX-License-Identifier: MIT
#pragma once
// An observation on a W that stands in memory:  sample  z = A(W)  and its adjoint  spread  G (+)= A^*(zbar), for every kind of observation.
// W and G are n1 x n2, column-major. Plain matrices (depth 1), the dense path of deep ones and the baselines are made of these two.

#include "all_entries.hpp"
#include "entries.hpp"
#include "linear_map.hpp"

namespace tacit::detail {

template <Scalar S>
void sample(const AllEntries& at, const S* W, Write write, Out<S> z) {
  const Eigen::Map<const Vector<S>> w(W, at.count());
  if (write == Write::set) z = w;
  else z += w;
}
template <Scalar S>
void spread(const AllEntries& at, In<S> zbar, Write write, S* G) {
  Eigen::Map<Vector<S>> g(G, at.count());
  if (write == Write::set) g = zbar;
  else g += zbar;
}

template <Scalar S, class E>
requires std::same_as<E, Entries> || std::same_as<E, EntryList>
void sample(const E& at, const S* W, Write write, Out<S> z) {
  const std::int32_t *row = at.row(), *col = at.col();
  const Index rows = at.rows(), m = at.count();
  if (write == Write::set)
    for (Index k = 0; k < m; ++k) z[k] = W[row[k] + rows * col[k]];
  else
    for (Index k = 0; k < m; ++k) z[k] += W[row[k] + rows * col[k]];
}
template <Scalar S, class E>
requires std::same_as<E, Entries> || std::same_as<E, EntryList>
void spread(const E& at, In<S> zbar, Write write, S* G) {
  const std::int32_t *row = at.row(), *col = at.col();
  const Index rows = at.rows(), m = at.count();
  if (write == Write::set) Eigen::Map<Vector<S>>(G, rows * at.cols()).setZero();
  for (Index k = 0; k < m; ++k) G[row[k] + rows * col[k]] += zbar[k];
}

/// An observation that reads a W in memory by members of its own: measurements (linear_map.hpp, features.hpp, rank_one_map.hpp, sparse_map.hpp).
template <class O, class S>
concept Measures = requires(const O& at, const S* W, S* G, Out<S> z, In<S> zbar) {
  at.sample(W, Write::set, z);
  at.spread(zbar, Write::set, G);
};
template <Scalar S, class O>
requires Measures<O, S>
void sample(const O& at, const S* W, Write write, Out<S> z) { at.sample(W, write, z); }
template <Scalar S, class O>
requires Measures<O, S>
void spread(const O& at, In<S> zbar, Write write, S* G) { at.spread(zbar, write, G); }

}  // namespace tacit::detail
