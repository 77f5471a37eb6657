// SPDX-License-Identifier: MIT
#pragma once
// Seeded splits of Data into parts that are disjoint and together are the whole; each part keeps the shape of the matrix, so that one
// model is evaluated on all of them. All cost O(m) plus the sort inside each part.
//
//   hold_out_entries      a random fraction of the observations        split_entries    train, validation and test at once
//   hold_out_rows         all observations of a fraction of the rows   hold_out_block   a rectangle, where you say
//   k_folds               every observation is tested exactly once     shards           k nearly equal parts (clients)
//
// Nothing is moved behind your back: a random split may leave a row or column without a training entry, about which a completion can know
// nothing. unobserved(train.where) names them; `.cover = true` holds out only entries whose row and column keep another one (test sets then
// lean towards well-observed rows and columns). After hold_out_rows the held-out rows are without training entries by intention.
// A second split of `train` gives a validation set:  auto [rest, test] = hold_out_rows(data, {...}); auto [train, validation] = ...

#include <algorithm>
#include <cmath>
#include <numeric>
#include <type_traits>
#include <vector>

#include "../core/random.hpp"
#include "data.hpp"

namespace tacit {

template <Scalar S, class O = Entries>
struct TrainTest {
  Data<S, O> train, test;
};
template <Scalar S, class O = Entries>
struct TrainValidationTest {
  Data<S, O> train, validation, test;
};

struct HoldOut {
  double test = 0.1;  ///< fraction of the observations (or rows) held out, in (0, 1), rounded; an empty part is refused
  std::uint64_t seed = 1;
  bool cover = false;  ///< entries only: every row and column that is observed stays observed in train
};
struct Fractions {
  double validation = 0.1, test = 0.1;  ///< of all observations; train is what remains
  std::uint64_t seed = 1;
  bool cover = false;  ///< as in HoldOut
};
struct BlockOf {
  Index row = 0, col = 0, rows = 1, cols = 1;  ///< the upper left cell and the size
};
struct Folds {
  Index folds = 5;
  std::uint64_t seed = 1;
};
enum class ShardBy { entries, rows };
struct Shards {
  Index parts = 2;
  std::uint64_t seed = 1;
  ShardBy by = ShardBy::entries;  ///< rows: all observations of a row go to the same part
};

namespace detail {

/// Parts of more entries than this are fitted one after the other, each on all threads: side by side, copies of them would be what takes most memory.
inline constexpr Index side_by_side_at_most = 3'000'000;

inline std::vector<std::int32_t> shuffled(Index count, std::uint64_t seed) {
  require(count <= INT32_MAX, "split: ", count, " observations, their numbers take 32 bits");
  std::vector<std::int32_t> order(static_cast<std::size_t>(count));
  std::iota(order.begin(), order.end(), 0);
  Random(seed, "split").shuffle(order);
  return order;
}

/// How many of `count` a fraction means; throws where that is none or all.
inline Index share(const char* who, const char* part, double fraction, Index count, const char* unit) {
  require(fraction > 0 && fraction < 1, who, ": the ", part, " fraction is ", fraction, ", it needs to lie between 0 and 1");
  const auto n = static_cast<Index>(std::llround(fraction * static_cast<double>(count)));
  require(n > 0, who, ": a ", part, " fraction of ", fraction, " of ", count, " ", unit, " leaves the ", part, " part empty");
  require(n < count, who, ": a ", part, " fraction of ", fraction, " of ", count, " ", unit, " leaves the train part empty");
  return n;
}

/// The observations with part[k] == p, in their order.
template <class D, class Part>
D part_of(const char* who, const D& data, const std::vector<Part>& part, std::type_identity_t<Part> p, const char* name) {
  std::vector<std::int32_t> which(static_cast<std::size_t>(std::count(part.begin(), part.end(), p)));
  require(!which.empty(), who, ": the ", name, " part would be empty");
  for (std::size_t k = 0, s = 0; k < part.size(); ++k)
    if (part[k] == p) which[s++] = static_cast<std::int32_t>(k);
  return subset(data, which);
}

/// The fold that each of `count` observations is tested in.
template <class Number = std::int32_t>
std::vector<Number> fold_numbers(Index count, const Folds& how) {
  require(how.folds >= 2 && how.folds <= count, "k_folds: ", how.folds, " folds asked for of ", count, " observations, possible are 2 to ",
          count);
  const std::vector<std::int32_t> order = shuffled(count, how.seed);
  std::vector<Number> fold(order.size());
  for (std::size_t s = 0; s < order.size(); ++s)
    fold[static_cast<std::size_t>(order[s])] = static_cast<Number>(static_cast<Index>(s) % how.folds);
  return fold;
}

/// Marks part[k] = p for the first `count` observations of `order` that are free (part 0) and, with a cover, not the last of their row or
/// column (or slice, in a tensor).
template <Scalar S, class O>
void take(const char* who, const Data<S, O>& data, const std::vector<std::int32_t>& order, Index count, std::int8_t p, bool cover,
          std::vector<std::int8_t>& part) {
  std::vector<const std::int32_t*> index;  // of every mode, where there is a cover
  std::vector<std::vector<Index>> left;    // observations of every slice that are still free
  if constexpr (IndexedEntries<O>) {
    if (cover)
      for (Index n = 0; n < data.where.shape().order(); ++n) {
        index.push_back(data.where.mode(n));
        left.emplace_back(static_cast<std::size_t>(data.where.shape()[n]), 0);
        for (std::size_t k = 0; k < part.size(); ++k)
          if (part[k] == 0) ++left.back()[static_cast<std::size_t>(index.back()[k])];
      }
  } else {
    require(!cover, who, ": cover is for observed entries, these observations have no rows and columns");
  }
  const auto slice = [&](std::size_t n, std::size_t k) -> Index& { return left[n][static_cast<std::size_t>(index[n][k])]; };
  Index taken = 0;
  for (std::size_t s = 0; s < order.size() && taken < count; ++s) {
    const auto k = static_cast<std::size_t>(order[s]);
    if (part[k] != 0) continue;
    bool last = false;
    for (std::size_t n = 0; n < index.size(); ++n) last = last || slice(n, k) == 1;
    if (last) continue;
    for (std::size_t n = 0; n < index.size(); ++n) --slice(n, k);
    part[k] = p;
    ++taken;
  }
  require(taken == count, who, ": ", count, " of ", data.count(), " observations are to be held out, but only ", taken,
          " can be while every observed row and column keeps one; hold out fewer, or set cover to false");
}

}  // namespace detail

/// A random fraction of the observations as test set. Works for every observation that subset() cuts.
template <Scalar S, class O>
TrainTest<S, O> hold_out_entries(const Data<S, O>& data, const HoldOut& how) {
  const char* who = "hold_out_entries";
  const Index test = detail::share(who, "test", how.test, data.count(), "observations");
  std::vector<std::int8_t> part(static_cast<std::size_t>(data.count()), 0);
  detail::take(who, data, detail::shuffled(data.count(), how.seed), test, 1, how.cover, part);
  return {detail::part_of(who, data, part, 0, "train"), detail::part_of(who, data, part, 1, "test")};
}

/// Random train, validation and test parts:  auto [train, validation, test] = split_entries(data, {.validation = 0.1, .test = 0.2});
template <Scalar S, class O>
TrainValidationTest<S, O> split_entries(const Data<S, O>& data, const Fractions& how) {
  const char* who = "split_entries";
  const Index validation = detail::share(who, "validation", how.validation, data.count(), "observations");
  const Index test = detail::share(who, "test", how.test, data.count(), "observations");
  require(validation + test < data.count(), who, ": validation ", how.validation, " and test ", how.test, " of ", data.count(),
          " observations leave the train part empty");
  std::vector<std::int8_t> part(static_cast<std::size_t>(data.count()), 0);
  const std::vector<std::int32_t> order = detail::shuffled(data.count(), how.seed);
  detail::take(who, data, order, test, 2, how.cover, part);
  detail::take(who, data, order, validation, 1, how.cover, part);
  return {detail::part_of(who, data, part, 0, "train"), detail::part_of(who, data, part, 1, "validation"),
          detail::part_of(who, data, part, 2, "test")};
}

/// All observations of a random fraction of the observed rows: what is asked of a model that meets new rows.
template <Scalar S>
TrainTest<S> hold_out_rows(const Data<S>& data, const HoldOut& how) {
  const char* who = "hold_out_rows";
  require(!how.cover, who, ": cover is for hold_out_entries; rows that are held out whole cannot stay observed");
  std::vector<Index> observed_rows;
  for (Index i = 0; i < data.where.rows(); ++i)
    if (data.where.row_start()[i] < data.where.row_start()[i + 1]) observed_rows.push_back(i);
  const Index test = detail::share(who, "test", how.test, static_cast<Index>(observed_rows.size()), "observed rows");
  Random(how.seed, "split").shuffle(observed_rows);
  std::vector<std::int8_t> part(static_cast<std::size_t>(data.count()), 0);
  for (Index s = 0; s < test; ++s) {
    const Index i = observed_rows[static_cast<std::size_t>(s)];
    for (Index k = data.where.row_start()[i]; k < data.where.row_start()[i + 1]; ++k) part[static_cast<std::size_t>(k)] = 1;
  }
  return {detail::part_of(who, data, part, 0, "train"), detail::part_of(who, data, part, 1, "test")};
}

/// The observations inside a rectangle as test set. For an unknown block, call it with a block drawn by Random.
template <Scalar S>
TrainTest<S> hold_out_block(const Data<S>& data, const BlockOf& block) {
  const char* who = "hold_out_block";
  require(block.rows > 0 && block.cols > 0 && block.row >= 0 && block.col >= 0 && block.row + block.rows <= data.where.rows() &&
              block.col + block.cols <= data.where.cols(),
          who, ": a ", block.rows, " x ", block.cols, " block at (", block.row, ", ", block.col, ") does not lie inside the ",
          data.where.rows(), " x ", data.where.cols(), " matrix");
  std::vector<std::int8_t> part(static_cast<std::size_t>(data.count()), 0);
  for (Index k = 0; k < data.count(); ++k) {
    const Entry at = data.where[k];
    part[static_cast<std::size_t>(k)] =
        at.row >= block.row && at.row < block.row + block.rows && at.col >= block.col && at.col < block.col + block.cols;
  }
  return {detail::part_of(who, data, part, 0, "train"), detail::part_of(who, data, part, 1, "test")};
}

/// k random parts whose sizes differ by at most one observation (or one row).
template <Scalar S, class O>
std::vector<Data<S, O>> shards(const Data<S, O>& data, const Shards& how) {
  const char* who = "shards";
  const bool rows = how.by == ShardBy::rows;
  Index units = data.count();
  std::vector<Index> unit_of(static_cast<std::size_t>(data.count()));
  std::iota(unit_of.begin(), unit_of.end(), Index(0));
  if constexpr (std::is_same_v<O, Entries>) {
    if (rows) {  // entries come sorted by row: number the observed rows 0, 1, ...
      units = 0;
      for (std::size_t k = 0; k < unit_of.size(); ++k)
        unit_of[k] = k == 0 || data.where.row()[k] != data.where.row()[k - 1] ? units++ : units - 1;
    }
  } else {
    require(!rows, who, ": only observed entries can be divided by rows");
  }
  require(how.parts >= 1 && how.parts <= units, who, ": ", how.parts, " parts asked for of ", units,
          rows ? " observed rows" : " observations", ", possible are 1 to ", units);
  const std::vector<std::int32_t> order = detail::shuffled(units, how.seed);
  std::vector<Index> part_of_unit(order.size()), part(unit_of.size());
  for (std::size_t s = 0; s < order.size(); ++s) part_of_unit[static_cast<std::size_t>(order[s])] = static_cast<Index>(s) % how.parts;
  for (std::size_t k = 0; k < part.size(); ++k) part[k] = part_of_unit[static_cast<std::size_t>(unit_of[k])];
  std::vector<Data<S, O>> parts;
  for (Index p = 0; p < how.parts; ++p) parts.push_back(detail::part_of(who, data, part, p, "next"));
  return parts;
}

/// k train/test pairs; the test parts are disjoint, nearly equal and together the whole.
template <Scalar S, class O>
std::vector<TrainTest<S, O>> k_folds(const Data<S, O>& data, const Folds& how) {
  const std::vector<std::int32_t> fold = detail::fold_numbers(data.count(), how);
  std::vector<std::int8_t> part(fold.size());
  std::vector<TrainTest<S, O>> pairs;
  for (Index f = 0; f < how.folds; ++f) {
    for (std::size_t k = 0; k < part.size(); ++k) part[k] = fold[k] == f;
    pairs.push_back({detail::part_of("k_folds", data, part, 0, "train"), detail::part_of("k_folds", data, part, 1, "test")});
  }
  return pairs;
}

}  // namespace tacit
