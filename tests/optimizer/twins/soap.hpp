// SPDX-License-Identifier: MIT
#pragma once
// SOAP of matrices by hand, with the orthonormal factor by Gram-Schmidt, twice.

#include <numeric>

#include "matrices.hpp"

namespace twins {

inline Square sorted_eigenvectors(const Square& A) { return Eigen::SelfAdjointEigenSolver<Square>(A).eigenvectors().rowwise().reverse(); }
inline std::vector<Index> descending(const Square& Q, const Square& L) {
  std::vector<Index> order(static_cast<std::size_t>(Q.cols()));
  std::iota(order.begin(), order.end(), Index(0));
  const tacit::Vector<double> d = (Q.transpose() * L * Q).diagonal();
  std::sort(order.begin(), order.end(), [&](Index i, Index j) { return d[i] > d[j]; });
  return order;
}
inline Square orthonormal_of(Square A) {
  for (Index j = 0; j < A.cols(); ++j) {
    for (int again = 0; again < 2; ++again)
      for (Index i = 0; i < j; ++i) A.col(j) -= A.col(i).dot(A.col(j)) * A.col(i);
    A.col(j).normalize();
  }
  return A;
}
template <class P>
tacit::Vector<double> soap(const P& problem, const tacit::Vector<double>& start, Index steps) {
  std::vector<Square> L(9), R(9), Q(9), S(9), M(9), V(9);
  return descend_by_block(problem, start, steps, [&](Index t, std::size_t l, auto& W, const auto& G) {
    if (t == 1) {
      L[l] = 0.1 * G * G.transpose(), R[l] = 0.1 * G.transpose() * G, M[l] = V[l] = 0 * G;
      Q[l] = sorted_eigenvectors(L[l]), S[l] = sorted_eigenvectors(R[l]);
      return;
    }
    const Index k = t - 1;
    M[l] = 0.8 * M[l] + (1 - 0.8) * G;
    V[l] = 0.9 * V[l] + (1 - 0.9) * (Q[l].transpose() * G * S[l]).cwiseAbs2();
    const Square N = (Q[l].transpose() * M[l] * S[l]).array() / (V[l].array().sqrt() + 1e-4);
    W -= 0.01 * std::sqrt(1 - std::pow(0.9, k)) / (1 - std::pow(0.8, k)) * Q[l] * N * S[l].transpose();
    W *= 1 - 0.01 * 0.1;
    L[l] = 0.9 * L[l] + 0.1 * G * G.transpose(), R[l] = 0.9 * R[l] + 0.1 * G.transpose() * G;
    if (k % 5 != 0) return;
    const auto p = descending(Q[l], L[l]), q = descending(S[l], R[l]);
    Q[l] = orthonormal_of(L[l] * Q[l](Eigen::all, p)), S[l] = orthonormal_of(R[l] * S[l](Eigen::all, q));
    V[l] = Square(V[l](p, q));
  });
}

}  // namespace twins
