// SPDX-License-Identifier: MIT
#pragma once
// The problems of the atlas (race/atlas_problem.hpp).

#include "../../core/compiled.hpp"
#include "../../data/low_rank.hpp"
#include "../../model/deep_matrix.hpp"
#include "../../model/diagonal_net.hpp"
#include "../../problem.hpp"
#include "../../solver/basis_pursuit.hpp"
#include "../../solver/nuclear_norm.hpp"
#include "../atlas_problem.hpp"

namespace tacit {

namespace detail {

inline double relative_distance(const Vector<double>& a, const Vector<double>& b, const std::vector<char>& without = {}) {
  double off = 0, all = 0;
  for (Index k = 0; k < a.size(); ++k) {
    if (!without.empty() && without[static_cast<std::size_t>(k)]) continue;
    off += (a[k] - b[k]) * (a[k] - b[k]);
    all += b[k] * b[k];
  }
  return std::sqrt(off / all);
}
inline DeepMatrix<double> square_chain(Index size, Index depth) {
  require(depth >= 1, "atlas: the depth is ", depth, ", it needs to be at least 1");
  return DeepMatrix<double>(std::vector<Index>(static_cast<std::size_t>(depth) + 1, size));
}
inline LeastNorm least(const MinimumNorm& found) { return {found.norm, found.lower}; }

/// Measurements A (size x observed, a column each) and their targets.
inline Data<double, LinearMap<double>> sparse_measurements(const AtlasVector& of, std::uint64_t seed, Vector<double>& truth) {
  require(of.size > 0 && of.observed > 0, "atlas: .size is ", of.size, " and .observed ", of.observed, ", they need to be positive");
  require(of.sparsity > 0 && of.sparsity <= of.size, "atlas: .sparsity is ", of.sparsity, ", it needs to be 1 to ", of.size);
  Random measurements(seed, "measurements"), signs(seed, "truth");
  Matrix<double> A(of.size, of.observed);
  for (Index k = 0; k < A.size(); ++k) A.data()[k] = measurements.normal();
  truth = Vector<double>::Zero(of.size);
  for (Index i = 0; i < of.sparsity; ++i) truth[i] = (signs.normal() < 0 ? -1 : 1) / std::sqrt(static_cast<double>(of.sparsity));
  Vector<double> y = Vector<double>::Zero(of.observed);
  for (Index k = 0; k < of.observed; ++k)
    for (Index i = 0; i < of.sparsity; ++i) y[k] += A(i, k) * truth[i];
  return {LinearMap<double>(of.size, 1, std::move(A)), std::move(y), {}};
}

}  // namespace detail

TACIT_INLINE AtlasProblem atlas_completion(const AtlasMatrix& of) {
  const auto task = [of](std::uint64_t seed) {
    return low_rank_completion<double>({.rows = of.size, .cols = of.size, .rank = of.rank, .observed = of.observed, .seed = seed});
  };
  const auto make = [=](Index depth, double scale, std::uint64_t seed) {
    const CompletionTask<double> made = task(seed);
    const DeepMatrix<double> model = detail::square_chain(of.size, depth);
    std::vector<char> seen(static_cast<std::size_t>(of.size * of.size), 0);
    for (Index k = 0; k < made.seen.count(); ++k)
      seen[static_cast<std::size_t>(made.seen.where.row()[k] + of.size * made.seen.where.col()[k])] = 1;
    const Vector<double> truth = Eigen::Map<const Vector<double>>(made.truth.data(), made.truth.size());
    return AtlasInstance{
        RaceInstance{AnyProblem<double>(Problem(model, made.seen, MeanSquares{})), model.near_zero({.product_scale = scale, .seed = seed})},
        [seen, truth](const Vector<double>& W) { return detail::relative_distance(W, truth, seen); }};
  };
  return {sentence("matrix_completion({.size = ", of.size, ", .rank = ", of.rank, ", .observed = ", of.observed, "})"), make,
          [=](std::uint64_t seed) { return detail::least(minimum_nuclear_norm(task(seed).seen)); }};
}

TACIT_INLINE AtlasProblem atlas_sensing(const AtlasMatrix& of) {
  const auto task = [of](std::uint64_t seed) {
    return low_rank_sensing<double>({.rows = of.size, .cols = of.size, .rank = of.rank, .observed = of.observed, .seed = seed});
  };
  const auto make = [=](Index depth, double scale, std::uint64_t seed) {
    const SensingTask<double> made = task(seed);
    const DeepMatrix<double> model = detail::square_chain(of.size, depth);
    const Vector<double> truth = Eigen::Map<const Vector<double>>(made.truth.data(), made.truth.size());
    return AtlasInstance{
        RaceInstance{AnyProblem<double>(Problem(model, made.seen, MeanSquares{})), model.near_zero({.product_scale = scale, .seed = seed})},
        [truth](const Vector<double>& W) { return detail::relative_distance(W, truth); }};
  };
  return {sentence("matrix_sensing({.size = ", of.size, ", .rank = ", of.rank, ", .observed = ", of.observed, "})"), make,
          [=](std::uint64_t seed) { return detail::least(minimum_nuclear_norm(task(seed).seen)); }};
}

TACIT_INLINE AtlasProblem atlas_regression(const AtlasVector& of) {
  const auto make = [=](Index depth, double scale, std::uint64_t seed) {
    require(depth >= 1, "atlas: the depth is ", depth, ", it needs to be at least 1");
    require(std::isfinite(scale) && scale > 0, "atlas: the start scale is ", scale, ", it needs to be positive and finite");
    Vector<double> truth;
    const Data<double, LinearMap<double>> seen = detail::sparse_measurements(of, seed, truth);
    const auto error = [truth](const Vector<double>& x) { return detail::relative_distance(x, truth); };
    if (depth == 1) {
      const DeepMatrix<double> model({1, of.size});
      return AtlasInstance{RaceInstance{AnyProblem<double>(Problem(model, seen, HalfMeanSquares{})), Vector<double>::Zero(of.size)}, error,
                           true};
    }
    const DiagonalNet<double> model({.size = of.size, .depth = static_cast<double>(depth)});
    return AtlasInstance{RaceInstance{AnyProblem<double>(Problem(model, seen, HalfMeanSquares{})),
                                      Vector<double>::Constant(2 * of.size, std::pow(scale, 1 / static_cast<double>(depth)))},
                         error, true};
  };
  return {sentence("diagonal_regression({.size = ", of.size, ", .observed = ", of.observed, ", .sparsity = ", of.sparsity, "})"), make,
          [=](std::uint64_t seed) {
            Vector<double> truth;
            const BasisPursuit found = basis_pursuit(detail::sparse_measurements(of, seed, truth));
            return LeastNorm{found.norm, found.lower};
          }};
}

}  // namespace tacit
