// SPDX-License-Identifier: MIT
#pragma once
// Sparse regression by diagonal nets x = u^2 - v^2 under a quarter of the mean of squares, as in Karakida et al. 2023, shared by tests and
// paper checks.

#include <tacit/model/diagonal_net.hpp>
#include <tacit/optimizer/gradient_penalty.hpp>
#include <tacit/tacit.hpp>

namespace gradient_regularized_nets {

using namespace tacit;

struct RegressionSettings {
  Index size, observed, nonzero;
  std::uint64_t seed;
};
/// The first `nonzero` entries are 1/sqrt(nonzero); measurements are normal.
inline Vector<double> sparse_truth(const RegressionSettings& s) {
  Vector<double> x = Vector<double>::Zero(s.size);
  x.head(s.nonzero).setConstant(1 / std::sqrt(static_cast<double>(s.nonzero)));
  return x;
}
inline auto sparse_regression(const RegressionSettings& s) {
  Random random(s.seed, "sparse regression");
  Matrix<double> X(s.observed, s.size);
  for (double& entry : X.reshaped()) entry = random.normal();
  return Problem(DiagonalNet<double>({.size = s.size, .depth = 2}),
                 Data<double, LinearMap<double>>(LinearMap<double>(s.size, 1, X.transpose()), X * sparse_truth(s)), QuarterMeanSquares{});
}
/// alpha_eff = sqrt(|u v|), in each coordinate.
inline Vector<double> coordinate_scales(const Vector<double>& theta) {
  const Index d = theta.size() / 2;
  return (theta.head(d).array() * theta.tail(d).array()).abs().sqrt();
}

/// After SGD on batches of one: distance to the truth, l1 norm, and the geometric mean of alpha_eff.
struct Descended {
  double error, l1, scale;
};
/// d = 100, n = 40, five nonzero entries, alpha = 0.1, rate 2e-4.
inline Descended descended(const GradientPenalty& penalty, Index steps, std::uint64_t seed) {
  const RegressionSettings settings{.size = 100, .observed = 40, .nonzero = 5, .seed = seed};
  const auto problem = sparse_regression(settings);
  Vector<double> theta = Vector<double>::Constant(200, 0.1);
  train(problem, theta, on_batches({.size = 1, .seed = seed, .with_replacement = true}, penalty) | LearningRate{2e-4},
        {.iterations = steps});
  const Vector<double> x = problem.model().value(theta);
  return {(x - sparse_truth(settings)).norm(), x.lpNorm<1>(), std::exp(coordinate_scales(theta).array().log().mean())};
}

}  // namespace gradient_regularized_nets
