// SPDX-License-Identifier: MIT
#pragma once
// The k largest eigenvalues of a symmetric operator with their eigenvectors, from products alone, warm-started from those of a nearby
// operator: what a method needs that follows the top of a Hessian along a path. Block Krylov spaces with Rayleigh-Ritz: the basis holds
// the last vectors, one random direction, followed for three rounds, so that an eigenvalue which the last vectors know nothing of is found,
// and block after block of residuals, until these are small; a full basis starts again from its best vectors.
//                                                                                   [Golub & Van Loan, 10.3; Saad 2011, chapter 6]
// A round costs a product for each pair that is not converged, and O(P m) for each new vector, m the size of the basis (at most 3 k + 10).

#include "../core/random.hpp"
#include "ritz_basis.hpp"

namespace tacit::detail {

template <Scalar S>
class TopEigenpairs {
 public:
  TopEigenpairs() = default;
  /// Buffers for up to `most` pairs of an operator on R^parameters; one pair is tracked at first.
  TopEigenpairs(Index parameters, Index most)
      : most_(std::min(most, parameters)), basis_(parameters, std::min(parameters, 3 * most_ + 10)), X_(parameters * most_),
        residual_(parameters), lambda_(most_), random_(1, "eigenpairs") {
    X_.setZero();
    for (S& x : X_.head(parameters)) x = static_cast<S>(random_.normal());
  }

  Index count() const { return count_; }
  Index most() const { return most_; }
  double value(Index i) const { return lambda_[i]; }
  auto vector(Index i) const { return X_.segment(i * basis_.parameters(), basis_.parameters()); }
  Index products() const { return products_; }

  /// Tracks one more pair: as many as exceed `threshold`, and the first that does not. product(v, hv) multiplies. Pairs above the threshold
  /// are good to residuals of tolerance |lambda_1|, the others to a hundredth of it. False where rounding or the rounds kept them from
  /// that.
  template <class Product>
  bool improve(Product&& product, double threshold, double tolerance, Index rounds = 60) {
    products_ = 0;
    const auto counted = [&](In<S> v, Out<S> hv) {
      product(v, hv);
      ++products_;
    };
    basis_.clear();
    for (Index i = 0; i < count_; ++i) basis_.append(vector(i), counted);
    append_random(counted);
    for (Index round = 0;; ++round) {
      basis_.solve();
      while (count_ < most_ && count_ < basis_.size() && basis_.value(count_ - 1) > threshold) ++count_;
      if (count_ == basis_.size() && count_ < most_ && basis_.value(count_ - 1) > threshold && count_ < basis_.parameters()) {
        append_random(counted);
        continue;
      }
      const double scale = basis_.scale();
      if (!std::isfinite(scale)) return false;
      const double floor = 64 * static_cast<double>(std::numeric_limits<S>::epsilon());
      if (basis_.size() + count_ + 1 > basis_.room() && basis_.room() < basis_.parameters()) take(), basis_.restart(count_);
      const Index known = basis_.size();  // what is appended below is not part of the Ritz vectors yet
      bool converged = true;
      Index added = 0;
      for (Index i = 0; i <= std::min(count_, known - 1); ++i) {
        const bool scout = i == count_;  // the best of what comes from the random direction
        if (scout && round >= scouting) break;
        const double size = basis_.residual(i, residual_), wanted = scout || basis_.value(i) > threshold ? tolerance : 1e-2;
        if (size <= std::max(wanted, floor) * scale) continue;
        converged = false;
        if (round < rounds) added += basis_.append(residual_, counted);
      }
      if (converged || added == 0 || round >= rounds) {
        take();
        return converged || basis_.size() >= basis_.parameters();
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
  template <class Product>
  void append_random(Product&& product) {
    for (S& x : residual_) x = static_cast<S>(random_.normal());
    basis_.append(residual_, product);
  }
  /// X <- the best Ritz vectors.
  void take() {
    for (Index i = 0; i < count_; ++i) {
      basis_.vector(i, X_.segment(i * basis_.parameters(), basis_.parameters()));
      lambda_[i] = basis_.value(i);
    }
  }

  static constexpr Index scouting = 3;  ///< rounds that the random direction is followed

  Index most_ = 0, count_ = 1, products_ = 0;
  RitzBasis<S> basis_;
  Vector<S> X_;  ///< the pairs' vectors, one after another
  Vector<S> residual_;
  Vector<double> lambda_;
  Random random_;
};

}  // namespace tacit::detail
