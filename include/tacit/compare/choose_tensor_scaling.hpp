// SPDX-License-Identifier: MIT
#pragma once
// Do the slices of a mode of a tensor get scales of their own, as the columns of a matrix do (choose_scaling.hpp)? Candidates are the modes whose slices differ in spread by
// 100 x or more, the one that differs most first. Pilot fits (scaling_pilot.hpp) with and without scales are compared on validation entries: scales are taken if they lower
// squared and absolute errors, relative to the spreads of slices, by more than two standard errors, and by more than one whichever single slice is left out, and do not
// raise the plain squared ones by more than two. So slices in different units get them; slices of one unit that are weak, as of an instrument at wavelengths where little
// is seen, do not. Errors are then relative to the spread of each slice.

#include "choose_scaling.hpp"

namespace tacit {

namespace detail {

/// Whether the slices of this mode get scales.
inline bool slices_have_units(const Data<double, TensorEntries>& data, const ScalingChoice& plain, Index mode, double validation,
                              std::uint64_t seed, const Pace& pace) {
  ScalingChoice scaled = plain;
  scaled.modes = {mode};
  const ScalingPilot<TensorEntries> pilot(data, mode, Holdout{}, validation, seed, pace);
  const Vector<double> now = pilot.residuals(scaled), of_file = pilot.residuals(plain);
  const Vector<double> relative = pilot.relative(now), other = pilot.relative(of_file);
  return pilot.lower_in_many_lines(relative, other, 2, 1) &&
         pilot.lower_in_many_lines(relative.cwiseAbs().cwiseSqrt(), other.cwiseAbs().cwiseSqrt(), 2, 1) && !clearly_better(of_file, now, 2);
}

}  // namespace detail

/// `modes`: asked for by their numbers, else `asked`. `pace`: who may stop it.
inline ScalingChoice choose_tensor_scaling(const Data<double, TensorEntries>& data, Scaling asked, const std::vector<Index>& modes,
                                           double validation, std::uint64_t seed, const Pace& pace = {}) {
  const ScalingChoice plain = asked_scaling(data, asked, modes);
  if (asked != Scaling::automatic || !modes.empty()) return plain;
  std::vector<Index> candidates(plain.ratios.size());
  std::iota(candidates.begin(), candidates.end(), Index(0));
  const auto ratio = [&](Index n) { return plain.ratios[static_cast<std::size_t>(n)]; };
  std::erase_if(candidates, [&](Index n) { return !(ratio(n) >= 100); });
  std::stable_sort(candidates.begin(), candidates.end(), [&](Index a, Index b) { return ratio(a) > ratio(b); });
  for (const Index n : candidates) {
    if (!detail::slices_have_units(data, plain, n, validation, seed, pace)) continue;
    ScalingChoice choice = plain;
    choice.modes = {n}, choice.lines = n, choice.by_spread = true, choice.relative = true;
    return choice;
  }
  return plain;
}

}  // namespace tacit
