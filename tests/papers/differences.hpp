// SPDX-License-Identifier: MIT
#pragma once
// Central differences of the objective, every parameter: what the papers' files ask gradients to agree with.
#include <tacit/problem.hpp>

namespace papers {

template <class P>
tacit::Vector<double> central_differences(const P& problem, tacit::Vector<double> theta) {
  tacit::Vector<double> slope(theta.size());
  auto ws = problem.workspace();
  const double h = 1e-5;
  for (tacit::Index k = 0; k < theta.size(); ++k) {
    const double here = theta[k];
    theta[k] = here + h;
    const double ahead = problem.value(theta, ws).objective;
    theta[k] = here - h;
    slope[k] = (ahead - problem.value(theta, ws).objective) / (2 * h);
    theta[k] = here;
  }
  return slope;
}

}  // namespace papers
