// SPDX-License-Identifier: MIT
// Side features in the prior: the regression is that of normal equations, lines without entries lie at its means, and a prior of mean 0 is the one without features.
#include <tacit/data/low_rank.hpp>
#include <tacit/solver/feature_prior.hpp>
#include <tacit/solver/means.hpp>

#include "catch.hpp"

using namespace tacit;

namespace {

LineFeatures drawn(Index lines, Index count, std::uint64_t seed) {
  Random random(seed, "features");
  LineFeatures f{Matrix<double>(lines, count)};
  for (double& x : f.values.reshaped()) x = random.normal();
  return f;
}

}  // namespace

TEST_CASE("the regression on features solves its normal equations, from the lines that it is told") {
  const LineFeatures features = drawn(12, 2, 1);
  const Matrix<double> A = drawn(3, 12, 2).values;
  const std::vector<Index> from{0, 2, 3, 5, 7, 8, 11};
  const double ridge = 0.7;
  const Matrix<double> predicted = detail::FeatureRegression(features, from, ridge)(A);
  REQUIRE(predicted.rows() == 3);
  REQUIRE(predicted.cols() == 12);
  // The gradient of  sum |a_i - G^T x_i|^2 + ridge |G|^2, without the mean in the penalty, vanishes at the G that the predictions come from.
  Matrix<double> X(12, 3);
  X << Vector<double>::Ones(12), features.values;
  Matrix<double> gram = detail::product_tn(X, X), G = detail::product_tn(X, Matrix<double>(predicted.transpose()));
  detail::factor_normal_equations(gram);
  for (Index q = 0; q < 3; ++q) detail::substitute_normal_equations(gram, G.data() + 3 * q);
  CHECK((detail::product(X, G) - predicted.transpose()).norm() < 1e-10);
  Matrix<double> gradient = ridge * G;
  gradient.row(0).setZero();  // the mean is not shrunk
  for (const Index i : from)
    for (Index q = 0; q < 3; ++q) gradient.col(q) += X.row(i).transpose() * (predicted(q, i) - A(q, i));
  CHECK(gradient.norm() < 1e-10);
}

TEST_CASE("with features, lines without entries have the factors that these predict; prior means of 0 are none") {
  auto task = low_rank_completion({.rows = 30, .cols = 20, .rank = 2, .observed = 300, .seed = 3, .noise_std = 0.1});
  std::vector<Index> kept;
  for (Index k = 0; k < task.seen.count(); ++k)
    if (task.seen.where[k].row != 4) kept.push_back(k);
  const Data<double> data = subset(task.seen, kept);
  const SideFeatures features{drawn(30, 2, 4), {}};
  detail::PosteriorMean plain(data, 3, 1), zero(data, 3, 1), with(data, 3, 1);
  const detail::FeaturePrior prior(features, data.where, 10);
  zero.set_prior_means(Matrix<double>::Zero(3, 30), Matrix<double>());
  for (int sweep = 0; sweep < 5; ++sweep) plain.sweep(), zero.sweep();
  CHECK((plain.At() - zero.At()).norm() < 1e-12 * plain.At().norm());
  CHECK(plain.At().col(4).isZero());
  for (int sweep = 0; sweep < 5; ++sweep) prior.sweep(with);
  const Matrix<double> before = detail::FeatureRegression(features.rows, detail::observed_lines(data.where, 0), 10)(with.At());
  with.sweep();
  CHECK((with.At().col(4) - before.col(4)).norm() < 1e-12 * before.norm());
  CHECK(with.At().col(4).norm() > 0.01);

  Centre effects = additive_effects(data);
  CHECK(effects.effects[0][4] == 0);
  const Vector<double> others = effects.effects[1];
  prior.predict_effects(effects, data.where);
  CHECK(effects.effects[0][4] != 0);
  CHECK(effects.effects[1] == others);
}
