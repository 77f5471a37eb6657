// SPDX-License-Identifier: MIT
#pragma once
// ScaledGD of two factors W = W2 W1 by hand, with the inverses written out.

#include <Eigen/LU>

#include "matrices.hpp"

namespace twins {

template <class P>
tacit::Vector<double> scaled_by(double rate, double delta, const P& problem, const tacit::Vector<double>& start, Index steps) {
  return descend(problem, start, steps, [&](Index, tacit::Vector<double>& theta, tacit::Vector<double>& g) {
    const auto& layout = problem.layout();
    const Square R = layout.matrix(theta, 0), L = layout.matrix(theta, 1), I = delta * Square::Identity(R.rows(), R.rows());
    const Square of_R = R * R.transpose() + I, of_L = L.transpose() * L + I;
    layout.matrix(theta, 0) -= rate * of_L.inverse() * layout.matrix(g, 0);
    layout.matrix(theta, 1) -= rate * layout.matrix(g, 1) * of_R.inverse();
  });
}
template <class P>
tacit::Vector<double> scaled_gd(const P& problem, const tacit::Vector<double>& start, Index steps) {
  return scaled_by(0.05, 0, problem, start, steps);
}
template <class P>
tacit::Vector<double> damped_scaled_gd(const P& problem, const tacit::Vector<double>& start, Index steps) {
  return scaled_by(0.05, 0.3, problem, start, steps);
}

}  // namespace twins
