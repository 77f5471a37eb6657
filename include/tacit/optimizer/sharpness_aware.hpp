// SPDX-License-Identifier: MIT
#pragma once
// Sharpness-aware minimisation (SAM): the gradient at a point uphill of theta, with the step taken from theta,
//   SharpnessAware            u = g(theta + e),   e = rho g / (|g| + eps),  or  e = rho g  with .normalised = false          [Foret et al.
//   2021; davda54/sam has this eps]
//   AdaptiveSharpnessAware    e = rho T^2 g / (|T g| + eps),  T = |theta| + floor entrywise: ASAM      [Kwon et al. 2021; its authors leave
//   biases unscaled]
// One norm is taken over all blocks; the same batch is used twice. Un-normalised SAM is GradientPenalty's forward form with lambda =
// epsilon = rho.
// The loss and gradient that hooks see are those at theta. A step costs two gradients.

#include "learning_rate.hpp"
#include "required.hpp"

namespace tacit {

namespace detail {
template <Scalar S>
struct AscentState {
  Vector<S> displaced, gradient;
  template <class Archive>
  void persist(Archive&) {}  // recomputed at every step
};
/// The update is the gradient at state.displaced.
template <class P, Scalar S>
void take_displaced_gradient(const P& problem, typename P::Workspace& ws, Step<S>& step, AscentState<S>& state) {
  problem.value_and_gradient(state.displaced, ws, state.gradient);
  step.linearized = Linearized::nowhere;
  step.replace().swap(state.gradient);
}
}  // namespace detail

struct SharpnessAware {
  using stage = SourceTag;
  static constexpr std::string_view name = "SharpnessAware";
  double rho = 0.05;
  bool normalised = true;
  double eps = 1e-12;  ///< added to |g|; 0 as optax has it: no displacement then where g = 0

  template <class Archive>
  void persist(Archive& archive) {
    archive("rho", rho);
    archive("normalised", normalised);
    archive("eps", eps);
  }

  template <class P>
  auto start(const P& problem) const {
    using S = typename P::scalar_type;
    require(std::isfinite(rho) && rho >= 0, "SharpnessAware: .rho is ", rho, ", it needs to be 0 or more");
    require(std::isfinite(eps) && eps >= 0, "SharpnessAware: .eps is ", eps, ", it needs to be 0 or more");
    return detail::AscentState<S>{Vector<S>(problem.dimension()), Vector<S>(problem.dimension())};
  }
  template <class P, Scalar S>
  void draw(const P& problem, typename P::Workspace& ws, Step<S>& step, detail::AscentState<S>& state) const {
    step.evaluate(problem, ws);
    S length = static_cast<S>(rho);
    if (normalised) {
      const S norm = step.gradient.norm() + static_cast<S>(eps);
      length = norm > 0 ? length / norm : S(0);
    }
    state.displaced = step.theta + length * step.gradient;
    detail::take_displaced_gradient(problem, ws, step, state);
  }
};

struct AdaptiveSharpnessAware {
  using stage = SourceTag;
  static constexpr std::string_view name = "AdaptiveSharpnessAware";
  double rho = 0.5;
  double floor = 0.01;  ///< added to |theta|
  double eps = 1e-16;   ///< added to |T g|

  template <class Archive>
  void persist(Archive& archive) {
    archive("rho", rho);
    archive("floor", floor);
    archive("eps", eps);
  }

  template <class P>
  auto start(const P& problem) const {
    using S = typename P::scalar_type;
    require(std::isfinite(rho) && rho >= 0, "AdaptiveSharpnessAware: .rho is ", rho, ", it needs to be 0 or more");
    require(std::isfinite(floor) && floor >= 0, "AdaptiveSharpnessAware: .floor is ", floor, ", it needs to be 0 or more");
    require(std::isfinite(eps) && eps >= 0, "AdaptiveSharpnessAware: .eps is ", eps, ", it needs to be 0 or more");
    return detail::AscentState<S>{Vector<S>(problem.dimension()), Vector<S>(problem.dimension())};
  }
  template <class P, Scalar S>
  void draw(const P& problem, typename P::Workspace& ws, Step<S>& step, detail::AscentState<S>& state) const {
    step.evaluate(problem, ws);
    const auto T = step.theta.array().abs() + static_cast<S>(floor);
    state.displaced = (T * step.gradient.array()).matrix();
    const S norm = state.displaced.norm() + static_cast<S>(eps), length = norm > 0 ? static_cast<S>(rho) / norm : S(0);
    state.displaced.array() = step.theta.array() + length * (T * state.displaced.array());
    detail::take_displaced_gradient(problem, ws, step, state);
  }
};

struct SamSettings {
  Required<double> rate;
  double rho = 0.05;
  bool normalised = true;
};
/// SAM with gradient descent as the outer step.
inline auto sam(SamSettings o) { return SharpnessAware{.rho = o.rho, .normalised = o.normalised} | LearningRate{ConstantRate{o.rate}}; }

struct AsamSettings {
  Required<double> rate;
  double rho = 0.5, floor = 0.01;
};
/// ASAM with gradient descent as the outer step.
inline auto asam(AsamSettings o) { return AdaptiveSharpnessAware{.rho = o.rho, .floor = o.floor} | LearningRate{ConstantRate{o.rate}}; }

}  // namespace tacit
