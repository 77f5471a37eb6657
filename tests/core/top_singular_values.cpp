// SPDX-License-Identifier: MIT
#include <tacit/core/top_singular_values.hpp>

#include "catch.hpp"
#include "normal.hpp"

#include <cmath>
#include <limits>

using namespace tacit;

namespace {

/// rows x cols of rank r with distinct values, plus noise.
template <class S>
Matrix<S> low_rank(Index rows, Index cols, Index r, double noise, unsigned seed) {
  Matrix<S> left = normal<S>(rows, r, seed);
  for (Index j = 0; j < r; ++j) left.col(j) *= S(1) / S(1 + j);
  Matrix<S> W = normal<S>(rows, cols, seed + 2) * S(noise);
  W += left.lazyProduct(normal<S>(r, cols, seed + 1));
  return W;
}

template <class S>
Vector<S> all_values(const Matrix<S>& W) {
  SpectrumWorkspace<S> ws;
  Vector<S> sigma;
  singular_values(W, ws, sigma);
  return sigma;
}

template <class S>
double distance_of_top(const Vector<S>& sigma, const Vector<S>& all) {
  return double((sigma - all.head(sigma.size())).cwiseAbs().maxCoeff()) / double(all[0]);
}

}  // namespace

TEMPLATE_TEST_CASE("the block iteration finds the largest values of tall and wide matrices", "", double, float) {
  using S = TestType;
  for (const auto& [rows, cols] : {std::pair<Index, Index>{80, 80}, {150, 60}, {60, 150}}) {
    const auto W = low_rank<S>(rows, cols, 6, 1e-3, unsigned(rows));
    TopSpectrumWorkspace<S> ws;
    Vector<S> sigma;
    const auto outcome = top_singular_values(W, {.count = 6}, ws, sigma);
    CHECK(outcome.converged);
    CHECK_FALSE(outcome.full_solver);
    REQUIRE(sigma.size() == 6);
    CHECK(distance_of_top(sigma, all_values(W)) < tolerance<S>);
    CHECK(ws.residual.head(6).maxCoeff() <= S(1e-4) * sigma[0]);
  }
}

TEST_CASE("residuals bound the error before convergence") {
  const auto W = low_rank<double>(90, 90, 6, 0.1, 3);
  const auto exact = all_values(W);
  for (int iterations = 1; iterations <= 6; ++iterations) {
    TopSpectrumWorkspace<double> ws;
    Vector<double> sigma;
    const auto times = [&](const Matrix<double>& X, Matrix<double>& Y) { Y = W.lazyProduct(X); };
    const auto transposed_times = [&](const Matrix<double>& X, Matrix<double>& Y) { Y = W.transpose().lazyProduct(X); };
    const auto outcome =
        top_singular_values<double>(90, 90, times, transposed_times, {.count = 5, .iterations = iterations, .tolerance = 0}, ws, sigma);
    CHECK(outcome.iterations == iterations);
    for (Index j = 0; j < 5; ++j) CHECK((exact.array() - sigma[j]).abs().minCoeff() <= ws.residual[j] * (1 + 1e-10) + 1e-13 * exact[0]);
  }
}

TEST_CASE("a matrix that moved a little needs fewer iterations than a new one, and the values follow it") {
  auto W = low_rank<double>(100, 100, 5, 0.05, 1);
  TopSpectrumWorkspace<double> ws;
  Vector<double> sigma;
  const auto times = [&](const Matrix<double>& X, Matrix<double>& Y) { Y = W.lazyProduct(X); };
  const auto transposed_times = [&](const Matrix<double>& X, Matrix<double>& Y) { Y = W.transpose().lazyProduct(X); };
  const auto run = [&] { return top_singular_values<double>(100, 100, times, transposed_times, {.count = 5}, ws, sigma); };
  const int first = run().iterations;
  int warm = 0;
  for (unsigned step = 0; step < 5; ++step) {
    W += 1e-5 * normal(100, 100, 50 + step);
    const auto outcome = run();
    CHECK(outcome.converged);
    warm = std::max(warm, outcome.iterations);
    CHECK(distance_of_top(sigma, all_values(W)) < 1e-12);
  }
  INFO("first " << first << ", then at most " << warm);
  CHECK(2 * warm <= first);
}

