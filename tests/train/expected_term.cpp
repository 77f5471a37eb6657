// SPDX-License-Identifier: MIT
#include <tacit/analysis/differences.hpp>
#include <tacit/any_problem.hpp>
#include <tacit/expected_term.hpp>
#include <tacit/hook/probe.hpp>
#include <tacit/loss/cross_entropy.hpp>
#include <tacit/loss/margin.hpp>
#include <tacit/loss/power.hpp>
#include <tacit/model/recorded.hpp>
#include <tacit/observation/features.hpp>
#include <tacit/optimizer/blocks.hpp>
#include <tacit/optimizer/recipes.hpp>
#include <tacit/optimizer/reparametrised_gradient.hpp>
#include <tacit/train.hpp>

#include <Eigen/LU>

#include "../laws/laws.hpp"
#include "thrown.hpp"

namespace expected_loss {

using namespace laws;
using Deep = DeepMatrix<double>;

/// Value and gradient at theta.
template <class P>
std::pair<double, Vector<double>> asked(const P& problem, const Vector<double>& theta) {
  auto ws = problem.workspace();
  Vector<double> g(theta.size());
  const double value = problem.value_and_gradient(theta, ws, g).objective;
  return {value, g};
}
const Matrix<double> X = normal_matrix<double>(5, 3, 1);
const Vector<double> y = normal<double>(5, 2);

TEST_CASE("the expected loss has the derivatives that it claims, exact and sampled, for every kind of covariance, on data of any kind") {
  for (const Covariance covariance : {Covariance::joint, Covariance::by_block, Covariance::diagonal})
    for (const Index samples : {0, 1, 4}) {
      CAPTURE(static_cast<int>(covariance), samples);
      const GaussianSettings settings{
          .covariance = covariance, .rank = covariance == Covariance::diagonal ? 0 : 2, .samples = samples, .mirrored = samples == 4};
      const Gaussian linear(Deep({3, 2}), settings);
      const Vector<double> theta = normal<double>(linear.parameter_count(), 3, 0.5);
      objective_is_smooth(Problem(linear, targets_near(linear, AllEntries(2, 3), theta, false), MeanSquares{}), theta);
      objective_is_smooth(
          Problem(linear, targets_near(linear, some_entries(2, 3), theta, true), HalfSumOfSquares{}, WeightDecayPenalty{0.3}), theta);
      if (samples == 0) continue;
      const Gaussian deep(Deep({3, 2, 4}), settings);
      const Vector<double> other = normal<double>(deep.parameter_count(), 4, 0.5);
      objective_is_smooth(Problem(deep, targets_near(deep, some_entries(4, 3), other, true), HalfSumOfSquares{}), other);
      objective_is_smooth(Problem(linear, regression_data(X, Matrix<double>(y.array().sign().matrix().replicate(1, 2))), logistic()),
                          theta);
    }
}

TEST_CASE("under a squared loss of a linear model the expected loss is 1/2 |y - X mu|^2 + 1/2 |X S|^2, its Gauss-Newton products are H v") {
  const auto data = regression_data(X, y);
  for (const Covariance covariance : {Covariance::joint, Covariance::by_block, Covariance::diagonal}) {
    const Gaussian model(Deep({3, 1}), {.covariance = covariance});
    const Problem problem(model, data, HalfSumOfSquares{});
    const Vector<double> theta = normal<double>(model.parameter_count(), 5);
    const Vector<double> mu = model.mean(theta), r = X * mu - y;
    const Matrix<double> S = model.scale(theta), slope = X.transpose() * X * S;
    const auto [value, g] = asked(problem, theta);
    CHECK_THAT(value, Catch::Matchers::WithinRel(r.squaredNorm() / 2 + (X * S).squaredNorm() / 2, 1e-13));
    check_close(Vector<double>(g.head(3)), Vector<double>(X.transpose() * r), 1e-13);
    if (covariance == Covariance::diagonal) check_close(Vector<double>(g.tail(3)), Vector<double>(slope.diagonal()), 1e-13);
    else check_close(Vector<double>(g.tail(9)), Vector<double>(slope.reshaped()), 1e-13);
    auto ws = problem.workspace();
    Vector<double> v = normal<double>(theta.size(), 6), hv(theta.size()), cv(theta.size());
    problem.hessian_times(theta, v, ws, hv);
    problem.gauss_newton_times_linearized(theta, v, ws, cv);
    check_close(hv, cv, 1e-13);
    CHECK(problem.degree_along_lines() == 2);
  }
  // In other normalisations, on batches, and with weights.
  const Vector<double> weight{{1, 0, 2, 0.5, 3}};
  const Gaussian model(Deep({3, 1}));
  const Vector<double> theta = normal<double>(model.parameter_count(), 7);
  const Matrix<double> S = model.scale(theta);
  const Vector<double> e2 = (X * model.mean(theta) - y).array().square().matrix() + (X * S).rowwise().squaredNorm();  // E r_k^2
  CHECK_THAT(asked(Problem(model, data, MeanSquares{}), theta).first, Catch::Matchers::WithinRel(e2.mean(), 1e-13));
  auto weighted = data;
  weighted.weight = weight;
  const Problem problem(model, weighted, MeanSquares{});
  CHECK_THAT(asked(problem, theta).first, Catch::Matchers::WithinRel(weight.dot(e2) / 5, 1e-13));
  auto ws = problem.workspace();
  Vector<double> g(theta.size()), sum = Vector<double>::Zero(theta.size());
  for (Index k = 0; k < 5; ++k) {
    const Index which[] = {k};
    CHECK_THAT(problem.value_and_gradient(theta, which, ws, g).loss, Catch::Matchers::WithinAbs(weight[k] * e2[k], 1e-12));
    CHECK_THAT(problem.value(theta, which, ws).loss, Catch::Matchers::WithinAbs(weight[k] * e2[k], 1e-12));
    sum += g / 5;
  }
  check_close(sum, asked(problem, theta).second, 1e-13);
}

TEST_CASE(
    "the exact expectation is the cubature over mu +- sqrt(R) s_r, and what many samples come near; mirrored pairs are exact in what is "
    "odd") {
  const Gaussian exact(Deep({3, 2}), {.rank = 4});
  const Vector<double> theta = normal<double>(exact.parameter_count(), 8);
  const auto data = targets_near(exact, some_measurements<double>(2, 3), theta, false);
  const Problem plain(exact.model(), data, HalfMeanSquares{});
  const double value = asked(Problem(exact, data, HalfMeanSquares{}), theta).first;
  double cubature = 0, spread = 0;
  for (Index r = 0; r < 4; ++r)
    for (const double sign : {-2.0, 2.0}) cubature += asked(plain, exact.parameters(theta, sign * Vector<double>::Unit(4, r))).first / 8;
  CHECK_THAT(value, Catch::Matchers::WithinRel(cubature, 1e-13));
  constexpr Index many = 4000;
  const Gaussian sampled(exact.model(), {.rank = 4, .samples = many});
  for (Index k = 0; k < many; ++k)
    spread += std::pow(asked(plain, sampled.parameters(theta, sampled.samples().col(k))).first - value, 2) / static_cast<double>(many);
  const double error = std::sqrt(spread / static_cast<double>(many));
  CHECK(std::abs(asked(Problem(sampled, data, HalfMeanSquares{}), theta).first - value) < 4 * error);
  CHECK(error < 0.1 * value);
  // A loss linear in z: every mirrored pair gives its mean exactly.
  const auto line = pointwise([](auto z, auto target) { return z * target; }, Reduction::sum, "line");
  const Gaussian pair(exact.model(), {.rank = 4, .samples = 2, .mirrored = true}), single(exact.model(), {.rank = 4, .samples = 2});
  const double at_mean = asked(Problem(exact.model(), data, line), exact.mean(theta)).first;
  CHECK_THAT(asked(Problem(pair, data, line), theta).first, Catch::Matchers::WithinRel(at_mean, 1e-13));
  CHECK(std::abs(asked(Problem(single, data, line), theta).first / at_mean - 1) > 1e-3);
}

TEST_CASE(
    "the sampled expected loss is the mean of the model's losses at mu + S eps_k, its gradient that of (g_k, g_k eps_k^T), batches too") {
  const Gaussian model(Deep({3, 2, 4}), {.rank = 3, .samples = 5, .seed = 3});
  const Vector<double> theta = normal<double>(model.parameter_count(), 9, 0.5);
  const auto data = targets_near(model, some_entries(4, 3), theta, true);
  const Problem problem(model, data, power({.p = 4}));
  const Problem plain(model.model(), data, power({.p = 4}));
  auto ws = problem.workspace();
  auto plain_ws = plain.workspace();
  const std::vector<Index> which{2, 0, 3};
  for (const bool batch : {false, true}) {
    Vector<double> g(theta.size()), expected = Vector<double>::Zero(theta.size()), gk(14);
    double value = 0;
    for (Index k = 0; k < 5; ++k) {
      const Vector<double> eps = model.samples().col(k), w = model.parameters(theta, eps);
      value += (batch ? plain.value_and_gradient(w, which, plain_ws, gk) : plain.value_and_gradient(w, plain_ws, gk)).loss / 5;
      expected.head(14) += gk / 5;
      for (Index r = 0; r < 3; ++r) expected.segment(14 * (r + 1), 14) += eps[r] / 5 * gk;
    }
    const double mine = (batch ? problem.value_and_gradient(theta, which, ws, g) : problem.value_and_gradient(theta, ws, g)).loss;
    CHECK_THAT(mine, Catch::Matchers::WithinRel(value, 1e-13));
    check_close(g, expected, 1e-13);
    // The Hessian-vector product of a batch, by differences of its gradient.
    if (!batch) continue;
    const Vector<double> v = normal<double>(theta.size(), 10).normalized();
    Vector<double> hv(theta.size());
    problem.hessian_times_linearized(theta, which, v, ws, hv);
    check_close(hv,
                derivative<Vector<double>>(
                    [&](double t) {
                      Vector<double> out(theta.size());
                      problem.value_and_gradient(theta + t * v, which, ws, out);
                      return out;
                    },
                    1e-2),
                1e-8);
  }
}

TEST_CASE("targets shifted in the workspace are those of every sample; a loss that couples outputs keeps its groups") {
  for (const Index samples : {0, 3}) {
    const Gaussian model(Deep({3, 1}), {.samples = samples});
    const Vector<double> theta = normal<double>(model.parameter_count(), 11), shift = normal<double>(5, 12);
    const Problem problem(model, regression_data(X, y), MeanSquares{}),
        moved(model, regression_data(X, Vector<double>(y + shift)), MeanSquares{});
    auto ws = problem.workspace();
    Vector<double> g(theta.size());
    problem.shift_targets(ws, &shift);
    CHECK_THAT(problem.value_and_gradient(theta, ws, g).loss, Catch::Matchers::WithinRel(asked(moved, theta).first, 1e-14));
    check_close(g, asked(moved, theta).second, 1e-14);
    problem.shift_targets(ws, nullptr);
    CHECK(problem.value_and_gradient(theta, ws, g).loss == asked(problem, theta).first);
  }
  const Gaussian classes(Deep({3, 4}), {.rank = 2, .samples = 3});
  const Problem problem(classes, classification_data(X, {0, 3, 1, 1, 2}, 4), cross_entropy());
  CHECK(problem.count() == 5);
  objective_is_smooth(problem, normal<double>(classes.parameter_count(), 13));
}

TEST_CASE("reparametrised gradients have the expected loss's gradient as their mean, and leave the problem's own samples in place") {
  const Gaussian model(Deep({3, 1}), {.rank = 2});
  const Problem problem(model, regression_data(X, y), HalfSumOfSquares{});
  const Vector<double> theta = normal<double>(model.parameter_count(), 14), exact = asked(problem, theta).second;
  const ReparametrisedGradient source{.samples = 1, .seed = 7};
  auto ws = problem.workspace();
  auto state = source.start(problem);
  Step<double> step(theta.size());
  step.theta = theta;
  Vector<double> mean = Vector<double>::Zero(theta.size()), square = mean;
  constexpr double draws = 20'000;
  for (int k = 0; k < static_cast<int>(draws); ++k) {
    step.begin();
    source.draw(problem, ws, step, state);
    mean += step.gradient / draws;
    square += step.gradient.cwiseAbs2() / draws;
  }
  CHECK_FALSE(step.full);
  for (Index i = 0; i < theta.size(); ++i) CHECK(std::abs(mean[i] - exact[i]) < 4.5 * std::sqrt((square[i] - mean[i] * mean[i]) / draws));
  CHECK((mean - exact).norm() < 0.2 * exact.norm());
  CHECK((step.gradient - exact).norm() > 1e-2 * exact.norm());  // a single draw is another thing
  Vector<double> g(theta.size());
  problem.value_and_gradient(theta, ws, g);
  CHECK(g == exact);
}

TEST_CASE("a Gaussian trains like every model: on batches, with rates by block, watched at its mean, the same again by the same seed") {
  const Gaussian model(Deep({3, 1}));
  const Problem problem(model, regression_data(X, y), HalfSumOfSquares{});
  const Vector<double> start = model.at_prior(Vector<double>::Zero(3), {.std = {0.5}});
  const auto after = [&](const auto& optimizer, Index steps) {
    Vector<double> theta = start;
    CHECK(train(problem, theta, optimizer, {.iterations = steps}).reason == Reason::reached_limit);
    return theta;
  };
  // Rates by block: S stays, or moves twice as far in a first step.
  const Vector<double> once = after(gradient_descent({.rate = 0.01}), 1);
  const Vector<double> still = after(FullGradient{} | BlockRates{{"S", 0}} | LearningRate{0.01}, 1);
  const Vector<double> twice = after(FullGradient{} | BlockRates{{"S", 2}} | LearningRate{0.01}, 1);
  CHECK(still.tail(9) == start.tail(9));
  CHECK(still.head(3) == once.head(3));
  check_close(Vector<double>((twice - start).tail(9)), Vector<double>(2 * (once - start).tail(9)), 1e-13);
  CHECK(twice.head(3) == once.head(3));
  // More samples than parameters: least squares, and no variance is left.
  const Vector<double> end = after(gradient_descent({.rate = 0.05}), 3000);
  check_close(model.mean(end), Vector<double>((X.transpose() * X).inverse() * X.transpose() * y), 1e-10);
  CHECK(model.scale(end).norm() < 1e-10);
  const auto noisy = on_batches({.size = 2}, ReparametrisedGradient{.seed = 3}) | LearningRate{0.01};
  CHECK(after(noisy, 50) == after(noisy, 50));
  CHECK(after(noisy, 50) != after(on_batches({.size = 2}, ReparametrisedGradient{.seed = 4}) | LearningRate{0.01}, 50));
  // What hooks see as W is W(mu), and the loss is the expected one.
  Vector<double> theta = start;
  bool seen = false;
  train(problem, theta, noisy, {.iterations = 3}, [&](const auto& now) {
    seen = true;
    CHECK(now.end_to_end().transpose() == model.mean(now.theta()));
    CHECK(now.loss() == asked(problem, now.theta()).first);
    CHECK((now.drawn().loss != now.loss() || now.closing()));  // drawn on a batch and one draw
  });
  CHECK(seen);
  // With its type forgotten, too.
  const AnyProblem<double> any(problem);
  Vector<double> forgotten = start;
  train(any, forgotten, gradient_descent({.rate = 0.01}), {.iterations = 1});
  CHECK(forgotten == once);
}

TEST_CASE("in float the expected loss is that of double, to rounding") {
  const Vector<float> y_single = y.cast<float>();
  const Matrix<float> X_single = X.cast<float>();
  for (const Index samples : {0, 3}) {
    const Gaussian model(Deep({3, 1}), {.samples = samples});
    const Gaussian single(DeepMatrix<float>({3, 1}), {.samples = samples});
    const Vector<double> theta = normal<double>(model.parameter_count(), 15);
    const Vector<float> theta_single = theta.cast<float>();
    const Problem problem(single, regression_data(X_single, y_single), HalfSumOfSquares{});
    auto ws = problem.workspace();
    Vector<float> g(theta.size());
    problem.value_and_gradient(theta_single, ws, g);
    check_close(Vector<double>(g.cast<double>()), asked(Problem(model, regression_data(X, y), HalfSumOfSquares{}), theta).second, 1e-5);
  }
}

TEST_CASE("an expectation that has no closed form wants samples; fingerprints tell samples apart") {
  const std::string why =
      " is not known in closed form, which takes a squared loss and a model that is linear in its parameters; say over how many samples "
      "it is averaged, {.samples = 8}";
  const Gaussian deep(Deep({3, 2, 1})), linear(Deep({3, 1}));
  const auto signs = regression_data(X, Vector<double>(y.array().sign()));
  CHECK(thrown([&] { Problem(deep, regression_data(X, y), MeanSquares{}); }) ==
        "Gaussian: the expectation of MeanSquares under DeepMatrix<float64>({3, 2, 1})" + why);
  CHECK(thrown([&] { Problem(linear, signs, logistic()); }) ==
        "Gaussian: the expectation of logistic under DeepMatrix<float64>({3, 1})" + why);
  const Gaussian relu_of_w(Recorded<double>(blocks({{"w", {1, 3}}}), [](auto w) { return relu(w); }));
  CHECK(thrown([&] { Problem(relu_of_w, regression_data(X, y), MeanSquares{}); }).find("is not known in closed form") != std::string::npos);
  CHECK(thrown([&] { Problem(Gaussian(deep.model(), {.samples = 1}), regression_data(X, y), MeanSquares{}); }) == "nothing was thrown");
  CHECK(thrown([&] { ReparametrisedGradient{.samples = 0}.start(Problem(linear, regression_data(X, y), MeanSquares{})); }) ==
        "ReparametrisedGradient: .samples is 0, it needs to be at least 1");
  const auto print = [&](GaussianSettings settings) {
    return Problem(Gaussian(linear.model(), settings), regression_data(X, y), MeanSquares{}).fingerprint();
  };
  CHECK(print({}) == print({}));
  CHECK(print({}) != print({.samples = 2}));
  CHECK(print({.samples = 2, .seed = 1}) != print({.samples = 2, .seed = 2}));
  CHECK(print({.samples = 2}) != print({.samples = 2, .mirrored = true}));
  CHECK(print({.rank = 1}) != print({.rank = 2}));
}

TEST_CASE("a prediction that overflows is named, whichever sample it is of") {
  const Gaussian model(Deep({3, 1}), {.samples = 3});
  const Problem problem(model, regression_data(X, y), MeanSquares{});
  Vector<double> theta = normal<double>(model.parameter_count(), 16);
  theta.head(3).setConstant(1e308);
  auto ws = problem.workspace();
  Vector<double> g(theta.size());
  problem.value_and_gradient(theta, ws, g);
  CHECK(problem.explain(ws).find("the prediction of sample ") == 0);
}

}  // namespace expected_loss
