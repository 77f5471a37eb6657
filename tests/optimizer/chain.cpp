// SPDX-License-Identifier: MIT
// Chains print as they are written, hand the model to transforms that want it, and refuse settings that cannot be.
#include <tacit/optimizer/recipes.hpp>
#include <tacit/problem.hpp>

#include "catch.hpp"
#include "thrown.hpp"

using namespace tacit;

namespace {

auto example() { return Problem(DeepMatrix<double>({3, 2}), fully_observed(Matrix<double>::Ones(2, 3)), MeanSquares{}); }
template <class Optimizer>
std::string refusal(const Optimizer& optimizer) {
  return thrown([&] { (void)optimizer.start(example()); });
}

/// Sees the model, and how often it is asked.
struct Structured {
  using stage = TransformTag;
  struct State {
    Index calls = 0, parameters = 0;
    template <class Archive>
    void persist(Archive&) {}
  };
  template <Scalar S>
  State start(const Layout&) const {
    return {};
  }
  template <Scalar S>
  void apply(Step<S>&, State& state, const auto& model) const {
    ++state.calls;
    state.parameters = model.parameter_count();
  }
};

}  // namespace

TEST_CASE("chains print as they are written") {
  CHECK(sentence(gradient_descent({.rate = 0.1})) == "FullGradient | LearningRate{0.1}");
  CHECK(sentence(momentum({.rate = 0.1})) == "FullGradient | HeavyBall{.beta = 0.9, .dampening = 0} | LearningRate{0.1}");
  CHECK(sentence(FullGradient{} | Nesterov{0.5} | WeightDecay{2} | Clip{.norm = 3} | LearningRate{0.1}) ==
        "FullGradient | Nesterov{.beta = 0.5} | WeightDecay{.lambda = 2} | Clip{.norm = 3, .form = exact} | LearningRate{0.1}");
  CHECK(sentence(adam()) == "FullGradient | AdamScale{.beta1 = 0.9, .beta2 = 0.999, .eps = 1e-08} | LearningRate{0.001}");
  CHECK(sentence(group_rmsprop()) == "FullGradient | GroupRmsScale{.eps = 0.0001, .decay = 0.99} | LearningRate{0.001}");
  CHECK(sentence(sgd({.rate = 0.1, .batch = 5})) == "on_batches({.size = 5, .seed = 1}, FullGradient) | LearningRate{0.1}");
  CHECK(sentence(sgd({.rate = 0.1, .batch = 5, .with_replacement = true})) ==
        "on_batches({.size = 5, .seed = 1, .with_replacement = true}, FullGradient) | LearningRate{0.1}");
  CHECK(sentence(gradient_regularized({.rate = 0.1, .lambda = 2})) ==
        "GradientPenalty{.lambda = 2, .form = exact, .epsilon = 0.01, .penalised = half_square} | LearningRate{0.1}");
}

TEST_CASE("a transform with a third argument gets the model") {
  const auto p = example();
  const auto chain = FullGradient{} | Structured{} | LearningRate{0.1};
  auto state = chain.start(p);
  auto ws = p.workspace();
  Step<double> step(p.dimension());
  step.theta.setZero();
  chain.step(p, ws, step, state);
  chain.step(p, ws, step, state);
  CHECK(std::get<0>(state.stages).calls == 2);
  CHECK(std::get<0>(state.stages).parameters == 6);
}

TEST_CASE("settings that cannot be are refused with a sentence when the run is made") {
  CHECK(refusal(gradient_descent({.rate = 0})) == "LearningRate: the rate is 0, it needs to be positive and finite");
  CHECK(refusal(momentum({.rate = 1, .beta = 1})) == "HeavyBall: .beta is 1, it needs to be in [0, 1)");
  CHECK(refusal(FullGradient{} | Nesterov{-0.1}) == "Nesterov: .beta is -0.1, it needs to be in [0, 1)");
  CHECK(refusal(adam({.beta1 = 1})) == "AdamScale: .beta1 is 1, it needs to be in [0, 1)");
  CHECK(refusal(adam({.beta2 = std::nan("")})) == "AdamScale: .beta2 is nan, it needs to be in [0, 1)");
  CHECK(refusal(adam({.eps = -1})) == "AdamScale: .eps is -1, it needs to be at least 0");
  CHECK(refusal(FullGradient{} | GroupRmsScale{} | LearningRate{1}) ==
        "GroupRmsScale: .eps needs to be given and not negative (1e-4 in Arora et al. 2019, 1e-6 in the papers of Razin et al.)");
  CHECK(refusal(group_rmsprop({.decay = 1})) == "GroupRmsScale: .decay is 1, it needs to be in [0, 1)");
  CHECK(refusal(FullGradient{} | Clip{.norm = 0}) == "Clip: .norm is 0, it needs to be positive");
  CHECK(refusal(FullGradient{} | WeightDecay{-1}) == "WeightDecay: .lambda is -1, it needs to be at least 0");
  CHECK(refusal(gradient_regularized({.rate = 1, .lambda = std::nan("")})) == "GradientPenalty: .lambda is nan");
  CHECK(refusal(sgd({.rate = 1, .batch = 0})) ==
        "on_batches: .size is 0, it needs to be at least 1 and at most the 6 observations of the data");
  CHECK(refusal(sgd({.rate = 1, .batch = 7})) ==
        "on_batches: .size is 7, it needs to be at least 1 and at most the 6 observations of the data");
}
