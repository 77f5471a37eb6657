// SPDX-License-Identifier: MIT
#pragma once
// What the methods that complete() compares on a matrix (methods.hpp) cost, and those that are left out where that is more than their time: neighbours, regressions of
// columns, the nuclear norm by their whole cost, sweeps and steps by that of as many as they need at least.

#include "../../fit/estimator.hpp"
#include "../../fit/tune_als.hpp"
#include "../../fit/tune_nuclear_norm.hpp"
#include "../../solver/column_regression.hpp"
#include "../../solver/nearest_neighbours.hpp"

namespace tacit::detail {

/// Pairs of entries in the same column (between rows) or row: what nearest neighbours cost.
inline double neighbour_pairs(const Entries& where, Between between) {
  const Index* start = between == Between::rows ? where.col_start() : where.row_start();
  double pairs = 0;
  for (Index j = 0; j < (between == Between::rows ? where.cols() : where.rows()); ++j)
    pairs += std::pow(static_cast<double>(start[j + 1] - start[j]), 2);
  return pairs;
}
inline constexpr Index many_entries = 100'000;  ///< where a minute is little
inline constexpr double pairs_a_second = 3e7;   ///< with their sorting, on a slow core

/// Between rows and columns, or what of it can be compared within so many seconds: the cheaper one.
inline NeighbourGrid neighbours_within(const Entries& where, double seconds, const Pace& pace) {
  const double rows = neighbour_pairs(where, Between::rows), cols = neighbour_pairs(where, Between::columns);
  NeighbourGrid grid;
  grid.pace = pace;
  if (rows + cols > seconds * pairs_a_second) grid.between = {rows <= cols ? Between::rows : Between::columns};
  return grid;
}
inline Fitted<Entries> tuned_neighbours(const Data<double>& train, const Data<double>& validation, double seconds, const Pace& pace = {}) {
  const NeighbourGrid grid = neighbours_within(train.where, seconds, pace);
  double pairs = 0;
  for (const Between between : grid.between) pairs += neighbour_pairs(train.where, between);
  if (pairs > seconds * pairs_a_second)
    return {sentence("left out: comparing lines would take about ", rounded(pairs / pairs_a_second, 2), " s")};
  auto tuned = tune_nearest_neighbours(train, validation, grid);
  const auto fit = std::make_shared<const NearestNeighbours>(tuned.fit);
  Fitted<Entries> fitted = named<Entries>(std::move(tuned));
  fitted.refitted = [fit](const Data<double>& part, const Entries& at) { return refit(*fit, part).predict(at); };
  return fitted;
}
/// Whether their predictions of the whole table can be kept, and made in twice the time that comparing may take.
inline bool neighbours_fill(const Entries& where, double seconds) {
  if (!stands_as_factors(where.shape())) return false;
  double pairs = 0;
  for (const Between between : neighbours_within(where, seconds, {}).between)
    pairs += static_cast<double>(where.count()) * static_cast<double>(between == Between::rows ? where.rows() : where.cols());
  return pairs <= 2 * seconds * pairs_a_second;
}

/// The terms that regressions of columns on one another, or trees, can have within so many seconds, the dearest last; none of tables that are wide, or too large to be kept.
inline std::vector<RegressionTerms> regression_terms(const Entries& where, bool trees, double seconds) {
  std::vector<RegressionTerms> terms;
  if (where.cols() > 100 || where.rows() < 2 * where.cols() || !stands_as_factors(where.shape())) return terms;
  const auto m = static_cast<double>(where.count()), n = static_cast<double>(where.cols());
  const auto ridge = [&](double F) { return 3 * (2 * m * F * F + n * F * F * F / 3) / 1e10; };
  const auto attempt = [&](RegressionTerms of, double work) {
    if (work <= seconds) terms.push_back(of);
  };
  const double products = n * (n + 3) / 2;
  if (trees) {
    const double before = ridge(n <= 30 ? products : 2 * n), rows = std::max(2.0, m / n);
    attempt(RegressionTerms::trees, before + 100 * m * n * 6 * 1.5e-9);
    attempt(RegressionTerms::averaged_trees, before + 100 * m * n * 2 * std::log2(rows) * 3e-9);
    return terms;
  }
  attempt(RegressionTerms::linear, 4 * ridge(n));
  attempt(RegressionTerms::squares, 4 * ridge(2 * n));
  attempt(RegressionTerms::products, 4 * ridge(products));
  return terms;
}

inline double features_alone_seconds(const Entries& where, const SideFeatures& features) {
  double flops = 0;
  for (const Index mode : {0, 1}) {
    const auto F = static_cast<double>(features.of(mode).values.cols());
    flops += 2 * static_cast<double>(where.count()) * F * F + static_cast<double>(where.shape()[1 - mode]) * F * F * F / 3;
  }
  return 4 * flops / 1e10;
}

inline Fitted<Entries> tuned_nuclear(const Data<double>& train, const Data<double>& validation, double seconds, const Pace& pace = {}) {
  const double n1 = static_cast<double>(train.where.rows()), n2 = static_cast<double>(train.where.cols()), least = std::min(n1, n2);
  if (least > 1000 || n1 * n2 > Shape::dense_limit) return {"left out: the smaller side is above 1000"};
  const double one = 100 * (4 * n1 * n2 * least + 10 * least * least * least) / 1e10;  // seconds for one share of noise
  if (3 * one > seconds) return {sentence("left out: would take about ", rounded(8 * one, 2), " s")};
  auto tuned = tune_nuclear_norm(train, validation, {.seconds = seconds, .pace = pace});
  const auto fit = tuned.fit;
  Fitted<Entries> fitted = named<Entries>(std::move(tuned));
  fitted.refitted = [fit, pace](const Data<double>& part, const Entries& at) {
    return finished(as_fit(refit(fit, part, NuclearPath{.pace = pace}), at), part.where).predict(at);
  };
  return fitted;
}

inline constexpr double multiplications_a_second = 2e9;

/// Why a method is left out that would not come to an end: `steps` of so many multiplications take longer than its seconds. Empty: it is not.
inline std::string too_dear(double steps, const char* called, double cost, double seconds) {
  const double takes = steps * cost / multiplications_a_second;
  return takes <= seconds ? ""
                          : sentence("left out: ", steps, " ", called, " would take about ", rounded(takes, 2), " s, there are ",
                                     rounded(seconds, 2), " s");
}
/// The method, left out where reason(train) says why.
template <class Reason>
Estimator<Entries> unless(Estimator<Entries> method, Reason reason) {
  method.tune = [tune = method.tune, reason](const Data<double>& train, const Data<double>& validation, std::uint64_t seed,
                                             double seconds) {
    std::string why = reason(train);
    return why.empty() ? tune(train, validation, seed, seconds) : Fitted<Entries>{std::move(why)};
  };
  return method;
}
/// A sweep of rank 10; a step of few singular vectors.
inline double cost_of_als(const Entries& where) {
  return 100 * (2 * static_cast<double>(where.count()) + 8 * static_cast<double>(where.rows() + where.cols()));
}
inline double cost_of_soft_impute(const Entries& where) {
  const auto n1 = static_cast<double>(where.rows()), n2 = static_cast<double>(where.cols()), least = std::min(n1, n2);
  if (least <= 100 && where.density() >= 0.1) return 4 * least * n1 * n2 + 10 * least * least * least;
  return 40 * static_cast<double>(where.count()) + 300 * (n1 + n2);
}

inline Tuned<Als, AlsTrial> tuned_als(const Data<double>& train, const Data<double>& validation, std::uint64_t seed, double seconds,
                                      const Pace& pace = {}) {
  AlsGrid grid{.seconds = seconds, .seed = seed, .pace = pace};
  if (train.count() > many_entries) grid.factor *= grid.factor;  // half as many lambdas; those in between the best ones follow anyway
  return tune_als(train, validation, grid);
}

}  // namespace tacit::detail
