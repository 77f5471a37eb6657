// SPDX-License-Identifier: MIT
#pragma once
// The search of tune_deep.hpp, and the fit of what it chose.

#include "../../core/compiled.hpp"
#include "../../hook/best.hpp"
#include "../../hook/schedule.hpp"
#include "../../solver/posterior_mean.hpp"
#include "../tune_deep.hpp"
#include "deep_fit.hpp"

namespace tacit {

namespace detail {

/// Early stopping's problem. Half sums: the decay is then that of the path of depth 2.
inline auto stopped_problem(const DeepMatrix<double>& model, const Standardised<Entries>& on, double decay) {
  return Problem(model, on.data, HalfSumOfSquares{}, WeightDecayPenalty{decay > 0 ? decay * largest_decay(*on.data) : 0.0});
}

inline std::uint64_t start_seed(std::uint64_t seed, std::size_t restart) { return seed + 1000 * restart; }

inline PosteriorTerms terms_of(const DeepChoice& choice) {
  return {choice.biases, choice.pattern == Pattern::rows || choice.pattern == Pattern::both,
          choice.pattern == Pattern::columns || choice.pattern == Pattern::both};
}
inline std::pair<double, double> range_of(const Data<double>& data) { return {data.y.minCoeff(), data.y.maxCoeff()}; }

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
      if (!best.trials.empty() && (before <= 0 || (grid_.ratings && pace * cost > 0.5 * before))) continue;
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
    if (restarts == 1) factors_.clear(), steps_.clear();
    else if (factors_of_.width != choice.width || !same_terms(factors_of_, choice)) return again(choice, restarts);
    factors_of_ = choice;
    const Standardised<Entries> on = standardised(choice.centre);
    DeepFit fit{{on.centre}, choice};
    if (on.empty()) {
      factors_.push_back(
          {Matrix<double>::Zero(choice.width, train_.where.rows()), Matrix<double>::Zero(choice.width, train_.where.cols())});
      steps_.push_back(0);
    }
    while (!on.empty() && static_cast<Index>(factors_.size()) < restarts) add_start(on, choice);
    fit.choice.steps = steps_;
    stack(factors_, fit);
    return attempt(fit);
  }
  double again(const DeepChoice& choice, Index restarts) {
    average(choice, 1);
    return average(choice, restarts);
  }
  void add_start(const Standardised<Entries>& on, const DeepChoice& choice) {
    PosteriorMean posterior(*on.data, choice.width, start_seed(grid_.seed, factors_.size()), terms_of(choice));
    const double cost = PosteriorMean::cost(train_.where, choice.width, terms_of(choice));
    const Vector<double> target = on.standardised(validation_).y;
    double least = std::numeric_limits<double>::infinity();
    std::pair<Matrix<double>, Matrix<double>> kept;
    Vector<double> z;
    Index steps = 0;
    for (Index sweep = 1; sweep <= grid_.iterations && sweep <= steps + grid_.patience && (left() > 0 || sweep == 1); ++sweep) {
      posterior.sweep();
      budget_.spend(cost);
      product_at(posterior.At(), posterior.Bt(), validation_.where, z);
      const double error = rmse(z, target);
      if (!(error < (1 - 5e-4) * least)) continue;
      least = error, steps = sweep;
      kept = {posterior.At(), posterior.Bt()};
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

TACIT_INLINE DeepFit refit(const DeepFit& chosen, const Data<double>& train, const DeepGrid& grid) {
  const DeepChoice& choice = chosen.choice;
  const detail::Standardised on(train, detail::centre_of(train, choice.centre));
  DeepFit fit{{on.centre, chosen.model, Vector<double>::Zero(chosen.theta.size())}, choice};
  if (choice.clip) fit.range = detail::range_of(train);
  if (on.empty()) return fit;
  if (choice.by == Simplicity::averaging) {
    std::vector<std::pair<Matrix<double>, Matrix<double>>> factors;
    for (std::size_t r = 0; r < choice.steps.size(); ++r) {
      detail::PosteriorMean posterior(*on.data, choice.width, detail::start_seed(grid.seed, r), detail::terms_of(choice));
      for (Index sweep = 0; sweep < choice.steps[r]; ++sweep) grid.pace.ask(), posterior.sweep();
      factors.push_back({posterior.At(), posterior.Bt()});
    }
    detail::stack(factors, fit);
    return fit;
  }
  fit.theta = chosen.model->near_zero({.product_scale = choice.product_scale, .seed = grid.seed});
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
