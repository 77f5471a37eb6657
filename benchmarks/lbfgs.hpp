// SPDX-License-Identifier: MIT
#pragma once
// L-BFGS's directions as one would write them by hand on Eigen: lists of pairs, two loops of whole vectors, on gradients that cost next to nothing, so that
// what is measured is what a step does beside its gradients.

#include <tacit/core/layout.hpp>
#include <tacit/optimizer/lbfgs.hpp>
#include <tacit/train.hpp>

#include <algorithm>
#include <vector>

#include "measure.hpp"

namespace bench {

/// The quadratic sum a_k x_k^2 / 2: one pass for a gradient.
class Bowl {
 public:
  using scalar_type = double;
  struct Workspace {
    double gradients = 0, hessian_products = 0;
  };
  explicit Bowl(tacit::Index size) : a_(size) {
    layout_.add("x", {size});
    for (tacit::Index k = 0; k < size; ++k) a_[k] = 1 + static_cast<double>(k % 97) * 1e-3 + 1e-4 * static_cast<double>(k % 7);
  }
  Workspace workspace() const { return {}; }
  tacit::Index dimension() const { return layout_.parameter_count(); }
  const tacit::Layout& layout() const { return layout_; }
  tacit::Value<double> value_and_gradient(tacit::In<double> x, Workspace& ws, tacit::Out<double> g) const {
    ++ws.gradients;
    g = a_.cwiseProduct(x);
    const double f = g.dot(x) / 2;
    return {f, f};
  }

 private:
  tacit::Layout layout_;
  tacit::Vector<double> a_;
};

/// Two loops over m pairs, the step of length one, and the new pair; all pairs exist already, so that every call does the same work.
class PlainTwoLoops {
 public:
  PlainTwoLoops(const Bowl& bowl, tacit::Index m)
      : bowl_(bowl), x_(tacit::Vector<double>::Ones(bowl.dimension())), g_(x_), last_x_(x_), last_g_(x_), d_(x_) {
    for (tacit::Index k = 0; k < m; ++k) s_.push_back(x_ * (1 + 0.1 * static_cast<double>(k))), y_.push_back(s_.back());
    a_.resize(static_cast<std::size_t>(m));
    rho_.assign(static_cast<std::size_t>(m), 1 / s_.back().squaredNorm());
    bowl_.value_and_gradient(x_, ws_, g_);
  }
  void step() {
    const std::size_t m = s_.size();
    d_ = -g_;
    for (std::size_t k = m; k-- > 0;) {
      a_[k] = rho_[k] * s_[k].dot(d_);
      d_ -= a_[k] * y_[k];
    }
    d_ *= 1 / (rho_.back() * y_.back().squaredNorm());
    for (std::size_t k = 0; k < m; ++k) {
      const double b = rho_[k] * y_[k].dot(d_);
      d_ += (a_[k] - b) * s_[k];
    }
    last_x_ = x_;
    last_g_ = g_;
    x_ += d_;
    value_ = bowl_.value_and_gradient(x_, ws_, g_).loss;
    std::rotate(s_.begin(), s_.begin() + 1, s_.end());  // of pointers: vectors are moved
    std::rotate(y_.begin(), y_.begin() + 1, y_.end());
    std::rotate(rho_.begin(), rho_.begin() + 1, rho_.end());
    s_.back() = x_ - last_x_;
    y_.back() = g_ - last_g_;
    rho_.back() = 1 / std::max(1e-300, y_.back().dot(s_.back()));
    if (!(g_.squaredNorm() > 1e-20)) x_.setOnes(), bowl_.value_and_gradient(x_, ws_, g_);
  }

 private:
  const Bowl& bowl_;
  Bowl::Workspace ws_;
  tacit::Vector<double> x_, g_, last_x_, last_g_, d_;
  std::vector<tacit::Vector<double>> s_, y_;
  std::vector<double> a_, rho_;
  volatile double value_ = 0;
};

/// Steps of ours, of m pairs from the first one counted; the chain is driven as a run does it, without hooks.
class OurTwoLoops {
 public:
  using Chain = decltype(tacit::FullGradient{} | tacit::LBFGSDirection{} | tacit::StrongWolfe{});
  OurTwoLoops(const Bowl& bowl, tacit::Index m)
      : bowl_(bowl),
        chain_(tacit::FullGradient{} | tacit::LBFGSDirection{.memory = m, .gradient_tolerance = 0, .change_tolerance = 0, .curvature = 0} |
               tacit::StrongWolfe{}),
        state_(chain_.start(bowl)), step_(bowl.dimension()), next_(bowl.dimension()) {
    step_.theta.setOnes();
    for (tacit::Index k = 0; k < m + 3; ++k) step();
    std::get<0>(state_.stages).pairs = m;
  }
  void step() {
    chain_.step(bowl_, ws_, step_, state_);
    if (step_.stalled || !(step_.gradient.squaredNorm() > 1e-20)) return step_.theta.setOnes(), void();
    step_.apply(next_);
    step_.theta.swap(next_);
  }
  double gradients() const { return ws_.gradients; }

 private:
  const Bowl& bowl_;
  Chain chain_;
  decltype(std::declval<const Chain&>().start(std::declval<const Bowl&>())) state_;
  Bowl::Workspace ws_;
  tacit::Step<double> step_;
  tacit::Vector<double> next_;
};

struct TwoLoopFigures {
  Figures figures;
  double gradients_a_step = 0;
};
/// Microseconds a step beside the gradients, ours and by hand.
inline TwoLoopFigures two_loops(tacit::Index size, tacit::Index m) {
  const Bowl bowl(size);
  OurTwoLoops ours(bowl, m);
  PlainTwoLoops plain(bowl, m);
  long steps = 0;
  const double before = ours.gradients();
  const auto run = in_turns(
      [&](long k) {
        for (steps += k; k > 0; --k) ours.step();
      },
      [&](long k) {
        for (; k > 0; --k) plain.step();
      });
  const double each = (ours.gradients() - before) / static_cast<double>(steps);
  Bowl::Workspace ws;
  tacit::Vector<double> x = tacit::Vector<double>::Ones(size), g = x;
  const double gradient = alone([&](long k) {
    for (; k > 0; --k) bowl.value_and_gradient(x, ws, g);
  });
  return {{run.ours_us - each * gradient, run.theirs_us - gradient}, each};
}

}  // namespace bench
