// SPDX-License-Identifier: MIT
#include <tacit/solver/basis_pursuit.hpp>

#include <sstream>

#include "catch.hpp"
#include "normal.hpp"
#include "thrown.hpp"

using namespace tacit;
using Catch::Matchers::WithinAbs;
using Catch::Matchers::WithinRel;

namespace {

/// What the result claims, computed anew: nothing here trusts the solver.
void certify(const Matrix<double>& A, const Vector<double>& y, const BasisPursuit& found, double gap = 1e-11) {
  CHECK((A * found.x - y).norm() <= 1e-12 * y.norm());
  CHECK((A.transpose() * found.lambda).lpNorm<Eigen::Infinity>() <= 1 + 1e-15);
  const double norm = found.x.lpNorm<1>();
  CHECK_THAT(found.norm, WithinRel(norm, 1e-15));
  CHECK(norm - found.lambda.dot(y) <= gap * norm);
  CHECK(norm - found.lambda.dot(y) >= -1e-13 * norm);
  CHECK(found.gap <= gap);
}

}  // namespace

TEST_CASE("minimum l1 norms certify themselves, over shapes, supports and seeds") {
  struct Case {
    Index m, d, support;
  };
  for (const Case c : {Case{1, 1, 1}, {1, 7, 3}, {5, 5, 5}, {10, 40, 2}, {20, 60, 20}, {12, 13, 12}, {30, 60, 3}})
    for (std::uint64_t seed = 1; seed <= 3; ++seed) {
      CAPTURE(c.m, c.d, c.support, seed);
      const Matrix<double> A = normal(c.m, c.d, seed);
      Vector<double> x = Vector<double>::Zero(c.d);
      x.head(c.support) = normal(c.support, 1, seed + 100);
      const BasisPursuit found = basis_pursuit(A, A * x);
      certify(A, A * x, found);
      CHECK(found.norm <= x.lpNorm<1>() * (1 + 1e-11));
      if (5 * c.support <= c.m) CHECK((found.x - x).norm() <= 1e-11);  // so sparse that it is the minimiser
    }
}
TEST_CASE("vertices, scales and ties") {
  // A = [1, 1 - eps]: all weight on the larger entry.
  for (const double eps : {0.3, 0.01, 1e-4}) {
    const BasisPursuit found = basis_pursuit(Matrix<double>{{1, 1 - eps}}, Vector<double>{{1}});
    CHECK_THAT(found.x[0], WithinAbs(1, 1e-13 / eps));  // the gap over the slack of the second column
    CHECK_THAT(found.x[1], WithinAbs(0, 1e-13 / eps));
  }
  // Many minimisers: the norm is what counts.
  const Matrix<double> line{{1, 1, 1}, {3, 0, 1}};
  CHECK_THAT(basis_pursuit(line, Vector<double>{{3, 3}}).norm, WithinRel(3.0, 1e-11));
  // Units of y and of A change nothing.
  const Matrix<double> A = normal(8, 20, 4);
  const Vector<double> y = normal(8, 1, 5);
  const BasisPursuit one = basis_pursuit(A, y);
  for (const double c : {1e-8, 1e8}) {
    CHECK((basis_pursuit(A, c * y).x / c - one.x).norm() <= 1e-10 * one.x.norm());
    CHECK((basis_pursuit(c * A, y).x * c - one.x).norm() <= 1e-10 * one.x.norm());
  }
  // y = 0: x = 0.
  const BasisPursuit zero = basis_pursuit(A, Vector<double>::Zero(8));
  CHECK(zero.x.isZero(0));
  CHECK(zero.gap == 0);
}
TEST_CASE("rows that depend on each other are fine where their targets agree") {
  Matrix<double> A = normal(6, 15, 6);
  A.row(2) = A.row(0) - 2 * A.row(5);
  A.row(4).setZero();
  Vector<double> y = A * normal(15, 1, 7);
  const BasisPursuit found = basis_pursuit(A, y);
  certify(A, y, found);
  y[2] += 1e-3;
  const std::string sentence = thrown([&] { basis_pursuit(A, y); });
  CAPTURE(sentence);
  CHECK(sentence.find("basis_pursuit: A x = y has no solution, every x misses y by at least |A x - y| = 0.000408") == 0);
}
TEST_CASE("problems without a solution, and sizes that do not fit, are refused") {
  CHECK(thrown([] {
          basis_pursuit(Matrix<double>{{1, 1}, {1, 1}}, Vector<double>{{1, 3}});
        }) == "basis_pursuit: A x = y has no solution, every x misses y by at least |A x - y| = 1.414213562");
  CHECK(thrown([] { basis_pursuit(Matrix<double>::Zero(1, 2), Vector<double>{{1}}); }) ==
        "basis_pursuit: A x = y has no solution, every x misses y by at least |A x - y| = 1");
  CHECK(thrown([] { basis_pursuit(Matrix<double>::Ones(2, 3), Vector<double>{{1}}); }) == "basis_pursuit: A has 2 rows, y 1 entries");
  CHECK(thrown([] { basis_pursuit(Matrix<double>(0, 3), Vector<double>{}); }) == "basis_pursuit: A is 0 x 3, it needs a row and a column");
  CHECK(thrown([] { basis_pursuit(Matrix<double>{{NAN}}, Vector<double>{{1}}); }) ==
        "basis_pursuit: A or y holds a number that is not finite");
  CHECK(thrown([] { basis_pursuit(Matrix<double>{{1}}, Vector<double>{{1}}, {.gap = 0}); }) ==
        "basis_pursuit: .gap is 0, it needs to be positive");
  const LinearMap<double> at(2, 1, Matrix<double>::Ones(2, 1));
  CHECK(thrown([&] { basis_pursuit(Data<double, LinearMap<double>>(at, Vector<double>{{1}}, Vector<double>{{1}})); }) ==
        "basis_pursuit: the data carry weights, which constraints do not have; leave them out");
}
TEST_CASE("the data of a problem will do, and the result says what it is worth") {
  const Data<double, LinearMap<double>> data(LinearMap<double>(2, 1, Vector<double>{{1, 0.5}}), Vector<double>{{2}});
  const BasisPursuit found = basis_pursuit(data);
  CHECK_THAT(found.x[0], WithinAbs(2, 1e-11));
  std::ostringstream text;
  text << found;
  CHECK(text.str().find("minimum l1 norm 2: relative duality gap ") == 0);
  CHECK(text.str().find("A x = y to ") != std::string::npos);
}
