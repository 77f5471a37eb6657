// SPDX-License-Identifier: MIT
// Chou, Gieshoff, Maly & Rauhut 2024, Gradient Descent for Deep Matrix Factorization: Dynamics and Implicit Bias towards Low Rank. Items of the acceptance
// list; the paper's own settings are not known. Its effective rank is nuclear_over_spectral.
#include "papers/chou2024.hpp"

#include "catch.hpp"

namespace chou2024 {

using Catch::Matchers::WithinAbs;

// Where lambda is negative, what rounding makes unlike in the factors may grow as e^{|lambda| t}: e^10 here.
TEST_CASE("chou2024/1: over 10,000 steps from identical factors descent on matrices is the recursion of its eigenvalues to 1e-10") {
  const Vector<double> lambda = Vector<double>::LinSpaced(20, 2, -0.1);
  for (const Index depth : {2, 3, 4}) {
    CAPTURE(depth);
    const Task task(lambda, 1);
    const auto gap = recursion_gap(task, depth, task.model(depth).identity({.factor_scale = 0.3}), 0.3, 0.01, 10'000, 1e-5);
    CAPTURE(gap.eigenvalues, gap.matrix);
    CHECK(gap.eigenvalues < 1e-10);
    CHECK(gap.matrix < 1e-10);
    // Factors that do not share the target's eigenvectors: the control.
    const auto other = recursion_gap(task, depth, task.model(depth).orthogonal({.factor_scale = 0.3}), 0.3, 0.01, 1000, 1e-5);
    CHECK(other.matrix > 1e-2);
  }
}
TEST_CASE(
    "chou2024/2: positive eigenvalues reach half their limits in the order of their size, the ratios of these times grow with depth") {
  const Task task(spectrum({3, 2, 1, 0, -0.2}, 5), 2);
  std::vector<double> second, third;
  for (const Index depth : {1, 2, 3, 4}) {
    CAPTURE(depth);
    const RiseTimes half = half_times(task, depth, 0.1, 5e-3, depth < 4 ? 2500 : 12'000);
    INFO(half);
    REQUIRE(half.list.size() == 5);
    for (std::size_t i = 0; i < 3; ++i) REQUIRE(half.list[i].risen());
    second.push_back(half.list[1].time / half.list[0].time);
    third.push_back(half.list[2].time / half.list[0].time);
    if (depth == 1) CHECK_FALSE(half.in_order());  // a plain matrix learns them together: the control
    else {
      CHECK(half.count() == 3);
      CHECK(half.in_order());
    }
  }
  CAPTURE(second, third);
  CHECK(second[0] < 1);
  for (std::size_t k = 1; k < 4; ++k) {
    CHECK(second[k] > second[k - 1]);
    CHECK(third[k] > third[k - 1]);
  }
}
TEST_CASE("chou2024/2: the times are the paper's take-off times, up to the order alpha^(N-2) that these leave out") {
  const Task task(spectrum({3, 2, 1}, 3), 3);
  const auto off = [&](Index depth, double alpha, Index steps) {
    const RiseTimes half = half_times(task, depth, alpha, 2e-3, steps);
    std::vector<double> all;
    for (std::size_t i = 0; i < 3; ++i)
      all.push_back(std::abs(half.list[i].time / take_off(depth, task.lambda[static_cast<Index>(i)], alpha) - 1));
    return all;
  };
  for (const double deviation : off(2, 0.03, 2500)) CHECK(deviation < 0.01);
  const auto coarse = off(3, 0.1, 6000), fine = off(3, 0.05, 11'000), deep = off(4, 0.2, 7500), deep_fine = off(4, 0.1, 27'000);
  for (std::size_t i = 0; i < 3; ++i) {
    CHECK_THAT(coarse[i] / fine[i], WithinAbs(2, 0.2));
    CHECK_THAT(deep[i] / deep_fine[i], WithinAbs(4, 0.4));
    CHECK(coarse[i] < 0.1);
    CHECK(deep_fine[i] < 0.01);
  }
  // The formula of another depth is far off: the control.
  CHECK(std::abs(half_times(task, 3, 0.05, 2e-3, 11'000).list[0].time / take_off(4, 3, 0.05) - 1) > 0.5);
}
TEST_CASE("chou2024/3: at depth 2 eigenvalues are within O(rate) of the closed form of the flow: halving the rate halves the gap") {
  const Task task(spectrum({3, 2, 1}, 6), 4);
  const Task positive(task.lambda.head(3), 4);
  const auto gap = [&](double rate, double beta) {
    const Vector<double> start = positive.model(2).identity({.factor_scale = 0.1, .perturbation = beta});
    return closed_form_gap(positive, start, 0.1, rate, 5);
  };
  const double at_1 = gap(1e-3, 0), at_half = gap(5e-4, 0), at_quarter = gap(2.5e-4, 0);
  CAPTURE(at_1, at_half, at_quarter);
  CHECK(at_1 < 0.02);
  CHECK_THAT(at_1 / at_half, WithinAbs(2, 0.02));
  CHECK_THAT(at_half / at_quarter, WithinAbs(2, 0.02));
  CHECK_THAT(gap(1e-3, 0.03) / gap(5e-4, 0.03), WithinAbs(1, 0.1));  // from unlike factors the form does not hold: the control
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
  const Task task(spectrum({5, 2, 0.8}, 20), 6);
  const double one = 1, two = 1 + 2 / 5.0, three = 1 + 2.8 / 5;
  for (const auto& [depth, alpha, rate, steps] :
       {std::tuple{2, 1e-3, 5e-3, 4000}, std::tuple{3, 1e-2, 0.02, 10'000}, std::tuple{4, 0.1, 0.01, 10'000}}) {
    CAPTURE(depth);
    const auto run = effective_rank_along(task, depth, alpha, rate, steps);
    INFO(run.plateaus);
    for (const double value : {one, two, three}) CHECK_THAT(run.plateaus.nearest(value).value, WithinAbs(value, 0.05));
    CHECK(run.plateaus.nearest(one).to < run.plateaus.nearest(two).from);
    CHECK_THAT(run.end, WithinAbs(three, 0.01));
    CHECK(run.largest_fall < 1e-6);
  }
  const auto plain = effective_rank_along(task, 1, 1e-3, 0.01, 4000);
  INFO(plain.plateaus);
  for (const double value : {one, two})
    for (const double rest : plain.plateaus.values()) CHECK(std::abs(rest - value) > 0.1);
}

}  // namespace chou2024
