// SPDX-License-Identifier: MIT
#pragma once
// The search of ratings_fit.hpp, and the fit of what it chose.

#include <array>
#include <map>

#include "../../core/compiled.hpp"
#include "../../io/number.hpp"
#include "../../solver/block_sgd.hpp"
#include "../ratings_fit.hpp"
#include "deep_fit.hpp"

namespace tacit {

namespace detail {

/// One data set made ready: centred by its mean, in units of its spread.
class RatingsFitter {
 public:
  RatingsFitter(const Data<double>& train, const RatingsGrid& grid)
      : centre_(with_scale(global_mean(train), train)), ratings_(train, grid.seed, centre_.mean, empty() ? 1 : centre_.scale), grid_(grid) {
    require(grid.depth == 2 || grid.depth == 3, "tune_ratings: the depth is ", grid.depth, ", rating by rating it can be 2 or 3");
    require(grid.width >= 0 && grid.widest > 0 && grid.epochs > 0, "tune_ratings: width ", grid.width, ", widest ", grid.widest,
            " and epochs ", grid.epochs, " need to be positive");
    require(grid.rate > 0 && std::isfinite(grid.rate), "tune_ratings: the rate is ", grid.rate, ", it needs to be positive and finite");
    const auto m = static_cast<double>(ratings_.count());
    noise_ = std::sqrt(m / static_cast<double>(ratings_.shape()[0])) + std::sqrt(m / static_cast<double>(ratings_.shape()[1]));
  }

  /// Nothing is left to explain once the mean is off.
  bool empty() const { return centre_.scale == 0; }
  double scale() const { return centre_.scale; }

  /// The fit after the epoch that watch(model, theta) finds the least error in. left(): how many more epochs there is time for.
  template <class Watch, class Left>
  RatingsFit fit(const RatingsChoice& choice, const Watch& watch, const Left& left) const {
    const BlockSgd::Model model = model_of(choice);
    // At depth 3 zero is a local minimum of its own: a start much nearer to it would never get away.
    Vector<double> theta = model.start(model.factors().near_zero({.product_scale = grid_.depth == 2 ? 0.1 : 1.0, .seed = grid_.seed}));
    Vector<double> best = Vector<double>::Zero(theta.size());
    Index stopped = 0;
    BlockSgd sgd(model, ratings_, settings(choice));
    double least = std::numeric_limits<double>::infinity(), before = least;
    Index quiet = 0, end = grid_.epochs, last = end - settling;  // epochs with little gain; all of them; those at the whole rate
    for (Index e = 0; e < end && !empty(); ++e) {
      sgd.epoch(theta, grid_.rate * (e < last ? 1 : std::exp2(static_cast<double>(last - e - 1))));
      const double error = watch(model, theta);  // may throw Stopped
      if (error < least) least = error, best = theta, stopped = e + 1;
      // Factors that start near zero stand still for some epochs once the biases are there.
      quiet = error > (1 - 2e-3) * before ? quiet + 1 : 0;
      before = error;
      const double more = left();
      if ((quiet == 2 && e >= 5) || more < settling + 1) last = std::min(last, e + 1);
      end = std::min(last + settling, more < settling ? e + 1 + static_cast<Index>(std::max(more, 0.0)) : end);
    }
    return fit_of(model, best, choice, stopped);
  }

  /// Goes on from a fit to other ratings of the same matrix: half as many epochs as it took, from a quarter of the rate on. A new start could end in another
  /// minimum than the one that was chosen.
  RatingsFit go_on(const RatingsFit& from) const {
    const BlockSgd::Model model = model_of(from.choice);
    const Centre& biases = from.deep.centre;
    Vector<double> theta = model.start(from.deep.theta);
    if (empty()) return fit_of(model, Vector<double>::Zero(theta.size()), from.choice, 0);
    theta[0] = (biases.mean - centre_.mean) / scale();
    for (Index n = 0; n < 2; ++n) model.layout().flat(theta, n + 1) = biases.effects_of(n) / scale();
    BlockSgd sgd(model, ratings_, settings(from.choice));
    const Index epochs = (from.epochs + 1) / 2;
    for (Index e = 0; e < epochs; ++e) {
      grid_.pace.ask();
      sgd.epoch(theta, grid_.rate / 4 * (1 - static_cast<double>(e) / static_cast<double>(epochs)));
    }
    return fit_of(model, theta, from.choice, from.epochs + epochs);
  }

