// SPDX-License-Identifier: MIT
#pragma once
// Partition: the m observations of a data set in disjoint groups, as lists of indices. Groups are what minibatches draw whole (all outputs of a sample) and
// what clients own; the data stay where they are, shared by all.
//
//   consecutive_groups(m, 10)          observations 0 ... 9, 10 ... 19, and so on (the last group may be smaller)
//   equal_groups(m, 5)                 5 nearly equal runs of consecutive observations
//   random_groups(m, 5, seed)          5 nearly equal groups at random
//   groups_by(labels)                  observations with the same label, in increasing order of labels
//   groups_by_row(entries), groups_by_col(entries)       of a matrix's observed entries; groups_by_mode(entries, n) of a tensor's
//   partition(m, {{0, 2}, {1, 3}})     as given; every observation stands in exactly one group
//
// Copies share their lists. A group may not be empty.

#include <algorithm>
#include <cstdint>
#include <memory>
#include <numeric>
#include <ostream>
#include <span>
#include <string>
#include <vector>

#include "../core/check.hpp"
#include "../core/random.hpp"

namespace tacit {

class Partition {
 public:
  Partition() = default;
  /// offsets has one entry more than there are groups; members[offsets[g]] ... are group g.
  Partition(std::vector<Index> offsets, std::vector<Index> members) {
    require(!offsets.empty() && offsets.front() == 0 && std::is_sorted(offsets.begin(), offsets.end()) &&
                offsets.back() == static_cast<Index>(members.size()),
            "Partition: offsets go from 0 to the ", members.size(), " members, none smaller than the one before");
    auto lists = std::make_shared<Lists>();
    lists->offsets = std::move(offsets);
    lists->members = std::move(members);
    lists_ = std::move(lists);
  }

  bool empty() const { return !lists_; }
  /// How many groups.
  Index size() const { return lists_ ? static_cast<Index>(lists_->offsets.size()) - 1 : 0; }
  /// How many observations.
  Index count() const { return lists_ ? static_cast<Index>(lists_->members.size()) : 0; }
  std::span<const Index> operator[](Index g) const {
    const auto from = static_cast<std::size_t>(lists_->offsets[static_cast<std::size_t>(g)]);
    const auto to = static_cast<std::size_t>(lists_->offsets[static_cast<std::size_t>(g) + 1]);
    return std::span<const Index>(lists_->members).subspan(from, to - from);
  }

  template <class Archive>
  void persist(Archive& archive) {
    Lists lists = lists_ ? *lists_ : Lists{};
    archive("offsets", lists.offsets);
    archive("members", lists.members);
    if (lists.offsets.empty()) lists_ = nullptr;
    else *this = Partition(std::move(lists.offsets), std::move(lists.members));
  }
  /// As settings print it: sizes, and a number that tells partitions of the same sizes apart.
  std::string text() const {
    if (empty()) return "none";
    std::uint64_t hash = 14695981039346656037U;
    for (const auto* list : {&lists_->offsets, &lists_->members})
      for (const Index k : *list) hash = (hash ^ static_cast<std::uint64_t>(k)) * 1099511628211U;
    return sentence(size(), " groups of ", count(), " observations (number ", hash, ")");
  }
  friend std::ostream& operator<<(std::ostream& out, const Partition& p) { return out << p.size() << " groups of " << p.count(); }

