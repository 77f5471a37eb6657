// SPDX-License-Identifier: MIT
// The gradient penalty by differences tends to the exact one, and SAM, flooding and the penalty are the same thing where their formulas say
// so.
#include <tacit/optimizer/flooding.hpp>
#include <tacit/optimizer/gradient_penalty.hpp>
#include <tacit/optimizer/on_batches.hpp>
#include <tacit/optimizer/sharpness_aware.hpp>
#include <tacit/train.hpp>

#include "../laws/laws.hpp"
#include "../thrown.hpp"
#include "catch.hpp"

using namespace laws;
using Catch::Matchers::WithinAbs;

namespace {

auto penalised_problem() {
  const DeepMatrix<double> deep({4, 2, 5, 3});
  const Vector<double> theta = normal<double>(deep.parameter_count(), 3, 0.6);
  return Problem(deep, targets_near(deep, some_entries(3, 4), theta, true), MeanSquares{}, WeightDecayPenalty{0.2});
}
Vector<double> penalised_theta() { return normal<double>(penalised_problem().dimension(), 3, 0.6); }

/// The direction that a source draws at theta.
template <class P, class Source>
Vector<double> direction_of(const P& problem, const Vector<double>& theta, const Source& source) {
  auto ws = problem.workspace();
  Step<double> step(theta.size());
  step.theta = theta;
  step.begin();
  auto state = source.start(problem);
  source.draw(problem, ws, step, state);
  return step.factor() * step.direction();
}
Vector<double> exact_penalty(double lambda, PenalisedNorm norm = PenalisedNorm::half_square) {
  return direction_of(penalised_problem(), penalised_theta(), GradientPenalty{.lambda = lambda, .penalised = norm});
}
double gradient_length() { return direction_of(penalised_problem(), penalised_theta(), FullGradient{}).norm(); }

/// (c/2) |theta|^2 + (b/6) sum theta_k^3, and all points at which it was asked for.
struct Cubic {
  using scalar_type = double;
  struct Workspace {
    double gradients = 0, hessian_products = 0;
    std::vector<Vector<double>> asked;
  };
  double scale = 1;
  Layout shape = [] {
    Layout layout;
    layout.add("theta", {Index(3)});
    return layout;
  }();
  Workspace workspace() const { return {}; }
  Index dimension() const { return 3; }
  const Layout& layout() const { return shape; }
  Value<double> value_and_gradient(In<double> theta, Workspace& ws, Out<double> g) const {
    ws.asked.emplace_back(theta);
    ws.gradients += 1;
    g = scale * (2 * theta.array() + 0.5 * theta.array().square()).matrix();
    const double value = scale * (theta.squaredNorm() + theta.array().cube().sum() / 6);
    return {value, value};
  }
};
Vector<double> cubic_start() { return Vector<double>{{0.3, -0.5, 0.8}}; }
/// The points a source asks the cubic at, in its first step.
template <class Source>
std::vector<Vector<double>> points_asked(const Cubic& problem, const Source& source) {
  auto ws = problem.workspace();
  Step<double> step(3);
  step.theta = cubic_start();
  step.begin();
  auto state = source.start(problem);
  source.draw(problem, ws, step, state);
  return ws.asked;
}
/// The gradient of the cubic.
Vector<double> slope(const Cubic& problem, const Vector<double>& theta) {
  auto ws = problem.workspace();
  Vector<double> g(3);
  problem.value_and_gradient(theta, ws, g);
  return g;
}

}  // namespace

TEST_CASE("forward and backward penalties tend to the exact one linearly in epsilon") {
  for (const PenalisedNorm norm : {PenalisedNorm::half_square, PenalisedNorm::plain})
    for (const PenaltyForm form : {PenaltyForm::forward, PenaltyForm::backward}) {
      const Vector<double> exact = exact_penalty(0.3, norm);
      const auto distance = [&](double epsilon) {
        return (direction_of(penalised_problem(), penalised_theta(),
                             GradientPenalty{.lambda = 0.3, .form = form, .epsilon = epsilon, .penalised = norm}) -
                exact)
            .norm();
      };
      CHECK(distance(1e-3) > 1e-7);
      CHECK_THAT(distance(1e-3) / distance(1e-4), WithinAbs(10, 0.3));
      CHECK_THAT(distance(1e-4) / distance(1e-5), WithinAbs(10, 0.1));
      // The negative control: differences of the other sign tend to another direction.
      const double other = (direction_of(penalised_problem(), penalised_theta(),
                                         GradientPenalty{.lambda = -0.3, .form = form, .epsilon = 1e-5, .penalised = norm}) -
                            exact)
                               .norm();
      CHECK(other > 0.01);
    }
}
TEST_CASE("forward and backward differ from the exact penalty by opposite amounts, up to second order in epsilon") {
  const Vector<double> exact = exact_penalty(0.3);
  const auto off = [&](PenaltyForm form) -> Vector<double> {
    return direction_of(penalised_problem(), penalised_theta(), GradientPenalty{.lambda = 0.3, .form = form, .epsilon = 1e-3}) - exact;
  };
  CHECK((off(PenaltyForm::forward) + off(PenaltyForm::backward)).norm() < 0.01 * off(PenaltyForm::forward).norm());
}
TEST_CASE("the plain norm's penalty is that of half its square at lambda over the norm") {
  check_close(exact_penalty(0.3, PenalisedNorm::plain), exact_penalty(0.3 / gradient_length()), 1e-14);
}

