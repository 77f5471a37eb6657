// SPDX-License-Identifier: MIT
#pragma once
// Which deep fit: everything in a DeepChoice is chosen by the root mean square error on validation entries, one thing after another, each kept where it
// lowers the error: centre, initial scale, width and (depth 3+) penalty; the decay of a path (depth 2) and the iteration to stop at within each.
// Averaged fits: every centre at a small width; then the width, doubled while that helps, the other centres at it; then further restarts, averaged where
// that helps (a start that gains less than one part in 3000 is the last). Of ratings, biases and effects of the pattern of observation are chosen beside the
// centre, and others are tried at the chosen width where they came close at the small one.
// With side features (solver/feature_prior.hpp) also their ridge, before the restarts; effects of the pattern are not tried then.
// `seconds` bounds the search: what is then best is taken. refit() makes the chosen fit once more on other data.

#include "../core/budget.hpp"
#include "../observation/line_features.hpp"
#include "../solver/validation.hpp"
#include "deep_fit.hpp"

namespace tacit {

struct DeepGrid {
  Index depth = 2;
  Simplicity by = Simplicity::decay;  ///< depth 3+: stopping, whatever stands here
  Index width = 0;                    ///< of the hidden layers; 0: chosen, at most min(n1, n2, 100)
  double factor = 0.75;               ///< from one decay to the next
  double first = 0.3;                 ///< the first decay, relative to the one at which W = 0
  double smallest = 2e-3;             ///< the last
  Index worse = 3;                    ///< decays without improvement after which a path ends
  Index iterations = 300;             ///< at most, at each decay; stopping: ten times that; averaging: as many sweeps
  Index patience = 12;                ///< averaging: sweeps without an improvement by 1/2000 after which a start is given up
  Index restarts = 12;                ///< averaging: of the chosen width, while validation falls
  std::vector<Centring> centres = {Centring::mean, Centring::effects, Centring::none};  ///< averaging: those to try, in this order
  bool ratings = false;  ///< averaging: tries biases as components, with each of `patterns`
  std::vector<Pattern> patterns = {Pattern::none, Pattern::both};
  bool clip = false;                                       ///< averaging: tries predictions that end at the range of the data
  std::shared_ptr<const SideFeatures> features = nullptr;  ///< averaging: in the prior of the factors
  std::vector<double> ridges = {30, 3, 300};               ///< of the features, in lines; the first one stands while all else is chosen
  double seconds = std::numeric_limits<double>::infinity();
  std::uint64_t seed = 1;
  Pace pace = {};  ///< what `seconds` are counted in
};

struct DeepTrial {
  DeepChoice choice;
  double validation_rmse;
};

/// The chosen fit once more, on other data: the same path down to the same decay, or as many iterations or sweeps.
DeepFit refit(const DeepFit& chosen, const Data<double>& train, const DeepGrid& grid);

/// The best fit of one depth on validation entries. Cost in gradients: depth 2 some 3000, deeper ones up to 12,000; averaged, some 100 sweeps.
Tuned<DeepFit, DeepTrial> tune_deep(const Data<double>& train, const Data<double>& validation, const DeepGrid& grid = {});

}  // namespace tacit

#ifndef TACIT_COMPILED
#include "impl/refit_deep.hpp"
#include "impl/tune_deep.hpp"
#endif
