// SPDX-License-Identifier: MIT
#pragma once
// The chosen deep fit once more, on other data (tune_deep.hpp).

#include "../../core/compiled.hpp"
#include "deep_terms.hpp"

namespace tacit {

TACIT_INLINE DeepFit refit(const DeepFit& chosen, const Data<double>& train, const DeepGrid& grid) {
  const DeepChoice& choice = chosen.choice;
  detail::Standardised on(train, detail::centre_of(train, choice.centre));
  const auto prior = detail::feature_prior(grid, choice, train.where);
  if (prior) prior->predict_effects(on.centre, train.where);
  const Shape chosen_on = chosen.model->shape();
  const auto model =
      chosen_on == train.where.shape()
          ? chosen.model
          : std::make_shared<const DeepMatrix<double>>(detail::deep_model(train.where, chosen.model->depth(), chosen.model->bottleneck()));
  DeepFit fit{{on.centre, model, Vector<double>::Zero(model->layout().parameter_count())}, choice, {}, chosen.from_features};
  if (choice.clip) fit.range = detail::range_of(train);
  if (on.empty()) return fit;
  if (choice.by == Simplicity::averaging) {
    std::vector<std::pair<Matrix<double>, Matrix<double>>> factors;
    for (std::size_t r = 0; r < choice.steps.size(); ++r) {
      detail::PosteriorMean posterior(*on.data, choice.width, detail::start_seed(grid.seed, r), detail::terms_of(choice));
      for (Index sweep = 0; sweep < choice.steps[r]; ++sweep) detail::make_sweep(posterior, prior, grid.pace);
      factors.push_back({posterior.At(), posterior.Bt()});
    }
    detail::stack(factors, fit);
    return fit;
  }
  fit.theta = model->near_zero({.product_scale = choice.product_scale, .seed = grid.seed});
  if (choice.by == Simplicity::decay) {
    const double largest = detail::largest_decay(*on.data);
    fit.choice.steps = {0};
    for (double decay = grid.first; decay > 1.0001 * choice.decay; decay *= grid.factor)
      fit.choice.steps[0] += detail::descend(*fit.model, on, decay * largest, grid.iterations, fit.theta, grid.pace);
    fit.choice.steps[0] += detail::descend(*fit.model, on, choice.decay * largest, grid.iterations, fit.theta, grid.pace);
  } else {
    const Problem problem = detail::stopped_problem(*fit.model, on, choice.decay);
    fit.choice.steps = {
        tacit::train(problem, fit.theta, SharpnessRate{.trust = 0.01}, {.iterations = choice.steps[0]}, detail::ask_now_and_then(grid.pace))
            .iterations};
  }
  return fit;
}

}  // namespace tacit
