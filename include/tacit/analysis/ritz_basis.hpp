// SPDX-License-Identifier: MIT
#pragma once
// An orthonormal basis Q of a space of theta with the products H Q and T = Q^T H Q, and the Ritz pairs (mu_i, Q y_i), T y_i = mu_i y_i,
// of a symmetric operator H in it, largest first: what iterations for eigenpairs are made of. A vector that enters is orthogonalised
// against all others (classical Gram-Schmidt, repeated until nothing more is lost) and multiplied once; O(P m), m the size of the basis.
// A full basis is replaced by its best Ritz vectors, whose products are known.                               [Golub & Van Loan, 10.3; Wu
// & Simon 2000]

#include <algorithm>

#include "../core/product.hpp"
#include "../core/small_symmetric_eigen.hpp"

namespace tacit::detail {

template <Scalar S>
class RitzBasis {
 public:
  RitzBasis() = default;
  RitzBasis(Index parameters, Index room)
      : Q_(parameters, room), HQ_(parameters, room), q_(parameters), weights_(room), some_(std::min(parameters, rows_at_once), room),
        chosen_(room, room), T_(room, room), ritz_(room) {}

  Index size() const { return m_; }
  Index room() const { return Q_.cols(); }
  Index parameters() const { return Q_.rows(); }
  bool full() const { return m_ == room(); }
  void clear() { m_ = 0; }

  /// v enters, orthogonalised, with its product: product(q, hq). False, without a product, where less than `least` of |v| is left of it, or
  /// there is no room.
  template <class V, class Product>
  bool append(const V& v, Product&& product, double least = 1000 * static_cast<double>(std::numeric_limits<S>::epsilon())) {
    if (full()) return false;
    q_ = v;
    const S size = q_.norm();
    if (!(size > 0)) return false;
    q_ /= size;
    for (int pass = 0; pass < 4; ++pass) {
      project(q_);
      const S left = q_.norm();
      if (!(left > static_cast<S>(pass == 0 ? least : 0.1))) return false;
      q_ /= left;
      if (left > S(0.99)) break;
    }
    auto to = Q_.col(m_);
    to = q_;
    product(to, HQ_.col(m_));
    dots<S>(HQ_.col(m_).data(), Q_.data(), parameters(), m_ + 1, nullptr, Write::set, weights_.data());
    for (Index j = 0; j <= m_; ++j) T_(m_, j) = static_cast<double>(weights_[j]);
    ++m_;
    return true;
  }
  /// The same with the product of a vector of the basis, its j-th: the next vector of a Krylov space.
  template <class Product>
  bool append_product_of(Index j, Product&& product) {
    return append(HQ_.col(j), product);
  }

  /// v <- v - Q a with a = Q^T v, in the first size() entries of `along`.
  void project_out(Vector<S>& v, Vector<S>& along) {
    project(v);
    for (Index j = 0; j < m_; ++j) along[j] = -weights_[j];
  }
  /// Q and H Q in their first size() columns.
  const Matrix<S>& vectors() const { return Q_; }
  const Matrix<S>& products() const { return HQ_; }

  /// Ritz pairs of what the basis holds now.
  void solve() { ritz_.compute(T_, m_); }
  double value(Index i) const { return ritz_.value(i); }
  /// The largest |mu|, a lower bound of |H|.
  double scale() const { return std::max(std::abs(ritz_.value(0)), std::abs(ritz_.value(ritz_.size() - 1))); }
  /// out = Q y_i.
  template <class V>
  void vector(Index i, V&& out) {
    weigh(i);
    combine<S>(Q_.data(), parameters(), ritz_.size(), nullptr, weights_.data(), nullptr, Write::set, out.data());
  }
  /// out = H Q y_i - mu_i Q y_i; returns its length.
  double residual(Index i, Vector<S>& out) {
    vector(i, out);
    out *= -static_cast<S>(ritz_.value(i));
    combine<S>(HQ_.data(), parameters(), ritz_.size(), nullptr, weights_.data(), nullptr, Write::add, out.data());
    return static_cast<double>(out.norm());
  }

  /// The basis becomes its k best Ritz vectors.
  void restart(Index k) {
    for (Index i = 0; i < k; ++i)
      for (Index j = 0; j < m_; ++j) chosen_(j, i) = static_cast<S>(ritz_.vector(j, i));
    for (Matrix<S>* all : {&Q_, &HQ_})
      for (Index at = 0; at < parameters(); at += rows_at_once) {
        const Index n = std::min(rows_at_once, parameters() - at);
        for (Index i = 0; i < k; ++i) {
          auto to = some_.col(i).head(n);
          to.setZero();
          for (Index j = 0; j < m_; ++j) to += chosen_(j, i) * all->col(j).segment(at, n);
        }
        for (Index i = 0; i < k; ++i) all->col(i).segment(at, n) = some_.col(i).head(n);
      }
    m_ = k;
    for (Index i = 0; i < k; ++i)
      for (Index j = 0; j <= i; ++j) T_(i, j) = i == j ? ritz_.value(i) : 0;
    solve();
  }

 private:
  void project(Vector<S>& v) {
    if (m_ == 0) return;
    dots<S>(v.data(), Q_.data(), parameters(), m_, nullptr, Write::set, weights_.data());
    for (Index j = 0; j < m_; ++j) weights_[j] = -weights_[j];
    combine<S>(Q_.data(), parameters(), m_, nullptr, weights_.data(), nullptr, Write::add, v.data());
  }
  void weigh(Index i) {
    for (Index j = 0; j < ritz_.size(); ++j) weights_[j] = static_cast<S>(ritz_.vector(j, i));
  }

  static constexpr Index rows_at_once = 256;

  Matrix<S> Q_, HQ_;
  Vector<S> q_, weights_;
  Matrix<S> some_, chosen_;
  Matrix<double> T_;
  SmallSymmetricEigen ritz_;
  Index m_ = 0;
};

}  // namespace tacit::detail
