// SPDX-License-Identifier: MIT
#pragma once
// An oracle whose gradient stands still, and the source for it: nothing but the optimizer is left to measure.

#include <tacit/core/layout.hpp>
#include <tacit/optimizer/chain.hpp>

namespace bench {

struct StandingGradient {
  using scalar_type = double;
  struct Workspace {
    double gradients = 0;
  };
  tacit::Layout blocks;
  const tacit::Layout& layout() const { return blocks; }
};
struct FromStandingGradient {
  using stage = tacit::SourceTag;
  static constexpr std::string_view name = "FromStandingGradient";
  template <class Archive>
  void persist(Archive&) {}
  tacit::Nothing start(const StandingGradient&) const { return {}; }
  template <tacit::Scalar S>
  void draw(const StandingGradient&, StandingGradient::Workspace&, tacit::Step<S>&, tacit::Nothing&) const {}
};

}  // namespace bench
