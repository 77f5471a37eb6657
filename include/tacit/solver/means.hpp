// SPDX-License-Identifier: MIT
#pragma once
// The simplest completions of a matrix or tensor:  z = mu + sum_n b_n(i_n),  what every other method has to beat, and what practitioners subtract before they use one.
//   global_mean        mu, nothing else
//   line_means         b_n(i) = average of line i of mode n (row, column, slice) - mu, each mode by itself: right where lines meet the same others, as in whole
//                      tables, twice the same effect where they do not
//   additive_effects   min over mu, b of  sum_observed (y - z)^2 + ridge sum_n |b_n|^2  by alternation over the modes
// Lines without entries count as average: their effect is 0. Cost O(order m) a sweep, some 10 sweeps.
// Source: Bell & Koren 2007, section 3, also for more modes; Koren 2010 (their ridge: 10 to 25 for ratings).

#include <algorithm>
#include <limits>

#include "../observation/centre.hpp"
#include "../observation/tensor_data.hpp"
#include "validation.hpp"

namespace tacit {

struct AdditiveSettings {
  double ridge = 5;          ///< a line of n entries keeps n / (n + ridge) of its average deviation
  double tolerance = 1e-10;  ///< on the largest change of an effect, relative to the spread of y
  Index iterations = 1000;
};

namespace detail {

/// How many entries each line of each mode has.
template <IndexedEntries O>
ModeVectors line_counts(const O& where) {
  ModeVectors counts;
  for (Index n = 0; n < where.shape().order(); ++n) {
    counts.emplace_back(Vector<double>::Zero(where.shape()[n]));
    for (Index k = 0; k < where.count(); ++k) counts.back()[where.mode(n)[k]] += 1;
  }
  return counts;
}

/// effect <- sum of the deviations of y from mu and the other modes' effects in each line of a mode, over their number + ridge. The largest change.
template <IndexedEntries O>
double update_effects(const Data<double, O>& data, const Vector<double>& count, double ridge, Index mode, Centre& fit) {
  const Index order = data.where.shape().order();
  Vector<double>& effect = fit.effects[static_cast<std::size_t>(mode)];
  Vector<double> sum = Vector<double>::Zero(effect.size());
  const std::int32_t* line = data.where.mode(mode);
  for (Index k = 0; k < data.count(); ++k) {
    double left = data.y[k] - fit.mean;
    for (Index n = 0; n < order; ++n)
      if (n != mode) left -= fit.effects[static_cast<std::size_t>(n)][data.where.mode(n)[k]];
    sum[line[k]] += left;
  }
  double change = 0;
  for (Index i = 0; i < effect.size(); ++i) {
    if (count[i] == 0) continue;
    const double value = sum[i] / (count[i] + ridge);
    change = std::max(change, std::abs(value - effect[i]));
    effect[i] = value;
  }
  return change;
}

/// Moves the average of the effects of lines with entries into mu: the same fit with the least penalty.
inline void centre_effects(const Vector<double>& count, double& mean, Vector<double>& effect) {
  double sum = 0, lines = 0;
  for (Index i = 0; i < effect.size(); ++i)
    if (count[i] > 0) sum += effect[i], ++lines;
  const double shift = sum / lines;
  for (Index i = 0; i < effect.size(); ++i)
    if (count[i] > 0) effect[i] -= shift;
  mean += shift;
}

template <class O>
std::string effects_form(double ridge) {
  return sentence(std::is_same_v<O, Entries> ? "row + column effects" : "effects of every mode", ", ridge ", ridge);
}
/// The mean, and room for effects of every mode.
template <IndexedEntries O>
Centre without_effects(const Data<double, O>& train, std::string form) {
  Centre fit{std::move(form), train.y.mean()};
  const Shape& shape = train.where.shape();
  for (Index n : shape.sizes()) fit.effects.emplace_back(Vector<double>::Zero(n));
  return fit;
}

}  // namespace detail

template <class O>
Centre global_mean(const Data<double, O>& train) {
  detail::require_unweighted("global_mean", train);
  return {"global mean", train.y.mean()};
}

template <IndexedEntries O>
Centre line_means(const Data<double, O>& train) {
  detail::require_unweighted("line_means", train);
  const Centre none = detail::without_effects(train, std::is_same_v<O, Entries> ? "row + column means" : "slice means");
  const ModeVectors counts = detail::line_counts(train.where);
  Centre fit = none;
  for (std::size_t n = 0; n < counts.size(); ++n) {
    Centre one = none;
    detail::update_effects(train, counts[n], 0, static_cast<Index>(n), one);
    fit.effects[n] = one.effects[n];
  }
  return fit;
}

template <IndexedEntries O>
Centre additive_effects(const Data<double, O>& train, const AdditiveSettings& settings = {}) {
  detail::require_unweighted("additive_effects", train);
  require(settings.ridge >= 0 && std::isfinite(settings.ridge), "additive_effects: the ridge is ", settings.ridge,
          ", it needs to be finite and not negative");
  Centre fit = detail::without_effects(train, detail::effects_form<O>(settings.ridge));
  const ModeVectors counts = detail::line_counts(train.where);
  const double spread = std::sqrt((train.y.array() - fit.mean).square().mean());
  for (Index sweep = 0; sweep < settings.iterations; ++sweep) {
    double change = 0;
    for (std::size_t n = 0; n < counts.size(); ++n) {
      change = std::max(change, detail::update_effects(train, counts[n], settings.ridge, static_cast<Index>(n), fit));
      detail::centre_effects(counts[n], fit.mean, fit.effects[n]);
    }
    if (!(change > settings.tolerance * spread)) break;
  }
  return fit;
}

namespace detail {

inline const std::vector<double> mean_ridges = {0, 1, 2, 5, 10, 20, 50};

}  // namespace detail

/// The best of the global mean, the means of lines, and additive effects of several ridges.
template <IndexedEntries O>
Tuned<Centre, Trial> tune_means(const Data<double, O>& train, const Data<double, O>& validation,
                                const std::vector<double>& ridges = detail::mean_ridges) {
  detail::require_validation("tune_means", train, validation);
  Tuned<Centre, Trial> best;
  best.validation_rmse = std::numeric_limits<double>::infinity();
  const auto attempt = [&](Centre fit) {
    const double error = detail::rmse(fit.predict(validation.where), validation.y);
    best.trials.push_back({fit.form, error});
    if (error < best.validation_rmse) best.validation_rmse = error, best.fit = std::move(fit);
  };
  attempt(global_mean(train));
  attempt(line_means(train));
  for (double ridge : ridges) attempt(additive_effects(train, {.ridge = ridge, .tolerance = 1e-6}));
  return best;
}

/// Means of the same form, as tune_means chose it, of other data.
template <IndexedEntries O>
Centre refit(const Centre& chosen, const Data<double, O>& data, const std::vector<double>& ridges = detail::mean_ridges) {
  if (chosen.form == Centre{}.form) return {};
  if (!chosen.has_effects()) return global_mean(data);
  for (double ridge : ridges)
    if (chosen.form == detail::effects_form<O>(ridge)) return additive_effects(data, {.ridge = ridge, .tolerance = 1e-6});
  return line_means(data);
}

}  // namespace tacit
