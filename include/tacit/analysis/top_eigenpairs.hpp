// SPDX-License-Identifier: MIT
#pragma once
// The k largest eigenvalues of a symmetric operator with their eigenvectors, from products alone, warm-started from those of a nearby
// operator: what a method needs that follows the top of a Hessian along a path. Block Krylov spaces with Rayleigh-Ritz: the basis holds
// the last vectors, one random direction, followed for three rounds, so that an eigenvalue which the last vectors know nothing of is found,
// and block after block of residuals, until these are small; a full basis starts again from its best vectors.
//                                                                                   [Golub & Van Loan, 10.3; Saad 2011, chapter 6]
// A round costs a product for each pair that is not converged, and O(P m) for each new vector, m the size of the basis (at most 3 k + 10).

#include <algorithm>

#include "../core/random.hpp"
#include "../core/small_symmetric_eigen.hpp"

namespace tacit::detail {

template <Scalar S>
class TopEigenpairs {
 public:
  TopEigenpairs() = default;
  /// Buffers for up to `most` pairs of an operator on R^parameters; one pair is tracked at first.
  TopEigenpairs(Index parameters, Index most)
      : most_(std::min(most, parameters)), room_(std::min(parameters, 3 * most_ + 10)), X_(parameters * most_), Q_(parameters, room_),
        HQ_(parameters, room_), new_X_(parameters, most_), residual_(parameters), T_(room_, room_), ritz_(room_), lambda_(most_),
        random_(1, "eigenpairs") {
    X_.setZero();
    for (S& x : X_.head(parameters)) x = static_cast<S>(random_.normal());
  }

  Index count() const { return count_; }
  Index most() const { return most_; }
  double value(Index i) const { return lambda_[i]; }
  auto vector(Index i) const { return X_.segment(i * Q_.rows(), Q_.rows()); }
  Index products() const { return products_; }

  /// Tracks one more pair: as many as exceed `threshold`, and the first that does not. product(v, hv) multiplies. Pairs above the threshold
  /// are good to
  /// residuals of tolerance |lambda_1|, the others to a hundredth of it. False where rounding or the rounds kept them from that.
  template <class Product>
  bool improve(Product&& product, double threshold, double tolerance, Index rounds = 60) {
    products_ = 0;
    m_ = 0;
    for (Index i = 0; i < count_; ++i) append(vector(i), product);
    append_random(product);
    for (Index round = 0;; ++round) {
      rayleigh_ritz();
      while (count_ < most_ && count_ < m_ && ritz_.value(count_ - 1) > threshold) ++count_;
      if (count_ == m_ && count_ < most_ && ritz_.value(count_ - 1) > threshold && m_ < Q_.rows()) {
        append_random(product);
        continue;
      }
      const double scale = std::max(std::abs(ritz_.value(0)), std::abs(ritz_.value(m_ - 1)));
      if (!std::isfinite(scale)) return false;
      const double floor = 64 * static_cast<double>(std::numeric_limits<S>::epsilon());
      if (m_ + count_ + 1 > room_ && room_ < Q_.rows()) restart();
      const Index basis = m_;  // what is appended below is not part of the Ritz vectors yet
      bool converged = true;
      Index added = 0;
      for (Index i = 0; i <= std::min(count_, m_ - 1) && i < basis; ++i) {
        const bool scout = i == count_;  // the best of what comes from the random direction
        if (scout && round >= scouting) break;
        residual_.setZero();
        for (Index j = 0; j < basis; ++j) {
          const S c = static_cast<S>(ritz_.vector(j, i));
          residual_ += c * HQ_.col(j);
          residual_ -= (static_cast<S>(ritz_.value(i)) * c) * Q_.col(j);
        }
        const double size = static_cast<double>(residual_.norm()), wanted = scout || ritz_.value(i) > threshold ? tolerance : 1e-2;
        if (size <= std::max(wanted, floor) * scale) continue;
        converged = false;
        if (m_ < room_ && round < rounds) added += append(residual_, product);
      }
      if (converged || added == 0 || round >= rounds) {
        take();
        return converged || m_ >= Q_.rows();
      }
    }
  }

  template <class Archive>
  void persist(Archive& archive) {
    archive("count", count_);
    archive("vectors", X_);
    archive("random", random_);
  }

 private:
  /// Orthonormalises a vector against the basis and appends it with its product; false where it lies in the basis.
  template <class V, class Product>
  bool append(const V& v, Product&& product) {
    if (m_ >= room_) return false;
    auto q = Q_.col(m_);
    q = v;
    const S size = q.norm();
    if (!(size > 0)) return false;
    q /= size;
    for (int pass = 0; pass < 3; ++pass) {
      for (Index j = 0; j < m_; ++j) q -= Q_.col(j).dot(q) * Q_.col(j);
      const S left = q.norm();
      if (!(left > 1000 * std::numeric_limits<S>::epsilon())) return false;
      q /= left;
    }
    product(q, HQ_.col(m_));
    ++products_;
    for (Index j = 0; j <= m_; ++j) T_(m_, j) = static_cast<double>(Q_.col(j).dot(HQ_.col(m_)));
    ++m_;
    return true;
  }
  template <class Product>
  void append_random(Product&& product) {
    for (S& x : residual_) x = static_cast<S>(random_.normal());
    append(residual_, product);
  }
  void rayleigh_ritz() { ritz_.compute(T_, m_); }
  /// X <- the best Ritz vectors.
  void take() {
    for (Index i = 0; i < count_; ++i) {
      new_X_.col(i).setZero();
      for (Index j = 0; j < m_; ++j) new_X_.col(i) += static_cast<S>(ritz_.vector(j, i)) * Q_.col(j);
      lambda_[i] = ritz_.value(i);
    }
    for (Index i = 0; i < count_; ++i) X_.segment(i * Q_.rows(), Q_.rows()) = new_X_.col(i);
  }
  /// The basis becomes the best Ritz vectors, with their products.
  void restart() {
    take();
    for (Index i = 0; i < count_; ++i) {
      new_X_.col(i).setZero();
      for (Index j = 0; j < m_; ++j) new_X_.col(i) += static_cast<S>(ritz_.vector(j, i)) * HQ_.col(j);
    }
    m_ = count_;
    for (Index i = 0; i < m_; ++i) {
      Q_.col(i) = vector(i);
      HQ_.col(i) = new_X_.col(i);
      for (Index j = 0; j <= i; ++j) T_(i, j) = i == j ? lambda_[i] : 0;
    }
    rayleigh_ritz();
  }

  static constexpr Index scouting = 3;  ///< rounds that the random direction is followed

  Index most_ = 0, room_ = 0, count_ = 1, m_ = 0, products_ = 0;
  Vector<S> X_;  ///< the pairs' vectors, one after another
  Matrix<S> Q_, HQ_, new_X_;
  Vector<S> residual_;
  Matrix<double> T_;
  SmallSymmetricEigen ritz_;
  Vector<double> lambda_;
  Random random_;
};

}  // namespace tacit::detail
