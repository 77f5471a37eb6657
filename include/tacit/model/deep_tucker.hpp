// SPDX-License-Identifier: MIT
#pragma once
// Deep Tucker: Tucker (model/tucker.hpp) whose factor of mode n is a product of L_n matrices, in one of two wirings:
//   Wiring::per_mode     U_n^T = M_{L-1} ... M_1 P_0,  P_0 r_n x n_n, M_k r_n x r_n: one chain a mode
//   Wiring::per_column   U_n[:, j] = M_{j,L-1} ... M_{j,1} u_j,  M_{j,k} n_n x n_n: one chain a column              [Hariz et al. 2024, their code]
// theta stores the core, then mode by mode the chains. L_n = 1 for all n is Tucker.                          [Milanesi et al. 2021; Hariz et al. 2022]

#include "deep_factors.hpp"
#include "tucker.hpp"

namespace tacit {

enum class Wiring { per_mode, per_column };

template <Scalar S>
class DeepTucker : public DeepFactors<DeepTucker<S>, Tucker<S>> {
 public:
  struct Sizes {
    Shape shape;
    std::vector<Index> ranks;         ///< r_1 ... r_d, or one number for all
    std::vector<Index> depths = {2};  ///< L_1 ... L_d, or one number for all
    Wiring wiring = Wiring::per_mode;
  };
  /// {.shape = {10, 10, 10}, .ranks = {10}, .depths = {2}, .wiring = Wiring::per_column}.
  explicit DeepTucker(Sizes sizes)
      : DeepFactors<DeepTucker<S>, Tucker<S>>("DeepTucker", Tucker<S>({sizes.shape, std::move(sizes.ranks)}), std::move(sizes.depths)),
        wiring_(sizes.wiring) {
    this->add_chain(0, rank(0), 1);
    Index degree = 1;
    for (Index n = 0; n < this->order(); degree += this->depth(n++)) {
      if (wiring_ == Wiring::per_mode) this->add_chain(n + 1, rank(n), this->depth(n));
      else this->add_column_chains(n + 1, this->depth(n));
    }
    this->count_degree(degree);
  }
  Index rank(Index n) const { return this->shallow().rank(n); }
  Wiring wiring() const { return wiring_; }

  /// near_zero with every matrix of a chain scaled to the Frobenius norm of what it meets in the core: slice (n, j) for the chain of column j (so that
  /// |U_n[:, j]| = |slice| at depth 1), all of G for the chain of a mode. Differences of block norms are then zero, which gradient flow keeps.  [Hariz et al. 2024]
  Vector<S> balanced(const NearZero& options) const {
    Vector<S> theta = this->near_zero(options);
    const Vector<S> G = theta.head(this->layout()[0].count);
    std::size_t next = 1;
    for (Index n = 0; n < this->order(); ++n) {
      Matrix<S> core;
      unfold(this->shallow().ranks(), G.data(), n, core);
      for (Index j = 0; j < (wiring_ == Wiring::per_mode ? 1 : rank(n)); ++j) {
        const detail::MatrixChain& chain = this->chains()[next++];
        const S norm = wiring_ == Wiring::per_mode ? detail::norm(core) : detail::norm(core.row(j));
        for (std::size_t k = 0; k < chain.offsets.size(); ++k) {
          auto block = theta.segment(chain.offsets[k], k ? chain.rows * chain.rows : chain.size());
          block *= norm / detail::norm(block);
        }
      }
    }
    return theta;
  }
  /// per_mode: G_(n) G_(n)^T - M_{L-1} M_{L-1}^T. per_column: |slice (n, j) of G|^2 - |M_{j,L-1}|_F^2.
  void append_invariants(const Vector<S>& theta, Vector<double>& all) const {
    const auto& core = this->chains()[0];
    const Vector<S> G = theta.segment(core.offsets[0], core.size());
    std::size_t next = 1;
    for (Index n = 0; n < this->order(); ++n) {
      Matrix<S> unfolded;
      unfold(this->shallow().ranks(), G.data(), n, unfolded);
      const Matrix<double> core_at = unfolded.template cast<double>();
      if (wiring_ == Wiring::per_mode) {
        detail::append(all, detail::product_nt(core_at, core_at) - this->outer_gram(theta, this->chains()[next++]));
      } else {
        Vector<double> differences(rank(n));
        for (Index j = 0; j < rank(n); ++j)
          differences[j] = core_at.row(j).squaredNorm() - this->outer_gram(theta, this->chains()[next++]).trace();
        detail::append(all, differences);
      }
    }
  }

  friend std::ostream& operator<<(std::ostream& out, const DeepTucker& model) {
    out << "DeepTucker<" << scalar_name<S>() << ">({" << model.arguments() << ", .ranks = {";
    for (Index n = 0; n < model.order(); ++n) out << (n ? ", " : "") << model.rank(n);
    return out << "}, .wiring = " << (model.wiring_ == Wiring::per_mode ? "per_mode" : "per_column") << "})";
  }

 private:
  Wiring wiring_;
};

}  // namespace tacit
