// SPDX-License-Identifier: MIT
#pragma once
// Probes: the capacity measures of a classifier W = W_N ... W_1, over the margin of its training data, and the bounds that they give (model/capacity.hpp).
//   capacity_measures()        capacity_one_inf, _frobenius, _three, _spectral, _schatten, _trace, _path_1, _path_1_5, _path_2
//   capacity_bounds(start)     bound_one_inf, _frobenius, _three, _spectral_21, _spectral_fro; start: the theta that training began from
// The margin is the 5th percentile of the training margins unless said otherwise; where it is not positive a measure says nothing, and is NaN.
//                                                                                                                                   [Neyshabur 2017]

#include "../model/capacity.hpp"
#include "classifier_margin.hpp"

namespace tacit {

struct CapacityMargin {
  double quantile = 0.05;  ///< of the training margins
};

namespace detail {
double margin_for_capacity(const char* who, const auto& now, double quantile) {
  const double margin = quantile_of(margins(who, now), quantile);
  return margin > 0 ? margin : std::numeric_limits<double>::quiet_NaN();
}
}  // namespace detail

inline auto capacity_measures(const CapacityMargin& settings = {}) {
  detail::require_quantile("capacity_measures", settings.quantile);
  return probe("capacity",
               {"capacity_one_inf", "capacity_frobenius", "capacity_three", "capacity_spectral", "capacity_schatten", "capacity_trace",
                "capacity_path_1", "capacity_path_1_5", "capacity_path_2"},
               [settings](const auto& now) -> std::array<double, 9> {
                 if constexpr (Layered<std::decay_t<decltype(now.model())>>)
                   return capacity_measures(now.model(), now.theta(),
                                            detail::margin_for_capacity("capacity_measures", now, settings.quantile))
                       .values();
                 else return detail::refuse_model<std::array<double, 9>>("capacity_measures", "layers whose product is W");
               });
}
template <Scalar S>
auto capacity_bounds(const Vector<S>& start, const CapacityMargin& settings = {}) {
  detail::require_quantile("capacity_bounds", settings.quantile);
  return probe("bound", {"bound_one_inf", "bound_frobenius", "bound_three", "bound_spectral_21", "bound_spectral_fro"},
               [start = std::make_shared<const Vector<S>>(start), settings](const auto& now) -> std::array<double, 5> {
                 if constexpr (Layered<std::decay_t<decltype(now.model())>>)
                   return capacity_bounds(now.model(), now.theta(),
                                          Vector<typename std::decay_t<decltype(now)>::scalar_type>(
                                              start->template cast<typename std::decay_t<decltype(now)>::scalar_type>()),
                                          detail::margin_for_capacity("capacity_bounds", now, settings.quantile),
                                          static_cast<double>(now.problem().count()))
                       .values();
                 else return detail::refuse_model<std::array<double, 5>>("capacity_bounds", "layers whose product is W");
               });
}

}  // namespace tacit
