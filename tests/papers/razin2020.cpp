// SPDX-License-Identifier: MIT
// Razin & Cohen 2020, Implicit Regularization in Deep Learning May Not Be Explainable by Norms, the matrix part: of a 2 x 2 matrix W(1, 2) = W(2, 1) = 1
// and W(2, 2) = 0 are observed. Fitting them with det W > 0 drives W(1, 1), hence every norm, to infinity, and the rank to 1; with det W < 0 a
// bounded W fits. W(1, 1) of the paper is entry(0, 0) here.
#include <tacit/tacit.hpp>

#include <tacit/hook/spectrum.hpp>

#include <algorithm>

#include "catch.hpp"
#include "sanitized.hpp"

using namespace tacit;

namespace {

Data<double> three_entries() { return observed<double>(2, 2, std::vector<Triplet<double>>{{0, 1, 1.0}, {1, 0, 1.0}, {1, 1, 0.0}}); }

DeepMatrix<double> two_by_two(Index depth) { return DeepMatrix<double>(std::vector<Index>(static_cast<std::size_t>(depth) + 1, 2)); }

/// The standard deviation of a factor's entries that gives those of the product the one in the paper's legend.
double factor_std(Index depth, double product_std) {
  const double N = static_cast<double>(depth);
  return std::pow(product_std * std::pow(2, -(N - 1) / 2), 1 / N);
}

/// |W(1, 1)| where the three residuals are least for a matrix of rank 1, to leading order.
double on_the_rank_1_path(double loss) { return 1 / std::sqrt(2 * loss); }

/// What was seen when the loss first came down to each level, and the sign of det W at every fiftieth iteration.
struct Descent {
  std::vector<double> levels;  // descending
  std::vector<double> corner = {}, rank_excess = {};
  double largest_corner = 0;
  Index positive = 0, negative = 0, last_positive = -1;

  void operator()(const auto& now) {
    while (corner.size() < levels.size() && now.loss() <= levels[corner.size()]) {
      corner.push_back(now.end_to_end()(0, 0));
      rank_excess.push_back(effective_rank(now) - 1);
    }
    if (now.iteration() % 50 != 0) return;
    const double sign = determinant_sign(now);
    positive += sign > 0;
    negative += sign < 0;
    if (sign > 0) last_positive = now.iteration();
    largest_corner = std::max(largest_corner, std::abs(now.end_to_end()(0, 0)));
  }
};

Descent descend(const DeepMatrix<double>& model, Vector<double> theta, double rate, std::vector<double> levels) {
  const Problem problem(model, three_entries(), HalfSumOfSquares{});
  Descent seen{.levels = std::move(levels)};
  train(problem, theta, gradient_descent({.rate = rate}), {.iterations = 10'000'000}, seen, stop_when(loss_below(seen.levels.back())));
  return seen;
}

double median(std::vector<double> five) {
  std::nth_element(five.begin(), five.begin() + 2, five.end());
  return five[2];
}

std::vector<double> log_levels(double from, double to, int per_decade) {
  std::vector<double> levels;
  const int count = static_cast<int>(std::lround(per_decade * std::log10(from / to)));
  for (int k = 0; k <= count; ++k) levels.push_back(from * std::pow(10, -static_cast<double>(k) / per_decade));
  levels.back() = to;
  return levels;
}

}  // namespace

// Items 1, 2, 3.
TEST_CASE("depth 3 from the identity: the unobserved entry follows the rank-1 path, the determinant stays positive, the rank falls to 1") {
  const auto model = two_by_two(3);
  std::vector<double> levels = log_levels(1e-1, 1e-3, 10);
  if (!sanitized) levels.push_back(1e-4);  // 3.6 million steps
  const Descent seen = descend(model, model.identity({.product_scale = 1e-6}), 3e-3, levels);
  REQUIRE(seen.corner.size() == levels.size());
  CHECK(std::abs(seen.corner[20] - 22.3) <= 0.2);
  if (!sanitized) CHECK(std::abs(seen.corner[21] - 70.7) <= 0.707);
  CHECK(seen.positive > 4000);
  CHECK(seen.negative == 0);
  for (std::size_t k = 1; k <= 20; ++k) {
    CAPTURE(levels[k], seen.corner[k], seen.rank_excess[k]);
    CHECK(seen.rank_excess[k] > 0);
    CHECK(seen.rank_excess[k] < seen.rank_excess[k - 1]);
    CHECK(seen.corner[k] > seen.corner[k - 1]);
  }
}

