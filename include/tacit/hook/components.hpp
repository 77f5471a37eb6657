// SPDX-License-Identifier: MIT
#pragma once
// Probes on the components of tensor factorizations, from theta alone; of a deep factorization, on the factors that its chains multiply to.
//   component_norms(k)              the k largest  prod_n |a_r^n|  of a CP, descending                                       [Razin et al. 2021]
//   local_component_norms(modes, k) the k largest of the hierarchical node above these modes                                  [Razin et al. 2022]
//   slice_norms(mode, k)            the k largest Frobenius norms of a Tucker core's slices, and how many exceed tau:
//   slice_count(mode, tau)                                                                                                    [Hariz et al. 2024]
//   column_norms(mode, k)           the k largest norms of the columns of a mode's factor: CP, Tucker
//   factor_norms()                  |block|_F of every block of theta, in the order of the layout
//   unbalancedness                  max |invariant| over what gradient flow conserves in this model, its invariants(theta): 0 on balanced starts

#include <algorithm>
#include <functional>

#include "probe.hpp"

namespace tacit {

namespace detail {

/// f(model, theta) of the factorization whose components are looked at: the shallow one under a deep one.
template <class P, class F>
decltype(auto) at_factors(const Snapshot<P>& now, F&& f) {
  if constexpr (requires { now.model().shallow(); }) return f(now.model().shallow(), now.model().factors(now.theta()));
  else return f(now.model(), now.theta());
}
/// The k largest, descending; as many as there are.
template <Scalar S>
Vector<S> largest(Vector<S> values, Index k) {
  const Index count = std::min(k, values.size());
  std::partial_sort(values.data(), values.data() + count, values.data() + values.size(), std::greater<>());
  return values.head(count);
}
inline void require_some(const char* who, Index k) { require(k > 0, who, ": k is ", k, ", it needs to be at least 1"); }

struct UnbalancednessDefinition {
  static constexpr const char* name = "unbalancedness";
  static double of(const auto& now) {
    if constexpr (requires { now.model().invariants(now.theta()); }) {
      const Vector<double> all = now.model().invariants(now.theta());
      return all.size() ? all.cwiseAbs().maxCoeff() : 0;
    } else {
      return refuse_model<double>("unbalancedness", "invariants(theta)");
    }
  }
};

}  // namespace detail

inline auto component_norms(Index k) {
  detail::require_some("component_norms", k);
  return probe("component", [k](const auto& now) {
    return detail::at_factors(now, [&](const auto& model, const auto& theta) {
      if constexpr (requires { model.component_norms(theta); }) return detail::largest(model.component_norms(theta), k);
      else return detail::refuse_model("component_norms", "components");
    });
  });
}
/// local_component_norms({0, 1}, 15) at the node above modes 0 and 1: columns local_0_1_1, ...
inline auto local_component_norms(std::vector<Index> modes, Index k) {
  detail::require_some("local_component_norms", k);
  std::string name = "local";
  for (Index n : modes) name += "_" + std::to_string(n);
  return probe(std::move(name), [modes = std::move(modes), k](const auto& now) {
    const auto& model = now.model();
    if constexpr (requires { model.local_component_norms(now.theta(), model.node_of(modes)); })
      return detail::largest(model.local_component_norms(now.theta(), model.node_of(modes)), k);
    else return detail::refuse_model("local_component_norms", "tree of modes");
  });
}
inline auto slice_norms(Index mode, Index k) {
  detail::require_some("slice_norms", k);
  return probe(sentence("slice_", mode), [mode, k](const auto& now) {
    return detail::at_factors(now, [&](const auto& model, const auto& theta) {
      if constexpr (requires { model.slice_norms(theta, mode); }) return detail::largest(model.slice_norms(theta, mode), k);
      else return detail::refuse_model("slice_norms", "core tensor");
    });
  });
}
inline auto slice_count(Index mode, double threshold) {
  return probe(sentence("slice_count_", mode, "_", threshold), [mode, threshold](const auto& now) {
    return detail::at_factors(now, [&](const auto& model, const auto& theta) {
      if constexpr (requires { model.slice_norms(theta, mode); })
        return static_cast<double>((model.slice_norms(theta, mode).template cast<double>().array() > threshold).count());
      else return detail::refuse_model<double>("slice_count", "core tensor");
    });
  });
}
inline auto column_norms(Index mode, Index k) {
  detail::require_some("column_norms", k);
  return probe(sentence("column_", mode), [mode, k](const auto& now) {
    return detail::at_factors(now, [&](const auto& model, const auto& theta) {
      if constexpr (requires { model.column_norms(theta, mode); }) return detail::largest(model.column_norms(theta, mode), k);
      else return detail::refuse_model("column_norms", "factors of single modes");
    });
  });
}
inline auto factor_norms() {
  return probe("factor_norm", [](const auto& now) {
    Vector<double> norms(now.layout().size());
    for (Index l = 0; l < norms.size(); ++l) norms[l] = static_cast<double>(detail::norm(now.layout().flat(now.theta(), l)));
    return norms;
  });
}
inline constexpr detail::FixedProbe<detail::UnbalancednessDefinition> unbalancedness{};

}  // namespace tacit
