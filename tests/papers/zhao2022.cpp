// SPDX-License-Identifier: MIT
// Zhao 2022, Combining Explicit and Implicit Regularization for Efficient Learning in Deep Networks: what takes seconds. examples/paper_checks has the rest.
#include <tacit/tacit.hpp>

#include <tacit/hook/spectrum.hpp>
#include <tacit/penalty/nuclear_over_frobenius.hpp>

#include <Eigen/SVD>

#include "catch.hpp"
#include "sanitized.hpp"

using namespace tacit;
using Catch::Matchers::WithinAbs;

namespace {

Matrix<double> gaussian(Index rows, Index cols, std::uint64_t seed) {
  Random random(seed, "matrix");
  Matrix<double> W(rows, cols);
  for (double& entry : W.reshaped()) entry = random.normal();
  return W;
}

/// ||W||_* / ||W||_F by another decomposition than the penalty's.
double ratio(const Matrix<double>& W) { return Eigen::JacobiSVD<Matrix<double>>(W).singularValues().sum() / W.norm(); }

Matrix<double> gradient_of_ratio(const Matrix<double>& W) {
  const NuclearOverFrobenius penalty{1};
  auto ws = penalty.start<double>(W.rows(), W.cols());
  Matrix<double> slope(W.rows(), W.cols());
  const double value = penalty.value_and_slope<double>({W.data(), W.rows(), W.cols()}, ws, {slope.data(), slope.rows(), slope.cols()});
  CHECK_THAT(value, WithinAbs(ratio(W), 1e-12 * value));
  return slope;
}

}  // namespace

// Item 2, the control of item 1. Without the penalty Adam fits the 2000 entries, learns nothing of the other 8000, and has no low rank.
TEST_CASE("depth 1 with Adam and no penalty: the error on unobserved entries stays near 1, the effective rank far above 5") {
  const Index steps = sanitized ? 4000 : 20'000;
  for (std::uint64_t seed = 1; seed <= 3; ++seed) {
    const auto [truth, seen] = low_rank_completion({.rows = 100, .cols = 100, .rank = 5, .observed = 2000, .seed = seed});
    Matrix<double> rest = truth;
    for (Index k = 0; k < seen.count(); ++k) rest(seen.where[k].row, seen.where[k].col) = std::nan("");
    const DeepMatrix<double> model({100, 100});
    const Problem problem(model, seen, MeanSquares{});
    Vector<double> theta = model.near_zero({.product_scale = 1e-3, .seed = seed});
    Trajectory end(rmse_on("unobserved_rmse", model, observed(rest)), effective_rank_eps);
    const auto outcome = train(problem, theta, adam({.rate = 1e-3}), {.iterations = steps}, at_the_end(end));
    CAPTURE(seed, outcome.loss, end.last("unobserved_rmse"));
    if (!sanitized) CHECK(outcome.loss < 1e-3);
    CHECK(std::pow(end.last("unobserved_rmse"), 2) > 0.9);
    CHECK(end.last("effective_rank_eps") > 20);
  }
}

// Item 3.
TEST_CASE("the ratio's gradient agrees with central differences and is orthogonal to W") {
  struct Sizes {
    Index rows, cols;
  };
  for (const auto [rows, cols] : {Sizes{12, 12}, {15, 9}, {9, 15}}) {
    const Matrix<double> W = gaussian(rows, cols, static_cast<std::uint64_t>(rows)), G = gradient_of_ratio(W);
    Matrix<double> differences(rows, cols);
    const double h = 1e-5;
    for (Index j = 0; j < cols; ++j)
      for (Index i = 0; i < rows; ++i) {
        Matrix<double> more = W, less = W;
        more(i, j) += h;
        less(i, j) -= h;
        differences(i, j) = (ratio(more) - ratio(less)) / (2 * h);
      }
    CAPTURE(rows, cols, (G - differences).norm() / differences.norm());
    CHECK((G - differences).norm() <= 1e-6 * differences.norm());
    CHECK(std::abs(G.cwiseProduct(W).sum()) < 1e-12 * G.norm() * W.norm());
  }
}

TEST_CASE("the ratio's gradient stays orthogonal to W where W has a low rank") {
  for (Index rank : {1, 3, 7}) {
    const Matrix<double> W = gaussian(20, rank, 1) * gaussian(rank, 16, 2), G = gradient_of_ratio(W);
    CAPTURE(rank, G.cwiseProduct(W).sum(), G.norm(), W.norm());
    if (rank > 1) CHECK(std::abs(G.cwiseProduct(W).sum()) < 1e-12 * G.norm() * W.norm());
    else CHECK(G.norm() < 1e-6);  // the ratio is 1, its least value
  }
}
