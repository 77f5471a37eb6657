// SPDX-License-Identifier: MIT
#pragma once
// The simplest completions:  z_ij = mu + b_i + c_j,  what every other method has to beat, and what practitioners subtract before they use one.
//   global_mean            mu, nothing else
//   row_and_column_means   b_i = average of row i - mu,  c_j = average of column j - mu, each by itself: right where the rows meet the
//                          same columns, twice the same effect where they do not
//   additive_effects       min over mu, b, c of  sum_observed (y - mu - b_i - c_j)^2 + ridge (|b|^2 + |c|^2)  by alternation
// Rows and columns without entries count as average: their effect is 0. Cost O(m) a sweep, some 10 sweeps.
// Source: Bell & Koren 2007, section 3; Koren 2010 (their ridge: 10 to 25 for ratings).

#include <algorithm>

#include "validation.hpp"

namespace tacit {

/// mu + b_i + c_j. Without a fit it is 0 everywhere: nothing to subtract.
struct Means {
  std::string form = "zero";
  double mean = 0;
  Vector<double> row, col;  ///< b and c; empty: all 0

  std::string name() const { return form; }
  double predict(Index i, Index j) const {
    if (row.size() == 0) return mean;
    detail::require_inside("Means", i, j, row.size(), col.size());
    return mean + row[i] + col[j];
  }
  Vector<double> predict(const Entries& at) const {
    Vector<double> z = Vector<double>::Constant(at.count(), mean);
    if (row.size() == 0) return z;
    require(at.rows() == row.size() && at.cols() == col.size(), "Means: fitted to a ", row.size(), " x ", col.size(),
            " matrix, asked about entries of a ", at.rows(), " x ", at.cols(), " matrix");
    for (Index k = 0; k < z.size(); ++k) z[k] += row[at.row()[k]] + col[at.col()[k]];
    return z;
  }
  /// The data with these means taken off.
  Data<double> subtracted_from(Data<double> data) const {
    data.y -= predict(data.where);
    return data;
  }
};

struct AdditiveSettings {
  double ridge = 5;          ///< a row of n entries keeps n / (n + ridge) of its average deviation
  double tolerance = 1e-10;  ///< on the largest change of an effect, relative to the spread of y
  Index iterations = 1000;
};

inline Means global_mean(const Data<double>& train) {
  detail::require_unweighted("global_mean", train);
  return {"global mean", train.y.mean(), {}, {}};
}

namespace detail {

/// effect_i <- sum of the deviations y - mu - other_j in line i, over n_i + ridge; 0 for an empty line. The largest change.
inline double update_effects(const Vector<double>& y, double mean, const Index* start, const std::int32_t* other_of,
                             const std::int32_t* place, const Vector<double>& other, double ridge, Vector<double>& effect) {
  double change = 0;
  for (Index i = 0; i < effect.size(); ++i) {
    const Index count = start[i + 1] - start[i];
    if (count == 0) continue;
    double sum = 0;
    for (Index s = start[i]; s < start[i + 1]; ++s) sum += y[place ? Index(place[s]) : s] - mean - other[other_of[s]];
    const double value = sum / (static_cast<double>(count) + ridge);
    change = std::max(change, std::abs(value - effect[i]));
    effect[i] = value;
  }
  return change;
}

/// Moves the average of the effects of non-empty lines into mu: the same fit with the least penalty.
inline void centre_effects(const Index* start, double& mean, Vector<double>& effect) {
  double sum = 0;
  Index count = 0;
  for (Index i = 0; i < effect.size(); ++i)
    if (start[i + 1] > start[i]) sum += effect[i], ++count;
  const double shift = sum / static_cast<double>(count);
  for (Index i = 0; i < effect.size(); ++i)
    if (start[i + 1] > start[i]) effect[i] -= shift;
  mean += shift;
}

}  // namespace detail

inline Means row_and_column_means(const Data<double>& train) {
  detail::require_unweighted("row_and_column_means", train);
  const Entries& where = train.where;
  Means fit{"row + column means", train.y.mean(), Vector<double>::Zero(where.rows()), Vector<double>::Zero(where.cols())};
  const Vector<double> no_row = fit.row, no_col = fit.col;
  detail::update_effects(train.y, fit.mean, where.row_start(), where.col(), nullptr, no_col, 0, fit.row);
  detail::update_effects(train.y, fit.mean, where.col_start(), where.row_by_col(), where.by_col(), no_row, 0, fit.col);
  return fit;
}

inline Means additive_effects(const Data<double>& train, const AdditiveSettings& settings = {}) {
  detail::require_unweighted("additive_effects", train);
  require(settings.ridge >= 0 && std::isfinite(settings.ridge), "additive_effects: the ridge is ", settings.ridge,
          ", it needs to be finite and not negative");
  const Entries& where = train.where;
  Means fit{sentence("row + column effects, ridge ", settings.ridge), train.y.mean(), Vector<double>::Zero(where.rows()),
            Vector<double>::Zero(where.cols())};
  const double spread = std::sqrt((train.y.array() - fit.mean).square().mean());
  for (Index sweep = 0; sweep < settings.iterations; ++sweep) {
    double change = detail::update_effects(train.y, fit.mean, where.row_start(), where.col(), nullptr, fit.col, settings.ridge, fit.row);
    detail::centre_effects(where.row_start(), fit.mean, fit.row);
    change = std::max(change, detail::update_effects(train.y, fit.mean, where.col_start(), where.row_by_col(), where.by_col(), fit.row,
                                                     settings.ridge, fit.col));
    detail::centre_effects(where.col_start(), fit.mean, fit.col);
    if (!(change > settings.tolerance * spread)) break;
  }
  return fit;
}

struct MeansTrial {
  std::string name;
  double validation_rmse;
};

/// The best of the global mean, row + column means, and additive effects of several ridges.
inline Tuned<Means, MeansTrial> tune_means(const Data<double>& train, const Data<double>& validation,
                                           const std::vector<double>& ridges = {0, 1, 2, 5, 10, 20, 50}) {
  detail::require_validation("tune_means", train, validation);
  Tuned<Means, MeansTrial> best;
  const auto attempt = [&](Means fit) {
    const double error = detail::rmse(fit.predict(validation.where), validation.y);
    best.trials.push_back({fit.form, error});
    if (best.trials.size() > 1 && !(error < best.validation_rmse)) return;
    best.validation_rmse = error;
    best.fit = std::move(fit);
  };
  attempt(global_mean(train));
  attempt(row_and_column_means(train));
  for (double ridge : ridges) attempt(additive_effects(train, {.ridge = ridge, .tolerance = 1e-6}));
  return best;
}

}  // namespace tacit
