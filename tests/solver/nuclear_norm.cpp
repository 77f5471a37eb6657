// SPDX-License-Identifier: MIT
#include <Eigen/Eigenvalues>
#include <tacit/data/low_rank.hpp>
#include <tacit/observation/rank_one_map.hpp>
#include <tacit/solver/nuclear_norm.hpp>

#include "catch.hpp"
#include "normal.hpp"
#include "papers/sanitized.hpp"
#include "thrown.hpp"

#include <Eigen/SVD>

#include <sstream>

using namespace tacit;
using Catch::Matchers::WithinAbs;
using Catch::Matchers::WithinRel;

namespace {

using Reason = MinimumNorm::Reason;
using Svd = Eigen::JacobiSVD<Matrix<double>>;

Data<double> entries(Index rows, Index cols, std::vector<Triplet<double>> list) { return observed<double>(rows, cols, list); }

template <Scalar S = double>
Data<S, LinearMap<S>> measured(const Matrix<double>& W, Index count, unsigned seed) {
  const Matrix<double> A = normal(W.size(), count, seed) / std::sqrt(static_cast<double>(count));
  const Vector<double> y = A.transpose() * Eigen::Map<const Vector<double>>(W.data(), W.size());
  return {LinearMap<S>(W.rows(), W.cols(), A.cast<S>()), y.cast<S>()};
}

double nuclear(const Matrix<double>& W) { return Svd(W).singularValues().sum(); }

Vector<double> measure(const Entries& where, const Matrix<double>& X) {
  Vector<double> z(where.count());
  for (Index k = 0; k < z.size(); ++k) z[k] = X(where[k].row, where[k].col);
  return z;
}
Vector<double> measure(const LinearMap<double>& where, const Matrix<double>& X) {
  return where.matrix().transpose() * Eigen::Map<const Vector<double>>(X.data(), X.size());
}
Matrix<double> adjoint(const Entries& where, const Vector<double>& lambda) {
  Matrix<double> out = Matrix<double>::Zero(where.rows(), where.cols());
  for (Index k = 0; k < lambda.size(); ++k) out(where[k].row, where[k].col) += lambda[k];
  return out;
}
Matrix<double> adjoint(const LinearMap<double>& where, const Vector<double>& lambda) {
  const Vector<double> flat = where.matrix() * lambda;
  return Eigen::Map<const Matrix<double>>(flat.data(), where.rows(), where.cols());
}

/// Everything the result claims, computed anew from X, lambda and the data, by another decomposition.
template <class O>
void check_certificate(const MinimumNorm& result, const Data<double, O>& data, const MinimumNormSettings& settings, bool symmetric,
                       double allowed) {
  const Vector<double> off = measure(data.where, result.X) - data.y;
  const double violation =
      settings.noise > 0 ? std::max(off.norm() - settings.noise, 0.0) : (off.cwiseAbs().array() - settings.box).max(0).matrix().norm();
  CHECK_THAT(result.residual, WithinAbs(violation / data.y.norm(), 1e-14));
  CHECK(result.residual <= allowed);
  Matrix<double> image = adjoint(data.where, result.lambda);
  double norm = 0, dual_norm = 0;
  if (symmetric) {
    CHECK((result.X - result.X.transpose()).norm() == 0);
    image = (0.5 * (image + image.transpose())).eval();
    norm = result.X.trace();
    dual_norm = Eigen::SelfAdjointEigenSolver<Matrix<double>>(image).eigenvalues().maxCoeff();
    CHECK(Eigen::SelfAdjointEigenSolver<Matrix<double>>(result.X).eigenvalues()[0] >= -1e-14 * norm);
  } else {
    norm = nuclear(result.X);
    dual_norm = Svd(image).singularValues()[0];
  }
  const double lower = result.lambda.dot(data.y) - settings.box * result.lambda.lpNorm<1>() - settings.noise * result.lambda.norm();
  CHECK(dual_norm <= 1 + 1e-13);
  CHECK_THAT(result.norm, WithinRel(norm, 1e-7));
  CHECK(result.norm >= norm * (1 - 1e-14));
  CHECK_THAT(result.lower, WithinRel(lower, 1e-12));
  CHECK(result.gap >= std::abs(norm - lower) / norm - 1e-7);
  CHECK(result.gap <= settings.gap);
  CHECK(result.reason == Reason::converged);
  CHECK(lower > 0);
}

}  // namespace

TEST_CASE("all entries observed leave one matrix") {
  const Matrix<double> W = normal(4, 6, 1);
  const MinimumNorm result = minimum_nuclear_norm(fully_observed(W), {.gap = 1e-8});
  CHECK(result.X == W);
  CHECK_THAT(result.norm, WithinRel(nuclear(W), 1e-12));
  CHECK(result.reason == Reason::converged);
}

