// SPDX-License-Identifier: MIT
#pragma once
// Validation entries that are missing as the gaps are: where rows or columns have an order and gaps come in runs along it, methods that use the order would look better on
// single entries, whose neighbours are known, than they are in the gaps. Half of the validation entries are then drawn at random, and as many as moved gaps give
// (refit_errors.hpp: the gaps of windows of rows, moved to other rows) stand in such runs.

#include "../observation/line_order.hpp"
#include "refit_errors.hpp"

namespace tacit::detail {

/// Whether that is asked for: gaps of a matrix that gather, along a mode with an order.
inline bool validates_in_runs(const Entries& where, const std::vector<LineOrder>& ordered) {
  return !ordered.empty() && gaps_have_pattern(where);
}
inline bool validates_in_runs(const TensorEntries&, const std::vector<LineOrder>&) { return false; }

/// `train` is a part of the data whose entries, and so whose gaps, are `whole`.
inline TrainTest<double> gap_validation_part(const Data<double>& train, const Entries& whole, double fraction, std::uint64_t seed) {
  const std::vector<bool> moved = moved_gaps(whole, seed);
  const auto count = static_cast<std::size_t>(train.count());
  std::vector<bool> held(count, false);
  for (Index k = 0, w = 0; k < train.count(); ++k) {
    const auto place = [](const Entries& of, Index e) { return std::pair(of.row()[e], of.col()[e]); };
    while (w < whole.count() && place(whole, w) < place(train.where, k)) ++w;
    if (w < whole.count() && place(whole, w) == place(train.where, k))
      held[static_cast<std::size_t>(k)] = moved[static_cast<std::size_t>(w)];
  }
  const auto order = shuffled(train.count(), seed);
  const auto at_random = std::max<std::size_t>(1, static_cast<std::size_t>(0.5 * fraction * static_cast<double>(count)));
  for (std::size_t s = 0; s < at_random; ++s) held[static_cast<std::size_t>(order[s])] = true;
  return {part_of("validation in runs", train, held, false, "train"), part_of("validation in runs", train, held, true, "test")};
}
inline TrainTest<double, TensorEntries> gap_validation_part(const Data<double, TensorEntries>& train, const TensorEntries&, double fraction,
                                                            std::uint64_t seed) {
  return hold_out_entries(train, {.test = fraction, .seed = seed});
}

}  // namespace tacit::detail
