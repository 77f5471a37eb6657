// SPDX-License-Identifier: MIT
// Spectra's solvers run on HessianOperator, and agree with our own and with the dense Hessian. Left out where Spectra is not installed.
#include <Spectra/SymEigsSolver.h>
#include <Eigen/Eigenvalues>

#include <tacit/analysis/hessian.hpp>
#include <tacit/analysis/sharpness.hpp>
#include <tacit/data/low_rank.hpp>

#include "catch.hpp"

using namespace tacit;
using Catch::Matchers::WithinRel;

TEMPLATE_TEST_CASE("Spectra on the Hessian of a deep matrix", "", double, float) {
  using S = TestType;
  const auto [truth, seen] = low_rank_completion<S>({.rows = 9, .cols = 8, .rank = 2, .observed = 40, .seed = 3});
  const DeepMatrix<S> model({8, 5, 5, 9});
  const Problem problem(model, seen, HalfSumOfSquares{});
  const Vector<S> theta = model.near_zero({.entry_std = 0.4, .seed = 2});
  HessianOperator hessian(problem, theta);
  Spectra::SymEigsSolver<decltype(hessian)> solver(hessian, 3, 20);
  solver.init();
  const double tolerance = std::is_same_v<S, float> ? 1e-4 : 1e-10;
  REQUIRE(solver.compute(Spectra::SortRule::LargestAlge, 1000, static_cast<S>(tolerance)) == 3);
  const Eigen::SelfAdjointEigenSolver<Matrix<double>> dense(hessian.dense().template cast<double>());
  for (Index k = 0; k < 3; ++k)
    CHECK_THAT(static_cast<double>(solver.eigenvalues()[k]), WithinRel(dense.eigenvalues()[theta.size() - 1 - k], 10 * tolerance));
  const auto own = sharpness(problem, theta);
  CHECK(own.converged);
  CHECK_THAT(own.value, WithinRel(static_cast<double>(solver.eigenvalues()[0]), 10 * tolerance));
}
