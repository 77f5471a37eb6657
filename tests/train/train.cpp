// SPDX-License-Identifier: MIT
// What train() and Run say about how a run ended, and what they accept.
#include <tacit/train.hpp>

#include <limits>

#include "../hook/example.hpp"
#include "catch.hpp"
#include "thrown.hpp"

using namespace example;

namespace {

/// An oracle of one's own, without a model:  |theta|^2 / 2.
struct Bowl {
  using scalar_type = double;
  struct Workspace {
    double gradients = 0, hessian_products = 0;
  };
  Layout blocks = Layout().add("x", {3});
  Workspace workspace() const { return {}; }
  Index dimension() const { return 3; }
  const Layout& layout() const { return blocks; }
  Value<double> value_and_gradient(In<double> theta, Workspace& ws, Out<double> g) const {
    ws.gradients += 1;
    g = theta;
    return {theta.squaredNorm() / 2, theta.squaredNorm() / 2};
  }
};

/// A source that finds no step from iteration 3 on.
struct Stalls {
  using stage = SourceTag;
  Nothing start(const auto&) const { return {}; }
  template <class P, Scalar S>
  void draw(const P& problem, typename P::Workspace& ws, Step<S>& step, Nothing&) const {
    step.value = problem.value_and_gradient(step.theta, ws, step.gradient);
    step.stalled = step.iteration >= 3;
  }
};

struct Explains {
  Flow operator()(const auto& now) const { return now.iteration() == 5 ? Flow::stop : Flow::proceed; }
  std::string sentence() const { return "because"; }
};

struct Stopping {
  Index at;
  int calls = 0;
  Flow operator()(const auto& now) {
    ++calls;
    return now.iteration() == at ? Flow::stop : Flow::proceed;
  }
};

}  // namespace

TEST_CASE("an outcome says why the run ended, and where it stands") {
  const auto p = problem();
  Vector<double> theta = start();
  const auto outcome = train(p, theta, gradient_descent({.rate = 0.1}), {.iterations = 25});
  auto ws = p.workspace();
  CHECK(outcome.reason == Reason::reached_limit);
  CHECK(outcome.iterations == 25);
  CHECK(outcome.loss == p.value(theta, ws).loss);
  CHECK(outcome.objective == p.value(theta, ws).objective);
  CHECK(outcome.why.empty());
  CHECK(outcome.gradient_evaluations == 25);
  CHECK(outcome.hessian_products == 0);
  CHECK(std::abs(outcome.flow_time - 2.5) < 1e-14);
  CHECK(outcome.seconds > 0);
  CHECK(sentence(outcome).find("reached limit at iteration 25; loss ") == 0);
}

TEST_CASE("reasons have names") {
  CHECK(sentence(Reason::reached_limit) == "reached limit");
  CHECK(sentence(Reason::stopped_by_hook) == "stopped");
  CHECK(sentence(Reason::diverged) == "diverged");
  CHECK(sentence(Reason::stalled) == "stalled");
}

TEST_CASE("no iterations: the start is evaluated, and shown to the hooks as the end") {
  Vector<double> theta = start();
  Index calls = 0;
  const auto outcome =
      train(problem(), theta, gradient_descent({.rate = 0.1}), {.iterations = 0}, [&](const auto& now) { calls += now.closing(); });
  CHECK(theta == start());
  CHECK(outcome.reason == Reason::reached_limit);
  CHECK(outcome.iterations == 0);
  CHECK(outcome.loss > 0);
  CHECK(calls == 1);
}

TEST_CASE("every hook sees every event, also after another one has asked to stop; the first to ask says why") {
  Stopping before{.at = -1}, after{.at = 5};
  int lambda = 0;
  const auto outcome = watch(
      10, before, Stopping{.at = 5}, Explains{}, [&](const auto&) { ++lambda; }, after);
  CHECK(outcome.reason == Reason::stopped_by_hook);
  CHECK(outcome.why == "a hook asked to stop");
  CHECK(outcome.iterations == 5);
  CHECK(before.calls == 7);  // 0 ... 5, and the closing one
  CHECK(after.calls == 7);
  CHECK(lambda == 7);
  CHECK(watch(10, Explains{}, Stopping{.at = 5}).why == "because");
  CHECK(sentence(outcome).find("stopped at iteration 5: a hook asked to stop; loss ") == 0);
}

TEST_CASE("a source that finds no step ends the run where it stands") {
  const auto p = problem();
  Vector<double> theta = start(), expected = start();
  const auto outcome = train(p, theta, Stalls{} | LearningRate{0.1}, {.iterations = 10});
  train(p, expected, gradient_descent({.rate = 0.1}), {.iterations = 3});
  CHECK(outcome.reason == Reason::stalled);
  CHECK(outcome.iterations == 3);
  CHECK(outcome.why == "the optimizer found no step that lowers the objective");
  CHECK(theta == expected);
}

TEST_CASE("an oracle of one's own needs no model") {
  Vector<double> theta = Vector<double>::Constant(3, 8);
  double last = 0;
  const auto outcome = train(Bowl{}, theta, momentum({.rate = 0.5, .beta = 0}), {.iterations = 3}, [&](const auto& now) {
    last = now.loss();
    CHECK(now.gradient_norm() == now.parameter_norm());
  });
  CHECK(theta == Vector<double>::Constant(3, 1));
  CHECK(outcome.loss == 1.5);
  CHECK(last == 1.5);
  Vector<double> far = Vector<double>::Constant(3, 1e200);
  CHECK(train(Bowl{}, far, gradient_descent({.rate = 0.5}), {.iterations = 3}).why == "the loss is not finite at iteration 0");
}

