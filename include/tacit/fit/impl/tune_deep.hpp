// SPDX-License-Identifier: MIT
#pragma once
// The search of tune_deep.hpp, and the fit of what it chose.

#include "../../core/compiled.hpp"
#include "../../hook/best.hpp"
#include "../../hook/schedule.hpp"
#include "../../solver/posterior_mean.hpp"
#include "../tune_deep.hpp"
#include "deep_fit.hpp"
#include "deep_terms.hpp"

namespace tacit {

namespace detail {

class DeepTuner {
 public:
  DeepTuner(const Data<double>& train, const Data<double>& validation, const DeepGrid& grid)
      : train_(train), validation_(validation), grid_(grid), budget_(grid.seconds, grid.pace) {
    best.validation_rmse = std::numeric_limits<double>::infinity();
  }

  Tuned<DeepFit, DeepTrial> best;

  void descents() {
    const Index widest = grid_.width > 0 ? grid_.width : std::min<Index>({train_.where.rows(), train_.where.cols(), 100});
    DeepChoice start;
    start.by = grid_.depth == 2 ? Simplicity::decay : Simplicity::stopping;
    start.width = widest;
    descent(start);
    const auto vary = [&](auto change) {
      DeepChoice next = best.fit.choice;
      change(next);
      if (left() > 0 && best.fit.centre.scale > 0) descent(next);
    };
    vary([](DeepChoice& c) { c.centre = Centring::effects; });
    vary([](DeepChoice& c) { c.centre = Centring::none; });
    vary([](DeepChoice& c) { c.product_scale = 0.1; });
    if (grid_.width == 0 && widest >= 4) vary([&](DeepChoice& c) { c.width = widest / 4; });
    if (start.by == Simplicity::stopping) vary([](DeepChoice& c) { c.decay = 1e-2; });
  }

  void averages() {
    const Index most =
        std::min<Index>({train_.where.rows(), train_.where.cols(), 100, std::max<Index>(1, PosteriorMean::most(train_.where))});
    const Index first = grid_.width > 0 ? grid_.width : std::min<Index>(4, most);
    std::vector<std::pair<DeepChoice, double>> all;  // with their errors at the first width
    double pace = 0;                                 // what a multiplication of the first trial's sweeps took, times their number
    for (const DeepChoice& choice : averages_of(first)) {
      const double before = left(), cost = PosteriorMean::cost(train_.where, first, terms_of(choice));
      if (!all.empty()) {  // the others where that leaves time for the width, which matters more
        const double wide = PosteriorMean::cost(train_.where, 4 * first, terms_of(choice));
        if (before <= 0 || (grid_.ratings && pace * cost > 0.5 * before)) continue;
        if (budget_.fit(wide) <= static_cast<double>(2 * grid_.patience)) continue;
      }
      all.emplace_back(choice, average(choice, 1));
      if (all.size() == 1) pace = (before - left()) / cost;
    }
    if (grid_.width == 0) {
      const DeepChoice favourite = best.fit.choice;
      const double at_first = best.validation_rmse;
      wider(favourite, at_first, most);
      if (best.fit.choice.width == first && first > 1) narrower(favourite);
      // The others once more, at the width that suited the favourite, and wider still where that makes them the best of all.
      for (auto& [choice, error] : all) {
        const Index width = best.fit.choice.width;
        if (same_terms(choice, favourite) || width == first || best.fit.centre.scale == 0) continue;
        if (grid_.ratings ? error > 1.005 * at_first || !(budget_.left_of(0.5) > 0) : left() <= 0) continue;
        choice.width = width;
        const double so_far = best.validation_rmse, now = average(choice, 1);
        if (now < so_far) wider(choice, now, most);
      }
    }
    for (const double ridge : grid_.ridges) {
      if (!grid_.features || ridge == grid_.ridges[0] || left() <= 0 || best.fit.centre.scale == 0) continue;
      DeepChoice other = best.fit.choice;
      other.ridge = ridge;
      average(other, 1);
    }
    // A start more divides by the number of starts what each has of its own; once that gains next to nothing, further ones would only take time.
    Index little = 0;
    for (Index restarts = 2; restarts <= grid_.restarts && little < 2 && left() > 0 && best.fit.centre.scale > 0; ++restarts) {
      const double before = best.validation_rmse;
      average(best.fit.choice, restarts);
      little = best.validation_rmse < (1 - 3e-4) * before ? 0 : little + 1;
    }
    if (grid_.clip) clip();
  }

 private:
  static constexpr double least_sweeps = 5;  ///< with fewer of them a start is of no use

  double left() const { return budget_.left(); }
  /// Multiplications of a step of descent: a gradient, and every tenth time four products with the Hessian.
  double cost_of(const DeepMatrix<double>& model) const {
    const auto k = static_cast<double>(model.bottleneck()), hidden = static_cast<double>(model.depth() - 2);
    return 2 * k * (3 * static_cast<double>(train_.count()) + 3 * hidden * k * static_cast<double>(train_.where.cols()));
  }

