// SPDX-License-Identifier: MIT
#pragma once
// Alternating least squares with everything chosen on validation. A path goes through falling lambdas, each started from the last one's factors with a
// little noise (directions that a large lambda has extinguished would else stay so); a lambda ends when its sweeps no longer lower the validation error,
// a path when its lambdas do not. At the middle rank of the grid there is one path for each way, {centred, not} x {weighted, not}; at the
// other ranks, each centre whose error is within 2 % of the best goes on with its better weighting around its best lambda, and lambdas in between end the
// search. lambda starts at its largest sensible value: that of W = 0,
//   |P_Omega(y)|_2, weighted  |D_r^{-1/2} P_Omega(y) D_c^{-1/2}|_2 for the numbers of entries D_r, D_c of rows and columns.

#include "../core/budget.hpp"
#include "../solver/als.hpp"
#include "../solver/validation.hpp"

namespace tacit {

struct AlsGrid {
  std::vector<Index> ranks = {2, 5, 10, 20, 40};
  double factor = 0.6;      ///< from one lambda to the next
  double smallest = 1e-3;   ///< the last lambda, relative to the largest
  Index sweeps = 30;        ///< at most, at each lambda
  double tolerance = 1e-3;  ///< relative improvement of the validation error below which sweeps, and lambdas, are given up
  double seconds = std::numeric_limits<double>::infinity();  ///< the best fit so far is then taken
  std::uint64_t seed = 1;
  Pace pace = {};  ///< what `seconds` are counted in
};

struct AlsTrial {
  bool centred, weighted;
  Index rank;
  double lambda;
  Index sweeps;
  double validation_rmse;  ///< the smallest of all sweeps at this lambda
};

/// The iterate with the smallest validation error of all paths: stopped early, so in general not at the minimum for its lambda. fit.sweeps counts those
/// at its lambda.
Tuned<Als, AlsTrial> tune_als(const Data<double>& train, const Data<double>& validation, const AlsGrid& grid = {});

/// The chosen fit once more, on other data: its means, and its path with as many sweeps at each lambda, from a start drawn by the grid's seed.
Als refit(const Als& chosen, const Data<double>& data, const AlsGrid& grid);

}  // namespace tacit

#ifndef TACIT_COMPILED
#include "impl/tune_als.hpp"
#endif
