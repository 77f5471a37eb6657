// SPDX-License-Identifier: MIT
#pragma once
// GroupRMSprop: one scalar accumulator for all parameters, so the direction stays the gradient's and only the length adapts.
//   v <- a v + (1 - a) |u|^2,   update = u / (sqrt(v / (1 - a^t)) + eps)                         [Arora et al. 2019, authors' code]
// eps has no default because the papers differ: 1e-4 in Arora et al. 2019, 1e-6 in Razin & Cohen 2020 and Razin et al. 2021, 2022.
// With eps = 0, multiplying the loss by a power of two changes no bit. Near convergence the step length stays normalised, so the loss can oscillate across a tight tolerance.

#include <cmath>
#include <limits>

#include "momentum.hpp"

namespace tacit {

struct GroupRmsScale {
  using stage = TransformTag;
  static constexpr std::string_view name = "GroupRmsScale";
  double eps = std::numeric_limits<double>::quiet_NaN();
  double decay = 0.99;

  template <class Archive>
  void persist(Archive& archive) {
    archive("eps", eps);
    archive("decay", decay);
  }

  struct State {
    double v = 0;
    Index t = 0;
    template <class Archive>
    void persist(Archive& archive) {
      archive("v", v);
      archive("t", t);
    }
  };
  template <Scalar S>
  State start(const Layout&) const {
    require(eps >= 0,
            "GroupRmsScale: .eps needs to be given and not negative (1e-4 in Arora et al. 2019, 1e-6 in the papers of Razin et al.)");
    detail::require_decay("GroupRmsScale", "decay", decay);
    return {};
  }
  template <Scalar S>
  void apply(Step<S>& step, State& state) const {
    ++state.t;
    const double factor = static_cast<double>(step.factor());
    const double squared = factor * factor * static_cast<double>(step.direction().squaredNorm());
    state.v = decay * state.v + (1 - decay) * squared;
    const double s = std::sqrt(state.v / (1 - std::pow(decay, static_cast<double>(state.t)))) + eps;
    step.scale(static_cast<S>(s == 0 ? 0 : 1 / s));
  }
};

}  // namespace tacit
