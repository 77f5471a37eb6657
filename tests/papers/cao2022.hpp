// SPDX-License-Identifier: MIT
#pragma once
// Cao, Qian, Huang, Chen, Gao, Dong, Guo & Qu 2022, A Dynamics Theory of Implicit Regularization in Deep Low-Rank Matrix Factorization: a target of rank R is
// reached in R stages of saddle-point escaping, each adding one to the rank. The paper's own settings are not available; the run is that of the notes on it
// (64 x 64, rank 5, depth 3, half observed, starts of standard deviation 1e-3, GroupRMSprop). The experiments, shared by tests and paper checks.

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

namespace cao2022 {

using namespace tacit;

struct Size {
  Index n, rank, observed;
};
struct StagedRun {
  Stages stages;
  std::vector<double> ranks;  ///< as they come, without repetitions
  bool saddles = true;        ///< whether the least eigenvalue is negative in every valley below the full rank
};
/// Items 1 and 2: depth 3 with starts of standard deviation `start`, on a target with singular values of the size of the matrix.
inline StagedRun staged(const Size& size, double start, std::uint64_t seed) {
  const auto [truth, seen] =
      low_rank_completion({.rows = size.n, .cols = size.n, .rank = size.rank, .observed = size.observed, .seed = seed});
  const DeepMatrix<double> model({size.n, size.n, size.n, size.n});
  const Problem problem(model, seen, MeanSquares{});
  Vector<double> theta = model.near_zero({.entry_std = start, .seed = seed});
  const double above = 0.1 * static_cast<double>(size.n) / 64;
  Trajectory history(loss, gradient_norm, numerical_rank(above), least_eigenvalue());
  train(problem, theta, group_rmsprop({.rate = 1e-2, .eps = 1e-6}), {.iterations = 6000}, every(50, history),
        every(50, stop_when(loss_below(1e-5))));
  const std::string rank = sentence("numerical_rank_", above);
  StagedRun run{find_stages(history, {.rank = rank}), {}};
  for (const double value : history.column(rank))
    if (run.ranks.empty() || run.ranks.back() != value) run.ranks.push_back(value);
  for (const Stage& stage : run.stages.list)
    if (stage.rank_after < static_cast<double>(size.rank)) run.saddles = run.saddles && stage.valley_least < 0;
  return run;
}

/// The balanced saddle of M = diag(s) that holds its r largest values: every factor diag(s_1^(1/N), ..., s_r^(1/N), 0, ...).
inline Vector<double> saddle(const DeepMatrix<double>& model, const Vector<double>& s, Index r) {
  const Index n = s.size(), depth = model.depth();
  Vector<double> theta = Vector<double>::Zero(model.parameter_count());
  for (Index l = 0; l < depth; ++l)
    for (Index i = 0; i < r; ++i) theta[l * n * n + i * n + i] = std::pow(s[i], 1 / static_cast<double>(depth));
  return theta;
}
/// Item 3: n = 8, s = 5, 4, 3, 2.5, ...; the least eigenvalue at that saddle, and s_{r+1}.
struct Curvature {
  double gradient, least, next;
  bool converged, negative;
};
inline Curvature curvature_at_saddle(Index depth, Index r) {
  const Vector<double> s{{5, 4, 3, 2.5, 2, 1.5, 1, 0.5}};
  const DeepMatrix<double> model(std::vector<Index>(static_cast<std::size_t>(depth) + 1, 8));
  const Problem problem(model, fully_observed(Matrix<double>(s.asDiagonal())), HalfSumOfSquares{});
  const HessianOperator hessian(problem, saddle(model, s, r));
  const auto bottom = bottom_eigenpairs(hessian, 1, {.tolerance = 1e-10});
  return {hessian.gradient().norm(), bottom.values[0], s[r], bottom.all_converged(),
          negative_curvature(bottom) == NegativeCurvature::found};
}

/// A problem that has Gauss-Newton products for Hessian-vector products, without what curves the product of the factors.
template <class P>
struct GaussNewtonAlone {
  using scalar_type = typename P::scalar_type;
  const P& problem;

  const Layout& layout() const { return problem.layout(); }
  auto workspace() const { return problem.workspace(); }
  auto value_and_gradient(const Vector<double>& theta, typename P::Workspace& ws, Vector<double>& g) const {
    return problem.value_and_gradient(theta, ws, g);
  }
  void hessian_times(const Vector<double>& theta, const Vector<double>& v, typename P::Workspace& ws, Vector<double>& hv) const {
    Vector<double> g(theta.size());
    problem.value_and_gradient(theta, ws, g);
    problem.gauss_newton_times_linearized(theta, v, ws, hv);
  }
};
/// Item 4: the relative difference of Hessian-vector products, and of the Gauss-Newton part alone, from central differences of the gradient.
struct HessianErrors {
  double whole, gauss_newton;
};
inline HessianErrors hessian_errors(std::uint64_t seed) {
  const auto [truth, seen] = low_rank_completion({.rows = 6, .cols = 7, .rank = 2, .observed = 20, .seed = seed});
  const DeepMatrix<double> model({7, 5, 4, 6});
  const Problem problem(model, seen, MeanSquares{});
  const Vector<double> theta = model.near_zero({.entry_std = 0.5, .seed = seed});
  return {check_hessian(problem, theta).relative_error, check_hessian(GaussNewtonAlone<decltype(problem)>{problem}, theta).relative_error};
}

}  // namespace cao2022
