// SPDX-License-Identifier: MIT
#pragma once
// Eigenvalues, ascending, and eigenvectors of a symmetric n x n matrix:  A = Q diag(d) Q^T. The parts are those of Eigen's SelfAdjointEigenSolver, which itself
// allocates a workspace in every call; here all sizes are given once, and compute() allocates nothing. About 9 n^3 flops.

#include <Eigen/Eigenvalues>

#include "scalar.hpp"

namespace tacit::detail {

template <Scalar S>
class SymmetricEigen {
 public:
  explicit SymmetricEigen(Index n) : vectors_(n, n), values_(n), below_(n > 1 ? n - 1 : 0), reflectors_(n > 1 ? n - 1 : 0), work_(n) {}

  /// Reads the lower triangle.
  void compute(ConstMatrixMap<S> A) {
    const Index n = values_.size();
    const S largest = A.cwiseAbs().maxCoeff(), scale = largest > 0 ? largest : S(1);
    vectors_ = A / scale;
    if (n > 1) {
      Eigen::internal::tridiagonalization_inplace(vectors_, reflectors_);
      values_ = vectors_.diagonal();
      below_ = vectors_.template diagonal<-1>();
      Eigen::HouseholderSequence<Matrix<S>, Vector<S>>(vectors_, reflectors_).setLength(n - 1).setShift(1).evalTo(vectors_, work_);
      Eigen::internal::computeFromTridiagonal_impl(values_, below_, Eigen::SelfAdjointEigenSolver<Matrix<S>>::m_maxIterations, true,
                                                   vectors_);
    } else {
      values_[0] = vectors_(0, 0);
      vectors_(0, 0) = 1;
    }
    values_ *= scale;
  }

  const Vector<S>& eigenvalues() const { return values_; }
  const Matrix<S>& eigenvectors() const { return vectors_; }

 private:
  Matrix<S> vectors_;
  Vector<S> values_, below_, reflectors_, work_;
};

}  // namespace tacit::detail
