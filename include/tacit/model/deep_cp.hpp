// SPDX-License-Identifier: MIT
#pragma once
// Deep CP: CP (model/cp.hpp) whose factor of mode n is a product of L_n matrices,  A_n^T = M_{L-1} ... M_1 P_0,  P_0 of shape R x n_n, M_k R x R.
// theta stores, mode by mode, P_0 (as the n_n x R matrix A_n, by rows), then M_1 ... M_{L-1}. L_n = 1 for all n is CP.        [Hariz et al. 2022]
// The wiring is ours where the papers do not say: square matrices on the component side, so that chains of identities give CP.

#include "cp.hpp"
#include "deep_factors.hpp"

namespace tacit {

template <Scalar S>
class DeepCP : public DeepFactors<DeepCP<S>, CP<S>> {
 public:
  struct Sizes {
    Shape shape;
    Index rank = 1;
    std::vector<Index> depths = {2};  ///< L_1 ... L_d, or one number for all
  };
  /// {.shape = {10, 10, 10}, .rank = 5, .depths = {2}}.
  explicit DeepCP(Sizes sizes) : DeepFactors<DeepCP<S>, CP<S>>("DeepCP", CP<S>({sizes.shape, sizes.rank}), std::move(sizes.depths)) {
    Index degree = 0;
    for (Index n = 0; n < this->order(); degree += this->depth(n++)) this->add_chain(n, rank(), this->depth(n));
    this->count_degree(degree);
  }
  Index rank() const { return this->shallow().rank(); }

  friend std::ostream& operator<<(std::ostream& out, const DeepCP& model) {
    return out << "DeepCP<" << scalar_name<S>() << ">({" << model.arguments() << ", .rank = " << model.rank() << "})";
  }
};

}  // namespace tacit
