// SPDX-License-Identifier: MIT
#pragma once
// Linear measurements  z_k = <A_k, W> = sum_ij A_k(i, j) W(i, j),  k = 0 ... m - 1 (matrix and tensor sensing). The A_k stand side by side, vectorised
// first index fastest, as the columns of one (prod n_k) x m matrix that copies share. One evaluation costs 2 m prod n_k flops.

#include <string>
#include <vector>

#include "../core/shape.hpp"
#include "columns.hpp"

namespace tacit {

template <Scalar S>
class LinearMap {
 public:
  /// `measurements` is (rows cols) x m, column k = vec(A_k), column-major.
  LinearMap(Index rows, Index cols, Matrix<S> measurements) : LinearMap(Shape{rows, cols}, std::move(measurements)) {}
  /// The same for a tensor, measurements (prod n_k) x m.
  LinearMap(Shape shape, Matrix<S> measurements) : shape_(std::move(shape)) {
    require(measurements.rows() == shape_.count(), "LinearMap: measurements have ", measurements.rows(), " coefficients each, a ", shape_,
            shape_.order() > 2 ? " tensor needs " : " matrix needs ", shape_.count());
    require(measurements.cols() > 0, "LinearMap: there is no measurement");
    require(measurements.allFinite(), "LinearMap: a measurement holds a number that is not finite");
    columns_ = detail::Columns<S>(std::move(measurements));
  }
  explicit LinearMap(const std::vector<Matrix<S>>& A) : LinearMap(first(A).rows(), first(A).cols(), pack(A)) {}

  /// Of the unfolding at mode 0, which a matrix is itself.
  Index rows() const { return shape_.rows(); }
  Index cols() const { return shape_.count() / shape_.rows(); }
  Shape shape() const { return shape_; }
  Index count() const { return columns_.count(); }
  /// (rows cols) x m, in a batch at least m columns, of which the first m count.
  const Matrix<S>& matrix() const { return columns_.matrix(); }

  /// z (+)= A(W), of a W that stands in memory.
  void sample(const S* W, Write write, Out<S> z) const {
    const Eigen::Map<const Vector<S>> w(W, matrix().rows());
    if (write == Write::set) z.setZero();
    z.noalias() += columns_.view().transpose() * w;
  }
  /// G (+)= A^*(zbar).
  void spread(In<S> zbar, Write write, S* G) const {
    Eigen::Map<Vector<S>> g(G, matrix().rows());
    if (write == Write::set) g.setZero();
    g.noalias() += columns_.view() * zbar;
  }

  using batch_type = LinearMap;
  LinearMap batch() const { return *this; }
  void gather(const Index* which, Index count, LinearMap& into) const { columns_.gather(which, count, into.columns_); }
  std::string where(Index k) const { return sentence("measurement ", k); }

  template <class Archive>
  void persist(Archive& archive) {
    Index r = rows(), c = cols();
    archive("rows", r);
    archive("cols", c);
    columns_.persist(archive, "measurements");
  }

 private:
  static const Matrix<S>& first(const std::vector<Matrix<S>>& A) {
    require(!A.empty(), "LinearMap: there is no measurement");
    return A.front();
  }
  static Matrix<S> pack(const std::vector<Matrix<S>>& A) {
    const Matrix<S>& one = first(A);
    Matrix<S> packed(one.size(), static_cast<Index>(A.size()));
    for (std::size_t k = 0; k < A.size(); ++k) {
      require(A[k].rows() == one.rows() && A[k].cols() == one.cols(), "LinearMap: measurement ", k, " is ", A[k].rows(), " x ", A[k].cols(),
              ", the first one ", one.rows(), " x ", one.cols());
      packed.col(static_cast<Index>(k)) = Eigen::Map<const Vector<S>>(A[k].data(), A[k].size());
    }
    return packed;
  }

  Shape shape_;
  detail::Columns<S> columns_;
};

}  // namespace tacit
