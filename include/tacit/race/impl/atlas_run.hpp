// SPDX-License-Identifier: MIT
#pragma once
// Runs of the atlas (race/atlas_run.hpp).

#include "../../analysis/sharpness.hpp"
#include "../../core/compiled.hpp"
#include "../../hook/factors.hpp"
#include "../../hook/path_norm.hpp"
#include "../../hook/sparsity.hpp"
#include "../../hook/spectrum.hpp"
#include "../atlas_run.hpp"

namespace tacit {

namespace detail {

inline bool multiplies_matrices(const Layout& layout) {
  for (Index l = 0; l < layout.size(); ++l)
    if (layout[l].shape.order() != 2 || (l > 0 && layout[l].shape.cols() != layout[l - 1].shape.rows())) return false;
  return layout.size() > 1;
}

/// All quantities at a theta, by the probes of hook/ and analysis/.
inline AtlasMoment atlas_moment(const RaceSnapshot& now, const AtlasInstance& of, double first_loss, double least_norm,
                                const AtlasBudget& budget) {
  constexpr double none = std::numeric_limits<double>::quiet_NaN();
  const AnyProblem<double>& problem = of.race.problem;
  const Vector<double> values = of.diagonal ? Vector<double>(now.values().cwiseAbs()) : Vector<double>(sigma(now));
  const double sharpest =
      problem.can_curve() ? sharpness(problem, now.theta(), {.tolerance = 1e-4, .products = budget.sharpness_products}).value : none;
  AtlasMoment at;
  at.values = {(now.objective() - of.race.floor) / (first_loss - of.race.floor),
               effective_rank_of(values),
               values.sum() / least_norm,
               static_cast<double>(p_norm(values, 2 / static_cast<double>(now.model().degree()))),
               of.race.validation_error ? of.race.validation_error(now.theta()) : none,
               sharpest,
               now.rate() > 0 ? sharpest * now.rate() / 2 : none,
               now.model().is_layered() ? static_cast<double>(path_norm(2)(now)) : none,
               !of.diagonal && multiplies_matrices(now.layout()) ? relative_balancedness(now) : none,
               of.diagonal ? l1_norm(now) : none};
  return at;
}

}  // namespace detail

TACIT_INLINE AtlasRun atlas_run(const AtlasInstance& instance, const AnyOptimizer<double>& optimizer, double least_norm,
                                const AtlasBudget& budget) {
  budget.check();
  RaceProtocol protocol;
  protocol.gradients = budget.gradients;
  protocol.targets = {budget.target};
  protocol.stop_at_last_target = false;
  AtlasRun run;
  double first = std::nan(""), looked_at = 0;
  const auto watch = [&](const RaceSnapshot& now) {
    const double work = now.gradient_evaluations() + budget.cost.hessian_product * now.hessian_products();
    const bool free = now.drawn_all() && &now.theta() == &now.iterate();
    if (std::isnan(first)) first = now.objective();
    else if (!free && !now.closing() && work < looked_at + 1) return Flow::proceed;
    looked_at = work;
    const double relative = (now.objective() - instance.race.floor) / (first - instance.race.floor);
    if (!run.reached && relative <= budget.target) {
      run.reached = true;
      run.target = detail::atlas_moment(now, instance, first, least_norm, budget);
    }
    if (now.closing()) {
      run.end = detail::atlas_moment(now, instance, first, least_norm, budget);
    }
    return relative <= budget.settled ? Flow::stop : Flow::proceed;
  };
  run.race = race_run(instance.race, optimizer, protocol, budget.cost, watch);
  run.reached = run.reached && run.race.reached.front() < RaceRun::never;  // not where it came too late, or diverged afterwards
  if (run.reached) run.reached_at = run.race.reached.front();
  else run.target = run.end;
  return run;
}

}  // namespace tacit
