// SPDX-License-Identifier: MIT
#pragma once
// Side features of rows and columns in the prior of the average over the posterior (posterior_mean.hpp):
//   a_i ~ N(G^T x_i, diag(c)),   x_i = (1, features of row i),   G = argmin sum_i |a_i - G^T x_i|^2 + ridge |G|^2   over the rows with entries, after every sweep,
// columns alike; the part of the 1 in G is not shrunk. A row without entries then has the factor that its features predict; one with many entries keeps what these say. The ridge counts in rows: features are
// standardised. Also the same regression of row and column effects, for the lines without entries alone.
// Cost: n F^2 + F^3 / 3 once, 2 n F k a sweep. Source: Macau, Simm et al. 2017, whose G is drawn, with a point instead of draws; Park et al. 2013 for the variational form.

#include <array>
#include <optional>

#include "../observation/centre.hpp"
#include "../observation/entries.hpp"
#include "../observation/line_features.hpp"
#include "als_sweep.hpp"
#include "posterior_mean.hpp"

namespace tacit::detail {

/// (1, x_i) as columns.
inline Matrix<double> with_one(const Matrix<double>& features) {
  Matrix<double> X(features.cols() + 1, features.rows());
  X.row(0).setOnes();
  X.bottomRows(features.cols()) = features.transpose();
  return X;
}

/// Ridge regression of what belongs to lines on their features, from the lines of `from`, for all lines.
class FeatureRegression {
 public:
  FeatureRegression(const LineFeatures& features, const std::vector<Index>& from, double ridge)
      : X_(with_one(features.values)), from_(from), known_(X_.rows(), static_cast<Index>(from.size())) {
    for (std::size_t k = 0; k < from.size(); ++k) known_.col(static_cast<Index>(k)) = X_.col(from[k]);
    factor_ = product_nt(known_, known_);
    factor_.diagonal().tail(factor_.rows() - 1).array() += ridge;  // the mean is not shrunk
    factor_normal_equations(factor_);
  }
  /// A is k x n, a column a line; so is the answer.
  Matrix<double> operator()(const Matrix<double>& A) const {
    Matrix<double> known(A.rows(), known_.cols());
    for (std::size_t k = 0; k < from_.size(); ++k) known.col(static_cast<Index>(k)) = A.col(from_[k]);
    Matrix<double> G = product_nt(known_, known);
    for (Index q = 0; q < G.cols(); ++q) substitute_normal_equations(factor_, G.data() + q * G.rows());
    return product_tn(G, X_);
  }
  double size() const { return static_cast<double>(X_.size()); }

 private:
  Matrix<double> X_;
  std::vector<Index> from_;
  Matrix<double> known_, factor_;
};

/// Lines of a mode with entries.
inline std::vector<Index> observed_lines(const Entries& where, Index mode) {
  const Index* start = mode == 0 ? where.row_start() : where.col_start();
  std::vector<Index> lines;
  for (Index i = 0; i < where.shape()[mode]; ++i)
    if (start[i] < start[i + 1]) lines.push_back(i);
  return lines;
}

/// The priors of both modes, those without features with mean 0.
class FeaturePrior {
 public:
  FeaturePrior(const SideFeatures& features, const Entries& where, double ridge) {
    for (const Index mode : {0, 1}) {
      const LineFeatures& of = features.of(mode);
      of.check("FeaturePrior", mode == 0 ? "rows" : "columns", where.shape()[mode]);
      if (!of.none()) regressions_[static_cast<std::size_t>(mode)].emplace(of, observed_lines(where, mode), ridge);
    }
  }
  /// A sweep, then the means of the priors of the next one; lines without entries are at theirs already.
  void sweep(PosteriorMean& posterior, const Pace& pace = {}) const {
    posterior.sweep(pace);
    const auto mean = [&](std::size_t mode, const Matrix<double>& factor) {
      return regressions_[mode] ? (*regressions_[mode])(factor) : Matrix<double>();
    };
    posterior.set_prior_means(mean(0, posterior.At()), mean(1, posterior.Bt()));
  }
  /// Multiplications of a sweep at width k beside those of the posterior.
  double work(double k) const {
    double sum = 0;
    for (const auto& regression : regressions_)
      if (regression) sum += 2 * k * regression->size();
    return sum;
  }
  /// Effects of the lines without entries, from those of the others.
  void predict_effects(Centre& centre, const Entries& where) const {
    for (const Index mode : {0, 1}) {
      const auto& regression = regressions_[static_cast<std::size_t>(mode)];
      if (!regression || centre.effects_of(mode).size() == 0) continue;
      Vector<double>& effect = centre.effects[static_cast<std::size_t>(mode)];
      const Matrix<double> predicted = (*regression)(effect.transpose());
      const Index* start = mode == 0 ? where.row_start() : where.col_start();
      for (Index i = 0; i < effect.size(); ++i)
        if (start[i] == start[i + 1]) effect[i] = predicted(0, i);
    }
  }

 private:
  std::array<std::optional<FeatureRegression>, 2> regressions_;
};

}  // namespace tacit::detail
