// SPDX-License-Identifier: MIT
// Every loss, with and without weights, has the gradient and the Hessian that its value claims.
#include <tacit/loss/binomial.hpp>
#include <tacit/loss/cross_entropy.hpp>
#include <tacit/loss/discriminant.hpp>
#include <tacit/loss/huber.hpp>
#include <tacit/loss/margin.hpp>
#include <tacit/loss/poisson.hpp>
#include <tacit/loss/power.hpp>
#include <tacit/loss/smoothed_l1.hpp>

#include <Eigen/LU>

#include "laws.hpp"
#include "thrown.hpp"

using namespace laws;

namespace {
template <class Loss>
void check_loss(const Loss& loss) {
  const DeepMatrix<double> model({4, 2, 5, 3});
  const Vector<double> theta = normal<double>(model.parameter_count(), 41, 0.6);
  INFO(loss.name());
  for (const bool weighted : {false, true})
    objective_is_smooth(Problem(model, targets_near(model, some_entries(3, 4), theta, weighted), loss), theta);
}
}  // namespace

TEST_CASE("the four squares") {
  check_loss(SumOfSquares{});
  check_loss(HalfSumOfSquares{});
  check_loss(MeanSquares{});
  check_loss(HalfMeanSquares{});
}
TEST_CASE("Huber's loss, residuals on both sides of delta") {
  check_loss(huber());
  check_loss(huber({.delta = 1.1, .reduction = Reduction::sum}));
}
TEST_CASE("powers") {
  check_loss(power({.p = 4}));
  check_loss(power({.p = 2.5, .reduction = Reduction::sum}));
}
TEST_CASE("the Poisson deviance, of counts that are 0 and others") {
  const DeepMatrix<double> model({4, 2, 5, 3});
  const Vector<double> theta = normal<double>(model.parameter_count(), 41, 0.6);
  for (const bool weighted : {false, true})
    for (const Reduction over : {Reduction::mean, Reduction::sum}) {
      auto counts = targets_near(model, some_entries(3, 4), theta, weighted);
      for (double& y : counts.y) y = std::max(0.0, std::round(3 * y));
      REQUIRE((counts.y.array() == 0).any());
      REQUIRE((counts.y.array() > 0).any());
      objective_is_smooth(Problem(model, counts, poisson({.reduction = over})), theta);
    }
}
TEST_CASE("losses of labels and shares") {
  const DeepMatrix<double> model({4, 2, 5, 3});
  const Vector<double> theta = normal<double>(model.parameter_count(), 41, 0.6);
  const auto check_with = [&](const auto& loss, auto&& target) {
    INFO(loss.name());
    for (const bool weighted : {false, true}) {
      auto data = targets_near(model, some_entries(3, 4), theta, weighted);
      for (Index k = 0; k < data.count(); ++k) data.y[k] = target(k);
      objective_is_smooth(Problem(model, data, loss), theta);
    }
  };
  const auto sign = [](Index k) { return k % 3 ? 1.0 : -1.0; };
  check_with(logistic(), sign);
  check_with(exponential({.reduction = Reduction::sum}), sign);
  check_with(hinge(), sign);  // at predictions that are not near the kink, as everything here is piecewise smooth
  check_with(squared_hinge(), sign);
  check_with(binomial(), [](Index k) { return 0.25 * static_cast<double>(k % 5); });
}
TEST_CASE("the smoothed absolute deviation") { check_loss(smoothed_l1({.epsilon = 0.5})); }
TEST_CASE("cross-entropy over groups of one size and of several") {
  const DeepMatrix<double> model({4, 2, 5, 3});
  const Vector<double> theta = normal<double>(model.parameter_count(), 41, 0.6);
  Data<double, AllEntries> data(AllEntries(3, 4), Vector<double>{{1, 0, 0, 0.25, 0.5, 0.25, 0, 1, 0, 0.5, 0, 0.5}});
  for (const bool weighted : {false, true}) {
    if (weighted) data.weight = Vector<double>{{2, 2, 2, 0.5, 0.5, 0.5, 0, 0, 0, 1, 1, 1}};
    objective_is_smooth(Problem(model, data, cross_entropy({.classes = 3})), theta);
    objective_is_smooth(Problem(model, data, cross_entropy({.reduction = Reduction::sum, .classes = 3})), theta);
  }
  data.weight = {};
  data.y = Vector<double>{{1, 0.5, 0.5, 0, 0, 1, 0, 0, 1, 0.75, 0.25, 0}};
  objective_is_smooth(Problem(model, data, cross_entropy({.groups = partition(12, {{0, 3}, {2, 1, 4}, {8, 6, 7, 11}, {9, 10}, {5}})})),
                      theta);
}
TEST_CASE("the Rayleigh ratio of a vector, and the discriminant of several directions") {
  const Matrix<double> A = normal_matrix<double>(4, 4, 7), B = normal_matrix<double>(4, 2, 8);
  const Matrix<double> within = A * A.transpose() + Matrix<double>::Identity(4, 4), between = B * B.transpose();
  const auto check_with = [&](const DeepMatrix<double>& model, const auto& loss) {
    const Vector<double> theta = normal<double>(model.parameter_count(), 43, 0.6);
    const Problem problem(model, no_targets<double>(model.shape()), loss);
    objective_is_smooth(problem, theta);
    // From the definition, by Eigen's inverse; and of degree 0.
    auto ws = problem.workspace();
    const double value = problem.value(theta, ws).objective;
    Vector<double> z(model.rows() * model.cols());
    auto buffers = model.workspace(AllEntries(model.rows(), model.cols()));
    model.evaluate(theta, AllEntries(model.rows(), model.cols()), buffers, z);
    const Eigen::Map<const Matrix<double>> W(z.data(), model.rows(), model.cols());
    CHECK(std::abs(value + ((W * within * W.transpose()).inverse() * W * between * W.transpose()).trace() /
                               static_cast<double>(model.rows())) < 1e-13);
    CHECK(std::abs(problem.value(1.7 * theta, ws).objective - value) < 1e-13);
    CHECK(problem.count() == 1);
  };
  check_with(DeepMatrix<double>({4, 3, 1}), rayleigh_ratio(between, within));
  check_with(DeepMatrix<double>({4, 1}), rayleigh_ratio(between, within));
  check_with(DeepMatrix<double>({4, 3, 2}), discriminant(between, within));
  CHECK(thrown([&] {
          Problem(DeepMatrix<double>({4, 2}), no_targets<double>(Shape{2, 4}), rayleigh_ratio(between, within));
        }) == "rayleigh_ratio: the scatters are of 4 coordinates, W has 8 entries");
  CHECK(thrown([&] { rayleigh_ratio(within, between); }) ==
        "discriminant: the scatter within classes is not positive definite; add a multiple of the identity");
}
TEST_CASE("a formula of one's own") {
  check_loss(pointwise([](auto z, auto y) { return logcosh(z - y); }));
  check_loss(pointwise([](auto z, auto y) { return exp(0.3 * z) * y - sin(z) / (2 + y * y); }, Reduction::sum, "anything"));
}
