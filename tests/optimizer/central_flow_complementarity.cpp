// SPDX-License-Identifier: MIT
#include <tacit/core/random.hpp>
#include <tacit/optimizer/central_flow_complementarity.hpp>

#include "catch.hpp"

using namespace tacit;
using Catch::Matchers::WithinRel;

namespace {

struct ComplementarityCase {
  Matrix<double> A, B;
};
/// B_ij,kl = <N_ij, N_kl> of random symmetric N in R^rows, A diagonal with the given share of negative entries and a symmetric perturbation.
ComplementarityCase random_case(Index k, Index rows, std::uint64_t seed) {
  Random random(seed, "complementarity");
  Matrix<double> N(rows, k * k), A = Matrix<double>::Zero(k, k);
  for (Index j = 0; j < k; ++j)
    for (Index i = 0; i <= j; ++i) {
      for (Index r = 0; r < rows; ++r) N(r, i + j * k) = N(r, j + i * k) = random.normal();
      A(i, j) = A(j, i) = (i == j ? 1.0 : 0.3) * random.normal();
    }
  Matrix<double> B(k * k, k * k);
  for (Index a = 0; a < k * k; ++a)
    for (Index b = 0; b < k * k; ++b) B(a, b) = N.col(a).dot(N.col(b));
  return {A, B};
}
/// Smallest eigenvalues of X and of A + B[X], and their inner product.
std::array<double, 3> residuals(const ComplementarityCase& c, const Matrix<double>& X, Index k) {
  Matrix<double> slack = c.A;
  for (Index a = 0; a < k * k; ++a)
    for (Index b = 0; b < k * k; ++b) slack(a % k, a / k) += c.B(a, b) * X(b % k, b / k);
  SmallSymmetricEigen eigen(k);
  eigen.compute(X, k);
  const double least_X = eigen.value(k - 1);
  eigen.compute(slack, k);
  double product = 0;
  for (Index j = 0; j < k; ++j)
    for (Index i = 0; i < k; ++i) product += slack(i, j) * X(i, j);
  return {least_X, eigen.value(k - 1), product};
}

}  // namespace

TEST_CASE("cohen2025/6: for random responses of up to five eigenvalues X and A + B[X] are positive semi-definite and complementary") {
  Complementarity problem(5);
  for (Index k = 1; k <= 5; ++k)
    for (std::uint64_t seed = 0; seed < 20; ++seed) {
      const auto c = random_case(k, 40, 100 * static_cast<std::uint64_t>(k) + seed);
      CAPTURE(k, seed);
      REQUIRE(problem.solve(c.A, c.B, k));
      const auto [least_X, least_slack, product] = residuals(c, problem.X(), k);
      CHECK(least_X >= -1e-14 * (1 + problem.trace()));
      CHECK(least_slack >= -1e-9);
      CHECK(std::abs(product) < 1e-9);
      const auto [zero_X, zero_slack, zero] = residuals(c, Matrix<double>::Zero(k, k), k);  // the control: X = 0 is one only where A is
      CHECK((zero_slack < -1e-9) == (problem.trace() > 0));
    }
}
TEST_CASE("nothing to push against: X is 0; one eigenvalue: the closed form") {
  Complementarity problem(3);
  const auto c = random_case(3, 10, 1);
  REQUIRE(problem.solve(Matrix<double>::Identity(3, 3), c.B, 3));
  CHECK(problem.trace() == 0);
  REQUIRE(problem.solve(Matrix<double>{{-3.0}}, Matrix<double>{{4.0}}, 1));
  CHECK(problem.X()(0, 0) == 0.75);
}
TEST_CASE("a direction that the response does not lift has no solution") {
  Complementarity problem(2);
  problem.most_steps = 2000;
  CHECK_FALSE(problem.solve(Matrix<double>{{-1.0}}, Matrix<double>{{0.0}}, 1));
  CHECK_FALSE(problem.solve(-Matrix<double>::Identity(2, 2), Matrix<double>::Zero(4, 4), 2));
  Matrix<double> first = Matrix<double>::Zero(4, 4);  // lifts the first direction alone
  first(0, 0) = 1;
  CHECK_FALSE(problem.solve(-Matrix<double>::Identity(2, 2), first, 2));
  CHECK_FALSE(problem.solve(Matrix<double>{{std::nan("")}}, Matrix<double>{{1.0}}, 1));
}
TEST_CASE("the problem scales: X of c A and d B is c / d of X") {
  Complementarity problem(3);
  const auto c = random_case(3, 40, 7);
  REQUIRE(problem.solve(c.A, c.B, 3));
  const Matrix<double> X = problem.X().topLeftCorner(3, 3);
  REQUIRE(problem.solve(1e-6 * c.A, 1e3 * c.B, 3));
  CHECK((problem.X().topLeftCorner(3, 3) - 1e-9 * X).norm() < 1e-17);
}
