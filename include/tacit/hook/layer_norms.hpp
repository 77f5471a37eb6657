// SPDX-License-Identifier: MIT
#pragma once
// Probes on the weights themselves: norms of units and layers of layered models (model/layer_norms.hpp, model/capacity.hpp; path norms: hook/path_norm.hpp),
// and of theta for any model. 0 < p, q <= infinity; below 1 they are quasi-norms.                                                        [Neyshabur 2017]
//   group_norm(p, q)            over all units                 layer_norms(p, q)      layer_norm_1, ..., layer_norm_N
//   layer_norm_product(p, q)    prod_l                         schatten_product(p)    prod_l of Schatten norms, infinity: spectral
//   parameter_lp_norm(p)        (sum |theta_i|^p)^(1/p)        distances_from(start)  distance_1, ..., |block - its start|_F of every block

#include "../model/layer_norms.hpp"
#include "probe.hpp"

namespace tacit {

inline auto group_norm(double p, double q) {
  detail::require_exponent("group_norm", "p", p);
  detail::require_exponent("group_norm", "q", q);
  return probe(sentence("group_norm_", p, '_', q), [p, q](const auto& now) -> double {
    if constexpr (Layered<std::decay_t<decltype(now.model())>>) return group_norm(now.model(), now.theta(), p, q);
    else return detail::refuse_model<double>("group_norm", "layers whose product is W");
  });
}
inline auto layer_norms(double p, double q) {
  detail::require_exponent("layer_norms", "p", p);
  detail::require_exponent("layer_norms", "q", q);
  return probe("layer_norm", [p, q](const auto& now) -> Vector<double> {
    if constexpr (Layered<std::decay_t<decltype(now.model())>>) {
      Vector<double> norms(now.layout().size());
      for (Index l = 0; l < norms.size(); ++l) norms[l] = layer_norm(now.model(), now.theta(), l, p, q);
      return norms;
    } else {
      return detail::refuse_model("layer_norms", "layers whose product is W");
    }
  });
}
inline auto layer_norm_product(double p, double q) {
  detail::require_exponent("layer_norm_product", "p", p);
  detail::require_exponent("layer_norm_product", "q", q);
  return probe(sentence("layer_norm_product_", p, '_', q), [p, q](const auto& now) -> double {
    if constexpr (Layered<std::decay_t<decltype(now.model())>>) return layer_norm_product(now.model(), now.theta(), p, q);
    else return detail::refuse_model<double>("layer_norm_product", "layers whose product is W");
  });
}
inline auto schatten_product(double p) {
  detail::require_exponent("schatten_product", "p", p);
  return probe(sentence("schatten_product_", p), [p](const auto& now) -> double {
    if constexpr (Layered<std::decay_t<decltype(now.model())>>) return schatten_product(now.model(), now.theta(), p);
    else return detail::refuse_model<double>("schatten_product", "layers whose product is W");
  });
}
inline auto parameter_lp_norm(double p) {
  detail::require_exponent("parameter_lp_norm", "p", p);
  return probe(sentence("parameter_lp_norm_", p), [p](const auto& now) { return detail::lp(now.theta(), p); });
}
template <Scalar S>
auto distances_from(const Vector<S>& start) {
  return probe("distance", [start = std::make_shared<const Vector<S>>(start)](const auto& now) {
    require(start->size() == now.theta().size(), "distances_from: the start has ", start->size(), " parameters, theta ",
            now.theta().size());
    Vector<double> distances(now.layout().size());
    for (Index l = 0; l < distances.size(); ++l) {
      const Block& block = now.layout()[l];
      distances[l] = static_cast<double>(detail::distance(now.theta().data() + block.offset, start->data() + block.offset, block.count));
    }
    return distances;
  });
}

}  // namespace tacit
