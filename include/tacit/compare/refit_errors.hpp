// SPDX-License-Identifier: MIT
#pragma once
// Errors that intervals are made of: the chosen settings fitted anew to all entries but a tenth, ten times, and tested on that tenth. Errors on the folds
// of the comparison would make intervals too wide: those fits have seen less than three quarters of the entries, the closing fit has seen all of them.
// Where gaps have a pattern of their own (runs of hours, whole batteries of columns at once), four more parts hold out entries in that pattern: the gaps of some rows,
// moved to other rows, in windows of neighbouring rows.
// Cost: ten or fourteen fits without a search, on all threads (of more than 3 x 10^6 entries one after the other, which takes less memory); where the time is over the parts that are done make do, two at least.

#include <chrono>
#include <cmath>
#include <utility>
#include <vector>

#include "../observation/centre.hpp"
#include "../sweep/pool.hpp"
#include "drawn_folds.hpp"

namespace tacit::detail {

/// |y - z| of entries that a fit has not seen, of columns with a transform in its units. Entries of one part were held out together.
struct HeldOutErrors {
  TensorEntryList at;
  std::vector<double> error;
  std::vector<std::int32_t> part;
  std::size_t at_random = 0;  ///< so many come first, held out at random; then those in the pattern of the gaps
  Index parts = 0;

