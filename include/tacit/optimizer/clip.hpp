// SPDX-License-Identifier: MIT
#pragma once
// Clip: an update longer than .norm (Euclidean, over all parameters) is shortened to it.

#include "chain.hpp"

namespace tacit {

struct Clip {
  using stage = TransformTag;
  static constexpr std::string_view name = "Clip";
  static constexpr bool behind_rate = true;
  double norm;

  template <class Archive>
  void persist(Archive& archive) {
    archive("norm", norm);
  }

  template <Scalar S>
  Nothing start(const Layout&) const {
    require(norm > 0, "Clip: .norm is ", norm, ", it needs to be positive");
    return {};
  }
  template <Scalar S>
  void apply(Step<S>& step, Nothing&) const {
    const double length = std::abs(static_cast<double>(step.factor())) * static_cast<double>(step.direction().norm());
    if (!(length > norm)) return;
    step.scale(static_cast<S>(norm / length));
    step.rate *= norm / length;  // already set where Clip stands behind LearningRate
  }
};

}  // namespace tacit
