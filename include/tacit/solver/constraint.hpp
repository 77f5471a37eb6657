// SPDX-License-Identifier: MIT
#pragma once
// The feasible sets C of the convex baselines, {X : A(X) = y}, {|A(X) - y| <= box entrywise} and {||A(X) - y||_2 <= noise}, as what
// Douglas-Rachford splitting needs of them: the projection Y of S onto C, and multipliers mu in R^m with A*(mu) = Y - S.
//   EntryConstraint     observed entries: closed forms (one scalar equation for the ball), O(n1 n2)
//   MeasuredConstraint  <A_k, X>: the m x m Gram matrix is factored once, O(n1 n2 m^2 + m^3); a projection reads the measurements twice,
//                       4 n1 n2 m flops. Box and ball use a slack variable that the splitting carries along: Y meets them in the limit,
//                       and repaired(Y) moves A(Y) into the box or ball.
// With `symmetric`, X = X^T is part of C: A_k counts as (A_k + A_k^T)/2, entries (i, j) and (j, i) are observations of one number.

#include <Eigen/Cholesky>
#include <Eigen/Eigenvalues>
#include <algorithm>
#include <cmath>
#include <vector>

#include "../observation/data.hpp"
#include "spectral.hpp"

namespace tacit::detail {

/// The targets with their tolerance: which z in R^m are feasible.
struct Targets {
  Vector<double> y;
  double box = 0, noise = 0;

  bool exact() const { return box == 0 && noise == 0; }
  /// The point of the set that is nearest to z.
  Vector<double> nearest(const Vector<double>& z) const {
    if (noise > 0) {
      const double distance = (z - y).norm();
      return distance <= noise ? z : Vector<double>(y + (z - y) * (noise / distance));
    }
    return z.cwiseMax((y.array() - box).matrix()).cwiseMin((y.array() + box).matrix());
  }
  /// min <lambda, z> over the set: the dual value of lambda where A*(lambda) is dual feasible.
  double lowest(const Vector<double>& lambda) const { return lambda.dot(y) - box * lambda.lpNorm<1>() - noise * lambda.norm(); }
};

class EntryConstraint {
 public:
  template <Scalar S, class O>
  EntryConstraint(const Data<S, O>& data, double box, double noise, bool symmetric)
      : targets_{data.y.template cast<double>(), box, noise}, symmetric_(symmetric), rows_(data.where.rows()), cols_(data.where.cols()) {
    for (Index k = 0; k < data.count(); ++k) groups_.push_back(group(data.where, k));
    if (symmetric) merge(data.where);
    shift_.resize(static_cast<Index>(groups_.size()));
  }

  Index rows() const { return rows_; }
  Index cols() const { return cols_; }
  const Targets& targets() const { return targets_; }

  void project(const Matrix<double>& S, Matrix<double>& Y) {
    Y = S;
    mu_ = targets_.noise > 0 ? ball_multiplier(S) : 0;
    for (std::size_t g = 0; g < groups_.size(); ++g) {
      const Group& at = groups_[g];
      const double v = S(at.row, at.col);
      const double x =
          targets_.noise > 0 ? v + (at.mean - v) * mu_ * at.count() / (at.weight + mu_ * at.count()) : std::clamp(v, at.low, at.high);
      Y(at.row, at.col) = x;
      if (symmetric_) Y(at.col, at.row) = x;
      shift_[static_cast<Index>(g)] = x - v;
    }
  }
  Vector<double> multipliers() const {
    Vector<double> mu = Vector<double>::Zero(targets_.y.size());
    for (std::size_t g = 0; g < groups_.size(); ++g) {
      const Group& at = groups_[g];
      const double whole = at.weight * shift_[static_cast<Index>(g)];
      if (at.second < 0) {
        mu[at.first] = whole;
      } else if (targets_.noise > 0) {  // in proportion to the residuals, as the best multipliers of a ball are
        const double x = at.mean + whole / (mu_ > 0 ? mu_ * -2 : -1);
        mu[at.first] = mu_ * (targets_.y[at.first] - x);
        mu[at.second] = mu_ * (targets_.y[at.second] - x);
      } else if (targets_.box == 0) {
        mu[at.first] = mu[at.second] = whole / 2;
      } else {  // on the bound that binds
        const bool first_higher = targets_.y[at.first] >= targets_.y[at.second];
        mu[(whole > 0) == first_higher ? at.first : at.second] = whole;
      }
    }
    return mu;
  }
  void adjoint(const Vector<double>& lambda, Matrix<double>& out) const {
    out.setZero(rows_, cols_);
    for (const Group& at : groups_) {
      const double sum = lambda[at.first] + (at.second < 0 ? 0 : lambda[at.second]);
      out(at.row, at.col) = sum / at.weight;
      if (symmetric_) out(at.col, at.row) = sum / at.weight;
    }
  }
  Vector<double> measure(const Matrix<double>& X) const {
    Vector<double> z(targets_.y.size());
    for (const Group& at : groups_) {
      z[at.first] = X(at.row, at.col);
      if (at.second >= 0) z[at.second] = X(at.row, at.col);
    }
    return z;
  }
  void relax(double) {}
  void rescale(double) {}
  const Matrix<double>& repaired(const Matrix<double>& Y) const { return Y; }

