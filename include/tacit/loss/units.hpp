// SPDX-License-Identifier: MIT
#pragma once
// What minibatches draw from: samples with all their outputs (observation/features.hpp), groups of a loss that couples entries (loss/cross_entropy.hpp), or
// single entries. A unit of `width` consecutive entries, or a group as the loss lists it.

#include <span>
#include <vector>

#include "squares.hpp"

namespace tacit::detail {

/// Whether a loss couples entries: it is told of them, and says which belong together.
template <class L>
concept CouplesEntries = requires(L loss, const L& arranged) {
  loss.arrange(Index(0), Index(1));
  { arranged.width() } -> std::convertible_to<Index>;
  arranged.groups()[Index(0)];
};

class Units {
 public:
  /// `outputs` entries of the observation make a sample, 1 where there are no samples. The loss is arranged.
  template <class L>
  Units(L& loss, Index entries, Index outputs) : width_(outputs), count_(entries / outputs), parts_(outputs) {
    if constexpr (CouplesEntries<L>) {
      loss.arrange(entries, outputs);
      const Index group = loss.width();
      if (outputs == 1 && group > 0) width_ = group, count_ = entries / group;
      if (group == 0) width_ = 0, count_ = loss.groups().size();
      parts_ = group > 0 ? width_ / group : 1;
    }
  }

  Index count() const { return count_; }
  /// Groups of the loss, of any sizes.
  bool listed() const { return width_ == 0; }
  /// How many entries these units have.
  template <class L>
  Index entries(const L& loss, std::span<const Index> which) const {
    Index sum = static_cast<Index>(which.size()) * width_;
    if constexpr (CouplesEntries<L>)
      for (const Index unit : which.subspan(0, listed() ? which.size() : 0)) sum += static_cast<Index>(loss.groups()[unit].size());
    return sum;
  }
  /// The entries of these units, one unit after another, and where listed groups begin; none where units are entries.
  template <class L>
  void list(const L& loss, std::span<const Index> which, std::vector<Index>& entries, std::vector<Index>& offsets) const {
    entries.clear();
    offsets.assign(1, 0);
    for (const Index unit : which.subspan(0, width_ == 1 ? 0 : which.size())) {
      for (Index c = 0; c < width_; ++c) entries.push_back(unit * width_ + c);
      if constexpr (CouplesEntries<L>) {
        if (!listed()) continue;
        const auto members = loss.groups()[unit];
        entries.insert(entries.end(), members.begin(), members.end());
        offsets.push_back(static_cast<Index>(entries.size()));
      }
    }
  }
  /// As many units as `like` has, of which no others have more entries.
  template <class L>
  std::vector<Index> largest(const L& loss, std::span<const Index> like) const {
    std::vector<Index> units(like.begin(), like.end());
    if constexpr (CouplesEntries<L>)
      if (listed()) {
        Index most = 0;
        for (Index unit = 1; unit < count_; ++unit)
          if (loss.groups()[unit].size() > loss.groups()[most].size()) most = unit;
        units.assign(units.size(), most);  // batches may hold a unit more than once
      }
    return units;
  }
  /// The factor in front of the sum over so many units.
  template <Scalar S>
  S scale(Reduction reduction, Index units) const {
    return reduction_scale<S>(reduction, units, count_, parts_);
  }

 private:
  Index width_, count_, parts_;  // parts: what a mean counts of a unit
};

}  // namespace tacit::detail
