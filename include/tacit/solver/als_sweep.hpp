// SPDX-License-Identifier: MIT
#pragma once
// The half step of alternating least squares: with B fixed, every row of A by itself minimises
//   1/2 sum_{j in row i} (y_ij - <a_i, b_j>)^2 + penalty_i / 2 |a_i|^2,      (sum_j b_j b_j^T + penalty_i I) a_i = sum_j y_ij b_j,
// k x k normal equations, solved by Cholesky's factorization. Factors are stored transposed (k x n), so that the b_j of a row are gathered as columns
// and their Gram matrix is one product: 2 m k^2 + n k^3 / 3 flops for all rows. Without entries a_i = 0; without a penalty, a direction of R^k that the
// entries of a row do not determine stays out.

#include <limits>

#include "validation.hpp"

namespace tacit::detail {

/// The Cholesky factor of a symmetric positive semidefinite G (k x k), in its place; coordinates that depend on earlier ones get a zero column.
inline void factor_normal_equations(Matrix<double>& G) {
  const Index k = G.rows();
  for (Index j = 0; j < k; ++j) {
    double* column = G.data() + j * k;
    const double pivot = column[j];
    double original = pivot;  // of the diagonal: what has been subtracted is the row of the factor
    for (Index q = 0; q < j; ++q) original += G(j, q) * G(j, q);
    if (!(pivot > 1e-13 * original) || original < std::numeric_limits<double>::min()) {
      for (Index i = j; i < k; ++i) column[i] = 0;
      continue;
    }
    const double scale = 1 / std::sqrt(pivot);
    for (Index i = j; i < k; ++i) column[i] *= scale;
    for (Index q = j + 1; q < k; ++q) {
      const double factor = column[q];
      double* later = G.data() + q * k;
      for (Index i = q; i < k; ++i) later[i] -= factor * column[i];
    }
  }
}
/// x <- G^{-1} x by that factor, 0 in the coordinates that depend on earlier ones.
inline void substitute_normal_equations(const Matrix<double>& G, double* x) {
  const Index k = G.rows();
  for (Index j = 0; j < k; ++j) {
    x[j] = G(j, j) == 0 ? 0 : x[j] / G(j, j);
    for (Index i = j + 1; i < k; ++i) x[i] -= G(i, j) * x[j];
  }
  for (Index j = k; j-- > 0;) {
    if (G(j, j) == 0) {
      x[j] = 0;
      continue;
    }
    for (Index i = j + 1; i < k; ++i) x[j] -= G(i, j) * x[i];
    x[j] /= G(j, j);
  }
}

inline void solve_normal_equations(Matrix<double>& G, double* x) {
  factor_normal_equations(G);
  substitute_normal_equations(G, x);
}

/// A and B, alternately, on the entries of one data set. Everything is allocated once.
class AlsSweeps {
 public:
  AlsSweeps(const Entries& where, const Vector<double>& y) : where_(where), y_(y), y_by_col_(transposed(where, y)) {}

  void operator()(Matrix<double>& At, Matrix<double>& Bt, double lambda, bool weighted) {
    rows(Bt, lambda, weighted, At);
    columns(At, lambda, weighted, Bt);
  }
  /// One half alone: A given B, and B given A.
  void rows(const Matrix<double>& Bt, double lambda, bool weighted, Matrix<double>& At) {
    half(where_.row_start(), where_.col(), y_.data(), Bt, lambda, weighted, At);
  }
  void columns(const Matrix<double>& At, double lambda, bool weighted, Matrix<double>& Bt) {
    half(where_.col_start(), where_.row_by_col(), y_by_col_.data(), At, lambda, weighted, Bt);
  }
  /// 1/2 sum (y - z)^2 + 1/2 sum_i penalty_i |a_i|^2 + 1/2 sum_j penalty_j |b_j|^2
  double objective(const Matrix<double>& At, const Matrix<double>& Bt, const Vector<double>& z, double lambda, bool weighted) const {
    return (y_ - z).squaredNorm() / 2 + penalty(where_.row_start(), At, lambda, weighted) +
           penalty(where_.col_start(), Bt, lambda, weighted);
  }

 private:
  static double penalty_of(Index count, double lambda, bool weighted) { return weighted ? lambda * static_cast<double>(count) : lambda; }
  static double penalty(const Index* start, const Matrix<double>& At, double lambda, bool weighted) {
    double sum = 0;
    for (Index i = 0; i < At.cols(); ++i) sum += penalty_of(start[i + 1] - start[i], lambda, weighted) * At.col(i).squaredNorm() / 2;
    return sum;
  }
  void half(const Index* start, const std::int32_t* other, const double* y, const Matrix<double>& Bt, double lambda, bool weighted,
            Matrix<double>& At) {
    const Index k = Bt.rows();
    gram_.resize(k, k);
    for (Index i = 0; i < At.cols(); ++i) {
      const Index first = start[i], count = start[i + 1] - first;
      double* a = At.data() + i * k;
      if (count == 0) {
        std::fill(a, a + k, 0.0);
        continue;
      }
      if (gathered_.size() < k * count) gathered_.resize(2 * k * count);
      for (Index s = 0; s < count; ++s) {
        const double* b = Bt.data() + other[first + s] * k;
        std::copy(b, b + k, gathered_.data() + s * k);
      }
      const ConstMatrixMap<double> rows(gathered_.data(), k, count);
      multiply_nt<double>(rows, rows, Write::set, {gram_.data(), k, k});
      gram_.diagonal().array() += penalty_of(count, lambda, weighted);
      combine(gathered_.data(), k, count, nullptr, y + first, nullptr, Write::set, a);
      solve_normal_equations(gram_, a);
    }
  }

  const Entries& where_;
  const Vector<double>& y_;
  Vector<double> y_by_col_, gathered_;
  Matrix<double> gram_;
};

}  // namespace tacit::detail