  double attempt(const DeepFit& fit) {
    const Vector<double> residual = fit.predict(validation_.where) - validation_.y;
    const double error = std::sqrt(residual.squaredNorm() / static_cast<double>(residual.size()));
    best.trials.push_back({fit.choice, error});
    // Effects of the pattern need to lower the error by more than its standard error; where they say nothing they shrink and do little harm.
    const Pattern pattern = fit.choice.pattern;
    if (pattern != Pattern::none && pattern != best.fit.choice.pattern && !clearly_better(residual, residual_, 1)) return error;
    if (error < best.validation_rmse) best.validation_rmse = error, best.fit = fit, residual_ = residual;
    return error;
  }
  /// What is tried at the first width.
  std::vector<DeepChoice> averages_of(Index width) const {
    std::vector<DeepChoice> all;
    if (grid_.ratings)
      for (const Pattern pattern : grid_.patterns) {
        if (grid_.features && pattern != Pattern::none) continue;
        all.push_back({Simplicity::averaging, Centring::mean, width});
        all.back().biases = true;
        all.back().pattern = pattern;
      }
    for (const Centring centre : grid_.centres) all.push_back({Simplicity::averaging, centre, width});
    return all;
  }
  static bool same_terms(const DeepChoice& a, const DeepChoice& b) {
    return a.centre == b.centre && a.biases == b.biases && a.pattern == b.pattern;
  }
  /// Where that lowers the error.
  void clip() {
    DeepFit fit = best.fit;
    fit.choice.clip = true;
    fit.range = range_of(train_);
    attempt(fit);
  }
  /// Widths doubled until two do not help, or the next would cost four to eight times as much, for less; of ratings, where small widths are seldom
  /// enough, in larger steps at first, and only while a dozen sweeps fit into the time left.
  void wider(DeepChoice choice, double least, Index most) {
    Index& width = choice.width;
    double spent = 0;
    for (Index worse = 0; width < most && worse < 2 && best.fit.centre.scale > 0;) {
      const Index next = std::min((grid_.ratings && width < 16 ? 4 : 2) * width, most);
      const double before = left(), times = static_cast<double>(next) / static_cast<double>(width);
      if (before <= 0 || (grid_.ratings && 12 * spent * times * times > before)) return;
      width = next;
      if (budget_.fit(PosteriorMean::cost(train_.where, width, terms_of(choice))) < least_sweeps) return;
      const double error = average(choice, 1);
      spent = (before - left()) / static_cast<double>(steps_.back() + grid_.patience);  // on a sweep
      const bool little = width >= 32 && error > 0.985 * least;
      worse = error < 0.999 * least ? 0 : worse + 1;
      least = std::min(least, error);
      if (little) return;
    }
  }
  void narrower(DeepChoice choice) {
    while (choice.width > 1 && left() > 0 && best.fit.centre.scale > 0 && best.fit.choice.width == choice.width)
      choice.width /= 2, average(choice, 1);
  }
  /// What a descent may take by the clock; counted, its iterations are limited instead.
  double time_left() const { return grid_.pace.counted ? std::numeric_limits<double>::infinity() : std::max(left(), 0.0); }
  Standardised<Entries> standardised(Centring by) const { return {train_, centre_of(train_, by)}; }

  void descent(const DeepChoice& choice) {
    const Standardised<Entries> on = standardised(choice.centre);
    const auto model = std::make_shared<const DeepMatrix<double>>(deep_model(train_.where, grid_.depth, choice.width));
    DeepFit fit{{on.centre, model, model->near_zero({.product_scale = choice.product_scale, .seed = grid_.seed})}, choice};
    fit.choice.steps = {0};
    if (on.empty()) {
      fit.theta.setZero();
      attempt(fit);
    } else if (choice.by == Simplicity::decay) {
      const double largest = largest_decay(*on.data);
      double least = std::numeric_limits<double>::infinity();
      Index worse = 0;
      for (double decay = grid_.first; decay >= grid_.smallest && worse < grid_.worse && (least > 1e300 || left() > 0);
           decay *= grid_.factor) {
        fit.choice.decay = decay;
        const double cost = cost_of(*model);
        const Index made = descend(*model, on, decay * largest, budget_.steps(cost, grid_.iterations), fit.theta, grid_.pace, time_left());
        budget_.spend(cost * static_cast<double>(made));
        fit.choice.steps[0] += made;
        const double error = attempt(fit);
        worse = error < least ? 0 : worse + 1;
        least = std::min(least, error);
      }
    } else {
      const Data<double> scaled = on.standardised(validation_);
      const Problem problem = stopped_problem(*model, on, choice.decay);
      auto lowest = keep_best(rmse_on("validation", *model, scaled));
      const double cost = cost_of(*model);
      const auto outcome =
          tacit::train(problem, fit.theta, SharpnessRate{.trust = 0.01}, {.iterations = budget_.steps(cost, 10 * grid_.iterations)},
                       every(5, lowest), every(5, stop_when(worse_on(rmse_on("validation", *model, scaled), 60))),
                       stop_when(loss_below(1e-10 * static_cast<double>(train_.count()))), stop_when(time_limit(time_left())),
                       ask_now_and_then(grid_.pace));
      budget_.spend(cost * static_cast<double>(outcome.iterations));
      if (lowest.theta().size()) fit.theta = lowest.theta(), fit.choice.steps = {lowest.iteration()};
      attempt(fit);
    }
  }

