// SPDX-License-Identifier: MIT
#include <tacit/hook/coupling.hpp>
#include <tacit/hook/trajectory.hpp>
#include <tacit/observation/connectivity.hpp>
#include <tacit/optimizer/recipes.hpp>
#include <tacit/train.hpp>

#include "catch.hpp"
#include "data/scratch.hpp"

using namespace tacit;
using Catch::Matchers::WithinAbs;

TEST_CASE("coupling: the largest cosine between groups, from a kernel; observations without a gradient count as 0") {
  const Matrix<double> K{{4, 1, 0.5, 0}, {1, 2.25, -0.9, 0}, {0.5, -0.9, 1, 0}, {0, 0, 0, 0}};
  CHECK_THAT(coupling_of(K, partition(4, {{0, 1}, {2, 3}})), WithinAbs(0.6, 1e-15));
  CHECK_THAT(coupling_of(K, partition(4, {{1, 2, 3}, {0}})), WithinAbs(1.0 / 3, 1e-15));
  CHECK(coupling_of(K, partition(4, {{0, 1, 2, 3}})) == 0);
  const auto error = [&](const Matrix<double>& kernel, const Partition& groups) {
    return scratch::error_of([&] { coupling_of(kernel, groups); });
  };
  CHECK(scratch::mentions(error(K.leftCols(3), partition(4, {{0, 1}, {2, 3}})), "the kernel is 4 x 3"));
  CHECK(scratch::mentions(error(K, partition(3, {{0, 1}, {2}})), "the groups hold 3 observations, the kernel is of 4"));
}
TEST_CASE("coupling: as a probe, between the components of the observed entries; zero at depth 2, not at depth 3") {
  Matrix<double> W = Matrix<double>::Constant(3, 3, std::nan(""));
  W(0, 0) = 1, W(0, 1) = 0.5, W(1, 2) = 0.7, W(2, 2) = 0.2;
  const auto data = observed(W);
  for (const Index depth : {2, 3}) {
    const DeepMatrix<double> model(std::vector<Index>(static_cast<std::size_t>(depth) + 1, 3));
    const Problem problem(model, data, HalfSumOfSquares{});
    Vector<double> theta = model.near_zero({.entry_std = 0.5, .seed = 1});
    Trajectory history(coupling(groups_by_component(data.where)));
    train(problem, theta, gradient_descent({.rate = 0.1}), {.iterations = 5}, history);
    for (const double value : history.column("coupling")) CHECK((depth == 2 ? value == 0 : value > 1e-3));
    CHECK_THAT(history.last("coupling"),
               WithinAbs(coupling_of(tangent_kernel(model, data.where, theta), partition(4, {{0, 1}, {2, 3}})), 1e-15));
    Trajectory wrong(coupling(partition(3, {{0, 1}, {2}})));
    CHECK(scratch::mentions(scratch::error_of([&] { train(problem, theta, gradient_descent({.rate = 0.1}), {.iterations = 1}, wrong); }),
                            "the groups hold 3 observations, the run sees 4"));
  }
  CHECK(scratch::mentions(scratch::error_of([&] { coupling({}); }), "there are no groups"));
}