TEST_CASE("the forward penalty with epsilon = lambda is un-normalised SAM exactly; with another epsilon, and backward, it is not") {
  const auto problem = penalised_problem();
  const Vector<double> sam_direction = direction_of(problem, penalised_theta(), SharpnessAware{.rho = 0.05, .normalised = false});
  const auto penalty = [&](PenaltyForm form, double epsilon) {
    return direction_of(problem, penalised_theta(), GradientPenalty{.lambda = 0.05, .form = form, .epsilon = epsilon});
  };
  CHECK((penalty(PenaltyForm::forward, 0.05) - sam_direction).cwiseAbs().maxCoeff() <= 1e-14);
  CHECK((penalty(PenaltyForm::forward, 0.01) - sam_direction).cwiseAbs().maxCoeff() > 1e-4);
  CHECK((penalty(PenaltyForm::backward, 0.05) - sam_direction).cwiseAbs().maxCoeff() > 1e-4);
}
TEST_CASE("the forward penalty of the plain norm with epsilon = lambda is SAM without eps") {
  check_close(
      direction_of(penalised_problem(), penalised_theta(),
                   GradientPenalty{.lambda = 0.05, .form = PenaltyForm::forward, .epsilon = 0.05, .penalised = PenalisedNorm::plain}),
      direction_of(penalised_problem(), penalised_theta(), SharpnessAware{.rho = 0.05, .eps = 0}), 1e-14);
}

TEST_CASE("SAM asks at theta and at theta + rho g / (|g| + eps), and steps from theta along the second gradient") {
  const Cubic problem;
  const Vector<double> theta = cubic_start(), g = slope(problem, theta);
  const auto asked = points_asked(problem, SharpnessAware{.rho = 0.1});
  REQUIRE(asked.size() == 2);
  CHECK(asked[0] == theta);
  CHECK((asked[1] - (theta + 0.1 * g / (g.norm() + 1e-12))).norm() < 1e-15);
  Vector<double> next = theta;
  train(problem, next, sam({.rate = 0.2, .rho = 0.1}), {.iterations = 1});
  CHECK((next - (theta - 0.2 * slope(problem, asked[1]))).norm() < 1e-15);
}
TEST_CASE("scaling the loss leaves SAM's displacement, and scales that of un-normalised SAM") {
  const auto displacement = [](double scale, bool normalised) -> Vector<double> {
    return points_asked(Cubic{.scale = scale}, SharpnessAware{.rho = 0.1, .normalised = normalised, .eps = 0}).at(1) - cubic_start();
  };
  CHECK((displacement(7, true) - displacement(1, true)).norm() < 1e-15);
  CHECK_THAT(displacement(1, true).norm(), WithinAbs(0.1, 1e-15));
  CHECK((displacement(7, false) - 7 * displacement(1, false)).norm() < 1e-14);
  CHECK((displacement(7, false) - displacement(1, false)).norm() > 0.1);
}
TEST_CASE("ASAM without a floor follows a diagonal change of the parameters; SAM and ASAM with a floor do not") {
  // f(theta) and h(phi) = f(D phi) with theta = D phi: the displacement of h is that of f over D.
  struct Rescaled : Cubic {
    Vector<double> d = Vector<double>{{2, 0.5, 3}};
    Value<double> value_and_gradient(In<double> phi, Workspace& ws, Out<double> g) const {
      const Value<double> value = Cubic::value_and_gradient(d.cwiseProduct(phi), ws, g);
      ws.asked.back() = phi;
      g.array() *= d.array();
      return value;
    }
  };
  const auto gap = [](const auto& source) {
    const Rescaled rescaled;
    Step<double> step(3);
    step.theta = cubic_start().cwiseQuotient(rescaled.d);
    step.begin();
    auto ws = rescaled.workspace();
    auto state = source.start(rescaled);
    source.draw(rescaled, ws, step, state);
    return (rescaled.d.cwiseProduct(ws.asked.at(1)) - points_asked(Cubic{}, source).at(1)).norm();
  };
  CHECK(gap(AdaptiveSharpnessAware{.rho = 0.3, .floor = 0}) < 1e-15);
  CHECK(gap(AdaptiveSharpnessAware{.rho = 0.3, .floor = 0.5}) > 1e-3);
  CHECK(gap(SharpnessAware{.rho = 0.3}) > 1e-3);
}
TEST_CASE("at a stationary point SAM, ASAM and the plain penalty stay, even without eps") {
  const Cubic problem;
  for (const double eps : {0.0, 1e-12}) {
    Vector<double> theta = Vector<double>::Zero(3);
    train(problem, theta, sam({.rate = 0.1}), {.iterations = 3});
    CHECK(theta.isZero(0));
    train(problem, theta, SharpnessAware{.eps = eps} | LearningRate{0.1}, {.iterations = 3});
    train(problem, theta, AdaptiveSharpnessAware{.floor = 0, .eps = eps} | LearningRate{0.1}, {.iterations = 3});
    train(problem, theta, GradientPenalty{.lambda = 1, .form = PenaltyForm::forward, .penalised = PenalisedNorm::plain} | LearningRate{0.1},
          {.iterations = 3});
    CHECK(theta.isZero(0));
  }
}

