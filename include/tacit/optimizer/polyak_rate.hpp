// SPDX-License-Identifier: MIT
#pragma once
// Polyak's rate, for objectives whose least value L* is known (0 for a model that can fit its data):
//   eta = min(largest, (L - L*) / (c g^T u)),    u the update before the rate: |g|^2 where it is the gradient.            [Polyak 1987]
// c = 1 is his; on minibatches L is the batch's, and c = 1/2 with a bound is SPS_max [Loizou et al. 2021, arXiv 2002.10542]. No further call of the oracle.
// Where g^T u is below the machine's precision, or L is not above L*, a minibatch run makes no step, and a run on all data has arrived.

#include <limits>

#include "full_gradient.hpp"
#include "line.hpp"

namespace tacit {

struct PolyakRate {
  using stage = SearchTag;
  static constexpr std::string_view name = "PolyakRate";
  double minimum = 0;  ///< L*
  double c = 1;
  double largest = std::numeric_limits<double>::infinity();

  template <class Archive>
  void persist(Archive& archive) {
    archive("minimum", minimum);
    archive("c", c);
    archive("largest", largest);
  }

  template <class P>
  Nothing start(const P&) const {
    require(std::isfinite(minimum), "PolyakRate: .minimum is ", minimum);
    require(std::isfinite(c) && c > 0, "PolyakRate: .c is ", c, ", it needs to be positive and finite");
    require(largest > 0, "PolyakRate: .largest is ", largest, ", it needs to be positive");
    return {};
  }
  template <class P, Scalar S>
  void search(const P&, typename P::Workspace&, Step<S>& step, Nothing&) const {
    const double product = static_cast<double>(step.factor()) * static_cast<double>(step.gradient.dot(step.direction())),
                 excess = static_cast<double>(step.value.objective) - minimum;
    if (product < 0) return step.stall(sentence("PolyakRate: the direction climbs, the slope along it is ", -product));
    const bool done = product <= std::numeric_limits<S>::epsilon() || excess <= 0;
    if (done && step.full) {
      step.stall(excess <= 0 ? sentence("PolyakRate: the objective is not above the least value ", minimum)
                             : sentence("PolyakRate: the gradient is 0 to the machine's precision"));
      step.arrived = excess <= 0;
      return;
    }
    step.scale(done ? S(0) : -static_cast<S>(std::min(largest, excess / (c * product))));
    step.rate = std::abs(static_cast<double>(step.factor()));
  }
};

struct PolyakSettings {
  double minimum = 0, c = 1, largest = std::numeric_limits<double>::infinity();
};
/// Gradient descent at Polyak's rate.
inline auto polyak(PolyakSettings o = {}) { return FullGradient{} | PolyakRate{o.minimum, o.c, o.largest}; }

}  // namespace tacit
