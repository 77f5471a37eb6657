// SPDX-License-Identifier: MIT
// Sources and transforms with noise: their exact moments, from fixed seeds, within five standard errors of the number of draws.
#include <tacit/any_problem.hpp>
#include <tacit/model/deep_matrix.hpp>
#include <tacit/optimizer/gradient_noise.hpp>
#include <tacit/optimizer/label_noise.hpp>
#include <tacit/optimizer/langevin.hpp>
#include <tacit/optimizer/on_batches.hpp>
#include <tacit/optimizer/parameter_noise.hpp>
#include <tacit/optimizer/sharpness_rate.hpp>
#include <tacit/train.hpp>

#include "../analysis/quadratic.hpp"
#include "../thrown.hpp"
#include "catch.hpp"

using namespace tacit;
using Catch::Matchers::WithinAbs;

namespace {

constexpr Index noise_parameters = 3, noise_observations = 8;

/// Linear regression, exactly solvable: y = A x of `truth`.
struct Regression {
  Matrix<double> A{noise_observations, noise_parameters};
  Vector<double> truth{noise_parameters};
  Regression() {
    Random random(5, "regression");
    for (double& entry : A.reshaped()) entry = random.normal();
    for (double& entry : truth) entry = random.normal();
  }
  template <class Loss = HalfMeanSquares>
  auto problem(Loss loss = {}) const {
    return Problem(DeepMatrix<double>({1, noise_parameters}),
                   Data<double, LinearMap<double>>(LinearMap<double>(noise_parameters, 1, A.transpose()), A * truth), loss);
  }
};

struct Moments {
  Vector<double> mean;
  Matrix<double> covariance;
  Index count;
};
/// Of the direction that a source draws at theta. The mean is subtracted as it is known: `expected`.
template <class P, class Source>
Moments moments(const P& problem, const Vector<double>& theta, const Source& source, const Vector<double>& expected, Index count = 40'000) {
  auto ws = problem.workspace();
  auto state = source.start(problem);
  Step<double> step(theta.size());
  step.theta = theta;
  Moments m{Vector<double>::Zero(theta.size()), Matrix<double>::Zero(theta.size(), theta.size()), count};
  for (Index t = 0; t < count; ++t) {
    step.begin();
    source.draw(problem, ws, step, state);
    const Vector<double> u = step.factor() * step.direction() - expected;
    m.mean += u / static_cast<double>(count);
    m.covariance += u * u.transpose() / static_cast<double>(count);
  }
  m.mean += expected;
  return m;
}
/// The mean is `mean` and the covariance C, within five standard errors; `kurtosis` bounds the fourth moment over the square of the second.
void check_moments(const Moments& m, const Vector<double>& mean, const Matrix<double>& C, double kurtosis = 3) {
  const double n = static_cast<double>(m.count);
  for (Index i = 0; i < mean.size(); ++i) {
    CHECK_THAT(m.mean[i], WithinAbs(mean[i], 5 * std::sqrt(C(i, i) / n) + 1e-14));
    for (Index j = 0; j < mean.size(); ++j)
      CHECK_THAT(m.covariance(i, j), WithinAbs(C(i, j), 5 * std::sqrt(kurtosis * C(i, i) * C(j, j) / n) + 1e-14));
  }
}
template <class P>
Vector<double> gradient_at(const P& problem, const Vector<double>& theta) {
  auto ws = problem.workspace();
  Vector<double> g(theta.size());
  problem.value_and_gradient(theta, ws, g);
  return g;
}

}  // namespace

