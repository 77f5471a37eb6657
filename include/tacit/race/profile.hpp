// SPDX-License-Identifier: MIT
#pragma once
// Performance profiles [Dolan & More 2002] as AlgoPerf uses them. For a workload w, here a problem with a seed, and an optimizer s let
// t(w, s) be the work at which s has reached the target, infinity where it has not, and
//   r(w, s) = t(w, s) / min over s' of t(w, s'),      rho_s(tau) = share of all workloads with  r(w, s) <= tau.
// Workloads whose target nobody reached stay in the count, so that no profile gets to 1 then. The score of s is the integral over
// profile, of 1 for who is always first:
//   1 / (tau_max - 1)  integral from 1 to tau_max of rho_s   =   mean over w of  max(0, tau_max - r(w, s)) / (tau_max - 1).

#include <algorithm>
#include <cmath>
#include <limits>
#include <vector>

#include "../core/check.hpp"
#include "../core/scalar.hpp"

namespace tacit {

/// work[w][s]; the ratios r[w][s], infinity where not reached. Less work than `least_of_all`, one gradient, counts as that.
inline std::vector<std::vector<double>> performance_ratios(const std::vector<std::vector<double>>& work, double least_of_all = 1) {
  std::vector<std::vector<double>> ratios = work;
  for (std::vector<double>& row : ratios) {
    require(row.size() == work.front().size(), "performance_ratios: a workload has ", row.size(), " optimizers, the first one has ",
            work.front().size());
    double least = std::numeric_limits<double>::infinity();
    for (double& t : row) {
      require(!(t < 0) && !std::isnan(t), "performance_ratios: the work ", t, " is no amount of work");
      t = std::max(t, least_of_all);  // a start that is there already: work below one gradient is one
      least = std::min(least, t);
    }
    for (double& t : row) t = std::isfinite(t) ? t / least : t;
  }
  return ratios;
}

/// rho_s(tau) of one optimizer.
inline double profile_at(const std::vector<std::vector<double>>& ratios, std::size_t s, double tau) {
  double count = 0;
  for (const std::vector<double>& row : ratios) count += row[s] <= tau;
  return ratios.empty() ? 0 : count / static_cast<double>(ratios.size());
}

/// The integral of rho_s from 1 to tau_max, over tau_max - 1.
inline double profile_score(const std::vector<std::vector<double>>& ratios, std::size_t s, double tau_max) {
  double sum = 0;
  for (const std::vector<double>& row : ratios) sum += std::max(0.0, tau_max - row[s]);
  return ratios.empty() ? 0 : sum / (static_cast<double>(ratios.size()) * (tau_max - 1));
}

}  // namespace tacit
