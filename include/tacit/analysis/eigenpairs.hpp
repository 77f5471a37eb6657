// SPDX-License-Identifier: MIT
#pragma once
// The k largest or smallest eigenvalues of a symmetric operator with their eigenvectors, from products alone:
//
//   HessianOperator hessian(problem, theta);
//   const auto top = top_eigenpairs(hessian, 10, {.tolerance = 1e-6});        std::cout << top;
//   const auto low = bottom_eigenpairs(hessian, 1);      if (negative_curvature(low) == NegativeCurvature::found) ...   low.vectors.col(0)
//
// An operator has rows() and perform_op(x, y), y = H x: HessianOperator and its parts, PreconditionedOperator, one's own. Lanczos with full
// reorthogonalisation, restarted with its best Ritz vectors when the basis is full [Wu & Simon 2000]; from several given vectors, as
// along a run, whose span is no Krylov space, the residuals of the best Ritz vectors enter again and again. Memory 2 P m numbers, m the size of the basis; a product costs O(P m) beside itself.
//
// Every pair comes with its residual |H x - mu x|, |x| = 1: some eigenvalue lies within it of mu. A Krylov space of one vector holds one
// copy of a multiple eigenvalue, and a residual does not say that a larger eigenvalue was not missed. So when all k have converged, a
// random vector orthogonal to the basis enters and is followed for eight products; where that finds more, the search goes on, and ends with
// `second_start` where it does not. Pairs that did not converge are told: `converged` counts those that did.

#include <ostream>

#include "../core/check.hpp"
#include "../core/random.hpp"
#include "ritz_basis.hpp"

namespace tacit {

struct EigenpairSettings {
  double tolerance = 1e-8;  ///< on residuals, relative to the largest |Ritz value|; what rounding leaves is enough in any case
  Index products = 1000;    ///< at most this many products
  Index basis = 0;          ///< vectors kept; 0: 2 k + 100, fewer where they would take more than half a GiB, at least 2 k + 20
  std::uint64_t seed = 1;   ///< of random vectors, stream (seed, "eigenpairs")
};

template <Scalar S>
struct Eigenpairs {
  Vector<double> values;      ///< Ritz values, the wanted end of the spectrum first
  Matrix<S> vectors;          ///< P x k, orthonormal
  Vector<double> residuals;   ///< |H x - value x|
  double tolerance = 0;       ///< on residuals, absolute
  double scale = 0;           ///< the largest |Ritz value| seen: at most |H|
  Index converged = 0;        ///< so many residuals, from the first on, are within the tolerance
  Index products = 0;         ///< spent
  bool second_start = false;  ///< a random vector entered at the end found nothing else

  bool all_converged() const { return converged == values.size(); }
  friend std::ostream& operator<<(std::ostream& out, const Eigenpairs& pairs) {
    for (Index i = 0; i < pairs.values.size(); ++i)
      out << (i ? ", " : "") << pairs.values[i] << " +- " << pairs.residuals[i] << (i < pairs.converged ? "" : " (not converged)");
    return out << " after " << pairs.products << " products" << (pairs.second_start ? "" : " (one start)");
  }
};

namespace detail {

/// The iteration for the largest eigenvalues with its buffers; it starts from the vectors of the last call. Beside the k pairs it keeps the
/// next Ritz vector as a guard, which draws near to the (k + 1)-th eigenvector from call to call: one that overtakes is not missed.
template <Scalar S>
class LanczosPairs {
 public:
  LanczosPairs() = default;
  LanczosPairs(Index parameters, Index k, Index room, std::uint64_t seed)
      : k_(std::min(k, parameters)), X_(parameters, std::min(k + 1, parameters)), basis_(parameters, std::min(parameters, room)),
        scratch_(parameters), values_(Vector<double>::Zero(k_)), residuals_(Vector<double>::Zero(k_)), random_(seed, "eigenpairs") {}

  /// The size of the basis where a caller does not say one.
  static Index room(Index parameters, Index k, Index wanted) {
    if (wanted == 0) wanted = std::min(2 * k + 100, (Index(1) << 28) / static_cast<Index>(sizeof(S)) / std::max<Index>(parameters, 1));
    return std::min(parameters, std::max(2 * k + 20, wanted));
  }

