// SPDX-License-Identifier: MIT
// A Snapshot belongs to one theta, and computes what is derived from it once for all hooks, if at all.
#include <tacit/hook/snapshot.hpp>

#include "catch.hpp"
#include "example.hpp"
#include "thrown.hpp"

using namespace example;
using Catch::Matchers::WithinRel;

namespace {

struct Counters {
  int formed = 0, gradients = 0;
};

/// The model, counting how often W is formed.
struct Counted {
  using scalar_type = double;
  DeepMatrix<double> inner = model();
  Counters* counters;

  const Layout& layout() const { return inner.layout(); }
  Index parameter_count() const { return inner.parameter_count(); }
  Index rows() const { return inner.rows(); }
  Index cols() const { return inner.cols(); }
  Shape shape() const { return inner.shape(); }
  auto workspace(const auto& at) const { return inner.workspace(at); }
  template <class O>
  void evaluate(In<double> theta, const O& at, auto& ws, Out<double> z) const {
    counters->formed += std::same_as<O, AllEntries>;
    inner.evaluate(theta, at, ws, z);
  }
  template <class O>
  void pullback(In<double> theta, const O& at, auto& ws, In<double> zbar, Write write, Out<double> g) const {
    counters->gradients += std::same_as<O, Entries>;  // batches are lists
    inner.pullback(theta, at, ws, zbar, write, g);
  }
};

/// Asks for everything, twice.
template <class P>
void ask(const Snapshot<P>& now) {
  for (int twice = 0; twice < 2; ++twice) {
    CHECK(std::isfinite(now.loss() + now.objective() + now.gradient().sum() + now.gradient_norm() + now.parameter_norm()));
    CHECK(std::isfinite(now.end_to_end().sum() + now.values().sum() + now.unfolding(0).sum()));
  }
}

}  // namespace

TEST_CASE("derived quantities are computed once a snapshot, for all hooks together, and not at all if nobody asks") {
  Counters counters;
  const Problem p(Counted{.counters = &counters}, data(), MeanSquares{});
  const auto asks = [](const auto& now) { ask(now); };
  for (const bool minibatch : {false, true}) {
    INFO((minibatch ? "minibatches" : "full gradients"));
    const auto run = [&](auto&&... hooks) {
      counters = {};
      Vector<double> theta = start();
      if (minibatch) return train(p, theta, sgd({.rate = 0.01, .batch = 4}), {.iterations = 10}, hooks...);
      return train(p, theta, gradient_descent({.rate = 0.01}), {.iterations = 10}, hooks...);
    };
    const auto silent = run();
    CHECK(counters.formed == 0);
    CHECK(counters.gradients == (minibatch ? 0 : 10) + 1);  // and the closing one
    const auto outcome = run(asks, asks, asks);
    CHECK(counters.formed == 11);
    CHECK(counters.gradients == 11);
    CHECK(outcome.gradient_evaluations == silent.gradient_evaluations);  // watching is not work
  }
}

TEST_CASE("everything in a snapshot belongs to its theta") {
  const auto p = problem();
  auto ws = p.workspace();
  Vector<double> g(start().size());
  Index seen = 0, closing = 0;
  double flow_time = 0;
  const auto check = [&](const auto& now) {
    const auto value = p.value_and_gradient(now.theta(), ws, g);
    CHECK(now.iteration() == (now.closing() ? 20 : seen));
    CHECK(now.loss() == value.loss);
    CHECK(now.objective() == value.objective);
    CHECK(now.objective() > now.loss());
    CHECK(now.gradient() == g);
    CHECK_THAT(now.gradient_norm(), WithinRel(g.norm(), 1e-15));
    CHECK_THAT(now.parameter_norm(), WithinRel(now.theta().norm(), 1e-15));
    CHECK((now.end_to_end() - product(now.theta())).norm() < 1e-14);
    CHECK((now.unfolding(0) - now.end_to_end()).norm() == 0);
    CHECK(now.values().size() == 20);
    CHECK(now.values()[4 + 1] == now.end_to_end()(1, 1));
    CHECK(now.shape() == Shape{4, 5});
    CHECK_THAT(now.flow_time() + 1, WithinRel(flow_time + 1, 1e-14));
    CHECK(now.rate() == 0.1);
    CHECK(now.until() == 20);
    CHECK(now.hessian_products() == 0);
    CHECK(now.gradient_evaluations() == static_cast<double>(now.closing() ? 20 : seen + 1));
    CHECK(now.wall_time() >= 0);
    flow_time += now.rate();
    ++seen, closing += now.closing();
  };
  const auto outcome = watch(20, check);
  CHECK(seen == 21);
  CHECK(closing == 1);
  CHECK_THAT(outcome.flow_time, WithinRel(2.0, 1e-14));
}

TEST_CASE("in a minibatch run the loss is that of all data, drawn() that of the batch; work counts in passes") {
  const auto p = problem();
  auto ws = p.workspace();
  Vector<double> theta = start(), g(theta.size());
  Index differ = 0;
  const auto outcome = train(p, theta, sgd({.rate = 0.01, .batch = 3}), {.iterations = 12}, [&](const auto& now) {
    const auto value = p.value_and_gradient(now.theta(), ws, g);
    CHECK(now.loss() == value.loss);
    CHECK(now.gradient() == g);
    differ += now.drawn().loss != now.loss();
    if (now.closing()) CHECK(now.drawn().loss == now.loss());
  });
  CHECK(differ == 12);
  CHECK_THAT(outcome.gradient_evaluations, WithinRel(4.0, 1e-14));
}

TEST_CASE("under GroupRMSprop the rate is the length that multiplies the gradient") {
  const auto p = problem();
  Vector<double> theta = start(), before, g;
  double rate = 0;
  train(p, theta, group_rmsprop({.rate = 0.05}), {.iterations = 5}, [&](const auto& now) {
    if (before.size()) CHECK((now.theta() - (before - rate * g)).norm() < 1e-15);
    before = now.theta(), g = now.gradient(), rate = now.rate();
  });
}

TEST_CASE("what a snapshot cannot give is refused with a sentence") {
  CHECK(thrown([] { watch(1, [](const auto& now) { (void)now.unfolding(2); }); }) == "Snapshot::unfolding: asked for mode 2, W is 4 x 5");
  const DeepMatrix<double> large({100'000, 1, 100'000});
  const Problem p(large, observed<double>(100'000, 100'000, {5}, {7}, Vector<double>::Ones(1)), MeanSquares{});
  Vector<double> theta = Vector<double>::Constant(200'000, 0.1);
  CHECK(thrown([&] {
          train(p, theta, gradient_descent({.rate = 0.1}), {.iterations = 1}, [](const auto& now) { (void)now.end_to_end(); });
        }).find("Snapshot::end_to_end: a dense 100000 x 100000 object has 1e+10 entries") == 0);
}
