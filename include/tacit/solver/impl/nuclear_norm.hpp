// SPDX-License-Identifier: MIT
#pragma once
// The iteration of nuclear_norm.hpp: Douglas-Rachford splitting, and the certificates.

#include <cmath>
#include <utility>

#include "../../core/compiled.hpp"
#include "../constraint.hpp"
#include "../nuclear_norm.hpp"
#include "../spectral.hpp"

namespace tacit {

namespace detail {

/// Norm and dual norm of the two problems.
struct NuclearProblem {
  using Shrink = SingularShrink;
  static constexpr bool symmetric = false;
  static constexpr const char *norm_name = "nuclear norm", *function = "minimum_nuclear_norm";
  static double dual_norm(const Matrix<double>& M) { return spectral_norm_bound(M); }
};
struct TraceProblem {
  using Shrink = EigenShrink;
  static constexpr bool symmetric = true;
  static constexpr const char *norm_name = "trace (positive semidefinite)", *function = "minimum_trace_psd";
  static double dual_norm(const Matrix<double>& M) {  // lambda_max; not positive where no feasible matrix exists
    const EigenSolver eigen(M, Eigen::EigenvaluesOnly);
    return eigen.eigenvalues().maxCoeff() + 1e-12 * eigen.eigenvalues().cwiseAbs().maxCoeff();
  }
};

template <class Problem, class Constraint>
class MinimumNormSolver {
 public:
  MinimumNormSolver(Constraint& constraint, const MinimumNormSettings& settings) : constraint_(constraint), settings_(settings) {}

  MinimumNorm solve() {
    const Vector<double>& y = constraint_.targets().y;
    best_.lambda = Vector<double>::Zero(y.size());
    best_.X = Matrix<double>::Zero(constraint_.rows(), constraint_.cols());
    if (constraint_.targets().nearest(Vector<double>::Zero(y.size())).norm() == 0) {  // the zero matrix is feasible
      best_.reason = MinimumNorm::Reason::converged;
      return best_;
    }
    S_ = best_.X;
    constraint_.project(S_, Y_);
    scale_ = Y_.norm();
    require(scale_ > 0, Problem::function, ": no matrix meets the constraints, the measurements are blind to the targets");
    tau_ = 0.5 * spectral_norm_bound(Y_);
    S_ = 0.5 * Y_;  // the multipliers of the least-squares solution, scaled to be dual feasible, as the first guess
    Budget budget(settings_.seconds, settings_.pace);
    const auto n1 = static_cast<double>(constraint_.rows()), n2 = static_cast<double>(constraint_.cols()), side = std::min(n1, n2);
    for (Index next_adapt = 10, next_check = 20;;) {
      iterate();
      budget.spend((2 * n1 * n2 + 5 * side * side) * side);
      const bool last = budget.over() || best_.iterations == settings_.iterations;
      if (last || (best_.iterations >= next_check && promising()) || best_.iterations >= 4 * next_check) {
        if (certify()) return best_;
        next_check = best_.iterations + std::max<Index>(10, best_.iterations / 8);
      }
      if (last) return best_;
      advance();
      if (best_.iterations < next_adapt) continue;
      adapt();
      next_adapt = best_.iterations + std::max<Index>(10, best_.iterations / 4);
    }
  }

 private:
  static constexpr double over_relaxation = 1.8;

