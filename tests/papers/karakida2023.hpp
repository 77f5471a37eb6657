// SPDX-License-Identifier: MIT
#pragma once
// Karakida, Takase, Hayase, Osawa 2023, Understanding Gradient Regularization in Deep Learning: the experiments of the acceptance list, shared by tests and
// paper checks.

#include <tacit/model/diagonal_net.hpp>
#include <tacit/optimizer/flooding.hpp>
#include <tacit/optimizer/gradient_penalty.hpp>
#include <tacit/optimizer/sharpness_aware.hpp>
#include <tacit/tacit.hpp>

#include "gradient_regularized.hpp"

namespace karakida2023 {

using namespace tacit;
using namespace gradient_regularized_nets;

/// The smallest coordinate of sqrt(|u v|) after full-batch training at alpha = 0.5, to a loss of rounding.
inline double smallest_scale(const GradientPenalty& penalty, std::uint64_t seed) {
  const auto problem = sparse_regression({.size = 20, .observed = 10, .nonzero = 3, .seed = seed});
  Vector<double> theta = Vector<double>::Constant(40, 0.5);
  const auto outcome =
      train(problem, theta, penalty | LearningRate{1e-2}, {.iterations = 40'000}, every(100, stop_when(loss_below(1e-24))));
  require(outcome.loss < 1e-20, "smallest_scale: trained to a loss of ", outcome.loss, ", which is not rounding");
  return coordinate_scales(theta).minCoeff();
}

/// How far sqrt(|u v|) is from alpha exp(-gamma sum rate G G'), the largest relative error over the coordinates, over a fixed time of
/// descent.
/// G is the gradient in x = u^2 - v^2 (up to the factor that the loss has), G' the same at theta + epsilon grad L.
inline double scale_identity_error(double rate, double gamma, double epsilon, double sign, std::uint64_t seed) {
  const double alpha = 0.5;
  const auto problem = sparse_regression({.size = 20, .observed = 10, .nonzero = 3, .seed = seed});
  auto ws = problem.workspace();
  Vector<double> theta = Vector<double>::Constant(40, alpha), g(40), other(40), sum = Vector<double>::Zero(20);
  train(problem, theta, GradientPenalty{.lambda = gamma, .form = PenaltyForm::forward, .epsilon = epsilon} | LearningRate{rate},
        {.iterations = std::lround(10 / rate)}, every(1, [&](const auto& now) {
          if (now.closing()) return;
          problem.value_and_gradient(now.theta(), ws, g);
          const Vector<double> uphill = now.theta() + epsilon * g;
          problem.value_and_gradient(uphill, ws, other);
          sum.array() += rate * (g.array() / now.theta().array()).head(20) * (other.array() / uphill.array()).head(20);
        }));
  const Vector<double> predicted = alpha * (-sign * gamma * sum.array()).exp(), found = coordinate_scales(theta);
  return (found.array() / predicted.array() - 1).abs().maxCoeff();
}

/// A point of a deep matrix at which gradient and Hessian have no special structure.
inline auto deep_problem() {
  const auto seen = low_rank_completion({.rows = 6, .cols = 5, .rank = 2, .observed = 18, .seed = 4}).seen;
  return Problem(DeepMatrix<double>({5, 4, 6}), seen, MeanSquares{});
}
template <class Source>
Vector<double> drawn_direction(const Source& source, const Vector<double>& theta) {
  const auto problem = deep_problem();
  auto ws = problem.workspace();
  Step<double> step(theta.size());
  step.theta = theta;
  step.begin();
  auto state = source.start(problem);
  source.draw(problem, ws, step, state);
  return step.factor() * step.direction();
}
inline Vector<double> deep_point() { return deep_problem().model().near_zero({.entry_std = 0.5, .seed = 3}); }
inline double deep_loss(const Vector<double>& theta) {
  const auto problem = deep_problem();
  auto ws = problem.workspace();
  return problem.value(theta, ws).loss;
}
/// Two steps of flooding from theta; level is between the losses that make it turn in between.
inline Vector<double> flooding_pair(double rate, bool ascent_first) {
  const auto problem = deep_problem();
  const Vector<double> start = deep_point(), g = drawn_direction(FullGradient{}, start);
  const double here = deep_loss(start), there = deep_loss(start + (ascent_first ? rate : -rate) * g);
  Vector<double> theta = start;
  train(problem, theta, flooding({.rate = rate, .level = (here + there) / 2}), {.iterations = 2});
  return theta;
}
/// (direction of the penalty - g) / gamma.
inline Vector<double> penalty_direction(PenaltyForm form, double epsilon) {
  const double gamma = 1;
  return (drawn_direction(GradientPenalty{.lambda = gamma, .form = form, .epsilon = epsilon}, deep_point()) -
          drawn_direction(FullGradient{}, deep_point())) /
         gamma;
}

/// Item 1, in the order of the acceptance line: B(0.2), B(0.1), B(0.05), exact, F(0.05), F(0.1), F(0.2), at gamma = 0.1; and without a penalty, with its
/// distance from another epsilon.
struct SmallestScales {
  std::vector<double> in_order;
  double without, epsilon_changes;
};
inline SmallestScales smallest_scales(std::uint64_t seed) {
  const auto scale = [&](PenaltyForm form, double epsilon, double gamma = 0.1) {
    return smallest_scale({.lambda = gamma, .form = form, .epsilon = epsilon}, seed);
  };
  return {
      {scale(PenaltyForm::backward, 0.2), scale(PenaltyForm::backward, 0.1), scale(PenaltyForm::backward, 0.05),
       scale(PenaltyForm::exact, 1), scale(PenaltyForm::forward, 0.05), scale(PenaltyForm::forward, 0.1), scale(PenaltyForm::forward, 0.2)},
      scale(PenaltyForm::forward, 0.2, 0),
      std::abs(scale(PenaltyForm::forward, 0.2, 0) - scale(PenaltyForm::backward, 0.2, 0))};
}
/// Item 3: the largest difference of forward with gamma = 0.05 and this epsilon from un-normalised SAM of radius 0.05.
inline double distance_from_sam(double epsilon) {
  const Vector<double> theta = deep_point();
  return (drawn_direction(GradientPenalty{.lambda = 0.05, .form = PenaltyForm::forward, .epsilon = epsilon}, theta) -
          drawn_direction(SharpnessAware{.rho = 0.05, .normalised = false}, theta))
      .cwiseAbs()
      .maxCoeff();
}
inline double distance_from_exact(PenaltyForm form, double epsilon) {
  return (penalty_direction(form, epsilon) - penalty_direction(PenaltyForm::exact, 1)).norm();
}
/// Item 4: the largest differences of a pair of flooding steps, up then down and down then up, from theta - eta^2 times the penalty's direction by
/// differences of length eta; of the first from the direction of the other form, and from theta.
struct FloodingPair {
  double up_down, down_up, other_form, moved;
};
inline FloodingPair flooding_error(double eta) {
  const Vector<double> theta = deep_point(), pair = flooding_pair(eta, true);
  const auto step = [&](PenaltyForm form) -> Vector<double> { return theta - eta * eta * penalty_direction(form, eta); };
  return {(pair - step(PenaltyForm::forward)).cwiseAbs().maxCoeff(),
          (flooding_pair(eta, false) - step(PenaltyForm::backward)).cwiseAbs().maxCoeff(),
          (pair - step(PenaltyForm::backward)).cwiseAbs().maxCoeff(), (pair - theta).cwiseAbs().maxCoeff()};
}
/// Item 5, short: the geometric mean of the effective alpha without a penalty, and under B(0.02), F(0.001), F(0.05) at gamma = 0.05.
inline std::vector<double> mean_scales(Index steps, std::uint64_t seed) {
  const auto scale = [&](double gamma, PenaltyForm form, double epsilon) {
    return descended({.lambda = gamma, .form = form, .epsilon = epsilon}, steps, seed).scale;
  };
  return {scale(0, PenaltyForm::forward, 0.05), scale(0.05, PenaltyForm::backward, 0.02), scale(0.05, PenaltyForm::forward, 0.001),
          scale(0.05, PenaltyForm::forward, 0.05)};
}

}  // namespace karakida2023
