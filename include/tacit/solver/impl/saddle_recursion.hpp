// SPDX-License-Identifier: MIT
#pragma once
// The saddles of a diagonal net's flow (saddle_recursion.hpp): nonnegative least squares by the active-set method of Lawson and Hanson, started at the
// coordinates that were active before.

#include <Eigen/QR>
#include <algorithm>
#include <limits>

#include "../../core/compiled.hpp"
#include "../saddle_recursion.hpp"

namespace tacit {

namespace detail {

/// min 1/2 |A x - y|^2 over x with x_i sign_i >= 0, and x_i = 0 where sign_i = 0.
class SignedLeastSquares {
 public:
  SignedLeastSquares(const Matrix<double>& A, const Vector<double>& y, double nil) : A_(A), y_(y), nil_(nil) {}

  /// Solves from the x at hand, which is feasible; false where the method does not settle.
  bool solve(const Vector<double>& sign, Vector<double>& x) const {
    std::vector<Index> passive;  // free to move; the others are held at zero
    for (Index i = 0; i < x.size(); ++i)
      if (x[i] != 0) passive.push_back(i);
    if (!descend(sign, passive, x)) return false;
    for (Index turn = 0; turn < 3 * x.size() + 10; ++turn) {
      const Vector<double> g = gradient(x);
      Index best = -1;
      for (Index i = 0; i < x.size(); ++i)
        if (sign[i] != 0 && x[i] == 0 && -g[i] * sign[i] > nil_ && (best < 0 || -g[i] * sign[i] > -g[best] * sign[best])) best = i;
      if (best < 0) return true;
      passive.push_back(best);
      if (!descend(sign, passive, x)) return false;
    }
    return false;
  }
  Vector<double> gradient(const Vector<double>& x) const {
    const Vector<double> rest = A_ * x - y_;
    return A_.transpose() * rest;
  }
  Index rank(const std::vector<Index>& of) const {
    if (of.empty()) return 0;
    Eigen::ColPivHouseholderQR<Matrix<double>> qr(columns(of));
    qr.setThreshold(1e-10);
    return qr.rank();
  }

 private:
  Matrix<double> columns(const std::vector<Index>& of) const {
    Matrix<double> B(A_.rows(), static_cast<Index>(of.size()));
    for (std::size_t k = 0; k < of.size(); ++k) B.col(static_cast<Index>(k)) = A_.col(of[k]);
    return B;
  }
  /// To the minimiser on the passive coordinates, of which those that would change their sign are held at zero on the way.
  bool descend(const Vector<double>& sign, std::vector<Index>& passive, Vector<double>& x) const {
    while (!passive.empty()) {
      const Vector<double> goal = Eigen::ColPivHouseholderQR<Matrix<double>>(columns(passive)).solve(y_);
      if (!goal.allFinite()) return false;
      double way = 1;
      for (std::size_t k = 0; k < passive.size(); ++k) {
        const Index i = passive[k];
        const double from = x[i] * sign[i], to = goal[static_cast<Index>(k)] * sign[i];
        if (to <= 0) way = std::min(way, from / (from - to));
      }
      std::vector<Index> stay;
      for (std::size_t k = 0; k < passive.size(); ++k) {
        const Index i = passive[k];
        const double to = goal[static_cast<Index>(k)], from = x[i];
        x[i] = way == 1 ? to : from + way * (to - from);
        if (to * sign[i] <= 0 && (x[i] * sign[i] <= 0 || std::abs(x[i]) <= 1e-15 * std::abs(from - to))) x[i] = 0;
        else stay.push_back(i);
      }
      if (stay.size() == passive.size()) return way == 1;
      passive = std::move(stay);
      if (way == 1) return true;  // a goal of exactly zero
    }
    return true;
  }

  const Matrix<double>& A_;
  const Vector<double>& y_;
  double nil_;
};

}  // namespace detail

TACIT_INLINE SaddlePath saddle_recursion(const Matrix<double>& A, const Vector<double>& y, const SaddleRecursionSettings& settings) {
  const char* who = "saddle_recursion";
  require(A.rows() > 0 && A.cols() > 0, who, ": A is ", A.rows(), " x ", A.cols(), ", it needs a row and a column");
  require(A.rows() == y.size(), who, ": A has ", A.rows(), " rows, y ", y.size(), " entries");
  require(A.allFinite() && y.allFinite(), who, ": A or y holds a number that is not finite");
  require(settings.tolerance > 0 && settings.tolerance < 1, who, ": .tolerance is ", settings.tolerance, ", it needs to be in (0, 1)");
  require(settings.jumps >= 1, who, ": .jumps is ", settings.jumps, ", it needs to be at least 1");
  const Index d = A.cols();
  const double nil = settings.tolerance * (A.transpose() * y).lpNorm<Eigen::Infinity>();
  const detail::SignedLeastSquares least(A, y, nil);
  Vector<double> x = Vector<double>::Zero(d), s = x, sign = x, g = least.gradient(x);
  SaddlePath path;
  path.list.push_back({0, x, s, y.squaredNorm() / 2, -1, 0});
  for (path.gradient = g.lpNorm<Eigen::Infinity>(); path.gradient > nil; path.gradient = g.lpNorm<Eigen::Infinity>()) {
    if (path.jumps() == settings.jumps) {
      path.why = sentence("after ", settings.jumps, " jumps the gradient is ", path.gradient, "; raise .jumps");
      return path;
    }
    double delta = std::numeric_limits<double>::infinity();
    const auto waits = [&](Index i) { return (std::copysign(s[i], s[i] * g[i]) + 1) / std::abs(g[i]); };  // until s_i = -sign(g_i)
    const auto moves = [&](Index i) { return x[i] == 0 && std::abs(g[i]) > nil; };
    for (Index i = 0; i < d; ++i)
      if (moves(i)) delta = std::min(delta, waits(i));
    require(delta < std::numeric_limits<double>::infinity(), who, ": the gradient on the active coordinates is ", path.gradient,
            ", rounding does not let it vanish to ", nil, "; raise .tolerance");
    Saddle next;
    for (Index i = 0; i < d; ++i) {
      if (!moves(i)) continue;
      const bool arrives = waits(i) <= delta * (1 + settings.tolerance);
      s[i] = arrives ? std::copysign(1.0, -g[i]) : s[i] - delta * g[i];
      sign[i] = arrives ? s[i] : 0;
      if (arrives && next.entered < 0) next.entered = i, next.drive = std::abs(g[i]);
    }
    const bool settled = least.solve(sign, x);
    g = least.gradient(x);
    next.time = path.last().time + delta;
    next.x = x;
    next.s = s;
    next.loss = (A * x - y).squaredNorm() / 2;
    path.list.push_back(next);
    if (!settled) {
      path.why = sentence("nonnegative least squares did not settle at jump ", path.jumps());
      return path;
    }
    std::vector<Index> free;  // where x may move without the loss
    for (Index i = 0; i < d; ++i)
      if (sign[i] != 0 && std::abs(g[i]) <= nil) free.push_back(i);
    if (const Index rank = least.rank(free); path.why.empty() && rank < static_cast<Index>(free.size()))
      path.why = sentence("the saddle of jump ", path.jumps(), " is not unique: the ", free.size(),
                          " coordinates at |s| = 1 whose gradient is zero have columns of rank ", rank, "; one of the minimisers is taken");
  }
  path.arrived = true;
  return path;
}

}  // namespace tacit
