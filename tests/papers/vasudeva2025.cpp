// SPDX-License-Identifier: MIT
// Vasudeva, Deora, Zhao, Sharan & Thrampoulidis 2025, How Muon's Spectral Design Benefits Generalization: A Study on Imbalanced Data; with the norm-matched
// control of Beneventano, Abdelmoneum & Poggio 2026 and the conserved quantity of Rhee, Simon & Karkada 2026. Items of the acceptance list.
#include "vasudeva2025.hpp"

#include <tacit/hook/group_losses.hpp>

#include "catch.hpp"

namespace vasudeva2025 {

/// The largest deviation of the classes from a closed form of time and of their number, W = 0 at the start.
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
/// The square root of a symmetric positive semidefinite matrix.
Matrix<double> root(const Matrix<double>& A) {
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
Drift drift(Rule rule, double rate) {
  Random random(7, "vasudeva2025 drift");
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
  const auto [P0, Q0] = sides();
  with(rule, ConstantRate{rate}, [&](auto optimizer) {
    train(problem, theta, optimizer, {.iterations = static_cast<Index>(std::lround(0.35 / rate))});
    return 0;
  });
  const auto [P1, Q1] = sides();
  return {((root(P1) - root(Q1)) - (root(P0) - root(Q0))).norm(), ((P1 - Q1) - (P0 - Q0)).norm()};
}

TEST_CASE(
    "vasudeva2025/1: spectral descent moves every class at one speed until it is learned, plain descent at its own; closed forms of both") {
  const double rate = 1e-3;
  for (const Mixture& mixture : {Mixture{Vector<double>{{0.5, 0.3, 0.2}}, 1, 1}, Mixture{Vector<double>{{0.5, 0.3, 0.2}}, 2, 0.5}}) {
    const Vector<double> r = mixture.target(), s = mixture.xx();
    const auto spectral = [&](double t, Index c) { return std::min(rate * t, r[c]); };
    const auto gradient = [&](double t, Index c) { return r[c] * (1 - std::pow(1 - rate * s[c], t)); };
    CHECK(deviation(mixture, Rule::spectral, rate, spectral) < rate * (1 + 1e-9));
    CHECK(deviation(mixture, Rule::gradient, rate, gradient) < 1e-12);
    CHECK(deviation(mixture, Rule::gradient, rate, spectral) > 0.1);  // the control
  }
}
TEST_CASE(
    "vasudeva2025/2: times to 99 % differ by 2^(1/L) under spectral descent, the rarest class first; by more than 2 under plain descent, "
    "the rarest last") {
  for (const Index depth : {1, 2, 3, 4}) {
    CAPTURE(depth);
    const Vector<double> spectral = saturation_times(depth, Rule::spectral, 1e-4, depth == 1 ? 0 : 1e-12);
    CHECK(std::abs(spectral[0] / spectral[2] - std::pow(2, 1 / static_cast<double>(depth))) < 1e-3);
    CHECK(spectral[1] > spectral[2]);
    if (depth == 1) continue;
    const Vector<double> gradient = saturation_times(depth, Rule::gradient, 0.05, 0.05);
    CHECK(gradient[2] / gradient[0] > 2);
    CHECK(gradient[1] < gradient[2]);
  }
}
TEST_CASE(
    "vasudeva2025/3: on samples, too, spectral descent learns the rarest class as fast as the most common one; plain and normalised "
    "descent do not") {
  for (const std::uint64_t seed : {0, 1, 2, 3, 4, 5}) {
    CAPTURE(seed);
    CHECK(growth(Rule::spectral, 1, seed).relative >= 0.98);
    CHECK(growth(Rule::spectral, 2, seed).relative >= 0.95);
    for (const Rule rule : {Rule::gradient, Rule::normalised}) {
      CHECK(growth(rule, 1, seed).relative <= 0.2);
      CHECK(growth(rule, 2, seed).relative <= 0.01);
    }
  }
}
TEST_CASE(
    "vasudeva2025/4: from small Gaussian factors spectral descent learns the modes at (sigma / 2)^(1/L), the smallest first; plain descent "
    "the largest first") {
  const Vector<double> sigma{{4, 2, 1}};
  for (const Index depth : {2, 3})
    for (const std::uint64_t seed : {0, 1, 2, 3, 4, 5}) {
      CAPTURE(depth, seed);
      const Vector<double> spectral = half_times(sigma, Rule::spectral, depth, 1e-3, seed),
                           gradient = half_times(sigma, Rule::gradient, depth, 1e-2, seed);
      for (Index i = 0; i < 3; ++i) CHECK(std::abs(spectral[i] / std::pow(sigma[i] / 2, 1 / static_cast<double>(depth)) - 1) < 0.04);
      CHECK((spectral[2] < spectral[1] && spectral[1] < spectral[0]));
      CHECK((gradient[0] < gradient[1] && gradient[1] < gradient[2]));
    }
}
TEST_CASE(
    "vasudeva2025/5: completion of depth 3 by spectral descent loses the bias to low rank; steps of the same norm along the gradient keep "
    "it") {
  for (const std::uint64_t seed : {0, 1, 2, 3, 4}) {
    CAPTURE(seed);
    const Completed spectral = completion(Completion::spectral, 3, seed), gradient = completion(Completion::gradient, 3, seed),
                    matched = completion(Completion::norm_matched, 3, seed);
    CHECK(std::max({spectral.loss, gradient.loss, matched.loss}) <= 1e-4);
    CHECK(spectral.effective_rank > 10);
    CHECK(spectral.error > 0.8);
    for (const Completed& control : {gradient, matched}) {
      CHECK(control.effective_rank < 2.1);
      CHECK(control.error < 0.02);
    }
  }
}
TEST_CASE("vasudeva2025/6: five Newton-Schulz steps leave singular values in [0.6, 1.25], and not at 1; the polar factor is orthogonal") {
  Random random(1, "vasudeva2025 newton-schulz");
  const Index n = 16;
  Layout layout;
  layout.add("X", {n, n}, StorageOrder::column_major);
  NewtonSchulz::Workspace<double> buffers(matrix_blocks(layout, "test", HigherOrder::unfold));
  SpectrumWorkspace<double> ws;
  Vector<double> sigma(n), after;
  for (int draw = 0; draw < 20; ++draw) {
    for (double& s : sigma) s = random.uniform(0.05, 1);
    const Matrix<double> U = detail::random_isometry<double>(n, n, random), V = detail::random_isometry<double>(n, n, random),
                         G = U * sigma.asDiagonal() * V.transpose();
    Matrix<double> X = G / G.norm();
    NewtonSchulz{}.run<double>({X.data(), n, n}, buffers);
    singular_values<double>(X, ws, after);
    CHECK(after[0] < 1.25);
    CHECK(after[n - 1] > 0.6);
    CHECK((after.array() - 1).abs().maxCoeff() > 0.05);  // the control
    detail::ThinSvd<double> svd(n, n);
    svd.compute({G.data(), n, n});
    svd.compose({X.data(), n, n});
    CHECK((X.transpose() * X - Matrix<double>::Identity(n, n)).cwiseAbs().maxCoeff() < 1e-12);
    CHECK((X - U * V.transpose()).cwiseAbs().maxCoeff() < 1e-12);
  }
}
TEST_CASE(
    "vasudeva2025, theorem: up to the time at which the rarest class is learned, class losses under spectral descent are lower by a "
    "multiple of mu t; later not") {
  for (const std::uint64_t seed : {0, 1, 2, 3, 4, 5}) {
    CAPTURE(seed);
    const Mixture mixture = theorem_mixture(seed);
    const TheoremGaps gaps = theorem_gaps(mixture);
    CHECK(gaps.gradient.minority >= 0.25);
    CHECK(gaps.gradient.balanced >= 0.5);
    CHECK(gaps.normalised.minority >= 0.5);
    // Of the balanced loss under normalised descent no bound is known to us but this, which follows from |W|_F <= t and the conditions.
    CHECK(gaps.normalised.balanced >= 1 - 1 / std::sqrt(static_cast<double>(mixture.classes())) - 1.0 / 6);
    CHECK(std::max(std::abs(gaps.late.minority), std::abs(gaps.late.balanced)) < 1e-6);  // the control
  }
}
TEST_CASE("vasudeva2025: class losses of samples, by groups, are those of the formula") {
  const Mixture mixture{inverse_priors(4), 1.5, 0.5};
  Random random(3, "vasudeva2025 classes");
  const auto [X, labels] = mixture.samples(20'000, Matrix<double>::Identity(4, 4), random);
  const DeepMatrix<double> model = model_of(1, 4, 4);
  const Problem problem(model, classification_data(X, labels, 4), HalfMeanRegression{});
  const Vector<double> theta = model.near_zero({.entry_std = 0.3, .seed = 1});
  const std::vector<double> losses = GroupLosses(problem, groups_by(labels)).at(theta);
  const Vector<double> expected = mixture.class_losses(model.layer(theta, 0));
  for (Index c = 0; c < 4; ++c) CHECK(std::abs(losses[static_cast<std::size_t>(c)] / expected[c] - 1) < 0.03);
}
TEST_CASE(
    "rhee2026: two aligned factors: spectral descent keeps the difference of the roots of their Gram matrices, plain descent that of the "
    "Gram matrices") {
  const Drift spectral = drift(Rule::spectral, 1e-3), gradient = drift(Rule::gradient, 1e-3), finer = drift(Rule::gradient, 1e-4);
  CHECK(spectral.roots < 1e-12);
  CHECK(spectral.squares > 0.1);
  CHECK(gradient.squares < 1e-2);
  CHECK(std::abs(gradient.squares / finer.squares - 10) < 0.5);  // kept by the flow, up to the rate
  CHECK(gradient.roots > 0.1);
}

}  // namespace vasudeva2025
