// SPDX-License-Identifier: MIT
#pragma once
// Each column of a table by regression on the others, curved: for tables of few columns, whose rows lie near a curved surface rather than near a subspace. Linear in features
//   x_ij ~ <beta_j, phi(x_i without j)>,    phi = 1, x_l,  x_l^2 (squares),  x_l x_l' (products)     of standardised columns, squares and products of values cut at 3,
// by ridge regression over the rows that observe column j; or, in the last round, by boosted trees (boosted_trees.hpp) or the average of randomised trees (randomised_trees.hpp) on the filled table. Gaps of the other columns are filled: first by the average over the posterior of a low-rank fit, then by these
// regressions themselves, round after round. Predictions stay within the range of their column. Terms and ridge are chosen on validation entries.
// Cost: rounds n2 (m_j F^2 + F^3 / 3) flops, F features: n2, 2 n2 or about n2^2 / 2 of them; trees m n2 additions for each level of each of them.
// Source: chained regressions, as in van Buuren & Groothuis-Oudshoorn 2011; with trees in their place Stekhoven & Buhlmann 2012.

#include <algorithm>
#include <array>
#include <string>
#include <vector>

#include "../core/budget.hpp"
#include "als_sweep.hpp"
#include "boosted_trees.hpp"
#include "posterior_mean.hpp"
#include "randomised_trees.hpp"

namespace tacit {

enum class RegressionTerms { linear, squares, products, trees, averaged_trees };

inline bool are_trees(RegressionTerms terms) { return terms == RegressionTerms::trees || terms == RegressionTerms::averaged_trees; }

struct ColumnRegressionSettings {
  RegressionTerms terms = RegressionTerms::squares;
  double ridge = 10;  ///< in rows
  Index rounds = 3;
  Index trees = 100;  ///< of the last round
  Pace pace = {};     ///< who may stop it
};

struct ColumnRegressions {
  Matrix<double> table = {};  ///< predictions of all entries
  RegressionTerms terms = RegressionTerms::linear;
  double ridge = 0;
  Index trees = 0;

