// SPDX-License-Identifier: MIT
// Arora, Cohen, Hu, Luo 2019, Implicit Regularization in Deep Matrix Factorization: what takes seconds. examples/paper_checks has the rest.
#include <tacit/tacit.hpp>

#include <tacit/hook/spectrum.hpp>

#include <Eigen/SVD>

#include "catch.hpp"

using namespace tacit;

namespace {

DeepMatrix<double> square_model(Index n, Index depth) {
  return DeepMatrix<double>(std::vector<Index>(static_cast<std::size_t>(depth) + 1, n));
}

/// dl/dW of the mean square error, written out anew.
Matrix<double> loss_gradient(const Matrix<double>& W, const Data<double>& seen) {
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
  Vector<double> before = {}, predicted = {};
  double worst = 0;  ///< largest relative difference
  int compared = 0;

  void operator()(const auto& now) {
    constexpr Index leading = 3;
    if (predicted.size() > 0) {
      const Vector<double> measured = (sigma(now).head(leading) - before) / rate;
      worst = std::max(worst, (measured - predicted).cwiseQuotient(predicted).cwiseAbs().maxCoeff());
      ++compared;
      predicted.resize(0);
    }
    if (now.iteration() == 0 || now.iteration() % gap != 0) return;
    const double N = static_cast<double>(now.model().depth());
    const Eigen::JacobiSVD<Matrix<double>> svd(now.end_to_end(), Eigen::ComputeThinU | Eigen::ComputeThinV);
    const Matrix<double> core = svd.matrixU().transpose() * loss_gradient(now.end_to_end(), seen) * svd.matrixV();
    before = svd.singularValues().head(leading);
    predicted = -N * (before.array().pow(2 - 2 / N) * core.diagonal().head(leading).array()).matrix();
  }
};

}  // namespace

// Item 4. At the start all singular values are the same, and the gradient's singular bases decide which of them grows first; so the comparison
// begins a fortieth into the run.
TEST_CASE("from the identity, singular values move at N sigma^(2-2/N) times the gradient's component") {
  const auto task = low_rank_completion({.rows = 20, .cols = 20, .rank = 3, .observed = 200, .seed = 1});
  const Index depth = GENERATE(Index(1), Index(2), Index(3), Index(4));
  const double time = 60;
  const auto model = square_model(20, depth);
  const Problem problem(model, task.seen, MeanSquares{});
  double coarse = 0;
  for (const double eta : {2e-2, 2e-3}) {
    const Index steps = std::llround(time / eta);
    SpeedOfSingularValues speed{.seen = task.seen, .rate = eta, .gap = steps / 40};
    Vector<double> theta = model.identity({.product_scale = 1e-2});
    const auto outcome = train(problem, theta, gradient_descent({.rate = eta}), {.iterations = steps}, speed);
    CAPTURE(depth, eta, outcome.loss);
    CHECK(speed.compared == 39);
    CHECK(speed.worst < 0.01);
    if (eta == 2e-2) coarse = speed.worst;
    else CHECK(speed.worst < coarse / 5);  // exact as eta -> 0
  }
}

// The identity is exactly balanced and gradient flow would keep it so: the whole defect at a fixed time is the descent's, O(eta^2) a step.
TEST_CASE("from the identity, the balancedness defect at a fixed time is proportional to the rate") {
  const auto task = low_rank_completion({.rows = 20, .cols = 20, .rank = 3, .observed = 200, .seed = 1});
  const Index depth = GENERATE(Index(2), Index(3), Index(4));
  const double time = depth == 2 ? 60 : depth == 3 ? 90 : 180;  // until the leading singular value has grown
  const auto model = square_model(20, depth);
  const Problem problem(model, task.seen, MeanSquares{});
  std::vector<double> defects;
  for (const double eta : {4e-2, 4e-3}) {
    Vector<double> theta = model.identity({.product_scale = 1e-2});
    Trajectory ends(balancedness, spectral_norm);
    train(problem, theta, gradient_descent({.rate = eta}), {.iterations = std::llround(time / eta)}, once(0, ends), at_the_end(ends));
    REQUIRE(ends.rows() == 2);
    CHECK(ends.column("balancedness")[0] == 0);
    CHECK(ends.last("spectral_norm") > 5);
    defects.push_back(ends.last("balancedness"));
  }
  CAPTURE(depth, defects[0], defects[1]);
  CHECK(std::abs(defects[0] / defects[1] - 10) <= 1);
}

// Item 5. A plain matrix learns what it sees and nothing else: the other four fifths keep their mean square of 1.
TEST_CASE("depth 1 recovers nothing: the error over all entries is the unobserved fraction") {
  for (std::uint64_t seed = 1; seed <= 5; ++seed) {
    const auto [truth, seen] = low_rank_completion({.rows = 100, .cols = 100, .rank = 5, .observed = 2000, .seed = seed});
    const auto model = square_model(100, 1);
    const Problem problem(model, seen, MeanSquares{});
    for (const double scale : {1e-3, 1e-4, 1e-5, 1e-6}) {
      Vector<double> theta = model.near_zero({.product_scale = scale, .seed = seed});
      Trajectory end(mean_square_error_to(truth));
      const double half = static_cast<double>(seen.count()) / 4;  // halves every residual in a step
      const auto outcome =
          train(problem, theta, gradient_descent({.rate = half}), {.iterations = 1000}, at_the_end(end), stop_when(loss_below(1e-6)));
      CAPTURE(seed, scale, outcome.iterations, end.last("mean_square_error"));
      CHECK(outcome.loss <= 1e-6);
      CHECK(std::abs(end.last("mean_square_error") - 0.80) <= 0.05);
    }
  }
}