 private:
  /// One number of X, observed once or (symmetric: above and below the diagonal) twice. `weight` is how often it stands in X.
  struct Group {
    Index row, col, first, second;
    double weight, low, high, mean;
    double count() const { return second < 0 ? 1 : 2; }
  };
  template <class O>
  Group group(const O& where, Index k) const {
    const auto [row, col] = entry(where, k);
    const double y = targets_.y[k], weight = symmetric_ && row != col ? 2 : 1;
    if (symmetric_ && row > col) return {col, row, k, -1, weight, y - targets_.box, y + targets_.box, y};
    return {row, col, k, -1, weight, y - targets_.box, y + targets_.box, y};
  }
  static Entry entry(const Entries& where, Index k) { return where[k]; }
  static Entry entry(const AllEntries& where, Index k) { return {k % where.rows(), k / where.rows()}; }

  template <class O>
  void merge(const O& where) {
    std::stable_sort(groups_.begin(), groups_.end(),
                     [](const Group& a, const Group& b) { return a.col != b.col ? a.col < b.col : a.row < b.row; });
    std::vector<Group> merged;
    double spread = 0;
    const double rounding = 1e-6 * targets_.y.cwiseAbs().maxCoeff();  // X computed as U U^T in float differs that much from its transpose
    for (const Group& at : groups_) {
      if (merged.empty() || merged.back().row != at.row || merged.back().col != at.col) {
        merged.push_back(at);
        continue;
      }
      Group& one = merged.back();
      const double difference = std::abs(one.mean - at.mean);
      require(targets_.noise > 0 || difference <= 2 * targets_.box + rounding, "minimum_trace_psd: ", where.where(one.first), " is ",
              targets_.y[one.first], " and ", where.where(at.first), " is ", targets_.y[at.first],
              "; no symmetric matrix has both, so symmetrise the data or allow for the difference with .box or .noise");
      spread += difference * difference / 2;
      one = {one.row,
             one.col,
             one.first,
             at.first,
             one.weight,
             std::max(one.low, at.low),
             std::min(one.high, at.high),
             (one.mean + at.mean) / 2};
      if (one.low > one.high) one.low = one.high = one.mean;
    }
    groups_ = std::move(merged);
    require(targets_.noise == 0 || spread < targets_.noise * targets_.noise,
            "minimum_trace_psd: entries above and below the diagonal differ so much that "
            "every symmetric matrix is at least ",
            std::sqrt(spread), " away from the data, .noise allows ", targets_.noise);
    spread_ = spread;
    for (const Group& at : groups_)
      require(at.row != at.col || at.high >= 0 || targets_.noise > 0, "minimum_trace_psd: ", where.where(at.first), " is ", at.mean,
              "; the diagonal of a positive semidefinite matrix is not negative");
  }
  /// mu >= 0 with  sum_g count (x_g(mu) - mean)^2 = noise^2 - spread,  x_g - mean = weight (v - mean) / (weight + mu count):  Newton's method
  /// for 1/sqrt(sum), which is concave in mu, so the iterates rise to the root; where all weights agree the first step hits it.
  double ball_multiplier(const Matrix<double>& S) const {
    const double radius = std::sqrt(targets_.noise * targets_.noise - spread_);
    double mu = 0;
    for (int step = 0; step < 50; ++step) {
      double sum = 0, slope = 0;
      for (const Group& at : groups_) {
        const double share = at.weight / (at.weight + mu * at.count()), d = (S(at.row, at.col) - at.mean) * share;
        sum += at.count() * d * d;
        slope -= 2 * at.count() * d * d * at.count() / (at.weight + mu * at.count());
      }
      const double norm = std::sqrt(sum);
      if (norm <= radius * (1 + 1e-15)) break;
      mu -= 2 * sum / slope * (norm / radius - 1);
    }
    return mu;
  }

  Targets targets_;
  bool symmetric_;
  Index rows_, cols_;
  std::vector<Group> groups_;
  Vector<double> shift_;  // Y - S, one number a group
  double mu_ = 0, spread_ = 0;
};

template <Scalar S>
class MeasuredConstraint {
 public:
  MeasuredConstraint(const Data<S, LinearMap<S>>& data, double box, double noise, bool symmetric)
      : targets_{data.y.template cast<double>(), box, noise}, rows_(data.where.rows()), cols_(data.where.cols()), where_(data.where) {
    if constexpr (std::is_same_v<S, double>) new (&A_) Map(where_.matrix().data(), rows_ * cols_, data.count());
    if (!std::is_same_v<S, double> || symmetric) {
      storage_ = where_.matrix().template cast<double>();
      for (Index k = 0; symmetric && k < data.count(); ++k) {
        MatrixMap<double> one(storage_.col(k).data(), rows_, cols_);
        one = (0.5 * (one + one.transpose())).eval();
      }
      new (&A_) Map(storage_.data(), rows_ * cols_, data.count());
    }
    factor();
    slack_ = slack_projected_ = Vector<double>::Zero(targets_.exact() ? 0 : targets_.y.size());
  }
  MeasuredConstraint(const MeasuredConstraint&) = delete;  // A_ may point into storage_
  MeasuredConstraint& operator=(const MeasuredConstraint&) = delete;

