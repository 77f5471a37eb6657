// SPDX-License-Identifier: MIT
#pragma once
// Averages of the iterates, reported in place of the last one: hooks, finish() and the outcome see the average, while the run goes on from the iterate.
//   UniformAverage      xbar = mean of theta_from, ..., theta_t                                    [Polyak & Juditsky 1992; SWA: Izmailov et al. 2018]
//   ExponentialAverage  xbar <- a xbar + (1 - a) theta_t, the first one a copy; .debias starts at 0 and divides by 1 - a^n
// They edit no update and may stand anywhere behind the source. State: one number per parameter. Watching an average costs an evaluation of its own for each
// hook call that asks for the loss there.

#include "chain.hpp"
#include "momentum.hpp"

namespace tacit {

namespace detail {
template <Scalar S>
struct AverageState {
  Vector<S> mean;
  Index count = 0;  ///< iterates in the mean
  Index seen = -1;  ///< the last iteration that is in it

  template <class Archive>
  void persist(Archive& archive) {
    archive("mean", mean);
    archive("count", count);
    archive("seen", seen);
  }
};
}  // namespace detail

struct UniformAverage {
  using stage = TransformTag;
  static constexpr std::string_view name = "UniformAverage";
  static constexpr bool behind_rate = true;
  static constexpr bool reports = true;
  Index from = 0;  ///< the first iteration that counts; before it the iterate itself is reported

  template <class Archive>
  void persist(Archive& archive) {
    archive("from", from);
  }
  template <Scalar S>
  detail::AverageState<S> start(const Layout& layout) const {
    require(from >= 0, "UniformAverage: .from is ", from, ", it needs to be at least 0");
    return {Vector<S>::Zero(layout.parameter_count())};
  }
  template <Scalar S>
  void apply(Step<S>& step, detail::AverageState<S>& state) const {
    if (step.iteration < from || state.seen == step.iteration) return;
    take_in(step.theta, state.count, state.mean);
    ++state.count;
    state.seen = step.iteration;
  }
  /// The mean with theta_t in it, also where the step at theta_t was not made yet.
  template <Scalar S>
  bool report(const Step<S>& step, const detail::AverageState<S>& state, Vector<S>& out) const {
    if (step.iteration < from) return false;
    out = state.mean;
    if (state.seen != step.iteration) take_in(step.theta, state.count, out);
    return true;
  }

 private:
  template <Scalar S>
  static void take_in(const Vector<S>& theta, Index count, Vector<S>& mean) {
    if (count == 0) mean = theta;
    else mean += (theta - mean) / static_cast<S>(count + 1);
  }
};

struct ExponentialAverage {
  using stage = TransformTag;
  static constexpr std::string_view name = "ExponentialAverage";
  static constexpr bool behind_rate = true;
  static constexpr bool reports = true;
  double decay = 0.999;
  bool debias = false;

  template <class Archive>
  void persist(Archive& archive) {
    archive("decay", decay);
    archive("debias", debias);
  }
  template <Scalar S>
  detail::AverageState<S> start(const Layout& layout) const {
    detail::require_decay("ExponentialAverage", "decay", decay);
    return {Vector<S>::Zero(layout.parameter_count())};
  }
  template <Scalar S>
  void apply(Step<S>& step, detail::AverageState<S>& state) const {
    if (state.seen == step.iteration) return;
    take_in(step.theta, state.count, state.mean);
    ++state.count;
    state.seen = step.iteration;
  }
  template <Scalar S>
  bool report(const Step<S>& step, const detail::AverageState<S>& state, Vector<S>& out) const {
    out = state.mean;
    Index count = state.count;
    if (state.seen != step.iteration) take_in(step.theta, count++, out);
    if (debias) out /= static_cast<S>(1 - std::pow(decay, static_cast<double>(count)));
    return true;
  }

 private:
  template <Scalar S>
  void take_in(const Vector<S>& theta, Index count, Vector<S>& mean) const {
    if (count == 0 && !debias) mean = theta;
    else mean += static_cast<S>(1 - decay) * (theta - mean);
  }
};

}  // namespace tacit
