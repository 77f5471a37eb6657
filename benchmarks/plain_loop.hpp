// SPDX-License-Identifier: MIT
#pragma once
// What the library is measured against: deep matrix completion by gradient descent as one would write it by hand on Eigen, with nothing
// wasted. The mask is a matrix of zeros and ones, the products are kept from the forward pass, every product of the backward pass goes
// straight into its factor (W_l += -rate * ...), and no gradient is ever stored. 3 (N - 1) products of 2 n^3 flops a step.

#include <tacit/data/low_rank.hpp>
#include <tacit/model/deep_matrix.hpp>

#include <vector>

namespace bench {

using tacit::Index;

/// n x n completion at depth N, all widths n: the setting of every row about steps.
template <class S>
struct Completion {
  tacit::DeepMatrix<S> model;
  tacit::Data<S> seen;
  tacit::Vector<S> theta;

  Completion(Index n, Index depth, double density)
      : model(std::vector<Index>(static_cast<std::size_t>(depth) + 1, n)),
        seen(tacit::low_rank_completion<S>({.rows = n,
                                            .cols = n,
                                            .rank = std::min<Index>(n, 5),
                                            .observed = static_cast<Index>(density * static_cast<double>(n * n)),
                                            .seed = 1})
                 .seen),
        theta(model.near_zero({.product_scale = 0.1, .seed = 1})) {}
};

template <class S>
class PlainLoop {
 public:
  using Matrix = Eigen::Matrix<S, Eigen::Dynamic, Eigen::Dynamic>;

  PlainLoop(const Completion<S>& task, double rate) : rate_(static_cast<S>(rate)), m_(static_cast<S>(task.seen.count())) {
    const Index n = task.model.rows(), depth = task.model.depth();
    for (Index l = 0; l < depth; ++l) W_.push_back(task.model.layer(task.theta, l));
    P_.assign(W_.size(), Matrix(n, n));
    B_.assign(2, Matrix(n, n));
    R_.resize(n, n);
    mask_ = Y_ = Matrix::Zero(n, n);
    for (Index k = 0; k < task.seen.count(); ++k) {
      const auto at = task.seen.where[k];
      mask_(at.row, at.col) = 1;
      Y_(at.row, at.col) = task.seen.y[k];
    }
  }

  /// One step; returns the loss before it.
  S step() {
    const Matrix* P = &W_[0];
    for (std::size_t l = 1; l < W_.size(); ++l) {
      P_[l].noalias() = W_[l] * *P;
      P = &P_[l];
    }
    R_ = (*P - Y_).cwiseProduct(mask_);
    const S loss = R_.squaredNorm() / m_, c = -rate_ * 2 / m_;
    const Matrix* G = &R_;
    for (std::size_t l = W_.size() - 1; l > 0; --l) {
      Matrix& below = B_[l % 2];
      below.noalias() = W_[l].transpose() * *G;
      W_[l].noalias() += c * *G * (l == 1 ? W_[0] : P_[l - 1]).transpose();
      G = &below;
    }
    W_[0] += c * *G;
    return loss;
  }

 private:
  S rate_, m_;
  std::vector<Matrix> W_, P_, B_;
  Matrix R_, Y_, mask_;
};

}  // namespace bench
