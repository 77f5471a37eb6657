// SPDX-License-Identifier: MIT
#pragma once
// Mirror descent with the hyperbolic entropy of the singular values of each block:  [Ghai, Hazan & Singer 2020]
//   D = U arcsinh(S / beta) V^T - eta G = U' S' V'^T,   W <- U' beta sinh(S') V'^T,   W = U S V^T
// Commutes with orthogonal changes on both sides; on diagonal W and G it is the entrywise rule. Small beta keeps small singular values
// small: a push towards low rank. Sets the rate itself. No state; two decompositions a block.

#include "../core/thin_svd.hpp"
#include "matrix_blocks.hpp"
#include "mirror_descent.hpp"

namespace tacit {

template <class Schedule = ConstantRate>
struct SpectralMirrorDescent {
  using stage = TransformTag;
  static constexpr std::string_view name = "SpectralMirrorDescent";
  static constexpr bool sets_rate = true;
  Schedule schedule;
  double beta = std::numeric_limits<double>::quiet_NaN();
  HigherOrder higher_order = HigherOrder::unfold;

  template <class A>
  void persist(A& archive) {
    detail::persist_schedule(archive, schedule);
    archive("beta", beta);
    archive("higher_order", higher_order);
  }

  template <Scalar S>
  struct State {
    std::vector<MatrixBlock> blocks;
    std::vector<detail::ThinSvd<S>> svd;
    std::vector<Vector<S>> values;
    template <class A>
    void persist(A&) {}
  };
  template <Scalar S>
  State<S> start(const Layout& layout) const {
    detail::first_rate("SpectralMirrorDescent", schedule);
    detail::require_beta("SpectralMirrorDescent", beta);
    State<S> state{matrix_blocks(layout, "SpectralMirrorDescent", higher_order), {}, {}};
    for (const MatrixBlock& block : state.blocks) {
      state.svd.emplace_back(block.rows, block.cols);
      state.values.emplace_back(block.order());
    }
    return state;
  }
  template <Scalar S>
  void apply(Step<S>& step, State<S>& state) const {
    const double eta = schedule(step.iteration);
    const S scale = static_cast<S>(beta), c = static_cast<S>(eta) * step.factor();
    const Vector<S>& g = step.direction();
    Vector<S>& next = step.replace_next();
    for (std::size_t l = 0; l < state.blocks.size(); ++l) {
      const MatrixBlock& block = state.blocks[l];
      detail::ThinSvd<S>& svd = state.svd[l];
      MatrixMap<S> W = block.in(next);
      const ConstMatrixMap<S> seen(W.data(), W.rows(), W.cols());
      svd.compute(block.of(step.theta));
      for (Index i = 0; i < block.order(); ++i) state.values[l][i] = std::asinh(svd.values()[i] / scale);
      svd.compose(state.values[l], W);
      W -= c * block.of(g);
      svd.compute(seen);
      for (Index i = 0; i < block.order(); ++i) state.values[l][i] = scale * std::sinh(svd.values()[i]);
      svd.compose(state.values[l], W);
    }
    step.rate = eta;
  }
};

struct SpectralMirrorDescentSettings {
  Required<double> rate, beta;
  HigherOrder higher_order = HigherOrder::unfold;
};
inline auto spectral_mirror_descent(SpectralMirrorDescentSettings o) {
  return FullGradient{} | SpectralMirrorDescent<>{{o.rate}, o.beta, o.higher_order};
}

}  // namespace tacit
