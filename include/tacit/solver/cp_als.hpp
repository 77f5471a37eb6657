// SPDX-License-Identifier: MIT
#pragma once
// Alternating least squares for the CP decomposition of a dense tensor X:  min |X - sum_r a_r^1 x ... x a_r^d|_F, one factor at a time, each a linear least
// squares problem  A_n (A_1^T A_1 .* ... without n ... .* A_d^T A_d) = X_(n) (Khatri-Rao product of the others).                   [Kolda & Bader 2009, 3.4]
//   cp_als(X, {.rank = 3})      Gaussian start by seed; sweeps never raise the error
//   cp_rank_estimate(X)         the smallest rank, by bisection, whose fit reaches a mean square error below 1e-6 within 1000 sweeps    [Razin & Cohen 2020]
//   cp_rank()                   that of W(theta), a probe: each call costs seconds, once at the end is what it is for
// A sweep takes 2 d R prod n_k flops and forms Khatri-Rao products of prod n_k / n_n rows. An estimate from above where ALS gets stuck: of a rank r tensor it is
// at least r up to the tolerance, but not always r.

#include "../core/random.hpp"
#include "../core/tensor.hpp"
#include "../hook/probe.hpp"
#include "als_sweep.hpp"

namespace tacit {

struct CpAlsSettings {
  Index rank = 1;
  Index sweeps = 1000;       ///< at most
  double enough = 0;         ///< stops once the mean square error is below
  double tolerance = 1e-12;  ///< stops once a sweep lowers the mean square error by less than this share of it
  std::uint64_t seed = 1;
};
struct CpAls {
  Shape shape;
  std::vector<Matrix<double>> factors;  ///< n_k x R
  double mean_square_error = 0;
  Index sweeps = 0;

  double predict(const std::vector<Index>& index) const {
    Vector<double> product = Vector<double>::Ones(factors.front().cols());
    for (std::size_t n = 0; n < factors.size(); ++n) product = product.cwiseProduct(factors[n].row(index[n]).transpose());
    return product.sum();
  }
};

namespace detail {

/// Columns r: the outer product of columns r of all factors but number `left_out`, first one fastest.
inline Matrix<double> khatri_rao(const std::vector<Matrix<double>>& factors, std::size_t left_out) {
  Matrix<double> product = Matrix<double>::Ones(1, factors.front().cols()), next;
  for (std::size_t n = 0; n < factors.size(); ++n) {
    if (n == left_out) continue;
    next.resize(product.rows() * factors[n].rows(), product.cols());
    for (Index r = 0; r < next.cols(); ++r)
      for (Index i = 0; i < factors[n].rows(); ++i)
        next.col(r).segment(i * product.rows(), product.rows()) = factors[n](i, r) * product.col(r);
    product.swap(next);
  }
  return product;
}

}  // namespace detail

template <Scalar S>
CpAls cp_als(const Tensor<S>& tensor, const CpAlsSettings& settings) {
  require(settings.rank > 0 && settings.sweeps > 0, "cp_als: rank ", settings.rank, " and sweeps ", settings.sweeps,
          " need to be at least 1");
  require(tensor.values.allFinite(), "cp_als: the tensor holds a number that is not finite; fit observed entries by a model instead");
  const auto order = static_cast<std::size_t>(tensor.order());
  const double count = static_cast<double>(tensor.values.size());
  CpAls fit{tensor.shape, {}, 0, 0};
  Random random(settings.seed, "ALS");
  std::vector<Matrix<double>> unfolded, grams;
  for (std::size_t n = 0; n < order; ++n) {
    unfolded.push_back(unfold(tensor, static_cast<Index>(n)).template cast<double>());
    Matrix<double> A(tensor.shape[static_cast<Index>(n)], settings.rank);
    for (Index k = 0; k < A.size(); ++k) A.data()[k] = random.normal();
    grams.push_back(detail::product_tn(A, A));
    fit.factors.push_back(std::move(A));
  }
  const double squares = unfolded[0].squaredNorm();
  fit.mean_square_error = std::numeric_limits<double>::infinity();
  while (fit.sweeps < settings.sweeps) {
    ++fit.sweeps;
    double error = 0;
    for (std::size_t n = 0; n < order; ++n) {
      Matrix<double> gram = Matrix<double>::Ones(settings.rank, settings.rank);
      for (std::size_t m = 0; m < order; ++m)
        if (m != n) gram = gram.cwiseProduct(grams[m]);
      const Matrix<double> normal = gram, right = detail::product(unfolded[n], detail::khatri_rao(fit.factors, n));
      Matrix<double> solution = right.transpose();
      detail::factor_normal_equations(gram);
      for (Index i = 0; i < solution.cols(); ++i) detail::substitute_normal_equations(gram, solution.col(i).data());
      fit.factors[n] = solution.transpose();
      grams[n] = detail::product_nt(solution, solution);
      error = squares - 2 * right.cwiseProduct(fit.factors[n]).sum() + normal.cwiseProduct(grams[n]).sum();
    }
    const double before = fit.mean_square_error;
    fit.mean_square_error = std::max(error, 0.0) / count;  // below 1e-16 of the tensor's it is rounding
    if (fit.mean_square_error < settings.enough || !(before - fit.mean_square_error > settings.tolerance * fit.mean_square_error)) break;
  }
  return fit;
}

struct CpRankSettings {
  double mean_square_error = 1e-6;   ///< what a fit has to reach, in units of the entries squared
  Index sweeps = 1000, largest = 0;  ///< ranks up to `largest`; 0: the product of all modes but the largest, which bounds every rank
  std::uint64_t seed = 1;
};
/// 0 for a tensor that is itself that small; largest + 1 where no rank up to `largest` fits.
template <Scalar S>
Index cp_rank_estimate(const Tensor<S>& tensor, const CpRankSettings& settings = {}) {
  require(settings.mean_square_error > 0, "cp_rank_estimate: .mean_square_error is ", settings.mean_square_error,
          ", it needs to be positive");
  if (static_cast<double>(tensor.values.squaredNorm()) < settings.mean_square_error * static_cast<double>(tensor.values.size())) return 0;
  Index fits = settings.largest;
  if (fits == 0) fits = tensor.values.size() / *std::max_element(tensor.shape.sizes().begin(), tensor.shape.sizes().end());
  ++fits;
  for (Index below = 0; fits - below > 1;) {
    const Index rank = below + (fits - below) / 2;
    const CpAls fit =
        cp_als(tensor, {.rank = rank, .sweeps = settings.sweeps, .enough = settings.mean_square_error, .seed = settings.seed});
    (fit.mean_square_error < settings.mean_square_error ? fits : below) = rank;
  }
  return fits;
}
inline auto cp_rank(CpRankSettings settings = {}) {
  return probe("cp_rank", [settings](const auto& now) {
    return static_cast<double>(cp_rank_estimate(Tensor(now.shape(), now.values().eval()), settings));
  });
}

}  // namespace tacit
