// SPDX-License-Identifier: MIT
// Optimizers and problems chosen at run time make the very steps of typed ones; names and settings that are not known are refused, naming what is near.
#include <tacit/any_problem.hpp>
#include <tacit/optimizer/named_optimizers.hpp>

#include "bitwise/run_laws.hpp"
#include "thrown.hpp"

using namespace bitwise;

namespace {

template <class P, class Optimizer>
Vector<double> end_of(const P& p, const Optimizer& optimizer, Index n = 40) {
  Vector<double> theta = start<double>();
  train(p, theta, optimizer, {.iterations = n});
  return theta;
}
std::string refusal_of(const std::string& text) {
  return thrown([&] { (void)optimizer_named<double>(text); });
}

}  // namespace

TEST_CASE("an optimizer by name makes the steps of the typed one, on typed and on untyped problems") {
  const auto p = problem<double>();
  const AnyProblem<double> any(p);
  const auto same = [&](const auto& typed, const std::string& text) {
    INFO(text);
    const AnyOptimizer<double> named(text);
    CHECK(sentence(named) == sentence(typed));
    const Vector<double> whole = end_of(p, typed);
    CHECK(same_bits(end_of(p, named), whole));
    CHECK(same_bits(end_of(any, named), whole));
    CHECK(same_bits(end_of(any, typed), whole));
  };
  same(gradient_descent({.rate = 0.3}), "gradient_descent({.rate = 0.3})");
  same(adam({.rate = 0.01, .beta1 = 0.5}), "adam({.rate = 0.01, .beta1 = 0.5})");
  same(adam(), "adam");
  same(gradient_regularized({.rate = 0.1, .lambda = 0.5}), "gradient_regularized .lambda = 0.5, rate = 0.1");
  same(FullGradient{} | SharpnessRate{.every = 4}, "sharpness_rate({.every = 4})");
  CHECK(same_bits(end_of(any, AnyOptimizer<double>("gradient_descent({.rate = 0.1, .batch = 6, .seed = 3})")),
                  end_of(p, sgd({.rate = 0.1, .batch = 6, .seed = 3}))));
}

TEST_CASE("runs of an optimizer by name keep the laws of runs, counters included") {
  keeps_the_run_laws(AnyOptimizer<double>("adam({.rate = 0.01})"));
  keeps_the_run_laws(AnyOptimizer<double>("gradient_descent({.rate = 0.1, .batch = 6})"));
  const AnyProblem<double> any(problem<double>());
  keeps_the_run_laws(any, start<double>(), AnyOptimizer<double>("sharpness_rate({.every = 4})"));
}

TEST_CASE("names and settings that are not known are refused, naming what is near") {
  CHECK(refusal_of("adan({.rate = 1})").find("there is no optimizer 'adan'; the nearest are adam") == 0);
  CHECK(refusal_of("adam({.bata1 = 0.5})") == "adam: there is no setting .bata1; there are .beta1, .beta2, .eps, .rate");
  CHECK(refusal_of("adam({.beta1 = high})") == "adam: .beta1 is 'high', which is not a number");
  CHECK(refusal_of("adam({.beta1})") == "adam: the setting '.beta1' has no value; write .name = value");
  CHECK(refusal_of("adam({.beta1 = 0.1, .beta1 = 0.2})") == "adam: the setting .beta1 is given twice");
  CHECK(refusal_of("adam({.beta1 = 0.1") == "adam: '({.beta1 = 0.1' lacks its closing )");
  CHECK(refusal_of("gradient_descent({.rate = 0.1, .batch = 1.5})") == "gradient_descent: .batch is '1.5', which is not a whole number");
  const auto started = [](const std::string& text) { return thrown([&] { (void)AnyOptimizer<double>(text).start(problem<double>()); }); };
  CHECK(started("gradient_descent") == "LearningRate: the rate is nan, it needs to be positive");
  CHECK(started("gradient_descent({.rate = 0.1, .batch = 24})").find("on_batches: the batch has 24 observations") == 0);
}
