// SPDX-License-Identifier: MIT
// Poisson factors against their own objective, and which tables are counts.
#include <tacit/solver/poisson_factors.hpp>

#include "catch.hpp"
#include "thrown.hpp"

using namespace tacit;

namespace {

constexpr double missing = std::numeric_limits<double>::quiet_NaN();

/// Every third entry of a table whose counts have these log means, r_i + s_j + a_i b_j, is missing.
Data<double> counts(Index rows, Index cols, std::uint64_t seed) {
  Random random(seed, "counts");
  Matrix<double> Y(rows, cols);
  Vector<double> a(rows), b(cols), r(rows);
  for (Vector<double>* x : {&a, &b, &r})
    for (double& v : *x) v = random.normal();
  for (Index i = 0; i < rows; ++i)
    for (Index j = 0; j < cols; ++j) {
      double product = random.uniform();
      const double stop = std::exp(-std::exp(0.5 + 0.3 * r[i] + 0.5 * a[i] * b[j]));
      Y(i, j) = 0;
      while (product > stop) product *= random.uniform(), ++Y(i, j);
      if ((i + j) % 3 == 0) Y(i, j) = missing;
    }
  return observed(Y);
}

}  // namespace

TEST_CASE("no sweep of Poisson factors raises the penalised likelihood, and many end where no parameter lowers it") {
  const Data<double> data = counts(12, 9, 1);
  detail::PoissonSweeps sweep(data, 2, 0.5);
  Random random(1, "start");
  sweep.stir(0.3, random);
  double before = sweep.objective(2);
  for (int s = 0; s < 300; ++s) {
    sweep(2);
    const double now = sweep.objective(2);
    REQUIRE(now <= before + 1e-10 * std::abs(before));
    before = now;
  }
  PoissonFactors fit = sweep.fit({{2, 300}});
  const auto objective = [&] {
    return detail::poisson_loss(fit.log_means(data.where), data.y) + 0.25 * (fit.row.squaredNorm() + fit.col.squaredNorm()) +
           fit.A.squaredNorm() + fit.B.squaredNorm();
  };
  const double least = objective();
  CHECK(std::abs(least - before) < 1e-9 * std::abs(before));
  for (double* x : {&fit.A(3, 0), &fit.A(7, 1), &fit.B(2, 1), &fit.row[5], &fit.col[0], &fit.constant})
    for (const double h : {-1e-2, 1e-2}) {
      const double was = *x;
      *x = was + h;
      CHECK(objective() > least);
      *x = was;
    }
  CHECK(std::abs(fit.predict(data.where).sum() - data.y.sum()) < 1e-8 * data.y.sum());
}

TEST_CASE("counts are whole numbers from 0 whose largest is rare: not ratings, not fractions, not numbers below 0") {
  Vector<double> y = counts(40, 30, 2).y;
  CHECK(are_counts(y));
  CHECK(!are_counts(2.5 * y));
  CHECK(!are_counts(y.array() - 1));
  CHECK(!are_counts(y.cwiseMin(2)));
  Random random(1, "ratings");
  for (double& x : y) x = static_cast<double>(random.below(6));
  CHECK(!are_counts(y));
}

TEST_CASE("a line without counts, and a table of few entries, have finite predictions") {
  Matrix<double> Y = Matrix<double>::Zero(4, 3);
  Y(0, 0) = 1e6, Y(1, 1) = 1, Y(3, 2) = missing, Y.row(2).setConstant(missing);
  const Data<double> data = observed(Y);
  const PoissonFactors fit = poisson_factors(data, 1, 0.1, {{1, 50}}, 1);
  CHECK(fit.predict(data.where).allFinite());
  CHECK(fit.row[2] == 0);
  CHECK(thrown([&] { poisson_factors(Data<double>{data.where, -data.y}, 1, 1, {{1, 1}}, 1); }).find("no counts") != std::string::npos);
}
