// SPDX-License-Identifier: MIT
#pragma once
// Half-widths h = q_j s (model/half_widths.hpp) from errors on held-out entries, for data of any order. In the units of the scales,
//   s^2(i_1 ... i_d) = prod_n g_n(i_n)^2 ( alpha noise_j + sum_n V_n / (1 + I_n(i_n) / nu_n) ),      j the line of the last mode (of a matrix, the column).
// V_n is what is not known where the line i_n of mode n has no entries: of a matrix, the variance of column j over its rows for n = 1, that of row i over its columns for
// n = 2; of a tensor, the smallest of the pooled variances within lines of another mode, times how much larger those of the other lines of the entry are. I_n is the
// information in line i_n: its entries, each weighted by signal over noise, (v - noise) / noise, of the entry's lines of the other modes (their geometric mean). alpha and
// nu_n minimise  mean(log s + sqrt(2) |e| / s);  g_n say how much larger errors in a line are than that, shrunk, and are left out of the errors that they are judged on.
// q_j is the conformal quantile of |e| / s, those of line j with all others at a total weight of fifty; where nothing is known of the other lines, h is that of |y - mean|
// in line j. Cost: some hundred passes over at most 20,000 errors.

#include <algorithm>
#include <cmath>
#include <limits>
#include <optional>
#include <vector>

#include "../model/half_widths.hpp"
#include "coordinate_search.hpp"
#include "refit_errors.hpp"

namespace tacit::detail {

/// Variance of each line around its mean, shrunk towards the average line, `usual`, as by two entries; a line without entries has the average.
struct LineVariances {
  Vector<double> of;
  double usual = 1;

  explicit LineVariances(const LineMoments& m) : of(m.mean.size()) {
    const Vector<double> freedom = (m.count.array() - 1).cwiseMax(0);
    const Vector<double> squares = (freedom.array() > 0).select(freedom.array() * m.deviation.array().square(), 0.0);
    if (freedom.sum() > 0) usual = squares.sum() / freedom.sum();
    of = (squares.array() + 2 * usual) / (freedom.array() + 2);
  }
};

template <IndexedEntries O>
class LocalWidths {
 public:
  /// `data` as the closing fit has seen them; scales of 0 have no entries there.
  LocalWidths(const Data<double, O>& data, const Scales& scales, const HeldOutErrors& held, double coverage)
      : where_(data.where), order_(where_.shape().order()), last_(order_ - 1), scales_(scales), held_(held), coverage_(coverage) {
    std::optional<Data<double, O>> scaled;
    if (!scales.none()) scaled = scales.taken_off(data);
    const Data<double, O>& y = scaled ? *scaled : data;
    for (Index n = 0; n < order_; ++n) moments_.push_back(moments_of(y, n)), variance_.emplace_back(moments_.back());
    marginals(y);
    errors_.resize(held.error.size());
    for (std::size_t k = 0; k < errors_.size(); ++k) errors_[k] = held.error[k] / scales.unit(held.at, static_cast<Index>(k)).scale;
    noises();
    information();
    fit();
    for (Index n = 0; n < order_; ++n) factor_.push_back(factors(n));
  }