TEST_CASE("2 x 2 with one entry unobserved, against the closed form") {
  // ||W||_*^2 = ||W||_F^2 + 2 |det W|, so of [a b; c x] with a, b, c > 0 the least has x = min(a, b c / a).
  const auto [a, b, c, x] = GENERATE(std::array{2.0, 1.0, 1.0, 0.5}, std::array{1.0, 2.0, 3.0, 1.0}, std::array{0.0, 1.0, 1.0, 0.0});
  const MinimumNorm result = minimum_nuclear_norm(entries(2, 2, {{0, 0, a}, {0, 1, b}, {1, 0, c}}), {.gap = 1e-10});
  CHECK_THAT(result.X(1, 1), WithinAbs(x, 1e-4));  // the norm grows with the square of the distance, so the gap leaves its root
  CHECK_THAT(result.norm, WithinRel(std::sqrt(a * a + b * b + c * c + x * x + 2 * std::abs(a * x - b * c)), 1e-9));
}

TEST_CASE("one measurement: the least norm is what is left of y over the dual norm of A") {
  const Matrix<double> A = normal(3, 5, 2);
  const Data<double, LinearMap<double>> data(LinearMap<double>({A}), Vector<double>::Constant(1, -4.0));
  const double spectral = Svd(A).singularValues()[0];
  CHECK_THAT(minimum_nuclear_norm(data).norm, WithinRel(4 / spectral, 2e-5));
  CHECK_THAT(minimum_nuclear_norm(data, {.box = 1}).norm, WithinRel(3 / spectral, 2e-5));
  CHECK_THAT(minimum_nuclear_norm(data, {.noise = 0.5}).norm, WithinRel(3.5 / spectral, 2e-5));

  Matrix<double> D = Matrix<double>::Zero(3, 3);  // positive semidefinite: only the positive part of A counts, -7 does not
  D.diagonal() << 1, 2, -7;
  const Data<double, LinearMap<double>> diagonal(LinearMap<double>({D}), Vector<double>::Constant(1, 4.0));
  const MinimumNorm result = minimum_trace_psd(diagonal);
  CHECK_THAT(result.norm, WithinRel(2.0, 2e-5));
  CHECK_THAT(result.X(1, 1), WithinRel(2.0, 1e-3));
  CHECK_THAT(minimum_trace_psd(diagonal, {.box = 1}).norm, WithinRel(1.5, 2e-5));
}

TEST_CASE("zero is the answer where it is feasible") {
  const auto data = entries(3, 2, {{0, 0, 0.5}, {2, 1, -0.25}});
  const MinimumNorm boxed = minimum_nuclear_norm(data, {.box = 0.5}), noisy = minimum_trace_psd(entries(2, 2, {{0, 1, 0.0}}));
  CHECK((boxed.X.norm() == 0 && boxed.norm == 0 && boxed.gap == 0 && boxed.reason == Reason::converged));
  CHECK(noisy.X.norm() == 0);
  CHECK(minimum_nuclear_norm(data, {.box = 0.499}).norm > 0);
}

TEST_CASE("the certificate holds when everything in it is computed anew") {
  const auto [box, noise] = GENERATE(std::pair{0.0, 0.0}, std::pair{0.05, 0.0}, std::pair{0.0, 0.8});
  const MinimumNormSettings settings{.box = box, .noise = noise};
  SECTION("entries, tall") {
    const auto task = low_rank_completion({.rows = 20, .cols = 12, .rank = 2, .observed = 110, .seed = 3});
    check_certificate(minimum_nuclear_norm(task.seen, settings), task.seen, settings, false, 1e-15);
  }
  SECTION("entries, wide") {
    const auto task = low_rank_completion({.rows = 9, .cols = 20, .rank = 2, .observed = 80, .seed = 4});
    check_certificate(minimum_nuclear_norm(task.seen, settings), task.seen, settings, false, 1e-15);
  }
  SECTION("entries, positive semidefinite") {
    const auto task = low_rank_completion({.rows = 15, .cols = 15, .rank = 2, .observed = 90, .seed = 5, .symmetric = true});
    check_certificate(minimum_trace_psd(task.seen, settings), task.seen, settings, true, 1e-7);
  }
  SECTION("measurements") {
    const auto data = measured(normal(8, 2, 6) * normal(2, 10, 7), 40, 8);
    check_certificate(minimum_nuclear_norm(data, settings), data, settings, false, 1e-14);
  }
  SECTION("measurements, positive semidefinite") {
    const Matrix<double> U = normal(10, 2, 9);
    const auto data = measured(U * U.transpose(), 30, 10);
    check_certificate(minimum_trace_psd(data, settings), data, settings, true, 1e-7);
  }
}

