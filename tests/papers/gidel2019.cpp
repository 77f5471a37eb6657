// SPDX-License-Identifier: MIT
// Gidel, Bach & Lacoste-Julien 2019, Implicit Regularization of Discrete Gradient Dynamics in Linear Neural Networks: two layers X W_1 W_2 under
// 1/(2n) ||Y - X W||_F^2 with S_x = X^T X / n = U diag(lambda) U^T and S_xy = X^T Y / n = U diag(sigma) V^T, from singular values e^-delta of each factor. The
// library's W is their (W_1 W_2)^T. Items of the acceptance list; the settings are ours, as the paper's are not known.
#include <tacit/model/deep_matrix.hpp>
#include <tacit/observation/features.hpp>
#include <tacit/optimizer/recipes.hpp>
#include <tacit/solver/regression.hpp>
#include <tacit/train.hpp>

#include "catch.hpp"

using namespace tacit;

namespace {

Matrix<double> gidel_isometry(Index rows, Index cols, std::uint64_t seed) {
  Random random(seed, "gidel2019");
  return detail::random_isometry<double>(rows, cols, random);
}
struct GidelTask {
  Vector<double> sigma, lambda;
  Matrix<double> U, V;
  Data<double, Features<double>> data;
};
/// n samples, with a part of Y that no feature explains.
GidelTask gidel_task(const Vector<double>& sigma, const Vector<double>& lambda, Index n) {
  const Index d = sigma.size();
  const Matrix<double> U = gidel_isometry(d, d, 1), V = gidel_isometry(d, d, 2), Q = gidel_isometry(n, 2 * d, 3);
  const double root = std::sqrt(static_cast<double>(n));
  const Matrix<double> X = root * Q.leftCols(d) * lambda.cwiseSqrt().asDiagonal() * U.transpose();
  const Matrix<double> Y = root * Q.leftCols(d) * sigma.cwiseQuotient(lambda.cwiseSqrt()).asDiagonal() * V.transpose() + Q.rightCols(d);
  return {sigma, lambda, U, V, regression_data<double>(X, Y)};
}
/// e^-delta for every singular value of both factors, aligned.
Vector<double> gidel_start(const DeepMatrix<double>& model, const GidelTask& task, double delta) {
  return model.aligned(task.V, Vector<double>::Constant(task.sigma.size(), std::exp(-2 * delta)), task.U);
}
Matrix<double> gidel_w(const DeepMatrix<double>& model, const Vector<double>& theta) {
  return model.depth() == 1 ? Matrix<double>(model.layer(theta, 0)) : Matrix<double>(model.layer(theta, 1) * model.layer(theta, 0));
}

/// Steps until W of 1 x 1 passes half its limit 1 from e^-2delta.
Index gidel_steps_to_half(double rate, double delta) {
  const DeepMatrix<double> model({1, 1, 1});
  const Problem problem(model, regression_data<double>(Matrix<double>::Ones(1, 1), Matrix<double>(Matrix<double>::Ones(1, 1))),
                        HalfMeanRegression{});
  Run run(problem, Vector<double>::Constant(2, std::exp(-delta)), gradient_descent({.rate = rate}));
  Index steps = 0;
  for (; run.theta().prod() < 0.5 && steps < 1000; ++steps) run.advance(1);
  return steps;
}

}  // namespace

TEST_CASE("gidel2019/1: from e^-20, steps to half are 410, 210 and 110 +- 2 at rates 0.05, 0.1 and 0.2; the flow's 20 / eta is not") {
  for (const auto& [rate, expected] : {std::pair{0.05, 410.0}, {0.1, 210.0}, {0.2, 110.0}}) {
    CAPTURE(rate);
    const auto steps = static_cast<double>(gidel_steps_to_half(rate, 20));
    CHECK(std::abs(steps - expected) <= 2);
    CHECK(std::abs(steps - 20 / rate) > 2);  // the control
    CHECK(std::abs(steps - 20 / std::log1p(rate)) <= 2);
  }
}