  /// product(v, hv) multiplies. Until residuals are at most tolerance * scale, or the products are spent.
  template <class Product>
  void improve(Product&& product, double tolerance, Index products) {
    products_ = 0;
    second_start_ = false;
    const bool warm = known_ > 0;
    const auto counted = [&](In<S> v, Out<S> hv) {
      product(v, hv);
      ++products_;
    };
    basis_.clear();
    for (Index i = 0; i < known_ && products_ < products; ++i) {
      if (i == k_) nudge(X_.col(i));
      basis_.append(X_.col(i), counted);
    }
    if (known_ == 0) enter_random(counted);
    Index width = known_ == 0 ? 1 : 0;   // of the block whose products come next; 0: begin with residuals
    Index scouting = warm ? 0 : scouts;  // products that the second start is still to get; a warm start has its guard
    bool scout = false;
    Index guarding = warm && known_ > k_ ? 2 : 0;  // products for the guard, so that it draws near to what may overtake
    for (;;) {
      basis_.solve();
      scale_ = basis_.scale();
      allowed_ = std::max(tolerance, 64 * static_cast<double>(std::numeric_limits<S>::epsilon())) * scale_;
      const Index m = basis_.size(), have = std::min(k_, m);
      if (!std::isfinite(scale_)) break;
      if (m == basis_.parameters()) {  // the whole space: nothing was missed
        second_start_ = true;
        break;
      }
      if (guarding > 0 && products_ < products && !basis_.full()) {
        --guarding;
        basis_.residual(k_, scratch_);
        basis_.append(scratch_, counted);
        continue;
      }
      const bool done = have == k_ && all_small();
      if (done && scout && scouting == 0) second_start_ = true;
      if ((done && scouting == 0) || products_ >= products) break;
      if (m + std::max(width, have) + 1 > basis_.room() && basis_.room() < basis_.parameters()) {
        basis_.restart(std::min((basis_.room() + have) / 2, m - 1));
        width = 0;
      }
      const Index before = products_;
      if (done && !scout) {  // what a Krylov space of one start cannot see
        scout = enter_random(counted);
        width = 1, --scouting;
      } else if (scout && scouting > 0) {
        while (scouting > 0 && products_ < products && basis_.append_product_of(basis_.size() - 1, counted)) --scouting;
        scouting = 0;
        continue;
      } else {
        if (scout) scout = false, scouting = scouts;  // it has found something: another one at the end
        if (width == 0 || warm) width = enter_residuals(counted, have, products);
        else
          for (Index step = std::max(width, basis_.size() / 8); step > 0 && products_ < products; --step)
            if (!basis_.append_product_of(basis_.size() - width, counted)) {
              width = 0;
              break;
            }
      }
      if (products_ == before && products_ < products && width == 0 && !basis_.full() && enter_random(counted)) width = 1;
      if (products_ == before) break;  // nothing that is not in the basis, to rounding
    }
    finish();
  }

  Index count() const { return k_; }
  Index parameters() const { return basis_.parameters(); }
  Index products() const { return products_; }
  /// Pairs that the last call has; fewer than count() where its products did not suffice to begin.
  Index known() const { return std::min(known_, k_); }
  double value(Index i) const { return values_[i]; }
  double residual(Index i) const { return residuals_[i]; }
  double allowed() const { return allowed_; }
  double scale() const { return scale_; }
  bool second_start() const { return second_start_; }
  auto vector(Index i) const { return X_.col(i); }

  template <class Archive>
  void persist(Archive& archive) {
    Vector<S> vectors = X_.reshaped();
    archive("vectors", vectors);
    X_.reshaped() = vectors;
    archive("known", known_);
    archive("random", random_);
  }

 private:
  static constexpr Index scouts = 9;

  template <class Product>
  bool enter_random(Product&& product) {
    for (int attempt = 0; attempt < 3; ++attempt) {
      for (S& x : scratch_) x = static_cast<S>(random_.normal());
      if (basis_.append(scratch_, product)) return true;
    }
    return false;
  }
  /// Residuals of the pairs that have not converged, as far as they are different directions: in a Krylov space all are one.
  template <class Product>
  Index enter_residuals(Product&& product, Index have, Index products) {
    Index entered = 0;
    for (Index i = 0; i < have && products_ < products; ++i) {
      if (basis_.residual(i, scratch_) <= allowed_) continue;
      if (basis_.append(scratch_, product, entered == 0 ? 1e-8 : 0.1)) ++entered;
      else if (entered > 0) break;
    }
    return entered;
  }
  bool all_small() {
    for (Index i = k_ - 1; i >= 0; --i)
      if (basis_.residual(i, scratch_) > allowed_) return false;
    return true;
  }
  /// A little of everything, so that no eigenvector stays orthogonal to it.
  template <class V>
  void nudge(V&& x) {
    for (S& y : scratch_) y = static_cast<S>(random_.normal());
    x += (S(1e-3) / scratch_.norm()) * scratch_;
  }
  void finish() {
    const Index m = std::isfinite(scale_) ? basis_.size() : 0;
    known_ = std::min(X_.cols(), m);
    for (Index i = 0; i < k_; ++i) values_[i] = residuals_[i] = std::numeric_limits<double>::quiet_NaN();
    for (Index i = 0; i < std::min(known_, k_); ++i) values_[i] = basis_.value(i), residuals_[i] = basis_.residual(i, scratch_);
    for (Index i = 0; i < known_; ++i) basis_.vector(i, X_.col(i));
  }

