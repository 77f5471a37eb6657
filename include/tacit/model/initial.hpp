// SPDX-License-Identifier: MIT
#pragma once
// Starting points of factorizations whose blocks are matrices. Papers measure the same start in different units, so the unit is named and
// none is the default. For W of degree N in its blocks (N factors; 2 for U U^T), block l of P_l entries, whatever its order:
//   .entry_std      every entry has this standard deviation                                      [Razin & Cohen 2020; Razin et al. 2021, 2022]
//   .product_scale  s: entries of standard deviation s^(1/N) P_l^(-1/4). For a product of matrices |W(0)|_F is then about s (n1 n2)^(1/4), which is
//                   s sqrt(n) for square factors (for U U^T: s sqrt(n + r + 1))                  [Arora et al. 2019, their init_scale]
//                   A tensor's cores follow the same rule with all their entries; the norm of W(0) is then another one.
//   .factor_norm    every block is scaled to this Frobenius norm                                 [Gunasekar et al. 2017, |U_0|_F]
// Identity, orthogonal and aligned starts take .product_scale (the singular values of W(0)) or .factor_scale (those of each factor).
// Everything is seeded by the stream (seed, "initial"); the Vector returned is theta. Balanced starts, which need a singular value
// decomposition, are in balanced.hpp.

#include <cmath>
#include <optional>

#include "../core/determinant.hpp"
#include "../core/layout.hpp"
#include "../core/random.hpp"

namespace tacit {

enum class Distribution { gaussian, uniform };
/// Which sign of det W(0) = prod det W_l to wait for; draws are repeated until it comes.                       [Razin & Cohen 2020]
enum class DeterminantSign { any, positive, negative };

struct NearZero {
  std::optional<double> entry_std = {}, product_scale = {}, factor_norm = {};
  Distribution distribution = Distribution::gaussian;  ///< uniform: U(-a, a) with a = sqrt(3) std
  DeterminantSign determinant = DeterminantSign::any;
  std::uint64_t seed = 1;
};
struct ScaledIdentity {
  std::optional<double> product_scale = {}, factor_scale = {};
  double perturbation = 0;  ///< the first factor is (factor scale - perturbation) I                      [Chou et al. 2024]
};
struct Orthogonal {
  std::optional<double> product_scale = {}, factor_scale = {};
  DeterminantSign determinant = DeterminantSign::any;
  std::uint64_t seed = 1;
};

namespace detail {

inline void require_one(const char* who, std::initializer_list<std::pair<const char*, const std::optional<double>*>> options) {
  int given = 0;
  std::string names;
  for (const auto& [name, value] : options) {
    names += (names.empty() ? "." : ", .") + std::string(name);
    if (!*value) continue;
    ++given;
    require(std::isfinite(**value) && **value > 0, who, ": .", name, " is ", **value, ", it needs to be positive and finite");
  }
  require(given == 1, who, ": ", given, " of the scales ", names, " are given, exactly one is needed");
}

/// Orthonormal columns (rows >= cols) or rows (rows < cols): Gaussian draws, orthogonalised twice by Gram-Schmidt.
template <Scalar S>
Matrix<S> random_isometry(Index rows, Index cols, Random& random) {
  const Index n = std::max(rows, cols), k = std::min(rows, cols);
  Eigen::MatrixXd Q(n, k);
  for (Index j = 0; j < k; ++j) {
    for (Index i = 0; i < n; ++i) Q(i, j) = random.normal();
    for (int pass = 0; pass < 2; ++pass)
      for (Index p = 0; p < j; ++p) {
        const double along = Q.col(p).dot(Q.col(j));
        Q.col(j) -= along * Q.col(p);
      }
    Q.col(j) /= Q.col(j).norm();
  }
  Matrix<S> out(rows, cols);
  for (Index j = 0; j < k; ++j)
    for (Index i = 0; i < n; ++i) (rows >= cols ? out(i, j) : out(j, i)) = static_cast<S>(Q(i, j));
  return out;
}

}  // namespace detail

/// Gives a model (with layout() and degree()) its starting points.
template <class Model, Scalar S>
class InitialisesFactors {
 public:
  Vector<S> near_zero(const NearZero& options) const {
    detail::require_one(
        "near_zero", {{"entry_std", &options.entry_std}, {"product_scale", &options.product_scale}, {"factor_norm", &options.factor_norm}});
    Random random(options.seed, "initial");
    return until_sign(options.determinant, "near_zero", [&] {
      Vector<S> theta(layout().parameter_count());
      for (Index l = 0; l < layout().size(); ++l) {
        const double entries = static_cast<double>(layout()[l].count);
        const double std_dev = options.entry_std       ? *options.entry_std
                               : options.product_scale ? root(*options.product_scale) / std::pow(entries, 0.25)
                                                       : 1;
        auto block = layout().matrix(theta, l);
        for (Index j = 0; j < block.cols(); ++j)
          for (Index i = 0; i < block.rows(); ++i)
            block(i, j) = static_cast<S>(
                std_dev * (options.distribution == Distribution::gaussian ? random.normal() : std::sqrt(3.0) * random.uniform(-1, 1)));
        if (options.factor_norm) layout().flat(theta, l) *= static_cast<S>(*options.factor_norm) / layout().flat(theta, l).norm();
      }
      return theta;
    });
  }

