// SPDX-License-Identifier: MIT
#pragma once
// One run of the atlas: which solution an optimizer has found, at two moments of a run of a race (run.hpp):
//   target   the first theta whose training loss is at most .target times that of the start; in minibatch runs the loss of all data is
//            looked at once a gradient equivalent
//   end      when the budget of gradient equivalents is spent, the loss is at most .settled times that of the start, or the run diverged
//            or stalled
// A run that never comes to the target has `reached` = 0 and, as its target, what it had at the end: it stays in the table.
//
//   relative_loss    loss over that of the start
//   effective_rank   exp of the entropy of the singular values                                                   [Roy & Vetterli 2007]
//   nuclear_ratio    nuclear norm over the least one        schatten         (sum sigma^(2/L))^(L/2), at depth L
//   unseen_error     relative error on what was not observed
//   sharpness        largest eigenvalue of the Hessian, by products (analysis/sharpness.hpp)
//   edge             sharpness rate / 2, of the last rate that was applied: gradient descent is stable below 1
//   path_norm        (sum over paths of the product of squared weights)^(1/2), of products of layers        [Neyshabur et al. 2015]
//   balancedness     max_l |W_{l+1}^T W_{l+1} - W_l W_l^T|_F / max_l |W_l|_F^2, of two matrices or more
//   l1               sum |x_i| of a vector
// What a model does not have is missing. Cost: the run, and some hundred Hessian-vector products at either moment.

#include <array>
#include <cmath>

#include "atlas_problem.hpp"
#include "run.hpp"

namespace tacit {

struct AtlasBudget {
  double gradients = 10'000;  ///< in gradient equivalents
  double target = 1e-6;       ///< relative to the loss at the start
  double settled = 1e-12;     ///< relative to the loss at the start: a run ends here, what follows is rounding
  OracleCost cost = {};  ///< of a value and a Hessian-vector product; given, not measured, so that an atlas has the same bytes everywhere
  Index sharpness_products = 400;

  void check() const {
    require(gradients > 0 && std::isfinite(gradients), "atlas: .gradients is ", gradients, ", it needs to be positive and finite");
    require(target > 0 && target < 1, "atlas: .target is ", target, ", it needs to lie between 0 and 1");
    require(settled >= 0 && settled <= target, "atlas: .settled is ", settled, ", it needs to lie between 0 and the target");
    require(sharpness_products >= 2, "atlas: .sharpness_products is ", sharpness_products, ", it needs to be at least 2");
  }
  std::string text() const {
    return sentence("gradients ", gradients, ", target ", target, ", settled ", settled, ", value ", cost.value, ", product ",
                    cost.hessian_product, ", sharpness ", sharpness_products);
  }
};

/// What is measured at a moment.
struct AtlasMoment {
  static constexpr std::size_t count = 10;
  static constexpr std::array<const char*, count> names{"relative_loss", "effective_rank", "nuclear_ratio", "schatten",     "unseen_error",
                                                        "sharpness",     "edge",           "path_norm",     "balancedness", "l1"};
  std::array<double, count> values = missing();

  double of(std::string_view name) const {
    for (std::size_t k = 0; k < count; ++k)
      if (name == names[k]) return values[k];
    require(false, "atlas: there is no quantity '", name, "'");
    return 0;
  }

 private:
  static constexpr std::array<double, count> missing() {
    std::array<double, count> all{};
    for (double& v : all) v = std::numeric_limits<double>::quiet_NaN();
    return all;
  }
};

struct AtlasRun {
  bool reached = false;
  double reached_at = std::nan("");  ///< in gradient equivalents
  AtlasMoment target, end;
  RaceRun race;  ///< everything else: why it ended, the curve, theta
};

/// `least_norm`: what nuclear norms are divided by; NaN where it is not known.
AtlasRun atlas_run(const AtlasInstance& instance, const AnyOptimizer<double>& optimizer, double least_norm, const AtlasBudget& budget = {});

}  // namespace tacit

#ifndef TACIT_COMPILED
#include "impl/atlas_run.hpp"
#endif
