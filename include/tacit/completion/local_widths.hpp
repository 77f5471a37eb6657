// SPDX-License-Identifier: MIT
#pragma once
// Half-widths h_ij = q_j s_ij (model/half_widths.hpp) from errors on held-out entries. In the units of the scales,
//   s_ij^2 = (g_i k_j)^2 ( alpha noise_j + V_j / (1 + I_i / nu) + R_i / (1 + I_j / mu) ),
// V_j the variance of column j over its rows, R_i that of row i over its columns: what is not known where row i, or column j, has no entries. I_i is the information in
// row i: its entries, each weighted by signal over noise in its column, (V - noise) / noise; I_j alike. alpha, nu and mu minimise  mean(log s + sqrt(2) |e| / s);  g and k
// say how much larger errors in a row or column are than that, shrunk, and are left out of the errors that they are judged on. q_j is the conformal quantile of
// |e| / s, those of column j together with all others at a total weight of fifty. Where nothing is known of the row, h_ij is the quantile of |y - mean| in column j.
// Cost: some hundred passes over at most 20,000 errors.

#include <algorithm>
#include <array>
#include <cmath>
#include <limits>
#include <vector>

#include "../model/half_widths.hpp"
#include "refit_errors.hpp"
#include "scaling.hpp"

namespace tacit::detail {

/// Variance of each line around its mean, shrunk towards the average line as by two entries; a line without entries has the average.
inline Vector<double> line_variances(const Data<double>& data, bool by_cols) {
  const LineMoments m = moments_of(data, by_cols);
  const LinesOf lines{data.where, by_cols};
  double sum = 0, freedom = 0;
  const auto of = [&](Index k) { return std::max<double>(static_cast<double>(lines.size(k)) - 1, 0); };
  for (Index k = 0; k < lines.count(); ++k)
    if (of(k) > 0) sum += of(k) * m.deviation[k] * m.deviation[k], freedom += of(k);
  const double usual = freedom > 0 ? sum / freedom : 1;
  Vector<double> variance(lines.count());
  for (Index k = 0; k < lines.count(); ++k)
    variance[k] = ((of(k) > 0 ? of(k) * m.deviation[k] * m.deviation[k] : 0) + 2 * usual) / (of(k) + 2);
  return variance;
}

class LocalWidths {
 public:
  /// `data` as the closing fit has seen them; scales of 0 have no entries there.
  LocalWidths(const Data<double>& data, const Scales& scales, const HeldOutErrors& held, double coverage)
      : where_(data.where), scales_(scales), held_(held), coverage_(coverage) {
    const Data<double> y = scales.taken_off(data);
    of_col_ = line_variances(y, true);
    of_row_ = line_variances(y, false);
    marginals(y);
    errors_.resize(held.error.size());
    for (std::size_t k = 0; k < errors_.size(); ++k) errors_[k] = held.error[k] / scales.scale(held.at[k].row, held.at[k].col);
    noises();
    information();
    fit();
    row_factor_ = factors(false);
    col_factor_ = factors(true);
  }

  HalfWidths widths() const {
    HalfWidths w;
    w.coverage = coverage_;
    const Index n1 = where_.rows(), n2 = where_.cols();
    w.rows.resize(n1, 3);
    w.cols.resize(n2, 3);
    for (Index i = 0; i < n1; ++i) {
      const double f = square(row_factor_.of[i] * scales_.of_row(i));
      w.rows.row(i) << f, f / (1 + row_information_[i] / nu_), f * of_row_[i];
    }
    const std::vector<double> q = quantiles();
    for (Index j = 0; j < n2; ++j) {
      const double f = square(q[static_cast<std::size_t>(j)] * col_factor_.of[j] * scales_.of_col(j));
      if (scales_.of_col(j) == 0) w.cols.row(j).setZero();
      else if (std::isinf(f)) w.cols.row(j).setConstant(f);
      else {
        const double noise = f * alpha_ * noise_[j], unit = square(scales_.of_col(j));
        w.cols.row(j) << noise, std::max(unit * square(marginal_[j]) - noise, 0.25 * f * of_col_[j]), f / (1 + col_information_[j] / mu_);
      }
    }
    w.informative = weight_of_col_;
    w.halving = nu_;
    const double f = scales_.row_scale.size() ? scales_.row_scale.array().square().mean() : 1;
    w.typical_row = Vector<double>::Constant(3, f);
    w.typical_row[2] = f * of_row_.mean();
    return w;
  }

 private:
  static double square(double x) { return x * x; }
  struct Factors {
    Vector<double> of, sum, count;  ///< the factor, and the sum of errors over s and their number, for leaving one out
    double usual = 1, ridge = 0;    ///< 0: no factors
    double without(Index k, double score) const {
      return ridge > 0 ? (sum[k] - score + ridge * usual) / ((count[k] - 1 + ridge) * usual) : 1;
    }
  };

