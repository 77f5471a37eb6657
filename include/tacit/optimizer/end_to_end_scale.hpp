// SPDX-License-Identifier: MIT
#pragma once
// End-to-end scale: what gradient descent with a vanishing rate on a balanced product of N factors does to W, on W itself.  [Arora, Cohen &
// Hazan 2018]
//   u = sum_{j=1}^N (W W^T)^((j-1)/N) G (W^T W)^((N-j)/N) + lambda N W
// In the singular basis, G' = U^T G V, entry (r, q) is multiplied by  sum_j s_r^(2(j-1)/N) s_q^(2(N-j)/N),  0^0 = 1. Computed from the thin
// decomposition
//   u = G V diag(s^(2(N-1)/N)) V^T + U diag(s^(2(N-1)/N)) U^T G + U [G' * (the terms 1 < j < N)] V^T.
// N = 1 is the gradient itself; W = 0 stays for N > 1. For models whose W is one block: DeepMatrix of depth 1. No state.

#include <cmath>

#include "../core/thin_svd.hpp"
#include "../model/paths.hpp"
#include "full_gradient.hpp"
#include "learning_rate.hpp"
#include "matrix_blocks.hpp"
#include "required.hpp"

namespace tacit {

struct EndToEndScale {
  using stage = TransformTag;
  static constexpr std::string_view name = "EndToEndScale";
  Index depth = 0;
  double weight_decay = 0;

  template <class A>
  void persist(A& archive) {
    archive("depth", depth);
    archive("weight_decay", weight_decay);
  }

  template <Scalar S>
  struct State {
    MatrixBlock block;
    detail::ThinSvd<S> svd;
    Matrix<S> inner, scaled, half, right_half;  // k x k, k x k, k x n, m x k
    Vector<S> power;
    template <class A>
    void persist(A&) {}
  };
  template <Scalar S, class Model>
  auto start(const Layout& layout, const Model& model) const {
    if constexpr (requires { model.is_layered(); })
      require(model.is_layered(),
              "EndToEndScale: it acts on W itself, for which a DeepMatrix of depth 1 stands");  // of a model whose type is forgotten
    return start<S>(layout);
  }
  template <Scalar S>
  State<S> start(const Layout& layout) const {
    require(depth > 0, "EndToEndScale: .depth is ", depth, ", it needs to be at least 1");
    require(weight_decay >= 0, "EndToEndScale: .weight_decay is ", weight_decay, ", it needs to be at least 0");
    const std::vector<MatrixBlock> blocks = matrix_blocks(layout, "EndToEndScale", HigherOrder::refuse);
    require(blocks.size() == 1, "EndToEndScale: the model has ", blocks.size(),
            " factors; it acts on W itself, for which a DeepMatrix of depth 1 stands");
    const Index m = blocks[0].rows, n = blocks[0].cols, k = blocks[0].order();
    return {blocks[0], detail::ThinSvd<S>(m, n), Matrix<S>(k, k), Matrix<S>(k, k), Matrix<S>(k, n), Matrix<S>(m, k), Vector<S>(k)};
  }
  template <Scalar S, class Model>
  void apply(Step<S>& step, State<S>& state, const Model&) const {
    static_assert(Layered<Model>, "EndToEndScale: it acts on W itself, for which a DeepMatrix of depth 1 stands");
    Vector<S>& update = step.own();
    if (depth > 1) precondition<S>(state.block.of(step.theta), state, state.block.in(update));
    if (weight_decay != 0) update += static_cast<S>(weight_decay * static_cast<double>(depth)) * step.theta;
  }

 private:
  template <Scalar S>
  void precondition(ConstMatrixMap<S> W, State<S>& state, MatrixMap<S> out) const {
    const Index m = W.rows(), n = W.cols(), k = state.power.size();
    state.svd.compute(W);
    const ConstMatrixMap<S> G(out.data(), m, n), U(state.svd.left().data(), m, k), V(state.svd.right().data(), n, k);
    const Vector<S>& s = state.svd.values();
    const double N = static_cast<double>(depth);
    state.power = s.array().pow(static_cast<S>(2 * (N - 1) / N)).matrix();
    detail::multiply_tn<S>(U, G, Write::set, {state.half.data(), k, n});     // U^T G
    detail::multiply<S>(G, V, Write::set, {state.right_half.data(), m, k});  // G V
    detail::multiply<S>({state.half.data(), k, n}, V, Write::set, {state.inner.data(), k, k});
    state.scaled.setZero();
    for (Index j = 2; j < depth; ++j) {
      const S left = static_cast<S>(2 * static_cast<double>(j - 1) / N), right = static_cast<S>(2 * static_cast<double>(depth - j) / N);
      for (Index q = 0; q < k; ++q)
        for (Index r = 0; r < k; ++r) state.scaled(r, q) += std::pow(s[r], left) * std::pow(s[q], right) * state.inner(r, q);
    }
    for (Index r = 0; r < k; ++r) state.half.row(r) *= state.power[r];
    for (Index q = 0; q < k; ++q) state.right_half.col(q) *= state.power[q];
    detail::multiply<S>(U, {state.scaled.data(), k, k}, Write::add, {state.right_half.data(), m, k});
    detail::multiply_nt<S>({state.right_half.data(), m, k}, V, Write::set, out);
    detail::multiply<S>(U, {state.half.data(), k, n}, Write::add, out);
  }
};

struct EndToEndSettings {
  Required<double> rate;
  Required<Index> depth;
  double weight_decay = 0;
};
/// The step that a balanced deep matrix of .depth factors would make in W, on a DeepMatrix of depth 1.
inline auto end_to_end_descent(EndToEndSettings o) {
  return FullGradient{} | EndToEndScale{o.depth, o.weight_decay} | LearningRate{ConstantRate{o.rate}};
}

}  // namespace tacit
