// SPDX-License-Identifier: MIT
// Gradient-regularized descent follows the gradient of L + lambda/2 |grad L|^2, and lowers that sum at every small step.
#include <tacit/model/symmetric_matrix.hpp>
#include <tacit/optimizer/recipes.hpp>
#include <tacit/train.hpp>

#include "../laws/laws.hpp"

using namespace laws;

namespace {

template <class P>
double regularized(const P& problem, const Vector<double>& theta, double lambda) {
  auto ws = problem.workspace();
  Vector<double> g(theta.size());
  return problem.value_and_gradient(theta, ws, g).objective + lambda / 2 * g.squaredNorm();
}

template <class P>
void follows(const P& problem, const Vector<double>& theta) {
  for (const double lambda : {0.0, 0.5, 2.0}) {
    const double rate = 1e-3;
    Vector<double> next = theta;
    train(problem, next, gradient_regularized({.rate = rate, .lambda = lambda}), {.iterations = 1});
    Vector<double> differences(theta.size());
    for (Index k = 0; k < theta.size(); ++k)
      differences[k] = derivative<double>(
          [&](double t) { return regularized(problem, theta + t * Vector<double>::Unit(theta.size(), k), lambda); }, 3e-3);
    check_close(Vector<double>((theta - next) / rate), differences, 1e-7);
  }
}

}  // namespace

TEST_CASE("the direction is the gradient of the regularized objective") {
  const DeepMatrix<double> deep({4, 2, 5, 3});
  const Vector<double> theta = normal<double>(deep.parameter_count(), 3, 0.6);
  follows(Problem(deep, targets_near(deep, some_entries(3, 4), theta, true), MeanSquares{}), theta);
  follows(Problem(deep, targets_near(deep, AllEntries(3, 4), theta, false), HalfMeanSquares{}, WeightDecayPenalty{0.2}), theta);
  const SymmetricMatrix<double> symmetric({.size = 4, .width = 2});
  const Vector<double> u = normal<double>(symmetric.parameter_count(), 4, 0.6);
  follows(Problem(symmetric, targets_near(symmetric, some_measurements<double>(4, 4), u, false), MeanSquares{}), u);
}

TEST_CASE("at a small rate every step lowers the regularized objective") {
  const DeepMatrix<double> model({6, 5, 6});
  const Vector<double> start = normal<double>(model.parameter_count(), 5, 0.6);
  const Problem problem(model, targets_near(model, some_entries(6, 6), start, false), MeanSquares{});
  const double lambda = 3;
  Run run(problem, start, gradient_regularized({.rate = 2e-3, .lambda = lambda}));
  double last = regularized(problem, start, lambda);
  const double first = last;
  for (int t = 0; t < 500; ++t) {
    run.advance(1);
    const double now = regularized(problem, run.theta(), lambda);
    CHECK(now < last);
    last = now;
  }
  CHECK(last < 0.8 * first);
}

TEST_CASE("a step costs one gradient and one Hessian-vector product") {
  const DeepMatrix<double> model({4, 2, 5, 3});
  Vector<double> theta = normal<double>(model.parameter_count(), 6, 0.6);
  const Problem problem(model, targets_near(model, some_entries(3, 4), theta, false), MeanSquares{});
  const auto outcome = train(problem, theta, gradient_regularized({.rate = 1e-3, .lambda = 1}), {.iterations = 20});
  CHECK(outcome.gradient_evaluations == 20);
  CHECK(outcome.hessian_products == 20);
}
