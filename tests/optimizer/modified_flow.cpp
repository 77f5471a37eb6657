// SPDX-License-Identifier: MIT
#include <tacit/optimizer/modified_flow.hpp>
#include <tacit/optimizer/recipes.hpp>
#include <tacit/train.hpp>

#include "catch.hpp"
#include "thrown.hpp"

using namespace tacit;
using Catch::Matchers::WithinAbs;
using Catch::Matchers::WithinRel;

namespace {

auto modified_flow_product() {
  return Problem(DeepMatrix<double>({1, 1, 1}), Data<double, AllEntries>(AllEntries(1, 1), Vector<double>{{1}}), HalfSumOfSquares{});
}

}  // namespace

TEST_CASE("the modified flow of a quadratic decays at the rate 1 + h/2") {
  const Problem problem(DeepMatrix<double>({1, 1}), Data<double, AllEntries>(AllEntries(1, 1), Vector<double>{{0}}), HalfSumOfSquares{});
  Vector<double> theta{{1}};
  const auto outcome = train(problem, theta, ModifiedFlow{.h = 0.1, .substeps = 4}, {.iterations = 20});
  CHECK_THAT(outcome.flow_time, WithinRel(2.0, 1e-14));
  CHECK(outcome.gradient_evaluations == 20 * 4 * 4);
  CHECK(outcome.hessian_products == 20 * 4 * 4);
  CHECK_THAT(theta[0], WithinRel(std::exp(-2 * 1.05), 1e-8));
}
TEST_CASE("with h = 0 it is the gradient flow, bit for bit") {
  const auto problem = modified_flow_product();
  Vector<double> theta{{0.4, 0.9}}, plain = theta;
  train(problem, theta, ModifiedFlow{.h = 0, .interval = 0.1, .substeps = 2}, {.iterations = 30});
  train(problem, plain, FixedFlow{.interval = 0.1, .substeps = 2}, {.iterations = 30});
  CHECK(theta == plain);
}
TEST_CASE("one step of descent is h^3 from the modified flow and h^2 from the flow") {
  const auto problem = modified_flow_product();
  const auto distance = [&](double h, const auto& flow) {
    Vector<double> descent{{0.4, 1.5}}, along = descent;
    train(problem, descent, gradient_descent({.rate = h}), {.iterations = 1});
    train(problem, along, flow, {.iterations = 1});
    return (descent - along).norm();
  };
  const double plain = distance(0.02, FixedFlow{.interval = 0.02}) / distance(0.01, FixedFlow{.interval = 0.01});
  const double modified = distance(0.02, ModifiedFlow{.h = 0.02}) / distance(0.01, ModifiedFlow{.h = 0.01});
  CHECK_THAT(std::log2(plain), WithinAbs(2.0, 0.1));
  CHECK_THAT(std::log2(modified), WithinAbs(3.0, 0.1));
}
TEST_CASE("the modified flow names what it refuses") {
  const auto problem = modified_flow_product();
  CHECK(thrown([&] { ModifiedFlow{.h = -1}.start(problem); }) == "ModifiedFlow: .h is -1, it needs to be 0 or more");
  CHECK(thrown([&] { ModifiedFlow{.h = 0}.start(problem); }) ==
        "ModifiedFlow: .h and .interval are both 0, an iteration needs a time to cover");
  CHECK(thrown([&] { ModifiedFlow{.h = 1, .substeps = -2}.start(problem); }) == "ModifiedFlow: .substeps is -2, it needs to be at least 1");
}
