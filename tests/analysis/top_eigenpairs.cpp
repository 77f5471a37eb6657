// SPDX-License-Identifier: MIT
#include <tacit/analysis/top_eigenpairs.hpp>

#include "analysis/quadratic.hpp"
#include "catch.hpp"

using namespace tacit;
using Catch::Matchers::WithinAbs;

namespace {

Vector<double> eigenpair_spectrum(Index n) {
  Vector<double> lambda = Vector<double>::LinSpaced(n, -1, 0.5);
  lambda[0] = 3, lambda[1] = 2.9, lambda[2] = 2, lambda[3] = 1.2;
  return lambda;
}
auto times(const Matrix<double>& H) {
  return [&H](In<double> v, Out<double> hv) { hv = H * v; };
}

}  // namespace

TEST_CASE("all eigenvalues above the threshold are found with their vectors, and the first one below it is tracked") {
  const Quadratic<double> problem(eigenpair_spectrum(40));
  const Matrix<double>& H = problem.hessian();
  for (const double threshold : {5.0, 2.95, 2.5, 1.5}) {
    CAPTURE(threshold);
    detail::TopEigenpairs<double> top(40, 6);
    CHECK(top.improve(times(H), threshold, 1e-10));
    const Vector<double> lambda = eigenpair_spectrum(40);
    const Index above = (lambda.array() > threshold).count();
    REQUIRE(top.count() == above + 1);
    for (Index i = 0; i < above; ++i) {
      CHECK_THAT(top.value(i), WithinAbs(lambda[i], 1e-12));
      CHECK((H * top.vector(i) - top.value(i) * top.vector(i)).norm() < 1e-9);
    }
    CHECK_THAT(top.value(above), WithinAbs(lambda[above], 0.05));
  }
}
TEST_CASE("a warm start after a small change takes fewer products than a cold one") {
  const Quadratic<double> problem(eigenpair_spectrum(60)), other(eigenpair_spectrum(60), 2);
  const Matrix<double> near = problem.hessian() + 1e-4 * other.hessian();
  detail::TopEigenpairs<double> top(60, 6);
  top.improve(times(problem.hessian()), 1.5, 1e-8);
  const Index cold = top.products();
  CHECK(top.improve(times(near), 1.5, 1e-8));
  CHECK(top.products() < cold);
  for (Index i = 0; i < 3; ++i) CHECK((near * top.vector(i) - top.value(i) * top.vector(i)).norm() < 1e-7);
}
TEST_CASE("an eigenvalue that the tracked vectors know nothing of is found when it rises") {
  Matrix<double> H = eigenpair_spectrum(30).asDiagonal();
  detail::TopEigenpairs<double> top(30, 6);
  for (int round = 0; round < 10; ++round) top.improve(times(H), 1.5, 1e-12);  // the vectors are unit vectors, to rounding
  H(20, 20) = 4;
  CHECK(top.improve(times(H), 1.5, 1e-10));
  CHECK_THAT(top.value(0), WithinAbs(4, 1e-10));
  CHECK(top.count() == 5);
}
TEST_CASE("small spaces, and operators that are 0, end without harm") {
  const Matrix<double> H = Vector<double>{{2, 1}}.asDiagonal(), zero = Matrix<double>::Zero(5, 5);
  detail::TopEigenpairs<double> two(2, 10), none(5, 3);
  CHECK(two.improve(times(H), 0.5, 1e-12));
  CHECK(two.count() == 2);
  CHECK_THAT(two.value(1), WithinAbs(1, 1e-14));
  CHECK(none.improve(times(zero), 1, 1e-12));
  CHECK(none.value(0) == 0);
  const Matrix<double> nan = Matrix<double>::Constant(5, 5, std::nan(""));
  CHECK_FALSE(none.improve(times(nan), 1, 1e-12));
}
