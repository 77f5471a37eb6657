// SPDX-License-Identifier: MIT
// Margins against those of samples looked at one by one; descent turns to the hard margin under the logistic loss, and not under squares.
#include <tacit/hook/classifier_margin.hpp>

#include <tacit/hook/schedule.hpp>
#include <tacit/hook/trajectory.hpp>
#include <tacit/loss/cross_entropy.hpp>
#include <tacit/loss/margin.hpp>
#include <tacit/model/deep_matrix.hpp>
#include <tacit/observation/features.hpp>
#include <tacit/optimizer/normalised_gradient.hpp>
#include <tacit/optimizer/recipes.hpp>
#include <tacit/solver/margin.hpp>
#include <tacit/train.hpp>

#include "catch.hpp"
#include "thrown.hpp"

using namespace tacit;
using Catch::Matchers::WithinAbs;
using Catch::Matchers::WithinRel;

namespace classifier_margin_tests {

/// Two clouds, apart in the first feature, of very different spreads.
Data<double, Features<double>> clouds(std::uint64_t seed) {
  Random random(seed, "clouds");
  Matrix<double> X(60, 3);
  Vector<double> y(60);
  for (Index k = 0; k < 60; ++k) {
    y[k] = k % 2 ? 1 : -1;
    X(k, 0) = y[k] * (0.5 + std::abs(random.normal()));
    X(k, 1) = 0.3 * y[k] + random.normal();
    X(k, 2) = (k % 2 ? 3 : 0.5) * random.normal();
  }
  return regression_data<double>(X, y);
}

}  // namespace classifier_margin_tests
using namespace classifier_margin_tests;