  std::string name() const {
    if (are_trees(terms)) return sentence(trees, terms == RegressionTerms::trees ? " boosted" : " averaged", " trees a column");
    return sentence(terms == RegressionTerms::linear    ? "linear"
                    : terms == RegressionTerms::squares ? "with squares"
                                                        : "with squares and products",
                    ", ridge ", ridge);
  }
  Vector<double> predict(const Entries& at) const {
    require(at.rows() == table.rows() && at.cols() == table.cols(), "ColumnRegressions: fitted to a ", table.rows(), " x ", table.cols(),
            " matrix, asked about entries of a ", at.rows(), " x ", at.cols(), " matrix");
    Vector<double> z(at.count());
    for (Index k = 0; k < z.size(); ++k) z[k] = table(at.row()[k], at.col()[k]);
    return z;
  }
};

namespace detail {

/// The features of all rows, a column each, and which columns of the table each is made of.
struct CurvedFeatures {
  Matrix<double> values;  ///< F x n1
  std::vector<std::array<Index, 2>> of;
};
inline CurvedFeatures curved_features(const Matrix<double>& X, RegressionTerms terms) {
  CurvedFeatures f;
  f.of.push_back({-1, -1});
  const Index n2 = X.cols();
  for (Index j = 0; j < n2; ++j) f.of.push_back({j, -1});
  for (Index j = 0; terms != RegressionTerms::linear && j < n2; ++j)
    for (Index l = j; l < (terms == RegressionTerms::products ? n2 : j + 1); ++l) f.of.push_back({j, l});
  f.values.resize(static_cast<Index>(f.of.size()), X.rows());
  for (Index i = 0; i < X.rows(); ++i)
    for (std::size_t c = 0; c < f.of.size(); ++c) {
      const auto [a, b] = f.of[c];
      const auto cut = [&](Index j) { return std::clamp(X(i, j), -3.0, 3.0); };
      f.values(static_cast<Index>(c), i) = a < 0 ? 1 : b < 0 ? X(i, a) : cut(a) * cut(b);
    }
  return f;
}

/// Each column by trees on the others, in standardised units.
inline void grow_columns(const Matrix<double>& X, const Data<double>& inner, const ColumnRegressionSettings& settings,
                         Matrix<double>& table) {
  const BinnedFeatures binned(X);
  const Entries& where = inner.where;
  for (Index j = 0; j < X.cols(); ++j) {
    settings.pace.ask();
    const Index first = where.col_start()[j], count = where.col_start()[j + 1] - first;
    std::vector<Index> rows(static_cast<std::size_t>(count));
    Vector<double> y(count);
    for (Index s = 0; s < count; ++s)
      rows[static_cast<std::size_t>(s)] = where.row_by_col()[first + s], y[s] = inner.y[where.by_col()[first + s]];
    if (settings.terms == RegressionTerms::trees)
      table.col(j) = BoostedTrees(binned, std::move(rows), y, j, {.trees = settings.trees}).predictions();
    else table.col(j) = RandomisedTrees(X, std::move(rows), y, j, {.trees = settings.trees}).predictions();
  }
}

}  // namespace detail

inline ColumnRegressions column_regressions(const Data<double>& train, const ColumnRegressionSettings& settings) {
  detail::require_unweighted("column_regressions", train);
  require(settings.ridge > 0 && settings.rounds > 0, "column_regressions: ridge ", settings.ridge, " and rounds ", settings.rounds,
          " need to be positive");
  const Entries& where = train.where;
  const Index n1 = where.rows(), n2 = where.cols();
  Vector<double> mean = Vector<double>::Constant(n2, train.y.mean()), spread = Vector<double>::Ones(n2), low = mean, high = mean;
  Data<double> inner = train;
  for (Index j = 0; j < n2; ++j) {
    const Index first = where.col_start()[j], count = where.col_start()[j + 1] - first;
    if (count == 0) continue;
    Vector<double> y(count);
    for (Index s = 0; s < count; ++s) y[s] = train.y[where.by_col()[first + s]];
    mean[j] = y.mean(), low[j] = y.minCoeff(), high[j] = y.maxCoeff();
    const double deviation = std::sqrt((y.array() - mean[j]).square().mean());
    if (deviation > 0) spread[j] = deviation;
    for (Index s = 0; s < count; ++s) inner.y[where.by_col()[first + s]] = (y[s] - mean[j]) / spread[j];
  }
  Matrix<double> X = Matrix<double>::Zero(n1, n2), table = X;
  if (inner.y.squaredNorm() > 0) {
    detail::PosteriorMean posterior(inner, std::clamp<Index>(n2 / 2, 1, 8), 1);
    for (int sweep = 0; sweep < 25; ++sweep) settings.pace.ask(), posterior.sweep();
    X = detail::product_tn(posterior.At(), posterior.Bt());
  }
  for (Index k = 0; k < inner.count(); ++k) X(where.row()[k], where.col()[k]) = inner.y[k];
  for (Index round = 0; round < settings.rounds; ++round) {
    const bool trees = are_trees(settings.terms), last = round + 1 == settings.rounds;
    if (trees && last) {
      detail::grow_columns(X, inner, settings, table);
      for (Index j = 0; j < n2; ++j) table.col(j) = (mean[j] + spread[j] * table.col(j).array()).cwiseMax(low[j]).cwiseMin(high[j]);
      break;
    }
    const detail::CurvedFeatures features =
        detail::curved_features(X, trees ? n2 <= 30 ? RegressionTerms::products : RegressionTerms::squares : settings.terms);
    for (Index j = 0; j < n2; ++j) {
      settings.pace.ask();
      std::vector<Index> kept;
      for (std::size_t c = 0; c < features.of.size(); ++c)
        if (features.of[c][0] != j && features.of[c][1] != j) kept.push_back(static_cast<Index>(c));
      const auto F = static_cast<Index>(kept.size());
      const Index first = where.col_start()[j], count = where.col_start()[j + 1] - first;
      Matrix<double> seen(F, count);
      Vector<double> beta = Vector<double>::Zero(F);
      for (Index s = 0; s < count; ++s) {
        const double* row = features.values.data() + where.row_by_col()[first + s] * features.values.rows();
        for (Index c = 0; c < F; ++c) seen(c, s) = row[kept[static_cast<std::size_t>(c)]];
        beta += inner.y[where.by_col()[first + s]] * seen.col(s);
      }
      Matrix<double> gram = detail::product_nt(seen, seen);
      gram.diagonal().array() += settings.ridge;
      detail::solve_normal_equations(gram, beta.data());
      for (Index i = 0; i < n1; ++i) {
        double z = 0;
        for (Index c = 0; c < F; ++c) z += beta[c] * features.values(kept[static_cast<std::size_t>(c)], i);
        table(i, j) = std::clamp(mean[j] + spread[j] * z, low[j], high[j]);
      }
    }
    for (Index j = 0; j < n2; ++j) X.col(j) = (table.col(j).array() - mean[j]) / spread[j];
    for (Index k = 0; k < inner.count(); ++k) X(where.row()[k], where.col()[k]) = inner.y[k];
  }
  return {std::move(table), settings.terms, settings.ridge, settings.trees};
}

inline Tuned<ColumnRegressions, Trial> tune_column_regressions(
    const Data<double>& train, const Data<double>& validation,
    const std::vector<RegressionTerms>& terms = {RegressionTerms::linear, RegressionTerms::squares, RegressionTerms::products,
                                                 RegressionTerms::trees, RegressionTerms::averaged_trees},
    const Pace& pace = {}) {
  detail::require_validation("tune_column_regressions", train, validation);
  require(!terms.empty(), "tune_column_regressions: no terms are given");
  Tuned<ColumnRegressions, Trial> best;
  best.validation_rmse = std::numeric_limits<double>::infinity();
  const auto attempt = [&](RegressionTerms of, double ridge) {
    ColumnRegressions fit = column_regressions(train, {.terms = of, .ridge = ridge, .pace = pace});
    const double error = detail::rmse(fit.predict(validation.where), validation.y);
    best.trials.push_back({fit.name(), error});
    if (error < best.validation_rmse) best.validation_rmse = error, best.fit = std::move(fit);
  };
  for (const RegressionTerms of : terms) attempt(of, 10);
  const RegressionTerms chosen = best.fit.terms;
  for (const double ridge : {1.0, 100.0})
    if (!are_trees(chosen)) attempt(chosen, ridge);
  return best;
}
/// The chosen terms and ridge on other data.
inline ColumnRegressions refit(const ColumnRegressions& chosen, const Data<double>& data, const Pace& pace = {}) {
  return column_regressions(data, {.terms = chosen.terms, .ridge = chosen.ridge, .trees = chosen.trees, .pace = pace});
}

}  // namespace tacit