  explicit HeldOutErrors(Shape shape) : at(std::move(shape)) {}
  /// Of the k-th of these entries.
  template <IndexedEntries O>
  void add(const O& where, Index k, double e, Index p) {
    at.append(where, k), error.push_back(e), part.push_back(static_cast<std::int32_t>(p));
    parts = std::max(parts, p + 1);
  }
};

/// Whether gaps of a table that is at least half full come in runs along columns, or gather in rows, half again as much as chance would have it.
inline bool gaps_have_pattern(const Entries& where) {
  const auto n1 = static_cast<double>(where.rows()), n2 = static_cast<double>(where.cols());
  if (where.density() < 0.5 || where.rows() < 20 || n1 * n2 - static_cast<double>(where.count()) < 50) return false;
  double expected = 0, found = 0, variance = 0, squares = 0;
  std::vector<Index> previous(static_cast<std::size_t>(where.cols()), -1);  // the row of the last entry in each column
  const auto gaps_before = [&](Index row, Index j) {
    found += static_cast<double>(std::max<Index>(row - std::exchange(previous[static_cast<std::size_t>(j)], row) - 2, 0));
  };
  for (Index k = 0; k < where.count(); ++k) gaps_before(where.row()[k], where.col()[k]);
  for (Index j = 0; j < where.cols(); ++j) {
    const double gaps = n1 - static_cast<double>(where.col_start()[j + 1] - where.col_start()[j]);
    expected += gaps * (gaps - 1) / n1;
    variance += gaps / n1 * (1 - gaps / n1);
    gaps_before(where.rows(), j);
  }
  const double mean = static_cast<double>(where.count()) / n1;
  for (Index i = 0; i < where.rows(); ++i)
    squares += std::pow(static_cast<double>(where.row_start()[i + 1] - where.row_start()[i]) - mean, 2);
  return found > 1.5 * expected + 10 || squares / n1 > 1.5 * variance;
}

/// True for entries to hold out: the gaps of windows of rows, drawn around random gaps, moved to other windows, until a tenth of the entries or this share of the gaps is reached.
inline std::vector<bool> moved_gaps(const Entries& where, std::uint64_t seed, double share = 0.1) {
  std::vector<bool> held(static_cast<std::size_t>(where.count()));
  Random random(seed, "moved gaps");
  const Index n1 = where.rows(), length = std::clamp<Index>(n1 / 20, 1, 48);
  std::vector<Index> with_gaps;
  for (Index i = 0; i < n1; ++i)
    if (where.row_start()[i + 1] - where.row_start()[i] < where.cols()) with_gaps.push_back(i);
  const auto gaps = static_cast<double>(n1) * static_cast<double>(where.cols()) - static_cast<double>(where.count());
  const double enough = std::min(share * gaps, 0.1 * static_cast<double>(where.count()));
  const auto draw = [&](Index n) { return static_cast<Index>(random.below(static_cast<std::uint64_t>(n))); };
  double count = 0;
  for (int attempt = 0; attempt < 2000 && count < enough; ++attempt) {
    const Index from = with_gaps[static_cast<std::size_t>(draw(static_cast<Index>(with_gaps.size())))] - draw(length), to = draw(n1);
    for (Index w = 0; w < length; ++w) {
      const Index donor = from + w, target = to + w;
      if (donor < 0 || donor >= n1 || target >= n1) continue;
      Index d = where.row_start()[donor];
      for (Index s = where.row_start()[target]; s < where.row_start()[target + 1]; ++s) {
        while (d < where.row_start()[donor + 1] && where.col()[d] < where.col()[s]) ++d;
        const bool missing = d == where.row_start()[donor + 1] || where.col()[d] != where.col()[s];
        if (missing && !held[static_cast<std::size_t>(s)]) held[static_cast<std::size_t>(s)] = true, ++count;
      }
    }
  }
  return held;
}

/// `refitted(train, where)`: predictions by the chosen settings, fitted to `train`. Errors are in the units of intervals: of columns with a transform, its units.
template <IndexedEntries O, class Refitted>
HeldOutErrors refit_errors(const Data<double, O>& data, std::uint64_t seed, int threads, double seconds, const Refitted& refitted,
                           const Scales& lines = {}) {
  using Clock = std::chrono::steady_clock;
  const auto started = Clock::now();
  const Index parts = std::min<Index>(10, data.count() / 2);
  Index patterned = 0;
  if constexpr (std::is_same_v<O, Entries>) patterned = gaps_have_pattern(data.where) ? 4 : 0;
  const auto number = fold_numbers<std::uint16_t>(data.count(), {.folds = parts, .seed = seed});
  std::vector<HeldOutErrors> errors(static_cast<std::size_t>(parts + patterned), HeldOutErrors(data.where.shape()));
  const bool one_by_one = data.count() - data.count() / parts > side_by_side_at_most;
  const Index surely = one_by_one ? 1 + patterned / 2 : 2 + patterned / 2;  // whatever time they take
  on_threads(parts + patterned, one_by_one ? 1 : static_cast<unsigned>(threads), [&](Index job) {
    if (job >= surely && std::chrono::duration<double>(Clock::now() - started).count() > seconds) return;
    // Two random parts come first, then those in the pattern of the gaps, then the other random ones.
    const bool moved = job >= 2 && job < 2 + patterned;
    const Index part = moved ? parts + job - 2 : job < 2 ? job : job - patterned;
    std::vector<bool> held_out(number.size());
    if constexpr (std::is_same_v<O, Entries>)
      if (moved) held_out = moved_gaps(data.where, seed + static_cast<std::uint64_t>(job), 0.5);
    if (!moved)
      for (std::size_t k = 0; k < number.size(); ++k) held_out[k] = number[k] == part;
    if (std::find(held_out.begin(), held_out.end(), true) == held_out.end()) return;
    const auto train = part_of("refit_errors", data, held_out, false, "train"),
               test = part_of("refit_errors", data, held_out, true, "test");
    const Vector<double> z = refitted(train, test.where);
    const Index step = 1 + (data.count() - 1) / kept_at_most;
    for (Index k = part % step; k < z.size(); k += step)
      errors[static_cast<std::size_t>(part)].add(test.where, k, lines.error(test.y[k], z[k], test.where.mode(1)[k]), part);
  });
  HeldOutErrors all(data.where.shape());
  for (std::size_t p = 0; p < errors.size(); ++p) {
    for (std::size_t k = 0; k < errors[p].error.size(); ++k)
      all.add(errors[p].at, static_cast<Index>(k), errors[p].error[k], errors[p].part[k]);
    errors[p] = HeldOutErrors(data.where.shape());
    if (static_cast<Index>(p) < parts) all.at_random = all.error.size();
  }
  return all;
}

}  // namespace tacit::detail
