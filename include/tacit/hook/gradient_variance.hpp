// SPDX-License-Identifier: MIT
#pragma once
// Probe: how much gradients of minibatches B differ from g, that of all observations, at theta:
//   gradient_variance         E |g_B - g|^2                                       with its standard error, gradient_variance_error
//   gradient_cosine           E  <g_B, g> / (|g_B| |g|); batches with a zero gradient count as 0
// over batches of `size` observations, as on_batches draws them: without replacement. With per-observation gradients g_i of mean g the variance is
//   (1/b) (m - b)/(m - 1)  (1/m) sum_i |g_i - g|^2
// for means of b of m observations. It is estimated from `draws` batches, the same at every call: what changes along a run is then not their noise.
//
//   Trajectory history(loss, gradient_variance(problem, {.size = 64}));             between groups of observations: hook/client_gradients.hpp
//
// A call costs draws * size / m passes over the data, in a workspace of its own; watching does not count as work.

#include <array>
#include <numeric>
#include <span>

#include "../core/random.hpp"
#include "probe.hpp"

namespace tacit {

struct GradientVarianceSettings {
  Index size;              ///< observations a batch
  Index draws = 20;        ///< batches
  std::uint64_t seed = 1;  ///< of the batches, stream (seed, "gradient_variance")
};

/// The probe has a copy of the problem, which shares its data.
template <class P>
auto gradient_variance(const P& problem, const GradientVarianceSettings& settings) {
  using S = typename P::scalar_type;
  const Index m = problem.count();
  require(settings.size >= 1 && settings.size <= m, "gradient_variance: batches of ", settings.size, " observations, the data have ", m);
  require(settings.draws >= 2, "gradient_variance: .draws is ", settings.draws, ", a standard error needs at least 2");
  Random random(settings.seed, "gradient_variance");
  std::vector<Index> order(static_cast<std::size_t>(m)), batches;
  std::iota(order.begin(), order.end(), Index(0));
  for (Index k = 0; k < settings.draws; ++k)
    for (Index i = 0; i < settings.size; ++i) {
      const auto from = static_cast<std::size_t>(i), to = from + static_cast<std::size_t>(random.below(static_cast<std::uint64_t>(m - i)));
      std::swap(order[from], order[to]);
      batches.push_back(order[from]);
    }
  return probe("gradient_variance", {"gradient_variance", "gradient_variance_error", "gradient_cosine"},
               [problem, batches = std::move(batches), ws = problem.workspace(), batch = Vector<S>(problem.dimension()),
                size = static_cast<std::size_t>(settings.size)](const auto& now) mutable {
                 require(now.theta().size() == problem.dimension(), "gradient_variance: its problem has ", problem.dimension(),
                         " parameters, theta ", now.theta().size());
                 const auto& gradient = now.gradient();
                 const double n = static_cast<double>(batches.size() / size), length = static_cast<double>(detail::norm(gradient));
                 std::vector<double> squares;
                 double mean = 0, cosine = 0, scatter = 0;
                 for (std::size_t at = 0; at < batches.size(); at += size) {
                   problem.value_and_gradient(now.theta(), std::span<const Index>(batches.data() + at, size), ws, batch);
                   squares.push_back(static_cast<double>((batch - gradient).squaredNorm()));
                   mean += squares.back() / n;
                   const double lengths = static_cast<double>(detail::norm(batch)) * length;
                   if (lengths > 0) cosine += static_cast<double>(batch.dot(gradient)) / lengths / n;
                 }
                 for (const double square : squares) scatter += (square - mean) * (square - mean) / (n - 1);
                 return std::array<double, 3>{mean, std::sqrt(scatter / n), cosine};
               });
}

}  // namespace tacit
