// SPDX-License-Identifier: MIT
#pragma once
// A hook: the sharpness, lambda_max of the Hessian, along a run, and its largest value so far. Along a gradient flow  2 / max S  is the
// step size above which
// descent leaves it.                                                                                                   [Fojtik et al. 2025]
// Each call improves the last eigenvector by the solver of analysis/sharpness.hpp to the tolerance: a gradient, a product, and one for each
// round.
//
//   LargestSharpness sharpest(problem, {.tolerance = 1e-8});
//   train(problem, theta, GradientFlow{...}, {...}, every(1, sharpest));     2 / sharpest.largest()

#include <limits>

#include "../analysis/sharpness.hpp"
#include "snapshot.hpp"

namespace tacit {

template <class P>
class LargestSharpness {
 public:
  using S = typename P::scalar_type;

  explicit LargestSharpness(const P& problem, SharpnessSettings settings = {})
      : settings_(settings), ws_(problem.workspace()), gradient_(problem.dimension()),
        start_(detail::random_direction<S>(problem.dimension(), settings.seed)) {
    require(settings.tolerance >= 0, "LargestSharpness: .tolerance is ", settings.tolerance, ", it needs to be 0 or more");
    require(settings.products >= 2, "LargestSharpness: .products is ", settings.products, ", it needs to be at least 2");
    start_ /= start_.norm();
    top_.x = start_;
  }

  void operator()(const auto& now) {
    const auto& problem = now.problem();
    problem.value_and_gradient(now.theta(), ws_, gradient_);
    top_.x += S(1e-3) * start_;  // an exact eigenvector of before may be orthogonal to the one that has overtaken it
    top_.improve([&](const Vector<S>& v, Vector<S>& hv) { problem.hessian_times_linearized(now.theta(), v, ws_, hv); }, settings_.tolerance,
                 settings_.products);
    if (top_.value > largest_) largest_ = top_.value, where_ = now.iteration();
  }

  /// At the last call.
  double last() const { return top_.value; }
  /// Over all calls, and the iteration at which it was reached.
  double largest() const { return largest_; }
  Index iteration_of_largest() const { return where_; }

  template <class Archive>
  void persist(Archive& archive) {
    archive("top", top_);
    archive("largest", largest_);
    archive("where", where_);
  }

 private:
  SharpnessSettings settings_;
  typename P::Workspace ws_;
  Vector<S> gradient_, start_;
  detail::TopEigenvector<S> top_;
  double largest_ = -std::numeric_limits<double>::infinity();
  Index where_ = 0;
};

}  // namespace tacit
