// SPDX-License-Identifier: MIT
#include <tacit/hook/expected_sharpness.hpp>

#include <tacit/hook/trajectory.hpp>

#include "catch.hpp"
#include "hook/example.hpp"
#include "thrown.hpp"

using namespace tacit;
using Catch::Matchers::WithinAbs;
using Catch::Matchers::WithinRel;

namespace expected_sharpness_tests {
struct Estimate {
  double value, error, kl;
};
Estimate estimate(const auto& problem, Vector<double> theta, const ExpectedSharpnessSettings& settings) {
  Trajectory history(expected_sharpness(problem, settings));
  train(problem, theta, gradient_descent({.rate = 1e-12}), {.iterations = 0}, history);
  return {history.last("expected_sharpness"), history.last("expected_sharpness_error"), history.last("perturbation_kl")};
}
}  // namespace expected_sharpness_tests
using expected_sharpness_tests::estimate;

TEST_CASE("a quadratic loss rises by s^2 / 2 tr H wherever it stands, within the standard error; its gradient has no part in it") {
  // 1/9 sum over 9 observed entries: tr H = 2.
  const Problem quadratic(DeepMatrix<double>({5, 4}), example::data(), MeanSquares{});
  for (const double s : {0.01, 1.0, 10.0}) {
    int within = 0;
    for (std::uint64_t seed = 1; seed <= 20; ++seed) {
      const auto found = estimate(quadratic, example::normal(20, seed), {.std_dev = s, .pairs = 100, .seed = seed});
      within += std::abs(found.value - s * s) < 2 * found.error;
      CHECK(found.error < 0.1 * s * s);
      CHECK_THAT(found.kl, WithinRel(example::normal(20, seed).squaredNorm() / (2 * s * s), 1e-12));
    }
    CHECK(within >= 17);  // 19 of 20 expected
  }
}
TEST_CASE("of two factors it is exactly what the fourth moments of Gaussians say, not s^2 / 2 tr H where s is not small") {
  // L = 1/2 (a b - y)^2:  E L(a + u, b + v) - L = 1/2 (s^2 (a^2 + b^2) + s^4), whatever y; tr H = a^2 + b^2.
  const Problem problem(DeepMatrix<double>({1, 1, 1}), Data<double, AllEntries>(AllEntries(1, 1), Vector<double>{{0.6}}),
                        HalfSumOfSquares{});
  const Vector<double> theta{{0.7, -0.4}};
  const double s = 1.5, squares = theta.squaredNorm();
  const auto found = estimate(problem, theta, {.std_dev = s, .pairs = 20'000});
  CHECK_THAT(found.value, WithinAbs((s * s * squares + s * s * s * s) / 2, 4 * found.error));
  CHECK(std::abs(found.value - s * s * squares / 2) > 20 * found.error);
  CHECK_THAT(estimate(problem, theta, {.std_dev = 1e-3, .pairs = 2000}).value, WithinRel(1e-6 * squares / 2, 0.1));
  CHECK(thrown([&] { estimate(problem, theta, {.std_dev = 0}); }) ==
        "expected_sharpness: .std_dev is 0, it needs to be positive and finite");
  CHECK(thrown([&] { estimate(problem, theta, {.std_dev = 1, .pairs = 1}); }) ==
        "expected_sharpness: .pairs is 1, a standard error needs at least 2");
}
