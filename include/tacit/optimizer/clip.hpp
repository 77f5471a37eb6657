// SPDX-License-Identifier: MIT
#pragma once
// Clip: an update longer than .norm (Euclidean, over all parameters) is shortened to it,  u min(1, c / |u|).
//   .form = ClipForm::torch    u min(1, c / (|u| + 1e-6)), as PyTorch's clip_grad_norm_
// [Pascanu, Mikolov and Bengio 2013, algorithm 1]

#include "chain.hpp"

namespace tacit {

enum class ClipForm { exact, torch };
template <>
inline constexpr std::array names_of<ClipForm>{"exact", "torch"};

struct Clip {
  using stage = TransformTag;
  static constexpr std::string_view name = "Clip";
  static constexpr bool behind_rate = true;
  double norm;
  ClipForm form = ClipForm::exact;

  template <class Archive>
  void persist(Archive& archive) {
    archive("norm", norm);
    archive("form", form);
  }

  template <Scalar S>
  Nothing start(const Layout&) const {
    require(norm > 0, "Clip: .norm is ", norm, ", it needs to be positive");
    return {};
  }
  template <Scalar S>
  void apply(Step<S>& step, Nothing&) const {
    double length = std::abs(static_cast<double>(step.factor())) * static_cast<double>(step.direction().norm());
    if (form == ClipForm::torch) length += 1e-6;
    if (!(length > norm)) return;
    step.scale(static_cast<S>(norm / length));
    step.rate *= norm / length;  // already set where Clip stands behind LearningRate
  }
};

}  // namespace tacit
