// SPDX-License-Identifier: MIT
#pragma once
// A hook for descent on a diagonal net x = u^2 - v^2, with batches or without, whatever the size of the steps: what the run implicitly minimises.
// Where every step is  u <- (1 - r) u,  v <- (1 + r) v,  entrywise (r = 2 eta grad L(x), in the row space of A), the end of the run is the
// Bregman projection of
//   origin = alpha_+^2 - alpha_-^2     onto the x that fit the data, under the hyperbolic entropy of scale     alpha_inf^2 = alpha_+ alpha_-,
//   alpha_+^2 = u_0^2 exp(-sum_k q(r_k)),   alpha_-^2 = v_0^2 exp(-sum_k q(-r_k)),   q(r) = -2 r - ln (1 - r)^2,            [Even et al. 2023]
// exactly:  dual = (1/2) [asinh(x / (2 alpha_inf^2)) - asinh(origin / (2 alpha_inf^2))] = -sum_k r_k  is in the row space of A.
// Gradient flow keeps alpha_inf = alpha, the start u = v = alpha; steps with |r| < sqrt 2 shrink it, by |1 - r^2|^(1/2).
//
//   HyperbolicEntropy entropy;     train(problem, theta, on_batches({.size = 1}, FullGradient{}) | LearningRate{0.2}, {...}, entropy);
//   entropy.scale()      entropy.origin()      entropy.dual()
//
// It reads r_k off the thetas of consecutive calls, so it needs every iteration, and a step of this form: descent, without momentum or
// decay. A step that makes an entry of u or v zero ends the identity; that entry's scale is then 0. O(d) a call.

#include <cmath>

#include "../model/diagonal_net.hpp"
#include "snapshot.hpp"

namespace tacit {

class HyperbolicEntropy {
 public:
  void operator()(const auto& now) {
    using S = typename std::decay_t<decltype(now)>::scalar_type;
    static_assert(std::same_as<std::decay_t<decltype(now.model())>, DiagonalNet<S>>, "HyperbolicEntropy: watches runs of a DiagonalNet");
    require(now.model().depth() == 2, "HyperbolicEntropy: the depth of the net is ", now.model().depth(),
            ", the identity is one of depth 2");
    const Vector<double> theta = now.theta().template cast<double>();
    const Index d = theta.size() / 2;
    if (last_.size() == 0) {
      start_ = theta;
      sum_ = q_plus_ = q_minus_ = Vector<double>::Zero(d);
    } else {
      if (now.iteration() == iteration_) return;  // the closing Snapshot of a theta that was shown before
      require(now.iteration() == iteration_ + 1, "HyperbolicEntropy: called at iteration ", now.iteration(), " after ", iteration_,
              ", it needs every iteration");
      require(theta.size() == last_.size(), "HyperbolicEntropy: theta has ", theta.size(), " entries, the run before ", last_.size());
      for (Index i = 0; i < d; ++i) {
        const double r = (theta[d + i] / last_[d + i] - theta[i] / last_[i]) / 2;
        sum_[i] += r;
        q_plus_[i] += q(r);
        q_minus_[i] += q(-r);
      }
    }
    last_ = theta;
    iteration_ = now.iteration();
  }

  /// alpha_inf, entry by entry.
  Vector<double> scale() const {
    require_started();
    return (start_.head(sum_.size()).cwiseProduct(start_.tail(sum_.size())).array().abs() * (-(q_plus_ + q_minus_) / 2).array().exp())
        .sqrt();
  }
  Vector<double> origin() const {
    require_started();
    return start_.head(sum_.size()).array().square() * (-q_plus_).array().exp() -
           start_.tail(sum_.size()).array().square() * (-q_minus_).array().exp();
  }
  /// x at the theta of the last call.
  Vector<double> x() const {
    require_started();
    return last_.head(sum_.size()).cwiseAbs2() - last_.tail(sum_.size()).cwiseAbs2();
  }
  /// (1/2) [asinh(x / (2 alpha_inf^2)) - asinh(origin / (2 alpha_inf^2))] at that x.
  Vector<double> dual() const {
    const Vector<double> squares = 2 * scale().cwiseAbs2(), from = origin(), to = x();
    Vector<double> out(to.size());
    for (Index i = 0; i < to.size(); ++i) out[i] = (std::asinh(to[i] / squares[i]) - std::asinh(from[i] / squares[i])) / 2;
    return out;
  }
  /// sum_k r_k.
  const Vector<double>& sum() const { return require_started(), sum_; }

  template <class Archive>
  void persist(Archive& archive) {
    archive("start", start_);
    archive("last", last_);
    archive("sum", sum_);
    archive("q_plus", q_plus_);
    archive("q_minus", q_minus_);
    archive("iteration", iteration_);
  }

 private:
  static double q(double r) { return -2 * r - 2 * std::log(std::abs(1 - r)); }
  void require_started() const { require(last_.size() > 0, "HyperbolicEntropy: it was not called yet"); }

  Vector<double> start_, last_, sum_, q_plus_, q_minus_;
  Index iteration_ = 0;
};

}  // namespace tacit
