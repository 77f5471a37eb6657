// SPDX-License-Identifier: MIT
#pragma once
// Spectral descent: each block's gradient G = U diag(s) V^T becomes its polar factor U V^T, so all its directions move at one speed.
//   u = U V^T  over the singular values above max(m, n) eps s_1;  a zero block gives 0                          [Bernstein & Newhouse 2024]
// -eta U V^T is the best step of spectral norm eta. .dual multiplies by the nuclear norm s_1 + ... of the block, or of all blocks together:
// the latter is steepest descent for the largest spectral norm over the blocks. Commutes with orthogonal changes on both sides of a block;
// without .dual the scale of the loss does not matter. No state; one decomposition a block, about 20 n^3 flops (core/thin_svd.hpp).

#include "../core/thin_svd.hpp"
#include "full_gradient.hpp"
#include "learning_rate.hpp"
#include "matrix_blocks.hpp"
#include "required.hpp"

namespace tacit {

/// By which nuclear norm a spectral step is multiplied.
enum class SpectralDual { none, block, all };
template <>
inline constexpr std::array<const char*, 3> names_of<SpectralDual>{"none", "block", "all"};

struct SpectralDescent {
  using stage = TransformTag;
  static constexpr std::string_view name = "SpectralDescent";
  SpectralDual dual = SpectralDual::none;
  HigherOrder higher_order = HigherOrder::unfold;

  template <class A>
  void persist(A& archive) {
    archive("dual", dual);
    archive("higher_order", higher_order);
  }

  template <Scalar S>
  struct State {
    std::vector<MatrixBlock> blocks;
    std::vector<detail::ThinSvd<S>> svd;
    template <class A>
    void persist(A&) {}
  };
  template <Scalar S>
  State<S> start(const Layout& layout) const {
    State<S> state{matrix_blocks(layout, "SpectralDescent", higher_order), {}};
    for (const MatrixBlock& block : state.blocks) state.svd.emplace_back(block.rows, block.cols);
    return state;
  }
  template <Scalar S>
  void apply(Step<S>& step, State<S>& state) const {
    Vector<S>& update = step.own();
    S nuclear_norm = 0;
    for (std::size_t l = 0; l < state.blocks.size(); ++l) {
      MatrixMap<S> block = state.blocks[l].in(update);
      state.svd[l].compute({block.data(), block.rows(), block.cols()});
      state.svd[l].compose(block);
      const S sum = state.svd[l].values().sum();
      if (dual == SpectralDual::block) block *= sum;
      nuclear_norm += sum;
    }
    if (dual == SpectralDual::all) step.scale(nuclear_norm);
  }
};

struct SpectralDescentSettings {
  Required<double> rate;
  SpectralDual dual = SpectralDual::none;
  HigherOrder higher_order = HigherOrder::unfold;
};
/// theta <- theta - rate U V^T, block by block.
inline auto spectral_descent(SpectralDescentSettings o) {
  return FullGradient{} | SpectralDescent{o.dual, o.higher_order} | LearningRate{ConstantRate{o.rate}};
}

}  // namespace tacit
