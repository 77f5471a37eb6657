// SPDX-License-Identifier: MIT
#include <tacit/data/low_rank.hpp>
#include <tacit/model/deep_matrix.hpp>
#include <tacit/optimizer/named_optimizers.hpp>
#include <tacit/race/atlas_run.hpp>
#include <tacit/train.hpp>

#include <Eigen/SVD>

#include "catch.hpp"

using namespace tacit;
using Catch::Matchers::WithinRel;

TEST_CASE("the quantities of a run are those of the matrix that it ends at, formed and decomposed") {
  const AtlasProblem problem = atlas_problem("matrix_completion({.rows = 8, .cols = 8, .rank = 1, .observed = 40})");
  const AtlasInstance instance = problem.make(3, 0.1, 4);
  const LeastNorm least = problem.least_norm(4);
  CHECK(least.lower <= least.norm);
  CHECK_THAT(least.lower, WithinRel(least.norm, 1e-4));
  const AtlasBudget budget{.gradients = 15'000};
  const AtlasRun run = atlas_run(instance, AnyOptimizer<double>("gradient_descent({.rate = 0.5})"), least.lower, budget);
  REQUIRE(run.reached);
  CHECK(run.reached_at <= run.race.gradients);

  // The same run, by hand.
  Vector<double> theta = instance.race.theta;
  const auto outcome =
      train(instance.race.problem, theta, AnyOptimizer<double>("gradient_descent({.rate = 0.5})"), {.iterations = run.race.iterations});
  CHECK((theta.array() == run.race.theta.array()).all());
  const DeepMatrix<double> model({8, 8, 8, 8});
  const Layout& layout = model.layout();
  const Eigen::MatrixXd W1 = layout.matrix(theta, 0), W2 = layout.matrix(theta, 1), W3 = layout.matrix(theta, 2), W = W3 * W2 * W1;
  const Eigen::VectorXd s = Eigen::JacobiSVD<Eigen::MatrixXd>(W).singularValues();
  const Eigen::VectorXd p = s / s.sum();
  double entropy = 0;
  for (Index k = 0; k < 8; ++k) entropy -= p[k] > 0 ? p[k] * std::log(p[k]) : 0;
  CHECK_THAT(run.end.of("effective_rank"), WithinRel(std::exp(entropy), 1e-9));
  CHECK_THAT(run.end.of("nuclear_ratio"), WithinRel(s.sum() / least.lower, 1e-9));
  CHECK_THAT(run.end.of("schatten"), WithinRel(std::pow(s.array().pow(2.0 / 3).sum(), 1.5), 1e-6));
  const Eigen::MatrixXd paths = W3.array().square().matrix() * W2.array().square().matrix() * W1.array().square().matrix();
  CHECK_THAT(run.end.of("path_norm"), WithinRel(std::sqrt(paths.sum()), 1e-9));
  const double largest = std::max({W1.squaredNorm(), W2.squaredNorm(), W3.squaredNorm()});
  const double defect = std::max((W2.transpose() * W2 - W1 * W1.transpose()).norm(), (W3.transpose() * W3 - W2 * W2.transpose()).norm());
  CHECK_THAT(run.end.of("balancedness"), WithinRel(defect / largest, 1e-6));
  const auto [truth, seen] = low_rank_completion({.rows = 8, .cols = 8, .rank = 1, .observed = 40, .seed = 4});
  Eigen::MatrixXd hidden = Eigen::MatrixXd::Ones(8, 8);
  for (Index k = 0; k < seen.count(); ++k) hidden(seen.where.row()[k], seen.where.col()[k]) = 0;
  CHECK_THAT(run.end.of("unseen_error"), WithinRel((W - truth).cwiseProduct(hidden).norm() / truth.cwiseProduct(hidden).norm(), 1e-9));
  // The Hessian, column by column.
  auto ws = instance.race.problem.workspace();
  Eigen::MatrixXd H(theta.size(), theta.size());
  for (Index k = 0; k < theta.size(); ++k) {
    Vector<double> e = Vector<double>::Unit(theta.size(), k), column(theta.size());
    instance.race.problem.hessian_times(theta, e, ws, column);
    H.col(k) = column;
  }
  const double top = Eigen::JacobiSVD<Eigen::MatrixXd>(H).singularValues()[0];
  CHECK_THAT(run.end.of("sharpness"), WithinRel(top, 1e-4));
  CHECK_THAT(run.end.of("edge"), WithinRel(top * 0.5 / 2, 1e-4));
  CHECK(std::isnan(run.end.of("l1")));
}

TEST_CASE("a run that never comes to the target keeps what it had, and is marked") {
  const AtlasProblem problem = atlas_problem("matrix_completion({.rows = 8, .cols = 8, .rank = 1, .observed = 40})");
  const AtlasInstance instance = problem.make(2, 0.01, 1);
  const AtlasRun slow = atlas_run(instance, AnyOptimizer<double>("gradient_descent({.rate = 1e-3})"), 1, {.gradients = 50});
  CHECK_FALSE(slow.reached);
  CHECK(std::isnan(slow.reached_at));
  CHECK(slow.race.gradients <= 51);
  CHECK(slow.target.of("effective_rank") == slow.end.of("effective_rank"));
  CHECK(slow.target.of("effective_rank") > 0);
  const AtlasRun wild = atlas_run(instance, AnyOptimizer<double>("gradient_descent({.rate = 1e6})"), 1, {.gradients = 50});
  CHECK(wild.race.reason == Reason::diverged);
  CHECK_FALSE(wild.reached);
  CHECK(std::isfinite(wild.end.of("relative_loss")));
}

TEST_CASE("a diagonal net ends at a lower l1 norm from a small start than from a large one, and at depth 1 it does not") {
  const AtlasProblem problem = atlas_problem("diagonal_regression({.size = 40, .observed = 20, .sparsity = 3})");
  const auto l1 = [&](Index depth, double scale, std::uint64_t seed) {
    const AtlasRun run = atlas_run(problem.make(depth, scale, seed), AnyOptimizer<double>("gradient_descent({.rate = 0.03})"),
                                   problem.least_norm(seed).lower, {.gradients = 100'000});
    INFO("depth " << depth << ", scale " << scale << ", seed " << seed << ": relative loss " << run.end.of("relative_loss"));
    REQUIRE(run.reached);
    CHECK(run.target.of("relative_loss") <= 1e-6);
    CHECK(run.target.of("nuclear_ratio") > 0.99);  // nothing that agrees with the data is below 1
    CHECK_THAT(run.target.of("nuclear_ratio") * problem.least_norm(seed).lower, WithinRel(run.target.of("l1"), 1e-12));
    return run.target.of("l1");
  };
  for (std::uint64_t seed = 1; seed <= 3; ++seed) {
    CHECK(l1(2, 1e-3, seed) < 0.9 * l1(2, 1, seed));
    CHECK(l1(3, 1e-3, seed) < 0.9 * l1(3, 1, seed));
    CHECK(l1(1, 1e-3, seed) == l1(1, 1, seed));
  }
}