  /// Every block a multiple of the (rectangular) identity: balanced, and W(0) = s I.
  Vector<S> identity(const ScaledIdentity& options) const {
    detail::require_one("identity", {{"product_scale", &options.product_scale}, {"factor_scale", &options.factor_scale}});
    const double scale = options.factor_scale ? *options.factor_scale : root(*options.product_scale);
    Vector<S> theta = Vector<S>::Zero(layout().parameter_count());
    for (Index l = 0; l < layout().size(); ++l) {
      auto block = layout().matrix(theta, l);
      for (Index i = 0; i < std::min(block.rows(), block.cols()); ++i)
        block(i, i) = static_cast<S>(l == 0 ? scale - options.perturbation : scale);
    }
    return theta;
  }

  /// Every block a multiple of a random isometry. Arora et al. 2019 use the factor scale (s sqrt(n))^(1/N).
  Vector<S> orthogonal(const Orthogonal& options) const {
    detail::require_one("orthogonal", {{"product_scale", &options.product_scale}, {"factor_scale", &options.factor_scale}});
    const double scale = options.factor_scale ? *options.factor_scale : root(*options.product_scale);
    Random random(options.seed, "initial");
    return until_sign(options.determinant, "orthogonal", [&] {
      Vector<S> theta(layout().parameter_count());
      for (Index l = 0; l < layout().size(); ++l) {
        auto block = layout().matrix(theta, l);
        block = static_cast<S>(scale) * detail::random_isometry<S>(block.rows(), block.cols(), random);
      }
      return theta;
    });
  }

  /// W(0) = U diag(sigma) V^T with balanced factors (V = U for U U^T): the first block diag(sigma^(1/N)) V^T, the last U diag(sigma^(1/N)), the ones between
  /// diag(sigma^(1/N)). U is n1 x k, V is n2 x k, k at most every width.
  Vector<S> aligned(const Matrix<S>& U, const Vector<S>& sigma, const Matrix<S>& V) const {
    const Index k = sigma.size(), blocks = layout().size();
    const Index rows = layout()[blocks - 1].shape.rows(), cols = layout()[0].shape.cols();
    require(U.rows() == rows && U.cols() == k, "aligned: U is ", U.rows(), " x ", U.cols(), ", needs ", rows, " x ", k);
    const bool symmetric = blocks == 1 && degree() == 2, plain = blocks == 1 && !symmetric;  // U U^T has no V
    require(symmetric || (V.rows() == cols && V.cols() == k), "aligned: V is ", V.rows(), " x ", V.cols(), ", needs ", cols, " x ", k);
    require(k > 0 && sigma.minCoeff() >= 0, "aligned: singular values need to be there and not negative");
    const Vector<S> roots = sigma.array().pow(static_cast<S>(1.0 / static_cast<double>(degree())));
    Vector<S> theta = Vector<S>::Zero(layout().parameter_count());
    for (Index l = 0; l < blocks; ++l) {
      auto block = layout().matrix(theta, l);
      const bool takes_U = l == blocks - 1, takes_V = l == 0 && !symmetric;
      require(plain || ((takes_V || block.cols() >= k) && (takes_U || block.rows() >= k)), "aligned: block ", layout()[l].name, " is ",
              layout()[l].shape, ", too small for ", k, " singular values");
      if (plain) block = U * sigma.asDiagonal() * V.transpose();
      else if (takes_U) block.leftCols(k) = U * roots.asDiagonal();
      else if (takes_V) block.topRows(k) = roots.asDiagonal() * V.transpose();
      else block.topLeftCorner(k, k) = roots.asDiagonal();
    }
    return theta;
  }

  /// Sign and log of |det W(theta)| where all blocks are square.
  Determinant determinant(const Vector<S>& theta) const {
    Determinant product;
    for (Index l = 0; l < layout().size(); ++l) {
      const Determinant one = tacit::determinant(layout().matrix(theta, l));
      product.sign *= one.sign;
      product.log_abs += one.log_abs;
    }
    if (layout().size() == 1 && degree() == 2) return {product.sign * product.sign, 2 * product.log_abs};
    return product;
  }

 private:
  const Layout& layout() const { return static_cast<const Model&>(*this).layout(); }
  Index degree() const { return static_cast<const Model&>(*this).degree(); }
  double root(double s) const { return std::pow(s, 1.0 / static_cast<double>(degree())); }

  template <class Draw>
  Vector<S> until_sign(DeterminantSign wanted, const char* who, Draw&& draw) const {
    if (wanted == DeterminantSign::any) return draw();
    for (const Block& block : layout())
      require(block.shape.rows() == block.shape.cols(), who, ": the determinant's sign needs square factors, ", block.name, " is ",
              block.shape);
    for (int attempt = 0; attempt < 1000; ++attempt) {
      Vector<S> theta = draw();
      if (determinant(theta).sign == (wanted == DeterminantSign::positive ? 1 : -1)) return theta;
    }
    throw std::invalid_argument(sentence(who, ": 1000 draws gave no start with the wanted sign of the determinant"));
  }
};

}  // namespace tacit
