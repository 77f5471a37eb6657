// SPDX-License-Identifier: MIT
#include <tacit/optimizer/scaled_gd.hpp>

#include <tacit/model/deep_matrix.hpp>
#include <tacit/model/symmetric_matrix.hpp>
#include <tacit/tacit.hpp>

#include <Eigen/LU>

#include "block_examples.hpp"
#include "thrown.hpp"

using namespace tacit;
using namespace block_examples;

namespace {

/// theta of two factors X = L R^T.
Vector<double> two_factors(const DeepMatrix<double>& model, const Matrix<double>& L, const Matrix<double>& R) {
  Vector<double> theta(model.parameter_count());
  model.layout().matrix(theta, 0) = R.transpose();
  model.layout().matrix(theta, 1) = L;
  return theta;
}
template <class P, class O>
Matrix<double> product_after_steps(const P& problem, Vector<double> theta, const O& optimizer, Index steps) {
  train(problem, theta, optimizer, {.iterations = steps});
  return problem.model().layer(theta, 1) * problem.model().layer(theta, 0);
}

}  // namespace

TEST_CASE("the product does not see an invertible change between two factors: under gradient descent, or damped, it does") {
  const DeepMatrix<double> model({6, 2, 5});
  const Matrix<double> left = gaussian(5, 2, 1), right = gaussian(6, 2, 2), truth = left * right.transpose();
  const Problem problem(model, Data<double, AllEntries>{AllEntries(5, 6), flat(truth)}, HalfSumOfSquares{});
  const Matrix<double> L = gaussian(5, 2, 3), R = gaussian(6, 2, 4);
  Matrix<double> S(2, 2);
  S << 3, 1, -2, 0.5;
  const Vector<double> plain = two_factors(model, L, R), changed = two_factors(model, L * S, R * S.inverse().transpose());
  const auto gap = [&](const auto& optimizer) {
    const Matrix<double> X = product_after_steps(problem, plain, optimizer, 20);
    return (product_after_steps(problem, changed, optimizer, 20) - X).norm() / X.norm();
  };
  CHECK(gap(scaled_gd({.rate = 0.2})) < 1e-11);
  CHECK(gap(scaled_gd({.rate = 0.2, .delta = 0.5})) > 1e-3);
  CHECK(gap(gradient_descent({.rate = 0.01})) > 1e-2);
  const Vector<double> near = two_factors(model, left + 0.1 * L, right + 0.1 * R);
  CHECK((product_after_steps(problem, near, scaled_gd({.rate = 0.5}), 80) - truth).norm() < 1e-8 * truth.norm());
}

TEST_CASE("the two factors are updated by the formula, both from the old values; so is the symmetric one") {
  const DeepMatrix<double> model({4, 3, 5});
  const Matrix<double> L = gaussian(5, 3, 5), R = gaussian(4, 3, 6), G_L = gaussian(5, 3, 7), G_R = gaussian(4, 3, 8);
  const auto step_of = [](const auto& of, const Vector<double>& theta, const Vector<double>& g, double delta) {
    const ScaledGd scaled{.delta = delta};
    auto state = scaled.start<double>(of.layout());
    Step<double> step(theta.size());
    step.begin();
    step.theta = theta;
    step.gradient = g;
    scaled.apply(step, state, of);
    return step.own();
  };
  const Matrix<double> I = Matrix<double>::Identity(3, 3);
  for (const double delta : {0.0, 0.3}) {
    const Vector<double> expected =
        two_factors(model, G_L * (R.transpose() * R + delta * I).inverse(), G_R * (L.transpose() * L + delta * I).inverse());
    CHECK((step_of(model, two_factors(model, L, R), two_factors(model, G_L, G_R), delta) - expected).norm() < 1e-12 * expected.norm());
    const SymmetricMatrix<double> symmetric({.size = 5, .width = 3});
    const Vector<double> u = flat(L.transpose()), g = flat(G_L.transpose());  // stored by rows
    const Matrix<double> both = G_L * (L.transpose() * L + delta * I).inverse();
    CHECK((step_of(symmetric, u, g, delta) - flat(both.transpose())).norm() < 1e-12 * both.norm());
  }
}

TEST_CASE("a factor that has lost rank stalls the run with a sentence, unless damped; other depths are refused") {
  const DeepMatrix<double> model({4, 3, 5});
  const Problem problem(model, Data<double, AllEntries>{AllEntries(5, 4), flat(gaussian(5, 4, 9))}, HalfSumOfSquares{});
  const Vector<double> start = two_factors(model, gaussian(5, 1, 10) * gaussian(1, 3, 11), gaussian(4, 3, 12));
  Vector<double> theta = start;
  const auto outcome = train(problem, theta, scaled_gd({.rate = 0.1}), {.iterations = 5});
  CHECK(outcome.reason == Reason::stalled);
  CHECK(outcome.why.find("lost full rank") != std::string::npos);
  CHECK(theta == start);
  CHECK(train(problem, theta, scaled_gd({.rate = 0.01, .delta = 1}), {.iterations = 5}).reason == Reason::reached_limit);
  CHECK(thrown([] {
          ScaledGd{}.start<double>(DeepMatrix<double>({4, 3, 3, 5}).layout());
        }).find("the model has 3 factors") != std::string::npos);
  CHECK(thrown([] { ScaledGd{}.start<double>(DeepMatrix<double>({4, 3}).layout()); }).find("are not two factors") != std::string::npos);
  CHECK(thrown([&] { ScaledGd{.delta = -1}.start<double>(model.layout()); }) == "ScaledGd: .delta is -1, it needs to be at least 0");
  CHECK_FALSE(has_two_factors<int>);
}
