// SPDX-License-Identifier: MIT
#pragma once
// sample and spread (observation/dense.hpp) for observed entries of a tensor that stands in memory, first index fastest.

#include "dense.hpp"
#include "tensor_entries.hpp"

namespace tacit::detail {

template <class E>
concept TensorEntriesLike = std::same_as<E, TensorEntries> || std::same_as<E, TensorEntryList>;

/// Where entry k of a list stands in vec(W).
template <TensorEntriesLike E>
Index place_of(const E& at, Index k) {
  Index place = 0;
  for (Index n = at.shape().order() - 1; n >= 0; --n) place = place * at.shape()[n] + at.mode(n)[k];
  return place;
}
template <Scalar S, TensorEntriesLike E>
void sample(const E& at, const S* W, Write write, Out<S> z) {
  for (Index k = 0; k < at.count(); ++k) z[k] = W[place_of(at, k)] + (write == Write::add ? z[k] : S(0));
}
template <Scalar S, TensorEntriesLike E>
void spread(const E& at, In<S> zbar, Write write, S* G) {
  if (write == Write::set) Eigen::Map<Vector<S>>(G, at.shape().count()).setZero();
  for (Index k = 0; k < at.count(); ++k) G[place_of(at, k)] += zbar[k];
}

}  // namespace tacit::detail