TEST_CASE("no feasible matrix is below the bound, no matter how far the iteration came") {
  const auto task = low_rank_completion({.rows = 20, .cols = 20, .rank = 2, .observed = 150, .seed = 11});
  double best = minimum_nuclear_norm(task.seen, {.gap = 1e-9}).norm;
  for (Index iterations : {1, 3, 10, 30}) {
    const MinimumNorm rough = minimum_nuclear_norm(task.seen, {.gap = 1e-9, .iterations = iterations});
    CHECK(rough.reason == Reason::reached_limit);
    CHECK(rough.iterations == iterations);
    CHECK(rough.gap > 1e-9);
    CHECK(rough.residual == 0);
    CHECK(rough.lower <= best);
    CHECK(rough.norm >= best * (1 - 1e-9));
    CHECK(rough.norm * (1 - rough.gap) <= best * (1 + 1e-12));
  }
}

TEST_CASE("more tolerance, less norm") {
  const auto task = low_rank_completion({.rows = 15, .cols = 18, .rank = 2, .observed = 100, .seed = 12});
  double above = minimum_nuclear_norm(task.seen).norm;
  for (double box : {0.01, 0.1, 0.5}) {
    const double norm = minimum_nuclear_norm(task.seen, {.box = box}).norm;
    CHECK(norm < above * (1 - 1e-4));
    above = norm;
  }
  above = minimum_nuclear_norm(task.seen).norm;
  for (double noise : {0.1, 1.0, 4.0}) {
    const double norm = minimum_nuclear_norm(task.seen, {.noise = noise}).norm;
    CHECK(norm < above * (1 - 1e-4));
    // ||A(X) - y||_2 <= r lies within |A(X) - y| <= r entrywise
    CHECK(minimum_nuclear_norm(task.seen, {.box = noise}).norm <= norm * (1 + 1e-5));
    above = norm;
  }
}

TEST_CASE("the nuclear norm is half the least trace of the lifted matrix [W1 X; X^T W2]") {
  const auto task = low_rank_completion({.rows = 5, .cols = 7, .rank = 1, .observed = 17, .seed = 13});
  std::vector<Triplet<double>> lifted;
  for (Index k = 0; k < task.seen.count(); ++k) lifted.push_back({task.seen.where[k].row, 5 + task.seen.where[k].col, task.seen.y[k]});
  for (double box : {0.0, 0.1}) {
    const MinimumNorm nuclear = minimum_nuclear_norm(task.seen, {.box = box, .gap = 1e-7});
    const MinimumNorm trace = minimum_trace_psd(entries(12, 12, lifted), {.box = box, .gap = 1e-7});
    CHECK_THAT(trace.norm / 2, WithinRel(nuclear.norm, 1e-6));
  }
}

TEST_CASE("entries and the measurements that pick them are one problem") {
  const auto task = low_rank_completion({.rows = 8, .cols = 6, .rank = 1, .observed = 22, .seed = 14});
  Matrix<double> A = Matrix<double>::Zero(48, 22);
  for (Index k = 0; k < 22; ++k) A(task.seen.where[k].row + 8 * task.seen.where[k].col, k) = 1;
  const Data<double, LinearMap<double>> same(LinearMap<double>(8, 6, A), task.seen.y);
  for (const MinimumNormSettings& settings : {MinimumNormSettings{}, MinimumNormSettings{.box = 0.2}, MinimumNormSettings{.noise = 0.6}})
    CHECK_THAT(minimum_nuclear_norm(same, settings).norm, WithinRel(minimum_nuclear_norm(task.seen, settings).norm, 2e-5));
}

TEST_CASE("float data give the same matrix") {
  const auto task = low_rank_completion<double>({.rows = 14, .cols = 10, .rank = 1, .observed = 90, .seed = 15});
  const auto single = low_rank_completion<float>({.rows = 14, .cols = 10, .rank = 1, .observed = 90, .seed = 15});
  const MinimumNorm a = minimum_nuclear_norm(task.seen, {.gap = 1e-7}), b = minimum_nuclear_norm(single.seen, {.gap = 1e-7});
  CHECK((a.X - b.X).norm() < 1e-5 * a.X.norm());
  const Matrix<double> U = normal(6, 1, 16);
  const MinimumNorm c = minimum_trace_psd(measured<double>(U * U.transpose(), 15, 17)),
                    d = minimum_trace_psd(measured<float>(U * U.transpose(), 15, 17));
  CHECK((c.X - d.X).norm() < 1e-5 * c.X.norm());
}

