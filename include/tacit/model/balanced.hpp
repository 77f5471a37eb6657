// SPDX-License-Identifier: MIT
#pragma once
// Balanced starts: W_{l+1}^T W_{l+1} = W_l W_l^T for all l, which gradient flow preserves and the theory of deep matrices assumes. Both
// functions split a matrix W = U diag(sigma) V^T into factors with singular values sigma^(1/N). They need a full decomposition (Eigen's
// Jacobi SVD, 6 s of compile time), hence a header of their own.            [Arora et al. 2019; Razin & Cohen 2020, "balanced"]

#include <Eigen/SVD>

#include "initial.hpp"

namespace tacit {

/// theta with balanced factors and W(theta) = W, for a model of that shape whose hidden widths hold W's rank.
template <class Model>
auto balanced_split(const Model& model, const Matrix<typename Model::scalar_type>& W) {
  using S = typename Model::scalar_type;
  require(W.rows() == model.rows() && W.cols() == model.cols(), "balanced_split: W is ", W.rows(), " x ", W.cols(), ", the model ",
          model.rows(), " x ", model.cols());
  const Eigen::JacobiSVD<Matrix<S>> svd(W, Eigen::ComputeThinU | Eigen::ComputeThinV);
  Index k = svd.singularValues().size();
  if constexpr (requires { model.bottleneck(); }) k = std::min(k, model.bottleneck());
  const S rounding = 100 * std::numeric_limits<S>::epsilon() * svd.singularValues()[0];
  require(k == svd.singularValues().size() || svd.singularValues()[k] <= std::max(S(1e-12) * svd.singularValues()[0], rounding),
          "balanced_split: W has a rank above ", k, ", the model's narrowest width");
  const Vector<S> sigma = svd.singularValues().head(k);
  const Matrix<S> U = svd.matrixU().leftCols(k), V = svd.matrixV().leftCols(k);
  if (model.layout().size() == 1 && model.degree() == 2)
    require((U * sigma.asDiagonal() * U.transpose() - W).norm() <= 10 * std::sqrt(static_cast<S>(W.rows())) * rounding,
            "balanced_split: W is not symmetric and positive semidefinite, as U U^T is");
  return model.aligned(U, sigma, V);
}

struct Balanced {
  std::optional<double> entry_std = {};  ///< standard deviation of the entries of W(0)
  DeterminantSign determinant = DeterminantSign::any;
  std::uint64_t seed = 1;
};

/// Draws W(0) with i.i.d. Gaussian entries and splits it; not for U U^T, whose W is never such a draw.
template <class Model>
auto balanced(const Model& model, const Balanced& options) {
  using S = typename Model::scalar_type;
  detail::require_one("balanced", {{"entry_std", &options.entry_std}});
  Random random(options.seed, "initial");
  Matrix<S> W(model.rows(), model.cols());
  for (int attempt = 0; attempt < 1000; ++attempt) {
    for (Index j = 0; j < W.cols(); ++j)
      for (Index i = 0; i < W.rows(); ++i) W(i, j) = static_cast<S>(*options.entry_std * random.normal());
    if (options.determinant == DeterminantSign::any || determinant(W).sign == (options.determinant == DeterminantSign::positive ? 1 : -1))
      return balanced_split(model, W);
  }
  throw std::invalid_argument("balanced: 1000 draws gave no start with the wanted sign of the determinant");
}

}  // namespace tacit
