// SPDX-License-Identifier: MIT
#include <tacit/solver/constraint.hpp>

#include "catch.hpp"
#include "normal.hpp"
#include "thrown.hpp"

using namespace tacit;
using namespace tacit::detail;

namespace {

Vector<double> normal_vector(Index count, unsigned seed) {
  Random random(seed, "test");
  Vector<double> v(count);
  for (Index k = 0; k < count; ++k) v[k] = random.normal();
  return v;
}
double inner(const Matrix<double>& A, const Matrix<double>& B) { return A.cwiseProduct(B).sum(); }

Data<double> entries_of(Index rows, Index cols, std::vector<Triplet<double>> list) { return observed<double>(rows, cols, list); }

/// Y = projection of S: feasible, A*(mu) = Y - S, and no feasible point in the direction S - Y (seen from Y).
template <class Constraint>
void check_projection(Constraint& constraint, bool symmetric) {
  const Index n = constraint.rows();
  Matrix<double> S = 3 * normal(n, constraint.cols(), 1), Y, other, image;
  if (symmetric) S = (S + S.transpose()).eval();
  constraint.project(S, Y);
  const Vector<double> z = constraint.measure(Y), mu = constraint.multipliers();
  CHECK((z - constraint.targets().nearest(z)).norm() < 1e-13);
  CHECK((Y - S).norm() > 0.1);
  constraint.adjoint(mu, image);
  CHECK((image - (Y - S)).norm() < 1e-12);
  CHECK(std::abs(mu.dot(z) - constraint.targets().lowest(mu)) < 1e-11);  // mu is normal to the set at z
  for (unsigned seed = 2; seed < 6; ++seed) {
    Matrix<double> start = 3 * normal(n, constraint.cols(), seed);
    if (symmetric) start = (start + start.transpose()).eval();
    constraint.project(start, other);
    CHECK(inner(S - Y, other - Y) < 1e-11);
  }
  if (symmetric) CHECK((Y - Y.transpose()).norm() == 0);
}

}  // namespace

TEST_CASE("Targets: nearest point and lowest value of each kind of set") {
  const Vector<double> y = normal_vector(6, 3), z = y + normal_vector(6, 4), lambda = normal_vector(6, 5);
  for (const Targets& targets : {Targets{y}, Targets{y, 0.3, 0}, Targets{y, 0, 0.7}}) {
    const Vector<double> near = targets.nearest(z);
    CHECK((targets.nearest(near) - near).norm() < 1e-15);
    CHECK(lambda.dot(near) >= targets.lowest(lambda) - 1e-12);
    const Vector<double> far = targets.nearest(z - 1e9 * lambda);  // approaches the minimiser of <lambda, .> over the set
    CHECK_THAT(lambda.dot(far), Catch::Matchers::WithinAbs(targets.lowest(lambda), 1e-7));
  }
  CHECK((Targets{y, 0.3, 0}.nearest(z) - y).cwiseAbs().maxCoeff() <= 0.3 + 1e-15);
  CHECK((Targets{y, 0, 0.7}.nearest(z) - y).norm() <= 0.7 + 1e-15);
}

TEST_CASE("entries: the projection is one, for every tolerance") {
  const auto data = entries_of(4, 5, {{0, 0, 1}, {0, 3, -2}, {1, 2, 0}, {2, 4, 5}, {3, 0, 1}, {3, 1, -1}});
  const auto [box, noise] = GENERATE(std::pair{0.0, 0.0}, std::pair{0.4, 0.0}, std::pair{0.0, 1.3});
  EntryConstraint constraint(data, box, noise, false);
  check_projection(constraint, false);
}

TEST_CASE("entries of a symmetric matrix: both triangles count, and once is enough") {
  const auto [box, noise] = GENERATE(std::pair{0.0, 0.0}, std::pair{0.4, 0.0}, std::pair{0.0, 1.3});
  const double other = box > 0 || noise > 0 ? 2.5 : 2;  // (0, 1) and (1, 0) differ where that is allowed
  const auto data = entries_of(4, 4, {{0, 0, 1}, {0, 1, 2}, {1, 0, other}, {2, 1, -1}, {3, 3, 0.5}, {1, 3, 4}, {3, 1, 4}});
  EntryConstraint constraint(data, box, noise, true);
  check_projection(constraint, true);
}