 private:
  static constexpr Index settling = 3;  ///< last epochs, at half, a quarter and an eighth of the rate

  static Centre with_scale(Centre mean, const Data<double>& train) {
    mean.scale = spread_of<Entries>(train.y.array() - mean.mean, train.y);
    return mean;
  }
  BlockSgd::Model model_of(const RatingsChoice& choice) const {
    std::vector<Index> widths(static_cast<std::size_t>(grid_.depth) + 1, choice.width);
    widths.front() = ratings_.shape()[1];
    widths.back() = ratings_.shape()[0];
    return BlockSgd::Model(DeepMatrix<double>(widths));
  }
  BlockSgdSettings settings(const RatingsChoice& choice) const {
    return {choice.decay * noise_, choice.bias_decay, choice.weighted, grid_.seed, grid_.threads, grid_.deterministic};
  }
  /// In the units of the ratings.
  RatingsFit fit_of(const BlockSgd::Model& model, const Vector<double>& theta, const RatingsChoice& choice, Index epochs) const {
    RatingsFit fit{{}, choice, epochs};
    fit.deep.centre = {sentence("trained biases of ridge ", rounded(choice.bias_decay, 3)),
                       centre_.mean + scale() * theta[0],
                       {scale() * model.layout().flat(theta, 1), scale() * model.layout().flat(theta, 2)},
                       scale()};
    fit.deep.model = std::make_shared<const DeepMatrix<double>>(model.factors());
    fit.deep.theta = model.factors(theta);
    fit.deep.told = sentence("width ", fit.deep.model->bottleneck(), ", centred by ", fit.deep.centre.form, ", weight decay ",
                             rounded(choice.decay * noise_, 3), ", ", epochs, " epochs");
    return fit;
  }

  Centre centre_;  // the standardised ratings themselves are in the blocks alone
  BlockedRatings ratings_;
  RatingsGrid grid_;
  double noise_ = 1;
};

/// Walks over settings, each tried once.
class RatingsSearch {
 public:
  RatingsSearch(const Data<double>& train, const Data<double>& validation, const RatingsGrid& grid)
      : fitter_(train, grid), validation_(global_mean(train).subtracted_from(validation)), grid_(grid), budget_(grid.seconds, grid.pace) {
    ratings_ = train.count();
    if (!fitter_.empty()) validation_.y /= fitter_.scale();
    const Index most = std::min(
        {train.where.rows(), train.where.cols(), grid.width > 0 ? grid.width : grid.widest, Index(grid.depth == 2 ? INT32_MAX : 16)});
    for (Index w : {1, 2, 3, 4, 5, 6, 7, 8, 10, 12, 14, 16, 20, 24, 28, 32, 40, 48, 56, 64, 80, 96, 112, 128})
      if (grid.width == 0 && w <= most) widths_.push_back(w);
    if (widths_.empty()) widths_.push_back(most);
    z_.resize(validation.count());
  }

  Tuned<RatingsFit, RatingsTrial> best;

  void run() {
    Setting at{};
    at[width] = std::min<Index>(7, static_cast<Index>(widths_.size()) - 1);  // 8
    // Octaves of width, each with its own decay (a wide model wants a larger one), then single steps. Depth 3, dearer by far, leaves out what matters little.
    walk(at, width, 4, [&](Setting& here) { return walk(here, decay, 2); });
    if (grid_.depth == 2) {
      walk(at, width, 1, [&](Setting& here) { return walk(here, decay, 1); });
      walk(at, bias_decay, 2);
      walk(at, weighted, 1);
    } else {
      walk(at, decay, 1);
    }
  }

