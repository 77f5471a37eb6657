// SPDX-License-Identifier: MIT
#pragma once
// Ratings at scale: factors and biases trained together, rating by rating (block_sgd.hpp), in units of the spread of the training ratings:
//   prediction = mu + b_i + c_j + (W_N ... W_1)_ij,   N = 2 or 3,   minimising  1/2 squared error + decay/2 |factors|^2 + bias_decay/2 (|b|^2 + |c|^2).
// Chosen on validation ratings: the width (at depth 2 the sharper choice than the decay: a model that is too wide pays for what it leaves out by shrinking
// what it keeps), both decays, and whether the decay is weighted by counts. The search walks from a middle setting as long as the validation
// error falls, widths in octaves, each with decays of its own, then in single steps: some 30 fits of about 10 epochs. Every fit starts anew and goes on until two
// epochs have gained less than 1/500 of the validation error each, then for three more at a half, a quarter and an eighth of the rate. Decays are counted from  sqrt(m / n1) + sqrt(m / n2),  about the largest singular value of noise at the observed entries.
// A depth of 3 penalises  sum_k sigma_k^(2/3)  instead of the sum of singular values [Shang, Liu & Cheng 2016]: large ones shrink less, and the width matters
// less, so that octaves will do.
//
//   auto tuned = tune_ratings(train, validation, {.depth = 2});   RatingsFit fit = refit(tuned.fit, everything, {.depth = 2});

#include "../core/budget.hpp"
#include "../solver/validation.hpp"
#include "deep_fit.hpp"

namespace tacit {

/// A setting that can be fitted.
struct RatingsChoice {
  Index width = 8;
  double decay = 0.4;     ///< relative to sqrt(m / n1) + sqrt(m / n2)
  double bias_decay = 2;  ///< how many ratings of zero a bias is worth
  bool weighted = false;  ///< decay by rating instead of by row and column
};

/// Its centre is the trained biases.
struct RatingsFit {
  DeepFit deep;
  RatingsChoice choice;
  Index epochs = 0;  ///< made to get here

  std::string settings() const { return deep.told; }
  Vector<double> predict(const Entries& at) const { return deep.predict(at); }
};

struct RatingsTrial {
  RatingsChoice choice;
  double validation_rmse;
};

struct RatingsGrid {
  Index depth = 2;
  Index width = 0;  ///< of the hidden layers; 0: chosen, up to `widest`. At depth 3, where an epoch costs its square, either is at most 16
  Index widest = 64;
  Index epochs = 40;                                         ///< at most, of a fit of the search
  double rate = 0.3;                                         ///< as BlockSgd::epoch takes it
  double seconds = std::numeric_limits<double>::infinity();  ///< for the search; one fit is always made
  std::uint64_t seed = 1;
  int threads = 1;            ///< the same fit whatever their number; 0: all cores
  bool deterministic = true;  ///< as in BlockSgdSettings
  Pace pace = {};             ///< what `seconds` are counted in
};

/// The best setting on validation ratings, and its fit.
Tuned<RatingsFit, RatingsTrial> tune_ratings(const Data<double>& train, const Data<double>& validation, const RatingsGrid& grid = {});

/// The chosen fit taken further, on other ratings of the same matrix: those it was chosen with, back among the others.
RatingsFit refit(const RatingsFit& chosen, const Data<double>& train, const RatingsGrid& grid);

}  // namespace tacit

#ifndef TACIT_COMPILED
#include "impl/ratings_fit.hpp"
#endif