TEST_CASE("a theta that does not fit is refused with a sentence, and left as it is") {
  const auto p = problem();
  Vector<double> theta = Vector<double>::Ones(5);
  CHECK(thrown([&] { train(p, theta, gradient_descent({.rate = 0.1}), {.iterations = 1}); }) ==
        "train: theta has 5 parameters, the model has 27 (W1 3 x 5, W2 4 x 3 (row-major))");
  CHECK(thrown([&] { Run(p, theta, gradient_descent({.rate = 0.1})); }) ==
        "train: theta has 5 parameters, the model has 27 (W1 3 x 5, W2 4 x 3 (row-major))");
  theta = start();
  theta[3] = std::numeric_limits<double>::infinity();
  CHECK(thrown([&] { train(p, theta, gradient_descent({.rate = 0.1}), {.iterations = 1}); }) ==
        "train: the starting theta holds a number that is not finite");
  theta = start();
  CHECK(thrown([&] { train(p, theta, gradient_descent({.rate = -1}), {.iterations = 1}); }) ==
        "LearningRate: the rate is -1, it needs to be positive and finite");
  CHECK(theta == start());
}

TEST_CASE("a negative number of iterations is refused, and an oracle whose dimension is not that of its layout") {
  const auto descent = FullGradient{} | LearningRate{0.1};
  Vector<double> theta = Vector<double>::Ones(3);
  CHECK(thrown([&] { train(Bowl{}, theta, descent, {.iterations = -5}); }) ==
        "train: the iterations asked for are -5, they need to be 0 or more");
  struct Short {
    using scalar_type = double;
    struct Workspace {
      double gradients = 0, hessian_products = 0;
    };
    Layout blocks = Layout().add("x", Shape{3});
    Workspace workspace() const { return {}; }
    Index dimension() const { return 2; }
    const Layout& layout() const { return blocks; }
    Value<double> value_and_gradient(In<double>, Workspace&, Out<double>) const { return {}; }
  };
  Vector<double> x = Vector<double>::Zero(3);
  CHECK(thrown([&] { train(Short{}, x, descent, {}); }) == "train: the problem's dimension() is 2, its layout() has 3 parameters");
}

TEST_CASE("hooks may change while they watch: by name they are the caller's own") {
  Stopping mine{.at = -1};
  const Stopping& view = mine;
  watch(4, mine);
  CHECK(view.calls == 5);
}

TEST_CASE("a minibatch run that diverges returns a theta where the loss of all data is finite") {
  Entries::Indices row, col;
  for (std::int32_t k = 0; k < 33; ++k) row.push_back((7 * k) % 10), col.push_back((k + k / 10) % 10);
  int diverged = 0;
  for (std::uint64_t seed = 1; seed <= 20; ++seed) {
    const DeepMatrix<double> deep({10, 10, 10, 10});
    const Problem p(deep, observed<double>(10, 10, row, col, Vector<double>::LinSpaced(33, -2, 2)), MeanSquares{});
    Vector<double> theta = deep.near_zero({.entry_std = 0.3, .seed = seed});
    const auto outcome = train(p, theta, sgd({.rate = 1, .batch = 1, .seed = seed}), {.iterations = 1000});
    if (outcome.reason != Reason::diverged) continue;
    ++diverged;
    CHECK(std::isfinite(outcome.loss));
    auto ws = p.workspace();
    CHECK(p.value(theta, ws).loss == outcome.loss);
    Vector<double> again = deep.near_zero({.entry_std = 0.3, .seed = seed});
    train(p, again, sgd({.rate = 1, .batch = 1, .seed = seed}), {.iterations = outcome.iterations});
    CHECK(again == theta);  // it is a theta of the run, at the iteration that the outcome names
  }
  CHECK(diverged >= 10);
}

TEST_CASE("a run takes another theta and goes on from there, also after it has diverged") {
  const auto p = problem();
  Run run(p, start(), gradient_descent({.rate = 0.1}));
  run.advance(5);
  const Vector<double> other = 0.5 * start();
  run.set_theta(other);
  CHECK(run.theta() == other);
  CHECK(run.iteration() == 5);
  run.advance(3);
  Vector<double> expected = other;
  train(p, expected, gradient_descent({.rate = 0.1}), {.iterations = 3});
  CHECK(run.theta() == expected);
  CHECK(run.iteration() == 8);

  Run wild(p, start(), gradient_descent({.rate = 1e3}));
  CHECK(wild.advance(100) == Reason::diverged);
  wild.set_theta(other);
  CHECK(wild.reason() == Reason::reached_limit);
  CHECK(wild.advance(1) == Reason::reached_limit);
  CHECK_THROWS_AS(run.set_theta(Vector<double>::Zero(1)), std::invalid_argument);
  CHECK_THROWS_AS(run.set_theta(Vector<double>::Constant(other.size(), std::nan(""))), std::invalid_argument);
}
