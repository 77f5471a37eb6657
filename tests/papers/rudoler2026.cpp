// SPDX-License-Identifier: MIT
// Rudoler, Tan, Hooker & Kording 2026, Estimating Implicit Regularization in Deep Learning: items of the acceptance list, and the rows of its numbers that
// concern linear models. Their data are not known: ours have their laws.
#include "rudoler2026.hpp"

#include <Eigen/QR>
#include <Eigen/SVD>

#include "catch.hpp"

namespace rudoler2026 {

using Catch::Matchers::WithinAbs;
using Catch::Matchers::WithinRel;

namespace {

/// theta^T E_ij theta for all i <= j, E_ij symmetric with ones at (i, j) and (j, i).
std::vector<PenaltyCandidate> rudoler_quadratics(Index p, bool diagonal) {
  std::vector<PenaltyCandidate> all;
  for (Index j = 0; j < p; ++j)
    for (Index i = diagonal ? j : 0; i <= j; ++i)
      all.push_back(penalty_candidate(sentence("Q_", i, "_", j), [i, j](const Vector<double>& theta) {
        Vector<double> g = Vector<double>::Zero(theta.size());
        g[i] += 2 * theta[j];
        if (i != j) g[j] += 2 * theta[i];
        return g;
      }));
  return all;
}

}  // namespace

TEST_CASE(
    "rudoler2026/1: stopped after t steps, least squares from zero is stationary for the quadratic penalty Q_t; without the outer inverse "
    "it is not") {
  for (const std::uint64_t seed : {1, 2, 3})
    for (const Index t : {1, 10, 100}) {
      CAPTURE(seed, t);
      const Stationary found = stationary(t, seed);
      CHECK(found.exact < 1e-10);
      // Controls: the draft's formula without the inverse, another t, no penalty.
      CHECK(found.draft > 1e-3);
      CHECK(found.later > 1e-4);
      CHECK(found.without > 1e-4);
    }
}
TEST_CASE(
    "rudoler2026: Q_t is recovered whole from the ends of several targets, and its diagonal from one end where features are orthogonal") {
  const double eta = 0.05;
  const Index p = 5, t = 20;
  Ols data = ols(100, p, 1, 4);
  const Matrix<double> Q = early_stopping(data, eta, t);
  std::vector<PenaltySample> ends;
  for (std::uint64_t pool = 0; pool < 10; ++pool) {
    data.y = ols(100, p, 1, 50 + pool).y;  // the same features and t, other targets
    const Vector<double> theta = iterate(data, eta, t);
    ends.push_back({theta, 2.0 / 100 * (data.X.transpose() * (data.X * theta - data.y))});
  }
  const auto distance = [&](const ImplicitPenalty& found) {
    Matrix<double> recovered(p, p);
    for (Index j = 0, k = 0; j < p; ++j)
      for (Index i = 0; i <= j; ++i) recovered(i, j) = recovered(j, i) = found.coefficients[k++];
    return (recovered - Q).norm() / Q.norm();
  };
  const ImplicitPenalty whole = estimate_penalty(ends, rudoler_quadratics(p, false));
  INFO(whole);
  CHECK(whole.determined());
  CHECK(whole.equations == 50);
  CHECK(distance(whole) < 1e-10);
  // Controls: three ends leave directions open, and a status says so; the diagonal alone does not explain them.
  const ImplicitPenalty few = estimate_penalty({ends.begin(), ends.begin() + 3}, rudoler_quadratics(p, false));
  CHECK_FALSE(few.determined());
  CHECK(few.rank == 12);
  CHECK(estimate_penalty(ends, rudoler_quadratics(p, true)).residual > 0.01);

  Ols orthogonal = ols(100, p, 1, 5);
  const Eigen::HouseholderQR<Matrix<double>> qr(orthogonal.X);
  const Vector<double> spectrum{{0.5, 1, 2, 3, 4}};
  orthogonal.X = 10 * Matrix<double>(qr.householderQ() * Matrix<double>::Identity(100, p)) * spectrum.cwiseSqrt().asDiagonal();
  const ImplicitPenalty found = estimate_penalty(orthogonal.problem(), {iterate(orthogonal, eta, t)}, rudoler_quadratics(p, true));
  const Vector<double> theory = early_stopping(orthogonal, eta, t).diagonal(), theta = iterate(orthogonal, eta, t),
                       elementwise = (orthogonal.X.transpose() * (orthogonal.y - orthogonal.X * theta)).cwiseQuotient(theta) / 100;
  for (Index i = 0; i < p; ++i) {
    CHECK_THAT(found.coefficients[i], WithinRel(theory[i], 1e-9));
    CHECK_THAT(found.coefficients[i], WithinRel(elementwise[i], 1e-9));
  }
}
TEST_CASE("rudoler2026: the ridge that early stopping resembles falls with the epochs as in the authors' notes") {
  // p = 5, n = 1000, no noise, rate 5e-3 under the mean; theirs are divided by n. The tolerances are what another draw of X changes, about twice its standard
  // deviation: s^2 has one of 4.5 %, and after t steps the ridge goes like exp(-eta t s^2).
  for (const auto& [epochs, published, tolerance] :
       {std::tuple{10, 0.00946, 0.02}, {50, 0.00153, 0.05}, {150, 0.00028, 0.15}, {500, 6.8e-6, 0.5}}) {
    CAPTURE(epochs);
    std::vector<double> all;
    for (std::uint64_t seed = 1; seed <= 5; ++seed) {
      const Ols data = ols(1000, 5, 0, seed);
      const Vector<double> theta = iterate(data, 0.01, epochs);
      const ImplicitPenalty found = estimate_penalty(data.problem(), {theta}, {ridge()});
      const Vector<double> misfit = data.X * theta - data.y, gradient = data.X.transpose() * misfit * (2.0 / 1000);
      CHECK_THAT(found.coefficients[0], WithinRel(-theta.dot(gradient) / (2 * theta.squaredNorm()), 1e-10));
      CHECK_THAT(found.residual, WithinAbs(std::sqrt(1 - found.cosine * found.cosine), 1e-7));
      all.push_back(found.coefficients[0] / 1000);
    }
    std::sort(all.begin(), all.end());
    CHECK_THAT(all[2], WithinRel(published, tolerance));
  }
}
TEST_CASE(
    "rudoler2026/2: the ridge of an explicitly penalised problem is recovered to 1e-6, alone and beside another penalty; controls have "
    "none") {
  const Penalised problems(6);
  for (const double lambda : {1e-3, 0.02}) {
    CAPTURE(lambda);
    const Ridge found = problems.recovered(lambda);
    CHECK(found.regression < 1e-6);
    CHECK(found.factorization < 1e-6);
    CHECK(found.residual < 1e-6);
    CHECK(found.beside_ratio < 1e-6);
    CHECK(found.of_ratio < 1e-6);
  }
  // Controls: at rest without a penalty there is none; another penalty is not taken for a ridge.
  const NoRidge none = problems.none();
  CHECK(std::abs(none.estimate) < 1e-9);
  CHECK(none.residual > 0.99);
}
TEST_CASE(
    "rudoler2026/3: the length of descent's steps is the known penalty, lambda / (eta p/4) = 0.99 +- 0.01 at p = 5, eta = 0.01; that of "
    "the flow is none") {
  for (const std::uint64_t seed : {56, 57, 58}) {
    CAPTURE(seed);
    const FiniteStep found = finite_step(5, 0.01, 0, seed);
    CHECK_THAT(found.ratio, WithinAbs(0.99, 0.01));
    CHECK_THAT(found.ratio, WithinAbs(0.993, 0.001));  // the authors' notes
    CHECK(found.residual < 0.003);
    // Controls: steps of the flow have no penalty, and a ridge does not explain those of descent.
    const OtherSteps other = other_steps(5, 0.01, seed);
    CHECK(std::abs(other.of_flow) < 1e-9);
    CHECK(other.residual_of_ridge > 0.1);
  }
  for (const Index p : {5, 10, 20}) {  // by Euler's method of 100 steps
    CAPTURE(p);
    CHECK_THAT(finite_step(p, 0.003, 100, 56).ratio, WithinAbs(0.99, 0.005));
    const FiniteStep coarse = finite_step(p, 0.03, 100, 56);
    CHECK_THAT(coarse.ratio, WithinAbs(0.97, 0.005));
    CHECK(coarse.residual <= 0.003);
  }
}
TEST_CASE("rudoler2026/4: k steps of Euler's method in place of the flow bias the estimate by 1 - 1/k: 0.900 +- 0.005 at k = 10") {
  for (const std::uint64_t seed : {56, 57}) {
    const double exact = finite_step(5, 0.01, 0, seed).ratio;
    CHECK_THAT(finite_step(5, 0.01, 10, seed).ratio / exact, WithinAbs(0.900, 0.005));
    CHECK_THAT(finite_step(5, 0.01, 2, seed).ratio / exact, WithinAbs(0.5, 0.005));
    CHECK_THAT(finite_step(5, 0.01, 100, seed).ratio / exact, WithinAbs(0.99, 0.0005));
  }
}
TEST_CASE(
    "rudoler2026/5: after 50 steps the modified flow is closer to descent than the flow by the drift ratio < 0.03; with twice the weight "
    "it is not") {
  for (const std::uint64_t seed : {56, 57, 58}) {
    CAPTURE(seed);
    const double fine = drift_ratio(0.01, 50, 1, seed), coarse = drift_ratio(0.03, 50, 1, seed);
    CHECK(fine < 0.03);
    CHECK_THAT(fine, WithinAbs(0.014, 0.002));  // the authors' notes, of a draw of theirs
    CHECK_THAT(coarse, WithinAbs(0.038, 0.005));
    CHECK_THAT(drift_ratio(0.01, 50, 2, seed), WithinAbs(1, 0.05));  // the control
  }
}
TEST_CASE(
    "rudoler2026: on equal singular values a ridge and the nuclear norm cannot be told apart, and a status says so; on others they are "
    "recovered") {
  const auto polar = [](const Matrix<double>& W) {
    const Eigen::JacobiSVD<Matrix<double>> svd(W, Eigen::ComputeThinU | Eigen::ComputeThinV);
    return Matrix<double>(svd.matrixU() * svd.matrixV().transpose());
  };
  const auto nuclear = penalty_candidate("nuclear", [&](const Vector<double>& theta) -> Vector<double> {
    const Matrix<double> W = theta.reshaped(8, 8);
    return polar(W).reshaped();
  });
  Random random(8, "rudoler2026");
  Matrix<double> X(64, 8), drawn(8, 8);
  for (double& entry : X.reshaped()) entry = random.normal();
  for (double& entry : drawn.reshaped()) entry = random.normal();
  const Eigen::JacobiSVD<Matrix<double>> bases(drawn, Eigen::ComputeThinU | Eigen::ComputeThinV);
  const DeepMatrix<double> model({8, 8});
  /// A regression whose gradient at a student V of this spectrum is that of -(0.01 |V|_F^2 + 0.03 |V|_*), and noise.
  const auto estimate = [&](const Vector<double>& spectrum, double noise) {
    const Matrix<double> V = bases.matrixU() * spectrum.asDiagonal() * bases.matrixV().transpose();
    const Matrix<double> penalty = 0.02 * V + 0.03 * polar(V);
    Matrix<double> Y = X * V.transpose() + 256 * X * (X.transpose() * X).ldlt().solve(penalty.transpose());
    for (double& entry : Y.reshaped()) entry += noise * random.normal();
    const Problem problem(model, regression_data<double>(X, Y), MeanSquares{});
    return estimate_penalty(problem, {Vector<double>(V.reshaped())}, {ridge(), nuclear});
  };
  Vector<double> spiked = Vector<double>::Constant(8, 0.1), power(8);
  spiked[0] = 3;
  for (Index i = 0; i < 8; ++i) power[i] = 3 * std::pow(static_cast<double>(i + 1), -1.5);
  for (const Vector<double>& spectrum : {spiked, power}) {
    const ImplicitPenalty clean = estimate(spectrum, 0), noisy = estimate(spectrum, 0.1);
    INFO(clean << noisy);
    CHECK_THAT(clean.cosines(0, 1), WithinAbs(spectrum.sum() / (std::sqrt(8) * spectrum.norm()), 1e-12));
    CHECK(clean.condition < 5);
    CHECK_THAT(clean.coefficients[0], WithinRel(0.01, 1e-10));
    CHECK_THAT(clean.coefficients[1], WithinRel(0.03, 1e-10));
    CHECK(std::abs(noisy.coefficients[0] - 0.01) < 4 * noisy.standard_errors[0]);
    CHECK(std::abs(noisy.coefficients[1] - 0.03) < 4 * noisy.standard_errors[1]);
    CHECK(noisy.standard_errors[0] < 0.01);
  }
  const ImplicitPenalty equal = estimate(Vector<double>::Constant(8, 1.5), 0);
  INFO(equal);
  CHECK_FALSE(equal.determined());
  CHECK(equal.rank == 1);
  CHECK_THAT(equal.cosines(0, 1), WithinAbs(1, 1e-12));
  CHECK(equal.residual < 1e-10);
  CHECK(equal.why.find("the coefficients of 'WeightDecayPenalty', 'nuclear' are not determined") != std::string::npos);
  // Nearly equal: determined, with the condition of the authors' notes, 5e4, at which noise decides.
  Vector<double> nearly = Vector<double>::Constant(8, 1.5);
  for (Index i = 0; i < 8; ++i) nearly[i] += 6e-5 * random.normal();
  const ImplicitPenalty hardly = estimate(nearly, 0.1);
  INFO(hardly);
  CHECK(hardly.determined());
  CHECK(hardly.condition > 1e4);
  CHECK(hardly.standard_errors[0] > 0.1);
}
TEST_CASE("rudoler2026: a ridge and a penalty that scale does not change have orthogonal gradients") {
  Random random(9, "rudoler2026");
  Vector<double> theta(40), gradient(40);
  for (double& entry : theta) entry = random.normal();
  for (double& entry : gradient) entry = random.normal();
  const ImplicitPenalty found =
      estimate_penalty(std::vector<PenaltySample>{{theta, gradient}},
                       {ridge(), penalty_candidate(DeepMatrix<double>({8, 5}), NuclearOverFrobenius{.lambda = 1})});
  CHECK(std::abs(found.cosines(0, 1)) < 1e-12);
  CHECK_THAT(found.condition, WithinAbs(1, 1e-12));
}

}  // namespace rudoler2026
