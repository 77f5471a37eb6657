// SPDX-License-Identifier: MIT
#include "papers/complementarity.hpp"

#include "catch.hpp"

namespace central {

using Catch::Matchers::WithinRel;

TEST_CASE("cohen2025/6: for random responses of up to five eigenvalues X and A + B[X] are positive semi-definite and complementary") {
  for (Index k = 1; k <= 5; ++k)
    for (std::uint64_t seed = 0; seed < 20; ++seed) {
      CAPTURE(k, seed);
      const Complementary found = complementarity(k, 100 * static_cast<std::uint64_t>(k) + seed);
      REQUIRE(found.solved);
      CHECK(found.least_X >= -1e-14 * (1 + found.trace));
      CHECK(found.least_slack >= -1e-9);
      CHECK(std::abs(found.product) < 1e-9);
      CHECK((found.least_A < -1e-9) == (found.trace > 0));  // the control: X = 0 is one only where A is
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

}  // namespace central
