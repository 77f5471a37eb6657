// SPDX-License-Identifier: MIT
#include <tacit/hook/group_losses.hpp>
#include <tacit/hook/trajectory.hpp>
#include <tacit/observation/features.hpp>
#include <tacit/optimizer/recipes.hpp>
#include <tacit/train.hpp>

#include "catch.hpp"
#include "data/scratch.hpp"

using namespace tacit;
using Catch::Matchers::WithinAbs;

TEST_CASE("group losses: of every class, their mean and the largest, by the residuals of its samples; penalties are left out") {
  const Matrix<double> X{{1, 0.2}, {0.9, -0.1}, {-0.3, 1.1}, {1.2, 0.3}, {0.1, 0.8}};
  const std::vector<Index> labels{0, 0, 1, 0, 1};
  const DeepMatrix<double> model({2, 3, 2});
  const Problem problem(model, classification_data(X, labels, 2), HalfMeanRegression{}, WeightDecayPenalty{0.1});
  Vector<double> theta = model.near_zero({.entry_std = 0.6, .seed = 3});
  Trajectory history(loss, group_losses(problem, groups_by(labels)));
  train(problem, theta, gradient_descent({.rate = 0.1}), {.iterations = 10}, history);
  CHECK(history.names() ==
        std::vector<std::string>{"iteration", "loss", "group_loss_1", "group_loss_2", "balanced_loss", "worst_group_loss"});
  const Matrix<double> W = model.layer(theta, 1) * model.layer(theta, 0);
  std::array<double, 2> expected{};
  for (Index s = 0; s < 5; ++s) {
    const Index c = labels[static_cast<std::size_t>(s)];
    expected[static_cast<std::size_t>(c)] += (Vector<double>::Unit(2, c) - W * X.row(s).transpose()).squaredNorm() / (c == 0 ? 6 : 4);
  }
  CHECK_THAT(history.last("group_loss_1"), WithinAbs(expected[0], 1e-14));
  CHECK_THAT(history.last("group_loss_2"), WithinAbs(expected[1], 1e-14));
  CHECK_THAT(history.last("balanced_loss"), WithinAbs((expected[0] + expected[1]) / 2, 1e-14));
  CHECK_THAT(history.last("worst_group_loss"), WithinAbs(std::max(expected[0], expected[1]), 1e-14));
  CHECK_THAT(history.last("loss"), WithinAbs((3 * expected[0] + 2 * expected[1]) / 5, 1e-14));
}
TEST_CASE("group losses: under a sum each is scaled to all observations; groups that do not fit are refused") {
  const DeepMatrix<double> model({2, 2});
  const Problem problem(model, observed(Matrix<double>{{1, 2}, {3, 4}}), HalfSumOfSquares{});
  GroupLosses rows(problem, partition(4, {{0, 1, 2}, {3}}));
  const std::vector<double> losses = rows.at(Vector<double>::Zero(4));
  CHECK_THAT(losses[0], WithinAbs((1 + 4 + 9) / 2.0 * 4 / 3, 1e-14));
  CHECK_THAT(losses[1], WithinAbs(16 / 2.0 * 4, 1e-14));
  CHECK(scratch::mentions(scratch::error_of([&] {
                            GroupLosses wrong(problem, partition(3, {{0, 1}, {2}}));
                          }),
                          "the groups hold 3 observations, batches of the problem draw from 4"));
  CHECK(scratch::mentions(scratch::error_of([&] { GroupLosses wrong(problem, {}); }), "there are no groups"));
  CHECK(scratch::mentions(scratch::error_of([&] { rows.at(Vector<double>::Zero(3)); }), "group_losses"));
}
