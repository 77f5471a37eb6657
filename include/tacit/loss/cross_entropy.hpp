// SPDX-License-Identifier: MIT
#pragma once
// Cross-entropy over groups of entries, softmax within each:  of a group G, p_c = e^{z_c} / sum_{G} e^{z},
//   f_G = -sum_c y_c log p_c,     slope  p - y,     curvature times dz:  p * (dz - <p, dz>).
// Targets are shares of the classes of a group, none below 0 and of sum 1; one 1 among zeros for labels. Exact at any z. Mean over groups, unless asked for
// the sum; a weight is the group's, the same on all of its entries.
//
//   cross_entropy()                                     the outputs of a sample are a group (observation/features.hpp)
//   cross_entropy({.classes = 3})                       entries 0 1 2, 3 4 5, ... are groups
//   cross_entropy({.groups = partition(m, {{0, 2}, {1, 3, 4}})})     as given: partition refuses groups that overlap or leave entries out
// Batches draw whole groups. One exponential and a few flops an entry.

#include <Eigen/Core>
#include <string>
#include <utility>

#include "../core/check.hpp"
#include "../observation/partition.hpp"
#include "squares.hpp"

namespace tacit {

struct CrossEntropySettings {
  Reduction reduction = Reduction::mean;
  Index classes = 0;      ///< entries a group, consecutive; 0: the outputs of a sample
  Partition groups = {};  ///< or any groups
};

class CrossEntropy {
 public:
  explicit CrossEntropy(CrossEntropySettings options)
      : reduction(options.reduction), width_(options.classes), groups_(std::move(options.groups)) {
    require(width_ >= 0 && (width_ == 0 || groups_.empty()), "cross_entropy: .classes is ", width_,
            ", it needs to be positive, and stands in place of .groups");
  }
  Reduction reduction;
  static const char* name() { return "cross_entropy"; }

  /// What a term asks of a loss that couples entries. It is told how many entries there are, and how many make a sample (1: none), when the problem is built.
  void arrange(Index entries, Index outputs) {
    if (width_ == 0 && groups_.empty()) width_ = outputs;
    if (width_ > 0) {
      require(width_ > 1, "cross_entropy: which entries are the classes of a sample? Give .classes or .groups");
      require(entries % width_ == 0, "cross_entropy: groups of ", width_, " leave ", entries % width_, " of the ", entries, " entries out");
      require(outputs == 1 || outputs % width_ == 0, "cross_entropy: groups of ", width_, " overlap samples of ", outputs, " outputs");
    } else {
      require(outputs == 1, "cross_entropy: the outputs of a sample are given by the observation; .groups are for others");
      require(groups_.count() == entries, "cross_entropy: the groups are of ", groups_.count(), " entries, the data have ", entries);
    }
  }
  /// Entries a group, consecutive; 0: those of groups().
  Index width() const { return width_; }
  const Partition& groups() const { return groups_; }

  /// What a fingerprint sees.
  template <class Archive>
  void persist(Archive& archive) {
    archive("classes", width_);
    archive("groups", groups_);
  }

  template <Scalar S, class Where>
  void check_targets(In<S> y, In<S> weight, Where&& where) const {
    each(y.size(), nullptr, 0, [&](auto at, Index size) {
      S sum = 0;
      for (Index c = 0; c < size; ++c) {
        require(y[at(c)] >= 0, "cross_entropy: the target of ", where(at(c)), " is ", y[at(c)], ", allowed are shares of 0 or more");
        if (weight.size())
          require(weight[at(c)] == weight[at(0)], "cross_entropy: the weight of ", where(at(c)), " is ", weight[at(c)], ", that of ",
                  where(at(0)), " in the same group ", weight[at(0)]);
        sum += y[at(c)];
      }
      require(std::abs(sum - 1) <= static_cast<S>(size) * 4 * std::numeric_limits<S>::epsilon() + (sizeof(S) == 4 ? S(1e-5) : S(1e-9)),
              "cross_entropy: the targets of the group of ", where(at(0)), " have the sum ", sum, ", allowed is 1");
    });
  }

  /// Of all entries, or of groups one after another: group g of a batch with groups of different sizes begins at offsets[g].
  template <Scalar S>
  S value_and_slope(In<S> z, In<S> y, In<S> weight, S scale, Out<S> slope, const Index* offsets = nullptr, Index count = 0) const {
    S total = 0;
    each(z.size(), offsets, count, [&](auto at, Index size) {
      const S factor = weight.size() ? scale * weight[at(0)] : scale;
      Index top = 0;
      for (Index c = 1; c < size; ++c)
        if (z[at(c)] > z[at(top)]) top = c;
      S rest = 0, value = 0, known = 0;  // log of the sum of exponentials = z_top + log1p(rest)
      for (Index c = 0; c < size; ++c) {
        const S below = z[at(c)] - z[at(top)], e = std::exp(below);
        if (c != top) rest += e;
        if (y[at(c)] != 0) value -= y[at(c)] * below;
        known += y[at(c)];
        slope[at(c)] = e;
      }
      total += factor * (value + known * std::log1p(rest));
      const S share = known / (1 + rest);
      for (Index c = 0; c < size; ++c) slope[at(c)] = factor * (share * slope[at(c)] - y[at(c)]);
    });
    return total;
  }
  template <Scalar S>
  void curvature_times(In<S> z, In<S> y, In<S> weight, S scale, In<S> dz, Out<S> out, const Index* offsets = nullptr,
                       Index count = 0) const {
    each(z.size(), offsets, count, [&](auto at, Index size) {
      S top = z[at(0)], sum = 0, mean = 0, known = 0;
      for (Index c = 1; c < size; ++c) top = std::max(top, z[at(c)]);
      for (Index c = 0; c < size; ++c) {
        out[at(c)] = std::exp(z[at(c)] - top);
        sum += out[at(c)], mean += out[at(c)] * dz[at(c)], known += y[at(c)];
      }
      mean /= sum;
      const S factor = (weight.size() ? scale * weight[at(0)] : scale) * known / sum;
      for (Index c = 0; c < size; ++c) out[at(c)] *= factor * (dz[at(c)] - mean);
    });
  }

 private:
  /// f(at, size) for every group; at(c) is where its entry c stands.
  template <class F>
  void each(Index entries, const Index* offsets, Index count, F&& f) const {
    const auto run = [&](Index from, Index size) { f([from](Index c) { return from + c; }, size); };
    if (width_ > 0 && entries % width_ == 0) {
      for (Index from = 0; from < entries; from += width_) run(from, width_);
    } else if (offsets) {
      for (Index g = 0; g < count; ++g) run(offsets[g], offsets[g + 1] - offsets[g]);
    } else if (groups_.count() == entries) {
      for (Index g = 0; g < groups_.size(); ++g) {
        const auto members = groups_[g];
        f([&](Index c) { return members[static_cast<std::size_t>(c)]; }, static_cast<Index>(members.size()));
      }
    } else {
      run(0, entries);  // not arranged yet: one group
    }
  }

  Index width_;
  Partition groups_;
};

inline CrossEntropy cross_entropy(CrossEntropySettings options = {}) { return CrossEntropy(std::move(options)); }

}  // namespace tacit
