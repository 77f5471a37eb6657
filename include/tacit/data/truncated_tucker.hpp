// SPDX-License-Identifier: MIT
#pragma once
// The Tucker decomposition of a dense tensor truncated to given ranks, by higher-order orthogonal iteration: every U_n holds the leading r_n left singular vectors of
// X projected on the others' spans, started from those of X_(n) (HOSVD); orthonormal factors.                        [De Lathauwer, De Moor & Vandewalle 2000]
// And the target that Hariz et al. 2024 complete: iid N(0, 1) over its largest |entry|, then every slice of every mode, mode after mode, over its Frobenius norm, then
// truncated to the multilinear rank.            Needs Eigen's symmetric eigenvalue solver.        A sweep takes about 2 d prod n_k max r_k flops.

#include <Eigen/Eigenvalues>

#include "../model/tucker.hpp"
#include "low_rank_tensor.hpp"

namespace tacit {

/// W(theta) of the Tucker model is the truncated tensor.
struct TruncatedTucker {
  Tucker<double> model;
  Vector<double> theta;
};

namespace detail {

/// The leading eigenvectors of X X^T.
inline Matrix<double> leading_left(const Matrix<double>& X, Index count) {
  const Eigen::SelfAdjointEigenSolver<Matrix<double>> solver(product_nt(X, X));
  return solver.eigenvectors().rightCols(count).rowwise().reverse();
}
/// X times U_n^T in all modes but `left_out`, which stays; shape becomes the result's.
inline Vector<double> projected(const Tensor<double>& X, const std::vector<Matrix<double>>& U, std::size_t left_out, Shape& shape) {
  Matrix<double> x = X.values;
  std::vector<Index> sizes = X.shape.sizes();
  for (std::size_t n = 0; n < sizes.size(); ++n) {  // each mode in turn comes first, and moves to the end
    const Matrix<double> ahead = x.reshaped(sizes[n], x.size() / sizes[n]);
    if (n == left_out) {
      x = ahead.transpose();
    } else {
      x = product_tn(ahead, U[n]);
      sizes[n] = U[n].cols();
    }
  }
  shape = Shape(sizes);
  return x.reshaped();
}

}  // namespace detail

inline TruncatedTucker truncated_tucker(const Tensor<double>& X, const std::vector<Index>& ranks, int sweeps = 10) {
  TruncatedTucker result{Tucker<double>({.shape = X.shape, .ranks = ranks}), {}};
  const Tucker<double>& model = result.model;
  std::vector<Matrix<double>> U;
  for (Index n = 0; n < X.order(); ++n) {
    require(model.rank(n) <= X.shape[n], "truncated_tucker: rank ", model.rank(n), " of mode ", n, " is larger than that mode of a ",
            X.shape, " tensor");
    U.push_back(detail::leading_left(unfold(X, n), model.rank(n)));
  }
  Shape shape;
  for (int sweep = 0; sweep < sweeps; ++sweep)
    for (std::size_t n = 0; n < U.size(); ++n) {
      const Vector<double> Y = detail::projected(X, U, n, shape);
      U[n] = detail::leading_left(unfold(Tensor<double>(shape, Y), static_cast<Index>(n)), U[n].cols());
    }
  result.theta.resize(model.parameter_count());
  model.layout().flat(result.theta, 0) = detail::projected(X, U, U.size(), shape);
  for (Index n = 0; n < X.order(); ++n) model.layout().matrix(result.theta, n + 1) = U[static_cast<std::size_t>(n)];
  return result;
}

struct SliceNormalised {
  Shape shape = {25, 25, 25};
  std::vector<Index> ranks = {5, 5, 5};
  Index observed = 10'938;
  std::uint64_t seed = 1;
};
/// Completion of that target.                                                                                           [Hariz et al. 2024, their code]
template <Scalar S = double>
TensorTask<S> slice_normalised_completion(const SliceNormalised& task) {
  Tensor<double> X(task.shape);
  Random random(task.seed, "truth");
  for (double& value : X.values) value = random.normal();
  X.values /= X.values.cwiseAbs().maxCoeff();
  Index below = 1;
  for (Index n = 0; n < X.order(); below *= X.shape[n++]) {
    const Index size = X.shape[n], above = X.values.size() / (below * size);
    for (Index i = 0; i < size; ++i) {
      double squares = 0;
      for (Index a = 0; a < above; ++a) squares += X.values.segment(below * (i + size * a), below).squaredNorm();
      for (Index a = 0; a < above; ++a) X.values.segment(below * (i + size * a), below) /= std::sqrt(squares);
    }
  }
  const TruncatedTucker low = truncated_tucker(X, task.ranks);
  const AllEntries all(task.shape);
  auto ws = low.model.workspace(all);
  low.model.evaluate(low.theta, all, ws, X.values);
  Tensor<S> truth(task.shape, X.values.template cast<S>());
  auto seen = detail::observe_dense(truth, {.observed = task.observed, .seed = task.seed});
  return {std::move(truth), std::move(seen)};
}

}  // namespace tacit
