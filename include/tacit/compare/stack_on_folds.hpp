// SPDX-License-Identifier: MIT
#pragma once
// The stack (stack.hpp) of methods that were tested on folds: its outcome on each finished fold, with the weights of all other folds, and the method that has the weights of
// all. Of a single fold the weights are those of its validation entries.

#include <optional>

#include "fold_outcome.hpp"
#include "stack.hpp"

namespace tacit::detail {

/// A finished fold, and the outcome of every method on it. A method without predictions there (left out, or out of the race) does not enter.
template <class O>
struct FoldView {
  const FoldAtWork<O>* fold;
  const FoldOutcome* outcomes;
};

template <class O>
struct StackOnFolds {
  Estimator<O> method;  ///< cannot be chosen where it is one of its members alone
  std::vector<FoldOutcome> outcomes;
};

/// None: fewer than two methods can enter.
template <class O>
std::optional<StackOnFolds<O>> stack_on_folds(const std::vector<Estimator<O>>& methods, const std::vector<FoldView<O>>& folds) {
  const auto enters = [&](std::size_t m) {
    bool everywhere = methods[m].close && methods[m].adds;
    for (const FoldView<O>& view : folds) everywhere = everywhere && view.outcomes[m].z.size() > 0;
    return everywhere;
  };
  const auto rms = [](const Vector<double>& z, const FoldAtWork<O>& fold) {
    return std::sqrt(in_units(z - fold.y, fold.units).squaredNorm() / static_cast<double>(z.size()));
  };
  std::vector<Matrix<double>> products;
  Index members = 0;
  for (const FoldView<O>& view : folds) {
    std::vector<Vector<double>> residuals(methods.size());
    members = 0;
    for (std::size_t m = 0; m < methods.size(); ++m) {
      if (!enters(m)) continue;
      ++members;
      residuals[m] =
          folds.size() == 1 ? view.outcomes[m].validation_residual : in_units(view.outcomes[m].z - view.fold->y, view.fold->units);
    }
    products.push_back(residual_products(residuals));
  }
  if (members < 2) return {};
  Matrix<double> all = products[0];
  for (std::size_t f = 1; f < products.size(); ++f) all += products[f];
  const StackWeights of_all = stack_weights(all);
  if (of_all.members.empty()) return {};

  StackOnFolds<O> stack{stacked(of_all, methods), {}};
  if (of_all.members.size() == 1) stack.method.close = {};  // that method itself
  for (std::size_t f = 0; f < folds.size(); ++f) {
    const auto& [fold, outcomes] = folds[f];
    const StackWeights unseen = folds.size() > 1 ? stack_weights(all - products[f]) : of_all;
    FoldOutcome outcome{.done = true, .seconds = 0, .settings = stack_in_words(of_all, methods), .z = Vector<double>::Zero(fold->y.size())};
    for (std::size_t k = 0; k < unseen.members.size(); ++k)
      outcome.z += unseen.weights[static_cast<Index>(k)] * outcomes[unseen.members[k]].z;
    for (const std::size_t m : of_all.members) outcome.seconds += outcomes[m].seconds;
    outcome.test_rmse = rms(outcome.z, *fold);
    if (fold->step > 1) {  // of the entries that are kept; a member tells how much harder all of them are
      const FoldOutcome& member = outcomes[unseen.members[0]];
      outcome.test_rmse *= member.test_rmse / rms(member.z, *fold);
    }
    stack.outcomes.push_back(std::move(outcome));
  }
  return stack;
}

}  // namespace tacit::detail
