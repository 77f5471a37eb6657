// SPDX-License-Identifier: MIT
#include <tacit/hook/penalty_samples.hpp>

#include <tacit/hook/schedule.hpp>
#include <tacit/hook/trajectory.hpp>
#include <tacit/io/csv_reader.hpp>
#include <tacit/optimizer/weight_decay.hpp>
#include <tacit/output/trajectory_csv.hpp>

#include "catch.hpp"
#include "data/scratch.hpp"
#include "hook/example.hpp"
#include "thrown.hpp"

using namespace tacit;
using Catch::Matchers::WithinRel;

namespace {

auto sampled_problem() { return Problem(example::model(), example::data(), MeanSquares{}); }
template <class Optimizer>
auto sampled_run(const Optimizer& optimizer, Index iterations = 30) {
  const auto problem = sampled_problem();
  Vector<double> theta = example::start();
  Trajectory history(flow_time, rate, theta_entries);
  train(problem, theta, optimizer, {.iterations = iterations}, every(1, history));
  return history;
}

}  // namespace

TEST_CASE(
    "penalty samples: decay that an optimizer adds to the gradient is recovered from the run and from its CSV file, momentum is no decay") {
  const auto problem = sampled_problem();
  const std::vector<PenaltyCandidate> decay{penalty_candidate(WeightDecayPenalty{1})};
  const auto history = sampled_run(FullGradient{} | WeightDecay{0.3} | LearningRate{0.05});
  const ImplicitPenalty found = estimate_penalty(step_samples(problem, history), decay);
  INFO(found);
  CHECK_THAT(found.coefficients[0], WithinRel(0.3, 1e-11));
  CHECK(found.residual < 1e-11);
  CHECK(found.equations == 30 * 27);
  const scratch::Folder folder;
  history.write_csv(folder / "history.csv");
  const ImplicitPenalty back = estimate_penalty(step_samples(problem, read_csv_table(folder / "history.csv")), decay);
  CHECK(back.coefficients == found.coefficients);
  CHECK(back.residual == found.residual);
  // Controls: plain descent has no decay, and with momentum it does not explain what is left.
  CHECK(std::abs(estimate_penalty(step_samples(problem, sampled_run(gradient_descent({.rate = 0.05}))), decay).coefficients[0]) < 1e-12);
  CHECK(estimate_penalty(step_samples(problem, sampled_run(momentum({.rate = 0.05, .beta = 0.9}))), decay).residual > 0.5);
}
TEST_CASE("penalty samples: the length of the steps is a penalty of eta P/4 on the mean squared gradient, that of the flow none") {
  const auto problem = sampled_problem();
  const std::vector<PenaltyCandidate> candidate{mean_squared_gradient(problem)};
  std::vector<double> off;
  for (const double rate : {0.02, 0.01}) {
    const auto history = sampled_run(gradient_descent({.rate = rate}), std::lround(0.6 / rate));
    const ImplicitPenalty found = estimate_penalty(finite_step_samples(problem, history), candidate);
    off.push_back(found.coefficients[0] / (rate * 27 / 4) - 1);
    CHECK(found.residual < 0.05);
  }
  CHECK(std::abs(off[1]) < 0.02);
  CHECK(std::abs(off[0] / off[1] - 2) < 0.1);  // what is left is of first order in the rate
  const auto flow = sampled_run(FixedFlow{.interval = 0.02, .substeps = 20});
  CHECK(std::abs(estimate_penalty(finite_step_samples(problem, flow), candidate).coefficients[0]) < 1e-9 * 0.02 * 27 / 4);
}
TEST_CASE("penalty samples: what a record lacks is named") {
  const auto problem = sampled_problem();
  Trajectory history(loss);
  Vector<double> theta = example::start();
  train(problem, theta, gradient_descent({.rate = 0.05}), {.iterations = 3}, every(1, history));
  CHECK(thrown([&] { step_samples(problem, history); }) ==
        "step_samples: the trajectory lacks 'flow_time', 'theta_1'; it has iteration, loss");
  CHECK(thrown([&] { finite_step_samples(problem, history); }) ==
        "finite_step_samples: the trajectory lacks 'flow_time', 'theta_1'; it has iteration, loss");
  CHECK(thrown([&] { recorded_vectors(history, "theta"); }) == "recorded_vectors: the trajectory lacks 'theta_1'; it has iteration, loss");
  Trajectory once(flow_time, theta_entries);
  train(problem, theta, gradient_descent({.rate = 0.05}), {.iterations = 3}, at_the_end(once));
  CHECK(thrown([&] { step_samples(problem, once); }) == "step_samples: the trajectory has 1 row, a step needs two");
  const DeepMatrix<double> other({2, 2});
  const Problem small(other, fully_observed(Matrix<double>(Matrix<double>::Ones(2, 2))), MeanSquares{});
  const auto long_run = sampled_run(gradient_descent({.rate = 0.05}));
  CHECK(thrown([&] { step_samples(small, long_run); }) ==
        "step_samples: the trajectory has 27 entries of 'theta', the problem 4 parameters");
  CHECK(thrown([&] { step_samples(problem, long_run, {.time = "rate"}); }) ==
        "step_samples: 'rate' goes from 0.05 to 0.05 in row 2, it needs to rise");
  CHECK(thrown([&] { finite_step_samples(problem, long_run, {.substeps = 0}); }) ==
        "finite_step_samples: .substeps is 0, it needs to be at least 1");
}
