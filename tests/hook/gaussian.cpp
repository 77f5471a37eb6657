// SPDX-License-Identifier: MIT
#include <tacit/expected_term.hpp>
#include <tacit/hook/gaussian.hpp>
#include <tacit/hook/schedule.hpp>
#include <tacit/hook/trajectory.hpp>
#include <tacit/observation/features.hpp>
#include <tacit/optimizer/recipes.hpp>
#include <tacit/train.hpp>

#include "../laws/laws.hpp"
#include "thrown.hpp"

namespace gaussian_probes {

using namespace laws;
using Catch::Matchers::WithinAbs;
using Catch::Matchers::WithinRel;
using Deep = DeepMatrix<double>;

const Deep two_blocks({3, 2, 2});  // 6 and 4 parameters

TEST_CASE("W2 of a model's Gaussians is that of all scales as one matrix, for every kind of covariance") {
  for (const Covariance covariance : {Covariance::joint, Covariance::by_block, Covariance::diagonal}) {
    CAPTURE(static_cast<int>(covariance));
    const Gaussian model(two_blocks, {.covariance = covariance, .samples = 1});
    const Vector<double> theta = laws::normal<double>(model.parameter_count(), 1), prior = laws::normal<double>(model.parameter_count(), 2);
    CHECK_THAT(wasserstein2(model, theta, prior),
               WithinRel(wasserstein2(model.mean(theta), model.scale(theta), model.mean(prior), model.scale(prior)), 1e-12));
    CHECK_THAT(wasserstein2(model, prior, prior), WithinAbs(0, 1e-12));
  }
  // Blocks without variance count by their means.
  const Gaussian model(two_blocks, {.covariance = Covariance::by_block, .blocks = {"W2"}, .samples = 1});
  Vector<double> theta = laws::normal<double>(model.parameter_count(), 3), prior = theta;
  theta[0] += 3;
  CHECK_THAT(wasserstein2(model, theta, prior), WithinAbs(9, 1e-12));
}

TEST_CASE("a prior with singular scales is refused by the block's name, before the run") {
  const Gaussian blocks(two_blocks, {.covariance = Covariance::by_block, .samples = 1}),
      thin(two_blocks, {.covariance = Covariance::by_block, .rank = 4, .samples = 1}),
      diagonal(two_blocks, {.covariance = Covariance::diagonal, .samples = 1});
  Vector<double> prior = laws::normal<double>(blocks.parameter_count(), 4);
  const Index at = blocks.scales()[1].offset;
  prior.segment(at, 4) = prior.segment(at + 4, 4);
  CHECK(thrown([&] { wasserstein2_to(blocks, prior); }).find("wasserstein2: the scales S_W2 of the reference, 4 x 4, are singular: ") == 0);
  CHECK(thrown([&] {
          wasserstein2_to(thin, laws::normal<double>(thin.parameter_count(), 5));
        }).find("wasserstein2: the scales S_W1 of the reference are 6 x 4: ") == 0);
  CHECK(thrown([&] { wasserstein2_to(thin, laws::normal<double>(thin.parameter_count(), 5), SingularReference::allowed); }) ==
        "nothing was thrown");
  Vector<double> without = laws::normal<double>(diagonal.parameter_count(), 6);
  without[diagonal.scales()[1].offset + 2] = 0;
  CHECK(thrown([&] { wasserstein2_to(diagonal, without); }) ==
        "wasserstein2: entry 2 of the scales S_W2 of the reference is 0: their covariance is singular (or SingularReference::allowed)");
  CHECK(thrown([&] {
          wasserstein2_to(blocks, Vector<double>(prior.head(10)));
        }).find("wasserstein2: theta has 10 parameters, the model has 62") == 0);
  CHECK(thrown([&] {
          wasserstein2(blocks, laws::normal<double>(blocks.parameter_count(), 4), Vector<double>(prior.head(10)));
        }).find("wasserstein2 (the reference): theta has 10 parameters, the model has 62") == 0);
  prior[0] = std::nan("");
  CHECK(thrown([&] { wasserstein2(blocks, prior, laws::normal<double>(blocks.parameter_count(), 4)); }) ==
        "wasserstein2: a mean or a scale is not finite");
}

TEST_CASE("the variance along a basis is the trace of the covariance in it; a basis that is none is refused") {
  const Gaussian model(two_blocks, {.covariance = Covariance::by_block, .rank = 2, .samples = 1});
  const Vector<double> theta = laws::normal<double>(model.parameter_count(), 7);
  const Matrix<double> S = model.scale(theta), I = Matrix<double>::Identity(10, 10);
  CHECK_THAT(variance_along(model, theta, I), WithinRel(S.squaredNorm(), 1e-14));
  CHECK_THAT(variance_along(model, theta, Matrix<double>(I.middleCols(4, 3))), WithinRel(S.middleRows(4, 3).squaredNorm(), 1e-14));
  CHECK(thrown([&] { variance_along(model, theta, Matrix<double>(2 * I)); }) ==
        "variance_along: the columns of Q are not orthonormal, Q^T Q differs from I by 3");
  CHECK(thrown([&] { variance_along(model, theta, Matrix<double>(I.topRows(9))); }) ==
        "variance_along: Q is 9 x 10, it needs a row for each of the 10 parameters");
}

TEST_CASE("along a run the probes give what the functions do, and refuse a model that is no Gaussian") {
  const Gaussian model(Deep({4, 1}));
  const Problem problem(model, regression_data(normal_matrix<double>(3, 4, 8), laws::normal<double>(3, 9)), HalfSumOfSquares{});
  const Vector<double> prior = model.at_prior(laws::normal<double>(4, 10), {.std = {0.5}});
  const Matrix<double> Q = Matrix<double>::Identity(4, 4).leftCols(2);
  Trajectory history(wasserstein2_to(model, prior), variance_along("first_two", Q));
  Vector<double> theta = prior;
  train(problem, theta, gradient_descent({.rate = 0.01}), {.iterations = 20}, every(10, history));
  CHECK_THAT(history.column("wasserstein2").front(), WithinAbs(0, 1e-12));
  CHECK_THAT(history.last("wasserstein2"), WithinRel(wasserstein2(model, theta, prior), 1e-12));
  CHECK(history.last("wasserstein2") > 0.01);
  CHECK_THAT(history.last("first_two"), WithinRel(variance_along(model, theta, Q), 1e-14));

  const Problem plain(Deep({4, 1}), regression_data(normal_matrix<double>(3, 4, 8), laws::normal<double>(3, 9)), HalfSumOfSquares{});
  Vector<double> w = Vector<double>::Zero(4);
  const auto run = [&](auto probe) {
    Trajectory columns(probe);
    return thrown([&] { train(plain, w, gradient_descent({.rate = 0.01}), {.iterations = 1}, every(1, columns)); });
  };
  CHECK(run(wasserstein2_to(model, prior)) ==
        "wasserstein2_to: the model of this run has no Gaussian over its parameters, which the probe looks at");
  CHECK(run(variance_along("first_two", Q)) ==
        "variance_along: the model of this run has no Gaussian over its parameters, which the probe looks at");
}

}  // namespace gaussian_probes
