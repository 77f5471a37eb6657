// SPDX-License-Identifier: MIT
#include <tacit/hook/growth_exponent.hpp>

#include <tacit/hook/schedule.hpp>
#include <tacit/hook/trajectory.hpp>
#include <tacit/io/csv_reader.hpp>
#include <tacit/model/cp.hpp>
#include <tacit/model/hierarchical_tensor.hpp>
#include <tacit/output/trajectory_csv.hpp>

#include "catch.hpp"
#include "data/scratch.hpp"
#include "tensors.hpp"
#include "thrown.hpp"

using namespace tensors;
using Catch::Matchers::WithinAbs;
using Catch::Matchers::WithinRel;

TEST_CASE("a power law is found, with the error that least squares gives it") {
  const std::vector<double> x{1, 2, 4, 8};
  std::vector<double> y;
  for (double v : x) y.push_back(3 * std::pow(v, 1.5));
  PowerLaw fit = fit_power_law(x, y);
  CHECK_THAT(fit.exponent, WithinRel(1.5, 1e-12));
  CHECK_THAT(fit.prefactor, WithinRel(3.0, 1e-12));
  CHECK(fit.standard_error < 1e-12);
  // noise e = (d, -d, -d, d) in the logarithm is orthogonal to 1 and to log x: the fit stays, its error is sqrt(4 d^2 / 2 / 5) / log 2
  const double d = 0.01;
  for (std::size_t k = 0; k < 4; ++k) y[k] *= std::exp(k == 0 || k == 3 ? d : -d);
  fit = fit_power_law(x, y);
  CHECK_THAT(fit.exponent, WithinRel(1.5, 1e-12));
  CHECK_THAT(fit.standard_error, WithinRel(d * std::sqrt(0.4) / std::log(2.0), 1e-10));
  CHECK(thrown([&] { fit_power_law({1, 2}, {1, 2}); }) == "fit_power_law: 2 points, an exponent with its error needs at least 3");
  CHECK(thrown([&] { fit_power_law({1, 2, 3}, {1, -2, 3}); }) == "fit_power_law: point 1 is (2, -2), a power law has positive numbers");
}

TEST_CASE("a balanced hierarchical factorization grows its local components as K norm^(2 - 2/K) with K = 3") {
  // Width one: balance of the only local component of each node is balance of all blocks.
  const HierarchicalTensor<double> model({.shape = {3, 3, 3, 3}, .widths = {1, 1}});
  const Tensor<double> target = formed(model, normal(model.parameter_count(), 8));
  const Problem problem(model, fully_observed(target), HalfSumOfSquares{});
  Vector<double> theta = model.near_zero({.factor_norm = 0.3, .seed = 2});
  REQUIRE(model.invariants(theta).cwiseAbs().maxCoeff() < 1e-14);
  GrowthExponent growth(local_component_growth({0, 1}), {.from = 0.02, .to = 1});
  train(problem, theta, gradient_descent({.rate = 1e-3}), {.iterations = 40'000}, every(10, growth));
  const PowerLaw fit = growth.fit();
  CHECK(fit.points > 20);
  CHECK_THAT(fit.exponent, WithinAbs(2 - 2.0 / 3, 0.01));
  CHECK_THAT(fit.prefactor, WithinRel(3.0, 0.02));
  CHECK(fit.standard_error < 0.01);
  CHECK(thrown([&] { growth.fit(1); }) == "GrowthExponent: component 1 is asked for, 1 were recorded");
}
TEST_CASE("the growth of a recorded run, in memory or from CSV, is fitted as by the hook, and columns that it lacks are named") {
  const scratch::Folder folder;
  const CP<double> model({.shape = {3, 3, 3}, .rank = 2});
  const Tensor<double> target = formed(model, normal(model.parameter_count(), 8));
  const Problem problem(model, fully_observed(target), HalfSumOfSquares{});
  Vector<double> theta = model.near_zero({.entry_std = 0.05, .seed = 2});
  GrowthExponent growth(component_growth, {.from = 1e-3, .to = 0.5});
  Trajectory history(tacit::flow_time, growth_columns(component_growth));
  train(problem, theta, gradient_descent({.rate = 1e-2}), {.iterations = 4000}, every(10, growth), every(10, history));
  CHECK(history.names() ==
        std::vector<std::string>{"iteration", "flow_time", "growth_norm_1", "growth_alignment_1", "growth_norm_2", "growth_alignment_2"});
  history.write_csv(folder / "history.csv");
  const Table back = read_csv_table(folder / "history.csv");
  for (Index r = 0; r < 2; ++r) {
    const GrowthColumns columns{.norm = sentence("growth_norm_", r + 1), .alignment = sentence("growth_alignment_", r + 1)};
    const std::string by_hook = sentence(growth.fit(r));
    CHECK(growth.fit(r).points > 10);
    CHECK(sentence(fit_growth(history, columns, {.from = 1e-3, .to = 0.5})) == by_hook);
    CHECK(sentence(fit_growth(back, columns, {.from = 1e-3, .to = 0.5})) == by_hook);
  }
  CHECK(fit_growth(back, {}, {.from = 1e-2, .to = 0.5}).points != growth.fit(0).points);  // the window counts
  CHECK(thrown([&] { fit_growth(back, {.norm = "sigma_1", .alignment = "sigma_alignment_1"}); }) ==
        "fit_growth: the trajectory lacks 'sigma_1', 'sigma_alignment_1'; it has iteration, flow_time, growth_norm_1, growth_alignment_1, "
        "growth_norm_2, growth_alignment_2");
}
