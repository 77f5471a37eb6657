// SPDX-License-Identifier: MIT
#pragma once
// NormalisedGradient:  update = u / (|u| + eps), 0 where u = 0: the direction of the gradient, at the length of the rate.
//   .norm_of = NormOf::all      one Euclidean norm over all parameters
//   .norm_of = NormOf::block    one for each block of theta (each factor)
// No state. With eps = 0, multiplying the loss by a power of two changes no bit.  [Nesterov 1984 for the global form]

#include <vector>

#include "entrywise.hpp"
#include "full_gradient.hpp"
#include "learning_rate.hpp"
#include "required.hpp"

namespace tacit {

enum class NormOf { all, block };
template <>
inline constexpr std::array names_of<NormOf>{"all", "block"};

struct NormalisedGradient {
  using stage = TransformTag;
  static constexpr std::string_view name = "NormalisedGradient";
  double eps = 0;
  NormOf norm_of = NormOf::all;

  template <class Archive>
  void persist(Archive& archive) {
    archive("eps", eps);
    archive("norm_of", norm_of);
  }

  struct State {
    std::vector<std::pair<Index, Index>> blocks;  ///< offset and count; none where the norm is of all
    template <class Archive>
    void persist(Archive&) {}
  };
  template <Scalar S>
  State start(const Layout& layout) const {
    detail::require_not_negative("NormalisedGradient", "eps", eps);
    State state;
    if (norm_of == NormOf::block)
      for (const Block& block : layout) state.blocks.emplace_back(block.offset, block.count);
    return state;
  }
  template <Scalar S>
  void apply(Step<S>& step, State& state) const {
    if (norm_of == NormOf::all) {
      const double length = std::abs(static_cast<double>(step.factor())) * static_cast<double>(step.direction().norm());
      return step.scale(static_cast<S>(inverse(length)));
    }
    Vector<S>& u = step.own();
    for (const auto& [offset, count] : state.blocks) {
      auto block = u.segment(offset, count);
      block *= static_cast<S>(inverse(static_cast<double>(block.norm())));
    }
  }

 private:
  double inverse(double length) const { return length == 0 ? 0 : 1 / (length + eps); }
};

struct NormalisedGradientSettings {
  Required<double> rate;
  double eps = 0;
  NormOf norm_of = NormOf::all;
};
inline auto normalised_gradient(NormalisedGradientSettings o) {
  return FullGradient{} | NormalisedGradient{o.eps, o.norm_of} | LearningRate{ConstantRate{o.rate}};
}

}  // namespace tacit
