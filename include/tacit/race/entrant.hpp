// SPDX-License-Identifier: MIT
#pragma once
// An entrant of a race: an optimizer with one setting that is searched on a log grid, its rate where it has one, and perhaps
// alternatives of others.
//
//   race_entrant("adam")                                        .rate is searched, around its default
//   race_entrant("muon({.rate = R, .mu = 0.9})")                R marks the setting that is searched
//   race_entrant("momentum({.beta = 0.9|0.99})")                .rate, and after it which of the two
//   race_entrant("lbfgs"), race_entrant("gradient_descent({.rate = 0.1})")       nothing is searched: one trial
//   race_entrant("mine", [](double rate) { return any_optimizer<double>(FullGradient{} | Mine{} | LearningRate{rate}); }, 0.1)
//                                                               one's own, around 0.1
//
// Without R the searched setting is .rate, if the optimizer has one and the text gives none; of those without a rate, .c of
// polyak and sharpness_rate and .mu of levenberg_marquardt. Alternatives count as trials.

#include <cmath>
#include <functional>
#include <string>
#include <utility>
#include <vector>

#include "../optimizer/any_optimizer.hpp"

namespace tacit {

struct Entrant {
  std::string name;                              ///< as it is shown; differs from all others of a race
  std::string searched;                          ///< the setting that is searched; empty: none
  double centre = 1;                             ///< of its grid
  std::vector<std::string> alternatives = {""};  ///< of the other settings, as text; the first one is what the search begins with
  std::function<AnyOptimizer<double>(double value, const std::string& alternative)> make;

  AnyOptimizer<double> at(double value, const std::string& alternative) const { return make(value, alternative); }
  AnyOptimizer<double> at(double value) const { return make(value, alternatives.front()); }
};

/// From text. Throws std::invalid_argument naming what is not known and what is near; every alternative is tried at once.
Entrant race_entrant(const std::string& text);

/// One's own, by what makes it for a value of the searched setting.
inline Entrant race_entrant(std::string name, std::function<AnyOptimizer<double>(double rate)> make, double centre = 0.1) {
  require(!name.empty(), "race_entrant: the name is empty");
  require(static_cast<bool>(make), "race_entrant: '", name, "' has no function that makes it");
  require(std::isfinite(centre) && centre > 0, "race_entrant: the grid of '", name, "' is around ", centre,
          ", that needs to be positive and finite");
  return {std::move(name), "rate", centre, {""}, [make = std::move(make)](double rate, const std::string&) { return make(rate); }};
}

}  // namespace tacit

#ifndef TACIT_COMPILED
#include "impl/entrant.hpp"
#endif
