// SPDX-License-Identifier: MIT
// The variance of minibatch gradients against all batches that there are, and against the formula by single observations.
#include <tacit/hook/gradient_variance.hpp>

#include <tacit/hook/trajectory.hpp>

#include <bit>

#include "catch.hpp"
#include "hook/example.hpp"
#include "thrown.hpp"

using namespace tacit;
using Catch::Matchers::WithinAbs;
using Catch::Matchers::WithinRel;

namespace gradient_variance_tests {

struct Exact {
  double variance = 0, cosine = 0;
};
/// Over all batches of b of the 9 observations.
Exact over_all_batches(const Vector<double>& theta, int b) {
  const auto problem = example::problem();
  auto ws = problem.workspace();
  Vector<double> full(theta.size()), g(theta.size());
  problem.value_and_gradient(theta, ws, full);
  Exact exact;
  int count = 0;
  for (unsigned set = 0; set < 512; ++set) {
    if (std::popcount(set) != b) continue;
    std::vector<Index> which;
    for (Index k = 0; k < 9; ++k)
      if (set >> k & 1) which.push_back(k);
    problem.value_and_gradient(theta, std::span<const Index>(which), ws, g);
    exact.variance += (g - full).squaredNorm();
    exact.cosine += g.normalized().dot(full.normalized());
    ++count;
  }
  return {exact.variance / count, exact.cosine / count};
}
struct Estimate {
  double variance, error, cosine;
};
Estimate estimate(const GradientVarianceSettings& settings) {
  Trajectory history(gradient_variance(example::problem(), settings));
  const auto outcome = example::watch(0, history);
  CHECK(outcome.gradient_evaluations == 0);  // watching is no work of the run
  return {history.last("gradient_variance"), history.last("gradient_variance_error"), history.last("gradient_cosine")};
}

}  // namespace gradient_variance_tests
using namespace gradient_variance_tests;

TEST_CASE(
    "the variance of batches is estimated within its standard error, and is that of single observations over b, without replacement") {
  const double single = over_all_batches(example::start(), 1).variance;
  for (const int b : {1, 2, 4, 8}) {
    CAPTURE(b);
    const Exact exact = over_all_batches(example::start(), b);
    CHECK_THAT(exact.variance, WithinRel(single / b * (9.0 - b) / 8, 1e-12));
    int within = 0;
    for (std::uint64_t seed = 1; seed <= 20; ++seed) {
      const Estimate found = estimate({.size = b, .draws = 200, .seed = seed});
      within += std::abs(found.variance - exact.variance) < 2 * found.error;
      CHECK_THAT(found.cosine, WithinAbs(exact.cosine, 0.1));
      CHECK(found.error < 0.3 * exact.variance);
    }
    CHECK(within >= 17);  // 19 of 20 expected
  }
}
TEST_CASE("the batch of all observations has no variance and the cosine 1; draws are the same at every call") {
  const Estimate all = estimate({.size = 9, .draws = 2});
  CHECK(all.variance < 1e-28);
  CHECK_THAT(all.cosine, WithinAbs(1, 1e-14));
  auto probe = gradient_variance(example::problem(), {.size = 3});
  example::watch(1, [&](const auto& now) { CHECK(probe(now) == probe(now)); });
  CHECK(estimate({.size = 3, .seed = 1}).variance != estimate({.size = 3, .seed = 2}).variance);
}
TEST_CASE("batches that the data do not have are refused") {
  CHECK(thrown([] { estimate({.size = 10}); }) == "gradient_variance: batches of 10 observations, the data have 9");
  CHECK(thrown([] { estimate({.size = 0}); }) == "gradient_variance: batches of 0 observations, the data have 9");
  CHECK(thrown([] { estimate({.size = 2, .draws = 1}); }) == "gradient_variance: .draws is 1, a standard error needs at least 2");
}
