// SPDX-License-Identifier: MIT
#pragma once
// ClipValue: each entry of the update is brought into [-bound, bound]. No state. As PyTorch's clip_grad_value_ where it stands first.

#include "entrywise.hpp"

namespace tacit {

struct ClipValue {
  using stage = TransformTag;
  static constexpr std::string_view name = "ClipValue";
  static constexpr bool entrywise = true;
  static constexpr bool behind_rate = true;
  double bound = 0;  ///< to be given

  template <class Archive>
  void persist(Archive& archive) {
    archive("bound", bound);
  }

  template <Scalar S>
  Nothing start(const Layout&) const {
    detail::require_positive("ClipValue", "bound", bound);
    return {};
  }
  template <Scalar S>
  void apply(Step<S>& step, Nothing&) const {
    const S c = static_cast<S>(bound);
    detail::entrywise(step, [&](Index, Index, const auto& g) { return g.max(-c).min(c); });
  }
};

}  // namespace tacit
