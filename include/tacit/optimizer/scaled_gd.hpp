// SPDX-License-Identifier: MIT
#pragma once
// ScaledGD for two factors,  X = L R^T:  each factor's gradient is divided by the Gram matrix of the other, both from the old values.
//   L <- L - eta G_L (R^T R + delta I)^-1,   R <- R - eta G_R (L^T L + delta I)^-1;   X = U U^T:  U <- U - eta G_U (U^T U + delta I)^-1
// [Tong, Ma & Chi 2021; damping .delta: Xu et al. 2023]. With delta = 0 the product X does not see L -> L S, R -> R S^-T for any invertible
// S; damping breaks that. The customary rate is 0.5 for the gradient of 1/2 |.|^2 (of observed entries divided by the observed fraction). A
// factor that has lost rank leaves no step with delta = 0: the run stalls. On DeepMatrix of depth 2 and SymmetricMatrix. No state; r^2 (n1
// + n2) flops beside the gradient's.

#include <Eigen/Cholesky>

#include "../core/product.hpp"
#include "full_gradient.hpp"
#include "learning_rate.hpp"
#include "matrix_blocks.hpp"
#include "required.hpp"

namespace tacit {

/// Whether W may be the product of two factors that share one inner side: what ScaledGD needs. A model says so by
/// static constexpr bool two_factors = true.
template <class Model>
inline constexpr bool has_two_factors = requires {
  requires Model::two_factors;
};

struct ScaledGd {
  using stage = TransformTag;
  static constexpr std::string_view name = "ScaledGd";
  double delta = 0;

  template <class A>
  void persist(A& archive) {
    archive("delta", delta);
  }

  template <Scalar S>
  struct State {
    std::vector<MatrixBlock> blocks;  ///< each stored with the inner side r as its rows
    Matrix<S> gram;
    Eigen::LLT<Matrix<S>> cholesky[2];
    template <class A>
    void persist(A&) {}
  };
  template <Scalar S, class Model>
  auto start(const Layout& layout, const Model& model) const {
    if constexpr (requires { model.is_two_factors(); })
      require(
          model.is_two_factors(),
          "ScaledGd: the model is no product of two factors; it is for DeepMatrix of depth 2 and SymmetricMatrix");  // of a model whose type is forgotten
    return start<S>(layout);
  }
  template <Scalar S>
  State<S> start(const Layout& layout) const {
    require(delta >= 0, "ScaledGd: .delta is ", delta, ", it needs to be at least 0");
    State<S> state{matrix_blocks(layout, "ScaledGd"), {}, {}};
    require(state.blocks.size() == 1 || state.blocks.size() == 2, "ScaledGd: the model has ", state.blocks.size(),
            " factors, it needs two (DeepMatrix of depth 2), or one that stands for both (SymmetricMatrix)");
    const Index r = state.blocks[0].rows;
    require(state.blocks.back().rows == r && (state.blocks.size() == 2 || state.blocks[0].transposed), "ScaledGd: the blocks ", layout,
            " are not two factors of one product");
    state.gram.resize(r, r);
    for (auto& of : state.cholesky) of = Eigen::LLT<Matrix<S>>(r);
    return state;
  }
  template <Scalar S, class Model>
  void apply(Step<S>& step, State<S>& state, const Model&) const {
    static_assert(has_two_factors<Model>,
                  "ScaledGd: the model is no product of two factors; it is for DeepMatrix of depth 2 and SymmetricMatrix");
    Vector<S>& update = step.own();
    const std::size_t count = state.blocks.size();
    for (std::size_t l = 0; l < count; ++l) {
      const ConstMatrixMap<S> other = state.blocks[count - 1 - l].of(step.theta);
      detail::multiply_nt<S>(other, other, Write::set, {state.gram.data(), state.gram.rows(), state.gram.cols()});
      const S trace = state.gram.trace();
      state.gram.diagonal().array() += static_cast<S>(delta);
      state.cholesky[l].compute(state.gram);
      const S r = static_cast<S>(state.gram.rows());
      const S smallest = state.cholesky[l].matrixLLT().diagonal().minCoeff();
      if (state.cholesky[l].info() != Eigen::Success || !(smallest * smallest > r * std::numeric_limits<S>::epsilon() * trace))
        if (state.cholesky[l].info() != Eigen::Success || delta == 0)
          return step.stall("ScaledGd: a factor has lost full rank, so its Gram matrix cannot be inverted; .delta > 0 damps it");
    }
    for (std::size_t l = 0; l < count; ++l) {
      MatrixMap<S> G = state.blocks[l].in(update);
      state.cholesky[l].solveInPlace(G);
    }
  }
};

struct ScaledGdSettings {
  Required<double> rate;
  double delta = 0;
};
inline auto scaled_gd(ScaledGdSettings o) { return FullGradient{} | ScaledGd{o.delta} | LearningRate{ConstantRate{o.rate}}; }

}  // namespace tacit
