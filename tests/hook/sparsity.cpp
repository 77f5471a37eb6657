// SPDX-License-Identifier: MIT
#include <tacit/hook/schedule.hpp>
#include <tacit/hook/sparsity.hpp>
#include <tacit/hook/trajectory.hpp>
#include <tacit/optimizer/gradient_flow.hpp>
#include <tacit/optimizer/recipes.hpp>
#include <tacit/train.hpp>

#include "catch.hpp"
#include "thrown.hpp"

using namespace tacit;
using Catch::Matchers::WithinAbs;
using Catch::Matchers::WithinRel;

namespace {

const Matrix<double> A{{1, 1, 1}, {3, 0, 1}};
const Vector<double> y{{3, 3}};

auto problem(double depth) {
  return Problem(DiagonalNet<double>({.size = 3, .depth = depth}),
                 Data<double, LinearMap<double>>(LinearMap<double>(3, 1, A.transpose()), y), HalfSumOfSquares{});
}

}  // namespace

TEST_CASE("norms, sums and distances are those of x") {
  for (const double depth : {2.0, 3.0}) {
    const auto p = problem(depth);
    const Vector<double> theta{{0.5, 0.1, 0.9, 0.2, 0.4, 0.3}}, x = p.model().value(theta), reference{{1, 2, 3}};
    Trajectory at_start(l1_norm, quasi_norm(0.5), selection_sum(2), selection_sum(4), distance_of_x(reference), residual_norm(p),
                        effective_scale);
    Vector<double> start = theta;
    train(p, start, gradient_descent({.rate = 1e-3}), {.iterations = 1}, once(0, at_start));
    double root = 0, entropy = 0, g4 = 0, logs = 0;
    for (const double v : x) {
      root += std::sqrt(std::abs(v));
      entropy += std::abs(v) * (std::log(std::abs(v)) - 1);
      g4 += std::abs(v) - 2 * std::sqrt(std::abs(v));
    }
    for (Index i = 0; i < 3; ++i) logs += std::log(theta[i] * theta[3 + i]) / 6;
    CHECK_THAT(at_start.last("l1_norm"), WithinRel(x.lpNorm<1>(), 1e-14));
    CHECK_THAT(at_start.last("quasi_norm_0.5"), WithinRel(root * root, 1e-14));
    CHECK_THAT(at_start.last("selection_sum_2"), WithinRel(entropy, 1e-13));
    CHECK_THAT(at_start.last("selection_sum_4"), WithinRel(g4, 1e-13));
    CHECK_THAT(at_start.last("distance_of_x"), WithinRel((x - reference).norm(), 1e-14));
    CHECK_THAT(at_start.last("residual_norm"), WithinRel((A * x - y).norm(), 1e-14));
    CHECK_THAT(at_start.last("effective_scale_1"), WithinRel(std::sqrt(0.1 * 0.4), 1e-14));
    CHECK_THAT(at_start.last("effective_scale_2"), WithinRel(std::exp(logs), 1e-14));
  }
}
TEST_CASE("the flow keeps its invariant, descent loses it with the rate") {
  for (const double depth : {2.0, 2.5, 4.0}) {
    const auto p = problem(depth);
    const Vector<double> start = p.model().constant({.factor_scale = 0.3});
    std::vector<double> drifts;
    const auto drift = [&](const auto& optimizer, Index iterations) {
      Trajectory end(invariant_drift(start));
      Vector<double> theta = start;
      train(p, theta, optimizer, {.iterations = iterations}, at_the_end(end));
      return end.last("invariant_drift");
    };
    CHECK(drift(GradientFlow{.rtol = 1e-11, .atol = 1e-13, .time = 2}, 10'000) < 1e-9);
    const double coarse = drift(gradient_descent({.rate = 2e-3}), 1000), fine = drift(gradient_descent({.rate = 1e-3}), 2000);
    CHECK(coarse > 1e-4);
    CHECK_THAT(coarse / fine, WithinAbs(2, 0.2));
  }
}
TEST_CASE("probes on x refuse what they cannot measure") {
  CHECK(thrown([] { quasi_norm(0); }) == "quasi_norm: p is 0, it needs to be positive and finite");
  CHECK(thrown([] { selection_sum(1.5); }) == "Selection: the depth is 1.5, it needs to be 2 or more");
  CHECK(thrown([] { distance_of_x(Vector<double>{}); }) == "distance_of_x: the reference is empty");
  const auto p = problem(2);
  Vector<double> theta = p.model().constant({.factor_scale = 0.3});
  Trajectory history(distance_of_x(y));
  CHECK(thrown([&] { train(p, theta, gradient_descent({.rate = 1e-3}), {.iterations = 1}, history); }) ==
        "distance_of_x: the reference has 2 entries, x 3");
}
