// SPDX-License-Identifier: MIT
#pragma once
// How much the entries of a line vary, where a line has few of them:
//   v_i = (sum of its squared deviations + 2 v) / (its degrees of freedom + 2), v the pooled variance.

#include "../solver/scaling.hpp"

namespace tacit::detail {

/// Variance of each line around its mean, shrunk towards the average line, `usual`; a line without entries has the average.
struct LineVariances {
  Vector<double> of;
  double usual = 1;

  explicit LineVariances(const LineMoments& m) : of(m.mean.size()) {
    const Vector<double> freedom = (m.count.array() - 1).cwiseMax(0);
    const Vector<double> squares = (freedom.array() > 0).select(freedom.array() * m.deviation.array().square(), 0.0);
    if (freedom.sum() > 0) usual = squares.sum() / freedom.sum();
    of = (squares.array() + 2 * usual) / (freedom.array() + 2);
  }
};

}  // namespace tacit::detail
