// SPDX-License-Identifier: MIT
#pragma once
// The average over the posterior (posterior_mean.hpp) where the order of rows, or columns, or both means something:
//   y_ij = <a_i, b_j> + u_ij + noise of variance s_j.
// The components of a are autoregressions along the rows in their order, each with a variance and a correlation length of its own, and so are those of b along ordered columns
// (factor_lines.hpp); u_.j, if asked for, is what a column has of its own and neighbouring rows share (chain_residual.hpp). The best independent normal distributions of A, B
// and u (variational Bayes), all hyper-parameters from their expectations. Lines without entries get what their neighbours say.
// Cost of a sweep: 1.5 m k (k + 1) + 6 (n1 + n2) k^3 flops; memory (n1 + n2) k (k + 1) / 2 numbers, and n1 n2 for u.
// Source: Lim & Teh 2007; Yu, Rao & Dhillon 2016 (autoregressive factors); Luttinen & Ilin 2009 (factors as Gaussian processes, by variational Bayes).

#include <optional>

#include "chain_residual.hpp"
#include "factor_lines.hpp"

namespace tacit::detail {

class OrderedPosterior {
 public:
  /// Chains of rows and columns, null for those without order; they and the data outlive this. k may be 0 where there is u.
  OrderedPosterior(const Data<double>& data, Index k, const LineChain* rows, const LineChain* cols, std::uint64_t seed)
      : data_(data), k_(k), size_(data.y.squaredNorm() / static_cast<double>(data.count())),
        noise_(Vector<double>::Constant(data.where.cols(),
                                        0.5 * size_)),  // half of the size: from a tenth of that, chains take three times as many sweeps
        A_(k, data.where.rows(), rows, k > 0 ? std::sqrt(size_ / static_cast<double>(k)) : 1),
        B_(k, data.where.cols(), cols, k > 0 ? std::sqrt(size_ / static_cast<double>(k)) : 1), left_(data.y),
        z_(Vector<double>::Zero(data.count())), spread_(z_) {
    Random random(seed, "ordered posterior");
    B_.draw(random);
  }
  /// From now on every column has a residual of its own along the rows' chain.
  void add_residual(const LineChain& rows) {
    u_.emplace(data_.where, rows, 0.5 * (k_ > 0 ? noise_ : Vector<double>::Constant(noise_.size(), size_)));
    if (k_ > 0) noise_ *= 0.5;
  }

  void sweep() {
    const Entries& where = data_.where;
    const Vector<double> weight = noise_.cwiseInverse();
    if (k_ > 0) {
      A_.update([&](Index i, Vector<double>& sum, Vector<double>& right) {
        sum.setZero(), right.setZero();
        for (Index s = where.row_start()[i]; s < where.row_start()[i + 1]; ++s) {
          const Index j = where.col()[s];
          sum += weight[j] * B_.moments.col(j);
          right += left_[s] * weight[j] * B_.mean.col(j);
        }
        return where.row_start()[i + 1] - where.row_start()[i];
      });
      B_.update([&](Index j, Vector<double>& sum, Vector<double>& right) {
        sum.setZero(), right.setZero();
        for (Index s = where.col_start()[j]; s < where.col_start()[j + 1]; ++s) {
          sum += A_.moments.col(where.row_by_col()[s]);
          right += left_[where.by_col()[s]] * A_.mean.col(where.row_by_col()[s]);
        }
        sum *= weight[j], right *= weight[j];
        return where.col_start()[j + 1] - where.col_start()[j];
      });
      products();
    }
    Vector<double> rest = data_.y - z_;
    if (u_) {
      u_->sweep(rest, noise_, true);
      for (Index k = 0; k < rest.size(); ++k) {
        const double u = u_->mean()(where.row()[k], where.col()[k]);
        rest[k] -= u;
        left_[k] = data_.y[k] - u;
      }
    }
    // Of each column, drawn towards all columns' as by ten entries.
    Vector<double> squares = Vector<double>::Zero(noise_.size()), count = squares;
    for (Index k = 0; k < rest.size(); ++k) {
      squares[where.col()[k]] += rest[k] * rest[k] + spread_[k] + (u_ ? u_->variance()[k] : 0.0);
      ++count[where.col()[k]];
    }
    const double usual = std::max(squares.sum() / static_cast<double>(data_.count()), 1e-12 * size_);
    for (Index j = 0; j < noise_.size(); ++j) noise_[j] = std::max((squares[j] + 10 * usual) / (count[j] + 10), 1e-6 * usual);
  }

  const Matrix<double>& At() const { return A_.mean; }  ///< k x n1
  const Matrix<double>& Bt() const { return B_.mean; }  ///< k x n2
  const ChainResidual* residual() const { return u_ ? &*u_ : nullptr; }
  const Vector<double>& noise() const { return noise_; }  ///< of each column
  const std::vector<Autoregression>& rows_prior() const { return A_.prior(); }
  /// Means at these entries.
  Vector<double> predict(const Entries& at) const {
    Vector<double> z;
    product_at(A_.mean, B_.mean, at, z);
    for (Index k = 0; u_ && k < z.size(); ++k) z[k] += u_->mean()(at.row()[k], at.col()[k]);
    return z;
  }

 private:
  /// Mean and variance of <a_i, b_j> at the entries.
  void products() {
    const Entries& where = data_.where;
    product_at(A_.mean, B_.mean, where, z_);
    Vector<double> doubled(A_.moments.rows());
    for (Index i = 0; i < where.rows(); ++i) {
      doubled = 2 * A_.moments.col(i);
      for (Index q = 0, p = 0; q < k_; p += k_ - q++) doubled[p] *= 0.5;
      for (Index s = where.row_start()[i]; s < where.row_start()[i + 1]; ++s)
        spread_[s] = std::max(doubled.dot(B_.moments.col(where.col()[s])) - z_[s] * z_[s], 0.0);
    }
  }

  const Data<double>& data_;
  Index k_;
  double size_;
  Vector<double> noise_;
  FactorLines A_, B_;
  std::optional<ChainResidual> u_;
  Vector<double> left_, z_, spread_;  // y - u, the mean of <a, b> and its variance
};

}  // namespace tacit::detail
