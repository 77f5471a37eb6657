// SPDX-License-Identifier: MIT
#pragma once
// New rows of a fitted matrix that have side features, folded in (model/new_rows.hpp) from where their features put them instead of from the average row: what belongs
// to a row, its row of A in W = A P with its effect, is the ridge regression of that of the fitted rows on their features, and its known entries move it from there,
//   w = argmin  sum_{j known} (w p_j - t_j)^2 + lambda s sum_q (w - w_0)_q^2 / g_q,     w_0 of the features,
// g_q at most 1 the mean square error of the features in component q over that of the average row: a start that is nearer deserves more trust, in the components where
// it is. Whether features are used, and with which ridge, is decided on fitted rows held out in five parts: the regression predicts their rows of A, the error is that of
// the entries these make, |(a - a') P|^2; it has to beat the average row by more than two standard errors over the rows.
// No data are needed, so that a loaded model does it as well. Cost: for each of four ridges and five parts, n F^2 + F^3 / 3 flops.

#include "../model/new_rows.hpp"
#include "../observation/split.hpp"
#include "../solver/feature_prior.hpp"
#include "cold_lines.hpp"

namespace tacit {

class NewRowsFromFeatures {
 public:
  /// `features`: a line for each row of the fit, then one for each new row. `ridge`: lambda from the average row.
  NewRowsFromFeatures(const FittedFactors& of, const LineFeatures& features, double ridge, std::uint64_t seed = 1) {
    RowFactors factors(of);
    const Index n = factors.A.rows(), r = factors.A.cols();
    features.check("NewRowsFromFeatures", "rows, fitted and new,", std::max(n, features.values.rows()));
    require(features.values.rows() > n, "NewRowsFromFeatures: there are features of ", features.values.rows(), " rows, the fit has ", n,
            ", and one for each new row has to come");
    const Matrix<double> M =
        detail::product_nt(factors.P, factors.P) * (of.centre.scale * of.centre.scale / static_cast<double>(factors.P.cols()));
    Matrix<double> lines = Matrix<double>::Zero(r, features.values.rows());
    lines.leftCols(n) = factors.A.transpose();
    const std::vector<double> ridges = {3, 30, 300, 3000};
    std::vector<Vector<double>> errors(ridges.size() + 1, Vector<double>::Zero(n));       // the last: of the average row
    Matrix<double> squares = Matrix<double>::Zero(r, static_cast<Index>(errors.size()));  // of each component
    const auto count_error = [&](std::size_t of_which, const Vector<double>& predicted, Index i) {
      const Vector<double> off = predicted - lines.col(i);
      errors[of_which][i] = off.dot(M * off);
      squares.col(static_cast<Index>(of_which)) += off.cwiseAbs2();
    };
    const auto order = detail::shuffled(n, seed);
    for (std::size_t part = 0; n >= 10 && part < 5; ++part) {
      std::vector<Index> others, held;
      for (std::size_t s = 0; s < order.size(); ++s) (s % 5 == part ? held : others).push_back(order[s]);
      Vector<double> mean = Vector<double>::Zero(r);
      for (const Index i : others) mean += lines.col(i) / static_cast<double>(others.size());
      for (const Index i : held) count_error(ridges.size(), mean, i);
      for (std::size_t c = 0; c < ridges.size(); ++c) {
        const Matrix<double> predicted = detail::FeatureRegression(features, others, ridges[c])(lines);
        for (const Index i : held) count_error(c, predicted.col(i), i);
      }
    }
    std::size_t best = 0;
    for (std::size_t c = 1; c < ridges.size(); ++c)
      if (errors[c].sum() < errors[best].sum()) best = c;
    const Vector<double> gain = errors.back() - errors[best];
    const auto count = static_cast<double>(n);
    const double spread = std::sqrt((gain.array() - gain.mean()).square().sum() / std::max(count - 1, 1.0) * count);
    told_ = {0, features.values.rows() - n, 0, std::sqrt(errors.back().mean()), std::sqrt(errors[best].mean())};
    start_ = Matrix<double>::Zero(r, told_.count);
    const double size = factors.P.squaredNorm();
    if (gain.sum() > 2 * spread) {
      std::vector<Index> all(static_cast<std::size_t>(n));
      std::iota(all.begin(), all.end(), Index(0));
      told_.ridge = ridges[best];
      share_ = std::max(errors[best].sum() / errors.back().sum(), 1e-6);
      start_ = detail::FeatureRegression(features, all, told_.ridge)(lines).rightCols(told_.count).colwise() -
               lines.leftCols(n).rowwise().mean();
      for (Index q = 0; q < r; ++q) {  // W in components whose ridge is the same
        const double average = squares(q, squares.cols() - 1), left = squares(q, static_cast<Index>(best));
        const double root = average > 0 ? std::sqrt(std::clamp(left / average, 1e-6, 1.0)) : 1;
        factors.P.row(q) *= root, factors.A.col(q) /= root, start_.row(q) /= root;
      }
    }
    fold_.emplace(of.centre, factors, ridge * size / factors.P.squaredNorm());
  }

  /// The whole of new row i, of whose column cols[k] the value y[k] is known.
  Vector<double> row(Index i, const std::vector<Index>& cols, const Vector<double>& y) const { return fold_->row(cols, y, start_.col(i)); }
  /// The ridge of the regression, 0 where features do not help, and root mean squared errors on fitted rows held out, as if all of their
  /// entries were asked for.
  const ColdLines& told() const { return told_; }
  /// What features leave unknown of a row, of what is unknown of the average one; 1 where they do not help.
  double share_unknown() const { return share_; }

 private:
  ColdLines told_;
  double share_ = 1;
  Matrix<double> start_;  // r x new rows
  std::optional<NewRows> fold_;
};

}  // namespace tacit
