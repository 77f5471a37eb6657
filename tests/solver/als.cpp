// SPDX-License-Identifier: MIT
#include <tacit/fit/tune_als.hpp>
#include <tacit/solver/soft_impute.hpp>

#include "catch.hpp"
#include "solver/example.hpp"
#include "thrown.hpp"

using namespace tacit;
using namespace tacit::testing;

namespace {

Data<double> noisy_rank_3(Index rows, Index cols, double density) {
  return sampled(normal(rows, 3, 1) * normal(3, cols, 2) + 0.5 * normal(rows, cols, 3), density, 4);
}

}  // namespace

TEST_CASE("the normal equations are solved, and what they leave open is 0") {
  const Matrix<double> B = normal(6, 9, 1);
  Matrix<double> G = B * B.transpose();
  const Vector<double> x = normal(6, 1, 2), b = G * x;
  Vector<double> solution = b;
  Matrix<double> factor = G;
  detail::solve_normal_equations(factor, solution.data());
  CHECK((solution - x).norm() < 1e-10);
  const Matrix<double> thin = normal(6, 3, 3);  // rank 3
  factor = G = thin * thin.transpose();
  const Vector<double> right = G * x;
  solution = right;
  detail::solve_normal_equations(factor, solution.data());
  CHECK((G * solution - right).norm() < 1e-8);
  CHECK(solution.tail(3).norm() == 0);
  factor = Matrix<double>::Zero(2, 2);
  solution = Vector<double>::Ones(2);
  detail::solve_normal_equations(factor, solution.data());
  CHECK(solution.norm() == 0);
}

TEST_CASE("ALS ends where both gradients of its objective vanish") {
  const bool weighted = GENERATE(false, true);
  const Data<double> data = noisy_rank_3(40, 30, 0.4);
  const double lambda = weighted ? 0.1 : 2;
  const Als fit = als(data, {.rank = 5, .lambda = lambda, .weighted = weighted, .sweeps = 5000, .tolerance = 1e-10});
  REQUIRE(fit.converged);
  const Matrix<double> R = dense(data.where, data.y - fit.predict(data.where)),
                       seen = dense(data.where, Vector<double>::Ones(data.count()));
  Vector<double> rows = Vector<double>::Constant(40, lambda), cols = Vector<double>::Constant(30, lambda);
  if (weighted) rows = lambda * seen.rowwise().sum(), cols = lambda * seen.colwise().sum().transpose();
  CHECK((R * fit.B - rows.asDiagonal() * fit.A).norm() < 1e-6);
  CHECK((R.transpose() * fit.A - cols.asDiagonal() * fit.B).norm() < 1e-6);
  const double penalty = (rows.asDiagonal() * fit.A).cwiseProduct(fit.A).sum() + (cols.asDiagonal() * fit.B).cwiseProduct(fit.B).sum();
  CHECK_THAT(fit.objective, Catch::Matchers::WithinRel(R.squaredNorm() / 2 + penalty / 2, 1e-10));
}

TEST_CASE("a sweep never raises the objective") {
  const bool weighted = GENERATE(false, true);
  const Data<double> data = noisy_rank_3(30, 40, 0.3);
  double last = std::numeric_limits<double>::infinity();
  for (Index sweeps = 1; sweeps < 12; ++sweeps) {
    const double now = als(data, {.rank = 4, .lambda = 0.3, .weighted = weighted, .sweeps = sweeps}).objective;
    CHECK(now <= last * (1 + 1e-12));
    last = now;
  }
}

TEST_CASE("unweighted ALS of enough rank and SoftImpute have the same minimum") {
  const Data<double> data = noisy_rank_3(40, 30, 0.5);
  const double lambda = 0.15 * soft_impute_lambda_max(data);
  const SoftImpute convex = soft_impute(data, {.lambda = lambda, .tolerance = 1e-7});
  const Als fit = als(data, {.rank = convex.rank() + 3, .lambda = lambda, .sweeps = 5000, .tolerance = 1e-9});
  CHECK(convex.rank() > 1);
  CHECK_THAT(fit.objective, Catch::Matchers::WithinRel(convex.objective, 1e-6));
  CHECK((fit.A * fit.B.transpose() - convex.U * convex.d.asDiagonal() * convex.V.transpose()).norm() < 1e-3 * convex.d.norm());
}

TEST_CASE("ALS recovers a matrix of low rank without noise") {
  const Matrix<double> W = normal(60, 3, 1) * normal(3, 50, 2);
  const Als fit = als(sampled(W, 0.4, 3), {.rank = 3, .lambda = 1e-7, .sweeps = 2000, .tolerance = 1e-9});
  CHECK((fit.A * fit.B.transpose() - W).norm() < 1e-5 * W.norm());
}

TEST_CASE("the same seed gives the same factors to the bit, another seed others") {
  const Data<double> data = noisy_rank_3(30, 20, 0.5);
  const Als a = als(data, {.lambda = 1, .seed = 5}), b = als(data, {.lambda = 1, .seed = 5}), c = als(data, {.lambda = 1, .seed = 6});
  CHECK(a.A == b.A);
  CHECK(a.B == b.B);
  CHECK(a.A != c.A);
}

