// SPDX-License-Identifier: MIT
#pragma once
// What a comparison of methods is tested on, and within each training part what they are tuned on, by the same rule:
//   entries   k folds of entries at random: gaps as random as these
//   rows      k folds of whole rows: what is asked of rows of which nothing is known but their labels (columns: transpose the matrix)
//   blocks    k disjoint rectangles, rows and columns drawn at random, the f-th part of the rows by the f-th of the columns: samples of which a whole battery is missing
//   listed    the entries of a list (a file), once; validation entries at random
// An empty validation part, or a test part without entries, is refused with a sentence.

#include "../observation/split.hpp"

namespace tacit {

enum class HoldoutKind { entries, rows, blocks, listed };

struct Holdout {
  HoldoutKind kind = HoldoutKind::entries;
  std::vector<Entry> list = {};  ///< of kind `listed`: what to test on; entries that are not observed are refused
};

namespace detail {

/// Which of `parts` nearly equal random parts each of n lines is in.
inline std::vector<Index> parts_of_lines(Index n, Index parts, std::uint64_t seed) {
  const std::vector<Index> order = shuffled(n, seed);
  std::vector<Index> part(order.size());
  for (std::size_t s = 0; s < order.size(); ++s) part[static_cast<std::size_t>(order[s])] = static_cast<Index>(s) % parts;
  return part;
}

template <class Test>
TrainTest<double> divide(const char* name, const Data<double>& data, Test test) {
  std::vector<Index> part(static_cast<std::size_t>(data.count()));
  for (Index k = 0; k < data.count(); ++k) part[static_cast<std::size_t>(k)] = test(data.where[k]) ? 1 : 0;
  return {part_of(name, data, part, 0, "train"), part_of(name, data, part, 1, "test")};
}

inline std::vector<TrainTest<double>> test_parts(const Data<double>& data, const Holdout& how, const Folds& folds) {
  std::vector<TrainTest<double>> pairs;
  const auto lines = [](const std::vector<Index>& part, Index line) { return part[static_cast<std::size_t>(line)]; };
  if (how.kind == HoldoutKind::entries) return k_folds(data, folds);
  if (how.kind == HoldoutKind::listed) {
    require(!how.list.empty(), "hold out: the list of entries is empty");
    std::vector<Index> part(static_cast<std::size_t>(data.count()), 0);
    for (const Entry& at : how.list) {
      require(at.row >= 0 && at.row < data.where.rows() && at.col >= 0 && at.col < data.where.cols(), "hold out: entry (", at.row, ", ",
              at.col, ") of the list lies outside the ", data.where.rows(), " x ", data.where.cols(), " matrix");
      const auto first = data.where.col() + data.where.row_start()[at.row], last = data.where.col() + data.where.row_start()[at.row + 1];
      const auto place = std::lower_bound(first, last, at.col);
      require(place != last && *place == at.col, "hold out: entry (", at.row, ", ", at.col,
              ") of the list (from 0) is not observed, there is nothing to compare with");
      part[static_cast<std::size_t>(place - data.where.col())] = 1;
    }
    pairs.push_back({part_of("hold out", data, part, 0, "train"), part_of("hold out", data, part, 1, "test")});
    return pairs;
  }
  require(folds.folds <= data.where.rows() && (how.kind == HoldoutKind::rows || folds.folds <= data.where.cols()),
          "hold out: ", folds.folds, how.kind == HoldoutKind::rows ? " folds of rows" : " blocks", " are asked for of a ",
          data.where.rows(), " x ", data.where.cols(), " matrix");
  const auto rows = parts_of_lines(data.where.rows(), folds.folds, folds.seed),
             cols = parts_of_lines(data.where.cols(), folds.folds, folds.seed + 1);
  for (Index f = 0; f < folds.folds; ++f)
    pairs.push_back(how.kind == HoldoutKind::rows ? divide("hold out rows", data, [&](const Entry& at) { return lines(rows, at.row) == f; })
                                                  : divide("hold out blocks", data, [&](const Entry& at) {
                                                      return lines(rows, at.row) == f && lines(cols, at.col) == f;
                                                    }));
  return pairs;
}

/// A training part and validation entries of it, held out as the test entries are: of a block, by the square root of the fraction either way.
inline TrainTest<double> validation_part(const Data<double>& data, const Holdout& how, double fraction, std::uint64_t seed) {
  if (how.kind == HoldoutKind::rows) return hold_out_rows(data, {.test = fraction, .seed = seed});
  if (how.kind != HoldoutKind::blocks) return hold_out_entries(data, {.test = fraction, .seed = seed});
  require(fraction > 0 && fraction < 1, "hold out blocks: the validation fraction is ", fraction, ", it needs to lie between 0 and 1");
  const auto some = [&](Index n, std::uint64_t of) {
    std::vector<char> held(static_cast<std::size_t>(n));
    const std::vector<Index> order = shuffled(n, of);
    const Index count = std::clamp<Index>(std::llround(std::sqrt(fraction) * static_cast<double>(n)), 1, n);
    for (Index s = 0; s < count; ++s) held[static_cast<std::size_t>(order[static_cast<std::size_t>(s)])] = 1;
    return held;
  };
  const auto rows = some(data.where.rows(), seed), cols = some(data.where.cols(), seed + 1);
  return divide("hold out blocks", data,
                [&](const Entry& at) { return rows[static_cast<std::size_t>(at.row)] && cols[static_cast<std::size_t>(at.col)]; });
}

}  // namespace detail
}  // namespace tacit
