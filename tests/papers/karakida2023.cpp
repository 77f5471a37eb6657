// SPDX-License-Identifier: MIT
// Karakida, Takase, Hayase, Osawa 2023, Understanding Gradient Regularization in Deep Learning: acceptance lines 1 to 4, and 5 at its short
// length. The table at full
// length is a check of examples/paper_checks/karakida2023.cpp.
#include <tacit/tacit.hpp>

#include <tacit/model/diagonal_net.hpp>
#include <tacit/optimizer/flooding.hpp>
#include <tacit/optimizer/gradient_penalty.hpp>
#include <tacit/optimizer/sharpness_aware.hpp>

#include "../../examples/paper_checks/gradient_regularized.hpp"
#include "catch.hpp"
#include "sanitized.hpp"

using namespace tacit;
using namespace gradient_regularized_nets;
using Catch::Matchers::WithinAbs;

namespace {

/// The smallest coordinate of sqrt(|u v|) after full-batch training at alpha = 0.5, to a loss of rounding.
double smallest_scale(const GradientPenalty& penalty, std::uint64_t seed) {
  const auto problem = sparse_regression({.size = 20, .observed = 10, .nonzero = 3, .seed = seed});
  Vector<double> theta = Vector<double>::Constant(40, 0.5);
  const auto outcome =
      train(problem, theta, penalty | LearningRate{1e-2}, {.iterations = 40'000}, every(100, stop_when(loss_below(1e-24))));
  CHECK(outcome.loss < 1e-20);
  return coordinate_scales(theta).minCoeff();
}

/// How far sqrt(|u v|) is from alpha exp(-gamma sum rate G G'), the largest relative error over the coordinates, over a fixed time of
/// descent.
/// G is the gradient in x = u^2 - v^2 (up to the factor that the loss has), G' the same at theta + epsilon grad L.
double scale_identity_error(double rate, double gamma, double epsilon, double sign, std::uint64_t seed) {
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
auto deep_problem() {
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
Vector<double> deep_point() { return deep_problem().model().near_zero({.entry_std = 0.5, .seed = 3}); }
double deep_loss(const Vector<double>& theta) {
  const auto problem = deep_problem();
  auto ws = problem.workspace();
  return problem.value(theta, ws).loss;
}
/// Two steps of flooding from theta; level is between the losses that make it turn in between.
Vector<double> flooding_pair(double rate, bool ascent_first) {
  const auto problem = deep_problem();
  const Vector<double> start = deep_point(), g = drawn_direction(FullGradient{}, start);
  const double here = deep_loss(start), there = deep_loss(start + (ascent_first ? rate : -rate) * g);
  Vector<double> theta = start;
  train(problem, theta, flooding({.rate = rate, .level = (here + there) / 2}), {.iterations = 2});
  return theta;
}
/// (direction of the penalty - g) / gamma.
Vector<double> penalty_direction(PenaltyForm form, double epsilon) {
  const double gamma = 1;
  return (drawn_direction(GradientPenalty{.lambda = gamma, .form = form, .epsilon = epsilon}, deep_point()) -
          drawn_direction(FullGradient{}, deep_point())) /
         gamma;
}

}  // namespace

// Item 1. The page's figures (0.4999 without a penalty, 0.4978 ... 0.4889) are of an instance that it does not give; on the four seeds the
// smallest coordinates
// without a penalty are 0.4992 to 0.4998, and the order is the same.
TEST_CASE("full batches: the smallest effective alpha is ordered B(0.2) > B(0.1) > B(0.05) > exact > F(0.05) > F(0.1) > F(0.2)") {
  for (std::uint64_t seed = 1; seed <= (sanitized ? 1u : 4u); ++seed) {
    CAPTURE(seed);
    const auto scale = [&](PenaltyForm form, double epsilon, double gamma = 0.1) {
      return smallest_scale({.lambda = gamma, .form = form, .epsilon = epsilon}, seed);
    };
    const std::vector<double> in_order{scale(PenaltyForm::backward, 0.2),  scale(PenaltyForm::backward, 0.1),
                                       scale(PenaltyForm::backward, 0.05), scale(PenaltyForm::exact, 1),
                                       scale(PenaltyForm::forward, 0.05),  scale(PenaltyForm::forward, 0.1),
                                       scale(PenaltyForm::forward, 0.2)};
    for (std::size_t k = 1; k < in_order.size(); ++k) CHECK(in_order[k] < in_order[k - 1] - 1e-5);
    // Negative control: without a penalty epsilon changes nothing, and nothing shrinks.
    CHECK(scale(PenaltyForm::forward, 0.2, 0) > in_order[0] + 1e-4);
    CHECK_THAT(scale(PenaltyForm::forward, 0.2, 0) - scale(PenaltyForm::backward, 0.2, 0), WithinAbs(0, 1e-12));
  }
}

// Item 2.
TEST_CASE("sqrt(u v) = alpha exp(-gamma integral G G') to 5e-3, and the error halves with the rate; with the sign changed it holds not") {
  for (std::uint64_t seed = 1; seed <= 3; ++seed) {
    CAPTURE(seed);
    const double coarse = scale_identity_error(1e-2, 0.1, 0.1, 1, seed), fine = scale_identity_error(5e-3, 0.1, 0.1, 1, seed);
    CHECK(coarse <= 5e-3);
    CHECK_THAT(coarse / fine, WithinAbs(2, 0.4));
    CHECK(scale_identity_error(5e-3, 0.1, 0.1, -1, seed) > 5e-3);
  }
}

// Item 3.
TEST_CASE("forward with gamma = epsilon is un-normalised SAM to 1e-14, and its distance to the exact form falls linearly with epsilon") {
  const Vector<double> theta = deep_point();
  CHECK((drawn_direction(GradientPenalty{.lambda = 0.05, .form = PenaltyForm::forward, .epsilon = 0.05}, theta) -
         drawn_direction(SharpnessAware{.rho = 0.05, .normalised = false}, theta))
            .cwiseAbs()
            .maxCoeff() <= 1e-14);
  CHECK((drawn_direction(GradientPenalty{.lambda = 0.05, .form = PenaltyForm::forward, .epsilon = 0.04}, theta) -
         drawn_direction(SharpnessAware{.rho = 0.05, .normalised = false}, theta))
            .cwiseAbs()
            .maxCoeff() > 1e-5);
  const Vector<double> exact = penalty_direction(PenaltyForm::exact, 1);
  for (const PenaltyForm form : {PenaltyForm::forward, PenaltyForm::backward}) {
    const auto off = [&](double epsilon) { return (penalty_direction(form, epsilon) - exact).norm(); };
    CHECK_THAT(off(1e-2) / off(1e-3), WithinAbs(10, 0.5));
    CHECK_THAT(off(1e-3) / off(1e-4), WithinAbs(10, 0.1));
  }
}

// Item 4.
TEST_CASE(
    "a pair of flooding steps is theta - eta^2 times the penalty's direction by differences of length eta: up then down forward, down then "
    "up backward") {
  for (const double eta : {0.01, 0.1}) {
    const Vector<double> theta = deep_point();
    const auto step = [&](PenaltyForm form) -> Vector<double> { return theta - eta * eta * penalty_direction(form, eta); };
    CHECK((flooding_pair(eta, true) - step(PenaltyForm::forward)).cwiseAbs().maxCoeff() <= 1e-14);
    CHECK((flooding_pair(eta, false) - step(PenaltyForm::backward)).cwiseAbs().maxCoeff() <= 1e-14);
    CHECK((flooding_pair(eta, true) - step(PenaltyForm::backward)).cwiseAbs().maxCoeff() > 1e-7);
    CHECK((flooding_pair(eta, true) - theta).cwiseAbs().maxCoeff() > 1e-6);
  }
}

// Item 5, short: 1e5 steps of batch-1 SGD, one seed.
TEST_CASE(
    "SGD with a penalty: the geometric mean of the effective alpha is ordered none > B > F(0.001) > F(0.05), and without batches' noise "
    "hardly moves") {
  const Index steps = sanitized ? 10'000 : 100'000;
  const auto scale = [&](double gamma, PenaltyForm form, double epsilon) {
    return descended({.lambda = gamma, .form = form, .epsilon = epsilon}, steps, 1).scale;
  };
  const std::vector<double> in_order{scale(0, PenaltyForm::forward, 0.05), scale(0.05, PenaltyForm::backward, 0.02),
                                     scale(0.05, PenaltyForm::forward, 0.001), scale(0.05, PenaltyForm::forward, 0.05)};
  for (std::size_t k = 1; k < in_order.size(); ++k) CHECK(in_order[k] < in_order[k - 1]);
  CHECK_THAT(in_order[0], WithinAbs(0.1, 1e-4));
}
