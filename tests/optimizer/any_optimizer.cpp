// SPDX-License-Identifier: MIT
// Optimizers and problems chosen at run time make the very steps of typed ones; names and settings that are not known are refused, naming
// what is near.
#include <tacit/any_problem.hpp>
#include <tacit/data/named_problem.hpp>
#include <tacit/optimizer/iterate_average.hpp>
#include <tacit/optimizer/named_optimizers.hpp>
#include <tacit/optimizer/on_batches.hpp>
#include <tacit/optimizer/recipes.hpp>
#include <tacit/optimizer/sharpness_rate.hpp>

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

TEST_CASE("an average stands behind an optimizer by name as behind the typed one, but not behind another average") {
  const auto p = problem<double>();
  const Vector<double> typed = end_of(p, adam({.rate = 0.01}) | UniformAverage{.from = 10});
  CHECK(same_bits(end_of(p, AnyOptimizer<double>("adam({.rate = 0.01})") | UniformAverage{.from = 10}), typed));
  CHECK(same_bits(end_of(p, any_optimizer<double>(AnyOptimizer<double>("adam({.rate = 0.01})") | UniformAverage{.from = 10})), typed));
  CHECK_FALSE(same_bits(end_of(p, AnyOptimizer<double>("adam({.rate = 0.01})")), typed));
  const auto twice = any_optimizer<double>(adam() | UniformAverage{}) | UniformAverage{};
  CHECK(thrown([&] { (void)twice.start(p); }).find("optimizer: two stages report another theta than the iterate") == 0);
}

TEST_CASE("runs of an optimizer by name keep the laws of runs, counters included") {
  keeps_the_run_laws(AnyOptimizer<double>("adam({.rate = 0.01})"));
  keeps_the_run_laws(AnyOptimizer<double>("gradient_descent({.rate = 0.1, .batch = 6})"));
  const AnyProblem<double> any(problem<double>());
  keeps_the_run_laws(any, start<double>(), AnyOptimizer<double>("sharpness_rate({.every = 4})"));
}

TEST_CASE("every setting that is listed is one that the text takes") {
  for (const std::string& name : optimizer_names())
    for (const SettingText& setting : optimizer_settings(name)) {
      INFO(name << " ." << setting.name << " = " << setting.text);
      if (setting.text.empty() || setting.text.find("nan") != std::string::npos) continue;  // to be given
      const std::string refused = refusal_of(name + "({." + setting.name + " = " + setting.text + "})");
      CHECK((refused == "nothing was thrown" || refused.find("is nan; give it") != std::string::npos ||
             refused.find("is to be given") != std::string::npos));
    }
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
  CHECK(started("gradient_descent") == "gradient_descent: .rate is nan; give it, as in  gradient_descent({.rate = 0.1})");
  CHECK(started("sgd({.rate = 0.1})") == "sgd: .batch is to be given, as in  sgd({.rate = 0.1, .batch = 64})");
  CHECK(refusal_of("fed_avg").find("optimizer 'fed_avg': clients are a partition of the data") == 0);
  CHECK(started("gradient_descent({.rate = 0.1, .batch = 24})").find("on_batches: .size is 24") == 0);
}

TEST_CASE("problems by name are those that one would make, and refuse what they do not know") {
  auto [problem, theta] =
      problem_named<double>("matrix_completion({.rows = 12, .cols = 10, .rank = 2, .observed = 60, .depth = 2, .seed = 4})");
  const auto task = low_rank_completion({.rows = 12, .cols = 10, .rank = 2, .observed = 60, .seed = 4});
  const DeepMatrix<double> model({10, 10, 12});
  const Problem typed(model, task.seen, MeanSquares{});
  Vector<double> same = model.near_zero({.product_scale = 1e-3, .seed = 4});
  CHECK(same_bits(theta, same));
  CHECK(problem.fingerprint() == typed.fingerprint());
  train(problem, theta, adam(), {.iterations = 20});
  train(typed, same, adam(), {.iterations = 20});
  CHECK(same_bits(theta, same));
  for (const std::string& name : problem_names()) {
    INFO(name);
    CHECK_FALSE(problem_settings(name).empty());
    auto [any, start] = problem_named<double>(name);
    Vector<double> moved = start;
    CHECK(train(any, moved, AnyOptimizer<double>("gradient_descent .rate = 1e-3"), {.iterations = 3}).reason == Reason::reached_limit);
    CHECK_FALSE(same_bits(moved, start));
    CHECK(any.can_batch());
    CHECK(any.can_curve());
  }
  CHECK(thrown([] {
          (void)problem_named<double>("matrix_complete");
        }).find("there is no problem 'matrix_complete'; the nearest are matrix_completion") == 0);
  CHECK(thrown([] { (void)problem_named<double>("diagonal_regression({.sparsity = 0})"); }) ==
        "problem: .sparsity is 0, it needs to be 1 to 100");
}

namespace {
/// An oracle without a model, batches and Hessian-vector products: |theta|^2 / 2.
struct Bowl {
  using scalar_type = double;
  struct Workspace {
    double gradients = 0, hessian_products = 0;
  };
  Layout blocks = Layout().add("x", Shape{44});
  Workspace workspace() const { return {}; }
  Index dimension() const { return 44; }
  const Layout& layout() const { return blocks; }
  Value<double> value_and_gradient(In<double> theta, Workspace& ws, Out<double> g) const {
    ws.gradients += 1;
    g = theta;
    return {theta.squaredNorm() / 2, theta.squaredNorm() / 2};
  }
};
}  // namespace

TEST_CASE("an oracle of one's own trains under an optimizer by name; what it does not offer is refused when the run is made") {
  const Bowl bowl;
  CHECK(same_bits(end_of(bowl, AnyOptimizer<double>("adam")), end_of(bowl, adam())));
  CHECK(same_bits(end_of(AnyProblem<double>(bowl), adam()), end_of(bowl, adam())));
  const auto refused = [&](const std::string& text) { return thrown([&] { (void)AnyOptimizer<double>(text).start(bowl); }); };
  CHECK(refused("sharpness_rate") == "SharpnessRate: it needs Hessian-vector products, which this problem does not offer");
  CHECK(refused("gradient_regularized({.rate = 0.1, .lambda = 1})") ==
        "GradientPenalty: .form is exact, which needs Hessian-vector products; this problem has none, take forward or backward");
  CHECK(thrown([&] { (void)on_batches({.size = 2}, FullGradient{}).start(AnyProblem<double>(bowl)); }) ==
        "on_batches: this problem has no minibatches");
}
