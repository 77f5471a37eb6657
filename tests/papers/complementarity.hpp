// SPDX-License-Identifier: MIT
#pragma once
// Cohen et al. 2025, item 6: random complementarity problems of the central flow, and how well a solution solves them. Shared by tests and paper checks.

#include <tacit/core/random.hpp>
#include <tacit/optimizer/central_flow_complementarity.hpp>

#include <array>

namespace central {

using namespace tacit;

struct ComplementarityCase {
  Matrix<double> A, B;
};
/// B_ij,kl = <N_ij, N_kl> of random symmetric N in R^rows, A diagonal with the given share of negative entries and a symmetric perturbation.
inline ComplementarityCase random_case(Index k, Index rows, std::uint64_t seed) {
  Random random(seed, "complementarity");
  Matrix<double> N(rows, k * k), A = Matrix<double>::Zero(k, k);
  for (Index j = 0; j < k; ++j)
    for (Index i = 0; i <= j; ++i) {
      for (Index r = 0; r < rows; ++r) N(r, i + j * k) = N(r, j + i * k) = random.normal();
      A(i, j) = A(j, i) = (i == j ? 1.0 : 0.3) * random.normal();
    }
  Matrix<double> B(k * k, k * k);
  for (Index a = 0; a < k * k; ++a)
    for (Index b = 0; b < k * k; ++b) B(a, b) = N.col(a).dot(N.col(b));
  return {A, B};
}
/// Smallest eigenvalues of X and of A + B[X], and their inner product.
inline std::array<double, 3> residuals(const ComplementarityCase& c, const Matrix<double>& X, Index k) {
  Matrix<double> slack = c.A;
  for (Index a = 0; a < k * k; ++a)
    for (Index b = 0; b < k * k; ++b) slack(a % k, a / k) += c.B(a, b) * X(b % k, b / k);
  SmallSymmetricEigen eigen(k);
  eigen.compute(X, k);
  const double least_X = eigen.value(k - 1);
  eigen.compute(slack, k);
  double product = 0;
  for (Index j = 0; j < k; ++j)
    for (Index i = 0; i < k; ++i) product += slack(i, j) * X(i, j);
  return {least_X, eigen.value(k - 1), product};
}

/// The least eigenvalues of X, of A + B[X] and of A, <X, A + B[X]>, and the trace of X; responses in R^40.
struct Complementary {
  bool solved;
  double least_X, least_slack, product, trace, least_A;
};
inline Complementary complementarity(Index k, std::uint64_t seed) {
  Complementarity problem(5);
  const ComplementarityCase c = random_case(k, 40, seed);
  const bool solved = problem.solve(c.A, c.B, k);
  const auto [least_X, least_slack, product] = residuals(c, problem.X(), k);
  return {solved, least_X, least_slack, product, problem.trace(), residuals(c, Matrix<double>::Zero(k, k), k)[1]};
}

}  // namespace central