  /// The quantile of |y - mean| in each column: half an interval for a row of which nothing is known; shrunk towards the others' as by twenty entries.
  void marginals(const Data<double>& y) {
    const LineMoments m = moments_of(y, true);
    const LinesOf lines{y.where, true};
    const auto quantile = [&](std::vector<double>& x) {
      std::sort(x.begin(), x.end());
      const auto rank = static_cast<std::size_t>(std::ceil((static_cast<double>(x.size()) + 1) * coverage_));
      return x[std::min(rank, x.size()) - 1];
    };
    std::vector<double> all, own;
    std::vector<double> of(static_cast<std::size_t>(lines.count()), 0);
    for (Index j = 0; j < lines.count(); ++j) {
      own.clear();
      for (Index s = lines.begin(j); s < lines.begin(j + 1) && lines.size(j) > 1; ++s)
        own.push_back(std::abs(y.y[lines.place(s)] - m.mean[j]) / std::sqrt(of_col_[j]));
      all.insert(all.end(), own.begin(), own.end());
      if (!own.empty()) of[static_cast<std::size_t>(j)] = quantile(own);
    }
    const double usual = all.empty() ? 1.645 : quantile(all);
    marginal_.resize(lines.count());
    for (Index j = 0; j < lines.count(); ++j) {
      const double n = lines.size(j) > 1 ? static_cast<double>(lines.size(j)) : 0;
      marginal_[j] = std::sqrt(of_col_[j]) * (n * of[static_cast<std::size_t>(j)] + 20 * usual) / (n + 20);
    }
  }
  void noises() {
    std::vector<double> ratio(errors_.size());
    for (std::size_t k = 0; k < errors_.size(); ++k) ratio[k] = square(errors_[k]) / of_col_[held_.at[k].col];
    std::vector<double> sorted = ratio;
    std::sort(sorted.begin(), sorted.end());
    const double most = sorted[static_cast<std::size_t>(0.99 * static_cast<double>(sorted.size() - 1))];  // a few outliers are no noise
    double usual = 0;
    Vector<double> sum = Vector<double>::Zero(where_.cols()), count = sum;
    for (std::size_t k = 0; k < ratio.size(); ++k) {
      const double x = std::min(ratio[k], most);
      usual += x / static_cast<double>(ratio.size());
      sum[held_.at[k].col] += x, ++count[held_.at[k].col];
    }
    usual = std::clamp(usual, 1e-12, 1.0);
    noise_.resize(where_.cols());
    for (Index j = 0; j < where_.cols(); ++j) noise_[j] = of_col_[j] * std::clamp((sum[j] + 10 * usual) / (count[j] + 10), 1e-12, 1.0);
  }
  void information() {
    weight_of_col_ = ((of_col_ - noise_).cwiseQuotient(noise_)).cwiseMax(1e-3).cwiseMin(1e3);
    const double noise = noise_.mean();
    weight_of_row_ = ((of_row_.array() - noise) / noise).cwiseMax(1e-3).cwiseMin(1e3).matrix();
    row_information_.setZero(where_.rows());
    col_information_.setZero(where_.cols());
    for (Index k = 0; k < where_.count(); ++k) {
      row_information_[where_.row()[k]] += weight_of_col_[where_.col()[k]];
      col_information_[where_.col()[k]] += weight_of_row_[where_.row()[k]];
    }
    // What a held-out entry's row and column had left while its part was out.
    Matrix<double> row_out = Matrix<double>::Zero(where_.rows(), held_.parts), col_out = Matrix<double>::Zero(where_.cols(), held_.parts);
    for (std::size_t k = 0; k < errors_.size(); ++k) {
      row_out(held_.at[k].row, held_.part[k]) += weight_of_col_[held_.at[k].col];
      col_out(held_.at[k].col, held_.part[k]) += weight_of_row_[held_.at[k].row];
    }
    for (std::size_t k = 0; k < errors_.size(); ++k) {
      const double row = row_information_[held_.at[k].row] - row_out(held_.at[k].row, held_.part[k]);
      const double col = col_information_[held_.at[k].col] - col_out(held_.at[k].col, held_.part[k]);
      row_left_.push_back(std::max(row, 0.0));
      col_left_.push_back(std::max(col, 0.0));
    }
  }
  double spread(std::size_t k, double alpha, double nu, double mu) const {
    const Entry at = held_.at[k];
    return std::sqrt(alpha * noise_[at.col] + of_col_[at.col] / (1 + row_left_[k] / nu) + of_row_[at.row] / (1 + col_left_[k] / mu));
  }
  void fit() {
    const std::size_t step = std::max<std::size_t>(1, errors_.size() / 20'000);
    const auto cost = [&](const std::array<double, 3>& x) {
      double sum = 0;
      for (std::size_t k = 0; k < errors_.size(); k += step) {
        const double s = spread(k, std::exp2(x[0]), std::exp2(x[1]), std::exp2(x[2]));
        sum += std::log(s) + 1.4142 * errors_[k] / s;
      }
      return sum;
    };
    std::array<double, 3> x{-0.5, 1, 1};
    double least = cost(x);
    for (const double by : {2.0, 1.0, 0.5, 0.25})
      for (int round = 0; round < 3; ++round)
        for (std::size_t c = 0; c < 3; ++c)
          for (const double direction : {by, -by})
            for (;;) {
              std::array<double, 3> next = x;
              next[c] = std::clamp(next[c] + direction, -10.0, c == 0 ? 2.0 : 12.0);
              const double there = next == x ? least : cost(next);
              if (!(there < least)) break;
              least = there, x = next;
            }
    alpha_ = std::exp2(x[0]), nu_ = std::exp2(x[1]), mu_ = std::exp2(x[2]);
    spread_.resize(errors_.size());
    for (std::size_t k = 0; k < errors_.size(); ++k) spread_[k] = spread(k, alpha_, nu_, mu_);
  }
  /// Of rows or columns: shrunk as much as predicts errors best that are left out.
  Factors factors(bool cols) {
    Factors f;
    const Index n = cols ? where_.cols() : where_.rows();
    const auto line = [&](std::size_t k) { return cols ? held_.at[k].col : held_.at[k].row; };
    f.sum.setZero(n);
    f.count.setZero(n);
    f.usual = 0;
    for (std::size_t k = 0; k < errors_.size(); ++k) {
      const double score = std::min(errors_[k] / spread_[k], 6.0);
      f.sum[line(k)] += score, ++f.count[line(k)], f.usual += score / static_cast<double>(errors_.size());
    }
    f.usual = std::max(f.usual, 1e-12);
    double least = std::numeric_limits<double>::infinity(), best = 0;
    for (const double ridge : {0.0, 80.0, 20.0, 5.0}) {
      f.ridge = ridge;
      double sum = 0;
      for (std::size_t k = 0; k < errors_.size(); ++k) {
        const double score = errors_[k] / spread_[k], g = f.without(line(k), std::min(score, 6.0));
        sum += std::log(g) + 1.4142 * score / g;
      }
      if (sum < least - 1e-3 * static_cast<double>(errors_.size())) least = sum, best = ridge;
    }
    f.ridge = best;
    f.of = Vector<double>::Ones(n);
    for (Index k = 0; k < n && best > 0; ++k) f.of[k] = (f.sum[k] + best * f.usual) / ((f.count[k] + best) * f.usual);
    for (std::size_t k = 0; k < errors_.size(); ++k) spread_[k] *= f.without(line(k), std::min(errors_[k] / spread_[k], 6.0));
    return f;
  }
  std::vector<double> quantiles() const {
    const auto n = static_cast<double>(errors_.size());
    std::vector<double> q(static_cast<std::size_t>(where_.cols()), std::numeric_limits<double>::infinity());
    if (std::ceil((n + 1) * coverage_) > n) return q;
    std::vector<double> all(errors_.size());
    std::vector<std::vector<double>> of_col(q.size());
    for (std::size_t k = 0; k < errors_.size(); ++k) {
      all[k] = errors_[k] / spread_[k];
      of_col[static_cast<std::size_t>(held_.at[k].col)].push_back(all[k]);
    }
    std::sort(all.begin(), all.end());
    const auto share = [](const std::vector<double>& sorted, double x) {
      return static_cast<double>(std::upper_bound(sorted.begin(), sorted.end(), x) - sorted.begin());
    };
    for (std::size_t j = 0; j < q.size(); ++j) {
      std::sort(of_col[j].begin(), of_col[j].end());
      const auto own = static_cast<double>(of_col[j].size()), others = std::min(50.0, n);
      const double due = std::min(coverage_ * (own + others + 1), own + others);
      std::size_t low = 0, high = all.size() - 1;  // the smallest score that covers as many
      while (low < high) {
        const std::size_t middle = (low + high) / 2;
        if (share(of_col[j], all[middle]) + others / n * static_cast<double>(middle + 1) >= due) high = middle;
        else low = middle + 1;
      }
      q[j] = all[low];
    }
    return q;
  }

  const Entries& where_;
  const Scales& scales_;
  const HeldOutErrors& held_;
  double coverage_, alpha_ = 1, nu_ = 1, mu_ = 1;
  Vector<double> of_col_, of_row_, marginal_, noise_, weight_of_col_, weight_of_row_, row_information_, col_information_;
  std::vector<double> errors_, row_left_, col_left_, spread_;
  Factors row_factor_, col_factor_;
};

}  // namespace tacit::detail
