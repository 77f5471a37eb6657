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
// Where gaps have a pattern h has one factor more, of the column and the kind of place (place_kinds.hpp). A column of which nothing is known
// is as far off as columns are from each other (empty_columns.hpp); where these are in different units, infinitely.

#include <algorithm>
#include <cmath>
#include <limits>
#include <optional>
#include <vector>

#include "../model/half_widths.hpp"
#include "coordinate_search.hpp"
#include "empty_columns.hpp"
#include "line_variances.hpp"
#include "place_kinds.hpp"
#include "score_groups.hpp"

namespace tacit::detail {

template <IndexedEntries O>
class LocalWidths {
 public:
  /// `data` as the closing fit has seen them; scales of 0 have no entries there.
  LocalWidths(const Data<double, O>& data, const Scales& scales, const HeldOutErrors& held, double coverage,
              const LineOrder* order = nullptr)
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
    kinds(data.where, order);
    for (Index n = 0; n < order_; ++n) factor_.push_back(factors(where_.shape()[n], 6, [&](std::size_t k) { return line(k, n); }));
    for (std::size_t k = 0; k < errors_.size(); ++k) group_.push_back(line(k, last_));
    quantile_ = group_quantiles(scores(), where_.shape()[last_], group_, coverage_);
    if (kinds_) factors_of_kinds();
    empty_columns(of_mode(scales.scale, 1).size() == 0 ? y : data);
  }

  HalfWidths widths() const {
    HalfWidths w;
    w.coverage = coverage_;
    for (Index n = 0; n < order_; ++n) {
      const auto m = static_cast<std::size_t>(n);
      Matrix<double> lines(where_.shape()[n], order_ + 1);
      for (Index i = 0; i < lines.rows(); ++i) {
        const double of_q = n == last_ ? quantile_[static_cast<std::size_t>(i)] : 1, scale = scales_.scale_of(n, i);
        const double f = square(of_q * factor_[m][i] * scale);
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
    if (kinds_) w.kinds = {kinds_->of_all(), kind_factor_, kinds_->few()};
    for (Index j = 0; apart_ > 0 && j < where_.shape()[1]; ++j) widen(w, j);
    return w;
  }

  /// calibration_of() these widths (score_groups.hpp).
  std::vector<std::array<double, 2>> calibration(std::uint64_t seed) const { return calibration_of(scores(), group_, seed); }

 private:
  static double square(double x) { return x * x; }
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
  /// The factors of groups of errors, which go into their spread.
  template <class GroupOf>
  Vector<double> factors(Index groups, double most, const GroupOf& group) {
    const GroupFactors f(scores(), held_.part, held_.parts, groups, group, most);
    for (std::size_t k = 0; k < spread_.size(); ++k) spread_[k] *= f.of_without[k];
    return f.of;
  }
  /// What widths are multiplied by in places of each kind, beside the quantiles of the columns.
  void factors_of_kinds() {
    const Index n2 = where_.shape()[1], count = kinds_->count();
    for (std::size_t k = 0; k < errors_.size(); ++k) group_[k] = group_[k] * count + kind_[k];
    const Vector<double> of_pair = factors(n2 * count, 6, [&](std::size_t k) { return group_[k]; });
    const std::vector<double> quantile = group_quantiles(scores(), n2 * count, group_, coverage_);
    kind_factor_.setOnes(n2, count);
    for (Index j = 0; j < n2; ++j)
      for (Index c = 0; c < count; ++c) {
        const auto pair = static_cast<std::size_t>(j * count + c);
        if (std::isfinite(quantile[pair]))
          kind_factor_(j, c) = of_kind_[c] * of_pair[j * count + c] * quantile[pair] / quantile_[static_cast<std::size_t>(j)];
      }
  }
  /// Columns of which nothing is known: where columns are in different units, theirs are not known either, and widths are infinite.
  void empty_columns(const Data<double, O>& data) {
    if constexpr (std::is_same_v<O, Entries>) {
      const Vector<double>& seen = moments_.back().count;
      if ((seen.array() > 0).all()) return;
      if (in_one_unit(scales_, seen)) apart_ = distance_of_columns(data, moments_of(data, 0), coverage_);
      else
        for (Index j = 0; j < seen.size(); ++j)
          if (seen[j] == 0) quantile_[static_cast<std::size_t>(j)] = std::numeric_limits<double>::infinity();
    }
  }
  /// An empty column, in the average row, to that.
  void widen(HalfWidths& w, Index j) const {
    if (moments_.back().count[j] > 0 || std::isinf(quantile_[static_cast<std::size_t>(j)])) return;
    double square_of_usual = 0;
    for (Index i = 0; i < where_.shape()[0]; ++i)
      square_of_usual += square(w.kinds.at(i, j) / scales_.scale_of(0, i)) * w.lines[0].row(i).dot(w.lines[1].row(j)) /
                         static_cast<double>(where_.shape()[0]);
    w.lines[1].row(j) *= std::max(1.0, square(apart_) / square_of_usual);
  }
  std::vector<double> scores() const {
    std::vector<double> r(errors_.size());
    for (std::size_t k = 0; k < r.size(); ++k) r[k] = errors_[k] / spread_[k];
    return r;
  }
  /// Factors of kinds of places, of all columns together and of each column.
  void kinds(const Entries& where, const LineOrder* order) {
    if (!PlaceKinds::wanted(where)) return;
    kinds_.emplace(where, order);
    kind_ = kinds_->of(held_);
    of_kind_ = factors(kinds_->count(), 20, [&](std::size_t k) { return Index(kind_[k]); });
    for (Index c = 2; c < of_kind_.size(); ++c) of_kind_[c] = std::max(of_kind_[c], of_kind_[c - 2]);  // farther is not better
  }
  void kinds(const TensorEntries&, const LineOrder*) {}

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
  std::vector<double> errors_, spread_, quantile_;
  std::vector<std::vector<double>> left_, not_known_;  // of each mode, of each error
  std::vector<Vector<double>> factor_;                 // of each mode
  std::optional<PlaceKinds> kinds_;
  std::vector<std::uint8_t> kind_;  // of each error
  Vector<double> of_kind_;
  Matrix<double> kind_factor_;
  std::vector<Index> group_;  // of each error: its column, or column and kind
  double apart_ = 0;          // of columns, where one is empty
};

}  // namespace tacit::detail
