// SPDX-License-Identifier: MIT
#pragma once
// The runs of Shin & Yun 2026 that the test and the checks share: square factors of size 4, half the sum of squares, descent at 0.05 until the loss is below
// 1e-16 (after a warm start 1e-18). Settings and numbers are those of reference runs of the notes on the paper, not the authors'.
#include <tacit/core/singular_values.hpp>
#include <tacit/hook/coupling.hpp>
#include <tacit/hook/schedule.hpp>
#include <tacit/hook/spectrum.hpp>
#include <tacit/hook/stop.hpp>
#include <tacit/hook/trajectory.hpp>
#include <tacit/model/deep_matrix.hpp>
#include <tacit/observation/connectivity.hpp>
#include <tacit/optimizer/recipes.hpp>
#include <tacit/train.hpp>

namespace shin2026 {

using namespace tacit;

inline DeepMatrix<double> model_of(Index depth) { return DeepMatrix<double>(std::vector<Index>(static_cast<std::size_t>(depth) + 1, 4)); }
inline const Vector<double>& diagonal_values() {
  static const Vector<double> w{{1, 0.8, 0.7, 0.6}};
  return w;
}
inline Data<double> diagonal_data() {
  Matrix<double> W = Matrix<double>::Constant(4, 4, std::nan(""));
  W.diagonal() = diagonal_values();
  return observed(W);
}

struct End {
  Matrix<double> W;
  Vector<double> sigma, theta;
  double coupling = 0, largest_coupling = 0;  ///< between components of the observed entries: at the end, along the run
  double effective_rank = 0, loss = 0;
  Index steps = 0;
  double ratio() const { return sigma[1] / sigma[0]; }
};
inline End descent(Index depth, const Data<double>& data, Vector<double> theta, double enough = 1e-16, Index most = 2'000'000) {
  const DeepMatrix<double> model = model_of(depth);
  const Problem problem(model, data, HalfSumOfSquares{});
  End end;
  const auto coupled = [&](auto& history) {
    return train(problem, theta, gradient_descent({.rate = 0.05}), {.iterations = most}, every(1000, history),
                 every(20, stop_when(loss_below(enough))));
  };
  const Partition groups = groups_by_component(data.where);
  Trajectory history(coupling(groups));
  const auto outcome = coupled(history);
  for (const double value : history.column("coupling")) end.largest_coupling = std::max(end.largest_coupling, value);
  end.coupling = history.last("coupling");
  end.W = model.layer(theta, 0);
  for (Index l = 1; l < depth; ++l) end.W = detail::product<double>(model.layer(theta, l), end.W);
  SpectrumWorkspace<double> ws;
  singular_values<double>(end.W, ws, end.sigma);
  end.effective_rank = effective_rank_of(end.sigma);
  end.loss = outcome.loss;
  end.steps = outcome.iterations;
  end.theta = std::move(theta);
  return end;
}
/// Gaussian factors of standard deviation alpha, diagonal observations.
inline End from_gaussian(Index depth, double alpha, std::uint64_t seed) {
  return descent(depth, diagonal_data(), model_of(depth).near_zero({.entry_std = alpha, .seed = seed}));
}
/// Three diagonal factors with entries of U(0.15, 0.3), and with Gaussian entries of standard deviation `off` in place of the zeros.
inline End from_diagonal(double off, std::uint64_t seed) {
  Random random(seed, "shin2026 diagonal");
  const DeepMatrix<double> model = model_of(3);
  Vector<double> start = Vector<double>::Zero(model.parameter_count());
  for (Index l = 0; l < 3; ++l)
    for (Index i = 0; i < 4; ++i) model.layer(start, l)(i, i) = random.uniform(0.15, 0.3);
  if (off != 0)
    for (double& entry : start)
      if (entry == 0) entry = off * random.normal();
  return descent(3, diagonal_data(), start);
}
/// Depth 2:  W_ij = sqrt(w_i w_j) <v_i, v_j>,  v_i the direction of  row i of W_2 + column i of W_1  at the start.
inline Matrix<double> gram_limit(const Vector<double>& start) {
  const DeepMatrix<double> model = model_of(2);
  const Matrix<double> V =
      (Matrix<double>(model.layer(start, 1)) + Matrix<double>(model.layer(start, 0)).transpose()).rowwise().normalized();
  const Vector<double> root = diagonal_values().cwiseSqrt();
  return root.asDiagonal() * detail::product_nt<double>(V, V) * root.asDiagonal();
}
/// sigma_2 / sigma_1 of that limit.
inline double gram_ratio(std::uint64_t seed) {
  SpectrumWorkspace<double> ws;
  Vector<double> sigma;
  singular_values<double>(gram_limit(model_of(2).near_zero({.entry_std = 1e-3, .seed = seed})), ws, sigma);
  return sigma[1] / sigma[0];
}
inline double median(std::vector<double> values) {
  std::sort(values.begin(), values.end());
  const std::size_t half = values.size() / 2;
  return values.size() % 2 ? values[half] : (values[half - 1] + values[half]) / 2;
}
/// Slope of log(sigma_2 / sigma_1) in log alpha between two scales of the same start.
inline double slope(const End& larger, const End& smaller, double alphas) {
  return std::log(larger.ratio() / smaller.ratio()) / std::log(alphas);
}

/// A target x y^T with entries of x, y in U(0.6, 1.2): its diagonal, then its diagonal and the entries above it.
struct Stages {
  double cold = 0, warm = 0;                 ///< |W - target|_F / |target|_F at the end of stage two, from the start and after stage one
  double first_ratio = 0, second_ratio = 0;  ///< sigma_2 / sigma_1 at the end of the stages
  double cold_loss = 0, warm_loss = 0;
};
inline Stages stages(Index depth, std::uint64_t seed) {
  Random random(seed, "shin2026 stages");
  Vector<double> x(4), y(4);
  for (Vector<double>* factor : {&x, &y})
    for (double& value : *factor) value = random.uniform(0.6, 1.2);
  Matrix<double> target(4, 4), first = Matrix<double>::Constant(4, 4, std::nan("")), second = first;
  for (Index i = 0; i < 4; ++i)
    for (Index j = 0; j < 4; ++j) {
      target(i, j) = x[i] * y[j];
      if (i == j) first(i, j) = target(i, j);
      if (i == j || i + 1 == j) second(i, j) = target(i, j);
    }
  const double alpha = depth == 2 ? 1e-8 : depth == 3 ? 1e-3 : 1e-2;
  const DeepMatrix<double> model = model_of(depth);
  Vector<double> start(model.parameter_count());
  for (Index l = 0; l < depth; ++l) {
    auto W = model.layer(start, l);
    for (Index i = 0; i < 4; ++i)
      for (Index j = 0; j < 4; ++j) W(i, j) = alpha * random.uniform(0.5, 1.5) * (i == j ? 1 : 0.2);
  }
  const End one = descent(depth, observed(first), start), warm = descent(depth, observed(second), one.theta, 1e-18),
            cold = descent(depth, observed(second), start);
  return {
      (cold.W - target).norm() / target.norm(), (warm.W - target).norm() / target.norm(), one.ratio(), warm.ratio(), cold.loss, warm.loss};
}
/// The largest entry of W off the diagonal.
inline double off_diagonal(const Matrix<double>& W) {
  Matrix<double> off = W;
  off.diagonal().setZero();
  return off.cwiseAbs().maxCoeff();
}
/// Two fully observed 2 x 2 blocks of a positive rank-one matrix of 4 x 4.
inline Data<double> two_blocks(std::uint64_t seed) {
  Random random(seed, "shin2026 blocks");
  Vector<double> x(4), y(4);
  for (Vector<double>* factor : {&x, &y})
    for (double& value : *factor) value = random.uniform(0.6, 1.2);
  Matrix<double> W(4, 4);
  for (Index i = 0; i < 4; ++i)
    for (Index j = 0; j < 4; ++j) W(i, j) = i / 2 == j / 2 ? x[i] * y[j] : std::nan("");
  return observed(W);
}

}  // namespace shin2026
