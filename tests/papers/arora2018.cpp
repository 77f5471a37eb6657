// SPDX-License-Identifier: MIT
// Arora, Cohen & Hazan 2018, On the Optimization of Deep Networks: all acceptance lines.
#include "papers/arora2018.hpp"

#include "catch.hpp"

namespace arora2018 {

using Catch::Matchers::WithinRel;

// Item 1.
TEST_CASE("the end-to-end rule follows the balanced network to first order in the rate; plain descent on W does not") {
  for (const Index depth : {2, 3, 4}) {
    const RuleGap gap = rule_gap(depth, 1);
    CAPTURE(depth, gap.coarse, gap.fine);
    CHECK(gap.plain > 10 * 5e-4);
    CHECK(gap.other_depth > 10 * 5e-4);
    CHECK(gap.coarse <= 5e-4);
    CHECK(std::abs(gap.coarse / gap.fine - 10) <= 1);
  }
}

// Item 2.
TEST_CASE("in the singular basis each entry is multiplied by p_rq: equal to the sum of fractional powers, which another depth is not") {
  Matrix<double> low = normal_matrix(5, 2, 20) * normal_matrix(2, 4, 21);
  for (const Matrix<double>& W :
       {normal_matrix(5, 4, 22), low, Matrix<double>(low.transpose()), Matrix<double>(Matrix<double>::Zero(5, 4))})
    for (const Index N : {1, 2, 3, 5}) {
      const Forms forms = compare_forms(N, W, normal_matrix(W.rows(), W.cols(), 23));
      CAPTURE(W.rows(), N);
      CHECK(forms.in_basis < 1e-12);
      CHECK(forms.powers < 1e-10);
      if (!forms.singular) CHECK(forms.other_depth > 0.05);
    }
}

TEST_CASE("single output: the rule is |w|^(2-2/N) (g + (N-1) Pr g), and the decay multiplies by 1 - eta lambda N") {
  const Matrix<double> w = normal_matrix(1, 6, 30), g = normal_matrix(1, 6, 31);
  for (const Index N : {1, 2, 3, 7}) {
    const double n = static_cast<double>(N), along = (w.cwiseProduct(g)).sum() / w.squaredNorm();
    const Matrix<double> expected = std::pow(w.norm(), 2 - 2 / n) * (g + (n - 1) * along * w);
    CHECK((rule_direction(N, w, g) - expected).norm() < 1e-13 * expected.norm());
  }
  const auto data = regression_samples(2);
  const Matrix<double> from = normal_matrix(1, 4, 32);
  const Matrix<double> decayed = trained_rule(data, from, end_to_end_descent({.rate = 0.01, .depth = 3, .weight_decay = 0.5}), 1);
  const Matrix<double> plain = trained_rule(data, from, end_to_end_descent({.rate = 0.01, .depth = 3}), 1);
  CHECK((decayed - (plain - 0.01 * 0.5 * 3 * from)).norm() < 1e-14);
}

// Item 3.
TEST_CASE("balanced networks of hidden width 1 and 20 go the same way end to end; an unbalanced one does not") {
  for (const Index depth : {2, 3}) {
    const Widths widths = compare_widths(depth, 3);
    REQUIRE(widths.at_start < 1e-12);
    CHECK(widths.balanced < 1e-2);
    CHECK(widths.unbalanced > 5e-2);
  }
}

// Item 4.
TEST_CASE("two points with labels 10 and 1: depth slows the square loss and speeds the fourth power up") {
  const Index square[] = {best_steps(2, 1), best_steps(2, 2), best_steps(2, 3)},
              fourth[] = {best_steps(4, 1), best_steps(4, 2), best_steps(4, 3)};
  CAPTURE(square[0], square[1], square[2], fourth[0], fourth[1], fourth[2]);
  CHECK(square[0] == 1);  // the control: without the fourth power depth only slows
  CHECK(square[0] < square[1]);
  CHECK(square[1] < square[2]);
  CHECK(fourth[0] >= 4 * fourth[1]);
  CHECK(fourth[0] >= 4 * fourth[2]);
  // The reference run of the specification.
  CHECK(square[1] == 19);
  CHECK(square[2] == 1582);
  CHECK(fourth[0] == 341);
  CHECK(fourth[1] == 6);
  CHECK(fourth[2] == 39);
}

// Item 5.
TEST_CASE(
    "around a small loop the end-to-end rule of N > 2 does work: it is no gradient of any regulariser; N = 1 and 2 are the controls") {
  for (const Index N : {3, 4, 8}) {
    const Loop loop = loop_work(N);
    CHECK(loop.work > 1e-6);
    CHECK_THAT(loop.work, WithinRel(loop.exact, 1e-5));
  }
  for (const Index N : {1, 2}) CHECK(std::abs(loop_work(N).work) < 1e-10);
}

}  // namespace arora2018