TEST_CASE("ALS adds its centre, one entry at a time and all at once") {
  const Data<double> data = noisy_rank_3(30, 20, 0.5);
  const Centre centre = additive_effects(data);
  const Als fit = als(data, {.rank = 2, .lambda = 1, .centre = centre}), left = als(centre.subtracted_from(data), {.rank = 2, .lambda = 1});
  CHECK((fit.predict(data.where) - left.predict(data.where) - centre.predict(data.where)).norm() < 1e-12);
  for (Index k : {0, 5, 17})
    CHECK_THAT(fit.predict(data.where[k].row, data.where[k].col), Catch::Matchers::WithinAbs(fit.predict(data.where)[k], 1e-12));
}

TEST_CASE("lines without entries are predicted by the centre, and fewer entries than the rank are no harm") {
  const Data<double> data = observed<double>(4, 3, std::vector<Triplet<double>>{{0, 0, 2}, {0, 2, 3}, {1, 0, 4}});
  for (double lambda : {0.0, 0.01}) {
    const Als fit = als(data, {.rank = 6, .lambda = lambda});
    CHECK(fit.predict(3, 1) == 0);
    CHECK(fit.predict(2, 0) == 0);
    CHECK(fit.A.allFinite());
    CHECK_THAT(fit.predict(1, 0), Catch::Matchers::WithinAbs(4, 0.1));
  }
}

TEST_CASE("tune_als returns the iterate of its best trial") {
  const Matrix<double> W = normal(60, 2, 1) * normal(2, 40, 2) + 0.3 * normal(60, 40, 3);
  const bool shifted = GENERATE(false, true);
  const Matrix<double> whole = shifted ? Matrix<double>(W + 8 * additive(60, 40, 9)) : W;
  const Data<double> train = sampled(whole, 0.3, 4), validation = sampled(whole, 0.1, 5);
  const auto tuned = tune_als(train, validation, {.ranks = {1, 2, 4}});
  double least = std::numeric_limits<double>::infinity();
  for (const AlsTrial& trial : tuned.trials) least = std::min(least, trial.validation_rmse);
  CHECK(least == tuned.validation_rmse);
  CHECK_THAT(detail::rmse(tuned.fit.predict(validation.where), validation.y), Catch::Matchers::WithinRel(tuned.validation_rmse, 1e-10));
  if (shifted) CHECK(tuned.validation_rmse < 0.7 * tune_means(train, validation).validation_rmse);
  if (!shifted) CHECK(tuned.validation_rmse < 0.45);
  if (!shifted) CHECK(tuned.fit.rank() == 2);
  CHECK(tune_als(train, validation, {.ranks = {1, 2, 4}}).fit.A == tuned.fit.A);
}

TEST_CASE("tune_als of equal entries, or of one, is their mean") {
  const Data<double> equal = sampled(Matrix<double>::Constant(8, 6, 2.5), 0.5, 1),
                     one = observed<double>(3, 2, std::vector<Triplet<double>>{{2, 0, 4}});
  CHECK_THAT(tune_als(equal, equal).fit.predict(0, 0), Catch::Matchers::WithinAbs(2.5, 0.01));
  CHECK_THAT(tune_als(one, one).fit.predict(2, 0), Catch::Matchers::WithinAbs(4, 0.1));
  const Data<double> zero = sampled(Matrix<double>::Zero(8, 6), 0.5, 1);
  CHECK(tune_als(zero, zero).validation_rmse == 0);
  CHECK(tune_als(zero, zero).fit.predict(everywhere(8, 6)).norm() == 0);
}

TEST_CASE("ALS refuses settings without meaning") {
  const Data<double> data = noisy_rank_3(10, 8, 0.5);
  CHECK(thrown([&] { als(data, {.rank = 0}); }) == "als: rank 0, sweeps 500 and tolerance 1e-06 need to be positive");
  CHECK(thrown([&] { als(data, {.lambda = -1}); }) == "als: lambda is -1, it needs to be finite and not negative");
  CHECK(thrown([&] { als(data, {}).predict(everywhere(2, 2)); }) ==
        "Als: fitted to a 10 x 8 matrix, asked about entries of a 2 x 2 matrix");
  CHECK(thrown([&] { als(data, {}).predict(10, 0); }) == "Als: (10, 0) lies outside the 10 x 8 matrix (indices start at 0)");
  CHECK(thrown([&] { tune_als(data, data, {.ranks = {}}); }) == "tune_als: the grid has no rank");
  CHECK(thrown([&] { tune_als(data, data, {.ranks = {2, 0}}); }) == "tune_als: rank 0 in the grid, ranks need to be positive");
  CHECK(thrown([&] { tune_als(data, noisy_rank_3(8, 10, 0.5)); }) ==
        "tune_als: train is 10 x 8, validation 8 x 10; they need to be parts of one matrix");
}
