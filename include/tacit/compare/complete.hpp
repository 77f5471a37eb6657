// SPDX-License-Identifier: MIT
#pragma once
// Completion without options, of a matrix or a tensor: our methods and baselines (impl/methods.hpp, impl/tensor_methods.hpp) side by side (folds.hpp) on k folds or other holdouts
// (holdout.hpp). The method that is chosen there, of those with factors or means, is tuned once more and fitted to everything, and its intervals are calibrated.
//
//   auto result = complete(data);   std::cout << result.table();   result.fit.predict(entries);   result.half_widths.at(i, j): half an interval
//
// Columns get scales unless they share a unit (choose_scaling.hpp), the same for all methods; constant columns are filled with their constant and left out of everything else.

#include "../observation/split.hpp"
#include "completion_result.hpp"
#include "conformal.hpp"

namespace tacit {

/// `folds`: train and test parts to compare the methods on, drawn as the settings say where none are given. The closing fit is to `data`.
CompletionResult complete(const Data<double>& data, const CompletionSettings& s = {}, std::vector<TrainTest<double>> folds = {});
TensorCompletionResult complete(const Data<double, TensorEntries>& data, const CompletionSettings& s = {},
                                std::vector<TrainTest<double, TensorEntries>> folds = {});

}  // namespace tacit

#ifndef TACIT_COMPILED
#include "impl/complete.hpp"
#include "impl/complete_tensor.hpp"
#endif
