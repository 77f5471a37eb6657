// SPDX-License-Identifier: MIT
#pragma once
// The curve  x = t h(A^T nu),  A x = y,  over t > 0, for the functions h_p of model/selection.hpp: with p the depth and t = alpha^p, the limits of the gradient
// flow of a diagonal net; with p = infinity and t -> 0, the central path of  min |x|_1 s.t. A x = y  and of its dual. At each t, nu is the minimum of
//   Phi(nu) = t sum_i H((A^T nu)_i) - <y, nu>,   H' = h,    gradient A x - y,   Hessian A diag(t h'(s)) A^T,
// found by Newton's method, damped so that Phi falls and |s| < 1 stays (p > 2), from the solution at 10 t. The diagonal t h' spans many orders, more than
// a Gram matrix holds: each step instead takes a QR decomposition of diag(t h')^(1/2) A^T, rows in falling order and columns pivoted, which is accurate row by
// row [Cox & Higham 1998]; and 1 - |s| is kept beside s, whose rounding would be x^2 / t times larger in x. Everything in long double. Cost of a step: 2 d m^2 flops. [Wind et al. 2023, dual characterisation; the path is classical]

#include <Eigen/QR>
#include <algorithm>
#include <numeric>
#include <vector>

#include "../core/scalar.hpp"
#include "../model/selection.hpp"

namespace tacit::detail {

class DualPath {
 public:
  using R = long double;

  /// Drops rows of A that depend on the others; throws, naming `who` and the residual, where their targets contradict each other.
  DualPath(const char* who, const Matrix<double>& A, const Vector<double>& y, R p) : who_(who), selection_(p), rows_(A.rows()) {
    require(A.rows() > 0 && A.cols() > 0, who, ": A is ", A.rows(), " x ", A.cols(), ", it needs a row and a column");
    require(A.rows() == y.size(), who, ": A has ", A.rows(), " rows, y ", y.size(), " entries");
    require(A.allFinite() && y.allFinite(), who, ": A or y holds a number that is not finite");
    const Matrix<R> whole = A.cast<R>();
    y_ = y.cast<R>();
    Eigen::CompleteOrthogonalDecomposition<Matrix<R>> qr(whole.rows(), whole.cols());
    qr.setThreshold(R(1e-13));
    qr.compute(whole);
    const Vector<R> solution = qr.rank() > 0 ? Vector<R>(qr.solve(y_)) : Vector<R>(Vector<R>::Zero(A.cols()));
    const R off = (whole * solution - y_).norm();
    require(off <= R(1e-10) * y_.norm(), who,
            ": A x = y has no solution, every x misses y by at least |A x - y| = ", static_cast<double>(off));
    size_ = solution.template lpNorm<Eigen::Infinity>();
    keep_.resize(static_cast<std::size_t>(rows_));
    std::iota(keep_.begin(), keep_.end(), Index(0));
    if (qr.rank() < rows_) choose_rows(whole, qr.rank());
    transposed_.resize(A.cols(), static_cast<Index>(keep_.size()));
    for (Index k = 0; k < transposed_.cols(); ++k) transposed_.col(k) = whole.row(keep_[static_cast<std::size_t>(k)]).transpose();
    for (Index k = 0; k < transposed_.cols(); ++k) y_[k] = y_[keep_[static_cast<std::size_t>(k)]];  // keep_ rises
    y_.conservativeResize(transposed_.cols());
    now_ = {Vector<R>::Zero(y_.size()), Vector<R>::Zero(A.cols()), Vector<R>::Ones(A.cols()), Vector<R>::Zero(A.cols()), y_};
  }

  /// Goes to t; call with falling t only.
  void follow(R t) {
    if (size_ == 0) return;  // y = 0: x = 0 on the whole curve
    if (!started_) {
      started_ = true;
      t_ = std::max(t, size_);
      solve();
    }
    while (t_ > t) {
      advance(std::max(t, t_ / 100));
      solve();
    }
  }

  /// The largest entry of some solution: 0 where y = 0, else what t is measured by.
  R size() const { return size_; }
  const Vector<R>& x() const { return now_.x; }
  /// One number for each row of A; 0 for a dropped one.
  Vector<R> nu() const {
    Vector<R> all = Vector<R>::Zero(rows_);
    for (Index k = 0; k < y_.size(); ++k) all[keep_[static_cast<std::size_t>(k)]] = now_.nu[k];
    return all;
  }
  Index steps() const { return steps_; }

 private:
  void choose_rows(const Matrix<R>& A, Index rank) {
    const Eigen::ColPivHouseholderQR<Matrix<R>> qr(A.transpose());
    keep_.assign(qr.colsPermutation().indices().data(), qr.colsPermutation().indices().data() + rank);
    std::sort(keep_.begin(), keep_.end());
  }

  /// A point of the dual with what belongs to it: s = A^T nu, 1 - |s|, x = t h(s), y - A x.
  struct Point {
    Vector<R> nu, s, room, x, residual;
  };
  struct Change {
    Vector<R> nu, s;
  };

