// SPDX-License-Identifier: MIT
#pragma once
// Matt & Stoeger 2025, Linear regression with overparameterized linear neural networks: Tight upper and lower bounds for implicit l1-regularization. The
// experiments of the acceptance list, shared by tests and paper checks.

#include <tacit/solver/basis_pursuit.hpp>
#include <tacit/solver/null_space_constant.hpp>

#include <algorithm>
#include <optional>

#include "diagonal.hpp"

namespace matt2025 {

using namespace diagonal;

/// Of the relative error in the scale, over the last decade down to `scale`.
inline double slope(const Linear& problem, const Vector<double>& minimiser, double depth, double scale) {
  return std::log10(relative_error(problem, minimiser, depth, 10 * scale) / relative_error(problem, minimiser, depth, scale));
}

/// Item 1: A = (1, 1 - eps), y = 1, over alpha in [1e-9, 1e-8].
struct TwoColumns {
  double rho, slope, slope_at_depth_3;
};
inline TwoColumns two_columns(double eps) {
  const Linear problem = two(eps);
  const Vector<double> minimiser = basis_pursuit(problem.A, problem.y).x;
  return {null_space_constant(problem.A, minimiser).rho(), slope(problem, minimiser, 2, 1e-9), slope(problem, minimiser, 3, 1e-9)};
}
/// Item 2: on "plane" the minimiser is not unique; the error is that to the point that depth `target` selects.
inline double plane_slope(double depth, double target) {
  const auto error = [&](double scale) { return static_cast<double>((limit_at(plane(), depth, scale) - selected(target, 4)).norm()); };
  return std::log10(error(1e-8) / error(1e-9));
}
/// Item 3: an instance without noise, none where the minimiser is not the truth: how far upper and lower bound of rho are apart, and the slopes.
struct SparseSlopes {
  double rho, uncertainty, depth_2, depth_3, depth_4;
};
inline std::optional<SparseSlopes> sparse_slopes(std::uint64_t seed) {
  const Sparse instance = sparse_instance(seed, 0);
  const BasisPursuit least = basis_pursuit(instance.A, instance.y);
  if ((least.x - instance.truth).norm() > 1e-9) return std::nullopt;
  const NullSpaceConstant constant = null_space_constant(instance.A, least.x);
  return SparseSlopes{constant.rho(), constant.upper - constant.lower, slope(instance, least.x, 2, 1e-8), slope(instance, least.x, 3, 1e-8),
                      slope(instance, least.x, 4, 1e-8)};
}
/// Item 4: with noise of 0.1, the relative error at depth two over that at depth three, at alpha = 1e-8 and 1e-11; as a control, the error at depth three
/// over that at depth four; and how many entries the minimiser has.
struct NoisyRatios {
  double at_1e8, at_1e11, of_3_and_4_at_1e8, of_3_and_4_at_1e11;
  Index support;
};
inline NoisyRatios noisy_ratios(const Sparse& instance) {
  const Vector<double> minimiser = basis_pursuit(instance.A, instance.y).x;
  const auto ratio = [&](double depth, double scale) {
    return relative_error(instance, minimiser, depth, scale) / relative_error(instance, minimiser, depth + 1, scale);
  };
  return {ratio(2, 1e-8), ratio(2, 1e-11), ratio(3, 1e-8), ratio(3, 1e-11),
          static_cast<Index>(null_space_constant(instance.A, minimiser).support.size())};
}

/// The table of the reference runs: relative errors at alpha = 1e-8 at depths 2, 3 and 4, and the slope at depth two.
struct Row {
  double noise;
  Index support;
  double errors[3], slope;
};
inline std::vector<Row> reference_table() {
  return {{0, 3, {1.78e-3, 1.90e-6, 8.87e-7}, 0.495},
          {0.03, 30, {2.22e-2, 6.09e-4, 2.94e-5}, 0.018},
          {0.1, 30, {6.18e-2, 4.18e-4, 2.47e-5}, 0.005},
          {0.4, 30, {1.04e-1, 2.47e-4, 1.51e-5}, 0.030}};
}
/// The same, measured, with how far the errors are from the printed ones in units of the third digit.
struct Measured {
  Index support;
  double rho, errors[3], off[3], slope;
};
inline Measured reference_row(const Row& row) {
  const Sparse instance = reference_instance(row.noise);
  const Vector<double> minimiser = basis_pursuit(instance.A, instance.y).x;
  const NullSpaceConstant constant = null_space_constant(instance.A, minimiser);
  Measured found{static_cast<Index>(constant.support.size()), constant.rho(), {}, {}, slope(instance, minimiser, 2, 1e-8)};
  for (int k = 0; k < 3; ++k) {
    found.errors[k] = relative_error(instance, minimiser, k + 2, 1e-8);
    found.off[k] = std::abs(found.errors[k] - row.errors[k]) / std::pow(10, std::floor(std::log10(row.errors[k])) - 2);
  }
  return found;
}

}  // namespace matt2025
