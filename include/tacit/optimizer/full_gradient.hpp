// SPDX-License-Identifier: MIT
#pragma once
// The gradient of the objective on all data.

#include "chain.hpp"

namespace tacit {

struct FullGradient {
  using stage = SourceTag;
  static constexpr std::string_view name = "FullGradient";
  static constexpr bool always_full = true;  ///< what it draws is always of all observations
  template <class Archive>
  void persist(Archive&) {}

  template <class P>
  Nothing start(const P&) const {
    return {};
  }
  template <class P, Scalar S>
  void draw(const P& problem, typename P::Workspace& ws, Step<S>& step, Nothing&) const {
    step.evaluate(problem, ws);
  }
  friend std::ostream& operator<<(std::ostream& out, const FullGradient&) { return out << name; }
};

}  // namespace tacit
