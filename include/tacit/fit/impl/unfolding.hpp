// SPDX-License-Identifier: MIT
#pragma once
// The search of unfolding.hpp.

#include "../../core/compiled.hpp"
#include "../tune_als.hpp"
#include "../unfolding.hpp"

namespace tacit {

TACIT_INLINE Tuned<UnfoldedAls, Trial> tune_unfolding(const Data<double, TensorEntries>& train,
                                                      const Data<double, TensorEntries>& validation, const AlsGrid& grid) {
  detail::require_validation("tune_unfolding", train, validation);
  const Shape& shape = train.where.shape();
  require(shape.order() >= 2 && shape.order() <= 16, "tune_unfolding: the tensor is ", shape, ", needs 2 to 16 modes");
  const std::vector<detail::Unfolding> ways = detail::unfoldings(shape);
  require(!ways.empty(), "tune_unfolding: no unfolding of the ", shape, " tensor has at most 10^7 rows and columns");
  Tuned<UnfoldedAls, Trial> best;
  best.validation_rmse = std::numeric_limits<double>::infinity();
  const auto attempt = [&](const detail::Unfolding& way, const AlsGrid& by) {
    auto tuned = tune_als(way.data(train), way.data(validation), by);
    UnfoldedAls fit{std::move(tuned.fit), way.rows};
    best.trials.push_back({fit.name(), tuned.validation_rmse});
    if (tuned.validation_rmse < best.validation_rmse) best.validation_rmse = tuned.validation_rmse, best.fit = std::move(fit);
  };
  AlsGrid brief = grid;
  brief.ranks = {8};
  brief.seconds = grid.seconds / 2 / static_cast<double>(ways.size());
  for (const detail::Unfolding& way : ways) attempt(way, brief);
  AlsGrid full = grid;
  full.seconds = grid.seconds / 2;
  attempt(detail::Unfolding(shape, best.fit.rows), full);
  return best;
}

}  // namespace tacit
