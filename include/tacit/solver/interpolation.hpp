// SPDX-License-Identifier: MIT
#pragma once
// Linear interpolation along modes whose order means something, of matrices and tensors: along every fibre of such a mode, between the nearest observed entries before and
// after, the nearest one held at the ends,
//   z = (b y_before + a y_after) / (a + b),      a, b: distances to the two.
// Along several modes at once (both of a picture), the average of theirs, each weighted by one over the variance of a random walk between its two neighbours, a b / (a + b).
// A fibre without entries is left to the other modes, or else is the mean of the other lines' (line_means).      O(m log m) for each mode, O(log m) a prediction
// What practitioners do first with gaps in time; every method that uses order has to beat it.

#include <numeric>

#include "means.hpp"
#include "../observation/line_order.hpp"

namespace tacit {

template <IndexedEntries O>
class Interpolation {
 public:
  /// At least one mode; their places as LineOrder says.
  Interpolation(const Data<double, O>& train, std::vector<LineOrder> along) : along_(std::move(along)), data_(train), means_(line_means(train)) {
    require(!along_.empty(), "Interpolation: along no mode");
    for (LineOrder& order : along_) {
      require(order.mode >= 0 && order.mode < data_.where.shape().order(), "Interpolation: mode ", order.mode, " is asked for, the data are ",
              data_.where.shape());
      order.check("Interpolation", data_.where.shape()[order.mode]);
      std::vector<Index> sorted(static_cast<std::size_t>(data_.count()));
      std::iota(sorted.begin(), sorted.end(), Index(0));
      std::sort(sorted.begin(), sorted.end(), [&](Index a, Index b) {
        const Index fibre = compare(order, data_.where, a, data_.where, b);
        return fibre != 0 ? fibre < 0 : place(order, data_.where, a) < place(order, data_.where, b);
      });
      sorted_.push_back(std::move(sorted));
    }
  }

  const std::vector<LineOrder>& along() const { return along_; }
  std::string name() const {
    std::string text = "along ";
    for (std::size_t n = 0; n < along_.size(); ++n)
      text += (n ? " and " : "") + (std::is_same_v<O, Entries> ? std::string(along_[n].mode == 0 ? "rows" : "columns")
                                                               : sentence("mode ", along_[n].mode + 1));
    return text;
  }

  Vector<double> predict(const O& at) const {
    Vector<double> z = means_.predict(at), sum = Vector<double>::Zero(at.count()), weights = sum;
    for (std::size_t n = 0; n < along_.size(); ++n)
      for (Index k = 0; k < at.count(); ++k) {
        const LineOrder& order = along_[n];
        const double here = place(order, at, k);
        const auto first = std::partition_point(sorted_[n].begin(), sorted_[n].end(), [&](Index e) {
          const Index fibre = compare(order, data_.where, e, at, k);
          return fibre < 0 || (fibre == 0 && place(order, data_.where, e) < here);
        });
        const bool after = first != sorted_[n].end() && compare(order, data_.where, *first, at, k) == 0,
                   before = first != sorted_[n].begin() && compare(order, data_.where, *(first - 1), at, k) == 0;
        if (!after && !before) continue;
        const double b = after ? place(order, data_.where, *first) - here : 0, a = before ? here - place(order, data_.where, *(first - 1)) : 0;
        const double low = before ? data_.y[*(first - 1)] : 0, high = after ? data_.y[*first] : 0;
        const double value = after && before ? (b * low + a * high) / (a + b) : before ? low : high;
        const double variance = std::max(after && before ? a * b / (a + b) : a + b, 1e-12) / unit(order);
        sum[k] += value / variance, weights[k] += 1 / variance;
      }
    for (Index k = 0; k < z.size(); ++k)
      if (weights[k] > 0) z[k] = sum[k] / weights[k];
    return z;
  }

 private:
  static double place(const LineOrder& order, const O& where, Index k) {
    const Index i = where.mode(order.mode)[k];
    return order.at.empty() ? static_cast<double>(i) : order.at[static_cast<std::size_t>(i)];
  }
  /// Which fibre comes first; 0: the same.
  static Index compare(const LineOrder& order, const O& a, Index k, const O& b, Index l) {
    for (Index n = 0; n < a.shape().order(); ++n) {
      if (n == order.mode) continue;
      if (const Index difference = a.mode(n)[k] - b.mode(n)[l]; difference != 0) return difference;
    }
    return 0;
  }
  /// The average step, so that modes in different units weigh alike.
  static double unit(const LineOrder& order) {
    if (order.at.size() < 2) return 1;
    const auto [low, high] = std::minmax_element(order.at.begin(), order.at.end());
    return (*high - *low) / static_cast<double>(order.at.size() - 1);
  }

  std::vector<LineOrder> along_;
  Data<double, O> data_;
  Centre means_;
  std::vector<std::vector<Index>> sorted_;  // of each mode, the entries by fibre, then place
};

}  // namespace tacit
