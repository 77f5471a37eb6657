// SPDX-License-Identifier: MIT
#pragma once
// Probe on layered models:  path_norm(p)  is  phi_p = (sum over all paths from input to output of prod |w_e|^p)^(1/p), by one pass of ones
// through the entrywise powers of the layers; unchanged by rescaling the incoming weights of a unit by c and the outgoing ones by 1/c.
// [Neyshabur et al. 2015]

#include "../model/paths.hpp"
#include "probe.hpp"

namespace tacit {

inline auto path_norm(double p = 2) {
  require(p > 0 && std::isfinite(p), "path_norm: p is ", p, ", it needs to be positive and finite");
  return probe(sentence("path_norm_", p), [p](const auto& now) { return path_norm(now.model(), now.theta(), p); });
}

}  // namespace tacit