  void iterate() {
    std::swap(Y_, previous_);
    constraint_.project(S_, Y_);
    norm_ = shrink_(Matrix<double>(2 * Y_ - S_), tau_, X_);
    ++best_.iterations;
  }
  void advance() {
    S_ += over_relaxation * (X_ - Y_);
    constraint_.relax(over_relaxation);
  }
  /// tau so that ||X - Y|| / ||Y|| stays at five times ||change of Y|| / ||Y - S||: of the targets 0.1 ... 3 tried over shapes, densities and
  /// measurements the one without a bad case, and 1.3 times faster than balance.
  void adapt() {
    const double primal = (X_ - Y_).norm() / std::max(X_.norm(), Y_.norm()), dual = (Y_ - previous_).norm() / (Y_ - S_).norm();
    if (!(primal > 0 && dual > 0)) return;
    const double factor = std::clamp(std::sqrt(0.2 * dual / primal), 0.2, 5.0);
    if (factor > 1 / 1.1 && factor < 1.1) return;
    tau_ *= factor;
    constraint_.project(S_, Y_);
    S_ = Y_ + factor * (S_ - Y_);
    constraint_.rescale(factor);
  }
  /// Whether a certificate may pass, at a fraction of its cost: ||X||_* with a guess of what the rest Y - X adds to it, against the value of
  /// lambda divided by a lower bound of ||A*(lambda)||_2 from power iteration. A wrong guess costs time, never the certificate's truth.
  bool promising() {
    const Vector<double> lambda = constraint_.multipliers() / tau_;
    double norm = norm_, size = 1;
    if constexpr (Problem::symmetric) {
      const Vector<double> z = constraint_.measure(X_);
      if ((z - constraint_.targets().nearest(z)).norm() > settings_.residual * constraint_.targets().y.norm()) return false;
    } else {
      norm += 0.3 * std::sqrt(static_cast<double>(std::min(X_.rows(), X_.cols()))) * (X_ - Y_).norm();
      if (direction_.size() == 0) direction_ = Vector<double>::LinSpaced(X_.cols(), 1, 2);
      for (int step = 0; step < 5; ++step) {
        const Vector<double> image = (Y_ - S_) * direction_.normalized();
        size = std::max(1.0, image.norm() / tau_);
        direction_ = (Y_ - S_).transpose() * image;
      }
    }
    return std::abs(norm - constraint_.targets().lowest(lambda) / size) <= settings_.gap * norm_;
  }
  bool certify() {
    improve_dual();
    MinimumNorm now;
    now.X = Problem::symmetric ? X_ : constraint_.repaired(Y_);
    now.norm = Problem::symmetric ? X_.trace() : nuclear_norm_bound(now.X);
    measure(now);
    if (certified_) measure(best_);
    if (!certified_ || merit(now) < merit(best_)) {
      std::swap(best_.X, now.X);
      best_.norm = now.norm;
      measure(best_);
    }
    certified_ = true;
    if (merit(best_) <= 1) best_.reason = MinimumNorm::Reason::converged;
    return merit(best_) <= 1;
  }
  /// Any vector of multipliers, divided by the dual norm of its image, bounds every feasible norm from below. Two are tried: the present one,
  /// and its change, which on contradicting constraints tends to a proof of that: a positive value with an image that vanishes (PSD: that has
  /// no positive part), and then the bound has no limit.
  void improve_dual() {
    const Vector<double> lambda = constraint_.multipliers() / tau_;
    try_dual(lambda);
    if (earlier_.size()) try_dual(lambda - earlier_);
    earlier_ = lambda;
  }
  void try_dual(Vector<double> lambda) {
    const double length = lambda.norm();
    if (!(length > 0)) return;
    lambda /= length;  // a change may be as small as numbers get; its Gram matrix would vanish
    Matrix<double> image;
    constraint_.adjoint(lambda, image);
    const double value = constraint_.targets().lowest(lambda), size = Problem::dual_norm(image);
    require(value <= 0 || size * 1e7 * scale_ > value, Problem::function, ": no ", Problem::symmetric ? "positive semidefinite " : "",
            "matrix of any reasonable size meets the constraints; the multipliers prove that its norm would be at least ",
            size > 0 ? value / size : INFINITY);
    if (value <= 0 || value <= best_.lower * size) return;
    best_.lambda = lambda / size;
    best_.lower = value / size;
  }
  void measure(MinimumNorm& result) const {
    const Vector<double> z = constraint_.measure(result.X), off = z - constraint_.targets().nearest(z);
    const double hidden = best_.lambda.dot(off);
    result.residual = off.norm() / constraint_.targets().y.norm();
    result.gap = result.norm > 0 ? (std::max(result.norm - best_.lower - hidden, 0.0) + std::abs(hidden)) / result.norm : INFINITY;
  }
  double merit(const MinimumNorm& result) const { return std::max(result.gap / settings_.gap, result.residual / settings_.residual); }

