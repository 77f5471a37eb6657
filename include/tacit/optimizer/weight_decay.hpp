// SPDX-License-Identifier: MIT
#pragma once
// WeightDecay as a transform: update <- update + lambda theta. Before a scaling it acts as the penalty lambda/2 |theta|^2; between AdamScale and
// LearningRate it is the decoupled decay of AdamW.                                                    [Loshchilov & Hutter 2019]

#include "chain.hpp"

namespace tacit {

struct WeightDecay {
  using stage = TransformTag;
  double lambda;

  template <Scalar S>
  Nothing start(const Layout&) const {
    require(lambda >= 0, "WeightDecay: lambda is ", lambda, ", it needs to be at least 0");
    return {};
  }
  template <Scalar S>
  void apply(Step<S>& step, Nothing&) const {
    step.own() += static_cast<S>(lambda) * step.theta;
  }
  friend std::ostream& operator<<(std::ostream& out, const WeightDecay& t) { return out << "WeightDecay{" << t.lambda << '}'; }
};

}  // namespace tacit