  Index k_ = 0;
  Matrix<S> X_;  ///< the vectors of the last call, and the guard
  RitzBasis<S> basis_;
  Vector<S> scratch_;
  Vector<double> values_, residuals_;
  Random random_;
  Index known_ = 0, products_ = 0;
  double scale_ = 0, allowed_ = 0;
  bool second_start_ = false;
};

template <class Op, Scalar S>
Eigenpairs<S> eigenpairs(const char* who, const Op& op, Index k, const EigenpairSettings& options, S sign) {
  const Index P = op.rows();
  require(k >= 1 && k <= P, who, ": ", k, " pairs are asked for, the operator has ", P, " rows; ask for 1 to ", P);
  require(options.tolerance >= 0, who, ": .tolerance is ", options.tolerance, ", it needs to be 0 or more");
  require(options.products >= 1, who, ": .products is ", options.products, ", it needs to be at least 1");
  require(options.basis == 0 || options.basis >= 2 * k + 20 || options.basis >= P, who, ": .basis is ", options.basis, ", for ", k,
          " pairs it needs to be at least ", 2 * k + 20, " (0 chooses)");
  LanczosPairs<S> pairs(P, k, LanczosPairs<S>::room(P, k, options.basis), options.seed);
  pairs.improve(
      [&](In<S> v, Out<S> hv) {
        op.perform_op(v.data(), hv.data());
        if (sign < 0) hv = -hv;
      },
      options.tolerance, options.products);
  Eigenpairs<S> found{Vector<double>(k), Matrix<S>(P, k),     Vector<double>(k), pairs.allowed(), pairs.scale(), 0,
                      pairs.products(),  pairs.second_start()};
  for (Index i = 0; i < k; ++i) {
    found.values[i] = static_cast<double>(sign) * pairs.value(i);
    found.residuals[i] = pairs.residual(i);
    if (i < pairs.known()) found.vectors.col(i) = pairs.vector(i);
    else found.vectors.col(i).setZero();
  }
  while (found.converged < k && found.residuals[found.converged] <= found.tolerance) ++found.converged;
  return found;
}

}  // namespace detail

/// The k largest eigenvalues, largest first.
template <class Op>
Eigenpairs<typename Op::Scalar> top_eigenpairs(const Op& op, Index k, const EigenpairSettings& options = {}) {
  return detail::eigenpairs<Op, typename Op::Scalar>("top_eigenpairs", op, k, options, 1);
}
/// The k smallest ones, smallest first.
template <class Op>
Eigenpairs<typename Op::Scalar> bottom_eigenpairs(const Op& op, Index k, const EigenpairSettings& options = {}) {
  return detail::eigenpairs<Op, typename Op::Scalar>("bottom_eigenpairs", op, k, options, -1);
}

/// What is known of the sign of the smallest eigenvalue.
enum class NegativeCurvature {
  found,     ///< a direction with x^T H x < 0, beyond rounding: a proof
  none,      ///< the smallest pair that was found has converged, to a value that is not below minus the tolerance
  undecided  ///< not converged, and not negative so far
};
/// Of a result of bottom_eigenpairs.
template <Scalar S>
NegativeCurvature negative_curvature(const Eigenpairs<S>& bottom) {
  const double least = bottom.values[0], rounding = 64 * static_cast<double>(std::numeric_limits<S>::epsilon()) * bottom.scale;
  if (least < -rounding && !(bottom.converged > 0 && least >= -bottom.tolerance)) return NegativeCurvature::found;
  return bottom.converged > 0 ? NegativeCurvature::none : NegativeCurvature::undecided;
}

}  // namespace tacit
