// SPDX-License-Identifier: MIT
#pragma once
// What holds to rounding in Vasudeva et al. 2025 and Rhee et al. 2026, for the test and the checks: closed forms of the classes' trajectories, the difference of
// two factors that spectral descent conserves, the polar factor and the Newton-Schulz steps in its place, and class losses on samples.
#include <tacit/hook/group_losses.hpp>

#include "vasudeva2025.hpp"

namespace vasudeva2025 {

/// The largest deviation of the classes from a closed form of time and of their number over 2000 steps from W = 0.
template <class F>
double deviation(const Mixture& mixture, Rule rule, double rate, F closed_form) {
  const Index k = mixture.classes();
  const DeepMatrix<double> model = model_of(1, k, k);
  const Problem problem(model, mixture.population(), HalfMeanRegression{});
  const Matrix<double> I = Matrix<double>::Identity(k, k);
  const Modes modes = follow(problem, Vector<double>(Vector<double>::Zero(k * k)), rule, rate, I, I, mixture.target(), 2, 2000);
  double worst = 0;
  for (Index t = 0; t < modes.steps(); ++t)
    for (Index c = 0; c < k; ++c) worst = std::max(worst, std::abs(modes[t][c] - closed_form(static_cast<double>(t), c)));
  return worst;
}
/// Item 1, priors (0.5, 0.3, 0.2): spectral descent from min(rate t, r_c), plain descent from r_c (1 - (1 - rate s_c)^t), and plain descent from the former.
struct Deviations {
  double spectral, gradient, gradient_from_spectral;
};
inline Deviations deviations(double mu, double sigma, double rate) {
  const Mixture mixture{Vector<double>{{0.5, 0.3, 0.2}}, mu, sigma};
  const Vector<double> r = mixture.target(), s = mixture.xx();
  const auto straight = [&](double t, Index c) { return std::min(rate * t, r[c]); };
  const auto exponential = [&](double t, Index c) { return r[c] * (1 - std::pow(1 - rate * s[c], t)); };
  return {deviation(mixture, Rule::spectral, rate, straight), deviation(mixture, Rule::gradient, rate, exponential),
          deviation(mixture, Rule::gradient, rate, straight)};
}

/// The square root of a symmetric positive semidefinite matrix.
inline Matrix<double> root(const Matrix<double>& A) {
  detail::SymmetricEigen<double> eigen(A.rows());
  eigen.compute(ConstMatrixMap<double>(A.data(), A.rows(), A.cols()));
  const Matrix<double>& Q = eigen.eigenvectors();
  return Q * eigen.eigenvalues().cwiseMax(0).cwiseSqrt().asDiagonal() * Q.transpose();
}
struct Drift {
  double roots = 0, squares = 0;  ///< how much the differences of the two sides have changed
};
/// Two aligned factors with singular values of their own, trained to diag(3, 2, 1, 0.5) in random bases for time 0.35. Then the first mode
/// is learned; where its gradient is small beside the others, rounding moves singular vectors, and steps of full length carry that on.
inline Drift drift(Rule rule, double rate, std::uint64_t seed) {
  Random random(seed, "vasudeva2025 drift");
  const auto basis = [&] { return detail::random_isometry<double>(4, 4, random); };
  const Matrix<double> U = basis(), O = basis(), V = basis();
  const Vector<double> s{{3, 2, 1, 0.5}}, p{{0.9, 0.4, 0.6, 0.2}}, q{{0.3, 0.7, 0.2, 0.5}};
  const DeepMatrix<double> model({4, 4, 4});
  const Problem problem(model, fully_observed(Matrix<double>(U * s.asDiagonal() * V.transpose())), HalfSumOfSquares{});
  Vector<double> theta(model.parameter_count());
  model.layer(theta, 1) = Matrix<double>(U * p.asDiagonal() * O.transpose());
  model.layer(theta, 0) = Matrix<double>(O * q.asDiagonal() * V.transpose());
  const auto sides = [&] {
    const Matrix<double> P = model.layer(theta, 1), Q = model.layer(theta, 0);
    return std::pair<Matrix<double>, Matrix<double>>(P.transpose() * P, Q * Q.transpose());
  };
  const auto before = sides();
  with(rule, ConstantRate{rate}, [&](auto optimizer) {
    train(problem, theta, optimizer, {.iterations = static_cast<Index>(std::lround(0.35 / rate))});
    return 0;
  });
  const auto after = sides();
  return {((root(after.first) - root(after.second)) - (root(before.first) - root(before.second))).norm(),
          ((after.first - after.second) - (before.first - before.second)).norm()};
}

/// Item 6: a 16 x 16 matrix with singular values of U(0.05, 1) in random bases.
struct Orthogonalised {
  double least, largest;           ///< singular values after five Newton-Schulz steps
  double off_one;                  ///< the largest distance of one of them from 1
  double off_map;                  ///< the largest distance of one of them from the polynomial of the step, five times on the value before
  double not_orthogonal, off_UVt;  ///< of the polar factor: the largest entries of X^T X - 1 and of X - U V^T
};
inline Orthogonalised orthogonalised(std::uint64_t seed) {
  Random random(seed, "vasudeva2025 newton-schulz");
  const Index n = 16;
  Layout layout;
  layout.add("X", {n, n}, StorageOrder::column_major);
  NewtonSchulz::Workspace<double> buffers(matrix_blocks(layout, "test", HigherOrder::unfold));
  SpectrumWorkspace<double> ws;
  Vector<double> sigma(n), after;
  for (double& s : sigma) s = random.uniform(0.05, 1);
  const Matrix<double> U = detail::random_isometry<double>(n, n, random), V = detail::random_isometry<double>(n, n, random),
                       G = U * sigma.asDiagonal() * V.transpose();
  Matrix<double> X = G / G.norm();
  Vector<double> mapped = sigma / G.norm();
  for (double& s : mapped)
    for (int step = 0; step < 5; ++step) s = s * (3.4445 + s * s * (-4.7750 + s * s * 2.0315));
  std::sort(mapped.begin(), mapped.end(), std::greater<>());
  NewtonSchulz{}.run<double>({X.data(), n, n}, buffers);
  singular_values<double>(X, ws, after);
  detail::ThinSvd<double> svd(n, n);
  svd.compute({G.data(), n, n});
  svd.compose({X.data(), n, n});
  return {after[n - 1],
          after[0],
          (after.array() - 1).abs().maxCoeff(),
          (after - mapped).cwiseAbs().maxCoeff(),
          (X.transpose() * X - Matrix<double>::Identity(n, n)).cwiseAbs().maxCoeff(),
          (X - U * V.transpose()).cwiseAbs().maxCoeff()};
}

/// The largest relative difference of the classes' losses on 20,000 samples, as groups of observations, from their formula.
inline double off_class_losses(std::uint64_t seed) {
  const Mixture mixture{inverse_priors(4), 1.5, 0.5};
  Random random(seed, "vasudeva2025 classes");
  const auto drawn = mixture.samples(20'000, Matrix<double>::Identity(4, 4), random);
  const DeepMatrix<double> model = model_of(1, 4, 4);
  const Problem problem(model, classification_data(drawn.X, drawn.labels, 4), HalfMeanRegression{});
  const Vector<double> theta = model.near_zero({.entry_std = 0.3, .seed = seed});
  const std::vector<double> losses = GroupLosses(problem, groups_by(drawn.labels)).at(theta);
  const Vector<double> expected = mixture.class_losses(model.layer(theta, 0));
  double worst = 0;
  for (Index c = 0; c < 4; ++c) worst = std::max(worst, std::abs(losses[static_cast<std::size_t>(c)] / expected[c] - 1));
  return worst;
}

}  // namespace vasudeva2025
