// SPDX-License-Identifier: MIT
// Barrett & Dherin 2021, Implicit Gradient Regularization: descent at rate h follows the flow of L + h/4 |grad L|^2 to second order.

#include <tacit/core/random.hpp>
#include <tacit/hook/distance_to_run.hpp>
#include <tacit/hook/schedule.hpp>
#include <tacit/hook/trajectory.hpp>
#include <tacit/optimizer/fixed_flow.hpp>
#include <tacit/optimizer/modified_flow.hpp>
#include <tacit/optimizer/recipes.hpp>
#include <tacit/train.hpp>

#include "catch.hpp"

using namespace tacit;
using Catch::Matchers::WithinAbs;
using Catch::Matchers::WithinRel;

namespace {

/// L = 1/2 (0.6 - a b)^2, started at (2.8, 3.5).
auto barrett_toy() {
  return Problem(DeepMatrix<double>({1, 1, 1}), Data<double, AllEntries>(AllEntries(1, 1), Vector<double>{{0.6}}), HalfSumOfSquares{});
}
const Vector<double> barrett_start{{2.8, 3.5}};

/// Distances of descent at rate h after the time 1 from the flow and from the modified flow.
template <class P>
std::pair<double, double> barrett_distances(const P& problem, const Vector<double>& start, double h) {
  Vector<double> theta = start;
  Run flow(problem, start, FixedFlow{.interval = h, .substeps = 50});
  Run modified(problem, start, ModifiedFlow{.h = h, .substeps = 50});
  Trajectory end(distance_to_run("flow", flow), distance_to_run("modified", modified));
  train(problem, theta, gradient_descent({.rate = h}), {.iterations = std::lround(1 / h)}, at_the_end(end));
  return {end.last("flow"), end.last("modified")};
}
double barrett_slope(double y0, double y1, double x0, double x1) { return std::log(y1 / y0) / std::log(x1 / x0); }
/// Whether a value has these three digits, the last of them by one more or less.
bool three_digits(double value, double digits) {
  const double unit = std::pow(10.0, std::floor(std::log10(std::abs(digits))) - 2);
  return std::abs(value - digits) < 1.5 * unit;
}

}  // namespace

TEST_CASE("barrett2021/1, 2: the six rows of the two-parameter problem, and slopes 1 from the flow and 2 from the modified flow") {
  struct Row {
    double h, flow, modified, difference, sum;
  };
  const std::vector<Row> rows{{0.001, 3.41e-3, 4.34e-5, -4.3954, 4.5563}, {0.0025, 8.57e-3, 2.70e-4, -4.3733, 4.5350},
                              {0.005, 1.73e-2, 1.07e-3, -4.3361, 4.4991}, {0.01, 3.54e-2, 4.24e-3, -4.2598, 4.4256},
                              {0.02, 7.45e-2, 1.70e-2, -4.0962, 4.2684},  {0.025, 9.63e-2, 2.70e-2, -4.0066, 4.1824}};
  const auto problem = barrett_toy();
  std::vector<double> flow, modified;
  for (const Row& row : rows) {
    CAPTURE(row.h);
    const auto [to_flow, to_modified] = barrett_distances(problem, barrett_start, row.h);
    CHECK(three_digits(to_flow, row.flow));
    CHECK(three_digits(to_modified, row.modified));
    flow.push_back(to_flow);
    modified.push_back(to_modified);
    Vector<double> limit = barrett_start;
    train(problem, limit, gradient_descent({.rate = row.h}), {.iterations = std::lround(100 / row.h)});
    CHECK_THAT(limit[0] * limit[0] - limit[1] * limit[1], WithinAbs(row.difference, 1.5e-4));
    CHECK_THAT(limit.squaredNorm(), WithinAbs(row.sum, 1.5e-4));
  }
  for (std::size_t k = 1; k < 4; ++k) {
    CHECK_THAT(barrett_slope(flow[k - 1], flow[k], rows[k - 1].h, rows[k].h), WithinAbs(1.0, 0.05));
    CHECK_THAT(barrett_slope(modified[k - 1], modified[k], rows[k - 1].h, rows[k].h), WithinAbs(2.0, 0.05));
  }
}
TEST_CASE("barrett2021/1: a penalty of another weight than h/4 leaves the slope at 1") {
  const auto problem = barrett_toy();
  std::vector<double> distance;
  for (const double h : {0.00025, 0.0005}) {
    Vector<double> theta = barrett_start;
    Run other(problem, theta, ModifiedFlow{.h = 2 * h, .interval = h, .substeps = 50});  // twice the paper's weight
    other.advance(std::lround(1 / h));
    train(problem, theta, gradient_descent({.rate = h}), {.iterations = std::lround(1 / h)});
    distance.push_back((theta - other.theta()).norm());
  }
  CHECK_THAT(barrett_slope(distance[0], distance[1], 0.00025, 0.0005), WithinAbs(1.0, 0.05));
}
TEST_CASE("barrett2021/3: a step changes a^2 - b^2 by the factor 1 - h^2 r^2, which the flow conserves") {
  const auto problem = barrett_toy();
  for (const double h : {0.001, 0.01, 0.025}) {
    double before = 0, factor = 1, worst = 0;
    bool first = true;
    Vector<double> theta = barrett_start;
    train(problem, theta, gradient_descent({.rate = h}), {.iterations = 400}, [&](const auto& now) {
      const double a = now.theta()[0], b = now.theta()[1], r = a * b - 0.6, difference = a * a - b * b;
      if (!first) worst = std::max(worst, std::abs(difference / (before * factor) - 1));
      before = difference, factor = 1 - h * h * r * r, first = false;
    });
    CHECK(worst < 1e-12);
    Vector<double> along = barrett_start;
    train(problem, along, FixedFlow{.interval = h, .substeps = 50}, {.iterations = 400});
    CHECK_THAT(along[0] * along[0] - along[1] * along[1], WithinAbs(-4.41, 1e-9));
    CHECK(std::abs(before + 4.41) > 1e-2 * (h / 0.001) * 0.5);  // and descent does not
  }
}
TEST_CASE("barrett2021/4: on a deep factorization the distance to the modified flow, relative to that to the flow, falls linearly with h") {
  Random random(1, "barrett2021");
  Matrix<double> target(10, 10);
  for (double& entry : target.reshaped()) entry = random.normal();
  const DeepMatrix<double> model({10, 10, 10, 10});
  const Problem problem(model, fully_observed(target), HalfSumOfSquares{});
  const Vector<double> start = model.near_zero({.entry_std = 0.3, .seed = 2});
  std::vector<double> ratio;
  const std::vector<double> rates{1e-3, 2.5e-3, 5e-3, 1e-2};
  for (const double h : rates) {
    const auto [to_flow, to_modified] = barrett_distances(problem, start, h);
    ratio.push_back(to_modified / to_flow);
  }
  for (std::size_t k = 1; k < rates.size(); ++k)
    CHECK_THAT(barrett_slope(ratio[k - 1], ratio[k], rates[k - 1], rates[k]), WithinAbs(1.0, 0.1));
  CHECK(ratio[0] < 0.1);
}
