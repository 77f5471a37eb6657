// SPDX-License-Identifier: MIT
#pragma once
// The two functions of tune_tensor.hpp.

#include "../../core/compiled.hpp"
#include "../average_cp.hpp"
#include "../average_unfolding.hpp"
#include "../descend_tensor.hpp"
#include "../tune_tensor.hpp"

namespace tacit {

TACIT_INLINE Tuned<TensorFit, TensorTrial> tune_tensor(const Data<double, TensorEntries>& train,
                                                       const Data<double, TensorEntries>& validation, const TensorGrid& grid) {
  detail::require_validation("tune_tensor", train, validation);
  require(!grid.ranks.empty() && !grid.depths.empty(), "tune_tensor: the grid has ", grid.ranks.size(), " ranks and ", grid.depths.size(),
          " depths");
  require(grid.iterations > 0 && grid.part > 0, "tune_tensor: iterations ", grid.iterations, " and part ", grid.part,
          " need to be positive");
  require(!grid.averaging || grid.kind == TensorKind::cp || grid.kind == TensorKind::tucker,
          "tune_tensor: averaging is for CP and Tucker, not for ", name_of(grid.kind));
  require(grid.order.empty() || (grid.averaging && grid.kind == TensorKind::cp),
          "tune_tensor: modes in order are for CP averaged over its posterior alone");
  for (const LineOrder& one : grid.order)
    require(one.mode >= 0 && one.mode < train.where.shape().order(), "tune_tensor: mode ", one.mode + 1,
            " is said to be in order, the tensor is ", train.where.shape());
  if (grid.averaging && grid.kind == TensorKind::tucker) return detail::average_unfoldings(train, validation, grid);
  if (grid.averaging) {
    detail::CpAverager averager(train, validation, grid);
    averager.search();
    return std::move(averager.best);
  }
  detail::TensorTuner tuner(train, validation, grid);
  tuner.search();
  return std::move(tuner.best);
}

namespace detail {

TACIT_INLINE TensorFit refit_on(const TensorFit& chosen, const Data<double, TensorEntries>& data, const TensorGrid& grid, bool anew) {
  if (chosen.unfolded) {
    const Data<double> matrix = Unfolding(data.where.shape(), chosen.rows).data(data);
    const DeepGrid by{.seed = chosen.seed, .pace = grid.pace};
    return unfolding_model(refit(*chosen.unfolded, matrix, by), data.where.shape(), chosen.rows, chosen.seed);
  }
  const Standardised on(data, centre_like(chosen.centre, data));
  if (!chosen.averaged.empty()) return averaged_again(chosen, on, anew, grid);
  TensorFit fit = chosen;
  fit.iterations = descend(on, grid, fit, chosen.iterations);
  return fit;
}

}  // namespace detail

TACIT_INLINE TensorFit refit(const TensorFit& chosen, const Data<double, TensorEntries>& data, const TensorGrid& grid) {
  return detail::refit_on(chosen, data, grid, false);
}
TACIT_INLINE TensorFit refit_anew(const TensorFit& chosen, const Data<double, TensorEntries>& data, const TensorGrid& grid) {
  return detail::refit_on(chosen, data, grid, true);
}

}  // namespace tacit
