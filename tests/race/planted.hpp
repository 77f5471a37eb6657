// SPDX-License-Identifier: MIT
#pragma once
// Problems of which everything is known: f = 1/2 sum_i lambda_i theta_i^2 from theta = 1, and optimizers that ask for known work.

#include <tacit/loss/squares.hpp>
#include <tacit/observation/features.hpp>
#include <tacit/optimizer/any_optimizer.hpp>
#include <tacit/optimizer/learning_rate.hpp>
#include <tacit/problem.hpp>
#include <tacit/race/run.hpp>

namespace planted {

using namespace tacit;

/// The Hessian of the mean of squares of two samples is diag(lambda). Seeds change nothing.
inline RaceProblem quadratic(std::string name, double first, double second) {
  return {std::move(name), [first, second](std::uint64_t) {
            Matrix<double> X = Matrix<double>::Zero(2, 2);
            X(0, 0) = std::sqrt(first);
            X(1, 1) = std::sqrt(second);
            const Matrix<double> y = Matrix<double>::Zero(2, 1);
            return RaceInstance{AnyProblem<double>(Problem(DeepMatrix<double>({2, 1}), regression_data(X, y), MeanSquares{})),
                                Vector<double>::Ones(2)};
          }};
}
inline RaceProblem quadratic() { return quadratic("quadratic", 1, 1); }

/// Draws the gradient, and asks for so many values and Hessian-vector products beside it. From iteration `turns` on it climbs.
struct Asking {
  using stage = SourceTag;
  static constexpr std::string_view name = "Asking";
  Index values = 0, products = 0, turns = 1000000;

  template <class Archive>
  void persist(Archive& archive) {
    archive("values", values);
    archive("products", products);
    archive("turns", turns);
  }
  struct State {
    template <class Archive>
    void persist(Archive&) {}
  };
  template <class P>
  State start(const P&) const {
    return {};
  }
  template <class P, Scalar S>
  void draw(const P& problem, typename P::Workspace& ws, Step<S>& step, State&) const {
    Vector<S> hv(step.theta.size());
    step.evaluate(problem, ws);
    for (Index k = 0; k < products; ++k) problem.hessian_times_linearized(step.theta, step.theta, ws, hv);
    for (Index k = 0; k < values; ++k) problem.value(step.theta, ws);
    step.linearized = Linearized::nowhere;
    if (step.iteration >= turns) step.replace() = -1000 * step.gradient;
  }
};
inline AnyOptimizer<double> asking(double rate, Asking source = {}) { return any_optimizer<double>(source | LearningRate{rate}); }

}  // namespace planted
