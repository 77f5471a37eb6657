// SPDX-License-Identifier: MIT
#include <tacit/solver/soft_impute.hpp>

#include "catch.hpp"
#include "solver/example.hpp"
#include "thrown.hpp"

#include <Eigen/SVD>

using namespace tacit;
using namespace tacit::testing;

namespace {

using Svd = Eigen::JacobiSVD<Matrix<double>>;

Matrix<double> completed(const SoftImpute& fit) { return fit.U * fit.d.asDiagonal() * fit.V.transpose(); }

Data<double> noisy(Index rows, Index cols, double density) {
  return sampled(3 * normal(rows, 3, 1) * normal(3, cols, 2) + normal(rows, cols, 3), density, 4);
}

}  // namespace

TEST_CASE("SoftImpute meets the optimality conditions of its convex problem") {
  // Of both ways to the singular vectors, on tall and wide matrices.
  const auto [rows, cols, density] =
      GENERATE(std::tuple<Index, Index, double>{40, 15, 0.6}, std::tuple<Index, Index, double>{15, 40, 0.6},
               std::tuple<Index, Index, double>{130, 110, 0.12}, std::tuple<Index, Index, double>{110, 130, 0.12},
               std::tuple<Index, Index, double>{60, 300, 0.08});
  const Data<double> data = noisy(rows, cols, density);
  const double lambda_max = soft_impute_lambda_max(data);
  CHECK_THAT(lambda_max, Catch::Matchers::WithinRel(Svd(dense(data.where, data.y)).singularValues()[0], 1e-9));
  for (double relative : {0.5, 0.1, 0.03}) {
    const double lambda = relative * lambda_max;
    const SoftImpute fit = soft_impute(data, {.lambda = lambda, .tolerance = 1e-7});
    REQUIRE(fit.converged);
    const Matrix<double> R = dense(data.where, data.y - fit.predict(data.where)), one = Matrix<double>::Identity(fit.rank(), fit.rank());
    CHECK((fit.U.transpose() * fit.U - one).norm() < 1e-9);
    CHECK((fit.V.transpose() * fit.V - one).norm() < 1e-9);
    CHECK(fit.d.minCoeff() > 0);
    CHECK((R * fit.V - lambda * fit.U).norm() < 2e-5 * lambda_max);
    CHECK((R.transpose() * fit.U - lambda * fit.V).norm() < 2e-5 * lambda_max);
    CHECK(Svd(R).singularValues()[0] < lambda * (1 + 1e-4));
    CHECK_THAT(fit.objective, Catch::Matchers::WithinRel(R.squaredNorm() / 2 + lambda * fit.d.sum(), 1e-10));
  }
}

TEST_CASE("with all entries observed SoftImpute is the soft-thresholded singular value decomposition") {
  const Matrix<double> W = normal(25, 18, 1);
  const SoftImpute fit = soft_impute(sampled(W, 2, 1), {.lambda = 4});
  const Svd svd(W, Eigen::ComputeThinU | Eigen::ComputeThinV);
  const Matrix<double> expected =
      svd.matrixU() * (svd.singularValues().array() - 4).max(0).matrix().asDiagonal() * svd.matrixV().transpose();
  CHECK((completed(fit) - expected).norm() < 1e-10);
  CHECK(fit.rank() == (svd.singularValues().array() > 4).count());
}

TEST_CASE("lambda_max is where the completion becomes zero") {
  const Index rows = GENERATE(20, 150);
  const Data<double> data = noisy(rows, 120, rows == 20 ? 0.5 : 0.08);
  const double lambda_max = soft_impute_lambda_max(data);
  CHECK(soft_impute(data, {.lambda = 1.001 * lambda_max}).rank() == 0);
  CHECK(soft_impute(data, {.lambda = 1.001 * lambda_max}).predict(data.where).norm() == 0);
  CHECK(soft_impute(data, {.lambda = 0.99 * lambda_max}).rank() == 1);
}

TEST_CASE("a small lambda recovers a matrix of low rank without noise") {
  const auto [rows, cols, density] =
      GENERATE(std::tuple<Index, Index, double>{60, 50, 0.5}, std::tuple<Index, Index, double>{150, 130, 0.4});
  const Matrix<double> W = normal(rows, 2, 1) * normal(2, cols, 2);
  const Data<double> data = sampled(W, density, 3);
  const SoftImpute fit = soft_impute(data, {.lambda = 1e-4 * soft_impute_lambda_max(data), .tolerance = 1e-7, .iterations = 5000});
  CHECK((completed(fit) - W).norm() < 1e-3 * W.norm());
}

TEST_CASE("a centre is subtracted before and added after") {
  const Data<double> data = noisy(30, 20, 0.5);
  const Centre centre = additive_effects(data);
  const SoftImpute centred = soft_impute(data, {.lambda = 5, .centre = centre}),
                   left = soft_impute(centre.subtracted_from(data), {.lambda = 5});
  CHECK((centred.predict(data.where) - left.predict(data.where) - centre.predict(data.where)).norm() < 1e-12);
  const Entry at = data.where[7];
  CHECK_THAT(centred.predict(at.row, at.col), Catch::Matchers::WithinAbs(centred.predict(data.where)[7], 1e-12));
}

TEST_CASE("SoftImpute says where the limit of the rank cut something off") {
  const Index rows = GENERATE(30, 150);
  const Data<double> data = noisy(rows, 120, 0.3);
  const double lambda = 0.05 * soft_impute_lambda_max(data);
  const SoftImpute free = soft_impute(data, {.lambda = lambda}), limited = soft_impute(data, {.lambda = lambda, .max_rank = 2});
  CHECK_FALSE(free.rank_limited);
  CHECK(limited.rank_limited);
  CHECK(limited.rank() == 2);
}