TEST_CASE("arora2019: 100 x 100 of rank 5 from 2000 entries, gap 1e-4, not above the truth") {
  const Index n = sanitized ? 30 : 100;
  const auto task = low_rank_completion({.rows = n, .cols = n, .rank = 5, .observed = n * n / 5, .seed = 1});
  const double box = GENERATE(0.0, 1e-3);
  const MinimumNorm result = minimum_nuclear_norm(task.seen, {.box = box, .gap = 1e-4});
  check_certificate(result, task.seen, {.box = box, .gap = 1e-4}, false, 1e-15);
  CHECK(result.norm < nuclear(task.truth));
  CHECK((result.X - task.truth).norm() > 0.1 * task.truth.norm());  // too few for the nuclear norm to find the truth
}

TEST_CASE("arora2019: from half of the entries the least nuclear norm is the truth's") {
  const Index n = sanitized ? 30 : 100, rank = sanitized ? 2 : 5;
  const auto task = low_rank_completion({.rows = n, .cols = n, .rank = rank, .observed = n * n / 2, .seed = 2});
  const MinimumNorm result = minimum_nuclear_norm(task.seen);
  CHECK((result.X - task.truth).norm() < 1e-3 * task.truth.norm());
  CHECK(result.norm <= nuclear(task.truth) * (1 + 1e-5));
}

TEST_CASE("gunasekar2017, acceptance 5: n = 50, rank 2, 300 measurements") {
  const Index n = sanitized ? 20 : 50, m = 6 * n;
  Matrix<double> U = normal(n, 2, 18);
  U /= std::sqrt((U * U.transpose()).norm());
  const Matrix<double> truth = U * U.transpose();
  const auto data = measured(truth, m, 19);
  const MinimumNorm result = minimum_trace_psd(data);
  CHECK((measure(data.where, result.X) - data.y).norm() <= 1e-6 * data.y.norm());
  CHECK((measure(data.where, result.X) - data.y).cwiseAbs().maxCoeff() <= 1e-6);
  CHECK(result.norm <= truth.trace() * (1 + 1e-6));  // the truth is the minimiser here: equal up to the residual
  CHECK((result.X - truth).norm() < 1e-5);
  check_certificate(result, data, {}, true, 1e-7);

  const auto few = measured(truth, n / 2, 20);
  const MinimumNorm less = minimum_trace_psd(few);
  CHECK(less.norm < truth.trace() * 0.9);
  check_certificate(less, few, {}, true, 1e-7);
}

TEST_CASE("sizes above 150 take the subspace path to the same certificate", "[slow]") {
  const Index n = sanitized ? 151 : 220;
  const auto task = low_rank_completion({.rows = n, .cols = n + 10, .rank = 2, .observed = n * n / 3, .seed = 21});
  const MinimumNorm result = minimum_nuclear_norm(task.seen, {.gap = 1e-4});
  CHECK(result.reason == Reason::converged);
  CHECK(result.gap <= 1e-4);
  CHECK(result.residual == 0);
  CHECK((result.X - task.truth).norm() < 1e-2 * task.truth.norm());
}

TEST_CASE("the result prints as sentences") {
  std::ostringstream out;
  out << minimum_nuclear_norm(entries(2, 2, {{0, 1, 1}, {1, 0, 1}, {1, 1, 0}}), {.box = 1e-3, .gap = 1e-3, .iterations = 1000});
  CHECK(out.str().find("minimum nuclear norm of a 2 x 2 matrix under 3 observations, each to +-0.001: 1.99") == 0);
  CHECK(out.str().find("\n  relative duality gap ") != std::string::npos);
  CHECK(out.str().find("constraints met to 0 ||y||; converged after") != std::string::npos);
  out.str("");
  out << minimum_trace_psd(entries(2, 2, {{0, 0, 1}, {0, 1, 2}}), {.iterations = 5});
  CHECK(out.str().find("\n  not certified, X is not feasible: relative duality gap ") != std::string::npos);
  CHECK(out.str().find("stopped at the limit of 5 iterations\n") != std::string::npos);
}

