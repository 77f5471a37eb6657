// SPDX-License-Identifier: MIT
#pragma once
// Completion of tensors without options: tensor factorizations (tensor_fit.hpp) and baselines side by side on k folds (folds.hpp): means of slices, CP by ALS on the
// observed entries, and the matrix completion of the best unfolding. The factorization that is chosen there is tuned once more and fitted to everything.
//
//   auto result = complete(data);   std::cout << result.table();   result.fit.predict(entries)

#include "../baseline/unfolding.hpp"
#include "../observation/split.hpp"
#include "folds.hpp"
#include "method_result.hpp"
#include "tensor_fit.hpp"

namespace tacit {

struct TensorCompletionSettings {
  std::vector<TensorKind> kinds = {TensorKind::cp, TensorKind::tucker, TensorKind::tensor_train, TensorKind::hierarchical};
  std::vector<Index> ranks = {2, 4, 8, 16, 32, 64};  ///< to choose from; of every mode or cut
  std::vector<Index> depths = {2, 3};                ///< of the deep kinds
  Index folds = 5, repeats = 1;                      ///< repeats draw new folds
  double validation = 0.1;                           ///< of each training part
  double budget =
      180;  ///< seconds for the folds, divided evenly among what is left to do; fits end early where that is too little. One fold is always
            ///< finished; the closing fit comes on top. Results depend on the machine where time runs out, else not
  bool baselines = true;
  std::uint64_t seed = 1;
  int threads = 0;  ///< 0: all cores
};

struct TensorCompletionResult {
  std::vector<MethodResult> methods;
  Index folds = 0, folds_asked = 0;  ///< finished, and asked for
  TensorFit fit;
  std::vector<TensorTrial> trials;    ///< of the closing fit
  Vector<double> tested_y, tested_z;  ///< what the chosen method predicted on test folds,
  std::vector<TensorEntries> tested;  ///< and where, fold by fold

  const MethodResult& chosen() const {
    return *std::find_if(methods.begin(), methods.end(), [](const MethodResult& m) { return m.chosen; });
  }
  Table table() const { return method_table(methods, folds); }
};

namespace detail {

inline side_by_side::FoldPlan plan_of(const TensorCompletionSettings& s) { return {s.folds, s.repeats, s.budget, s.seed, s.threads}; }
/// Whether the tensor has an unfolding that a matrix can hold; the others go without that method.
inline bool completes_as_matrix(const Shape& shape) { return shape.order() <= 16 && !unfoldings(shape).empty(); }

}  // namespace detail

TensorCompletionResult complete(const Data<double, TensorEntries>& data, const TensorCompletionSettings& s = {});

}  // namespace tacit

#ifndef TACIT_COMPILED
#include "impl/tensor_complete.hpp"
#endif
