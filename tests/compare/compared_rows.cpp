// SPDX-License-Identifier: MIT
// A long table is compared on some of its rows and fitted to all of them.
#include <tacit/compare/compared_rows.hpp>
#include <tacit/compare/complete.hpp>
#include <tacit/core/random.hpp>
#include <tacit/fit/tune_als.hpp>
#include <tacit/solver/soft_impute.hpp>

#include "catch.hpp"

using namespace tacit;

namespace compared_rows_test {

struct Split {
  Data<double> seen, gaps;
};
/// Rank 2 and noise of 0.1, a fifth of the entries missing; every entry at (i, j) + shift.
Split long_table(Index rows, Index cols, std::uint64_t seed) {
  Random random(seed, "long table");
  Matrix<double> A(rows, 2), B(cols, 2);
  for (double& a : A.reshaped()) a = random.normal();
  for (double& b : B.reshaped()) b = random.normal();
  std::vector<Triplet<double>> seen, gaps;
  for (Index i = 0; i < rows; ++i)
    for (Index j = 0; j < cols; ++j)
      (random.uniform() < 0.2 ? gaps : seen).push_back({i, j, A.row(i).dot(B.row(j)) + 0.1 * random.normal()});
  return {observed(rows, cols, seen), observed(rows, cols, gaps)};
}
double error(const Vector<double>& z, const Data<double>& at) { return (z - at.y).norm() / std::sqrt(static_cast<double>(at.count())); }

}  // namespace compared_rows_test
using namespace compared_rows_test;

TEST_CASE("compared rows: windows of whole rows with about as many entries as asked for, in the order of the table") {
  const Split table = long_table(3000, 6, 1);
  const detail::ComparedRows some = detail::compared_rows(table.seen, 6000, 5);
  CHECK(some.data.count() >= 6000);
  CHECK(some.data.count() <= 6100);
  REQUIRE(static_cast<Index>(some.of.size()) == some.data.where.rows());
  Index windows = 1;
  for (std::size_t r = 1; r < some.of.size(); ++r) {
    CHECK(some.of[r] > some.of[r - 1]);
    windows += some.of[r] > some.of[r - 1] + 1;
  }
  CHECK(windows >= 50);
  const Entries &at = some.data.where, &all = table.seen.where;
  for (Index r = 0; r < at.rows(); ++r) {
    const Index i = some.of[static_cast<std::size_t>(r)], count = at.row_start()[r + 1] - at.row_start()[r];
    REQUIRE(count == all.row_start()[i + 1] - all.row_start()[i]);
    for (Index c = 0; c < count; ++c) {
      const Index k = at.row_start()[r] + c, of = all.row_start()[i] + c;
      if (at.col()[k] != all.col()[of] || some.data.y[k] != table.seen.y[of]) FAIL("row " << r << " is not row " << i);
    }
  }
}

TEST_CASE("compared rows: short tables, ratings, rows in order, with features or scales, and other holdouts are compared whole") {
  const Split table = long_table(3000, 6, 1);
  CompletionSettings s;
  s.compared_entries = 6000;
  const ScalingChoice plain;
  CHECK(detail::may_leave_out_rows(table.seen, s, plain));
  CompletionSettings other = s;
  other.compared_entries = 0;
  CHECK_FALSE(detail::may_leave_out_rows(table.seen, other, plain));
  other.compared_entries = 13000;  // most of it
  CHECK_FALSE(detail::may_leave_out_rows(table.seen, other, plain));
  other = s, other.refit = false;
  CHECK_FALSE(detail::may_leave_out_rows(table.seen, other, plain));
  other = s, other.holdout.kind = HoldoutKind::slices;
  CHECK_FALSE(detail::may_leave_out_rows(table.seen, other, plain));
  other = s, other.ordered.push_back({.mode = 0});
  CHECK_FALSE(detail::may_leave_out_rows(table.seen, other, plain));
  ScalingChoice rows;
  rows.modes = {1, 0};
  CHECK_FALSE(detail::may_leave_out_rows(table.seen, s, rows));
  CHECK_FALSE(detail::may_leave_out_rows(long_table(250, 72, 1).seen, s, plain));  // too few rows for its columns
}

TEST_CASE("compared rows: a long table is fitted to all rows, as well as if it were compared on all, with intervals that hold") {
  const Split table = long_table(2400, 12, 2);
  CompletionSettings s;
  s.depths = {2};
  s.pace.counted = true;
  s.budget = 1;
  s.baselines = false;
  s.compared_entries = 12'000;
  const CompletionResult some = complete(table.seen, s);
  CHECK(some.compared_rows >= 1200);
  CHECK(some.compared_rows <= 1300);
  REQUIRE(some.fit.model->shape() == table.seen.where.shape());
  s.compared_entries = 0;
  const CompletionResult all = complete(table.seen, s);
  CHECK(all.compared_rows == 0);
  const Vector<double> z = some.fit.predict(table.gaps.where);
  const double of_some = error(z, table.gaps), of_all = error(all.fit.predict(table.gaps.where), table.gaps);
  CAPTURE(of_some, of_all);
  CHECK(of_some < 1.02 * of_all);
  CHECK(of_all < 0.15);
  Index last = 0, held = 0;
  for (Index k = 0; k < some.tested_at.count(); ++k) last = std::max<Index>(last, some.tested_at.mode(0)[k]);
  CHECK(last > 2300);  // tested entries are numbered as in the table
  for (Index k = 0; k < z.size(); ++k) {
    const Entry at = table.gaps.where[k];
    held += std::abs(z[k] - table.gaps.y[k]) <= some.half_widths.at(at.row, at.col);
  }
  const double coverage = static_cast<double>(held) / static_cast<double>(z.size());
  CAPTURE(coverage);
  CHECK(coverage > 0.87);
  CHECK(coverage < 0.93);
}

TEST_CASE(
    "compared rows: penalties chosen on a ninth of the rows grow with the matrix, and fit all of it within 2 % of those chosen there") {
  const Split table = long_table(1500, 12, 3);
  const auto [train, validation] = hold_out_entries(table.seen, {.test = 0.1});
  const detail::ComparedRows some = detail::compared_rows(table.seen, table.seen.count() / 9, 4);
  const auto [fewer, fewer_validation] = hold_out_entries(some.data, {.test = 0.1});
  const auto of = [&](const auto& fit) { return error(fit.predict(table.gaps.where), table.gaps); };
  const SoftImpute soft = tune_soft_impute(fewer, fewer_validation).fit;
  const double of_soft = of(refit(soft, table.seen)), soft_of_all = of(refit(tune_soft_impute(train, validation).fit, table.seen));
  CHECK(of_soft < 1.02 * soft_of_all);
  CHECK(of_soft < of(soft_impute(table.seen, {.lambda = soft.lambda, .centre = refit(soft.centre, table.seen)})));  // as it was
  const Als als = tune_als(fewer, fewer_validation).fit;
  CHECK(of(refit(als, table.seen, {})) < 1.02 * of(refit(tune_als(train, validation).fit, table.seen, {})));
}
