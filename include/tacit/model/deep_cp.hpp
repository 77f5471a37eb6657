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

  /// Of what its chains multiply to, as CP.
  Vector<S> component_norms(const Vector<S>& theta) const { return this->shallow().component_norms(this->factors(theta)); }
  /// As CP::component_alignments: T_r is linear in row r of the last matrix of any chain.
  Vector<S> component_alignments(const Vector<S>& theta, const Vector<S>& g) const {
    const detail::MatrixChain& chain = this->chains().front();
    const Vector<S> norms = component_norms(theta);
    const Matrix<double> top = this->matrix_of(theta, chain, chain.length() - 1), slope = this->matrix_of(g, chain, chain.length() - 1);
    Vector<S> alignments(rank());
    for (Index r = 0; r < rank(); ++r) alignments[r] = norms[r] > 0 ? static_cast<S>(-top.row(r).dot(slope.row(r))) / norms[r] : S(0);
    return alignments;
  }
  /// |row r|^2 of the last matrices of two chains, their difference.
  void append_invariants(const Vector<S>& theta, Vector<double>& all) const {
    for (std::size_t n = 0; n < this->chains().size(); ++n)
      for (std::size_t m = n + 1; m < this->chains().size(); ++m)
        detail::append(all, (this->outer_gram(theta, this->chains()[n]) - this->outer_gram(theta, this->chains()[m])).diagonal());
  }

  friend std::ostream& operator<<(std::ostream& out, const DeepCP& model) {
    return out << "DeepCP<" << scalar_name<S>() << ">({" << model.arguments() << ", .rank = " << model.rank() << "})";
  }
};

}  // namespace tacit