TEST_CASE("what cannot be asked is refused with a sentence") {
  const auto data = entries(2, 3, {{0, 0, 1}});
  CHECK(thrown([&] { minimum_nuclear_norm(data, {.box = 0.1, .noise = 0.1}); }) ==
        "minimum_nuclear_norm: .box and .noise are both given; choose one kind of tolerance");
  CHECK(thrown([&] { minimum_nuclear_norm(data, {.box = -0.1}); }) ==
        "minimum_nuclear_norm: .box is -0.1 and .noise 0, neither may be negative");
  CHECK(thrown([&] { minimum_nuclear_norm(data, {.gap = 0}); }) ==
        "minimum_nuclear_norm: .gap is 0 and .residual 1e-07, both need to be positive");
  CHECK(thrown([&] { minimum_nuclear_norm(data, {.iterations = 0}); }) == "minimum_nuclear_norm: .iterations is 0");
  CHECK(thrown([&] { minimum_trace_psd(data); }) == "minimum_trace_psd: the matrix is 2 x 3, only a square one can be symmetric");
  auto weighted = data;
  weighted.weight = Vector<double>::Ones(1);
  CHECK(thrown([&] { minimum_nuclear_norm(weighted); }) ==
        "minimum_nuclear_norm: the data carry weights, which constraints do not have; leave them out");
}

TEST_CASE("that no feasible matrix exists is found out while solving") {
  const std::string semidefinite =
      "minimum_trace_psd: no positive semidefinite matrix of any reasonable size meets the constraints; the "
      "multipliers prove that its norm would be at least ";
  CHECK(thrown([] { minimum_trace_psd(entries(2, 2, {{0, 0, 1}, {0, 1, 3}, {1, 1, 2}})); }).find(semidefinite) == 0);
  CHECK(thrown([] {
          minimum_trace_psd(entries(3, 3, {{0, 0, 1}, {0, 1, 1}, {1, 1, 1}, {1, 2, 1}, {2, 2, 1}, {0, 2, -1}}));
        }).find(semidefinite) == 0);
  Matrix<double> A = normal(4, 3, 22);
  A.col(2) = A.col(0) + A.col(1);
  const Data<double, LinearMap<double>> contradicting(LinearMap<double>(2, 2, A), Vector<double>::Ones(3));
  for (const MinimumNormSettings& settings : {MinimumNormSettings{.box = 0.1}, MinimumNormSettings{.noise = 0.1}})
    CHECK(thrown([&] {
            minimum_nuclear_norm(contradicting, settings);
          }).find("minimum_nuclear_norm: no matrix of any reasonable size meets") == 0);
  CHECK(minimum_nuclear_norm(contradicting, {.box = 0.5}).reason == Reason::converged);
}

TEST_CASE("a limit of seconds ends the iteration like a limit of iterations, and whoever waits can stop any of them") {
  const auto data = low_rank_entries({.rows = 30, .cols = 20, .rank = 2, .observed = 200, .seed = 1, .noise_std = 0.1}).seen;
  const double an_iteration = (2.0 * 30 * 20 + 5.0 * 20 * 20) * 20 / 1e9;
  const auto few = minimum_nuclear_norm(data, {.seconds = 3.5 * an_iteration, .pace = {.counted = true}});
  CHECK(few.iterations == 4);
  CHECK(few.reason == Reason::reached_limit);
  CHECK(few.X == minimum_nuclear_norm(data, {.iterations = 4}).X);
  CHECK(minimum_nuclear_norm(data, {.gap = 1e-2, .residual = 1e-3}).reason == Reason::converged);  // without a limit
  Index asked = 0;
  CHECK_THROWS_AS(minimum_nuclear_norm(data, {.pace = {.stop = [&] { return ++asked == 7; }}}), Stopped);
  CHECK(asked == 7);
}

TEST_CASE("rank-one measurements are constraints like the matrices that they stand for") {
  Random random(3, "rank_one");
  Matrix<double> X(4, 9), Y(3, 9), A(12, 9);
  for (double& x : X.reshaped()) x = random.normal();
  for (double& y : Y.reshaped()) y = random.normal();
  Vector<double> z(9);
  for (Index k = 0; k < 9; ++k) {
    Eigen::Map<Matrix<double>>(A.col(k).data(), 4, 3) = X.col(k) * Y.col(k).transpose();
    z[k] = X(0, k) * Y.col(k).sum();  // of a matrix of rank one
  }
  const auto structured = minimum_nuclear_norm(Data<double, RankOneMap<double>>(RankOneMap<double>(X, Y), z));
  const auto given = minimum_nuclear_norm(Data<double, LinearMap<double>>(LinearMap<double>(4, 3, A), z));
  CHECK(structured.gap < 1e-4);
  CHECK((structured.X - given.X).norm() < 1e-9 * given.X.norm());
  CHECK(structured.lower <= std::sqrt(3.0) * (1 + 1e-9));
}
