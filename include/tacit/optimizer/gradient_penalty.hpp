// SPDX-License-Identifier: MIT
#pragma once
// Descends the gradient-regularized objective  L(theta) + lambda/2 |grad L(theta)|^2, whose gradient is  g + lambda H g, in three forms:
//   exact      g + lambda H g,                                    by the Hessian-vector product (double backpropagation)
//   forward    g + (lambda/epsilon) (g(theta + epsilon g) - g)    = (1 - lambda/epsilon) g + (lambda/epsilon) g(theta + epsilon g)
//   backward   g + (lambda/epsilon) (g - g(theta - epsilon g))
// Both differences tend to the exact form linearly in epsilon; forward with epsilon = lambda is un-normalised SAM (sharpness_aware.hpp) to
// the last bit.
//                                     [Barrett & Dherin 2021, explicit regularization, mu = lambda/2; Karakida et al. 2023: DB, F-GR, B-GR]
// With .penalised = PenalisedNorm::plain the penalty is lambda |grad L|: H g / |g| in place of H g, and the differences go along g / |g|.
// The loss and gradient that hooks see are those of L. One step costs one gradient, and a Hessian-vector product (about three gradients in
// all) or a second gradient.

#include "learning_rate.hpp"
#include "required.hpp"

namespace tacit {

enum class PenaltyForm { exact, forward, backward };
template <>
inline constexpr std::array names_of<PenaltyForm>{"exact", "forward", "backward"};
/// Half the square of |grad L|, or |grad L| itself.
enum class PenalisedNorm { half_square, plain };
template <>
inline constexpr std::array names_of<PenalisedNorm>{"half_square", "plain"};

struct GradientPenalty {
  using stage = SourceTag;
  static constexpr std::string_view name = "GradientPenalty";
  double lambda;
  PenaltyForm form = PenaltyForm::exact;
  double epsilon = 0.01;  ///< of the differences
  PenalisedNorm penalised = PenalisedNorm::half_square;

  template <class Archive>
  void persist(Archive& archive) {
    archive("lambda", lambda);
    archive("form", form);
    archive("epsilon", epsilon);
    archive("penalised", penalised);
  }

  template <Scalar S>
  struct State {
    Vector<S> other;  ///< H g, or the displaced gradient
    Vector<S> displaced;
    template <class Archive>
    void persist(Archive&) {}  // recomputed at every step
  };
  template <class P>
  auto start(const P& problem) const {
    using S = typename P::scalar_type;
    require(std::isfinite(lambda), "GradientPenalty: .lambda is ", lambda);
    require(form == PenaltyForm::exact || (std::isfinite(epsilon) && epsilon > 0), "GradientPenalty: .epsilon is ", epsilon,
            ", it needs to be positive and finite");
    require(form != PenaltyForm::exact || detail::offers_hessian_products(problem),
            "GradientPenalty: .form is exact, which needs Hessian-vector products; this problem has none, take forward or backward");
    return State<S>{Vector<S>(problem.dimension()), Vector<S>(problem.dimension())};
  }
  template <class P, Scalar S>
  void draw(const P& problem, typename P::Workspace& ws, Step<S>& step, State<S>& state) const {
    step.evaluate(problem, ws);
    const S norm = penalised == PenalisedNorm::plain ? step.gradient.norm() : S(1);
    if (norm == 0) return;  // nothing is penalised at a stationary point
    if (form == PenaltyForm::exact) {
      if constexpr (detail::has_hessian_products<P>) {  // start() has seen to it
        step.hessian_times(problem, ws, step.gradient, state.other);
        step.replace() = step.gradient + (static_cast<S>(lambda) / norm) * state.other;
      }
      return;
    }
    const S sign = form == PenaltyForm::forward ? S(1) : S(-1), ratio = static_cast<S>(lambda / epsilon);
    state.displaced = step.theta + (sign * static_cast<S>(epsilon) / norm) * step.gradient;
    problem.value_and_gradient(state.displaced, ws, state.other);
    step.linearized = Linearized::nowhere;
    step.replace() = (S(1) - sign * ratio) * step.gradient + (sign * ratio) * state.other;
  }
};

}  // namespace tacit