TEST_CASE("a step of the forward form costs two gradients and no Hessian-vector product, on half batches one") {
  Vector<double> theta = penalised_theta();
  const auto problem = penalised_problem();
  const GradientPenalty forward{.lambda = 0.1, .form = PenaltyForm::forward};
  const auto outcome = train(problem, theta, forward | LearningRate{1e-3}, {.iterations = 20});
  CHECK(outcome.gradient_evaluations == 40);
  CHECK(outcome.hessian_products == 0);
  const auto on_halves = train(problem, theta, on_batches({.size = 2}, forward) | LearningRate{1e-3}, {.iterations = 20});
  CHECK(on_halves.gradient_evaluations < 40);
}

TEST_CASE("flooding descends above its level, climbs below it, and stays on it") {
  const Cubic problem;
  const auto value = [&](const Vector<double>& theta) {
    auto ws = problem.workspace();
    Vector<double> g(3);
    return problem.value_and_gradient(theta, ws, g).objective;
  };
  const double start = value(cubic_start());
  const auto after = [&](double level) {
    Vector<double> theta = cubic_start();
    train(problem, theta, flooding({.rate = 0.01, .level = level}), {.iterations = 1});
    return value(theta);
  };
  CHECK(after(start - 0.1) < start);
  CHECK(after(start + 0.1) > start);
  CHECK(after(start) == start);
  Vector<double> theta = cubic_start();
  train(problem, theta, flooding({.rate = 0.02, .level = 0.2}), {.iterations = 500});
  CHECK_THAT(value(theta), WithinAbs(0.2, 0.02));
}

TEST_CASE("a form that needs Hessian-vector products is refused on a problem without them, and settings out of range by name") {
  const Cubic problem;
  const auto refused = [&](const auto& source) { return thrown([&] { source.start(problem); }); };
  CHECK(refused(GradientPenalty{.lambda = 1}).find("GradientPenalty: .form is exact, which needs Hessian-vector products") == 0);
  CHECK(refused(GradientPenalty{.lambda = 1, .form = PenaltyForm::forward, .epsilon = 0}) ==
        "GradientPenalty: .epsilon is 0, it needs to be positive and finite");
  CHECK(refused(GradientPenalty{.lambda = NAN, .form = PenaltyForm::forward}) == "GradientPenalty: .lambda is nan");
  CHECK(refused(SharpnessAware{.rho = -1}) == "SharpnessAware: .rho is -1, it needs to be 0 or more");
  CHECK(refused(AdaptiveSharpnessAware{.floor = -1}) == "AdaptiveSharpnessAware: .floor is -1, it needs to be 0 or more");
  CHECK(refused(Flooding{.level = INFINITY}) == "Flooding: .level is inf, it needs to be finite");
}