TEST_CASE(
    "gidel2019/2: descent on matrices equals the recursion of every mode to 1e-10, and from a start that is not aligned it does not") {
  const GidelTask task = gidel_task(Vector<double>{{3, 2, 1, 0.4}}, Vector<double>{{1, 1.5, 2, 0.5}}, 11);
  const DeepMatrix<double> model({4, 4, 4});
  const Problem problem(model, task.data, HalfMeanRegression{});
  const double rate = 0.02;
  const auto worst = [&](const Vector<double>& start) {
    Run run(problem, start, gradient_descent({.rate = rate}));
    Vector<double> a = Vector<double>::Constant(4, std::exp(-5));
    double off = 0;
    for (int step = 0; step < 1000; ++step) {
      run.advance(1);
      a.array() += rate * a.array() * (task.sigma - task.lambda.cwiseProduct(a.cwiseAbs2())).array();
      const Matrix<double> expected = task.V * a.cwiseAbs2().asDiagonal() * task.U.transpose();
      off = std::max(off, (gidel_w(model, run.theta()) - expected).norm() / expected.norm());
    }
    return off;
  };
  CHECK(worst(gidel_start(model, task, 5)) < 1e-10);
  CHECK(worst(model.orthogonal({.factor_scale = std::exp(-5)})) > 1e-3);  // the control
}

TEST_CASE("gidel2019/3: in the middle of phase k descent stands within 5 % of the reduced-rank regression of rank k; one layer does not") {
  Vector<double> sigma(20);
  for (Index i = 0; i < 20; ++i) sigma[i] = std::pow(0.5, static_cast<double>(i));
  const GidelTask task = gidel_task(sigma, Vector<double>::LinSpaced(20, 1, 1.2), 50);
  const double delta = 20, rate = 0.1;
  const auto distances = [&](const DeepMatrix<double>& model, const Vector<double>& start) {
    const Problem problem(model, task.data, HalfMeanRegression{});
    Run run(problem, start, gradient_descent({.rate = rate}));
    std::vector<double> all;
    for (Index k = 1; k <= 3; ++k) {
      const double middle = (1 / sigma[k - 1] + 1 / sigma[k]) / 2;  // of time in units of delta
      run.advance(static_cast<Index>(middle * delta / rate) - run.iteration());
      const Regression target = reduced_rank_regression(task.data, k);
      REQUIRE(target.gap < 1e-12);
      all.push_back((gidel_w(model, run.theta()) - target.W).norm() / target.W.norm());
    }
    return all;
  };
  const DeepMatrix<double> deep({20, 20, 20}), plain({20, 20});
  for (const double distance : distances(deep, gidel_start(deep, task, delta))) CHECK(distance < 0.05);
  for (const double distance : distances(plain, Vector<double>::Zero(400))) CHECK(distance > 0.1);  // the control
}

TEST_CASE("gidel2019/4: the linear model learns all modes of equal lambda at the same step") {
  const GidelTask task = gidel_task(Vector<double>{{3, 1, 0.2}}, Vector<double>::Constant(3, 0.7), 8);
  const DeepMatrix<double> model({3, 3});
  const Problem problem(model, task.data, HalfMeanRegression{});
  Run run(problem, Vector<double>::Zero(9), gradient_descent({.rate = 0.05}));
  std::vector<Index> half(3, -1);
  for (Index step = 1; step <= 60; ++step) {
    run.advance(1);
    const Matrix<double> modes = task.V.transpose() * gidel_w(model, run.theta()) * task.U;
    for (Index i = 0; i < 3; ++i)
      if (half[static_cast<std::size_t>(i)] < 0 && modes(i, i) >= task.sigma[i] / task.lambda[i] / 2)
        half[static_cast<std::size_t>(i)] = step;
  }
  CHECK(half[0] > 0);
  for (const Index step : half) CHECK(std::abs(step - half[0]) <= 1);
}

TEST_CASE("gidel2019/5: descent reaches the fixed point at 0.9 / sigma_max, and not at 1.1 / sigma_max") {
  const GidelTask task = gidel_task(Vector<double>{{3, 2}}, Vector<double>{{1, 1}}, 6);
  const DeepMatrix<double> model({2, 2, 2});
  const Problem problem(model, task.data, HalfMeanRegression{});
  const auto distance = [&](double share) {
    Run run(problem, gidel_start(model, task, 2), gradient_descent({.rate = share / 3}));
    run.advance(2000);
    const Matrix<double> end = task.V * task.sigma.cwiseQuotient(task.lambda).asDiagonal() * task.U.transpose();
    return (gidel_w(model, run.theta()) - end).norm() / end.norm();
  };
  CHECK(distance(0.9) < 1e-10);
  CHECK_FALSE(distance(1.1) < 1e-2);
}
