// SPDX-License-Identifier: MIT
#pragma once
// The best tensor factorization of one kind, by descent (descend_tensor.hpp) or averaging (average_cp.hpp, average_unfolding.hpp):
//   auto tuned = tune_tensor(train, validation, {.kind = TensorKind::tucker});     TensorFit fit = refit(tuned.fit, everything, grid);

#include "../solver/validation.hpp"
#include "tensor_fit.hpp"

namespace tacit {

/// The best fit of one kind on validation entries.
Tuned<TensorFit, TensorTrial> tune_tensor(const Data<double, TensorEntries>& train, const Data<double, TensorEntries>& validation,
                                          const TensorGrid& grid = {});

/// The chosen fit once more, on other data: the same start, schedule and iterations; of averages of CP, ten sweeps more.
TensorFit refit(const TensorFit& chosen, const Data<double, TensorEntries>& data, const TensorGrid& grid);
/// The same, with nothing in it of the entries that the chosen fit has seen and that are not among the data: what errors on held-out entries are made of.
TensorFit refit_anew(const TensorFit& chosen, const Data<double, TensorEntries>& data, const TensorGrid& grid);

}  // namespace tacit

#ifndef TACIT_COMPILED
#include "impl/tune_tensor.hpp"
#endif
