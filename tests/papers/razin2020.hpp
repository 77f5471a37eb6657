// SPDX-License-Identifier: MIT
#pragma once
// Razin & Cohen 2020, Implicit Regularization in Deep Learning May Not Be Explainable by Norms, the matrix part: of a 2 x 2 matrix W(1, 2) = W(2, 1) = 1
// and W(2, 2) = 0 are observed. Fitting them with det W > 0 drives W(1, 1), hence every norm, to infinity, and the rank to 1; with det W < 0 a
// bounded W fits. W(1, 1) of the paper is entry(0, 0) here. The experiments, shared by tests and paper checks.

#include <tacit/hook/spectrum.hpp>
#include <tacit/tacit.hpp>

namespace razin2020 {

using namespace tacit;

inline Data<double> three_entries() { return observed<double>(2, 2, std::vector<Triplet<double>>{{0, 1, 1.0}, {1, 0, 1.0}, {1, 1, 0.0}}); }

inline DeepMatrix<double> two_by_two(Index depth) { return DeepMatrix<double>(std::vector<Index>(static_cast<std::size_t>(depth) + 1, 2)); }

/// The standard deviation of a factor's entries that gives those of the product the one in the paper's legend.
inline double factor_std(Index depth, double product_std) {
  const double N = static_cast<double>(depth);
  return std::pow(product_std * std::pow(2, -(N - 1) / 2), 1 / N);
}

/// |W(1, 1)| where the three residuals are least for a matrix of rank 1, to leading order.
inline double on_the_rank_1_path(double loss) { return 1 / std::sqrt(2 * loss); }

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

inline Descent descend(const DeepMatrix<double>& model, Vector<double> theta, double rate, std::vector<double> levels) {
  const Problem problem(model, three_entries(), HalfSumOfSquares{});
  Descent seen{.levels = std::move(levels)};
  train(problem, theta, gradient_descent({.rate = rate}), {.iterations = 10'000'000}, seen, stop_when(loss_below(seen.levels.back())));
  return seen;
}

inline std::vector<double> log_levels(double from, double to, int per_decade) {
  std::vector<double> levels;
  const int count = static_cast<int>(std::lround(per_decade * std::log10(from / to)));
  for (int k = 0; k <= count; ++k) levels.push_back(from * std::pow(10, -static_cast<double>(k) / per_decade));
  levels.back() = to;
  return levels;
}

/// Items 1, 2, 3: depth 3 from the identity at the product scale 1e-6, rate 3e-3; down to 1e-3 ten levels a decade from 1e-1, then 1e-4 after 3.6 million
/// steps.
inline Descent from_identity(bool to_the_end) {
  std::vector<double> levels = log_levels(1e-1, 1e-3, 10);
  if (to_the_end) levels.push_back(1e-4);
  const auto model = two_by_two(3);
  return descend(model, model.identity({.product_scale = 1e-6}), 3e-3, levels);
}
/// Items 4 and 6: depth 2 from unbalanced random factors of the legend's 1e-5, with this sign of det W(0), rate 6e-3.
inline Descent from_random(DeterminantSign sign, std::vector<double> levels, std::uint64_t seed) {
  const auto model = two_by_two(2);
  return descend(model, model.near_zero({.entry_std = factor_std(2, 1e-5), .determinant = sign, .seed = seed}), 6e-3, std::move(levels));
}
/// The signs apart: depth 3 next to the identity (1, 1), to its negative (-1, -1) and to reflections of it (1, -1), (-1, 1), all of the same size.
inline Descent from_reflection(double first, double second, std::uint64_t seed) {
  const auto model = two_by_two(3);
  Vector<double> theta = model.identity({.product_scale = 1e-6});
  const double scale = theta[0];
  theta[0] *= first;
  theta[3] *= second;
  Random random(seed, "perturbation");
  for (double& parameter : theta) parameter += 1e-3 * scale * random.normal();
  return descend(model, theta, 3e-3, {1e-1, 1e-2, 1e-3});
}

}  // namespace razin2020
