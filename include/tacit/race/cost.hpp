// SPDX-License-Identifier: MIT
#pragma once
// What questions to a problem cost beside a gradient: the unit of work in a race. measured_cost() times them and rounds to halves, which
// differ from time to time on a busy machine at most where a ratio lies between two: a race measures once a problem and keeps the figures
// with its runs (race.hpp), and whoever needs equal bytes on two machines gives them.

#include "instance.hpp"

namespace tacit {

struct OracleCost {
  double value = 0.5;          ///< the objective alone, as searches ask for it
  double hessian_product = 2;  ///< a Hessian-vector product; a product with the Gauss-Newton matrix counts the same
};

/// The least of `rounds` timings of each, as ratios, rounded to halves, at least 0.5.
OracleCost measured_cost(const RaceInstance& instance, Index rounds = 200);

}  // namespace tacit

#ifndef TACIT_COMPILED
#include "impl/cost.hpp"
#endif