 private:
  static constexpr double least_epochs = 4;  ///< with fewer of them a fit is of no use
  enum Coordinate { width, decay, bias_decay, weighted };
  using Setting = std::array<Index, 4>;

  RatingsChoice choice_of(const Setting& at) const {
    RatingsChoice choice;
    choice.width = widths_[static_cast<std::size_t>(at[width])];
    choice.decay *= std::pow(2.0, static_cast<double>(at[decay]) / 2);
    choice.bias_decay *= std::pow(2.0, static_cast<double>(at[bias_decay]));
    choice.weighted = at[weighted] != 0;
    return choice;
  }
  bool exists(const Setting& at) const {
    const auto within = [&](Coordinate along, Index low, Index high) { return at[along] >= low && at[along] <= high; };
    return within(width, 0, static_cast<Index>(widths_.size()) - 1) && within(decay, -16, 16) && within(bias_decay, -6, 6) &&
           within(weighted, 0, 1);
  }

  /// In one coordinate from `at`, to the better of both sides, as long as it gets better by more than a hair; `settle` moves the others meanwhile.
  /// The least error.
  template <class Settle>
  double walk(Setting& at, Coordinate along, Index step, const Settle& settle) {
    double error = settle(at);
    const Setting middle = at;
    for (const Index by : {step, -step}) {
      double least = (1 - 2e-4) * error;
      for (Setting next = middle;;) {
        next[along] += by;
        const double there = exists(next) ? settle(next) : std::numeric_limits<double>::infinity();
        if (!(there < least)) break;
        error = there, at = next, least = (1 - 2e-4) * there;
      }
    }
    return error;
  }
  double walk(Setting& at, Coordinate along, Index step) {
    return walk(at, along, step, [&](Setting& here) { return attempt(here); });
  }
  double attempt(const Setting& at) {
    if (const auto known = errors_.find(at); known != errors_.end()) return known->second;
    double least = std::numeric_limits<double>::infinity();
    const RatingsChoice choice = choice_of(at);
    const auto k = static_cast<double>(choice.width);
    const double cost = static_cast<double>(ratings_) * (20 + (grid_.depth == 2 ? 6 * k : 8 * k * k));  // of an epoch
    if (!errors_.empty() && budget_.fit(cost) < least_epochs) return least;
    auto started = Budget::Clock::now();
    RatingsFit fit = fitter_.fit(
        choice,
        [&](const BlockSgd::Model& model, const Vector<double>& theta) {
          grid_.pace.ask();
          auto ws = model.workspace(validation_.where);
          model.evaluate(theta, validation_.where, ws, z_);
          const double error = rmse(z_, validation_.y);
          least = std::min(least, error);
          budget_.spend(cost, started);
          started = Budget::Clock::now();
          return error;
        },
        [&] { return budget_.fit(cost); });
    least = fitter_.empty() ? rmse(Vector<double>::Zero(validation_.count()), validation_.y) : fitter_.scale() * least;
    errors_[at] = least;
    best.trials.push_back({fit.choice, least});
    if (best.trials.size() == 1 || least < best.validation_rmse) best.validation_rmse = least, best.fit = std::move(fit);
    return least;
  }

  RatingsFitter fitter_;
  Data<double> validation_;
  RatingsGrid grid_;
  Budget budget_;
  Index ratings_;
  std::vector<Index> widths_;
  std::map<Setting, double> errors_;
  Vector<double> z_;
};

}  // namespace detail

TACIT_INLINE Tuned<RatingsFit, RatingsTrial> tune_ratings(const Data<double>& train, const Data<double>& validation,
                                                          const RatingsGrid& grid) {
  detail::require_validation("tune_ratings", train, validation);
  detail::RatingsSearch search(train, validation, grid);
  search.run();
  return std::move(search.best);
}

TACIT_INLINE RatingsFit refit(const RatingsFit& chosen, const Data<double>& train, const RatingsGrid& grid) {
  return detail::RatingsFitter(train, grid).go_on(chosen);
}

}  // namespace tacit
