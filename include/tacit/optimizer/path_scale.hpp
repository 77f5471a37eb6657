// SPDX-License-Identifier: MIT
#pragma once
// Path-SGD: each entry of the gradient is divided by its path scale kappa (model/paths.hpp), approximate steepest descent in the path norm.
//   u_e = g_e / max(kappa_e, .tiny),   kappa_e = d phi_2^2 / d(w_e^2)                 [Neyshabur, Salakhutdinov & Srebro 2015]
// With gradient descent behind it the product W does not see node rescaling, W_j -> D W_j, W_{j+1} -> W_{j+1} D^-1 with D diagonal. The
// guard .tiny is not in the paper's program; the program's global factor frozen at the first step is left out. On layered models; others do
// not compile, with a sentence.

#include "../model/paths.hpp"
#include "full_gradient.hpp"
#include "learning_rate.hpp"
#include "required.hpp"

namespace tacit {

struct PathScale {
  using stage = TransformTag;
  static constexpr std::string_view name = "PathScale";
  double tiny = 1e-30;

  template <class A>
  void persist(A& archive) {
    archive("tiny", tiny);
  }

  template <Scalar S>
  struct State {
    Layout layout;
    detail::PathSums<S> sums;
    Vector<S> scale;
    template <class A>
    void persist(A&) {}
  };
  template <Scalar S, class Model>
  auto start(const Layout& layout, const Model& model) const {
    if constexpr (requires { model.is_layered(); })
      require(model.is_layered(),
              "PathScale: the model has no paths: W needs to be the product of its blocks in their order, as of DeepMatrix and "
              "DiagonalProduct");  // of a model whose type is forgotten
    return start<S>(layout);
  }
  template <Scalar S>
  State<S> start(const Layout& layout) const {
    require(tiny > 0, "PathScale: .tiny is ", tiny, ", it needs to be positive");
    return {layout, detail::PathSums<S>(layout), Vector<S>(layout.parameter_count())};
  }
  template <Scalar S, class Model>
  void apply(Step<S>& step, State<S>& state, const Model&) const {
    static_assert(
        Layered<Model>,
        "PathScale: the model has no paths: W needs to be the product of its blocks in their order, as of DeepMatrix and DiagonalProduct");
    detail::path_scale(state.layout, step.theta, state.sums, state.scale);
    step.own().array() /= state.scale.array().max(static_cast<S>(tiny));
  }
};

struct PathSgdSettings {
  Required<double> rate;
  double tiny = 1e-30;
};
/// Path-SGD on the full gradient; on batches put on_batches around the source.
inline auto path_sgd(PathSgdSettings o) { return FullGradient{} | PathScale{o.tiny} | LearningRate{ConstantRate{o.rate}}; }

}  // namespace tacit
