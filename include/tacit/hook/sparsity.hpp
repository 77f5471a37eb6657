// SPDX-License-Identifier: MIT
#pragma once
// Probes on how sparse x = W is, where it stands, and what the flow of a diagonal net conserves.
//   l1_norm                     sum |x_i|
//   quasi_norm(p)               (sum |x_i|^p)^(1/p), 0 < p <= 1 as a rule
//   selection_sum(p)            sum g_p(x_i), which the net of depth p minimises among the minimisers of the l1 norm, as its start shrinks   [Wind et al. 2023]
//   distance_of_x(reference)    |x - reference|_2
//   residual_norm(problem)      |A(x) - y|_2 on the data
//   effective_scale             alpha_i = sqrt |u_i v_i|: its minimum (effective_scale_1) and geometric mean (effective_scale_2) [Karakida et al. 2023, alpha_eff]
//   invariant_drift(theta_0)    max_i |I_i / I_i(0) - 1|,  I = u v at depth 2, |u|^(2-p) + |v|^(2-p) above: zero along the flow
// x is formed densely. The last two are for DiagonalNet.

#include <algorithm>
#include <array>

#include "../model/diagonal_net.hpp"
#include "../model/selection.hpp"
#include "probe.hpp"

namespace tacit {

namespace detail {
struct L1NormDefinition {
  static constexpr const char* name = "l1_norm";
  static double of(const auto& now) { return static_cast<double>(now.values().template lpNorm<1>()); }
};
struct EffectiveScaleDefinition {
  static constexpr const char* name = "effective_scale";
  static std::array<double, 2> of(const auto& now) {
    const Layout& layout = now.layout();
    const Index d = layout[0].count;
    require(now.shape().fits({d}) && layout.size() == 2 && layout[1].count == d, "effective_scale: theta is ", layout,
            ", the probe looks at two vectors u and v as long as x, as DiagonalNet and DiagonalProduct of depth 2 have them");
    double least = INFINITY, logs = 0;
    for (Index i = 0; i < d; ++i) {
      const double u = std::abs(static_cast<double>(now.theta()[i])), v = std::abs(static_cast<double>(now.theta()[d + i]));
      const double alpha = squares_in_range(u * v) ? std::sqrt(u * v) : std::sqrt(u) * std::sqrt(v);
      least = std::min(least, alpha);
      logs += std::log(alpha);
    }
    return {least, std::exp(logs / static_cast<double>(d))};
  }
};
}  // namespace detail
inline constexpr detail::FixedProbe<detail::L1NormDefinition> l1_norm{};
inline constexpr detail::FixedProbe<detail::EffectiveScaleDefinition> effective_scale{};

/// Throws where p is not positive.
inline auto quasi_norm(double p) {
  require(std::isfinite(p) && p > 0, "quasi_norm: p is ", p, ", it needs to be positive and finite");
  return probe(sentence("quasi_norm_", p), [p](const auto& now) { return detail::p_norm(now.values(), p); });
}

/// Throws where p is below 2 or infinite.
inline auto selection_sum(double p) {
  require(std::isfinite(p), "selection_sum: p is ", p, ", it needs to be finite");
  return probe(sentence("selection_sum_", p), [selection = Selection<double>(p)](const auto& now) {
    double sum = 0;
    for (const auto x : now.values()) sum += selection.g(static_cast<double>(x));
    return sum;
  });
}

template <Scalar S>
auto distance_of_x(const Vector<S>& reference) {
  require(reference.size() > 0, "distance_of_x: the reference is empty");
  return probe("distance_of_x", [reference = std::make_shared<const Vector<S>>(reference)](const auto& now) {
    require(now.values().size() == reference->size(), "distance_of_x: the reference has ", reference->size(), " entries, x ",
            now.values().size());
    return static_cast<double>(detail::norm(now.values().template cast<S>() - *reference));
  });
}

template <class P>
auto residual_norm(const P& problem) {
  // A copy of the problem shares its data; the buffers are this probe's own.
  return probe("residual_norm", [problem, ws = problem.model().workspace(problem.data().where),
                                 z = Vector<typename P::scalar_type>(problem.data().count())](const auto& now) mutable {
    require(now.theta().size() == problem.dimension(), "residual_norm: its problem has ", problem.dimension(), " parameters, theta ",
            now.theta().size());
    problem.model().evaluate(now.theta(), problem.data().where, ws, z);
    return static_cast<double>(detail::norm(z - problem.data().y));
  });
}

template <Scalar S>
auto invariant_drift(const Vector<S>& start) {
  return probe("invariant_drift", [start = std::make_shared<const Vector<S>>(start)](const auto& now) {
    require(now.theta().size() == start->size(), "invariant_drift: the start has ", start->size(), " parameters, theta ",
            now.theta().size());
    using M = std::decay_t<decltype(now.model())>;
    if constexpr (!std::same_as<M, DiagonalNet<typename M::scalar_type>>) {
      return detail::refuse_model<double>("invariant_drift", "u and v of a DiagonalNet");
    } else {
      const double p = now.model().depth();
      const Index d = now.model().rows();
      // Both are homogeneous: of theta / s, s the larger of |u| and |v| at the start, so that no power leaves the range.
      const auto invariant = [&](const Vector<S>& theta, Index i, double s) {
        const double u = static_cast<double>(theta[i]) / s, v = static_cast<double>(theta[d + i]) / s;
        return p == 2 ? u * v : std::pow(std::abs(u), 2 - p) + std::pow(std::abs(v), 2 - p);
      };
      double worst = 0;
      for (Index i = 0; i < d; ++i) {
        const double s = static_cast<double>(std::max(std::abs((*start)[i]), std::abs((*start)[d + i])));
        worst = std::max(worst, std::abs(invariant(now.theta(), i, s) / invariant(*start, i, s) - 1));
      }
      return worst;
    }
  });
}

}  // namespace tacit
