// SPDX-License-Identifier: MIT
#pragma once
// Arora, Cohen, Hu, Luo 2019, Implicit Regularization in Deep Matrix Factorization: 100 x 100 matrices of rank 5, 2000 entries observed, Gaussian starts of
// product scale s, GroupRMSprop (rate 1e-3, eps 1e-4) until the training error is 1e-6; and small ones from the identity. The experiments of the acceptance
// list, shared by tests and paper checks. The error is theirs, the mean square over all entries; the effective rank is theirs, with 1e-10 inside the
// logarithm.

#include <tacit/hook/spectrum.hpp>
#include <tacit/tacit.hpp>

#include <Eigen/SVD>

namespace arora2019 {

using namespace tacit;

inline DeepMatrix<double> square_model(Index n, Index depth) {
  return DeepMatrix<double>(std::vector<Index>(static_cast<std::size_t>(depth) + 1, n));
}

/// Items 1 to 3.
struct Recovery {
  bool fitted;
  Index iterations;
  double error, effective_rank, rank_of_truth;
};
inline Recovery recover(Index depth, double scale, std::uint64_t seed) {
  const auto [truth, seen] = low_rank_completion({.rows = 100, .cols = 100, .rank = 5, .observed = 2000, .seed = seed});
  const DeepMatrix<double> model = square_model(100, depth);
  const Problem problem(model, seen, MeanSquares{});
  Vector<double> theta = model.near_zero({.product_scale = scale, .seed = seed});
  Trajectory end(mean_square_error_to(truth), effective_rank_eps);
  const auto outcome = train(problem, theta, group_rmsprop({.rate = 1e-3, .eps = 1e-4}), {.iterations = 100'000}, at_the_end(end),
                             stop_when(loss_below(1e-6)));
  SpectrumWorkspace<double> ws;
  Vector<double> sigma;
  singular_values(truth, ws, sigma);
  return {outcome.loss <= 1e-6, outcome.iterations, end.last("mean_square_error"), end.last("effective_rank_eps"),
          effective_rank_of(sigma, 1e-10)};
}

/// dl/dW of the mean square error, written out anew.
inline Matrix<double> loss_gradient(const Matrix<double>& W, const Data<double>& seen) {
  Matrix<double> G = Matrix<double>::Zero(W.rows(), W.cols());
  for (Index k = 0; k < seen.count(); ++k) {
    const auto [i, j] = seen.where[k];
    G(i, j) = 2 * (W(i, j) - seen.y[k]) / static_cast<double>(seen.count());
  }
  return G;
}
/// Every `gap` iterations: N sigma^(2 - 2/N) <-G, u v^T> for the leading singular values, and one iteration later how fast they really changed.
struct SpeedOfSingularValues {
  const Data<double>& seen;
  double rate;
  Index gap;
  Vector<double> before = {}, predicted = {}, of_next_depth = {};
  double worst = 0, worst_of_next_depth = 0;  ///< largest relative differences: of the formula, and of that of depth N + 1
  int compared = 0;

  void operator()(const auto& now) {
    constexpr Index leading = 3;
    if (predicted.size() > 0) {
      const Vector<double> measured = (sigma(now).head(leading) - before) / rate;
      worst = std::max(worst, (measured - predicted).cwiseQuotient(predicted).cwiseAbs().maxCoeff());
      worst_of_next_depth = std::max(worst_of_next_depth, (measured - of_next_depth).cwiseQuotient(of_next_depth).cwiseAbs().maxCoeff());
      ++compared;
      predicted.resize(0);
    }
    if (now.iteration() == 0 || now.iteration() % gap != 0) return;
    const double N = static_cast<double>(now.model().depth());
    const Eigen::JacobiSVD<Matrix<double>> svd(now.end_to_end(), Eigen::ComputeThinU | Eigen::ComputeThinV);
    const Matrix<double> core = svd.matrixU().transpose() * loss_gradient(now.end_to_end(), seen) * svd.matrixV();
    before = svd.singularValues().head(leading);
    const auto formula = [&](double n) {
      return Vector<double>(-n * (before.array().pow(2 - 2 / n) * core.diagonal().head(leading).array()).matrix());
    };
    predicted = formula(N);
    of_next_depth = formula(N + 1);
  }
};
/// Item 4, 20 x 20 of rank 3, 200 observed, from the identity at product scale 1e-2 over the time 60. At the start all singular values are the same, and the
/// gradient's singular bases decide which of them grows first; so the comparison begins a fortieth into the run.
struct Speed {
  double worst, worst_of_next_depth;
  int compared;
};
inline Speed speed_from_identity(Index depth, double eta, std::uint64_t seed) {
  const auto task = low_rank_completion({.rows = 20, .cols = 20, .rank = 3, .observed = 200, .seed = seed});
  const auto model = square_model(20, depth);
  const Problem problem(model, task.seen, MeanSquares{});
  const Index steps = std::llround(60 / eta);
  SpeedOfSingularValues speed{.seen = task.seen, .rate = eta, .gap = steps / 40};
  Vector<double> theta = model.identity({.product_scale = 1e-2});
  train(problem, theta, gradient_descent({.rate = eta}), {.iterations = steps}, speed);
  return {speed.worst, speed.worst_of_next_depth, speed.compared};
}
/// The identity is exactly balanced and gradient flow would keep it so: the whole defect at a fixed time, when the leading singular value has grown, is the
/// descent's, O(eta^2) a step.
struct Defect {
  double at_start, at_end, spectral_norm;
};
inline Defect balancedness_from_identity(Index depth, double eta, std::uint64_t seed) {
  const auto task = low_rank_completion({.rows = 20, .cols = 20, .rank = 3, .observed = 200, .seed = seed});
  const double time = depth == 2 ? 60 : depth == 3 ? 90 : 180;
  const auto model = square_model(20, depth);
  const Problem problem(model, task.seen, MeanSquares{});
  Vector<double> theta = model.identity({.product_scale = 1e-2});
  Trajectory ends(balancedness, spectral_norm);
  train(problem, theta, gradient_descent({.rate = eta}), {.iterations = std::llround(time / eta)}, once(0, ends), at_the_end(ends));
  return {ends.column("balancedness").front(), ends.last("balancedness"), ends.last("spectral_norm")};
}

/// Item 5: a plain matrix learns what it sees and nothing else; the loss and the mean square error over all entries.
struct PlainMatrix {
  double loss, error;
};
inline PlainMatrix plain_matrix(double scale, std::uint64_t seed) {
  const auto [truth, seen] = low_rank_completion({.rows = 100, .cols = 100, .rank = 5, .observed = 2000, .seed = seed});
  const auto model = square_model(100, 1);
  const Problem problem(model, seen, MeanSquares{});
  Vector<double> theta = model.near_zero({.product_scale = scale, .seed = seed});
  Trajectory end(mean_square_error_to(truth));
  const double half = static_cast<double>(seen.count()) / 4;  // halves every residual in a step
  const auto outcome =
      train(problem, theta, gradient_descent({.rate = half}), {.iterations = 1000}, at_the_end(end), stop_when(loss_below(1e-6)));
  return {outcome.loss, end.last("mean_square_error")};
}

}  // namespace arora2019
