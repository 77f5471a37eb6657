// SPDX-License-Identifier: MIT
#pragma once
// Regression and classification with features: m samples x_s in R^d meet a W of p x d,
//   z_s = W x_s in R^p,    z = (z_1, ..., z_m), the outputs of a sample side by side;  Z = X W^T with the samples as the rows of X.
// Batches are drawn by sample, all its outputs at once. With W = T P of inner dimension r nothing p x d is formed where that costs less:
//   z = T (P X^T),  4 m r (d + p) + 2 m p r flops for value and gradient;     through W:  4 m p d + 6 p d r.
//
//   Problem regression(DeepMatrix<double>({d, r, p}), regression_data(X, Y), HalfMeanRegression{});           reduced rank; r >= p: linear
//   Problem classes(DeepMatrix<double>({d, p}), classification_data(X, labels, p), cross_entropy());          labels 0 ... p - 1
// X is given m x d and stored transposed, d x m, a sample a column; from_columns takes it as it is stored. Copies share it.
// Whitened features: solver/whitening.hpp.

#include <string>

#include "../core/shape.hpp"
#include "columns.hpp"
#include "data.hpp"
#include "products_kept.hpp"

namespace tacit {

template <Scalar S>
class Features {
 public:
  /// X of m samples by d features, seen by W of `outputs` x d.
  Features(const Matrix<S>& X, Index outputs) : Features(Transposed{}, X.transpose(), outputs) {}
  /// The same of X^T, d x m.
  static Features from_columns(Matrix<S> samples, Index outputs) { return Features(Transposed{}, std::move(samples), outputs); }

  /// Of W: p x d.
  Index rows() const { return outputs_; }
  Index cols() const { return samples_.matrix().rows(); }
  Shape shape() const { return {rows(), cols()}; }
  /// m p, the length of z.
  Index count() const { return samples_.count() * outputs_; }
  /// p: so many entries of z belong to a sample, and batches draw samples.
  Index outputs() const { return outputs_; }
  Index samples() const { return samples_.count(); }
  /// X^T, d x m.
  ConstMatrixMap<S> columns() const { return samples_.view(); }

  using batch_type = Features;
  Features batch() const { return *this; }
  /// `which` are samples.
  void gather(const Index* which, Index count, Features& into) const { samples_.gather(which, count, into.samples_); }
  std::string where(Index k) const {
    return outputs_ == 1 ? sentence("sample ", k) : sentence("output ", k % outputs_, " of sample ", k / outputs_);
  }

  /// z (+)= A(W), of a W that stands in memory.
  void sample(const S* W, Write write, Out<S> z) const {
    detail::multiply<S>({W, rows(), cols()}, columns(), write, {z.data(), outputs_, samples()});
  }
  /// G (+)= A^*(zbar).
  void spread(In<S> zbar, Write write, S* G) const {
    detail::multiply_nt<S>({zbar.data(), outputs_, samples()}, columns(), write, {G, rows(), cols()});
  }

  // Of a product W = T P, T stored as r x p, P as r x d (observation/bilinear.hpp).
  bool prefers_dense(Index inner) const {
    const double m = static_cast<double>(samples()), p = static_cast<double>(rows()), d = static_cast<double>(cols()),
                 r = static_cast<double>(inner);
    return 4 * m * p * d + 6 * p * d * r < 4 * m * r * (d + p) + 2 * m * p * r;
  }
  void read(detail::ProductsKept<S>& kept, Index r, const S* T, const S* P, Write write, Out<S> z) const {
    const MatrixMap<S> PX = kept.fresh(Side::cols, P, r, samples());
    detail::multiply<S>({P, r, cols()}, columns(), Write::set, PX);
    detail::multiply_tn<S>({T, r, outputs_}, see(PX), write, {z.data(), outputs_, samples()});
  }
  void pull(detail::ProductsKept<S>& kept, Index r, In<S> zbar, const S* T, const S* P, Write write_rows, S* GT, Write write_cols,
            S* GP) const {
    const ConstMatrixMap<S> Z(zbar.data(), outputs_, samples());
    if (GT) {
      const auto make = [&](MatrixMap<S> to) { detail::multiply<S>({P, r, cols()}, columns(), Write::set, to); };
      detail::multiply_nt<S>(kept.kept(Side::cols, P, r, samples(), make), Z, write_rows, {GT, r, outputs_});
    }
    if (GP) {
      const MatrixMap<S> TZ = kept.scratch(r, samples());
      detail::multiply<S>({T, r, outputs_}, Z, Write::set, TZ);
      detail::multiply_nt<S>(see(TZ), columns(), write_cols, {GP, r, cols()});
    }
  }

  template <class Archive>
  void persist(Archive& archive) {
    archive("outputs", outputs_);
    samples_.persist(archive, "features");
  }

 private:
  using Side = typename detail::ProductsKept<S>::Side;
  struct Transposed {};
  Features(Transposed, Matrix<S> columns, Index outputs) : outputs_(outputs) {
    require(columns.rows() > 0 && columns.cols() > 0, "Features: there are ", columns.cols(), " samples of ", columns.rows(),
            " features, each needs at least 1");
    require(outputs > 0, "Features: ", outputs, " outputs, there needs to be at least 1");
    for (Index s = 0; s < columns.cols(); ++s)
      if (!columns.col(s).allFinite())
        for (Index j = 0; j < columns.rows(); ++j)
          require(std::isfinite(columns(j, s)), "Features: feature ", j, " of sample ", s, " is ", columns(j, s),
                  "; leave out or fill in what is missing");
    samples_ = detail::Columns<S>(std::move(columns));
  }
  static ConstMatrixMap<S> see(const MatrixMap<S>& m) { return {m.data(), m.rows(), m.cols()}; }

  Index outputs_;
  detail::Columns<S> samples_;
};

namespace detail {
template <Scalar S>
void require_a_row_each(const Matrix<S>& X, Index targets, const char* who, const char* what) {
  require(X.rows() == targets, who, ": X has ", X.rows(), " rows, one a sample, there are ", what, " of ", targets, " samples");
}
}  // namespace detail

/// Targets Y, m x p, of the samples in the rows of X, m x d; or a vector of one number a sample, such as labels -1 and +1.
template <Scalar S>
Data<S, Features<S>> regression_data(const Matrix<S>& X, const std::type_identity_t<Matrix<S>>& Y) {
  detail::require_a_row_each<S>(X, Y.rows(), "regression_data", "targets");
  const Matrix<S> beside = Y.transpose();
  return {Features<S>(X, Y.cols()), Eigen::Map<const Vector<S>>(beside.data(), beside.size())};
}
/// Labels 0 ... classes - 1 as one target of 1 among zeros.
template <Scalar S>
Data<S, Features<S>> classification_data(const Matrix<S>& X, const std::vector<Index>& labels, Index classes) {
  detail::require_a_row_each<S>(X, static_cast<Index>(labels.size()), "classification_data", "labels");
  require(classes > 1, "classification_data: ", classes, " classes, there need to be at least 2");
  Vector<S> y = Vector<S>::Zero(X.rows() * classes);
  for (std::size_t s = 0; s < labels.size(); ++s) {
    require(labels[s] >= 0 && labels[s] < classes, "classification_data: the label of sample ", s, " is ", labels[s],
            ", allowed are 0 ... ", classes - 1);
    y[static_cast<Index>(s) * classes + labels[s]] = 1;
  }
  return {Features<S>(X, classes), std::move(y)};
}

}  // namespace tacit
