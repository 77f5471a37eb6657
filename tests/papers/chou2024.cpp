// SPDX-License-Identifier: MIT
// Chou, Gieshoff, Maly & Rauhut 2024, Gradient Descent for Deep Matrix Factorization: Dynamics and Implicit Bias towards Low Rank. Items of the acceptance
// list; the paper's own settings are not known. Its effective rank is nuclear_over_spectral.
#include "papers/chou2024.hpp"

#include "catch.hpp"

namespace chou2024 {

using Catch::Matchers::WithinAbs;

TEST_CASE("chou2024/1: over 10,000 steps from identical factors descent on matrices is the recursion of its eigenvalues to 1e-10") {
  for (const Index depth : {2, 3, 4}) {
    CAPTURE(depth);
    const RecursionGap gap = recursion_gap(depth, true, 10'000, 1);
    CAPTURE(gap.eigenvalues, gap.matrix);
    CHECK(gap.eigenvalues < 1e-10);
    CHECK(gap.matrix < 1e-10);
    CHECK(recursion_gap(depth, false, 1000, 1).matrix > 1e-2);  // the control
  }
}
TEST_CASE(
    "chou2024/2: positive eigenvalues reach half their limits in the order of their size, the ratios of these times grow with depth") {
  std::vector<double> second, third;
  for (const Index depth : {1, 2, 3, 4}) {
    CAPTURE(depth);
    const HalfTimes half = half_times(depth, 2);
    second.push_back(half.second);
    third.push_back(half.third);
    CHECK(half.in_order == (depth > 1));  // a plain matrix learns them together: the control
  }
  CAPTURE(second, third);
  CHECK(second[0] < 1);
  for (std::size_t k = 1; k < 4; ++k) {
    CHECK(second[k] > second[k - 1]);
    CHECK(third[k] > third[k - 1]);
  }
}
TEST_CASE("chou2024/2: the times are the paper's take-off times, up to the order alpha^(N-2) that these leave out") {
  for (const double deviation : off_take_off(2, 0.03, 2500, 3)) CHECK(deviation < 0.01);
  const auto coarse = off_take_off(3, 0.1, 6000, 3), fine = off_take_off(3, 0.05, 11'000, 3), deep = off_take_off(4, 0.2, 7500, 3),
             deep_fine = off_take_off(4, 0.1, 27'000, 3);
  for (std::size_t i = 0; i < 3; ++i) {
    CHECK_THAT(coarse[i] / fine[i], WithinAbs(2, 0.2));
    CHECK_THAT(deep[i] / deep_fine[i], WithinAbs(4, 0.4));
    CHECK(coarse[i] < 0.1);
    CHECK(deep_fine[i] < 0.01);
  }
  CHECK(off_take_off(3, 0.05, 11'000, 3, 4)[0] > 0.5);  // the formula of another depth is far off: the control
}
TEST_CASE("chou2024/3: at depth 2 eigenvalues are within O(rate) of the closed form of the flow: halving the rate halves the gap") {
  const double at_1 = closed_form_gap(1e-3, 0, 4), at_half = closed_form_gap(5e-4, 0, 4), at_quarter = closed_form_gap(2.5e-4, 0, 4);
  CAPTURE(at_1, at_half, at_quarter);
  CHECK(at_1 < 0.02);
  CHECK_THAT(at_1 / at_half, WithinAbs(2, 0.02));
  CHECK_THAT(at_half / at_quarter, WithinAbs(2, 0.02));
  CHECK_THAT(closed_form_gap(1e-3, 0.03, 4) / closed_form_gap(5e-4, 0.03, 4),
             WithinAbs(1, 0.1));  // from unlike factors the form does not hold: the control
}
TEST_CASE("chou2024/4: from identical factors a negative eigenvalue is not reached, 0 is; with one factor perturbed it is reached") {
  for (const std::uint64_t seed : {0, 5})
    for (const Index depth : {2, 3}) {
      CAPTURE(seed, depth);
      const Task task(Vector<double>{{2, 1, -1, -2}}, seed);
      const Vector<double> alike = end_of(task, depth, 0.5, 0, 0.01, 1200), unlike = end_of(task, depth, 0.5, 0.1, 0.01, 6000);
      for (Index i = 0; i < 2; ++i) {
        CHECK_THAT(alike[i], WithinAbs(task.lambda[i], 1e-4));
        CHECK_THAT(unlike[i], WithinAbs(task.lambda[i], 1e-10));
      }
      for (Index i = 2; i < 4; ++i) {
        CHECK_THAT(alike[i], WithinAbs(0, 1e-3));
        CHECK_THAT(unlike[i], WithinAbs(task.lambda[i], 1e-10));
      }
    }
}
TEST_CASE(
    "chou2024/5: |W|_* / |W|_2 rests at the values of the rank-1 and rank-2 truncations within 0.05 and never falls again; a plain "
    "matrix's does not rest") {
  const double one = 1, two = 1 + 2 / 5.0, three = 1 + 2.8 / 5;
  for (const Index depth : {2, 3, 4}) {
    CAPTURE(depth);
    const auto run = effective_rank_along(depth, 6);
    INFO(run.plateaus);
    for (const double value : {one, two, three}) CHECK_THAT(run.plateaus.nearest(value).value, WithinAbs(value, 0.05));
    CHECK(run.plateaus.nearest(one).to < run.plateaus.nearest(two).from);
    CHECK_THAT(run.end, WithinAbs(three, 0.01));
    CHECK(run.largest_fall < 1e-6);
  }
  const auto plain = effective_rank_along(1, 6);
  INFO(plain.plateaus);
  for (const double value : {one, two})
    for (const double rest : plain.plateaus.values()) CHECK(std::abs(rest - value) > 0.1);
}

}  // namespace chou2024