TEST_CASE("all entries are entries") {
  const Matrix<double> W = normal(3, 4, 8);
  EntryConstraint constraint(fully_observed(W), 0, 0, false);
  Matrix<double> Y;
  constraint.project(Matrix<double>::Zero(3, 4), Y);
  CHECK(Y == W);
}

TEST_CASE("measurements: the projection is one, in both scalars, also where measurements depend on each other") {
  const bool symmetric = GENERATE(false, true);
  Matrix<double> A = normal(16, 5, 11);
  SECTION("independent") {}
  SECTION("the last is the sum of two") { A.col(4) = A.col(0) + A.col(1); }
  Vector<double> y = normal_vector(5, 12);
  y[4] = y[0] + y[1];
  {
    MeasuredConstraint<double> constraint(Data<double, LinearMap<double>>(LinearMap<double>(4, 4, A), y), 0, 0, symmetric);
    check_projection(constraint, symmetric);
  }
  if (A.col(4) == A.col(0) + A.col(1)) return;  // rounded to float, dependent targets agree no longer
  MeasuredConstraint<float> single(Data<float, LinearMap<float>>(LinearMap<float>(4, 4, A.cast<float>()), y.cast<float>()), 0, 0,
                                   symmetric);
  check_projection(single, symmetric);
}

TEST_CASE("measurements: a tolerance is met after the repair") {
  const auto [box, noise] = GENERATE(std::pair{0.2, 0.0}, std::pair{0.0, 0.5});
  MeasuredConstraint<double> constraint(Data<double, LinearMap<double>>(LinearMap<double>(4, 4, normal(16, 5, 13)), normal_vector(5, 14)),
                                        box, noise, false);
  const Matrix<double> Y = normal(4, 4, 15), repaired = constraint.repaired(Y);
  const Vector<double> before = constraint.measure(Y), after = constraint.measure(repaired);
  CHECK((before - constraint.targets().nearest(before)).norm() > 0.1);
  CHECK((after - constraint.targets().nearest(before)).norm() < 1e-13);
  Matrix<double> image;
  const Vector<double> lambda = normal_vector(5, 16);
  constraint.adjoint(lambda, image);
  CHECK_THAT(inner(image, Y), Catch::Matchers::WithinAbs(lambda.dot(before), 1e-13));
}

TEST_CASE("constraints that nothing can meet are refused with a sentence") {
  CHECK(thrown([] {
          EntryConstraint(entries_of(2, 2, {{0, 1, 1}, {1, 0, 2}}), 0.4, 0, true);
        }) ==
        "minimum_trace_psd: entry (0, 1) is 1 and entry (1, 0) is 2; no symmetric matrix has both, so symmetrise the data or allow for the "
        "difference with .box or .noise");
  CHECK(thrown([] {
          EntryConstraint(entries_of(2, 2, {{0, 1, 1}, {1, 0, 2}}), 0, 0.7, true);
        }) ==
        "minimum_trace_psd: entries above and below the diagonal differ so much that every symmetric matrix is at least 0.7071067812 away "
        "from "
        "the data, .noise allows 0.7");
  CHECK(thrown([] {
          EntryConstraint(entries_of(2, 2, {{1, 1, -3}}), 0, 0, true);
        }) == "minimum_trace_psd: entry (1, 1) is -3; the diagonal of a positive semidefinite matrix is not negative");
  Matrix<double> A = normal(4, 3, 17);
  A.col(2) = A.col(0) - A.col(1);
  CHECK(thrown([&] {
          MeasuredConstraint<double>(Data<double, LinearMap<double>>(LinearMap<double>(2, 2, A), Vector<double>::Ones(3)), 0, 0, false);
        }) ==
        "minimum norm: 1 of the 3 measurements depend on the others, and the targets contradict each other: every matrix misses them by at "
        "least "
        "0.5773502692; allow for it with .box or .noise");
  CHECK(thrown([] {
          MeasuredConstraint<double>(
              Data<double, LinearMap<double>>(LinearMap<double>(2, 2, Matrix<double>::Zero(4, 1)), Vector<double>::Ones(1)), 0, 0, false);
        }) == "minimum norm: every measurement is zero, or antisymmetric where X is symmetric");
}
