// SPDX-License-Identifier: MIT
#pragma once
// Steepest descent for the Schatten p-norm of each block, p in [1, inf]: with the singular value decomposition G = U diag(s) V^T and 1/p +
// 1/q = 1,
//   D = U diag(d(s)) V^T,  d(s) = s^(q-1) / |s|_q^(q-1);   <G, D> = |s|_q,  |D|_Sp = 1;   .dual multiplies by |s|_q  [Bernstein & Newhouse]
// p = inf is spectral descent (its .dual = block), p = 2 the gradient normalised block by block, p = 1 the leading pair of singular vectors
// alone. No state; one decomposition a block.

#include "../core/thin_svd.hpp"
#include "matrix_blocks.hpp"
#include "steepest_descent.hpp"

namespace tacit {

struct SchattenDescent {
  using stage = TransformTag;
  static constexpr std::string_view name = "SchattenDescent";
  double p = std::numeric_limits<double>::quiet_NaN();
  bool dual = false;
  HigherOrder higher_order = HigherOrder::unfold;

  template <class A>
  void persist(A& archive) {
    archive("p", p);
    archive("dual", dual);
    archive("higher_order", higher_order);
  }

  template <Scalar S>
  struct State {
    std::vector<MatrixBlock> blocks;
    std::vector<detail::ThinSvd<S>> svd;
    std::vector<Vector<S>> lengths;
    template <class A>
    void persist(A&) {}
  };
  template <Scalar S>
  State<S> start(const Layout& layout) const {
    detail::require_p("SchattenDescent", p);
    State<S> state{matrix_blocks(layout, "SchattenDescent", higher_order), {}, {}};
    for (const MatrixBlock& block : state.blocks) {
      state.svd.emplace_back(block.rows, block.cols);
      state.lengths.emplace_back(block.order());
    }
    return state;
  }
  template <Scalar S>
  void apply(Step<S>& step, State<S>& state) const {
    Vector<S>& update = step.own();
    for (std::size_t l = 0; l < state.blocks.size(); ++l) {
      MatrixMap<S> block = state.blocks[l].in(update);
      detail::ThinSvd<S>& svd = state.svd[l];
      svd.compute({block.data(), block.rows(), block.cols()});
      state.lengths[l] = svd.values();
      const S norm = detail::to_steepest<S>(p, state.lengths[l]);
      if (dual) state.lengths[l] *= norm;
      svd.compose(state.lengths[l], block);
    }
  }
};

struct SchattenDescentSettings {
  Required<double> rate, p;
  bool dual = false;
  HigherOrder higher_order = HigherOrder::unfold;
};
inline auto schatten_descent(SchattenDescentSettings o) {
  return FullGradient{} | SchattenDescent{o.p, o.dual, o.higher_order} | LearningRate{ConstantRate{o.rate}};
}

}  // namespace tacit