TEST_CASE(
    "label noise: the mean is the gradient, and at the solution the covariance is sigma^2 / B times the Hessian of half the mean of "
    "squares") {
  const Regression regression;
  const auto problem = regression.problem();
  const double sigma = 0.3;
  const Matrix<double> H = regression.A.transpose() * regression.A / noise_observations;
  const Matrix<double> C = sigma * sigma / noise_observations * H;
  for (const NoiseLaw law : {NoiseLaw::signs, NoiseLaw::normal}) {
    const LabelNoise source{.sigma = sigma, .law = law};
    check_moments(moments(problem, regression.truth, source, Vector<double>::Zero(noise_parameters)),
                  Vector<double>::Zero(noise_parameters), C);
    const Vector<double> away = regression.truth + Vector<double>::Ones(noise_parameters), g = gradient_at(problem, away);
    check_moments(moments(problem, away, source, g), g, C);
  }
  // The mean without the half has the Hessian 2 H and four times this covariance: 2 sigma^2 / B times its Hessian.
  const auto mean_squares = regression.problem(MeanSquares{});
  const Moments doubled = moments(mean_squares, regression.truth, LabelNoise{.sigma = sigma}, Vector<double>::Zero(noise_parameters));
  check_moments(doubled, Vector<double>::Zero(noise_parameters), 4 * C);
  CHECK(std::abs(doubled.covariance(0, 0) - C(0, 0)) > C(0, 0));  // and not that of half the mean
}
TEST_CASE("label noise on batches is that of the batch's size") {
  const Regression regression;
  const auto problem = regression.problem();
  const double sigma = 0.3;
  // With replacement: the covariance of sigma xi_k a_k / b, summed over b draws.
  const Matrix<double> C = sigma * sigma / 2 * (regression.A.transpose() * regression.A / noise_observations);
  check_moments(moments(problem, regression.truth, on_batches({.size = 2, .with_replacement = true}, LabelNoise{.sigma = sigma}),
                        Vector<double>::Zero(noise_parameters)),
                Vector<double>::Zero(noise_parameters), C, 12);
}
TEST_CASE("label noise of signs moves each target by sigma, fresh at every step, and leaves the data alone") {
  const Regression regression;
  const auto problem = regression.problem(SumOfSquares{});
  const LabelNoise source{.sigma = 0.25};
  auto ws = problem.workspace();
  auto state = source.start(problem);
  Step<double> step(noise_parameters);
  step.theta = regression.truth;
  std::vector<double> losses;
  Vector<double> last;
  for (int t = 0; t < 10; ++t) {
    step.begin();
    source.draw(problem, ws, step, state);
    CHECK_THAT(step.value.loss, WithinAbs(noise_observations * 0.25 * 0.25, 1e-13));
    CHECK_FALSE(step.full);
    CHECK((t == 0 || step.gradient != last));
    last = step.gradient;
    CHECK(problem.value(regression.truth, ws).loss < 1e-28);
  }
}
TEST_CASE("a search behind label or parameter noise sees the noise of its step") {
  const Regression regression;
  const auto problem = regression.problem();
  Vector<double> theta = regression.truth;
  // At the solution without noise every step would raise the objective; the noisy one can be lowered.
  CHECK(train(problem, theta, LabelNoise{.sigma = 0.3} | SharpnessRate{.momentum = 0}, {.iterations = 20}).reason == Reason::reached_limit);
  theta = regression.truth;
  CHECK(train(problem, theta, ParameterNoise{.sigma = 0.3} | SharpnessRate{.momentum = 0}, {.iterations = 20}).reason ==
        Reason::reached_limit);
  theta = regression.truth;
  CHECK(
      train(problem, theta, on_batches({.size = 4}, LabelNoise{.sigma = 0.3}) | SharpnessRate{.momentum = 0}, {.iterations = 20}).reason ==
      Reason::reached_limit);
}

TEST_CASE("parameter noise on a quadratic: the mean is the gradient, the covariance sigma^2 H^2") {
  const Quadratic<double> problem(Vector<double>{{1, 2, 5}});
  const Vector<double> theta{{1, -1, 0.5}};
  const Matrix<double>& H = problem.hessian();
  check_moments(moments(problem, theta, ParameterNoise{.sigma = 0.2}, H * theta), H * theta, 0.04 * H * H);
}
TEST_CASE("parameter noise does not stay in theta") {
  const Quadratic<double> problem(Vector<double>{{1, 2, 5}});
  Vector<double> theta{{1, -1, 0.5}};
  const Vector<double> start = theta;
  train(problem, theta, parameter_noise({.rate = 1e-9, .sigma = 10}), {.iterations = 1});
  CHECK((theta - start).norm() < 1e-6);
  CHECK(theta != start);
}

TEST_CASE("gradient noise has the variance eta / (1 + k)^gamma, and hooks see the gradient without it") {
  const Vector<double> g{{3, 4}};
  const GradientNoise noise{.variance = 0.5, .decay = 0.7};
  Layout layout;
  layout.add("theta", {Index(2)});
  for (const Index k : {0, 1, 9}) {
    auto state = noise.start<double>(layout);
    Step<double> step(2);
    step.theta = step.gradient = g;
    step.iteration = k;
    const double variance = 0.5 / std::pow(1.0 + static_cast<double>(k), 0.7);
    double mean = 0, square = 0;
    constexpr int count = 20'000;
    for (int t = 0; t < count; ++t) {
      step.begin();
      noise.apply(step, state);
      const Vector<double> xi = step.factor() * step.direction() - g;
      mean += xi.sum() / (2 * count);
      square += xi.squaredNorm() / (2 * count);
      CHECK(step.gradient == g);
    }
    CHECK_THAT(mean, WithinAbs(0, 5 * std::sqrt(variance / (2 * count))));
    CHECK_THAT(square, WithinAbs(variance, 5 * variance * std::sqrt(2.0 / (2 * count))));
  }
}

