// SPDX-License-Identifier: MIT
#pragma once
// Gidel, Bach & Lacoste-Julien 2019, Implicit Regularization of Discrete Gradient Dynamics in Linear Neural Networks: two layers X W_1 W_2 under
// 1/(2n) ||Y - X W||_F^2 with S_x = X^T X / n = U diag(lambda) U^T and S_xy = X^T Y / n = U diag(sigma) V^T, from singular values e^-delta of each factor.
// The library's W is their (W_1 W_2)^T. The experiments of the acceptance list, shared by tests and paper checks; the settings are ours, as the paper's are
// not known.

#include <tacit/model/deep_matrix.hpp>
#include <tacit/observation/features.hpp>
#include <tacit/optimizer/recipes.hpp>
#include <tacit/solver/regression.hpp>
#include <tacit/train.hpp>

namespace gidel2019 {

using namespace tacit;

inline Matrix<double> isometry(Index rows, Index cols, std::uint64_t seed) {
  Random random(seed, "gidel2019");
  return tacit::detail::random_isometry<double>(rows, cols, random);
}
struct Task {
  Vector<double> sigma, lambda;
  Matrix<double> U, V;
  Data<double, Features<double>> data;
};
/// n samples in random bases, with a part of Y that no feature explains.
inline Task task(const Vector<double>& sigma, const Vector<double>& lambda, Index n, std::uint64_t seed) {
  const Index d = sigma.size();
  const Matrix<double> U = isometry(d, d, 3 * seed + 1), V = isometry(d, d, 3 * seed + 2), Q = isometry(n, 2 * d, 3 * seed + 3);
  const double root = std::sqrt(static_cast<double>(n));
  const Matrix<double> X = root * Q.leftCols(d) * lambda.cwiseSqrt().asDiagonal() * U.transpose();
  const Matrix<double> Y = root * Q.leftCols(d) * sigma.cwiseQuotient(lambda.cwiseSqrt()).asDiagonal() * V.transpose() + Q.rightCols(d);
  return {sigma, lambda, U, V, regression_data<double>(X, Y)};
}
/// e^-delta for every singular value of both factors, aligned.
inline Vector<double> aligned_start(const DeepMatrix<double>& model, const Task& task, double delta) {
  return model.aligned(task.V, Vector<double>::Constant(task.sigma.size(), std::exp(-2 * delta)), task.U);
}
inline Matrix<double> end_to_end(const DeepMatrix<double>& model, const Vector<double>& theta) {
  return model.depth() == 1 ? Matrix<double>(model.layer(theta, 0)) : Matrix<double>(model.layer(theta, 1) * model.layer(theta, 0));
}

/// Item 1: steps until W of 1 x 1 passes half its limit 1 from e^-2delta.
inline Index steps_to_half(double rate, double delta) {
  const DeepMatrix<double> model({1, 1, 1});
  const Problem problem(model, regression_data<double>(Matrix<double>::Ones(1, 1), Matrix<double>(Matrix<double>::Ones(1, 1))),
                        HalfMeanRegression{});
  Run run(problem, Vector<double>::Constant(2, std::exp(-delta)), gradient_descent({.rate = rate}));
  Index steps = 0;
  for (; run.theta().prod() < 0.5 && steps < 1000; ++steps) run.advance(1);
  return steps;
}

/// Item 2: the largest relative distance, over 1000 steps, of descent on 4 x 4 matrices from the recursion of every mode.
inline double distance_from_recursion(bool aligned, std::uint64_t seed) {
  const Task problem_of = task(Vector<double>{{3, 2, 1, 0.4}}, Vector<double>{{1, 1.5, 2, 0.5}}, 11, seed);
  const DeepMatrix<double> model({4, 4, 4});
  const Problem problem(model, problem_of.data, HalfMeanRegression{});
  const double rate = 0.02;
  Run run(problem, aligned ? aligned_start(model, problem_of, 5) : model.orthogonal({.factor_scale = std::exp(-5), .seed = seed}),
          gradient_descent({.rate = rate}));
  Vector<double> a = Vector<double>::Constant(4, std::exp(-5));
  double off = 0;
  for (int step = 0; step < 1000; ++step) {
    run.advance(1);
    a.array() += rate * a.array() * (problem_of.sigma - problem_of.lambda.cwiseProduct(a.cwiseAbs2())).array();
    const Matrix<double> expected = problem_of.V * a.cwiseAbs2().asDiagonal() * problem_of.U.transpose();
    off = std::max(off, (end_to_end(model, run.theta()) - expected).norm() / expected.norm());
  }
  return off;
}

/// Item 3: d = p = 20, sigma halving from mode to mode, delta = 20, rate 0.1. In the middle of phases 1, 2 and 3 the relative distance from the reduced-rank
/// regression of that rank; of one layer, from zero, at the same times.
struct Phases {
  std::vector<double> distances;
  double worst_gap = 0;  ///< of the certificates
};
inline Phases phases(bool deep, std::uint64_t seed) {
  Vector<double> sigma(20);
  for (Index i = 0; i < 20; ++i) sigma[i] = std::pow(0.5, static_cast<double>(i));
  const Task problem_of = task(sigma, Vector<double>::LinSpaced(20, 1, 1.2), 50, seed);
  const double delta = 20, rate = 0.1;
  const DeepMatrix<double> model(deep ? std::vector<Index>{20, 20, 20} : std::vector<Index>{20, 20});
  const Problem problem(model, problem_of.data, HalfMeanRegression{});
  Run run(problem, deep ? aligned_start(model, problem_of, delta) : Vector<double>(Vector<double>::Zero(400)),
          gradient_descent({.rate = rate}));
  Phases result;
  for (Index k = 1; k <= 3; ++k) {
    const double middle = (1 / sigma[k - 1] + 1 / sigma[k]) / 2;  // of time in units of delta
    run.advance(static_cast<Index>(middle * delta / rate) - run.iteration());
    const Regression target = reduced_rank_regression(problem_of.data, k);
    result.worst_gap = std::max(result.worst_gap, std::abs(target.gap));
    result.distances.push_back((end_to_end(model, run.theta()) - target.W).norm() / target.W.norm());
  }
  return result;
}

/// Item 4: the steps at which the three modes of one layer, or of two, first pass half of their limits; -1 if not within `most`. All lambda are 0.7.
inline std::vector<Index> half_steps(bool deep, Index most, std::uint64_t seed) {
  const Task problem_of = task(Vector<double>{{3, 1, 0.2}}, Vector<double>::Constant(3, 0.7), 8, seed);
  const DeepMatrix<double> model(deep ? std::vector<Index>{3, 3, 3} : std::vector<Index>{3, 3});
  const Problem problem(model, problem_of.data, HalfMeanRegression{});
  Run run(problem, deep ? aligned_start(model, problem_of, 5) : Vector<double>(Vector<double>::Zero(9)), gradient_descent({.rate = 0.05}));
  std::vector<Index> half(3, -1);
  for (Index step = 1; step <= most; ++step) {
    run.advance(1);
    const Matrix<double> modes = problem_of.V.transpose() * end_to_end(model, run.theta()) * problem_of.U;
    for (Index i = 0; i < 3; ++i)
      if (half[static_cast<std::size_t>(i)] < 0 && modes(i, i) >= problem_of.sigma[i] / problem_of.lambda[i] / 2)
        half[static_cast<std::size_t>(i)] = step;
  }
  return half;
}

/// Item 5: the relative distance from the fixed point after 2000 steps at the rate share / sigma_max.
inline double distance_at(double share, std::uint64_t seed) {
  const Task problem_of = task(Vector<double>{{3, 2}}, Vector<double>{{1, 1}}, 6, seed);
  const DeepMatrix<double> model({2, 2, 2});
  const Problem problem(model, problem_of.data, HalfMeanRegression{});
  Run run(problem, aligned_start(model, problem_of, 2), gradient_descent({.rate = share / 3}));
  run.advance(2000);
  const Matrix<double> end = problem_of.V * problem_of.sigma.cwiseQuotient(problem_of.lambda).asDiagonal() * problem_of.U.transpose();
  return (end_to_end(model, run.theta()) - end).norm() / end.norm();
}

}  // namespace gidel2019
