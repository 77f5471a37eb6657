// SPDX-License-Identifier: MIT
#pragma once
// G = dl/dW, the gradient of the data term's loss by the end-to-end matrix, n1 x n2 (a tensor: as its W stands), at the theta of a Snapshot. What
// probes on the dynamics of W look at; penalties are not part of it. Forms W and G: 2 n1 n2 numbers.

#include "../observation/dense.hpp"
#include "probe.hpp"

namespace tacit::detail {

template <class P>
auto end_to_end_gradient(const Snapshot<P>& now) {
  using S = typename P::scalar_type;
  const auto& term = now.problem().data_term();
  const Matrix<S>& W = now.end_to_end();
  Vector<S> z(term.size()), slope(term.size());
  Matrix<S> G(W.rows(), W.cols());
  sample<S>(term.data().where, W.data(), Write::set, z);
  term.loss().template value_and_slope<S>(z, term.data().y, term.data().weight, term.scale(), slope);
  spread<S>(term.data().where, slope, Write::set, G.data());
  return G;
}

}  // namespace tacit::detail