// Item 4. The draws have det W(0) > 0, but only a balanced flow keeps that sign; these are unbalanced, lose it within a few hundred steps, and then
// are free to fit with a bounded entry: with det W = W(1, 1) W(2, 2) - 1 nothing else is possible once it is bounded.
TEST_CASE("depth 2, random unbalanced starts with positive determinant: the unobserved entry saturates, after the sign has changed") {
  const auto model = two_by_two(2);
  std::vector<double> corner;
  for (std::uint64_t seed = 1; seed <= 5; ++seed) {
    const Vector<double> theta =
        model.near_zero({.entry_std = factor_std(2, 1e-5), .determinant = DeterminantSign::positive, .seed = seed});
    const Descent seen = descend(model, theta, 6e-3, {1e-1, 1e-2, 1e-3, 1e-4});
    REQUIRE(seen.corner.size() == 4);
    corner.push_back(std::abs(seen.corner[3]));
    CAPTURE(seed, seen.corner[3], seen.positive, seen.negative, seen.last_positive);
    CHECK(seen.positive > 0);
    CHECK(seen.negative > 0);
    CHECK(seen.last_positive < 500);
  }
  CAPTURE(corner);
  CHECK(median(corner) < 15);
  CHECK(median(corner) < on_the_rank_1_path(1e-4) / 4);
}

// Item 6, where the sign stays negative: random starts at depth 2.
TEST_CASE("depth 2, negative determinant: the unobserved entry stays bounded") {
  const auto model = two_by_two(2);
  for (std::uint64_t seed = 1; seed <= 5; ++seed) {
    const Vector<double> theta =
        model.near_zero({.entry_std = factor_std(2, 1e-5), .determinant = DeterminantSign::negative, .seed = seed});
    const Descent seen = descend(model, theta, 6e-3, {1e-1, 1e-2, 1e-3});
    REQUIRE(seen.corner.size() == 3);
    CAPTURE(seed, seen.corner, seen.largest_corner);
    CHECK(seen.positive == 0);
    CHECK(seen.largest_corner < on_the_rank_1_path(1e-1));
    CHECK(std::abs(seen.corner[2]) < 1.1 * std::abs(seen.corner[1]));  // the rank-1 path grows by sqrt(10)
  }
}

// Items 4 and 6 with the signs apart: starts next to the identity and to reflections of it, all of the same size, differ in nothing but the sign.
TEST_CASE("depth 3 next to the identity and to its reflections: the determinant's sign alone decides whether the unobserved entry grows") {
  const auto model = two_by_two(3);
  struct Start {
    double first, second;  // the diagonal of the first factor, in units of the others'
  };
  for (const Start start : {Start{1, 1}, {-1, -1}, {1, -1}, {-1, 1}})
    for (std::uint64_t seed = 1; seed <= 3; ++seed) {
      Vector<double> theta = model.identity({.product_scale = 1e-6});
      const double scale = theta[0];
      theta[0] *= start.first;
      theta[3] *= start.second;
      Random random(seed, "perturbation");
      for (double& parameter : theta) parameter += 1e-3 * scale * random.normal();
      const Descent seen = descend(model, theta, 3e-3, {1e-1, 1e-2, 1e-3});
      REQUIRE(seen.corner.size() == 3);
      CAPTURE(start.first, start.second, seed, seen.corner);
      if (start.first * start.second > 0) {
        CHECK(seen.negative == 0);
        CHECK(std::abs(std::abs(seen.corner[2]) - 22.3) <= 0.2);
      } else {
        CHECK(seen.positive == 0);
        CHECK(seen.largest_corner < on_the_rank_1_path(1e-1));
        CHECK(std::abs(seen.corner[2]) < 1.1 * std::abs(seen.corner[1]));
      }
    }
}