TEST_CASE("margins of labels are y z, their least and their quantiles as numpy has them") {
  const auto data = clouds(1);
  const DeepMatrix<double> model({3, 1});
  const Problem problem(model, data, logistic());
  Vector<double> theta{{1, -0.5, 0.2}};
  const Vector<double> w = theta;
  Trajectory history(classifier_margin()), fifth(classifier_margin({.quantile = 0.05})), all(classifier_margin({.quantile = 1}));
  train(problem, theta, gradient_descent({.rate = 1e-12}), {.iterations = 0}, history, fifth, all);
  CHECK(history.names() == std::vector<std::string>{"iteration", "margin", "normalised_margin"});
  Vector<double> margins = (data.where.columns().transpose() * w).cwiseProduct(data.y);
  std::sort(margins.data(), margins.data() + 60);
  CHECK_THAT(history.last("margin"), WithinRel(margins[0], 1e-13));
  CHECK_THAT(history.last("normalised_margin"), WithinRel(margins[0] / w.norm(), 1e-13));
  CHECK_THAT(fifth.last("margin"), WithinRel(margins[2] + 0.95 * (margins[3] - margins[2]), 1e-12));  // 0.05 * 59 = 2.95
  CHECK_THAT(all.last("margin"), WithinRel(margins[59], 1e-13));
}
TEST_CASE("margins of classes are the label's output less the largest other") {
  const Matrix<double> X{{1, 0}, {0, 1}, {1, 1}};
  const DeepMatrix<double> model({2, 3});
  const Problem problem(model, classification_data<double>(X, {0, 1, 2}, 3), cross_entropy());
  Vector<double> theta(6);
  model.layer(theta, 0) = Matrix<double>{{2, 0}, {1, 3}, {0, 4.5}};
  // Outputs (2, 1, 0), (0, 3, 4.5), (2, 4, 4.5): margins 1, -1.5, 0.5.
  Trajectory history(classifier_margin()), top(classifier_margin({.quantile = 1}));
  train(problem, theta, gradient_descent({.rate = 1e-12}), {.iterations = 0}, history, top);
  CHECK_THAT(history.last("margin"), WithinAbs(-1.5, 1e-13));
  CHECK_THAT(top.last("margin"), WithinAbs(1, 1e-13));
}
TEST_CASE("under the logistic loss descent turns to the hard margin, whose margin it never exceeds; under squares it turns elsewhere") {
  for (const std::uint64_t seed : {1, 2, 3}) {
    const auto data = clouds(seed);
    const MaxMargin best = max_margin(data);
    REQUIRE(best.gap < 1e-9);
    const DeepMatrix<double> model({3, 1});
    const auto run = [&](const auto& problem, const auto& optimizer) {
      Vector<double> theta = Vector<double>::Zero(3);
      Trajectory history(classifier_margin(), angle_to(best.w));
      train(problem, theta, optimizer, {.iterations = 20'000}, log_spaced(4, history));
      return history;
    };
    const auto logistic_run = run(Problem(model, data, logistic()), normalised_gradient({.rate = 0.05}));
    for (const double margin : logistic_run.column("normalised_margin")) CHECK(!(margin > best.margin * (1 + 1e-12)));
    CHECK(logistic_run.last("normalised_margin") > 0.995 * best.margin);
    CHECK(logistic_run.last("angle") < 0.01);
    CHECK(logistic_run.last("margin") > 0);
    const auto squares = run(Problem(model, data, MeanSquares{}), gradient_descent({.rate = 0.05}));
    CHECK(squares.last("angle") > 0.02);
    CHECK(squares.last("normalised_margin") < 0.98 * best.margin);
  }
}
TEST_CASE("angles are exact where they are small, and right and straight ones are what they are") {
  const DeepMatrix<double> model({2, 1});
  const Problem problem(model, regression_data<double>(Matrix<double>::Identity(2, 2), Vector<double>{{1, -1}}), logistic());
  const auto angle = [&](const Vector<double>& w, const Matrix<double>& reference) {
    Vector<double> theta = w;
    Trajectory history(angle_to(reference));
    train(problem, theta, gradient_descent({.rate = 1e-12}), {.iterations = 0}, history);
    return history.last("angle");
  };
  CHECK_THAT(angle(Vector<double>{{3, 3e-9}}, Matrix<double>{{2, 0}}), WithinRel(1e-9, 1e-6));
  CHECK(angle(Vector<double>{{3, 4}}, Matrix<double>{{6, 8}}) < 1e-15);
  CHECK_THAT(angle(Vector<double>{{0, 4}}, Matrix<double>{{6, 0}}), WithinRel(std::numbers::pi / 2, 1e-14));
  CHECK_THAT(angle(Vector<double>{{-1, 0}}, Matrix<double>{{6, 0}}), WithinRel(std::numbers::pi, 1e-14));
  CHECK(std::isnan(angle(Vector<double>{{0, 0}}, Matrix<double>{{6, 0}})));
  CHECK(thrown([&] { angle(Vector<double>{{1, 0}}, Matrix<double>{{6, 0, 1}}); }) == "angle_to: the reference has 3 numbers, W 2");
  CHECK(thrown([] { angle_to(Vector<double>(Vector<double>::Zero(3))); }) == "angle_to: the reference is empty or zero");
}
TEST_CASE("margins need labels, and say which target is none") {
  const DeepMatrix<double> model({2, 1}), wide({2, 2});
  const Matrix<double> X = Matrix<double>::Identity(2, 2);
  const auto refusal = [](const auto& problem, Index size) {
    return thrown([&] {
      Vector<double> theta = Vector<double>::Ones(size);
      train(problem, theta, gradient_descent({.rate = 0.1}), {.iterations = 1}, Trajectory(classifier_margin()));
    });
  };
  CHECK(refusal(Problem(model, regression_data<double>(X, Vector<double>{{1, 0.5}}), MeanSquares{}), 2) ==
        "classifier_margin: the target of sample 1 is 0.5, a label is -1 or 1");
  CHECK(refusal(Problem(wide, regression_data<double>(X, Matrix<double>{{1, 0}, {1, 1}}), MeanSquares{}), 4) ==
        "classifier_margin: the target of output 1 of sample 1 is 1, a label is one 1 among zeros");
  CHECK(refusal(Problem(wide, regression_data<double>(X, Matrix<double>{{1, 0}, {0, 0}}), MeanSquares{}), 4) ==
        "classifier_margin: no target of sample 1 is 1, a label is one 1 among zeros");
  CHECK(thrown([] { classifier_margin({.quantile = 2}); }) == "classifier_margin: .quantile is 2, it needs to be in [0, 1]");
}
