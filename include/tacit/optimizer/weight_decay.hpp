// SPDX-License-Identifier: MIT
#pragma once
// WeightDecay as a transform: update <- update + lambda theta. Before a scaling it acts as the penalty lambda/2 |theta|^2; between
// AdamScale and LearningRate it is the decoupled decay of AdamW.                                                    [Loshchilov & Hutter
// 2019]

#include "entrywise.hpp"

namespace tacit {

struct WeightDecay {
  using stage = TransformTag;
  static constexpr std::string_view name = "WeightDecay";
  static constexpr bool entrywise = true;
  double lambda;

  template <class Archive>
  void persist(Archive& archive) {
    archive("lambda", lambda);
  }

  template <Scalar S>
  Nothing start(const Layout&) const {
    require(lambda >= 0, "WeightDecay: .lambda is ", lambda, ", it needs to be at least 0");
    return {};
  }
  template <Scalar S>
  void apply(Step<S>& step, Nothing&) const {
    if (lambda == 0) return;
    const S by = static_cast<S>(lambda);
    detail::entry_by_entry(step, [by, theta = step.theta.data()](Index k, S g) { return g + by * theta[k]; });
  }
};

}  // namespace tacit