TEST_CASE(
    "Langevin on a quadratic settles at the variance T / (lambda (1 - eta lambda / 2)), and not at that of noise in proportion to eta") {
  const double eta = 0.3, T = 0.3;
  for (const double lambda : {0.5, 2.0}) {
    const Quadratic<double> problem(Matrix<double>(lambda * Matrix<double>::Identity(50, 50)));  // 50 chains at once
    Run run(problem, Vector<double>::Zero(50), langevin({.rate = eta, .temperature = T}));
    run.advance(200);
    double square = 0;
    constexpr int count = 4000;
    for (int t = 0; t < count; ++t) {
      run.advance(1);
      square += run.theta().squaredNorm() / (50.0 * count);
    }
    const double variance = T / (lambda * (1 - eta * lambda / 2)), r = 1 - eta * lambda,
                 independent = 50 * count * (1 - r * r) / (1 + r * r);
    const double tolerance = 5 * variance * std::sqrt(2 / independent);
    CHECK_THAT(square, WithinAbs(variance, tolerance));
    CHECK(std::abs(square - eta * variance) > 5 * tolerance);  // noise of sqrt(2) eta
  }
}
TEST_CASE("at temperature 0 Langevin is descent, and its noise follows a schedule of rates") {
  const Quadratic<double> problem(Vector<double>{{1, 2, 5}});
  Vector<double> cold{{1, -1, 0.5}}, descent = cold;
  train(problem, cold, langevin({.rate = 0.1, .temperature = 0}), {.iterations = 10});
  train(problem, descent, FullGradient{} | LearningRate{0.1}, {.iterations = 10});
  CHECK((cold - descent).norm() < 1e-15);
  const Quadratic<double> flat(Matrix<double>(Matrix<double>::Zero(4000, 4000)));
  Vector<double> walk = Vector<double>::Zero(4000);
  train(flat, walk, FullGradient{} | LearningRate{step_rate({.rate = 0.1, .factor = 0.1, .every = 1})} | Langevin{.temperature = 2},
        {.iterations = 2});
  const double variance = 2 * 2 * (0.1 + 0.01);
  CHECK_THAT(walk.squaredNorm() / 4000, WithinAbs(variance, 5 * variance * std::sqrt(2.0 / 4000)));
}

TEST_CASE("the same seed gives the same noise, another seed another, and each source a stream of its own") {
  const Regression regression;
  const auto problem = regression.problem();
  const auto end = [&](const auto& optimizer) {
    Vector<double> theta = Vector<double>::Zero(noise_parameters);
    train(problem, theta, optimizer, {.iterations = 5});
    return theta;
  };
  CHECK(end(label_noise({.rate = 0.1, .sigma = 0.1})) == end(label_noise({.rate = 0.1, .sigma = 0.1})));
  CHECK(end(label_noise({.rate = 0.1, .sigma = 0.1})) != end(label_noise({.rate = 0.1, .sigma = 0.1, .seed = 2})));
  CHECK(end(parameter_noise({.rate = 0.1, .sigma = 0.1})) != end(parameter_noise({.rate = 0.1, .sigma = 0.1, .seed = 2})));
  CHECK(end(noisy_descent({.rate = 0.1})) != end(noisy_descent({.rate = 0.1, .seed = 2})));
  CHECK(end(langevin({.rate = 0.1})) != end(langevin({.rate = 0.1, .seed = 2})));
}
TEST_CASE("noise out of range is refused by name") {
  const Regression regression;
  const auto problem = regression.problem();
  const auto refused = [&](const auto& optimizer) { return thrown([&] { optimizer.start(problem); }); };
  CHECK(refused(label_noise({.rate = 1, .sigma = -1})) == "LabelNoise: .sigma is -1, it needs to be 0 or more");
  CHECK(refused(parameter_noise({.rate = 1, .sigma = NAN})) == "ParameterNoise: .sigma is nan, it needs to be 0 or more");
  CHECK(refused(noisy_descent({.rate = 1, .variance = -1})) == "GradientNoise: .variance is -1, it needs to be 0 or more");
  CHECK(refused(noisy_descent({.rate = 1, .decay = -1})) == "GradientNoise: .decay is -1, it needs to be 0 or more");
  CHECK(refused(langevin({.rate = 1, .temperature = -1})) == "Langevin: .temperature is -1, it needs to be 0 or more");
}
TEST_CASE("on a problem of forgotten type label noise does the same, and is refused where there are no targets") {
  const Regression regression;
  const auto problem = regression.problem();
  const AnyProblem<double> any(problem);
  const auto whole = label_noise({.rate = 0.1, .sigma = 0.3});
  const auto batches = on_batches({.size = 3}, LabelNoise{.sigma = 0.3}) | LearningRate{0.1};
  const auto same = [&](const auto& optimizer) {
    Vector<double> typed = Vector<double>::Ones(noise_parameters), forgotten = typed;
    train(problem, typed, optimizer, {.iterations = 20});
    train(any, forgotten, optimizer, {.iterations = 20});
    return typed == forgotten;
  };
  CHECK(same(whole));
  CHECK(same(batches));
  const AnyProblem<double> without(Quadratic<double>(Vector<double>{{1, 2}}));
  CHECK(thrown([&] { whole.start(without); }) == "LabelNoise: the problem has no targets to disturb");
}
