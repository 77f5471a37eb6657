// SPDX-License-Identifier: MIT
#pragma once
// Zhao 2022, Combining Explicit and Implicit Regularization for Efficient Learning in Deep Networks: a plain 100 x 100 matrix (depth 1) under the penalty
// lambda ||W||_* / ||W||_F, started at scale 1e-3, rank-5 truth, 2000 entries observed. The experiments of the acceptance list, shared by tests and paper
// checks.

#include <tacit/hook/spectrum.hpp>
#include <tacit/penalty/nuclear_over_frobenius.hpp>
#include <tacit/tacit.hpp>

#include <Eigen/SVD>

namespace zhao2022 {

using namespace tacit;

/// Items 1, 2 and 4.
struct Completion {
  double unobserved, observed;          ///< mean square errors over the entries that were not seen, and over those that were
  std::vector<double> effective_ranks;  ///< every tenth of the run
  double last_rank() const { return effective_ranks.back(); }
};
/// lambda = 0: without the penalty.
template <class Optimizer>
Completion complete(const Optimizer& optimizer, double lambda, Index steps, std::uint64_t seed) {
  const auto [truth, seen] = low_rank_completion({.rows = 100, .cols = 100, .rank = 5, .observed = 2000, .seed = seed});
  Matrix<double> rest = truth;
  for (Index k = 0; k < seen.count(); ++k) rest(seen.where[k].row, seen.where[k].col) = std::nan("");
  const DeepMatrix<double> model({100, 100});
  Vector<double> theta = model.near_zero({.product_scale = 1e-3, .seed = seed});
  Trajectory history(loss, rmse_on("unobserved_rmse", model, tacit::observed(rest)), effective_rank_eps);
  const auto run = [&](const auto& problem) { train(problem, theta, optimizer, {.iterations = steps}, every(steps / 10, history)); };
  if (lambda > 0) run(Problem(model, seen, MeanSquares{}, NuclearOverFrobenius{lambda}));
  else run(Problem(model, seen, MeanSquares{}));
  return {std::pow(history.last("unobserved_rmse"), 2), history.last("loss"), history.column("effective_rank_eps")};
}
inline Completion by_adam(double lambda, Index steps, std::uint64_t seed) { return complete(adam({.rate = 1e-3}), lambda, steps, seed); }
inline Completion by_descent(Index steps, std::uint64_t seed) { return complete(gradient_descent({.rate = 1}), 0.01, steps, seed); }

inline Matrix<double> gaussian(Index rows, Index cols, std::uint64_t seed) {
  Random random(seed, "matrix");
  Matrix<double> W(rows, cols);
  for (double& entry : W.reshaped()) entry = random.normal();
  return W;
}
/// ||W||_* / ||W||_F by another decomposition than the penalty's.
inline double ratio(const Matrix<double>& W) { return Eigen::JacobiSVD<Matrix<double>>(W).singularValues().sum() / W.norm(); }
/// The penalty's value and gradient at W.
struct RatioAt {
  double value;
  Matrix<double> gradient;
};
inline RatioAt ratio_at(const Matrix<double>& W) {
  const NuclearOverFrobenius penalty{1};
  auto ws = penalty.start<double>(W.rows(), W.cols());
  Matrix<double> slope(W.rows(), W.cols());
  const double value = penalty.value_and_slope<double>({W.data(), W.rows(), W.cols()}, ws, {slope.data(), slope.rows(), slope.cols()});
  return {value, slope};
}
/// Item 3: relative difference of the gradient from central differences, |<gradient, W>| relative to the norms, also of the gradient U V^T of ||W||_* alone,
/// and relative difference of the value.
struct RatioError {
  double gradient, inner, value, inner_of_nuclear_norm;
};
inline RatioError ratio_error(const Matrix<double>& W) {
  const RatioAt at = ratio_at(W);
  const Matrix<double>& G = at.gradient;
  Matrix<double> differences(W.rows(), W.cols());
  const double h = 1e-5;
  for (Index j = 0; j < W.cols(); ++j)
    for (Index i = 0; i < W.rows(); ++i) {
      Matrix<double> more = W, less = W;
      more(i, j) += h;
      less(i, j) -= h;
      differences(i, j) = (ratio(more) - ratio(less)) / (2 * h);
    }
  return {(G - differences).norm() / differences.norm(), std::abs(G.cwiseProduct(W).sum()) / (G.norm() * W.norm()),
          std::abs(at.value / ratio(W) - 1), ratio(W) / std::sqrt(static_cast<double>(std::min(W.rows(), W.cols())))};
}

}  // namespace zhao2022
