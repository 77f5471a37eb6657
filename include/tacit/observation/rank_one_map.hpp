// SPDX-License-Identifier: MIT
#pragma once
// Rank-one measurements  z_k = <x_k, W y_k>  of a matrix, and of a tensor  z_k = <x_k^1 x ... x x_k^N, W>.  The vectors of a mode stand side by side in one
// n_mode x m matrix that copies share: (n1 + n2) m numbers in place of the n1 n2 m of a LinearMap. With W = T P of inner dimension r and nothing formed:
//   z_k = <T x_k, P y_k>,   4 m r (n1 + n2) flops for value and gradient;     on a W that stands in memory: 4 m n1 n2.
//
//   Data<double, RankOneMap<double>> data(RankOneMap<double>(X, Y), z);       X: n1 x m, Y: n2 x m, a measurement a column

#include <string>
#include <vector>

#include "../core/shape.hpp"
#include "columns.hpp"
#include "products_kept.hpp"

namespace tacit {

template <Scalar S>
class RankOneMap {
 public:
  /// X is n1 x m, Y n2 x m.
  RankOneMap(Matrix<S> X, Matrix<S> Y) : RankOneMap(std::vector<Matrix<S>>{std::move(X), std::move(Y)}) {}
  /// One matrix n_mode x m for every mode.
  explicit RankOneMap(std::vector<Matrix<S>> modes) {
    require(!modes.empty() && modes[0].cols() > 0, "RankOneMap: there is no measurement");
    std::vector<Index> sizes;
    const Index count = modes[0].cols();
    for (std::size_t n = 0; n < modes.size(); ++n) {
      require(modes[n].cols() == count, "RankOneMap: mode ", n, " has ", modes[n].cols(), " vectors, mode 0 has ", count);
      require(modes[n].rows() > 0, "RankOneMap: the vectors of mode ", n, " are empty");
      require(modes[n].allFinite(), "RankOneMap: a vector of mode ", n, " holds a number that is not finite");
      sizes.push_back(modes[n].rows());
      modes_.emplace_back(std::move(modes[n]));
    }
    shape_ = Shape(std::move(sizes));
  }

  /// Of the unfolding at mode 0, which a matrix is itself.
  Index rows() const { return shape_.rows(); }
  Index cols() const { return shape_.count() / shape_.rows(); }
  Shape shape() const { return shape_; }
  Index count() const { return modes_[0].count(); }
  /// The vectors of a mode, n_mode x m.
  ConstMatrixMap<S> vectors(Index mode) const { return modes_[static_cast<std::size_t>(mode)].view(); }

  using batch_type = RankOneMap;
  RankOneMap batch() const { return *this; }
  void gather(const Index* which, Index count, RankOneMap& into) const {
    for (std::size_t n = 0; n < modes_.size(); ++n) modes_[n].gather(which, count, into.modes_[n]);
  }
  std::string where(Index k) const { return sentence("measurement ", k); }

  /// z (+)= A(W), of a W that stands in memory.
  void sample(const S* W, Write write, Out<S> z) const {
    for (Index k = 0; k < count(); ++k) {
      const S inner = contracted(W, shape_.order() - 1, shape_.count(), k);
      z[k] = write == Write::set ? inner : z[k] + inner;
    }
  }
  /// G (+)= A^*(zbar).
  void spread(In<S> zbar, Write write, S* G) const {
    if (write == Write::set) Eigen::Map<Vector<S>>(G, shape_.count()).setZero();
    for (Index k = 0; k < count(); ++k) add_outer(G, shape_.order() - 1, shape_.count(), k, zbar[k]);
  }

  // Of a product W = T P of a matrix, T stored as r x n1, P as r x n2 (observation/bilinear.hpp).
  bool prefers_dense(Index inner) const {
    return static_cast<double>(inner) * static_cast<double>(rows() + cols()) > static_cast<double>(rows()) * static_cast<double>(cols());
  }
  void read(detail::ProductsKept<S>& kept, Index r, const S* T, const S* P, Write write, Out<S> z) const {
    const MatrixMap<S> TX = kept.fresh(Side::rows, T, r, count()), PY = kept.fresh(Side::cols, P, r, count());
    detail::multiply<S>({T, r, rows()}, vectors(0), Write::set, TX);
    detail::multiply<S>({P, r, cols()}, vectors(1), Write::set, PY);
    for (Index k = 0; k < count(); ++k) {
      const S inner = TX.col(k).dot(PY.col(k));
      z[k] = write == Write::set ? inner : z[k] + inner;
    }
  }
  void pull(detail::ProductsKept<S>& kept, Index r, In<S> zbar, const S* T, const S* P, Write write_rows, S* GT, Write write_cols,
            S* GP) const {
    // G_T = P Y diag(zbar) X^T and the other way round.
    const auto pulled = [&](Side side, const S* factor, Index of, Write write, S* G) {
      const auto make = [&](MatrixMap<S> to) { detail::multiply<S>({factor, r, shape_[of]}, vectors(of), Write::set, to); };
      const ConstMatrixMap<S> product = kept.kept(side, factor, r, count(), make);
      MatrixMap<S> weighted = kept.scratch(r, count());
      for (Index k = 0; k < count(); ++k) weighted.col(k) = zbar[k] * product.col(k);
      detail::multiply_nt<S>({weighted.data(), r, count()}, vectors(1 - of), write, {G, r, shape_[1 - of]});
    };
    if (GT) pulled(Side::cols, P, 1, write_rows, GT);
    if (GP) pulled(Side::rows, T, 0, write_cols, GP);
  }

  template <class Archive>
  void persist(Archive& archive) {
    for (const auto& mode : modes_) mode.persist(archive, "vectors");
  }

 private:
  using Side = typename detail::ProductsKept<S>::Side;
  /// <x^1 x ... x x^mode, W> of a W with `size` entries in modes 0 ... mode, the first index fastest.
  S contracted(const S* W, Index mode, Index size, Index k) const {
    const S* x = modes_[static_cast<std::size_t>(mode)][k];
    if (mode == 0) return Eigen::Map<const Vector<S>>(x, size).dot(Eigen::Map<const Vector<S>>(W, size));
    const Index n = shape_[mode], below = size / n;
    S sum = 0;
    for (Index i = 0; i < n; ++i) sum += x[i] * contracted(W + i * below, mode - 1, below, k);
    return sum;
  }
  void add_outer(S* G, Index mode, Index size, Index k, S factor) const {
    const S* x = modes_[static_cast<std::size_t>(mode)][k];
    if (mode == 0) {
      Eigen::Map<Vector<S>>(G, size) += factor * Eigen::Map<const Vector<S>>(x, size);
      return;
    }
    const Index n = shape_[mode], below = size / n;
    for (Index i = 0; i < n; ++i) add_outer(G + i * below, mode - 1, below, k, factor * x[i]);
  }

  Shape shape_;
  std::vector<detail::Columns<S>> modes_;
};

}  // namespace tacit
