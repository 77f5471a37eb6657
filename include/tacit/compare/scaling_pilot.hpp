// SPDX-License-Identifier: MIT
#pragma once
// What scales of lines would do, seen by pilot fits on validation entries: averages over the posterior at widths 2 and 6, on additive effects (posterior_mean.hpp; of tensors
// cp_posterior.hpp, also on the mean), 25 sweeps each, of which the best on these entries counts. Residuals come in the units of the data, on the same entries for every way to scale.

#include <algorithm>
#include <array>

#include "../core/budget.hpp"
#include "../observation/split.hpp"
#include "../solver/cp_posterior.hpp"
#include "../solver/posterior_mean.hpp"
#include "../solver/scaling.hpp"
#include "../solver/standardised.hpp"
#include "holdout.hpp"

namespace tacit::detail {

/// Residuals of the pilot on validation entries, in the units of the scales.
inline Vector<double> pilot_residuals(const Data<double>& train, const Data<double>& validation, const Scales& scales, std::uint64_t seed,
                                      const Pace& pace) {
  const Standardised on(scales.taken_off(train), additive_effects(scales.taken_off(train), {.tolerance = 1e-6}));
  const Vector<double> target = scales.taken_off(validation).y - on.centre.predict(validation.where);
  Vector<double> z, best = target;
  double least = target.squaredNorm();
  const Index most = std::min(train.where.rows(), train.where.cols());
  for (const Index width : {2, 6}) {
    if (on.empty() || width > most || (width > 2 && train.count() > 1'000'000)) continue;
    PosteriorMean posterior(*on.data, width, seed);
    for (int sweep = 0; sweep < 25; ++sweep) {
      posterior.sweep(pace);
      product_at(posterior.At(), posterior.Bt(), validation.where, z);
      if (const double error = (target - on.centre.scale * z).squaredNorm(); error < least)
        least = error, best = target - on.centre.scale * z;
    }
  }
  return best;
}

/// The same of a tensor: CP averaged over its posterior, on the mean or on additive effects.
inline Vector<double> pilot_residuals(const Data<double, TensorEntries>& train, const Data<double, TensorEntries>& validation,
                                      const Scales& scales, std::uint64_t seed, const Pace& pace) {
  const Data<double, TensorEntries> scaled = scales.taken_off(train), held_out = scales.taken_off(validation);
  Vector<double> best;
  const auto keep = [&](Vector<double> residual) {
    if (best.size() == 0 || residual.squaredNorm() < best.squaredNorm()) best = std::move(residual);
  };
  for (Centre centre : std::array{global_mean(scaled), additive_effects(scaled, {.tolerance = 1e-6})}) {
    const Standardised on(scaled, std::move(centre));
    const Vector<double> target = held_out.y - on.centre.predict(validation.where);
    keep(target);
    for (const Index rank : {2, 6}) {
      if (on.empty() || (rank > 2 && train.count() > 1'000'000)) continue;
      CpPosterior posterior(*on.data, rank, seed);
      for (int sweep = 0; sweep < 25; ++sweep) {
        pace.ask();
        posterior.sweep();
        keep(target - on.centre.scale * cp_at(posterior.factors(), validation.where));
      }
    }
  }
  return best;
}

/// The entries of so many rows, drawn at random, that there are about `most`.
inline Data<double> some_rows(const Data<double>& data, Index most, std::uint64_t seed) {
  if (data.count() <= most) return data;
  std::vector<char> in(static_cast<std::size_t>(data.where.rows()), 0);
  Index count = 0;
  for (const Index i : shuffled(data.where.rows(), seed)) {
    if (count >= most) break;
    in[static_cast<std::size_t>(i)] = 1, count += data.where.row_start()[i + 1] - data.where.row_start()[i];
  }
  std::vector<Index> kept;
  for (Index k = 0; k < data.count(); ++k)
    if (in[static_cast<std::size_t>(data.where.row()[k])]) kept.push_back(k);
  return subset(data, kept);
}

/// Training and validation entries for pilots: as many draws as give a line of this mode about a hundred of the latter, at most all folds of such a share, or `most`.
template <IndexedEntries O>
std::vector<TrainTest<double, O>> pilot_parts(const Data<double, O>& data, Index lines, const Holdout& holdout, double share,
                                              std::uint64_t seed, Index most = 10) {
  std::vector<char> seen(static_cast<std::size_t>(data.where.shape()[lines]));
  for (Index k = 0; k < data.count(); ++k) seen[static_cast<std::size_t>(data.where.mode(lines)[k])] = 1;
  const double of_a_column = share * static_cast<double>(data.count()) / static_cast<double>(std::count(seen.begin(), seen.end(), 1));
  const Index folds = std::clamp<Index>(std::lround(1 / share), 2, 10);
  const Index draws = std::clamp<Index>(static_cast<Index>(std::ceil(100 / std::max(of_a_column, 1.0))), 1, std::min(folds, most));
  std::vector<TrainTest<double, O>> parts;
  if (holdout.kind == HoldoutKind::entries && draws > 1) {  // no entry twice: repeated ones would pass for evidence
    parts = k_folds(data, {.folds = folds, .seed = seed});
    parts.erase(parts.begin() + draws, parts.end());
  } else {
    for (Index d = 0; d < draws; ++d) parts.push_back(validation_part(data, holdout, share, seed + static_cast<std::uint64_t>(d)));
  }
  return parts;
}

/// Residuals of pilots in the units of the data, on the same entries for every way to scale.
template <IndexedEntries O>
class ScalingPilot {
 public:
  /// `lines`: the mode whose spreads errors are relative to.
  ScalingPilot(const Data<double, O>& data, Index lines, const Holdout& holdout, double share, std::uint64_t seed, const Pace& pace)
      : parts_(pilot_parts(data, lines, holdout, share, seed, 5)), seed_(seed), pace_(pace) {
    Vector<double> centre;
    centre_and_scale(data, lines, centre, spread_);
    for (const auto& part : parts_) line_.insert(line_.end(), part.test.where.mode(lines), part.test.where.mode(lines) + part.test.count());
  }
  Vector<double> residuals(const ScalingChoice& choice) const {
    Vector<double> all(static_cast<Index>(line_.size()));
    Index at = 0;
    for (std::size_t d = 0; d < parts_.size(); ++d) {
      const auto& [train, test] = parts_[d];
      const Scales scales = scales_of(train, choice);
      const Vector<double> residual = pilot_residuals(train, test, scales, seed_ + d, pace_);
      for (Index k = 0; k < residual.size(); ++k) all[at++] = residual[k] * scales.unit(test.where, k).scale;
    }
    return all;
  }
  Vector<double> relative(Vector<double> residual) const {
    for (Index k = 0; k < residual.size(); ++k) residual[k] /= spread_[line_[static_cast<std::size_t>(k)]];
    return residual;
  }
  /// Whether `other` is mostly thirty times closer, by medians: exact where `now` is not, which is no chance however few the entries are.
  static bool exact_only(const Vector<double>& other, const Vector<double>& now) {
    const auto median = [](Vector<double> residual) {
      residual = residual.cwiseAbs().eval();
      return median_of(std::vector<double>(residual.begin(), residual.end()), 0);
    };
    return now.size() >= 5 && 30 * median(other) < median(now);
  }
  /// What these relative residuals say of the noise of each line: the root of their mean square, with ten of the usual size, over its geometric mean; 1 of those without.
  Vector<double> noise(const Vector<double>& relative) const {
    const double usual = std::max(relative.squaredNorm() / static_cast<double>(relative.size()), 1e-300);
    Vector<double> squares = Vector<double>::Constant(spread_.size(), 10 * usual), count = Vector<double>::Constant(spread_.size(), 10);
    for (Index k = 0; k < relative.size(); ++k)
      squares[line_[static_cast<std::size_t>(k)]] += relative[k] * relative[k], count[line_[static_cast<std::size_t>(k)]] += 1;
    const auto known = count.array() > 10;
    const Vector<double> logarithm = known.select(0.5 * (squares.array() / count.array()).log(), 0.0);
    const double middle = logarithm.sum() / static_cast<double>(known.count());
    return known.select((logarithm.array() - middle).exp(), 1.0);
  }
  /// Whether `other` has lower squared errors by more than `errors` standard errors, and by more than `without` if any single line is left out.
  bool lower_in_many_lines(const Vector<double>& other, const Vector<double>& now, double errors, double without) const {
    const Vector<double> gain = now.cwiseAbs2() - other.cwiseAbs2();
    std::vector<Significance> of(static_cast<std::size_t>(spread_.size()));
    Significance all;
    for (Index k = 0; k < gain.size(); ++k) all.add(gain[k]), of[static_cast<std::size_t>(line_[static_cast<std::size_t>(k)])].add(gain[k]);
    return all.ratio() > errors &&
           std::all_of(of.begin(), of.end(), [&](const Significance& one) { return all.without(one).ratio() > without; });
  }

 private:
  std::vector<TrainTest<double, O>> parts_;
  std::uint64_t seed_;
  const Pace& pace_;
  Vector<double> spread_;
  std::vector<Index> line_;  // of each validation entry
};

}  // namespace tacit::detail
