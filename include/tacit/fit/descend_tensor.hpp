// SPDX-License-Identifier: MIT
#pragma once
// Tensor factorizations by descent: Adam on a cosine schedule from a small start, under a weight decay, with the iterate that validation entries like best. Rank,
// decay, centre and depth are searched one after another, each kept where it lowers the validation error:
//   rank      up a ladder, until two steps do not help          centre    none, the mean, or effects of every mode          depth    of the deep kinds
//   decay     from 1e-5 by factors of 10 either way, and once more by 3; larger decays are tried with the next larger rank, too
//   closing   four times the iterations; once more from another start; two fifths of the time are kept for these
// Where there are more than 40 000 training entries the search goes on a random part of so many, and what it found, and the next larger rank, on all.
// Cost: some 5000 gradients on at most 60 000 entries, and 3000 on all; less where seconds run out, the only way in which results depend on the machine.

#include "../hook/best.hpp"
#include "../hook/schedule.hpp"
#include "../hook/stop.hpp"
#include "../observation/split.hpp"
#include "../optimizer/recipes.hpp"
#include "../train.hpp"
#include "tensor_fit.hpp"

namespace tacit::detail {

/// Adam for fit.planned iterations on a cosine schedule, with these hooks; the outcome's iterations.
template <class... Hooks>
Index descend(const Standardised<TensorEntries>& on, const TensorGrid& grid, TensorFit& fit, Index iterations, Hooks&&... hooks) {
  fit.centre = on.centre;
  fit.theta = fit.model->near_zero({.product_scale = grid.product_scale, .seed = fit.seed});
  if (on.empty()) return fit.theta.setZero(), 0;
  const Problem problem(*fit.model, on.data, HalfMeanSquares{}, WeightDecayPenalty{fit.decay});
  const auto optimizer = FullGradient{} | AdamScale{.beta2 = 0.99} |
                         LearningRate{cosine({.rate = grid.rate, .final = 1e-3 * grid.rate, .iterations = fit.planned})};
  return train(problem, fit.theta, optimizer, {.iterations = iterations}, std::forward<Hooks>(hooks)...,
               every(5, [pace = grid.pace](const auto&) { pace.ask(); }))
      .iterations;
}

class TensorTuner {
 public:
  using D = Data<double, TensorEntries>;
  Tuned<TensorFit, TensorTrial> best;

  TensorTuner(const D& train, const D& validation, const TensorGrid& grid)
      : train_(train), validation_(validation), grid_(grid), budget_(grid.seconds, grid.pace) {
    best.validation_rmse = std::numeric_limits<double>::infinity();
  }
  void search() {
    const bool large = train_.count() > grid_.part + grid_.part / 2;
    if (large) {
      const double share = static_cast<double>(grid_.part) / static_cast<double>(train_.count());
      search_on(hold_out_entries(train_, {.test = share, .seed = grid_.seed}).test, 0.5);
      const Setting found = best_setting_;
      best.validation_rmse = std::numeric_limits<double>::infinity();  // of a part of the entries: does not count
      stand(train_, 1);
      for (const double decay : {found.decay, found.decay * share})
        attempt({found.rank, found.depth, found.centre, decay, 4 * grid_.iterations, grid_.seed});
      climb(found.rank, 1);
    } else {
      search_on(train_, 1);
    }
  }

 private:
  struct Setting {
    std::size_t rank = 0;  // its place on the ladder
    Index depth = 2;
    Centring centre = Centring::none;
    double decay = 1e-5;
    Index iterations = 0;
    std::uint64_t seed = 1;
  };

