// SPDX-License-Identifier: MIT
// Razin, Maman, Cohen 2021, Implicit Regularization in Tensor Factorization: items 4 and 5, and items 1 to 3 at a size that takes a second. The full size is
// among examples/paper_checks.
#include <tacit/tacit.hpp>

#include <tacit/data/low_rank_tensor.hpp>
#include <tacit/hook/components.hpp>
#include <tacit/hook/tensor.hpp>
#include <tacit/model/cp.hpp>

#include "catch.hpp"

using namespace tacit;
using Catch::Matchers::WithinAbs;

namespace {

Data<double, TensorEntries> completion(const Shape& shape, std::uint64_t seed) {
  return low_rank_completion(CP<double>({.shape = shape, .rank = 2}), {.observed = shape.count() / 2, .norm = 2, .seed = seed}).seen;
}

}  // namespace

// Item 4.
TEST_CASE("descent from a balanced start unbalances components in proportion to the rate") {
  for (const Shape& shape : {Shape{5, 4, 3}, Shape{4, 3, 4, 3}})
    for (std::uint64_t seed = 1; seed <= 3; ++seed) {
      const CP<double> model({.shape = shape, .rank = 6});
      const Problem problem(model, completion(shape, seed), HalfSumOfSquares{});
      const Vector<double> start = model.balanced({.entry_std = 0.3, .seed = seed});
      const auto drift = [&](double rate) {
        Vector<double> theta = start;
        Trajectory end(unbalancedness);
        train(problem, theta, gradient_descent({.rate = rate}), {.iterations = std::lround(3 / rate)}, at_the_end(end));
        return end.last("unbalancedness");
      };
      CAPTURE(sentence(shape), seed);
      CHECK_THAT(drift(1e-3) / drift(1e-4), WithinAbs(10, 1));
    }
}

// Item 5. Rates of change by central differences of what descent with a small rate records.
TEST_CASE("the norm of a balanced component changes at the rate N gamma norm^(2 - 2/N)") {
  for (const Shape& shape : {Shape{5, 4, 6}, Shape{4, 3, 4, 3}})
    for (std::uint64_t seed = 1; seed <= 3; ++seed) {
      const CP<double> model({.shape = shape, .rank = 4});
      const Problem problem(model, completion(shape, seed), HalfSumOfSquares{});
      Vector<double> theta = model.balanced({.entry_std = 0.2, .seed = seed});
      std::vector<Vector<double>> norms, pulls;  // pulls: gamma
      train(problem, theta, gradient_descent({.rate = 1e-4}), {.iterations = 100'000}, every(10, [&](const auto& now) {
              norms.push_back(now.model().component_norms(now.theta()));
              pulls.push_back(now.model().component_alignments(now.theta(), now.gradient()));
            }));
      const double N = static_cast<double>(model.order()), step = 10 * 1e-4;
      double worst = 0, scale = 0;
      Index compared = 0;
      for (std::size_t t = 1; t + 1 < norms.size() - 1; ++t)  // the closing record may be the last one again
        for (Index r = 0; r < model.rank(); ++r) {
          const double rate = (norms[t + 1][r] - norms[t - 1][r]) / (2 * step), expected = N * pulls[t][r] * std::pow(norms[t][r], 2 - 2 / N);
          scale = std::max(scale, std::abs(expected));
          if (std::abs(expected) < 1e-3) continue;  // the end, where all rates vanish
          worst = std::max(worst, std::abs(rate / expected - 1));
          ++compared;
        }
      CAPTURE(sentence(shape), seed, scale, compared);
      CHECK(compared > 1000);
      CHECK(worst < 0.01);
    }
}
