// SPDX-License-Identifier: MIT
// Cao, Qian, Huang, Chen, Gao, Dong, Guo & Qu 2022, A Dynamics Theory of Implicit Regularization in Deep Low-Rank Matrix Factorization:
// a target of rank R is reached in R stages of saddle-point escaping, each adding one to the rank. The paper's own settings are not
// available; the run is that of the notes on it (64 x 64, depth 3, half observed, starts of standard deviation 1e-3, GroupRMSprop), here
// at 32 x 32, rank 3.

#include <tacit/analysis/differences.hpp>
#include <tacit/analysis/eigenpairs.hpp>
#include <tacit/analysis/hessian.hpp>
#include <tacit/data/low_rank.hpp>
#include <tacit/hook/hessian.hpp>
#include <tacit/hook/schedule.hpp>
#include <tacit/hook/spectrum.hpp>
#include <tacit/hook/stages.hpp>
#include <tacit/hook/stop.hpp>
#include <tacit/hook/trajectory.hpp>
#include <tacit/optimizer/recipes.hpp>
#include <tacit/train.hpp>

#include "catch.hpp"

using namespace tacit;

namespace {

struct CaoRun {
  Stages stages;
  std::vector<double> ranks;  ///< as they come, without repetitions
};
/// Depth 3 with starts of standard deviation `start`, on a target of rank 3 with singular values of the size of the matrix.
CaoRun cao_run(std::uint64_t seed, double start) {
  const auto [truth, seen] = low_rank_completion({.rows = 32, .cols = 32, .rank = 3, .observed = 640, .seed = seed});
  const DeepMatrix<double> model({32, 32, 32, 32});
  const Problem problem(model, seen, MeanSquares{});
  Vector<double> theta = model.near_zero({.entry_std = start, .seed = seed});
  Trajectory history(loss, gradient_norm, numerical_rank(0.1 * 32 / 64), least_eigenvalue());
  train(problem, theta, group_rmsprop({.rate = 1e-2, .eps = 1e-6}), {.iterations = 6000}, every(50, history),
        every(50, stop_when(loss_below(1e-5))));
  CaoRun run{find_stages(history, {.rank = sentence("numerical_rank_", 0.1 * 32 / 64)}), {}};
  for (const double rank : history.column(sentence("numerical_rank_", 0.1 * 32 / 64)))
    if (run.ranks.empty() || run.ranks.back() != rank) run.ranks.push_back(rank);
  return run;
}
/// The balanced saddle of M = diag(s) that holds its r largest values: every factor diag(s_1^(1/N), ..., s_r^(1/N), 0, ...).
Vector<double> cao_saddle(const DeepMatrix<double>& model, const Vector<double>& s, Index r) {
  const Index n = s.size(), depth = model.depth();
  Vector<double> theta = Vector<double>::Zero(model.parameter_count());
  for (Index l = 0; l < depth; ++l)
    for (Index i = 0; i < r; ++i) theta[l * n * n + i * n + i] = std::pow(s[i], 1 / static_cast<double>(depth));
  return theta;
}

}  // namespace

TEST_CASE(
    "cao2022/1, 2: as many bursts of the gradient norm as the target has ranks, each adding one; not so from a start that is not small") {
  for (const std::uint64_t seed : {0, 1, 2}) {
    const CaoRun run = cao_run(seed, 1e-3);
    INFO(run.stages);
    CHECK(run.stages.count() == 3);
    CHECK(run.stages.one_rank_each());
    CHECK_FALSE(run.stages.rank_falls);
    CHECK(run.ranks == std::vector<double>{0, 1, 2, 3});
    for (const Stage& stage : run.stages.list)
      if (stage.rank_after < 3) CHECK(stage.valley_least < 0);  // the plateaus are saddles
  }
  const CaoRun control = cao_run(0, 0.3);
  INFO(control.stages);
  CHECK_FALSE(control.stages.one_rank_each());
}
TEST_CASE("cao2022/3: at the balanced saddle of the r largest values the least eigenvalue is -s_{r+1} at depth 2, and 0 at depth 3") {
  const Vector<double> s{{5, 4, 3, 2.5, 2, 1.5, 1, 0.5}};
  for (const Index depth : {2, 3})
    for (const Index r : {0, 1, 3, 7}) {
      CAPTURE(depth, r);
      const DeepMatrix<double> model(std::vector<Index>(static_cast<std::size_t>(depth) + 1, 8));
      const Problem problem(model, fully_observed(Matrix<double>(s.asDiagonal())), HalfSumOfSquares{});
      const HessianOperator hessian(problem, cao_saddle(model, s, r));
      CHECK(hessian.gradient().norm() < 1e-13);
      const auto bottom = bottom_eigenpairs(hessian, 1, {.tolerance = 1e-10});
      REQUIRE(bottom.all_converged());
      if (depth == 2) CHECK(std::abs(bottom.values[0] + s[r]) < 1e-8);
      else CHECK(bottom.values[0] >= -1e-8);
      CHECK((negative_curvature(bottom) == NegativeCurvature::found) == (depth == 2));
    }
}
TEST_CASE("cao2022/4: the Hessian-vector product equals central differences of the gradient") {
  const auto [truth, seen] = low_rank_completion({.rows = 6, .cols = 7, .rank = 2, .observed = 20, .seed = 3});
  const DeepMatrix<double> model({7, 5, 4, 6});
  CHECK(check_hessian(Problem(model, seen, MeanSquares{}), model.near_zero({.entry_std = 0.5, .seed = 2})).relative_error < 1e-6);
}
