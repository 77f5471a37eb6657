// SPDX-License-Identifier: MIT
// Barrett & Dherin 2021, Implicit Gradient Regularization: all acceptance lines.
#include "papers/barrett2021.hpp"

#include "catch.hpp"

namespace barrett2021 {

using Catch::Matchers::WithinAbs;

TEST_CASE("barrett2021/1, 2: the six rows of the two-parameter problem, and slopes 1 from the flow and 2 from the modified flow") {
  const std::vector<Row> rows = table();
  std::vector<double> flow, modified;
  for (const Row& row : rows) {
    CAPTURE(row.h);
    const auto [to_flow, to_modified] = distances(toy(), toy_start(), row.h);
    CHECK(third_digits(to_flow, row.flow) < 1.5);  // the last digit by one more or less
    CHECK(third_digits(to_modified, row.modified) < 1.5);
    flow.push_back(to_flow);
    modified.push_back(to_modified);
    const Limit end = limit(row.h);
    CHECK_THAT(end.difference, WithinAbs(row.difference, 1.5e-4));
    CHECK_THAT(end.sum, WithinAbs(row.sum, 1.5e-4));
  }
  for (std::size_t k = 1; k < 4; ++k) {
    CHECK_THAT(slope(flow[k - 1], flow[k], rows[k - 1].h, rows[k].h), WithinAbs(1.0, 0.05));
    CHECK_THAT(slope(modified[k - 1], modified[k], rows[k - 1].h, rows[k].h), WithinAbs(2.0, 0.05));
  }
}
TEST_CASE("barrett2021/1: a penalty of another weight than h/4 leaves the slope at 1") {
  const auto distance = [](double h) { return distances(toy(), toy_start(), h, 2).to_modified; };
  CHECK_THAT(slope(distance(0.00025), distance(0.0005), 0.00025, 0.0005), WithinAbs(1.0, 0.05));
}
TEST_CASE("barrett2021/3: a step changes a^2 - b^2 by the factor 1 - h^2 r^2, which the flow conserves") {
  for (const double h : {0.001, 0.01, 0.025}) {
    const Difference found = difference(h);
    CHECK(found.identity_error < 1e-12);
    CHECK(found.moved_by_flow < 1e-9);
    CHECK(found.moved > 1e-2 * (h / 0.001) * 0.5);  // and descent does not
  }
}
TEST_CASE("barrett2021/4: on a deep factorization the distance to the modified flow, relative to that to the flow, falls linearly with h") {
  const std::vector<double> ratio = deep_ratios(1), rates = deep_rates();
  for (std::size_t k = 1; k < rates.size(); ++k) CHECK_THAT(slope(ratio[k - 1], ratio[k], rates[k - 1], rates[k]), WithinAbs(1.0, 0.1));
  CHECK(ratio[0] < 0.1);
}

}  // namespace barrett2021
