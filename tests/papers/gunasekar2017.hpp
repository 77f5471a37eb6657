// SPDX-License-Identifier: MIT
#pragma once
// Gunasekar, Woodworth, Bhojanapalli, Neyshabur, Srebro 2017, Implicit Regularization in Matrix Factorization: U U^T by descent on ||A(U U^T) - y||^2 from a
// small U_0, against the solution of minimum trace. The experiments of the acceptance list, shared by tests and paper checks.

#include <tacit/hook/spectrum.hpp>
#include <tacit/solver/nuclear_norm.hpp>
#include <tacit/tacit.hpp>

#include <Eigen/Eigenvalues>

namespace gunasekar2017 {

using namespace tacit;

inline Vector<double> flattened(const Matrix<double>& X) { return Eigen::Map<const Vector<double>>(X.data(), X.size()); }

/// m diagonal measurements of a diagonal matrix with ten entries between 1/2 and 3/2; they commute.
inline Data<double, LinearMap<double>> diagonal_sensing(Index m, std::uint64_t seed) {
  constexpr Index n = 10;
  Random truth(seed, "truth"), measurements(seed, "measurements");
  Vector<double> x(n);
  for (double& entry : x) entry = truth.uniform(0.5, 1.5);
  Matrix<double> A = Matrix<double>::Zero(n * n, m);
  for (Index k = 0; k < m; ++k)
    for (Index i = 0; i < n; ++i) A(i * (n + 1), k) = measurements.normal() / std::sqrt(static_cast<double>(m));
  const Vector<double> y = A.transpose() * flattened(x.asDiagonal());
  return {LinearMap<double>(n, n, A), y};
}

/// X = sum_k lambda_k q_k q_k^T with random orthonormal q_k and ||X||_F = 1, seen through A_i = sym(Gaussian) / sqrt(m).
struct Sensing {
  Matrix<double> truth;
  Data<double, LinearMap<double>> data;
};
inline Sensing sensing(const Vector<double>& spectrum, Index m, std::uint64_t seed) {
  const Index n = 50;
  const Matrix<double> Q =
      DeepMatrix<double>({spectrum.size(), n}).orthogonal({.factor_scale = 1, .seed = seed}).reshaped(n, spectrum.size());
  Matrix<double> X = Q * spectrum.asDiagonal() * Q.transpose();
  X /= X.norm();
  Random random(seed, "measurements");
  std::vector<Matrix<double>> A;
  for (Index k = 0; k < m; ++k) {
    Matrix<double> G(n, n);
    for (double& entry : G.reshaped()) entry = random.normal();
    A.push_back((G + G.transpose()) / (2 * std::sqrt(static_cast<double>(m))));
  }
  Vector<double> y(m);
  for (Index k = 0; k < m; ++k) y[k] = A[static_cast<std::size_t>(k)].cwiseProduct(X).sum();
  return {X, {LinearMap<double>(A), y}};
}

/// Items 1 to 3: a positive semidefinite 50 x 50 matrix of rank 2 and Frobenius norm 1 from 300 measurements A_i = sym(Gaussian)/sqrt(300).
inline Data<double, LinearMap<double>> rank_2_sensing(std::uint64_t seed) {
  const Index n = 50, m = 300;
  Matrix<double> X = low_rank_completion({.rows = n, .cols = n, .rank = 2, .observed = 1, .seed = seed, .symmetric = true}).truth;
  X /= X.norm();
  Random random(seed, "measurements");
  std::vector<Matrix<double>> A;
  Vector<double> y(m);
  for (Index k = 0; k < m; ++k) {
    Matrix<double> G(n, n);
    for (double& entry : G.reshaped()) entry = random.normal();
    A.push_back((G + G.transpose()) / (2 * std::sqrt(static_cast<double>(m))));
    y[k] = A.back().cwiseProduct(X).sum();
  }
  return {LinearMap<double>(A), y};
}
/// Rate 0.02, at most 60,000 steps, to a relative residual of 1e-6, from a Gaussian U_0 of this norm; `least` is the minimum trace.
struct Recovery {
  double ratio, effective_rank, residual;  ///< ||X||_* over the minimum, of X, ||A(X) - y|| / ||y||
  Index iterations;
};
inline Recovery recover(const Data<double, LinearMap<double>>& data, double least, double norm, std::uint64_t seed) {
  const SymmetricMatrix<double> model({.size = 50, .width = 50});
  const Problem problem(model, data, SumOfSquares{});
  Vector<double> theta = model.near_zero({.factor_norm = norm, .seed = seed});
  Trajectory end(nuclear_norm, effective_rank);
  const double size = data.y.squaredNorm();
  const auto outcome =
      train(problem, theta, gradient_descent({.rate = 2e-2}), {.iterations = 60'000}, at_the_end(end), stop_when(loss_below(1e-12 * size)));
  return {end.last("nuclear_norm") / least, end.last("effective_rank"), std::sqrt(outcome.loss / size), outcome.iterations};
}

/// Item 4, commuting measurements, n = 10: the nuclear norm over the minimum, less 1, from alpha I with alpha = 1e-2, 1e-4, 1e-6. Where the minimiser is not
/// unique, or nearly so, alpha has to be smaller still: an entry off its support is alpha^slack.
struct Excess {
  double gap;  ///< of the certificate of the minimum
  std::vector<double> by_start;
  bool converged = true;
};
inline Excess commuting_excess(std::uint64_t seed) {
  const auto data = diagonal_sensing(5, seed);
  const MinimumNorm least = minimum_trace_psd(data);
  const SymmetricMatrix<double> model({.size = 10, .width = 10});
  const Problem problem(model, data, SumOfSquares{});
  Excess found{least.gap, {}};
  for (const double alpha : {1e-2, 1e-4, 1e-6}) {
    Vector<double> theta = model.identity({.product_scale = alpha});
    Trajectory end(nuclear_norm);
    const auto outcome = train(problem, theta, gradient_descent({.rate = 1e-2}), {.iterations = 100'000}, at_the_end(end),
                               stop_when(loss_below(1e-14 * data.y.squaredNorm())));
    found.converged = found.converged && outcome.reason == Reason::stopped_by_hook;
    found.by_start.push_back(end.last("nuclear_norm") / least.norm - 1);
  }
  return found;
}

/// Item 5, with the constraints and the trace computed anew.
struct Oracle {
  double misfit, largest_misfit, asymmetry, least_eigenvalue, trace_ratio, lower_ratio,
      distance;  ///< ratios to the trace of the truth; distance from it
};
inline Oracle oracle(const Vector<double>& spectrum, Index m, std::uint64_t seed) {
  const auto [truth, data] = sensing(spectrum, m, seed);
  const MinimumNorm least = minimum_trace_psd(data);
  const Vector<double> misfit = data.where.matrix().transpose() * flattened(least.X) - data.y;
  const Eigen::SelfAdjointEigenSolver<Matrix<double>> eigen(least.X, Eigen::EigenvaluesOnly);
  return {misfit.norm() / data.y.norm(),  misfit.lpNorm<Eigen::Infinity>(), (least.X - least.X.transpose()).norm() / least.X.norm(),
          eigen.eigenvalues().minCoeff(), least.X.trace() / truth.trace(),  least.lower / truth.trace(),
          (least.X - truth).norm()};
}
/// Spectra of rank 2 and k^-1.5.
inline Vector<double> rank_2_spectrum() { return Vector<double>::Ones(2); }
inline Vector<double> slow_spectrum() { return Vector<double>::LinSpaced(50, 1, 50).array().pow(-1.5); }

}  // namespace gunasekar2017