 private:
  struct Lists {
    std::vector<Index> offsets, members;
  };
  std::shared_ptr<const Lists> lists_;
};

/// Groups as given, of the observations 0 ... count - 1; throws where one is missing, stands twice, or a group is empty.
inline Partition partition(Index count, const std::vector<std::vector<Index>>& groups) {
  require(!groups.empty(), "partition: there is no group");
  std::vector<Index> offsets{0}, members, group_of(static_cast<std::size_t>(count), -1);
  for (std::size_t g = 0; g < groups.size(); ++g) {
    require(!groups[g].empty(), "partition: group ", g, " is empty");
    for (const Index k : groups[g]) {
      require(k >= 0 && k < count, "partition: group ", g, " holds observation ", k, ", there are ", count);
      Index& seen = group_of[static_cast<std::size_t>(k)];
      require(seen < 0, "partition: observation ", k, " stands in group ", seen, " and in group ", g);
      seen = static_cast<Index>(g);
      members.push_back(k);
    }
    offsets.push_back(static_cast<Index>(members.size()));
  }
  const auto missing = std::find(group_of.begin(), group_of.end(), Index(-1));
  require(missing == group_of.end(), "partition: observation ", missing - group_of.begin(), " stands in no group");
  return {std::move(offsets), std::move(members)};
}

/// Observations with the same label; labels need not be consecutive.
template <class Label>
Partition groups_by(std::span<const Label> labels) {
  require(!labels.empty(), "groups_by: there are no labels");
  std::vector<Index> members(labels.size()), offsets{0};
  std::iota(members.begin(), members.end(), Index(0));
  const auto label = [&](Index k) { return labels[static_cast<std::size_t>(k)]; };
  std::stable_sort(members.begin(), members.end(), [&](Index a, Index b) { return label(a) < label(b); });
  for (std::size_t k = 1; k <= members.size(); ++k)
    if (k == members.size() || label(members[k]) != label(members[k - 1])) offsets.push_back(static_cast<Index>(k));
  return {std::move(offsets), std::move(members)};
}
template <class Label>
Partition groups_by(const std::vector<Label>& labels) {
  return groups_by(std::span<const Label>(labels));
}

inline Partition consecutive_groups(Index count, Index size) {
  require(count > 0 && size > 0, "consecutive_groups: ", count, " observations in groups of ", size, ": both need to be positive");
  std::vector<Index> members(static_cast<std::size_t>(count)), offsets;
  std::iota(members.begin(), members.end(), Index(0));
  for (Index at = 0; at < count; at += size) offsets.push_back(at);
  offsets.push_back(count);
  return {std::move(offsets), std::move(members)};
}
inline Partition equal_groups(Index count, Index groups) {
  require(groups > 0, "equal_groups: ", groups, " groups, there needs to be at least 1");
  require(groups <= count, "equal_groups: ", groups, " groups of ", count, " observations: a group would be empty");
  std::vector<Index> members(static_cast<std::size_t>(count)), offsets;
  std::iota(members.begin(), members.end(), Index(0));
  for (Index g = 0; g <= groups; ++g) offsets.push_back(g * count / groups);
  return {std::move(offsets), std::move(members)};
}
inline Partition random_groups(Index count, Index groups, std::uint64_t seed) {
  const Partition in_order = equal_groups(count, groups);
  std::vector<Index> members(static_cast<std::size_t>(count)), offsets{0};
  std::iota(members.begin(), members.end(), Index(0));
  Random(seed, "groups").shuffle(members);
  for (Index g = 0; g < groups; ++g) {
    offsets.push_back(offsets.back() + static_cast<Index>(in_order[g].size()));
    std::sort(members.begin() + offsets[static_cast<std::size_t>(g)], members.begin() + offsets.back());
  }
  return {std::move(offsets), std::move(members)};
}

/// By the index of one mode of observed entries: 0 the rows, 1 the columns of a matrix.
template <class Observed>
Partition groups_by_mode(const Observed& at, Index mode) {
  require(mode >= 0 && mode < at.shape().order(), "groups_by_mode: mode ", mode, " of a ", at.shape());
  const std::int32_t* index = nullptr;
  if constexpr (requires { at.mode(mode); }) index = at.mode(mode);
  else index = mode == 0 ? at.row() : at.col();
  return groups_by(std::span<const std::int32_t>(index, static_cast<std::size_t>(at.count())));
}
template <class Observed>
Partition groups_by_row(const Observed& at) {
  return groups_by_mode(at, 0);
}
template <class Observed>
Partition groups_by_col(const Observed& at) {
  return groups_by_mode(at, 1);
}

}  // namespace tacit
