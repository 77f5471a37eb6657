// SPDX-License-Identifier: MIT
#pragma once
// Sign descent: update = sign(u) entry by entry, with sign(0) = 0, so that each entry of theta moves by the rate or not at all. The
// steepest descent in the
// largest entry's norm; a positive factor on each entry of the gradient changes nothing. No state.
// [Bernstein, Wang, Azizzadenesheli and Anandkumar 2018, algorithm 1]

#include "entrywise.hpp"
#include "full_gradient.hpp"
#include "learning_rate.hpp"
#include "required.hpp"

namespace tacit {

struct SignScale {
  using stage = TransformTag;
  static constexpr std::string_view name = "SignScale";
  static constexpr bool entrywise = true;
  template <class Archive>
  void persist(Archive&) {}

  template <Scalar S>
  Nothing start(const Layout&) const {
    return {};
  }
  template <Scalar S>
  void apply(Step<S>& step, Nothing&) const {
    detail::entry_by_entry(step, [](Index, S g) { return detail::sign_of(g); });
  }
};

struct SignDescentSettings {
  Required<double> rate;
};
inline auto sign_descent(SignDescentSettings o) { return FullGradient{} | SignScale{} | LearningRate{ConstantRate{o.rate}}; }

}  // namespace tacit