  Index rows() const { return rows_; }
  Index cols() const { return cols_; }
  const Targets& targets() const { return targets_; }

  /// The nearest point Y of {A(Y) = y}, or of {A(Y) - scale s = y} jointly in (Y, s).
  void project(const Matrix<double>& from, Matrix<double>& Y) {
    Vector<double> residual = targets_.y - measure(from);
    if (targets_.exact()) {
      mu_ = solved(residual);
    } else {
      residual += scale_ * slack_;
      mu_ = slacked_.solve(residual);
      slack_projected_ = slack_ - scale_ * mu_;
    }
    adjoint(mu_, Y);
    Y += from;
  }
  Vector<double> multipliers() const { return mu_; }
  void adjoint(const Vector<double>& lambda, Matrix<double>& out) const {
    out.resize(rows_, cols_);
    Eigen::Map<Vector<double>>(out.data(), out.size()).noalias() = A_ * lambda;
  }
  Vector<double> measure(const Matrix<double>& X) const { return A_.transpose() * Eigen::Map<const Vector<double>>(X.data(), X.size()); }
  /// The slack's half of a Douglas-Rachford step:  s += step (nearest feasible slack to 2 projected - s, minus projected).
  void relax(double step) {
    if (targets_.exact()) return;
    const Vector<double> reflected = 2 * slack_projected_ - slack_;
    slack_ += step * ((targets_.nearest(targets_.y + scale_ * reflected) - targets_.y) / scale_ - slack_projected_);
  }
  void rescale(double factor) {
    if (!targets_.exact()) slack_ = slack_projected_ + factor * (slack_ - slack_projected_);
  }
  /// Y with A(Y) moved to the nearest feasible values, by the smallest change that does.
  Matrix<double> repaired(const Matrix<double>& Y) const {
    const Vector<double> z = measure(Y);
    Matrix<double> change;
    adjoint(solved(targets_.nearest(z) - z), change);
    return Y + change;
  }

 private:
  using Map = Eigen::Map<const Matrix<double>>;

  void factor() {
    const Index m = A_.cols();
    Matrix<double> gram = Matrix<double>::Zero(m, m);
    gram.selfadjointView<Eigen::Lower>().rankUpdate(A_.transpose());
    const double mean = gram.trace() / static_cast<double>(m);
    require(mean > 0, "minimum norm: every measurement is zero, or antisymmetric where X is symmetric");
    scale_ = std::sqrt(mean);
    whole_.compute(gram);
    const Vector<double> pivots = whole_.matrixLLT().diagonal().cwiseAbs2().cwiseQuotient(gram.diagonal().cwiseMax(1e-300));
    if (whole_.info() != Eigen::Success || pivots.minCoeff() < 1e-11) invert_redundant(gram);
    if (targets_.exact()) return;
    gram.diagonal().array() += mean;
    slacked_.compute(gram);
  }
  /// Measurements that depend on each other: the pseudo-inverse, after a look at whether their targets agree.
  void invert_redundant(const Matrix<double>& gram) {
    const EigenSolver eigen(gram);
    const Vector<double>& value = eigen.eigenvalues();
    const Index m = value.size(), null = (value.array() <= 1e-11 * value[m - 1]).count();
    if (targets_.exact() && null > 0) {
      const double off = (eigen.eigenvectors().leftCols(null).transpose() * targets_.y).norm();
      require(off <= 1e-6 * targets_.y.norm(), "minimum norm: ", null, " of the ", m,
              " measurements depend on the others, and the targets "
              "contradict each other: every matrix misses them by at least ",
              off, "; allow for it with .box or .noise");
    }
    const Matrix<double> range = eigen.eigenvectors().rightCols(m - null);
    inverse_ = range;
    for (Index i = 0; i < inverse_.cols(); ++i) inverse_.col(i) /= value[null + i];
    inverse_ = product_nt(inverse_, range);
  }
  Vector<double> solved(const Vector<double>& b) const {
    return inverse_.size() ? Vector<double>(inverse_ * b) : Vector<double>(whole_.solve(b));
  }

  Targets targets_;
  Index rows_, cols_;
  LinearMap<S> where_;  // shares the measurements, which A_ may point to
  Matrix<double> storage_, inverse_;
  Map A_{nullptr, 0, 0};
  Eigen::LLT<Matrix<double>> whole_, slacked_;
  double scale_ = 1;  // of the slack: the root mean square norm of the measurements
  Vector<double> mu_, slack_, slack_projected_;
};

}  // namespace tacit::detail
