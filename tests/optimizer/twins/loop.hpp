// SPDX-License-Identifier: MIT
#pragma once
// The loop around the rules that are written out here: rule(t, theta, g) makes step t = 1, 2, ... from the gradient at theta.

#include <tacit/core/scalar.hpp>

#include <algorithm>
#include <cmath>
#include <vector>

namespace twins {

using tacit::Index;
using Numbers = std::vector<double>;  ///< one for each parameter

template <class P, class Rule>
tacit::Vector<double> descend(const P& problem, tacit::Vector<double> theta, Index steps, Rule&& rule) {
  auto ws = problem.workspace();
  tacit::Vector<double> g(theta.size());
  for (Index t = 1; t <= steps; ++t) {
    problem.value_and_gradient(theta, ws, g);
    rule(t, theta, g);
  }
  return theta;
}
/// The same for rules that treat every entry alike: rule(t, k, theta_k, g_k) makes the step of entry k.
template <class P, class Rule>
tacit::Vector<double> descend_by_entry(const P& problem, const tacit::Vector<double>& start, Index steps, Rule&& rule) {
  return descend(problem, start, steps, [&](Index t, tacit::Vector<double>& theta, const tacit::Vector<double>& g) {
    for (Index k = 0; k < theta.size(); ++k) rule(static_cast<double>(t), static_cast<std::size_t>(k), theta[k], g[k]);
  });
}
inline Numbers zeros(const tacit::Vector<double>& like) { return Numbers(static_cast<std::size_t>(like.size()), 0.0); }
inline double sign(double x) { return x > 0 ? 1 : x < 0 ? -1 : 0; }

}  // namespace twins
