// SPDX-License-Identifier: MIT
// Cohen, Damian, Talwalkar, Kolter & Lee 2025, central flows: what takes seconds. Items 2 to 5 on six draws stand among the paper checks.

#include "papers/central.hpp"

#include "catch.hpp"
#include "papers/sanitized.hpp"

using namespace tacit;
using Catch::Matchers::WithinAbs;

TEST_CASE(
    "cohen2025/1: on the balanced line the central flow rests where S = 2/eta, with the predicted share of the variance of descent's "
    "two-cycle") {
  struct Row {
    Index depth;
    double ratio;
  };
  for (const auto& [depth, ratio] : {Row{2, 0.8889}, {3, 0.8148}, {4, 0.7901}}) {
    CAPTURE(depth);
    const double L = static_cast<double>(depth), limit = 1 - 1.0 / 9 - 4.0 / 27 * (L - 2) / (L - 1);
    CHECK_THAT(limit, WithinAbs(ratio, 5e-5));
    const auto line = central::balanced_line(depth, sanitized ? 10'000 : 50'000);
    CHECK_THAT(line.edge, WithinAbs(1, 1e-9));
    CHECK_THAT(line.ratio, WithinAbs(ratio, 5e-4));
    CHECK_THAT(line.share_along, WithinAbs(1, 1e-9));
    CHECK(line.trace_below == 0);  // the control: below the edge there is no oscillation
  }
}
TEST_CASE("cohen2025, control: nothing stabilises descent on a quadratic loss, and the central flow says so") {
  const Problem problem(DeepMatrix<double>({1, 1}), Data<double, AllEntries>(AllEntries(1, 1), Vector<double>{{0}}), HalfSumOfSquares{});
  Vector<double> descent{{0.52}}, centre{{1}};
  train(problem, descent, gradient_descent({.rate = 2.02}), {.iterations = 600});
  CHECK(descent.norm() > 7e4);  // 1.02^600 = 1.4e5 times the start
  const auto outcome = train(problem, centre, CentralFlow{.rate = 2.02}, {.iterations = 600});
  CHECK(outcome.reason == Reason::stalled);
  CHECK(outcome.iterations == 0);
  CHECK(outcome.why.find("no oscillation brings it back") != std::string::npos);
}
TEST_CASE(
    "cohen2025/2, 3, 5: a diagonal net of the reference runs at 1.4 times the critical rate, to the digits; below the edge the flows are "
    "one") {
  const auto [problem, start] = central::reference_diagonal(1);
  const double critical = 2 / central::flow_sharpness(problem, start);
  const central::Limits until{.steps = sanitized ? 30 : 1500, .loss = 1e-5};
  const auto above = central::compare(problem, start, 1.4 * critical, until);
  CHECK(above.worst_edge < 1e-3);
  if (!sanitized) {  // to one unit of the last digit, as examples/paper_checks/cohen2025.cpp, which has all rows
    CHECK(above.on_edge == 425);
    CHECK_THAT(above.to_central, WithinAbs(0.0112, 1e-4));
    CHECK_THAT(above.to_flow, WithinAbs(0.828, 1e-3));
    CHECK_THAT(above.end_ratio(), WithinAbs(74, 1));
    CHECK_THAT(above.variance_ratio, WithinAbs(1.024, 1e-3));
    CHECK_THAT(above.loss_ratio, WithinAbs(1.027, 1e-3));
    CHECK_THAT(above.midpoint_sharpness, WithinAbs(0.998, 1e-3));
  }
  const auto below = central::compare(problem, start, 0.7 * critical, until);
  CHECK(below.largest_trace == 0);
  CHECK(below.on_edge == 0);
  CHECK(below.end_ratio() < 1.6);
}
TEST_CASE("cohen2025: a draw that the file of the reference runs does not have, or with another length, is refused with its name") {
  const std::string path = std::string(TACIT_TESTS) + "/papers/reference/cohen2025_draws.txt";
  CHECK_THROWS_WITH(central::reference_draw("diagonal_b", 6, 20), path + ": no line begins with 'diagonal_b 6 '");
  CHECK_THROWS_WITH(central::reference_draw("diagonal_b", 0, 21), path + ": 'diagonal_b 0 ' is not followed by 21 numbers");
  CHECK_THROWS_WITH(central::reference_draw("diagonal_b", 0, 19), path + ": 'diagonal_b 0 ' is not followed by 19 numbers");
}