  /// The starts of this width that are there already, and as many more as are asked for.
  double average(DeepChoice choice, Index restarts) {
    if (grid_.features && choice.ridge == 0) choice.ridge = grid_.ridges[0];
    if (restarts == 1) factors_.clear(), steps_.clear();
    else if (factors_of_.width != choice.width || factors_of_.ridge != choice.ridge || !same_terms(factors_of_, choice))
      return again(choice, restarts);
    factors_of_ = choice;
    Standardised<Entries> on = standardised(choice.centre);
    const auto prior = feature_prior(grid_, choice, train_.where);
    if (prior) prior->predict_effects(on.centre, train_.where);
    DeepFit fit{{on.centre}, choice, {}, from_features(grid_)};
    if (on.empty()) {
      factors_.push_back(
          {Matrix<double>::Zero(choice.width, train_.where.rows()), Matrix<double>::Zero(choice.width, train_.where.cols())});
      steps_.push_back(0);
    }
    while (!on.empty() && static_cast<Index>(factors_.size()) < restarts) add_start(on, choice, prior);
    fit.choice.steps = steps_;
    stack(factors_, fit);
    return attempt(fit);
  }
  double again(const DeepChoice& choice, Index restarts) {
    average(choice, 1);
    return average(choice, restarts);
  }
  void add_start(const Standardised<Entries>& on, const DeepChoice& choice, const std::optional<FeaturePrior>& prior) {
    PosteriorMean posterior(*on.data, choice.width, start_seed(grid_.seed, factors_.size()), terms_of(choice));
    const double cost = PosteriorMean::cost(train_.where, choice.width, terms_of(choice)) +
                        (prior ? prior->work(static_cast<double>(posterior.At().rows())) : 0);
    const Vector<double> target = on.standardised(validation_).y;
    double least = std::numeric_limits<double>::infinity();
    std::pair<Matrix<double>, Matrix<double>> kept;
    Vector<double> z;
    Index steps = 0, patience = grid_.patience;
    for (Index sweep = 1; sweep <= grid_.iterations && sweep <= steps + patience && (budget_.fit(cost) > 0.5 || sweep == 1); ++sweep) {
      const auto started = Budget::Clock::now();
      make_sweep(posterior, prior, grid_.pace);
      budget_.spend(cost, started);
      if (const double more = budget_.fit(cost) / 8;
          more < static_cast<double>(patience))  // no eighth of the time that is left for nothing
        patience = std::max<Index>(3, static_cast<Index>(more));
      product_at(posterior.At(), posterior.Bt(), validation_.where, z);
      const double error = rmse(z, target);
      if (!(error < (1 - 5e-4) * least)) continue;
      least = error, steps = sweep;
      kept.first = posterior.At(), kept.second = posterior.Bt();
    }
    factors_.push_back(std::move(kept));
    steps_.push_back(steps);
  }

  const Data<double>& train_;
  const Data<double>& validation_;
  const DeepGrid& grid_;
  Budget budget_;
  std::vector<std::pair<Matrix<double>, Matrix<double>>> factors_;  // A^T and B^T of each start
  std::vector<Index> steps_;
  DeepChoice factors_of_;
  Vector<double> residual_;  // of the best fit on the validation entries
};

}  // namespace detail

TACIT_INLINE Tuned<DeepFit, DeepTrial> tune_deep(const Data<double>& train, const Data<double>& validation, const DeepGrid& grid) {
  detail::require_validation("tune_deep", train, validation);
  require(grid.depth >= 2, "tune_deep: the depth is ", grid.depth, ", it needs to be at least 2");
  require(grid.width >= 0 && grid.iterations > 0 && grid.restarts > 0, "tune_deep: width ", grid.width, ", iterations ", grid.iterations,
          " and restarts ", grid.restarts, " need to be positive (a width of 0 is chosen)");
  require(grid.by != Simplicity::averaging || grid.depth == 2, "tune_deep: averaging is for depth 2, the depth is ", grid.depth);
  detail::DeepTuner tuner(train, validation, grid);
  if (grid.by == Simplicity::averaging) tuner.averages();
  else tuner.descents();
  return std::move(tuner.best);
}

}  // namespace tacit