  Constraint& constraint_;
  const MinimumNormSettings& settings_;
  typename Problem::Shrink shrink_;
  Matrix<double> S_, X_, Y_, previous_;
  Vector<double> direction_;  // of power iteration, from one look to the next
  Vector<double> earlier_;    // lambda at the last certificate
  double tau_ = 1, norm_ = 0, scale_ = 1;
  bool certified_ = false;
  MinimumNorm best_;
};

template <class Problem, Scalar S, class O>
MinimumNorm minimum_norm(const Data<S, O>& data, const MinimumNormSettings& settings) {
  const char* who = Problem::function;
  require(settings.box >= 0 && settings.noise >= 0, who, ": .box is ", settings.box, " and .noise ", settings.noise,
          ", neither may be negative");
  require(settings.box == 0 || settings.noise == 0, who, ": .box and .noise are both given; choose one kind of tolerance");
  require(settings.gap > 0 && settings.residual > 0, who, ": .gap is ", settings.gap, " and .residual ", settings.residual,
          ", both need to be positive");
  require(settings.iterations > 0, who, ": .iterations is ", settings.iterations);
  require(data.weight.size() == 0, who, ": the data carry weights, which constraints do not have; leave them out");
  require(data.count() > 0, who, ": there are no observations, every matrix agrees with the data");
  const Index rows = data.where.rows(), cols = data.where.cols();
  require(!Problem::symmetric || rows == cols, who, ": the matrix is ", rows, " x ", cols, ", only a square one can be symmetric");
  Shape{rows, cols}.require_dense(who);
  using Constraint = std::conditional_t<std::is_same_v<O, LinearMap<S>>, MeasuredConstraint<S>, EntryConstraint>;
  Constraint constraint(data, settings.box, settings.noise, Problem::symmetric);
  MinimumNorm result = MinimumNormSolver<Problem, Constraint>(constraint, settings).solve();
  result.problem = sentence(Problem::norm_name, " of a ", rows, " x ", cols, " matrix under ", data.count(), " observations",
                            settings.box > 0     ? sentence(", each to +-", settings.box)
                            : settings.noise > 0 ? sentence(" to ", settings.noise, " in all")
                                                 : "");
  return result;
}

#ifdef TACIT_COMPILING  // what else is asked for needs this file included
template MinimumNorm minimum_norm<NuclearProblem>(const Data<double, Entries>&, const MinimumNormSettings&);
template MinimumNorm minimum_norm<NuclearProblem>(const Data<double, AllEntries>&, const MinimumNormSettings&);
template MinimumNorm minimum_norm<NuclearProblem>(const Data<double, LinearMap<double>>&, const MinimumNormSettings&);
template MinimumNorm minimum_norm<NuclearProblem>(const Data<float, Entries>&, const MinimumNormSettings&);
template MinimumNorm minimum_norm<NuclearProblem>(const Data<float, AllEntries>&, const MinimumNormSettings&);
template MinimumNorm minimum_norm<NuclearProblem>(const Data<float, LinearMap<float>>&, const MinimumNormSettings&);
template MinimumNorm minimum_norm<TraceProblem>(const Data<double, Entries>&, const MinimumNormSettings&);
template MinimumNorm minimum_norm<TraceProblem>(const Data<double, AllEntries>&, const MinimumNormSettings&);
template MinimumNorm minimum_norm<TraceProblem>(const Data<double, LinearMap<double>>&, const MinimumNormSettings&);
template MinimumNorm minimum_norm<TraceProblem>(const Data<float, Entries>&, const MinimumNormSettings&);
template MinimumNorm minimum_norm<TraceProblem>(const Data<float, AllEntries>&, const MinimumNormSettings&);
template MinimumNorm minimum_norm<TraceProblem>(const Data<float, LinearMap<float>>&, const MinimumNormSettings&);
#endif

}  // namespace detail

}  // namespace tacit