TEST_CASE("a new direction, orthogonal to everything before, is seen") {
  Matrix<double> W = Matrix<double>::Zero(60, 60);
  for (Index i = 0; i < 12; ++i) W(i, i) = 1 / double(1 + i * i);  // the whole block is in use, 8 beyond the count
  TopSpectrumWorkspace<double> ws;
  Vector<double> sigma;
  for (int i = 0; i < 3; ++i) top_singular_values(W, {.count = 4}, ws, sigma);
  W(50, 40) = 10;
  const auto outcome = top_singular_values(W, {.count = 4}, ws, sigma);
  CHECK(outcome.converged);
  CHECK_THAT(sigma[0], Catch::Matchers::WithinRel(10, 1e-12));
  CHECK_THAT(sigma[3], Catch::Matchers::WithinRel(0.2, 1e-12));
}

TEMPLATE_TEST_CASE("rank below the count, the zero matrix, repeated values", "", double, float) {
  using S = TestType;
  TopSpectrumWorkspace<S> ws;
  Vector<S> sigma;
  const auto W = low_rank<S>(70, 70, 2, 0, 9);
  CHECK(top_singular_values(W, {.count = 5}, ws, sigma).converged);
  CHECK(distance_of_top(sigma, all_values(W)) < tolerance<S>);
  CHECK(top_singular_values(Matrix<S>::Zero(70, 70), {.count = 5}, ws, sigma).converged);
  CHECK(sigma.cwiseAbs().maxCoeff() == 0);
  CHECK(top_singular_values(Matrix<S>::Identity(70, 70) * S(3), {.count = 5}, ws, sigma).converged);
  CHECK((sigma.array() - S(3)).abs().maxCoeff() < 3 * tolerance<S>);
}

TEST_CASE("where the block does not converge or is too wide, a dense matrix goes to the full solver and functions say so") {
  const Matrix<double> W = normal(80, 80, 4);  // no gap after the count
  TopSpectrumWorkspace<double> ws;
  Vector<double> sigma;
  const TopSettings hurried{.count = 10, .iterations = 2};
  auto outcome = top_singular_values(W, hurried, ws, sigma);
  CHECK((outcome.converged && outcome.full_solver));
  CHECK(sigma == all_values(W).head(10));
  outcome = top_singular_values(W, {.count = 60}, ws, sigma);
  CHECK((outcome.converged && outcome.full_solver && outcome.iterations == 0));
  CHECK(sigma == all_values(W).head(60));
  outcome = top_singular_values(W, {.count = 600}, ws, sigma);
  CHECK(sigma == all_values(W));
  const auto times = [&](const Matrix<double>& X, Matrix<double>& Y) { Y = W.lazyProduct(X); };
  const auto transposed_times = [&](const Matrix<double>& X, Matrix<double>& Y) { Y = W.transpose().lazyProduct(X); };
  outcome = top_singular_values<double>(80, 80, times, transposed_times, hurried, ws, sigma);
  CHECK_FALSE(outcome.converged);
  CHECK(outcome.iterations == 2);
  CHECK(sigma.size() == 10);
}

TEST_CASE("a matrix that is not finite gives NaN, and the next one is not spoiled by it") {
  auto W = low_rank<double>(60, 60, 4, 1e-4, 1);
  const auto exact = all_values(W);
  TopSpectrumWorkspace<double> ws;
  Vector<double> sigma;
  W(3, 3) += std::numeric_limits<double>::quiet_NaN();
  CHECK_FALSE(top_singular_values(W, {.count = 4}, ws, sigma).converged);
  CHECK((sigma.size() == 4 && sigma.array().isNaN().all()));
  W = low_rank<double>(60, 60, 4, 1e-4, 1);
  CHECK(top_singular_values(W, {.count = 4}, ws, sigma).converged);
  CHECK(distance_of_top(sigma, exact) < 1e-12);
}
