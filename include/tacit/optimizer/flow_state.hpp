// SPDX-License-Identifier: MIT
#pragma once
// What the integrators of the gradient flow  theta' = -grad objective(theta)  share: one accepted step is one iteration of a run, whose rate is the step's
// length h, so that flow_time is the time of the flow. The gradient at an accepted trial is the next iteration's. Steps are chosen by a PI controller of
//   error = rms_i ( local error of theta_i / (atol + rtol max(|theta_i|, |trial_i|)) )  <=  1           [Hairer & Wanner, Solving ODEs II, IV.2]
// A step shorter than rounding can resolve ends the run at the last theta (Reason::stalled); arrival at the end time ends it as a limit does.

#include <algorithm>
#include <cmath>
#include <limits>

#include "chain.hpp"

namespace tacit::detail {

/// The tolerances are checked in the words of the source.
inline void require_flow(const char* who, double rtol, double atol, double time) {
  require(rtol > 0 && rtol < 1, who, ": .rtol is ", rtol, ", it needs to be positive and below 1");
  require(std::isfinite(atol) && atol >= 0, who, ": .atol is ", atol, ", it needs to be 0 or more, and finite");
  require(time > 0, who, ": .time is ", time, ", it needs to be positive");
}

template <Scalar S>
struct FlowState {
  double h = 0;  ///< the next step to try; 0 before the first one
  double last_error = 1e-4;
  double time = 0, next_time = 0;  ///< of theta_t, and where the accepted step leads

  template <class Archive>
  void persist(Archive& archive) {
    archive("h", h);
    archive("last_error", last_error);
    archive("time", time);
    archive("next_time", next_time);
  }

  /// Value and gradient at theta_t, from the last step where that led there; false where they are not finite.
  template <class P>
  bool resume(const P& problem, typename P::Workspace& ws, Step<S>& step) {
    if (step.evaluate(problem, ws)) time = next_time;
    return step.finite();
  }
  /// Ends the run here where the flow has arrived.
  bool arrived(double end, Step<S>& step) const {
    if (time < end) return false;
    step.stall(sentence("the flow reached its end time ", end));
    step.arrived = true;
    return true;
  }
  /// The length to try: h, or what is left until `end`; 0, with the run's end, where time + h would round to time.
  double length(double end, Step<S>& step) const {
    if (h > 4 * std::numeric_limits<double>::epsilon() * time && h > smallest)
      return time + h * (1 + 1e-12) >= end ? end - time : std::min(h, largest);
    step.stall(sentence("the step of the flow fell to ", h, " at time ", time,
                        ": its solution ends there, or the tolerance asks for more digits than there are"));
    return 0;
  }
  /// Whether the step of this length is good enough; h becomes the one to try next. `order` is that of the error, error ~ length^order.
  bool judge(double error, double length, double order, double end) {
    constexpr double beta = 0.04, most = 8;
    const double plain = std::pow(error, 1 / order - 0.75 * beta);
    if (!(error <= 1)) {
      h = length * (std::isfinite(plain) ? std::clamp(0.9 / plain, 0.1, 0.9) : 0.1);
      return false;
    }
    const double next = length * std::clamp(0.9 * std::pow(last_error, beta) / plain, 0.2, most);
    h = time + length >= end ? std::max(h, next) : next;  // a step cut short at the end says nothing about longer ones
    last_error = std::max(error, 1e-4);
    return true;
  }
  /// What the step looked ahead at becomes theta_{t+1}, which the run reaches by the same additions.
  void accept(double length, double end, Step<S>& step) {
    next_time = time + length >= end ? end : time + length;
    step.rate = length;
  }
  /// rms of the local error against the tolerances.
  double norm(const Vector<S>& error, const Vector<S>& theta, const Vector<S>& trial, double rtol, double atol) const {
    double sum = 0;
    for (Index i = 0; i < error.size(); ++i) {
      const double e = static_cast<double>(error[i]);
      const double scale = atol + rtol * std::max(std::abs(static_cast<double>(theta[i])), std::abs(static_cast<double>(trial[i])));
      if (e != 0) sum += e / scale * (e / scale);
    }
    return std::sqrt(sum / static_cast<double>(error.size()));
  }

  static constexpr double smallest = 1e-30, largest = 1e30;
};

}  // namespace tacit::detail
