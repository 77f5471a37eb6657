// SPDX-License-Identifier: MIT
#pragma once
// Linear interpolation along modes whose order means something, of matrices and tensors: along every fibre of such a mode, between the nearest observed entries before and
// after, the nearest one held at the ends,
//   z = (b y_before + a y_after) / (a + b),      a, b: distances to the two.
// Along several modes at once (both of a picture), the average of theirs, each weighted by one over the variance of a random walk between its two neighbours, a b / (a + b).
// A fibre without entries is left to the other modes, or else is the mean of the other lines' (line_means).      O(m log m) for each mode, O(log m) a prediction
// What practitioners do first with gaps in time; every method that uses order has to beat it.

#include <numeric>

#include "../observation/line_order.hpp"
#include "means.hpp"

namespace tacit {

namespace detail {

/// Entries sorted by their fibre along a mode in order, then by where they stand in it.
template <IndexedEntries O>
struct FibreEntries {
  LineOrder order;
  std::vector<Index> sorted = {};

  FibreEntries(LineOrder along, const O& where) : order(std::move(along)), sorted(static_cast<std::size_t>(where.count())) {
    std::iota(sorted.begin(), sorted.end(), Index(0));
    std::sort(sorted.begin(), sorted.end(), [&](Index a, Index b) { return before(where, a, where, b); });
  }
  double place(const O& where, Index k) const {
    const Index i = where.mode(order.mode)[k];
    return order.at.empty() ? static_cast<double>(i) : order.at[static_cast<std::size_t>(i)];
  }
  /// Which fibre comes first; 0: the same.
  Index compare(const O& a, Index k, const O& b, Index l) const {
    for (Index n = 0; n < a.shape().order(); ++n) {
      if (n == order.mode) continue;
      if (const Index difference = a.mode(n)[k] - b.mode(n)[l]; difference != 0) return difference;
    }
    return 0;
  }
  bool before(const O& a, Index k, const O& b, Index l) const {
    const Index fibre = compare(a, k, b, l);
    return fibre != 0 ? fibre < 0 : place(a, k) < place(b, l);
  }
};

}  // namespace detail

/// Whether neighbours along a mode are alike at all: the mean square of the differences of entries that follow each other in a fibre over that of any two of a fibre;
/// about 1 where the order means nothing [von Neumann 1941]; NaN without such pairs.                                                        O(m log m)
template <IndexedEntries O>
double neighbour_ratio(const Data<double, O>& data, const LineOrder& order) {
  order.check("neighbour_ratio", data.where.shape()[order.mode]);
  const detail::FibreEntries<O> fibres(order, data.where);
  const std::vector<Index>& sorted = fibres.sorted;
  double near = 0, any = 0;
  for (std::size_t first = 0, last = 0; first < sorted.size(); first = last) {
    double sum = 0, squares = 0;
    for (last = first; last < sorted.size() && fibres.compare(data.where, sorted[first], data.where, sorted[last]) == 0; ++last)
      sum += data.y[sorted[last]];
    const auto n = static_cast<double>(last - first);
    for (std::size_t s = first; s < last; ++s) {
      squares += std::pow(data.y[sorted[s]] - sum / n, 2);
      if (s > first) near += n * std::pow(data.y[sorted[s]] - data.y[sorted[s - 1]], 2) / (n - 1);
    }
    if (last - first > 1) any += 2 * n / (n - 1) * squares;
  }
  return any > 0 ? near / any : std::nan("");
}

template <IndexedEntries O>
class Interpolation {
 public:
  /// At least one mode; their places as LineOrder says.
  Interpolation(const Data<double, O>& train, const std::vector<LineOrder>& along) : data_(train), means_(line_means(train)) {
    require(!along.empty(), "Interpolation: along no mode");
    for (const LineOrder& order : along) {
      require(order.mode >= 0 && order.mode < data_.where.shape().order(), "Interpolation: mode ", order.mode,
              " is asked for, the data are ", data_.where.shape());
      order.check("Interpolation", data_.where.shape()[order.mode]);
      along_.emplace_back(order, data_.where);
    }
  }

  std::vector<LineOrder> along() const {
    std::vector<LineOrder> all;
    for (const auto& fibres : along_) all.push_back(fibres.order);
    return all;
  }
  std::string name() const {
    std::string text = "along ";
    for (const auto& fibres : along_) {
      const Index mode = fibres.order.mode;
      text += (&fibres != &along_[0] ? " and " : "") +
              (std::is_same_v<O, Entries> ? std::string(mode == 0 ? "rows" : "columns") : sentence("mode ", mode + 1));
    }
    return text;
  }

  Vector<double> predict(const O& at) const {
    Vector<double> z = means_.predict(at), sum = Vector<double>::Zero(at.count()), weights = sum;
    for (const auto& fibres : along_) {
      const std::vector<Index>& sorted = fibres.sorted;
      for (Index k = 0; k < at.count(); ++k) {
        const double here = fibres.place(at, k);
        const auto next = std::partition_point(sorted.begin(), sorted.end(), [&](Index e) { return fibres.before(data_.where, e, at, k); });
        const auto known = [&](auto e) { return fibres.compare(data_.where, *e, at, k) == 0; };
        const bool after = next != sorted.end() && known(next), before = next != sorted.begin() && known(next - 1);
        if (!after && !before) continue;
        const double a = before ? here - fibres.place(data_.where, *(next - 1)) : 0,
                     b = after ? fibres.place(data_.where, *next) - here : 0;
        const double low = before ? data_.y[*(next - 1)] : 0, high = after ? data_.y[*next] : 0;
        const double value = after && before ? (b * low + a * high) / (a + b) : before ? low : high;
        const double variance = std::max((after && before ? a * b / (a + b) : a + b) / unit(fibres.order), 1e-12);
        sum[k] += value / variance, weights[k] += 1 / variance;
      }
    }
    for (Index k = 0; k < z.size(); ++k)
      if (weights[k] > 0) z[k] = sum[k] / weights[k];
    return z;
  }

 private:
  /// The average step, so that modes in different units weigh alike.
  static double unit(const LineOrder& order) {
    if (order.at.size() < 2) return 1;
    const auto [low, high] = std::minmax_element(order.at.begin(), order.at.end());
    return (*high - *low) / static_cast<double>(order.at.size() - 1);
  }

  Data<double, O> data_;
  Centre means_;
  std::vector<detail::FibreEntries<O>> along_;  // sorted once
};

}  // namespace tacit
