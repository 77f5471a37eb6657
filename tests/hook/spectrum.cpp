// SPDX-License-Identifier: MIT
// Every spectral probe against its formula on the singular values that Eigen finds, through W and through thin factors.
#include <tacit/hook/spectrum.hpp>
#include <tacit/hook/trajectory.hpp>

#include <Eigen/SVD>

#include "catch.hpp"
#include "example.hpp"
#include "thrown.hpp"

using namespace example;
using Catch::Matchers::WithinRel;

namespace {

/// A 12 x 10 completion problem of depth 2 whose hidden width is thin (3) or full (10).
auto problem_of_width(Index width) {
  return Problem(DeepMatrix<double>({10, width, 12}), observed<double>(12, 10, {0, 3, 7}, {2, 2, 9}, normal(3, 1)), MeanSquares{});
}
template <class Check>
void check_at_start(Index width, Check check) {
  const auto p = problem_of_width(width);
  Vector<double> theta = normal(22 * width, 7);
  train(p, theta, gradient_descent({.rate = 0.1}), {.iterations = 1}, [&](const auto& now) {
    if (now.closing()) return;
    const Matrix<double> W = Matrix<double>(p.model().layer(theta, 1)) * Matrix<double>(p.model().layer(theta, 0));
    check(now, Vector<double>(Eigen::JacobiSVD<Matrix<double>>(W).singularValues()));
  });
}

}  // namespace

TEST_CASE("spectral probes are what their formulas say") {
  for (const Index width : {3, 10}) {
    INFO("hidden width " << width);
    check_at_start(width, [&](const auto& now, const Vector<double>& s) {
      const double sum = s.sum(), frobenius = s.norm();
      double entropy = 0, entropy_eps = 0;
      for (Index k = 0; k < s.size(); ++k) {
        const double p = s[k] / sum;
        if (k < width) entropy -= p * std::log(p);
        entropy_eps -= p * std::log(p + 1e-10);
      }
      CHECK_THAT(nuclear_norm(now), WithinRel(sum, 1e-12));
      CHECK_THAT(spectral_norm(now), WithinRel(s[0], 1e-12));
      CHECK_THAT(schatten_sum(now), WithinRel(sum, 1e-12));  // 2/N = 1 at depth 2
      CHECK_THAT(effective_rank(now), WithinRel(std::exp(entropy), 1e-12));
      CHECK_THAT(effective_rank_eps(now), WithinRel(std::exp(entropy_eps), 1e-12));
      CHECK_THAT(stable_rank(now), WithinRel(frobenius * frobenius / (s[0] * s[0]), 1e-12));
      CHECK_THAT(nuclear_over_frobenius(now), WithinRel(sum / frobenius, 1e-12));
      CHECK_THAT(nuclear_over_spectral(now), WithinRel(sum / s[0], 1e-12));
      CHECK_THAT(schatten(0.5)(now), WithinRel(std::pow(s.head(width).cwiseSqrt().sum(), 2), 1e-12));
      CHECK_THAT(schatten(3)(now), WithinRel(std::cbrt(s.array().cube().sum()), 1e-12));
      CHECK(numerical_rank((s[1] + s[2]) / 2)(now) == 2);
      if (width == 3) CHECK(smallest_singular_value(now) == 0);
      else CHECK_THAT(smallest_singular_value(now), WithinRel(s[9], 1e-10));
      const auto top = singular_values(2)(now), all = all_singular_values()(now);
      CHECK((top - s.head(2)).norm() < 1e-12 * s[0]);
      REQUIRE(all.size() == width);  // as many as can be nonzero
      CHECK((all - s.head(width)).norm() < 1e-12 * s[0]);
    });
  }
}

TEST_CASE("the sum over sigma^(2/N) takes its power from the depth") {
  const Problem p(DeepMatrix<double>({4, 4, 4, 4}), observed<double>(4, 4, {1}, {2}, normal(1, 1)), MeanSquares{});
  Vector<double> theta = normal(48, 3);
  train(p, theta, gradient_descent({.rate = 0.1}), {.iterations = 1},
        [&](const auto& now) { CHECK_THAT(schatten_sum(now), WithinRel(sigma(now).array().pow(2.0 / 3).sum(), 1e-12)); });
}

TEST_CASE("the effective rank of the zero matrix is 0, of NaN NaN, of equal values their number") {
  CHECK(effective_rank_of<double>(Vector<double>::Zero(3)) == 0);
  CHECK(std::isnan(effective_rank_of<double>(Vector<double>::Constant(2, std::nan("")))));
  CHECK_THAT(effective_rank_of<double>(Vector<double>::Constant(5, 0.1)), WithinRel(5.0, 1e-14));
}

TEST_CASE("vector probes make numbered columns; names say their parameters") {
  Trajectory history(singular_values(2), schatten(0.5), numerical_rank(0.25));
  watch(1, history);
  CHECK(history.names() == std::vector<std::string>{"iteration", "sigma_1", "sigma_2", "schatten_0.5", "numerical_rank_0.25"});
  CHECK(thrown([] { schatten(0); }) == "schatten: p is 0, it needs to be positive");
  CHECK(thrown([] { singular_values(0); }) == "singular_values: k is 0, it needs to be at least 1");
}
