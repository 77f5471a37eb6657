// SPDX-License-Identifier: MIT
#pragma once
// The gradient flow of a diagonal net by classical Runge-Kutta steps on theta itself.

#include "gradient_flow.hpp"

namespace twins {

template <class P>
tacit::Vector<double> diagonal_flow(const P& problem, const tacit::Vector<double>& start, tacit::Index) {
  return flow_until(problem, start, 2, 4000);
}

}  // namespace twins