  HalfWidths widths() const {
    HalfWidths w;
    w.coverage = coverage_;
    const std::vector<double> q = quantiles();
    for (Index n = 0; n < order_; ++n) {
      const auto m = static_cast<std::size_t>(n);
      Matrix<double> lines(where_.shape()[n], order_ + 1);
      for (Index i = 0; i < lines.rows(); ++i) {
        const double of_q = n == last_ ? q[static_cast<std::size_t>(i)] : 1, scale = scales_.scale_of(n, i);
        const double f = square(of_q * factor_[m].of[i] * scale);
        if (scale == 0) lines.row(i).setZero();
        else if (std::isinf(f)) lines.row(i).setConstant(f);
        else {
          lines(i, 0) = n == last_ ? f * alpha_ * noise_[i] : f;
          for (Index k = 0; k < order_; ++k)
            lines(i, k + 1) = k == n       ? f / (1 + information_[m][i] / nu_[m])
                              : n == last_ ? larger_[static_cast<std::size_t>(k)] *
                                                 std::max(square(scale) * square(marginal_[i]) - lines(i, 0), 0.25 * f * variance_[m].of[i])
                                           : f * unknown(k, n, i);
        }
      }
      w.lines.push_back(std::move(lines));
    }
    w.informative = weight_;
    for (Index n = 0; n < (order_ == 2 ? 1 : order_); ++n) w.fresh.push_back({nu_[static_cast<std::size_t>(n)], typical_line(n)});
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
  Index line(std::size_t k, Index n) const { return held_.at.mode(n)[k]; }

  /// The mode that carries the size of V_k; the others say how much larger it is in their lines.
  Index carrier(Index k) const { return k == last_ ? 0 : last_; }
  /// The part of line i of mode n in V_k.
  double unknown(Index k, Index n, Index i) const {
    const LineVariances& v = variance_[static_cast<std::size_t>(n)];
    return n == carrier(k) ? larger_[static_cast<std::size_t>(k)] * v.of[i] : v.of[i] / v.usual;
  }
  /// d + 1 numbers of a line of this mode of which nothing is known, as they are on average.
  Vector<double> typical_line(Index n) const {
    const Vector<double>&r = of_mode(scales_.scale, n), &noise = noise_;
    const double f = r.size() ? r.array().square().mean() : 1, size = static_cast<double>(where_.shape()[n]);
    Vector<double> typical = Vector<double>::Constant(order_ + 1, f);
    if (n == last_) typical[0] = f * alpha_ * noise.mean();
    for (Index k = 0; k < order_; ++k) {
      double sum = 0;
      for (Index i = 0; k != n && i < where_.shape()[n]; ++i) sum += unknown(k, n, i);
      if (k != n) typical[k + 1] = f * sum / size;
    }
    return typical;
  }
  /// The quantile of |y - mean| in each line of the last mode: half an interval where nothing is known of the others; shrunk towards the others' as by twenty entries.
  void marginals(const Data<double, O>& y) {
    for (Index k = 0; k < order_; ++k) {
      double least = std::numeric_limits<double>::infinity();
      for (Index n = 0; n < order_; ++n)
        if (n != k) least = std::min(least, variance_[static_cast<std::size_t>(n)].usual);
      larger_.push_back(least > 0 ? least / variance_[static_cast<std::size_t>(carrier(k))].usual : 1);
    }
    const LineMoments& m = moments_.back();
    const Vector<double>& v = variance_.back().of;
    const auto quantile = [&](std::vector<double>& x) {
      std::sort(x.begin(), x.end());
      const auto rank = static_cast<std::size_t>(std::ceil((static_cast<double>(x.size()) + 1) * coverage_));
      return x[std::min(rank, x.size()) - 1];
    };
    std::vector<double> all;
    std::vector<std::vector<double>> own(static_cast<std::size_t>(v.size()));
    Eigen::Matrix<Index, Eigen::Dynamic, 1> seen = Eigen::Matrix<Index, Eigen::Dynamic, 1>::Zero(v.size());
    for (Index k = 0; k < y.count(); ++k) {
      const Index j = where_.mode(last_)[k];
      // Of long lines every second, third ... entry: ten thousand tell a quantile well enough.
      if (m.count[j] > 1 && seen[j]++ % (1 + static_cast<Index>(m.count[j]) / 10'000) == 0)
        own[static_cast<std::size_t>(j)].push_back(std::abs(y.y[k] - m.mean[j]) / std::sqrt(v[j]));
    }
    for (const auto& of : own) all.insert(all.end(), of.begin(), of.end());
    const double usual = all.empty() ? 1.645 : quantile(all);
    marginal_.resize(v.size());
    for (Index j = 0; j < v.size(); ++j) {
      auto& of = own[static_cast<std::size_t>(j)];
      const auto n = static_cast<double>(of.size());
      marginal_[j] = std::sqrt(v[j]) * (n * (of.empty() ? 0 : quantile(of)) + 20 * usual) / (n + 20);
    }
  }
  void noises() {
    const Vector<double>& v = variance_.back().of;
    std::vector<double> ratio(errors_.size());
    for (std::size_t k = 0; k < errors_.size(); ++k) ratio[k] = square(errors_[k]) / v[line(k, last_)];
    std::vector<double> sorted = ratio;
    std::sort(sorted.begin(), sorted.end());
    const double most = sorted[static_cast<std::size_t>(0.99 * static_cast<double>(sorted.size() - 1))];  // a few outliers are no noise
    double usual = 0;
    Vector<double> sum = Vector<double>::Zero(v.size()), count = sum;
    for (std::size_t k = 0; k < ratio.size(); ++k) {
      const double x = std::min(ratio[k], most);
      usual += x / static_cast<double>(ratio.size());
      sum[line(k, last_)] += x, ++count[line(k, last_)];
    }
    usual = std::clamp(usual, 1e-12, 1.0);
    noise_.resize(v.size());
    for (Index j = 0; j < v.size(); ++j) noise_[j] = v[j] * std::clamp((sum[j] + 10 * usual) / (count[j] + 10), 1e-12, 1.0);
  }
  void information() {
    const double noise = noise_.mean();
    for (Index n = 0; n < order_; ++n) {
      const Vector<double>& v = variance_[static_cast<std::size_t>(n)].of;
      weight_.push_back((n == last_ ? Vector<double>((v - noise_).cwiseQuotient(noise_)) : Vector<double>((v.array() - noise) / noise))
                            .cwiseMax(1e-3)
                            .cwiseMin(1e3));
    }
    const auto told = [&](const auto& at, Index k, Index mode) {  // about the line of this mode
      double product = 1;
      for (Index n = 0; n < order_; ++n)
        if (n != mode) product *= weight_[static_cast<std::size_t>(n)][at.mode(n)[k]];
      return std::pow(product, 1 / static_cast<double>(order_ - 1));
    };
    for (Index n = 0; n < order_; ++n) {
      Vector<double> all = Vector<double>::Zero(where_.shape()[n]);
      for (Index k = 0; k < where_.count(); ++k) all[where_.mode(n)[k]] += told(where_, k, n);
      // What a held-out entry's line had left while its part was out.
      Matrix<double> out = Matrix<double>::Zero(all.size(), held_.parts);
      for (std::size_t k = 0; k < errors_.size(); ++k) out(line(k, n), held_.part[k]) += told(held_.at, static_cast<Index>(k), n);
      std::vector<double> left;
      for (std::size_t k = 0; k < errors_.size(); ++k) left.push_back(std::max(all[line(k, n)] - out(line(k, n), held_.part[k]), 0.0));
      information_.push_back(std::move(all));
      left_.push_back(std::move(left));
      std::vector<double> not_known(errors_.size(), 1);
      for (std::size_t k = 0; k < errors_.size(); ++k)
        for (Index other = 0; other < order_; ++other)
          if (other != n) not_known[k] *= unknown(n, other, line(k, other));
      not_known_.push_back(std::move(not_known));
    }
  }
  /// alpha and nu by their logarithms to base 2.
  double spread(std::size_t k, const std::vector<double>& at) const {
    double s = std::exp2(at[0]) * noise_[line(k, last_)];
    for (std::size_t n = 0; n < left_.size(); ++n) s += not_known_[n][k] / (1 + left_[n][k] / std::exp2(at[n + 1]));
    return std::sqrt(s);
  }
  void fit() {
    const std::size_t step = std::max<std::size_t>(1, errors_.size() / 20'000);
    const auto cost = [&](const std::vector<double>& x) {
      double sum = 0;
      for (std::size_t k = 0; k < errors_.size(); k += step) {
        const double s = spread(k, x);
        sum += std::log(s) + 1.4142 * errors_[k] / s;
      }
      return sum;
    };
    std::vector<double> x(left_.size() + 1, 1), most(x.size(), 12);
    x[0] = -0.5, most[0] = 2;
    coordinate_search(cost, x, most);
    alpha_ = std::exp2(x[0]);
    for (std::size_t n = 0; n < left_.size(); ++n) nu_.push_back(std::exp2(x[n + 1]));
    spread_.resize(errors_.size());
    for (std::size_t k = 0; k < errors_.size(); ++k) spread_[k] = spread(k, x);
  }
  /// Of the lines of a mode: shrunk as much as predicts errors best that are left out.
  Factors factors(Index mode) {
    Factors f;
    const Index n = where_.shape()[mode];
    f.sum.setZero(n);
    f.count.setZero(n);
    f.usual = 0;
    for (std::size_t k = 0; k < errors_.size(); ++k) {
      const double score = std::min(errors_[k] / spread_[k], 6.0);
      f.sum[line(k, mode)] += score, ++f.count[line(k, mode)], f.usual += score / static_cast<double>(errors_.size());
    }
    f.usual = std::max(f.usual, 1e-12);
    double least = std::numeric_limits<double>::infinity(), best = 0;
    for (const double ridge : {0.0, 80.0, 20.0, 5.0}) {
      f.ridge = ridge;
      double sum = 0;
      for (std::size_t k = 0; k < errors_.size(); ++k) {
        const double score = errors_[k] / spread_[k], g = f.without(line(k, mode), std::min(score, 6.0));
        sum += std::log(g) + 1.4142 * score / g;
      }
      if (sum < least - 1e-3 * static_cast<double>(errors_.size())) least = sum, best = ridge;
    }
    f.ridge = best;
    f.of = Vector<double>::Ones(n);
    for (Index k = 0; k < n && best > 0; ++k) f.of[k] = (f.sum[k] + best * f.usual) / ((f.count[k] + best) * f.usual);
    for (std::size_t k = 0; k < errors_.size(); ++k) spread_[k] *= f.without(line(k, mode), std::min(errors_[k] / spread_[k], 6.0));
    return f;
  }
  std::vector<double> quantiles() const {
    const auto n = static_cast<double>(errors_.size());
    std::vector<double> q(static_cast<std::size_t>(where_.shape()[last_]), std::numeric_limits<double>::infinity());
    if (std::ceil((n + 1) * coverage_) > n) return q;
    std::vector<double> all(errors_.size());
    std::vector<std::vector<double>> of_line(q.size());
    for (std::size_t k = 0; k < errors_.size(); ++k) {
      all[k] = errors_[k] / spread_[k];
      of_line[static_cast<std::size_t>(line(k, last_))].push_back(all[k]);
    }
    std::sort(all.begin(), all.end());
    const auto share = [](const std::vector<double>& sorted, double x) {
      return static_cast<double>(std::upper_bound(sorted.begin(), sorted.end(), x) - sorted.begin());
    };
    for (std::size_t j = 0; j < q.size(); ++j) {
      std::sort(of_line[j].begin(), of_line[j].end());
      const auto own = static_cast<double>(of_line[j].size()), others = std::min(50.0, n);
      const double due = std::min(coverage_ * (own + others + 1), own + others);
      std::size_t low = 0, high = all.size() - 1;  // the smallest score that covers as many
      while (low < high) {
        const std::size_t middle = (low + high) / 2;
        if (share(of_line[j], all[middle]) + others / n * static_cast<double>(middle + 1) >= due) high = middle;
        else low = middle + 1;
      }
      q[j] = all[low];
    }
    return q;
  }

  const O& where_;
  const Index order_, last_;
  const Scales& scales_;
  const HeldOutErrors& held_;
  double coverage_, alpha_ = 1;
  std::vector<double> nu_, larger_;  // of each mode; how V_k's carrier compares with the smallest variance
  std::vector<LineMoments> moments_;
  std::vector<LineVariances> variance_;
  Vector<double> marginal_, noise_;
  std::vector<Vector<double>> weight_, information_;
  std::vector<double> errors_, spread_;
  std::vector<std::vector<double>> left_, not_known_;  // of each mode, of each error
  std::vector<Factors> factor_;
};

}  // namespace tacit::detail