  /// Changes t, and nu along the tangent of the curve, in a parameter in which it is nearly straight: log t, or t^(1/k), to which 1 - |s| is
  /// proportional where x is not small.
  void advance(R t) {
    const Change tangent = solved(y_);
    const R k = selection_.exponent(), length = selection_.bounded() ? k * (1 - std::pow(t / t_, 1 / k)) : std::log(t_ / t);
    t_ = t;
    step(tangent, std::min(length, R(0.99) * longest(tangent.s)), now_);
  }
  void solve() {
    complete(now_);
    Point next;
    for (int count = 0; count < most_steps; ++count) {
      const R size = now_.residual.norm();
      if (size <= 8 * std::numeric_limits<R>::epsilon() * y_.norm()) return;
      const Change change = solved(now_.residual);
      const R fall = change.nu.dot(now_.residual);  // -Phi' along the step
      R length = std::min(R(1), R(0.99) * longest(change.s));
      for (int tries = 0; tries < 100; ++tries, length /= 2) {
        step(change, length, next);
        complete(next);
        // Phi is convex: still falling at the end, or nearly at the lowest point, as far as rounding in weak directions lets that be seen.
        if (-change.nu.dot(next.residual) <= R(0.1) * fall || next.residual.norm() < size / 2) break;
      }
      const R left = next.residual.norm();
      if (left < size || size > good * y_.norm()) std::swap(now_, next);
      if (size <= good * y_.norm() && left > size / 2) return;  // nothing is left but rounding
    }
    require(now_.residual.norm() <= good * y_.norm(), who_, ": Newton's method did not converge at scale ", static_cast<double>(t_),
            "; rows of A may be too nearly dependent");
  }
  /// How far along ds the bounds are.
  R longest(const Vector<R>& ds) const {
    R length = std::numeric_limits<R>::infinity();
    for (Index i = 0; selection_.bounded() && i < ds.size(); ++i)
      if (ds[i] != 0) length = std::min(length, (now_.s[i] * ds[i] >= 0 ? now_.room[i] : 1 + std::abs(now_.s[i])) / std::abs(ds[i]));
    return length;
  }
  void step(const Change& change, R length, Point& next) const {
    Point moved{now_.nu + length * change.nu, now_.s + length * change.s, now_.room, {}, {}};
    for (Index i = 0; i < moved.s.size(); ++i)
      if (moved.s[i] * now_.s[i] > 0) moved.room[i] -= std::copysign(length * change.s[i], now_.s[i] * change.s[i]);
      else moved.room[i] = 1 - std::abs(moved.s[i]);
    next = std::move(moved);
  }
  void complete(Point& at) const {
    at.x.resize(at.s.size());
    for (Index i = 0; i < at.s.size(); ++i) at.x[i] = t_ * selection_.h(at.s[i], at.room[i]);
    at.residual = y_ - transposed_.transpose() * at.x;
  }
  /// nu = (A D A^T)^-1 b, D = diag(t h'(s)), and A^T nu, of which Q keeps the small entries more exactly than A^T would.
  Change solved(const Vector<R>& b) {
    ++steps_;
    Matrix<R> B(transposed_.rows(), transposed_.cols());
    std::vector<std::pair<R, Index>> order;
    Vector<R> root(B.rows());
    for (Index i = 0; i < B.rows(); ++i) {
      root[i] = std::sqrt(t_ * selection_.slope(now_.s[i], now_.room[i]));
      order.emplace_back(-root[i] * transposed_.row(i).template lpNorm<Eigen::Infinity>(), i);
    }
    std::sort(order.begin(), order.end());
    const auto from = [&](Index i) { return order[static_cast<std::size_t>(i)].second; };
    for (Index i = 0; i < B.rows(); ++i) B.row(i) = root[from(i)] * transposed_.row(from(i));
    const Eigen::ColPivHouseholderQR<Matrix<R>> qr(B);
    const auto upper = qr.matrixR().topRows(B.cols()).template triangularView<Eigen::Upper>();
    Vector<R> half = qr.colsPermutation().transpose() * b, image = Vector<R>::Zero(B.rows());
    upper.transpose().solveInPlace(half);
    image.head(B.cols()) = half;
    image.applyOnTheLeft(qr.householderQ());
    upper.solveInPlace(half);
    Change change{qr.colsPermutation() * half, Vector<R>(B.rows())};
    for (Index i = 0; i < B.rows(); ++i) change.s[from(i)] = image[i] / root[from(i)];
    return change;
  }

  static constexpr int most_steps = 200;
  static constexpr R good = 1e-10L;  ///< a relative residual at which a step that does not lower it ends the iteration

  const char* who_;
  Selection<R> selection_;
  Index rows_, steps_ = 0;
  std::vector<Index> keep_;
  Matrix<R> transposed_;  // A^T, d x rank
  Vector<R> y_;
  Point now_;
  R size_ = 0, t_ = 0;
  bool started_ = false;
};

}  // namespace tacit::detail
