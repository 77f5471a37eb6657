// SPDX-License-Identifier: MIT
#include <tacit/solver/basis_pursuit.hpp>
#include <tacit/solver/null_space_constant.hpp>

#include <sstream>

#include "catch.hpp"
#include "normal.hpp"
#include "thrown.hpp"

using namespace tacit;
using Catch::Matchers::WithinAbs;

namespace {

/// Both sides of the constant, computed anew from z and n.
void certify_constant(const Matrix<double>& A, const Vector<double>& x, const NullSpaceConstant& c) {
  const Vector<double> certificate = A.transpose() * c.z;
  double outside = 0, gain = 0, cost = 0;
  for (Index i = 0; i < x.size(); ++i)
    if (x[i] != 0) {
      CHECK_THAT(certificate[i], WithinAbs(x[i] > 0 ? 1 : -1, 1e-10));
      if (c.n.size()) gain += (x[i] > 0 ? 1 : -1) * c.n[i];
    } else {
      outside = std::max(outside, std::abs(certificate[i]));
      if (c.n.size()) cost += std::abs(c.n[i]);
    }
  CHECK_THAT(c.upper, WithinAbs(outside, 1e-12));
  REQUIRE(c.n.size() == x.size());
  CHECK((A * c.n).norm() <= 1e-11 * c.n.norm());
  CHECK_THAT(c.lower, WithinAbs(gain / cost, 1e-10));
  CHECK_THAT(c.upper, WithinAbs(c.lower, 1e-10));
}

}  // namespace

TEST_CASE("the constant is known from both sides, over shapes and seeds") {
  struct Case {
    Index m, d, support;
  };
  for (const Case c : {Case{1, 2, 1}, {4, 9, 1}, {6, 9, 6}, {10, 25, 3}, {30, 60, 3}})
    for (std::uint64_t seed = 1; seed <= 3; ++seed) {
      CAPTURE(c.m, c.d, c.support, seed);
      const Matrix<double> A = normal(c.m, c.d, seed);
      Vector<double> x = Vector<double>::Zero(c.d);
      x.head(c.support) = normal(c.support, 1, seed + 10);
      certify_constant(A, x, null_space_constant(A, x));
    }
}
TEST_CASE("constants of the papers' problems") {
  // A = [1, 1 - eps]: rho = 1 - eps.
  CHECK_THAT(null_space_constant(Matrix<double>{{1, 0.7}}, Vector<double>{{1, 0}}).rho(), WithinAbs(0.7, 1e-12));
  // "random": the certificate is unique and its largest entry outside is 0.2551.
  const Matrix<double> A{
      {-0.111, 0.120, -0.370, -0.240, -1.197}, {0.209, -0.972, -0.755, 0.324, -0.109}, {0.210, -0.391, 0.235, 0.665, 0.353}};
  const NullSpaceConstant c = null_space_constant(A, basis_pursuit(A, Vector<double>{{0.973, -0.039, -0.886}}).x);
  CHECK(c.support == std::vector<Index>{2, 3, 4});
  CHECK_THAT(c.rho(), WithinAbs(0.2551, 5e-5));
  std::ostringstream text;
  text << c;
  CHECK(text.str().find("rho = 0.255141 on a support of 3: at least 0.255141") == 0);
}
TEST_CASE("below one the support belongs to the minimiser, above one it does not") {
  int unique = 0, beaten = 0;
  for (std::uint64_t seed = 1; seed <= 30; ++seed) {
    const Matrix<double> A = normal(8, 20, seed);
    Vector<double> x = Vector<double>::Zero(20);
    x.head(3).setOnes();
    const double rho = null_space_constant(A, x).rho();
    const bool recovered = (basis_pursuit(A, A * x).x - x).norm() < 1e-9;
    CAPTURE(seed, rho);
    CHECK(recovered == (rho < 1));
    ++(recovered ? unique : beaten);
  }
  CHECK(unique > 3);
  CHECK(beaten > 3);
}
TEST_CASE("a certificate that vanishes outside makes the constant zero") {
  const NullSpaceConstant apart = null_space_constant(Matrix<double>::Identity(3, 4), Vector<double>{{0.6, -1.2, 0, 0}});
  CHECK(apart.rho() == 0);
  CHECK(apart.n.size() == 0);
  CHECK(null_space_constant(Matrix<double>::Identity(2, 2), Vector<double>{{1, 1}}).rho() == 0);
}
TEST_CASE("what has no support or no certificate is refused") {
  const Matrix<double> plane{{2, -1, 0, 1}, {0, 3, 2, 0}};
  CHECK(thrown([&] {
          null_space_constant(plane, Vector<double>{{1, 2, 3, 0}});
        }) == "null_space_constant: the 3 columns of A on the support of x have rank 2; that x is not a vertex, rho is not defined");
  CHECK(thrown([&] { null_space_constant(plane, Vector<double>::Zero(4)); }) ==
        "null_space_constant: x is zero or not finite, it has no support");
  CHECK(thrown([&] { null_space_constant(plane, Vector<double>::Zero(3)); }) == "null_space_constant: A has 4 columns, x 3 entries");
}