  const Standardised<TensorEntries>& centred(Centring by) const { return centred_[static_cast<std::size_t>(by)]; }
  /// Further trials are made on these data, until so much of the budget is spent.
  void stand(const D& on, double until) {
    until_ = until;
    centred_.clear();
    for (const Centring by : {Centring::none, Centring::mean, Centring::effects}) centred_.emplace_back(on, centre_of(on, by));
  }
  /// The validation error of a setting; infinite where there is no time left, or it makes no other model than the ones before.
  double attempt(const Setting& s) {
    const double nothing = std::numeric_limits<double>::infinity(), left = budget_.left_of(until_);
    if (std::isfinite(best.validation_rmse) && left <= 0) return nothing;
    const Standardised<TensorEntries>& on = centred(s.centre);
    TensorFit fit;
    const TensorSpec spec = tensor_spec(grid_.kind, train_.where.shape(), grid_.ranks[s.rank], s.depth, grid_.tree);
    double core = spec.kind == TensorKind::tucker || spec.kind == TensorKind::deep_tucker ? 1 : 0;
    for (Index r : spec.ranks) core *= static_cast<double>(r);
    if (std::isfinite(best.validation_rmse) && !worth_trying(core, train_.count()))
      return nothing;  // models refuse cores that nobody could store
    fit.model = std::make_shared<const AnyTensorModel<double>>(spec);
    if (std::isfinite(best.validation_rmse) && !worth_trying(static_cast<double>(fit.model->parameter_count()), train_.count()))
      return nothing;
    fit.decay = s.decay;
    fit.seed = s.seed;
    fit.planned = in_time(*fit.model, on, s.iterations, left);
    if (on.empty()) {
      descend(on, grid_, fit, 0);
    } else {
      auto lowest = keep_best(rmse_on("validation", *fit.model, on.standardised(validation_)));
      const Index patience = std::max<Index>(2 * fit.planned / 5, 50);
      auto stale = stop_if("the validation error has not fallen for long",
                           [&](const auto& now) { return now.iteration() > lowest.iteration() + patience; });
      budget_.spend(work(fit.model->spec(), on.data->count()) *
                    static_cast<double>(descend(on, grid_, fit, fit.planned, every(5, lowest), every(5, stale))));
      if (lowest.theta().size() == 0) return nothing;
      fit.theta = lowest.theta();
      fit.iterations = lowest.iteration();
    }
    const double error = rmse(fit.predict(validation_.where), validation_.y);
    best.trials.push_back({fit.settings(), on.data->count(), error});
    if (error < best.validation_rmse) best.validation_rmse = error, best_setting_ = s, best.fit = std::move(fit);
    return error;
  }
  /// Multiplications of a gradient, entry by entry: three times those of W there.
  static double work(const TensorSpec& spec, Index entries) {
    double product = 1, squares = 0, sum = 0;
    for (Index r : spec.ranks) product *= static_cast<double>(r), squares += static_cast<double>(r * r), sum += static_cast<double>(r);
    const bool core = spec.kind == TensorKind::tucker || spec.kind == TensorKind::deep_tucker;
    const bool one = spec.kind == TensorKind::cp || spec.kind == TensorKind::deep_cp;
    return 3 * static_cast<double>(entries) *
           (core  ? product + sum
            : one ? sum * static_cast<double>(spec.shape.order())
                  : 2 * squares + sum);
  }
  /// As many iterations as fit into the time that is left, by one measured gradient, or its counted work; at least 60.
  Index in_time(const AnyTensorModel<double>& model, const Standardised<TensorEntries>& on, Index iterations, double left) const {
    if (!std::isfinite(left)) return iterations;
    if (grid_.pace.counted) return std::max<Index>(60, budget_.steps(work(model.spec(), on.data->count()), iterations));
    const auto now = [&] { return -budget_.left(); };
    const double before = now();
    auto ws = model.workspace(on.data->where);
    Vector<double> theta = model.near_zero({.product_scale = 1}), z(on.data->count());
    const double ready = now();
    model.evaluate(theta, on.data->where, ws, z);
    const Vector<double> slope = z;
    Vector<double> g(theta.size());
    model.pullback(theta, on.data->where, ws, slope, Write::set, g);
    const double each = 1.3 * (now() - ready), set_up = 3 * (ready - before);
    return std::clamp<Index>(static_cast<Index>(std::min(1e6, (left - set_up) / each)), 60, iterations);
  }
  bool better(double error, double than) const { return error < 0.998 * than; }
  /// Up the ladder from the best setting, until `patience` steps have not helped.
  void climb(std::size_t from, int patience) {
    double least = best.validation_rmse;
    for (std::size_t r = from + 1, worse = 0; r < grid_.ranks.size() && worse < static_cast<std::size_t>(patience); ++r) {
      Setting s = best_setting_;
      s.rank = r;
      if (same_model(r, r - 1, s.depth)) break;
      const double error = attempt(s);
      worse = better(error, least) ? 0 : worse + 1;
      least = std::min(least, error);
    }
  }
  bool same_model(std::size_t a, std::size_t b, Index depth) const {
    const auto ranks = [&](std::size_t r) {
      return tensor_spec(grid_.kind, train_.where.shape(), grid_.ranks[r], depth, grid_.tree).ranks;
    };
    return ranks(a) == ranks(b);
  }
  void search_on(const D& on, double until) {
    stand(on, 0.6 * until);  // the rest is for the long runs
    Setting first;
    first.depth = grid_.depths.front();
    first.iterations = grid_.iterations;
    first.seed = grid_.seed;
    attempt(first);
    const bool shifted =
        std::abs(centred(Centring::mean).centre.mean) > 0.1 * centred(Centring::none).centre.scale;  // else the mean is nothing to take off
    if (shifted) vary([](Setting& s) { s.centre = Centring::mean; });  // at once: a large shift would hide from small ranks what there is
    climb(0, 2);
    for (const Centring climbed = best_setting_.centre; const Centring centre : {Centring::none, Centring::mean, Centring::effects})
      if (centre != climbed && (centre != Centring::mean || shifted)) vary([&](Setting& s) { s.centre = centre; });
    if (tensor_spec(grid_.kind, train_.where.shape(), 1).deep())
      for (std::size_t d = 1; d < grid_.depths.size(); ++d) vary([&](Setting& s) { s.depth = grid_.depths[d]; });
    for (const double factor : {10.0, 0.1}) {
      bool helped = false;
      while (vary([&](Setting& s) { s.decay *= factor; }) && best_setting_.decay > 1e-9) helped = true;
      if (factor > 1 && helped) climb(best_setting_.rank, 1);
      if (helped) break;
    }
    for (const double factor : {3.0, 1.0 / 3}) vary([&](Setting& s) { s.decay *= factor; });
    climb(best_setting_.rank, 1);
    until_ = until;
    vary([](Setting& s) { s.iterations *= 4; });
    vary([](Setting& s) { ++s.seed; });
  }
  /// The best setting, changed: whether it became better.
  template <class Change>
  bool vary(Change&& change) {
    const double before = best.validation_rmse;
    Setting s = best_setting_;
    change(s);
    attempt(s);
    return better(best.validation_rmse, before);
  }

  const D& train_;
  const D& validation_;
  const TensorGrid& grid_;
  Budget budget_;
  double until_ = 1;                                  // the share of the budget that the search may take by now
  std::vector<Standardised<TensorEntries>> centred_;  // in the order of Centring
  Setting best_setting_;
};

}  // namespace tacit::detail
