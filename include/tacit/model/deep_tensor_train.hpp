// SPDX-License-Identifier: MIT
#pragma once
// Deep tensor train: a tensor train (model/tensor_train.hpp) whose core k, unfolded to r_{k-1} x (r_k n_k), is a product of L_k matrices,
// M_{L-1} ... M_1 P_0 with square M; the first core, whose r_0 is 1, to r_1 x n_1.                           [Milanesi et al. 2021; Hariz et al. 2022]
// theta stores, core by core, P_0 (of the core's shape), then M_1 ... M_{L-1}. L_k = 1 for all k is the tensor train. The wiring is ours where the papers
// do not say.

#include "deep_factors.hpp"
#include "tensor_train.hpp"

namespace tacit {

template <Scalar S>
class DeepTensorTrain : public DeepFactors<DeepTensorTrain<S>, TensorTrain<S>> {
 public:
  struct Sizes {
    Shape shape;
    std::vector<Index> ranks;         ///< r_1 ... r_{d-1}, or one number for all
    std::vector<Index> depths = {2};  ///< L_1 ... L_d, or one number for all
  };
  /// {.shape = {10, 10, 10}, .ranks = {3}, .depths = {2}}.
  explicit DeepTensorTrain(Sizes sizes)
      : DeepFactors<DeepTensorTrain<S>, TensorTrain<S>>("DeepTensorTrain", TensorTrain<S>({sizes.shape, std::move(sizes.ranks)}),
                                                        std::move(sizes.depths)) {
    Index degree = 0;
    for (Index k = 0; k < this->order(); degree += this->depth(k++)) this->add_chain(k, k == 0 ? rank(1) : rank(k), this->depth(k));
    this->count_degree(degree);
  }
  /// r_k, k = 0 ... d.
  Index rank(Index k) const { return this->shallow().rank(k); }

  /// At every bond, what the core to the left has there minus the last matrix of the chain to the right, each as a Gram matrix.
  void append_invariants(const Vector<S>& theta, Vector<double>& all) const {
    for (Index k = 1; k < this->order(); ++k) {
      const auto& left = this->chains()[static_cast<std::size_t>(k - 1)];
      Matrix<double> difference = Matrix<double>::Zero(rank(k), rank(k));
      if (k == 1) {
        difference = this->outer_gram(theta, left);
      } else {
        const Matrix<double> P0 = this->matrix_of(theta, left, 0);  // r_{k-1} x (r_k n_k)
        for (Index i = 0; i < P0.cols(); i += rank(k)) {
          const Matrix<double> G = P0.middleCols(i, rank(k));
          difference += detail::product_tn(G, G);
        }
      }
      detail::append(all, difference - this->outer_gram(theta, this->chains()[static_cast<std::size_t>(k)]));
    }
  }

  friend std::ostream& operator<<(std::ostream& out, const DeepTensorTrain& model) {
    out << "DeepTensorTrain<" << scalar_name<S>() << ">({" << model.arguments() << ", .ranks = {";
    for (Index k = 1; k < model.order(); ++k) out << (k > 1 ? ", " : "") << model.rank(k);
    return out << "}})";
  }
};

}  // namespace tacit
