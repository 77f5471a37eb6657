// SPDX-License-Identifier: MIT
#pragma once
// A matrix whose rows (or columns) are explained by features in part, the last of them without entries.

#include <tacit/core/product.hpp>
#include <tacit/core/random.hpp>
#include <tacit/observation/data.hpp>
#include <vector>

namespace planted_features {

using namespace tacit;

/// y_ij = h x_i + <G x_i + own part, b_j> + noise; the last rows are cold. Transposed on demand.
struct Planted {
  Index rows = 150, cold = 30, cols = 40;
  Matrix<double> X, truth;
  Data<double> data = observed<double>(1, 1, {0}, {0}, Vector<double>::Zero(1).eval());
  Planted(double observed_share, double own, std::uint64_t seed, bool transpose = false) {
    Random random(seed, "planted features");
    const auto normal = [&](Index n, Index m, double size) {
      Matrix<double> A(n, m);
      for (double& x : A.reshaped()) x = size * random.normal();
      return A;
    };
    X = normal(rows, 3, 1);
    const Matrix<double> G = normal(3, 2, 0.7), A = tacit::detail::product(X, G) + normal(rows, 2, own), B = normal(cols, 2, 1),
                         h = normal(3, 1, 0.7);
    truth = tacit::detail::product_nt(A, B) + tacit::detail::product(X, h).replicate(1, cols);
    if (transpose) truth.transposeInPlace();
    Entries::Indices row, col;
    std::vector<double> y;
    for (std::int32_t i = 0; i < truth.rows(); ++i)
      for (std::int32_t j = 0; j < truth.cols(); ++j)
        if ((transpose ? j : i) < rows - cold && random.uniform() < observed_share)
          row.push_back(i), col.push_back(j), y.push_back(truth(i, j) + 0.3 * random.normal());
    data = observed<double>(truth.rows(), truth.cols(), row, col, Eigen::Map<const Vector<double>>(y.data(), static_cast<Index>(y.size())));
  }
};
/// The predictions of a fit of all entries.
template <class Fit>
Matrix<double> everywhere(const Fit& fit) {
  const Shape shape = fit.model->shape();
  Matrix<double> all(shape[0], shape[1]);
  Entries::Indices row, col;
  for (std::int32_t i = 0; i < shape[0]; ++i)
    for (std::int32_t j = 0; j < shape[1]; ++j) row.push_back(i), col.push_back(j);
  const Vector<double> z = fit.predict(Entries(shape[0], shape[1], row, col));
  for (Index k = 0; k < z.size(); ++k) all(k / shape[1], k % shape[1]) = z[k];
  return all;
}

}  // namespace planted_features
