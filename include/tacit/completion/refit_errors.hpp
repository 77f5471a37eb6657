// SPDX-License-Identifier: MIT
#pragma once
// Errors that intervals are made of: the chosen settings fitted anew to all entries but a tenth, ten times, and tested on that tenth. Errors on the folds
// of the comparison would make intervals too wide: those fits have seen less than three quarters of the entries, the closing fit has seen all of them.
// Cost: ten fits without a search, on all threads; where the time is over the parts that are done make do, two at least.

#include <chrono>
#include <cmath>
#include <vector>

#include "../observation/split.hpp"
#include "../sweep/pool.hpp"

namespace tacit::detail {

/// `refitted(train, where)`: predictions by the chosen settings, fitted to `train`.
template <class Refitted>
std::vector<double> refit_errors(const Data<double>& data, std::uint64_t seed, int threads, double seconds, const Refitted& refitted) {
  using Clock = std::chrono::steady_clock;
  const auto started = Clock::now();
  const Index parts = std::min<Index>(10, data.count() / 2);
  const std::vector<Index> order = shuffled(data.count(), seed);
  std::vector<std::vector<double>> errors(static_cast<std::size_t>(parts));
  on_threads(parts, static_cast<unsigned>(threads), [&](Index job) {
    if (job >= 2 && std::chrono::duration<double>(Clock::now() - started).count() > seconds) return;
    std::vector<Index> held_out(order.size());
    for (std::size_t s = 0; s < order.size(); ++s) held_out[static_cast<std::size_t>(order[s])] = static_cast<Index>(s) % parts == job;
    const auto train = part_of("refit_errors", data, held_out, 0, "train"), test = part_of("refit_errors", data, held_out, 1, "test");
    const Vector<double> z = refitted(train, test.where);
    for (Index k = 0; k < z.size(); ++k) errors[static_cast<std::size_t>(job)].push_back(std::abs(test.y[k] - z[k]));
  });
  std::vector<double> all;
  for (const auto& part : errors) all.insert(all.end(), part.begin(), part.end());
  return all;
}

}  // namespace tacit::detail
