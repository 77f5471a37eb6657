// SPDX-License-Identifier: MIT
// Averages: what hooks and the outcome see, and what averaging is for.
#include <tacit/hook/schedule.hpp>
#include <tacit/optimizer/gradient_noise.hpp>
#include <tacit/optimizer/iterate_average.hpp>
#include <tacit/optimizer/recipes.hpp>
#include <tacit/optimizer/schedule_free.hpp>
#include <tacit/train.hpp>

#include "bitwise/example.hpp"
#include "thrown.hpp"

using namespace tacit;

namespace {

/// x^2 / 2 in `size` parameters.
struct Quadratic {
  using scalar_type = double;
  struct Workspace {
    double gradients = 0, hessian_products = 0;
  };
  Layout blocks;
  explicit Quadratic(Index size) : blocks(Layout().add("x", {size})) {}
  Workspace workspace() const { return {}; }
  Index dimension() const { return blocks.parameter_count(); }
  const Layout& layout() const { return blocks; }
  Value<double> value_and_gradient(In<double> x, Workspace& ws, Out<double> g) const {
    ws.gradients += 1;
    g = x;
    return {x.squaredNorm() / 2, x.squaredNorm() / 2};
  }
};

/// Mean square of the reported theta after noisy steps on a quadratic: parameters are independent repetitions.
double spread_after(const auto& stages, Index steps) {
  const Quadratic quadratic(4000);
  Vector<double> x = Vector<double>::Zero(4000);
  train(quadratic, x, stages, {.iterations = steps});
  return x.squaredNorm() / 4000;
}

}  // namespace

TEST_CASE("uniform averaging on a noisy quadratic has variance falling as 1 / t; the iterate's does not fall") {
  const auto noisy = FullGradient{} | GradientNoise{.variance = 1, .decay = 0, .seed = 3} | LearningRate{0.5};
  const double at_100 = spread_after(noisy | UniformAverage{}, 100), at_400 = spread_after(noisy | UniformAverage{}, 400),
               at_1600 = spread_after(noisy | UniformAverage{}, 1600);
  // The mean of t iterates has variance sigma^2 / (lambda^2 t) (1 + O(1 / t)); relative errors of these estimates are about sqrt(2 / 4000) = 2.2 %.
  CHECK(at_100 / at_400 > 3.6);
  CHECK(at_100 / at_400 < 4.4);
  CHECK(at_400 / at_1600 > 3.6);
  CHECK(at_400 / at_1600 < 4.4);
  CHECK(std::abs(at_1600 * 1600 - 1) < 0.1);
  CHECK(spread_after(noisy, 100) / spread_after(noisy, 1600) < 1.2);
  CHECK(spread_after(noisy | ExponentialAverage{.decay = 0.9}, 100) / spread_after(noisy | ExponentialAverage{.decay = 0.9}, 1600) < 1.2);
}

TEST_CASE("hooks, finish() and the outcome see the average, with its own loss and gradient; the run goes on from the iterate") {
  const auto p = bitwise::problem<double>();
  auto ws = p.workspace();
  Vector<double> mean = bitwise::start<double>(), iterate = mean, g(44);
  Run run(p, bitwise::start<double>(), FullGradient{} | LearningRate{0.3} | UniformAverage{}, [&](const auto& now) {
    const double loss = p.value_and_gradient(mean, ws, g).loss;
    CHECK((now.theta() - mean).norm() <= 1e-13 * mean.norm());
    CHECK(std::abs(now.loss() - loss) <= 1e-13 * loss);
    CHECK((now.gradient() - g).norm() <= 1e-12 * g.norm());
    CHECK((now.iterate() - iterate).norm() <= 1e-13 * iterate.norm());
    if (now.closing()) return;
    p.value_and_gradient(iterate, ws, g);
    iterate -= 0.3 * g;
    mean += (iterate - mean) / static_cast<double>(now.iteration() + 2);
  });
  run.advance(20);
  const auto outcome = run.finish();
  CHECK(std::abs(outcome.loss - p.value(mean, ws).loss) <= 1e-13 * outcome.loss);
  CHECK((run.theta() - mean).norm() <= 1e-13 * mean.norm());
  CHECK((run.iterate() - iterate).norm() <= 1e-13 * iterate.norm());
  CHECK((run.theta() - run.iterate()).norm() > 0.01);
  CHECK(outcome.gradient_evaluations == 20);  // watching the average does not count as work
}

TEST_CASE("schedule-free descent with beta = 0 reports the mean of the iterates of gradient descent") {
  const auto p = bitwise::problem<double>();
  Vector<double> reported = bitwise::start<double>(), descent = reported, mean = Vector<double>::Zero(44);
  train(p, reported, schedule_free_sgd({.rate = 0.2, .beta = 0}), {.iterations = 30});
  for (int t = 1; t <= 30; ++t) {
    train(p, descent, gradient_descent({.rate = 0.2}), {.iterations = 1});
    mean += (descent - mean) / t;
  }
  CHECK((reported - mean).norm() <= 1e-13 * mean.norm());
  CHECK((reported - descent).norm() > 0.01);
}

TEST_CASE("settings of averages and schedule-free methods are refused by name and value") {
  const auto p = bitwise::problem<double>();
  const auto refusal = [&](const auto& optimizer) { return thrown([&] { (void)optimizer.start(p); }); };
  CHECK(refusal(FullGradient{} | LearningRate{0.1} | UniformAverage{.from = -1}) ==
        "UniformAverage: .from is -1, it needs to be at least 0");
  CHECK(refusal(FullGradient{} | LearningRate{0.1} | ExponentialAverage{.decay = 1}) ==
        "ExponentialAverage: .decay is 1, it needs to be in [0, 1)");
  CHECK(refusal(schedule_free_sgd({.rate = 0})) == "ScheduleFree: .rate is 0, it needs to be positive and finite");
  CHECK(refusal(schedule_free_sgd({.beta = 1.5})) == "ScheduleFree: .beta is 1.5, it needs to be in [0, 1]");
  CHECK(refusal(schedule_free_adamw({.beta2 = 1})) == "ScheduleFreeAdamW: .beta2 is 1, it needs to be in [0, 1)");
}
