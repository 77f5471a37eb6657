// SPDX-License-Identifier: MIT
#pragma once
// Probes on linear classifiers W and their training data, labels -1 and +1 or one 1 among the outputs of a sample (classification_data):
//   classifier_margin()    margin, normalised_margin     least margin of the data, and the same over |W|_F
//   angle_to(reference)    angle                         between W and a reference of its size, in radians; of the hard margin, say:
//
//   Trajectory history(loss, classifier_margin(), angle_to(max_margin(data).w));       train(problem, theta, ...);
//
// The margin of a sample is y z, of several classes z_label - max of the others: above 0 where it is classified correctly. With .quantile = 0.05 it is the
// 5th percentile instead of the least, interpolated between samples, as Neyshabur 2017 has it. Under exponential losses descent on separable data
// turns to the hard margin, max_w min_k y_k <w, x_k> / |w| (solver/margin.hpp).                                      [Soudry et al. 2018]
// W is formed; a call costs one pass over the data.

#include <algorithm>
#include <array>

#include "../observation/dense.hpp"
#include "probe.hpp"

namespace tacit {

namespace detail {
/// The margin of every sample.
template <class P>
std::vector<double> margins(const char* who, const Snapshot<P>& now) {
  using S = typename P::scalar_type;
  if constexpr (requires { now.problem().data_term(); }) {
    const auto& data = now.problem().data_term().data();
    Vector<S> z(data.count());
    sample<S>(data.where, now.end_to_end().data(), Write::set, z);
    Index outputs = 1;
    if constexpr (requires { data.where.outputs(); }) outputs = data.where.outputs();
    std::vector<double> all;
    for (Index from = 0; from < data.count(); from += outputs) {
      if (outputs == 1) {
        require(data.y[from] == 1 || data.y[from] == -1, who, ": the target of ", data.where.where(from), " is ", data.y[from],
                ", a label is -1 or 1");
        all.push_back(static_cast<double>(data.y[from] * z[from]));
        continue;
      }
      Index label = -1;
      S rival = -std::numeric_limits<S>::infinity();
      for (Index c = from; c < from + outputs; ++c) {
        require(data.y[c] == 0 || (data.y[c] == 1 && label < 0), who, ": the target of ", data.where.where(c), " is ", data.y[c],
                ", a label is one 1 among zeros");
        if (data.y[c] == 1) label = c;
        else rival = std::max(rival, z[c]);
      }
      require(label >= 0, who, ": no target of sample ", from / outputs, " is 1, a label is one 1 among zeros");
      all.push_back(static_cast<double>(z[label]) - static_cast<double>(rival));
    }
    return all;
  } else {
    return refuse_model<std::vector<double>>(who, "data term");
  }
}
/// The least for quantile 0, the largest for 1; between order statistics on straight lines.
inline double quantile_of(std::vector<double> values, double quantile) {
  std::sort(values.begin(), values.end());
  const double at = quantile * static_cast<double>(values.size() - 1);
  const std::size_t below = std::min(static_cast<std::size_t>(at), values.size() - 1), above = std::min(below + 1, values.size() - 1);
  return values[below] + (at - static_cast<double>(below)) * (values[above] - values[below]);
}
inline void require_quantile(const char* who, double quantile) {
  require(quantile >= 0 && quantile <= 1, who, ": .quantile is ", quantile, ", it needs to be in [0, 1]");
}
}  // namespace detail

struct ClassifierMarginSettings {
  double quantile = 0;  ///< of the margins: 0 is the least
};
inline auto classifier_margin(const ClassifierMarginSettings& settings = {}) {
  detail::require_quantile("classifier_margin", settings.quantile);
  return probe("margin", {"margin", "normalised_margin"}, [settings](const auto& now) {
    const double margin = detail::quantile_of(detail::margins("classifier_margin", now), settings.quantile);
    return std::array<double, 2>{margin, margin / static_cast<double>(detail::norm(now.values()))};
  });
}

/// Exact to rounding also for small angles: 2 atan2(|a - b|, |a + b|) of unit vectors a and b. NaN while W is zero.
template <class D>
auto angle_to(const Eigen::MatrixBase<D>& reference) {
  Vector<double> unit(reference.size());
  for (Index k = 0; k < unit.size(); ++k) unit[k] = static_cast<double>(reference(k % reference.rows(), k / reference.rows()));
  require(unit.size() > 0 && detail::norm(unit) > 0, "angle_to: the reference is empty or zero");
  unit /= detail::norm(unit);
  return probe("angle", [unit](const auto& now) {
    require(now.values().size() == unit.size(), "angle_to: the reference has ", unit.size(), " numbers, W ", now.values().size());
    const Vector<double> w = now.values().template cast<double>() / static_cast<double>(detail::norm(now.values()));
    return 2 * std::atan2((w - unit).norm(), (w + unit).norm());
  });
}

}  // namespace tacit
