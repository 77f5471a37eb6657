// SPDX-License-Identifier: MIT
#pragma once
// The loop around rules that are written out block by block: rule(t, l, W, G) makes step t = 1, 2, ... of block l, both as plain matrices.

#include <tacit/core/layout.hpp>

#include <Eigen/Eigenvalues>
#include <Eigen/SVD>

#include "loop.hpp"

namespace twins {

using Square = tacit::Matrix<double>;

template <class P, class Rule>
tacit::Vector<double> descend_by_block(const P& problem, const tacit::Vector<double>& start, Index steps, Rule&& rule) {
  return descend(problem, start, steps, [&](Index t, tacit::Vector<double>& theta, tacit::Vector<double>& g) {
    for (Index l = 0; l < problem.layout().size(); ++l) {
      tacit::Matrix<double> W = problem.layout().matrix(theta, l);
      const tacit::Matrix<double> G = problem.layout().matrix(g, l);
      rule(t, static_cast<std::size_t>(l), W, G);
      problem.layout().matrix(theta, l) = W;
    }
  });
}
/// U f(S) V^T over the singular values above the rank cut.
template <class F>
tacit::Matrix<double> on_singular_values(const tacit::Matrix<double>& G, F&& f) {
  const Eigen::JacobiSVD<tacit::Matrix<double>> svd(G, Eigen::ComputeThinU | Eigen::ComputeThinV);
  tacit::Vector<double> s = svd.singularValues(), kept = f(s);
  for (Index i = 0; i < s.size(); ++i)
    if (s[i] <= double(std::max(G.rows(), G.cols())) * 2.3e-16 * s[0]) kept[i] = 0;
  return svd.matrixU() * kept.asDiagonal() * svd.matrixV().transpose();
}
inline Square power_of(const Square& A, double power) {
  const Eigen::SelfAdjointEigenSolver<Square> solver(A);
  return solver.eigenvectors() * solver.eigenvalues().array().pow(power).matrix().asDiagonal() * solver.eigenvectors().transpose();
}

}  // namespace twins
