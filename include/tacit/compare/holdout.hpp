// SPDX-License-Identifier: MIT
#pragma once
// What a comparison of methods is tested on, and within each training part what they are tuned on, by the same rule, for data of any order:
//   entries   k folds of entries at random: gaps as random as these
//   slices    k folds of whole lines of a mode (rows, columns, slices): what is asked of lines of which nothing is known but their labels
//   fibres    k folds of whole fibres of a mode, the entries that differ in its index alone: a whole course in time of one of the others is missing. Of a matrix,
//             fibres of mode 0 are its columns
//   runs      k folds of runs along fibres of a mode whose order means something (time): each is cut at multiples of a length, a twentieth of the mode if not told
//   blocks    k disjoint blocks, lines of every mode drawn at random, the f-th part of the rows by the f-th of the columns by ...: samples of which a whole battery is missing
//   listed    the entries of a list (a file), once; validation entries at random
// An empty validation part, or a test part without entries, is refused with a sentence.

#include "drawn_folds.hpp"

namespace tacit {

enum class HoldoutKind { entries, slices, fibres, runs, blocks, listed };

struct Holdout {
  HoldoutKind kind = HoldoutKind::entries;
  Index mode = 0;    ///< of slices, fibres and runs; 0 are the rows of a matrix
  Index length = 0;  ///< of runs; 0: a twentieth of the mode, at least 2
  std::vector<std::vector<Index>> list =
      {};  ///< of kind `listed`: the indices of each entry to test on; entries that are not observed are refused
};

namespace detail {

/// Which of `parts` nearly equal random parts each of n lines is in.
inline std::vector<Index> parts_of_lines(Index n, Index parts, std::uint64_t seed) {
  const std::vector<std::int32_t> order = shuffled(n, seed);
  std::vector<Index> part(order.size());
  for (std::size_t s = 0; s < order.size(); ++s) part[static_cast<std::size_t>(order[s])] = static_cast<Index>(s) % parts;
  return part;
}

template <class O, class Test>
TrainTest<double, O> divide(const char* name, const Data<double, O>& data, Test test) {
  std::vector<bool> tested(static_cast<std::size_t>(data.count()));
  for (Index k = 0; k < data.count(); ++k) tested[static_cast<std::size_t>(k)] = test(k);
  return {part_of(name, data, tested, false, "train"), part_of(name, data, tested, true, "test")};
}

/// What stays together: the number of its slice, fibre or run for each entry, in lexicographic order, from 0 without gaps.
struct Groups {
  std::vector<std::int32_t> of;
  Index count = 0;
};
template <IndexedEntries O>
Groups groups_of(const O& at, const Holdout& how) {
  const Shape& shape = at.shape();
  require(how.mode >= 0 && how.mode < shape.order(), "hold out: mode ", how.mode + 1, " is asked for, the data are ", shape);
  const Index length = how.length > 0 ? how.length : std::max<Index>(2, (shape[how.mode] + 19) / 20);
  const auto compare = [&](Index a, Index b) {  // < 0, 0, > 0
    for (Index n = 0; n < shape.order(); ++n) {
      if (how.kind == HoldoutKind::slices ? n != how.mode : n == how.mode) continue;
      if (const Index difference = at.mode(n)[a] - at.mode(n)[b]; difference != 0) return difference;
    }
    return how.kind == HoldoutKind::runs ? at.mode(how.mode)[a] / length - at.mode(how.mode)[b] / length : Index(0);
  };
  std::vector<std::int32_t> order(static_cast<std::size_t>(at.count()));
  std::iota(order.begin(), order.end(), 0);
  std::stable_sort(order.begin(), order.end(), [&](Index a, Index b) { return compare(a, b) < 0; });
  Groups groups{std::vector<std::int32_t>(order.size()), 0};
  for (std::size_t s = 0; s < order.size(); ++s) {
    if (s == 0 || compare(order[s - 1], order[s]) != 0) ++groups.count;
    groups.of[static_cast<std::size_t>(order[s])] = static_cast<std::int32_t>(groups.count - 1);
  }
  return groups;
}
/// The place of an entry among these, which are sorted lexicographically; -1: it is not there.
template <IndexedEntries O>
Index place_of(const O& where, const std::vector<Index>& at) {
  const auto before = [&](Index k) {
    for (std::size_t n = 0; n < at.size(); ++n)
      if (const Index i = where.mode(static_cast<Index>(n))[k]; i != at[n]) return i < at[n];
    return false;
  };
  Index low = 0, high = where.count();
  while (low < high) {
    const Index middle = (low + high) / 2;
    if (before(middle)) low = middle + 1;
    else high = middle;
  }
  for (std::size_t n = 0; low < where.count() && n < at.size(); ++n)
    if (where.mode(static_cast<Index>(n))[low] != at[n]) return -1;
  return low < where.count() ? low : -1;
}
/// Rows and columns are the slices of a matrix.
template <IndexedEntries O>
const char* name_of(const Holdout& how, const O&) {
  constexpr const char* names[] = {"entries", "slices", "fibres", "runs", "blocks", "listed"};
  if (std::is_same_v<O, Entries> && how.kind == HoldoutKind::slices) return how.mode == 0 ? "rows" : "columns";
  return names[static_cast<int>(how.kind)];
}
template <IndexedEntries O>
std::string words_of(const O& at) {
  return sentence(at.shape(), std::is_same_v<O, Entries> ? " matrix" : " tensor");
}

/// Keeps a reference to the data.
template <IndexedEntries O>
DrawnFolds<O> test_parts(const Data<double, O>& data, const Holdout& how, const Folds& folds) {
  const Shape& shape = data.where.shape();
  DrawnFolds<O> drawn(data);
  if (how.kind == HoldoutKind::entries) {
    drawn.add("k_folds", fold_numbers<std::uint16_t>(data.count(), folds), folds.folds);
    return drawn;
  }
  FoldNumbers number(static_cast<std::size_t>(data.count()), never_tested);
  if (how.kind == HoldoutKind::listed) {
    require(!how.list.empty(), "hold out: the list of entries is empty");
    for (const std::vector<Index>& at : how.list) {
      std::string words;
      bool inside = static_cast<Index>(at.size()) == shape.order();
      for (std::size_t n = 0; n < at.size(); ++n) {
        words += (n ? ", " : "") + std::to_string(at[n]);
        inside = inside && at[n] >= 0 && at[n] < shape[static_cast<Index>(n)];
      }
      require(inside, "hold out: entry (", words, ") of the list lies outside the ", words_of(data.where));
      const Index place = place_of(data.where, at);
      require(place >= 0, "hold out: entry (", words, ") of the list (from 0) is not observed, there is nothing to compare with");
      number[static_cast<std::size_t>(place)] = 0;
    }
    drawn.add("hold out", std::move(number), 1);
    return drawn;
  }
  if (how.kind == HoldoutKind::blocks) {
    std::vector<std::vector<Index>> part;
    for (Index n = 0; n < shape.order(); ++n) {
      require(folds.folds <= shape[n], "hold out: ", folds.folds, " blocks are asked for of a ", words_of(data.where));
      part.push_back(parts_of_lines(shape[n], folds.folds, folds.seed + static_cast<std::uint64_t>(n)));
    }
    for (Index k = 0; k < data.count(); ++k) {
      const auto of = [&](std::size_t n) { return part[n][static_cast<std::size_t>(data.where.mode(static_cast<Index>(n))[k])]; };
      bool together = true;
      for (std::size_t n = 1; n < part.size(); ++n) together = together && of(n) == of(0);
      if (together) number[static_cast<std::size_t>(k)] = static_cast<std::uint16_t>(of(0));
    }
    drawn.add("hold out blocks", std::move(number), folds.folds);
    return drawn;
  }
  Groups groups = groups_of(data.where, how);
  if (how.kind == HoldoutKind::slices) {  // lines without entries are drawn, too
    groups.count = shape[how.mode];
    groups.of.assign(data.where.mode(how.mode), data.where.mode(how.mode) + data.count());
  }
  require(folds.folds <= groups.count, "hold out: ", folds.folds, " folds of ", name_of(how, data.where), " are asked for of a ",
          words_of(data.where));
  const std::vector<Index> part = parts_of_lines(groups.count, folds.folds, folds.seed);
  for (std::size_t k = 0; k < number.size(); ++k) number[k] = static_cast<std::uint16_t>(part[static_cast<std::size_t>(groups.of[k])]);
  drawn.add(sentence("hold out ", name_of(how, data.where)), std::move(number), folds.folds);
  return drawn;
}

/// A training part and validation entries of it, held out as the test entries are: of a block, by the d-th root of the fraction in every mode.
template <IndexedEntries O>
TrainTest<double, O> validation_part(const Data<double, O>& data, const Holdout& how, double fraction, std::uint64_t seed) {
  const Shape& shape = data.where.shape();
  if (how.kind == HoldoutKind::entries || how.kind == HoldoutKind::listed) return hold_out_entries(data, {.test = fraction, .seed = seed});
  if (how.kind == HoldoutKind::blocks) {
    require(fraction > 0 && fraction < 1, "hold out blocks: the validation fraction is ", fraction, ", it needs to lie between 0 and 1");
    std::vector<std::vector<char>> held;
    for (Index n = 0; n < shape.order(); ++n) {
      held.emplace_back(static_cast<std::size_t>(shape[n]));
      const std::vector<std::int32_t> order = shuffled(shape[n], seed + static_cast<std::uint64_t>(n));
      const double share = std::pow(fraction, 1 / static_cast<double>(shape.order()));
      const Index count = std::clamp<Index>(std::llround(share * static_cast<double>(shape[n])), 1, shape[n]);
      for (Index s = 0; s < count; ++s) held.back()[static_cast<std::size_t>(order[static_cast<std::size_t>(s)])] = 1;
    }
    return divide("hold out blocks", data, [&](Index k) {
      for (std::size_t n = 0; n < held.size(); ++n)
        if (!held[n][static_cast<std::size_t>(data.where.mode(static_cast<Index>(n))[k])]) return false;
      return true;
    });
  }
  const Groups groups = groups_of(data.where, how);
  const std::string who = sentence("hold out ", name_of(how, data.where));
  require(fraction > 0 && fraction < 1, who, ": the validation fraction is ", fraction, ", it needs to lie between 0 and 1");
  require(groups.count > 1, who, ": there is one to train on, and none to validate with");
  const Index test = std::clamp<Index>(std::llround(fraction * static_cast<double>(groups.count)), 1, groups.count - 1);
  const std::vector<std::int32_t> order = shuffled(groups.count, seed);
  std::vector<char> held(order.size(), 0);
  for (Index s = 0; s < test; ++s) held[static_cast<std::size_t>(order[static_cast<std::size_t>(s)])] = 1;
  return divide(who.c_str(), data, [&](Index k) { return held[static_cast<std::size_t>(groups.of[static_cast<std::size_t>(k)])] != 0; });
}

}  // namespace detail
}  // namespace tacit
