// SPDX-License-Identifier: MIT
// Gunasekar et al. 2017, Implicit Regularization in Matrix Factorization: what takes seconds. examples/paper_checks has the rest.
#include <tacit/tacit.hpp>

#include <Eigen/Eigenvalues>
#include <tacit/hook/spectrum.hpp>
#include <tacit/solver/nuclear_norm.hpp>

#include "catch.hpp"

using namespace tacit;

namespace {

Vector<double> flattened(const Matrix<double>& X) { return Eigen::Map<const Vector<double>>(X.data(), X.size()); }

/// m diagonal measurements of a diagonal matrix with ten entries between 1/2 and 3/2; they commute.
Data<double, LinearMap<double>> diagonal_sensing(Index m, std::uint64_t seed) {
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
Sensing sensing(const Vector<double>& spectrum, Index m, std::uint64_t seed) {
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

}  // namespace

// Item 4. Where the minimiser is not unique, or nearly so, alpha has to be smaller still: an entry off its support is alpha^slack.
TEST_CASE("commuting measurements: from alpha I, the limit approaches the minimum nuclear norm as alpha falls") {
  for (std::uint64_t seed = 1; seed <= 5; ++seed) {
    const auto data = diagonal_sensing(5, seed);
    const MinimumNorm least = minimum_trace_psd(data);
    REQUIRE(least.gap <= 1e-5);
    const SymmetricMatrix<double> model({.size = 10, .width = 10});
    const Problem problem(model, data, SumOfSquares{});
    std::vector<double> excess;
    for (const double alpha : {1e-2, 1e-4, 1e-6}) {
      Vector<double> theta = model.identity({.product_scale = alpha});
      Trajectory end(nuclear_norm);
      const auto outcome = train(problem, theta, gradient_descent({.rate = 1e-2}), {.iterations = 100'000}, at_the_end(end),
                                 stop_when(loss_below(1e-14 * data.y.squaredNorm())));
      REQUIRE(outcome.reason == Reason::stopped_by_hook);
      excess.push_back(end.last("nuclear_norm") / least.norm - 1);
    }
    CAPTURE(seed, excess);
    CHECK(excess[1] < excess[0]);
    CHECK(excess[2] < excess[1]);
    CHECK(excess[2] < 1e-2);
    CHECK(excess[2] > -1e-5);  // nothing is below the minimum
  }
}

// Item 5, with the constraints and the trace computed anew.
TEST_CASE("the oracle meets its constraints and its trace is not above the truth's") {
  const Vector<double> rank_2 = Vector<double>::Ones(2);
  const Vector<double> slow = Vector<double>::LinSpaced(50, 1, 50).array().pow(-1.5);
  struct Setting {
    Vector<double> spectrum;
    Index m;
  };
  for (const Setting& setting : {Setting{rank_2, 300}, {slow, 300}, {rank_2, 25}}) {
    const auto [truth, data] = sensing(setting.spectrum, setting.m, 1);
    const MinimumNorm least = minimum_trace_psd(data);
    CAPTURE(setting.spectrum.size(), setting.m, least.norm, truth.trace());
    const Vector<double> misfit = data.where.matrix().transpose() * flattened(least.X) - data.y;
    CHECK(misfit.norm() <= 1e-6 * data.y.norm());
    CHECK(misfit.lpNorm<Eigen::Infinity>() <= 1e-6);
    CHECK((least.X - least.X.transpose()).norm() <= 1e-12 * least.X.norm());
    const Eigen::SelfAdjointEigenSolver<Matrix<double>> eigen(least.X, Eigen::EigenvaluesOnly);
    CHECK(eigen.eigenvalues().minCoeff() >= -1e-12);
    CHECK(least.X.trace() <= truth.trace() * (1 + 1e-6));
    CHECK(least.lower <= truth.trace());
    if (setting.spectrum.size() == 2 && setting.m == 300) CHECK((least.X - truth).norm() < 1e-5);
    else CHECK(least.X.trace() < 0.99 * truth.trace());
  }
}
