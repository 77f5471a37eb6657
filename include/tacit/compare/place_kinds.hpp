// SPDX-License-Identifier: MIT
#pragma once
// Kinds of places of a matrix whose gaps have a pattern (gaps_have_pattern, refit_errors.hpp): errors there differ by more than the
// numbers of entries in row and column tell.
//   kind(i, j) = 2 c + e,   c = min(4, floor(log2 d)), d the rows between (i, j) and the nearest entry of column j, along the order of the
//                               rows where they have one (else c = 0),
//                           e = 1 where row i has less than half as many entries as rows have on average.
// A held-out entry has the kind that its place has without the entries that were held out together with it.
// Cost: O(n1 n2), and once more for each part that was held out.

#include <algorithm>
#include <cstdint>
#include <numeric>
#include <vector>

#include "../model/half_widths.hpp"
#include "../observation/line_order.hpp"
#include "refit_errors.hpp"

namespace tacit::detail {

class PlaceKinds {
 public:
  using Table = KindFactors::Table;
  static constexpr int distances = 5;
  static constexpr double largest = 1e7;  ///< tables with more places have one kind

  /// `order`: of the rows; nullptr: they have none.
  PlaceKinds(const Entries& where, const LineOrder* order)
      : where_(where), ordered_(order != nullptr), along_(static_cast<std::size_t>(where.rows())) {
    std::iota(along_.begin(), along_.end(), Index(0));
    if (order && !order->at.empty())
      std::sort(along_.begin(), along_.end(),
                [&](Index a, Index b) { return order->at[static_cast<std::size_t>(a)] < order->at[static_cast<std::size_t>(b)]; });
  }
  static bool wanted(const Entries& where) {
    return static_cast<double>(where.rows()) * static_cast<double>(where.cols()) <= largest && gaps_have_pattern(where);
  }
  int count() const { return 2 * (ordered_ ? distances : 1); }
  /// Rows with fewer entries are nearly empty.
  double few() const { return 0.5 * static_cast<double>(where_.count()) / static_cast<double>(where_.rows()); }

  Table of_all() const { return table(std::vector<bool>(static_cast<std::size_t>(where_.count()))); }
  std::vector<std::uint8_t> of(const HeldOutErrors& held) const {
    std::vector<std::uint8_t> kinds(held.error.size());
    for (std::size_t first = 0, last = 0; first < kinds.size(); first = last) {
      while (last < kinds.size() && held.part[last] == held.part[first]) ++last;
      std::vector<bool> out(static_cast<std::size_t>(where_.count()));
      for (std::size_t k = first; k < last; ++k) out[place(held.at.mode(0)[k], held.at.mode(1)[k])] = true;
      const Table all = table(out);
      for (std::size_t k = first; k < last; ++k) kinds[k] = all(held.at.mode(0)[k], held.at.mode(1)[k]);
    }
    return kinds;
  }

 private:
  std::size_t place(Index i, Index j) const {
    const auto row = where_.col() + where_.row_start()[i], end = where_.col() + where_.row_start()[i + 1];
    return static_cast<std::size_t>(std::lower_bound(row, end, j) - where_.col());
  }
  Table table(const std::vector<bool>& out) const {
    const Index n1 = where_.rows(), n2 = where_.cols();
    Table seen = Table::Zero(n1, n2), kinds(n1, n2);
    for (Index k = 0; k < where_.count(); ++k) seen(where_.row()[k], where_.col()[k]) = !out[static_cast<std::size_t>(k)];
    for (Index i = 0; i < n1; ++i) kinds.row(i).setConstant(static_cast<std::uint8_t>(static_cast<double>(seen.row(i).count()) < few()));
    if (!ordered_) return kinds;
    std::vector<Index> distance(along_.size());
    for (Index j = 0; j < n2; ++j) {
      Index last = -n1;  // far before the first
      for (Index t = 0; t < n1; ++t) {
        if (seen(along_[static_cast<std::size_t>(t)], j)) last = t;
        distance[static_cast<std::size_t>(t)] = t - last;
      }
      Index next = 2 * n1;
      for (Index t = n1; t-- > 0;) {
        const Index i = along_[static_cast<std::size_t>(t)];
        if (seen(i, j)) next = t;
        Index d = std::min(distance[static_cast<std::size_t>(t)], next - t);
        int c = 0;
        for (; d > 1 && c + 1 < distances; d /= 2) ++c;
        kinds(i, j) = static_cast<std::uint8_t>(kinds(i, j) + 2 * c);
      }
    }
    return kinds;
  }

  const Entries& where_;
  bool ordered_;
  std::vector<Index> along_;  ///< rows in their order
};

}  // namespace tacit::detail
