// SPDX-License-Identifier: MIT
#pragma once
// Validation entries that are missing as the gaps are: where rows or columns have an order and gaps come in runs along it, methods that use the order would look better on
// single entries, whose neighbours are known, than they are in the gaps. Half of the validation entries are then drawn at random, and as many as moved gaps give
// (refit_errors.hpp: the gaps of windows of rows, moved to other rows) stand in such runs. Of a tensor the same of its unfolding, with the mode in order as its rows.

#include <numeric>
#include <optional>

#include "../fit/unfolding.hpp"
#include "../observation/line_order.hpp"
#include "refit_errors.hpp"

namespace tacit::detail {

/// Whether that is asked for: gaps that gather, along a mode with an order.
inline bool validates_in_runs(const Entries& where, const std::vector<LineOrder>& ordered) {
  return !ordered.empty() && gaps_have_pattern(where);
}
/// A tensor unfolded with this mode as its rows; the values are the numbers of the entries.
inline Data<double> numbered_unfolding(const TensorEntries& where, Index mode) {
  Vector<double> number(where.count());
  std::iota(number.begin(), number.end(), 0.0);
  return unfolding_at(where.shape(), mode).data({where, std::move(number)});
}
/// Of a tensor, the first mode in order along which gaps gather, unfolded; or none.
inline std::optional<Data<double>> unfolding_in_runs(const TensorEntries& where, const std::vector<LineOrder>& ordered) {
  for (const LineOrder& one : ordered)
    if (unfolding_at(where.shape(), one.mode).fits())
      if (Data<double> unfolded = numbered_unfolding(where, one.mode); gaps_have_pattern(unfolded.where)) return unfolded;
  return {};
}
inline bool validates_in_runs(const TensorEntries& where, const std::vector<LineOrder>& ordered) {
  return unfolding_in_runs(where, ordered).has_value();
}

/// True for entries to hold out, in the pattern of the gaps.
inline std::vector<bool> moved_gaps_of(const Entries& where, const std::vector<LineOrder>&, std::uint64_t seed) {
  return moved_gaps(where, seed);
}
inline std::vector<bool> moved_gaps_of(const TensorEntries& where, const std::vector<LineOrder>& ordered, std::uint64_t seed) {
  std::vector<bool> moved(static_cast<std::size_t>(where.count()));
  const auto unfolded = unfolding_in_runs(where, ordered);
  if (!unfolded) return moved;
  const std::vector<bool> rows = moved_gaps(unfolded->where, seed);
  for (std::size_t k = 0; k < rows.size(); ++k) moved[static_cast<std::size_t>(unfolded->y[static_cast<Index>(k)])] = rows[k];
  return moved;
}

/// `train` is a part of the data whose entries, and so whose gaps, are `whole`.
template <IndexedEntries O>
TrainTest<double, O> gap_validation_part(const Data<double, O>& train, const O& whole, const std::vector<LineOrder>& ordered,
                                         double fraction, std::uint64_t seed) {
  const std::vector<bool> moved = moved_gaps_of(whole, ordered, seed);
  const auto count = static_cast<std::size_t>(train.count());
  const auto compared = [&](Index w, Index k) {  // entry w of the whole with entry k of the part: before it, the same, behind it
    for (Index n = 0; n < whole.shape().order(); ++n)
      if (const Index difference = Index(whole.mode(n)[w]) - Index(train.where.mode(n)[k])) return difference;
    return Index(0);
  };
  std::vector<bool> held(count, false);
  for (Index k = 0, w = 0; k < train.count(); ++k) {
    while (w < whole.count() && compared(w, k) < 0) ++w;
    if (w < whole.count() && compared(w, k) == 0) held[static_cast<std::size_t>(k)] = moved[static_cast<std::size_t>(w)];
  }
  const auto order = shuffled(train.count(), seed);
  const auto at_random = std::max<std::size_t>(1, static_cast<std::size_t>(0.5 * fraction * static_cast<double>(count)));
  for (std::size_t s = 0; s < at_random; ++s) held[static_cast<std::size_t>(order[s])] = true;
  return {part_of("validation in runs", train, held, false, "train"), part_of("validation in runs", train, held, true, "test")};
}

}  // namespace tacit::detail
