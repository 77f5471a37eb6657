// SPDX-License-Identifier: MIT
#pragma once
// Flooding: descends |L - level| + level, so that the objective floats around a level instead of falling below it:  u = sign(L - level) g,
// with sign(0) = 0.
// L is the objective of what the source sees: of the batch, where it stands in on_batches.
// [Ishida et al. 2020]
// Close to the level it alternates ascent and descent; such a pair is  theta - eta^2 (g(theta + eta g) - g)/eta, a step along the gradient
// penalty by forward
// differences of length eta (descent first: backward differences).
// [Karakida et al. 2023]
// The loss and gradient that hooks see are those of L. A step costs one gradient.

#include "learning_rate.hpp"
#include "required.hpp"

namespace tacit {

struct Flooding {
  using stage = SourceTag;
  static constexpr std::string_view name = "Flooding";
  double level;

  template <class Archive>
  void persist(Archive& archive) {
    archive("level", level);
  }

  template <class P>
  Nothing start(const P&) const {
    require(std::isfinite(level), "Flooding: .level is ", level, ", it needs to be finite");
    return {};
  }
  template <class P, Scalar S>
  void draw(const P& problem, typename P::Workspace& ws, Step<S>& step, Nothing&) const {
    step.evaluate(problem, ws);
    const double above = static_cast<double>(step.value.objective) - level;
    step.scale(above > 0 ? S(1) : above < 0 ? S(-1) : S(0));
  }
};

struct FloodingSettings {
  Required<double> rate, level;
};
inline auto flooding(FloodingSettings o) { return Flooding{.level = o.level} | LearningRate{ConstantRate{o.rate}}; }

}  // namespace tacit
