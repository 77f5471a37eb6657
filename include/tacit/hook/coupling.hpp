// SPDX-License-Identifier: MIT
#pragma once
// How strongly groups of observations move each other's predictions: the largest cosine between gradients of predictions in different groups,
//   coupling = max |K_kl| / sqrt(K_kk K_ll)   over observations k and l of different groups,   K the tangent kernel (analysis/tangent_kernel.hpp).
// Zero: the groups are learned independently. For the components of the observed entries (groups_by_component of observation/connectivity.hpp) it is zero at
// depth 2, whatever theta is, and positive at depth 3 and more but on diagonal factors.                               [Shin & Yun 2026]
//
//   Trajectory history(loss, coupling(groups_by_component(data.where)));      train(..., every(1000, history));
//
// Cost a call: that of the kernel, m pullbacks and 2 m^2 P flops, for small problems.

#include "../analysis/tangent_kernel.hpp"
#include "../observation/partition.hpp"
#include "probe.hpp"

namespace tacit {

/// Of a kernel between observations; an observation without a gradient, K_kk = 0, counts as 0.
template <Scalar S>
double coupling_of(const Matrix<S>& K, const Partition& groups) {
  require(K.rows() == K.cols(), "coupling_of: the kernel is ", K.rows(), " x ", K.cols(), ", it needs to be square");
  require(groups.count() == K.rows(), "coupling_of: the groups hold ", groups.count(), " observations, the kernel is of ", K.rows());
  double largest = 0;
  for (Index g = 0; g < groups.size(); ++g)
    for (Index h = 0; h < g; ++h)
      for (const Index k : groups[g])
        for (const Index l : groups[h]) {
          const double lengths = std::sqrt(static_cast<double>(K(k, k))) * std::sqrt(static_cast<double>(K(l, l)));
          if (lengths > 0) largest = std::max(largest, std::abs(static_cast<double>(K(k, l))) / lengths);
        }
  return largest;
}

/// Column "coupling": between these groups of the run's observations.
inline auto coupling(Partition groups) {
  require(!groups.empty(), "coupling: there are no groups");
  return probe("coupling", [groups = std::move(groups)](const auto& now) {
    const auto& at = now.problem().data().where;
    require(groups.count() == at.count(), "coupling: the groups hold ", groups.count(), " observations, the run sees ", at.count());
    return coupling_of(tangent_kernel(now.model(), at, now.theta()), groups);
  });
}

}  // namespace tacit
