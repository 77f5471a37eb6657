// SPDX-License-Identifier: MIT
#pragma once
// complete() of a tensor.

#include "../../core/compiled.hpp"
#include "../choose_tensor_scaling.hpp"
#include "../complete.hpp"
#include "compare.hpp"
#include "tensor_methods.hpp"

namespace tacit {

TACIT_INLINE TensorCompletionResult complete(const Data<double, TensorEntries>& data, const CompletionSettings& s,
                                             std::vector<TrainTest<double, TensorEntries>> folds) {
  const detail::FoldPlan plan = detail::plan_of(s);
  plan.check("complete", data.y);
  require(!s.kinds.empty(), "complete: no model is given");
  require(s.transform.columns.empty() && s.transform.all <= TransformSettings::Which::none,
          "complete: transforms are for the columns of a matrix, the data are ", data.where.shape());
  require(s.features.none(), "complete: side features are for matrices");
  require(s.iterations > 0, "complete: the iterations are ", s.iterations, ", they need to be positive");
  const ScalingChoice scaling = choose_tensor_scaling(data, s.scaling, s.scaled_modes, std::max(s.validation, 0.1), s.seed, s.pace);
  return detail::compared(data, s, std::move(folds), scaling, detail::estimators_of(s, data, 0));
}

}  // namespace tacit
