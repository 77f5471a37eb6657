// SPDX-License-Identifier: MIT
#pragma once
// A method of completion, as complete() compares them, for matrices (O is Entries) and tensors (TensorEntries): tuned on a training and a validation part, it says which
// settings it took, its validation error, and predicts. Those that are factorizations, or means, also hand out their fit, and fit its settings once more to other
// entries: they can be chosen. A method that would not end within the time there is says so instead, and stays in the table without numbers.

#include <functional>
#include <limits>
#include <memory>

#include "../solver/scaling.hpp"
#include "../solver/validation.hpp"
#include "as_factors.hpp"
#include "method_kind.hpp"
#include "ratings_fit.hpp"
#include "tune_deep.hpp"
#include "tune_tensor.hpp"
#include "unobserved_lines.hpp"

namespace tacit {

/// What complete() fits to everything.
template <class O>
using FitOf = std::conditional_t<std::is_same_v<O, Entries>, DeepFit, TensorFit>;

namespace detail {

template <class O>
struct Fitted {
  std::string settings;
  double validation_rmse = std::numeric_limits<double>::quiet_NaN();
  std::function<Vector<double>(const O&)> predict =
      {};  ///< empty: left out, and `settings` says why; the method stays in the table without numbers
  std::function<Vector<double>(const Data<double, O>& train, const O& at)> refitted =
      {};  ///< its settings fitted to other entries, where that is cheap: matrices
};
/// The closing fit, and its settings fitted anew to other entries.
template <class O>
struct Closing {
  FitOf<O> fit;
  std::vector<TensorTrial> trials = {};  ///< of a tensor
  std::function<Vector<double>(const Data<double, O>& train, const O& at)> refitted = {};
  std::function<FitOf<O>(const Data<double, O>& train)> anew = {};  ///< the same as a fit: of a tensor
};
template <class O>
struct Estimator {
  using D = const Data<double, O>&;
  std::string name;
  bool ours;
  /// Within about so many seconds.
  std::function<Fitted<O>(D train, D validation, std::uint64_t seed, double seconds)> tune;
  /// Of what can be chosen, else empty: tuned in the same way, then, if asked, fitted once more to everything.
  std::function<Closing<O>(D train, D validation, D all, std::uint64_t seed, bool again, double seconds)> close = {};
  double share = 1;  ///< of the time that a fold has, for tuning: how much at most, or, of tensors, beside the shares of the others
  MethodKind kind = MethodKind::low_rank;
  bool of_data = false;  ///< it takes the data as they are, whatever scales and transforms the others have
  bool adds = true;      ///< its closing fit can be added to those of others (weighted_sum.hpp): not so in large tensors, but of CP
};

/// The fit of a tuner as a method sees it.
template <class O, class Fit, class Trial>
Fitted<O> forget_type(Tuned<Fit, Trial> tuned, std::string settings) {
  const auto fit = std::make_shared<const Fit>(std::move(tuned.fit));
  return {std::move(settings), tuned.validation_rmse, [fit](const O& at) { return fit->predict(at); }};
}
template <class O, class Fit, class Trial>
Fitted<O> named(Tuned<Fit, Trial> tuned) {
  std::string settings = tuned.fit.name();
  return forget_type<O>(std::move(tuned), std::move(settings));
}
template <class O>
Tuned<Centre, Trial> closed_form(const Centre& means, const Data<double, O>& validation) {
  return {means, rmse(means.predict(validation.where), validation.y), {}};
}

inline auto tune(const Data<double>& train, const Data<double>& validation, const DeepGrid& grid) {
  return tune_deep(train, validation, grid);
}
inline auto tune(const Data<double>& train, const Data<double>& validation, const RatingsGrid& grid) {
  return tune_ratings(train, validation, grid);
}
inline auto tune(const Data<double, TensorEntries>& train, const Data<double, TensorEntries>& validation, const TensorGrid& grid) {
  return tune_tensor(train, validation, grid);
}
template <class Fit, class D, class Grid>
Fit anew(const Fit& chosen, const D& data, const Grid& grid) {
  if constexpr (std::is_same_v<Fit, TensorFit>) return refit_anew(chosen, data, grid);
  else return refit(chosen, data, grid);
}
/// Lines that it has not seen are predicted as the average line.
template <class O, class Fit>
FitOf<O> finished(const Fit& fit, const O& seen) {
  FitOf<O> whole = [&] {
    if constexpr (std::is_same_v<Fit, RatingsFit>) return fit.deep;
    else return fit;
  }();
  average_unobserved(whole, seen);
  return whole;
}

/// One of ours: what this grid chooses. `beside`: folds are fitted side by side, on one thread each.
template <class O, class Grid>
Estimator<O> estimator(std::string name, const Grid& grid, double share = 1, bool beside = true) {
  using D = const Data<double, O>&;
  const auto at = [grid](std::uint64_t seed, double seconds) {
    Grid now = grid;
    now.seed = seed;
    now.seconds = std::min(grid.seconds, seconds);
    return now;
  };
  const auto alone = [beside](Grid now) {
    if constexpr (requires { now.threads; })
      if (beside) now.threads = 1;
    return now;
  };
  return {std::move(name), true,
          [=](D train, D validation, std::uint64_t seed, double seconds) {
            auto tuned = tune(train, validation, alone(at(seed, seconds)));
            if constexpr (std::is_same_v<Grid, TensorGrid>) {
              average_unobserved(tuned.fit, train.where);
              tuned.validation_rmse = rmse(tuned.fit.predict(validation.where), validation.y);
            }
            std::string settings = tuned.fit.settings();
            const auto fit = tuned.fit;
            Fitted<O> fitted = forget_type<O>(std::move(tuned), std::move(settings));
            if constexpr (!std::is_same_v<Grid, TensorGrid>)
              fitted.refitted = [fit, now = alone(at(seed, seconds))](D part, const O& where) {
                return finished(refit(fit, part, now), part.where).predict(where);
              };
            return fitted;
          },
          [=](D train, D validation, D all, std::uint64_t seed, bool again, double seconds) {
            const Grid now = at(seed, seconds);
            auto tuned = tune(train, validation, now);
            const auto fit = tuned.fit;
            Closing<O> closing{finished(again ? refit(fit, all, now) : fit, (again ? all : train).where)};
            if constexpr (std::is_same_v<Grid, TensorGrid>) closing.trials = std::move(tuned.trials);
            closing.anew = [fit, now, alone](D part) {
              return finished(anew(fit, part, part.count() > side_by_side_at_most ? now : alone(now)), part.where);
            };
            closing.refitted = [anew = closing.anew](D part, const O& where) { return anew(part).predict(where); };
            return closing;
          },
          share};
}

template <class O, class Fit>
FitOf<O> as_fit(const Fit& fit, const O& where) {
  if constexpr (std::is_same_v<O, Entries>) return as_deep(fit, where.shape());
  else return as_tensor(fit, where.shape());
}
inline std::string settings_of(const Trial& trial) { return trial.name; }
inline std::string settings_of(const TensorAlsTrial& trial) {
  return sentence("rank ", trial.rank, ", ridge ", trial.lambda, trial.centred ? ", centred, " : ", not centred, ", trial.sweeps,
                  " sweeps");
}
/// A method with a fit of its own: `tuned(train, validation, seed, seconds)`;  `again(fit, data, seed, anew)`: its settings on other data.
template <class O, class Tune, class Again>
Estimator<O> other_method(std::string name, Tune tuned, Again again, double share, double most) {
  using D = const Data<double, O>&;
  return {std::move(name), false,
          [=](D train, D validation, std::uint64_t seed, double seconds) {
            auto found = tuned(train, validation, seed, seconds);
            std::string settings = found.trials.empty() ? "closed form" : found.fit.name();
            const auto fit = found.fit;
            Fitted<O> fitted = forget_type<O>(std::move(found), std::move(settings));
            if constexpr (std::is_same_v<O, Entries>)
              fitted.refitted = [=](D part, const O& where) {
                return finished(as_fit(again(fit, part, seed, true), part.where), part.where).predict(where);
              };
            return fitted;
          },
          [=](D train, D validation, D all, std::uint64_t seed, bool refitted, double seconds) {
            const auto found = tuned(train, validation, seed, std::min(seconds, most));
            const auto& fit = found.fit;
            Closing<O> closing{refitted ? finished(as_fit(again(fit, all, seed, false), all.where), all.where)
                                        : finished(as_fit(fit, train.where), train.where)};
            if constexpr (std::is_same_v<O, TensorEntries>)
              for (const auto& trial : found.trials) closing.trials.push_back({settings_of(trial), train.count(), trial.validation_rmse});
            closing.anew = [=, fit = found.fit](D part) { return finished(as_fit(again(fit, part, seed, true), part.where), part.where); };
            using Fit = std::decay_t<decltype(found.fit)>;  // these predict faster than as a model
            if constexpr (std::is_same_v<Fit, UnfoldedAls> || std::is_same_v<Fit, UnfoldedNorms> || std::is_same_v<Fit, NearestNeighbours>)
              closing.refitted = [=, fit = found.fit](D part, const O& where) -> Vector<double> {
                return again(fit, part, seed, true).predict(where);
              };
            else closing.refitted = [anew = closing.anew](D part, const O& where) { return anew(part).predict(where); };
            return closing;
          },
          share};
}

/// The validation error by which methods are chosen: in the units of the data, or relative to the spread of each line.
template <class O>
double judged_rmse(const Fitted<O>& fitted, const Data<double, O>& train, const Data<double, O>& validation, const ScalingChoice& choice) {
  const Vector<double> residual = fitted.predict(validation.where) - validation.y, units = ErrorUnits(train, choice).at(validation.where);
  return std::sqrt((units.size() ? residual.cwiseQuotient(units) : residual).squaredNorm() / static_cast<double>(residual.size()));
}

/// The method with the chosen transforms and scales around it, the scales taken from the training entries of each fit; its predictions are in the units of the data, and
/// its validation error is relative to the spread of each line, or in the units of the data.
template <class O>
Estimator<O> scaled(Estimator<O> method, const ScalingChoice& choice) {
  using D = const Data<double, O>&;
  if (choice.modes.empty()) return method;
  Estimator<O> outer = method;
  if (method.of_data) {
    outer.tune = [=, inner = method.tune](D train, D validation, std::uint64_t seed, double seconds) {
      Fitted<O> fitted = inner(train, validation, seed, seconds);
      if (fitted.predict) fitted.validation_rmse = judged_rmse(fitted, train, validation, choice);
      return fitted;
    };
    return outer;
  }
  outer.tune = [=, inner = method.tune](D train, D validation, std::uint64_t seed, double seconds) {
    const Scales scales = scales_of(train, choice);
    Fitted<O> fitted = inner(scales.taken_off(train), scales.taken_off(validation), seed, seconds);
    if (!fitted.predict) return fitted;
    fitted.predict = [scales, predict = fitted.predict](const O& at) { return scales.put_back(predict(at), at); };
    if (fitted.refitted)
      fitted.refitted = [choice, refitted = fitted.refitted](D part, const O& at) {
        const Scales of_part = scales_of(part, choice);
        return of_part.put_back(refitted(of_part.taken_off(part), at), at);
      };
    fitted.validation_rmse = judged_rmse(fitted, train, validation, choice);
    return fitted;
  };
  if (method.close)
    outer.close = [=, inner = method.close](D train, D validation, D all, std::uint64_t seed, bool again, double seconds) {
      const Scales scales = scales_of(again ? all : train, choice);
      Closing<O> closing = inner(scales.taken_off(train), scales.taken_off(validation), scales.taken_off(all), seed, again, seconds);
      closing.fit.centre.lines = scales;
      closing.refitted = [choice, refitted = closing.refitted](D part, const O& at) {
        const Scales of_part = scales_of(part, choice);
        return of_part.put_back(refitted(of_part.taken_off(part), at), at);
      };
      closing.anew = [choice, anew = closing.anew](D part) {
        const Scales of_part = scales_of(part, choice);
        FitOf<O> fit = anew(of_part.taken_off(part));
        fit.centre.lines = of_part;
        return fit;
      };
      return closing;
    };
  return outer;
}

}  // namespace detail
}  // namespace tacit
