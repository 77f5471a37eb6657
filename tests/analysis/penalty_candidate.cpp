// SPDX-License-Identifier: MIT
#include <tacit/analysis/penalty_candidate.hpp>

#include <tacit/penalty/nuclear_over_frobenius.hpp>

#include <Eigen/SVD>

#include "catch.hpp"
#include "hook/example.hpp"
#include "thrown.hpp"

using namespace tacit;

namespace {

/// Central differences of a value at theta.
template <class F>
Vector<double> penalty_slope(const F& value, Vector<double> theta) {
  Vector<double> g(theta.size());
  for (Index i = 0; i < theta.size(); ++i) {
    const double at = theta[i], h = 1e-5;
    theta[i] = at + h;
    const double above = value(theta);
    theta[i] = at - h;
    g[i] = (above - value(theta)) / (2 * h);
    theta[i] = at;
  }
  return g;
}

}  // namespace

TEST_CASE("candidates give the gradients of their penalties: of theta, of W, of the gradient's square, of a function of one's own") {
  const auto problem = example::problem();
  const Vector<double> theta = example::start();
  const auto agrees = [&](const PenaltyCandidate& candidate, const auto& value) {
    const Vector<double> expected = penalty_slope(value, theta);
    INFO(candidate.name);
    CHECK((candidate.gradient(theta) - expected).norm() < 1e-8 * (1 + expected.norm()));
    CHECK(expected.norm() > 1e-3);
    const PenaltyCandidate copy = candidate;
    CHECK(copy.gradient(theta) == candidate.gradient(theta));
  };
  agrees(penalty_candidate(WeightDecayPenalty{.lambda = 2}), [](const Vector<double>& t) { return t.squaredNorm(); });
  agrees(penalty_candidate(example::model(), WeightDecayPenalty{.lambda = 2}), [](const Vector<double>& t) { return t.squaredNorm(); });
  agrees(penalty_candidate(example::model(), NuclearOverFrobenius{.lambda = 3}), [](const Vector<double>& t) {
    const Matrix<double> W = example::product(t);
    return 3 * Eigen::JacobiSVD<Matrix<double>>(W).singularValues().sum() / W.norm();
  });
  agrees(mean_squared_gradient(problem), [&](const Vector<double>& t) {
    auto ws = problem.workspace();
    Vector<double> g(t.size());
    problem.value_and_gradient(t, ws, g);
    return g.squaredNorm() / static_cast<double>(t.size());
  });
  agrees(penalty_candidate("quartic", [](const Vector<double>& t) -> Vector<double> { return 4 * t.array().cube(); }),
         [](const Vector<double>& t) { return t.array().pow(4).sum(); });
  CHECK(mean_squared_gradient(problem).name == "R_IG");
  CHECK(penalty_candidate(WeightDecayPenalty{1}).name == "WeightDecayPenalty");
}
TEST_CASE("candidates of a model in float are asked in float, and those of another size refuse") {
  const Problem narrow(example::model<float>(), example::data<float>(), MeanSquares{}, WeightDecayPenalty{0.01});
  const Vector<double> theta = example::start();
  const auto problem = example::problem();
  const Vector<double> wide = mean_squared_gradient(problem).gradient(theta), thin = mean_squared_gradient(narrow).gradient(theta);
  CHECK((wide - thin).norm() < 1e-5 * wide.norm());
  CHECK((wide - thin).norm() > 0);
  CHECK(thrown([&] { mean_squared_gradient(narrow).gradient(theta.head(5)); }).find("5") != std::string::npos);
  CHECK(thrown([&] { penalty_candidate(example::model(), WeightDecayPenalty{1}).gradient(theta.head(5)); }).find("5") != std::string::npos);
  CHECK(thrown([&] { penalty_candidate(WeightDecayPenalty{-1}); }).find("-1") != std::string::npos);
}