TEST_CASE("same seed, same completion to the bit") {
  const Data<double> data = noisy(130, 110, 0.12);
  const SoftImpute a = soft_impute(data, {.lambda = 10, .seed = 3}), b = soft_impute(data, {.lambda = 10, .seed = 3});
  CHECK(a.U == b.U);
  CHECK(a.d == b.d);
  CHECK(a.predict(data.where) == b.predict(data.where));
}

TEST_CASE("tune_soft_impute returns the fit of its best trial, and centres where that helps") {
  const Matrix<double> low_rank = normal(50, 2, 1) * normal(2, 40, 2) + 0.3 * normal(50, 40, 3);
  const Matrix<double> effects = 6 * additive(50, 40, 4);
  const bool shifted = GENERATE(true, false);
  const Matrix<double> W = shifted ? Matrix<double>(low_rank + effects) : low_rank;
  const Data<double> train = sampled(W, 0.3, 6), validation = sampled(W, 0.1, 7);
  const auto tuned = tune_soft_impute(train, validation);
  for (const SoftImputeTrial& trial : tuned.trials) CHECK(trial.validation_rmse >= tuned.validation_rmse);
  CHECK(detail::rmse(tuned.fit.predict(validation.where), validation.y) == tuned.validation_rmse);
  CHECK((tuned.fit.centre.form != "zero") == shifted);
  CHECK(tuned.validation_rmse < 0.7 * tune_means(train, validation).validation_rmse);
  const SoftImpute anew = soft_impute(train, {.lambda = tuned.fit.lambda, .centre = tuned.fit.centre});
  CHECK_THAT(detail::rmse(anew.predict(validation.where), validation.y), Catch::Matchers::WithinRel(tuned.validation_rmse, 2e-3));
}

TEST_CASE("an outlier that stands far above the rest does not end the path of lambdas") {
  Matrix<double> W = normal(40, 2, 1) * normal(2, 30, 2);
  const Data<double> validation = sampled(W, 0.2, 4);
  Data<double> train = sampled(W, 0.5, 3);
  train.y[0] = 500;
  const auto tuned = tune_soft_impute(train, validation, {.centred = false});
  CHECK(tuned.fit.rank() > 2);
}

TEST_CASE("degenerate data: all equal, one entry, zero, empty lines") {
  const Data<double> equal = sampled(Matrix<double>::Constant(8, 6, 2.5), 0.5, 1),
                     one = observed<double>(3, 2, std::vector<Triplet<double>>{{2, 0, 4}});
  CHECK_THAT(tune_soft_impute(equal, equal).fit.predict(0, 0), Catch::Matchers::WithinAbs(2.5, 1e-12));
  CHECK_THAT(tune_soft_impute(one, one).fit.predict(1, 1), Catch::Matchers::WithinAbs(4, 1e-12));
  CHECK_THAT(soft_impute(one, {.lambda = 1}).predict(2, 0), Catch::Matchers::WithinAbs(3, 1e-9));
  CHECK(soft_impute(one, {.lambda = 1}).predict(0, 1) == 0);
  const Data<double> zero = sampled(Matrix<double>::Zero(8, 6), 0.5, 1);
  CHECK(soft_impute(zero, {.lambda = 1}).rank() == 0);
  CHECK(tune_soft_impute(zero, zero).validation_rmse == 0);
  const Data<double> far =
      observed<double>(500, 400, std::vector<Triplet<double>>{{0, 0, 1}, {499, 399, 2}});  // the subspace is wider than the rank
  CHECK_THAT(soft_impute(far, {.lambda = 0.5}).predict(499, 399), Catch::Matchers::WithinAbs(1.5, 1e-4));
  CHECK_THAT(soft_impute(far, {.lambda = 0.5}).predict(0, 0), Catch::Matchers::WithinAbs(0.5, 1e-4));
}

TEST_CASE("SoftImpute refuses settings without meaning") {
  const Data<double> data = noisy(10, 8, 0.5);
  CHECK(thrown([&] { soft_impute(data, {}); }) == "soft_impute: lambda is 0, it needs to be positive and finite");
  CHECK(thrown([&] { soft_impute(data, {.lambda = 1, .max_rank = 0}); }) ==
        "soft_impute: max_rank 0, iterations 2000 and tolerance 1e-05 need to be positive");
  CHECK(thrown([&] { soft_impute(data, {.lambda = 1, .centre = line_means(noisy(8, 10, 0.5))}); }) ==
        "Centre: has 8 effects of mode 0, the data are 10 x 8");
  CHECK(thrown([&] { soft_impute(data, {.lambda = 1}).predict(everywhere(2, 2)); }) ==
        "SoftImpute: fitted to a 10 x 8 matrix, asked about entries of a 2 x 2 matrix");
  CHECK(thrown([&] { soft_impute(data, {.lambda = 1}).predict(0, 8); }) ==
        "SoftImpute: (0, 8) lies outside the 10 x 8 matrix (indices start at 0)");
  CHECK(thrown([&] { tune_soft_impute(data, noisy(8, 10, 0.5)); }) ==
        "tune_soft_impute: train is 10 x 8, validation 8 x 10; they need to be parts of one matrix");
  CHECK(thrown([&] { tune_soft_impute(data, data, {.factor = 1}); }) ==
        "tune_soft_impute: factor 1 and smallest 0.001 need to lie between 0 and 1");
  CHECK(thrown([&] { tune_soft_impute(data, data, {.patience = 0}); }) ==
        "tune_soft_impute: patience 0, max_rank 100, iterations 200 and tolerance 0.0003 need to be positive");
}
