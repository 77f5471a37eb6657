// SPDX-License-Identifier: MIT
#pragma once
// An independent formulation, from the definitions alone: products by three loops, theta cut by hand, first and second derivatives of W by putting
// unit matrices in the place of factors. It shares no line with the library but the storage order that the headers document.

#include <Eigen/Core>
#include <vector>

namespace naive {

using Matrix = Eigen::MatrixXd;
using Vector = Eigen::VectorXd;
using Eigen::Index;

inline Matrix multiply(const Matrix& A, const Matrix& B) {
  Matrix C = Matrix::Zero(A.rows(), B.cols());
  for (Index i = 0; i < A.rows(); ++i)
    for (Index j = 0; j < B.cols(); ++j)
      for (Index k = 0; k < A.cols(); ++k) C(i, j) += A(i, k) * B(k, j);
  return C;
}
inline Matrix transposed(const Matrix& A) {
  Matrix T(A.cols(), A.rows());
  for (Index i = 0; i < A.rows(); ++i)
    for (Index j = 0; j < A.cols(); ++j) T(j, i) = A(i, j);
  return T;
}

/// Which factor a parameter belongs to, and where in it.
struct Place {
  std::size_t factor;
  Index row, col;
};

/// W = W_N ... W_1; theta holds W_1 first, column by column, but W_N row by row where N >= 2.
struct Deep {
  std::vector<Index> widths;

  std::vector<Place> places() const {
    std::vector<Place> all;
    const std::size_t N = widths.size() - 1;
    for (std::size_t l = 0; l < N; ++l) {
      if (N >= 2 && l == N - 1)
        for (Index i = 0; i < widths[l + 1]; ++i)
          for (Index j = 0; j < widths[l]; ++j) all.push_back({l, i, j});
      else
        for (Index j = 0; j < widths[l]; ++j)
          for (Index i = 0; i < widths[l + 1]; ++i) all.push_back({l, i, j});
    }
    return all;
  }
  std::vector<Matrix> factors(const Vector& theta) const {
    std::vector<Matrix> W;
    for (std::size_t l = 0; l + 1 < widths.size(); ++l) W.emplace_back(widths[l + 1], widths[l]);
    Index k = 0;
    for (const Place& p : places()) W[p.factor](p.row, p.col) = theta[k++];
    return W;
  }
  static Matrix product(const std::vector<Matrix>& W) {
    Matrix P = W[0];
    for (std::size_t l = 1; l < W.size(); ++l) P = multiply(W[l], P);
    return P;
  }
  Matrix value(const Vector& theta) const { return product(factors(theta)); }
  Matrix first(const Vector& theta, const Place& p) const {
    auto W = factors(theta);
    W[p.factor].setZero();
    W[p.factor](p.row, p.col) = 1;
    return product(W);
  }
  Matrix second(const Vector& theta, const Place& p, const Place& q) const {
    auto W = factors(theta);
    if (p.factor == q.factor) return Matrix::Zero(widths.back(), widths.front());
    for (const Place& one : {p, q}) W[one.factor].setZero(), W[one.factor](one.row, one.col) = 1;
    return product(W);
  }
};

/// W = U U^T; theta holds U row by row.
struct Symmetric {
  Index n, r;

  std::vector<Place> places() const {
    std::vector<Place> all;
    for (Index i = 0; i < n; ++i)
      for (Index j = 0; j < r; ++j) all.push_back({0, i, j});
    return all;
  }
  Matrix factor(const Vector& theta) const {
    Matrix U(n, r);
    for (Index i = 0; i < n; ++i)
      for (Index j = 0; j < r; ++j) U(i, j) = theta[i * r + j];
    return U;
  }
  Matrix unit(const Place& p) const {
    Matrix E = Matrix::Zero(n, r);
    E(p.row, p.col) = 1;
    return E;
  }
  Matrix value(const Vector& theta) const { return multiply(factor(theta), transposed(factor(theta))); }
  Matrix first(const Vector& theta, const Place& p) const {
    return multiply(unit(p), transposed(factor(theta))) + multiply(factor(theta), transposed(unit(p)));
  }
  Matrix second(const Vector&, const Place& p, const Place& q) const {
    return multiply(unit(p), transposed(unit(q))) + multiply(unit(q), transposed(unit(p)));
  }
};

struct Derivatives {
  double value = 0;
  Vector gradient;
  Matrix hessian;
};

/// loss = sum_ij f(W_ij) and its derivatives, where at(i, j, w) gives f, f' and f'' of entry (i, j) as a Derivatives-like triple.
template <class Model, class F>
Derivatives objective(const Model& model, const Vector& theta, F&& at) {
  const auto places = model.places();
  const Matrix W = model.value(theta);
  Derivatives d;
  d.gradient = Vector::Zero(theta.size());
  d.hessian = Matrix::Zero(theta.size(), theta.size());
  Matrix slope(W.rows(), W.cols()), curvature(W.rows(), W.cols());
  for (Index i = 0; i < W.rows(); ++i)
    for (Index j = 0; j < W.cols(); ++j) {
      const auto [f, df, ddf] = at(i, j, W(i, j));
      d.value += f, slope(i, j) = df, curvature(i, j) = ddf;
    }
  std::vector<Matrix> dW;
  for (const Place& p : places) dW.push_back(model.first(theta, p));
  for (std::size_t p = 0; p < places.size(); ++p) {
    const auto row = static_cast<Index>(p);
    for (Index i = 0; i < W.rows(); ++i)
      for (Index j = 0; j < W.cols(); ++j) d.gradient[row] += slope(i, j) * dW[p](i, j);
    for (std::size_t q = 0; q < places.size(); ++q) {
      const Matrix ddW = model.second(theta, places[p], places[q]);
      for (Index i = 0; i < W.rows(); ++i)
        for (Index j = 0; j < W.cols(); ++j)
          d.hessian(row, static_cast<Index>(q)) += curvature(i, j) * dW[p](i, j) * dW[q](i, j) + slope(i, j) * ddW(i, j);
    }
  }
  return d;
}

}  // namespace naive
