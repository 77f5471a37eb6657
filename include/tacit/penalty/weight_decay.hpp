// SPDX-License-Identifier: MIT
#pragma once
// Weight decay as a term of the objective:  lambda/2 |theta|^2, gradient lambda theta. (The optimizer's transform of that name adds
// lambda theta to an update instead, which differs once the gradient is rescaled: AdamW.)

#include <cmath>

#include "../core/check.hpp"
#include "../core/scalar.hpp"

namespace tacit {

struct WeightDecayPenalty {
  double lambda;
  static constexpr Index polynomial_degree = 2;  ///< in theta

  static const char* name() { return "WeightDecayPenalty"; }

  /// Problem asks before it takes the penalty.
  void check() const {
    require(std::isfinite(lambda) && lambda >= 0, "WeightDecayPenalty: lambda is ", lambda, ", it needs to be at least 0");
  }

  template <Scalar S>
  S value_and_gradient(In<S> theta, Out<S> g) const {
    g += static_cast<S>(lambda) * theta;
    return static_cast<S>(lambda / 2) * theta.squaredNorm();
  }
  template <Scalar S>
  void hessian_times(In<S>, In<S> v, Out<S> hv) const {
    hv += static_cast<S>(lambda) * v;
  }
  template <class Archive>
  void persist(Archive& archive) {
    archive("lambda", lambda);
  }
};

}  // namespace tacit
