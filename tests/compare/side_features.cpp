// SPDX-License-Identifier: MIT
// Side features: rows without data are predicted from what is known of them, the model with features is chosen where they help, and features that say nothing change nothing.
#include <tacit/compare/complete.hpp>
#include <tacit/fit/as_factors.hpp>
#include <tacit/fit/lines_from_features.hpp>
#include <tacit/output/model_files.hpp>
#include <tacit/solver/als.hpp>

#include "../data/scratch.hpp"
#include "catch.hpp"

using namespace tacit;

namespace {

/// y_ij = h x_i + <G x_i + own part, b_j> + noise; the last rows are cold. Transposed on demand.
struct Planted {
  Index rows = 150, cold = 30, cols = 40;
  Matrix<double> X, truth;
  Data<double> data = observed<double>(1, 1, {0}, {0}, Vector<double>::Zero(1).eval());
  Planted(double observed_share, double own, std::uint64_t seed, bool transpose = false) {
    Random random(seed, "planted features");
    const auto normal = [&](Index n, Index m, double size) {
      Matrix<double> A(n, m);
      for (double& x : A.reshaped()) x = size * random.normal();
      return A;
    };
    X = normal(rows, 3, 1);
    const Matrix<double> G = normal(3, 2, 0.7), A = tacit::detail::product(X, G) + normal(rows, 2, own), B = normal(cols, 2, 1),
                         h = normal(3, 1, 0.7);
    truth = tacit::detail::product_nt(A, B) + tacit::detail::product(X, h).replicate(1, cols);
    if (transpose) truth.transposeInPlace();
    Entries::Indices row, col;
    std::vector<double> y;
    for (std::int32_t i = 0; i < truth.rows(); ++i)
      for (std::int32_t j = 0; j < truth.cols(); ++j)
        if ((transpose ? j : i) < rows - cold && random.uniform() < observed_share)
          row.push_back(i), col.push_back(j), y.push_back(truth(i, j) + 0.3 * random.normal());
    data = observed<double>(truth.rows(), truth.cols(), row, col, Eigen::Map<const Vector<double>>(y.data(), static_cast<Index>(y.size())));
  }
};
CompletionSettings quickly() {
  CompletionSettings s;
  s.folds = 3;
  s.depths = {2};
  s.iterations = 40;
  s.threads = 2;
  s.budget = 1;
  s.baselines = false;
  s.pace.counted = true;
  return s;
}
Matrix<double> predictions(const CompletionResult& r) {
  const Shape shape = r.fit.model->shape();
  Matrix<double> all(shape[0], shape[1]);
  Entries::Indices row, col;
  for (std::int32_t i = 0; i < shape[0]; ++i)
    for (std::int32_t j = 0; j < shape[1]; ++j) row.push_back(i), col.push_back(j);
  const Vector<double> z = r.fit.predict(Entries(shape[0], shape[1], row, col));
  for (Index k = 0; k < z.size(); ++k) all(k / shape[1], k % shape[1]) = z[k];
  return all;
}
/// Mean and standard error over the cold rows of how much lower the second one's squared error is.
std::pair<double, double> gain_on_cold(const Planted& of, const Matrix<double>& first, const Matrix<double>& second) {
  Vector<double> gain(of.cold);
  for (Index c = 0; c < of.cold; ++c) {
    const Index i = of.rows - of.cold + c;
    gain[c] = (first.row(i) - of.truth.row(i)).squaredNorm() - (second.row(i) - of.truth.row(i)).squaredNorm();
  }
  const auto n = static_cast<double>(of.cold);
  return {gain.mean(), std::sqrt((gain.array() - gain.mean()).square().sum() / (n - 1) / n)};
}

}  // namespace

TEST_CASE(
    "rows without data are predicted from their features, better than as the average row; the model with features is chosen where entries "
    "are few") {
  const Planted planted(0.12, 0.2, 1);
  CompletionSettings s = quickly();
  const CompletionResult without = complete(planted.data, s);
  s.features.rows.values = planted.X;
  const CompletionResult with = complete(planted.data, s);
  const Matrix<double> z = predictions(with);
  const auto [gain, error] = gain_on_cold(planted, predictions(without), z);
  INFO(with.chosen().name << ", gain " << gain << " +- " << error);
  CHECK(gain > 3 * error);
  CHECK((z - planted.truth).bottomRows(planted.cold).squaredNorm() < 0.4 * planted.truth.bottomRows(planted.cold).squaredNorm());
  CHECK(with.chosen().name == "depth 2, averaged, features");
  CHECK(with.chosen().rmse < without.chosen().rmse);
  CHECK(with.chosen().settings.find("features") != std::string::npos);
  const scratch::Folder folder;
  save_model(folder / "model", *with.fit.model, with.fit.theta, {.centre = with.fit.centre.with_positive_scale()});
  CHECK(load_model(folder / "model").predict(planted.data.where) == with.fit.predict(planted.data.where));
}

TEST_CASE(
    "a method without features: its rows without entries are filled by the regression of the others on their features, where that helps") {
  for (const bool transpose : {false, true}) {
    const Planted planted(0.5, 0.2, 2, transpose);
    const DeepFit plain =
        as_deep(als(planted.data, {.rank = 3, .lambda = 1, .centre = additive_effects(planted.data)}), planted.data.where.shape());
    DeepFit fit = plain;
    SideFeatures features;
    (transpose ? features.columns : features.rows).values = planted.X;
    const auto told = fill_from_features(fit, planted.data, features, 1);
    REQUIRE(told.size() == 1);
    CHECK(told[0].mode == (transpose ? 1 : 0));
    CHECK(told[0].count == planted.cold);
    CHECK(told[0].ridge > 0);
    CHECK(told[0].rmse < 0.7 * told[0].average_rmse);
    CHECK(fit.predict(planted.data.where) == plain.predict(planted.data.where));
    CompletionResult r;
    r.fit = fit;
    const Matrix<double> z = transpose ? Matrix<double>(predictions(r).transpose()) : predictions(r),
                         truth = transpose ? Matrix<double>(planted.truth.transpose()) : planted.truth;
    CHECK((z - truth).bottomRows(planted.cold).squaredNorm() < 0.3 * truth.bottomRows(planted.cold).squaredNorm());

    // Features that say nothing: the average row stays.
    Random random(5, "nothing");
    for (double& x : (transpose ? features.columns : features.rows).values.reshaped()) x = random.normal();
    DeepFit same = plain;
    const auto nothing = fill_from_features(same, planted.data, features, 1);
    REQUIRE(nothing.size() == 1);
    CHECK(nothing[0].ridge == 0);
    CHECK((same.theta - plain.theta).isZero(0));
  }
}

TEST_CASE("random features are not chosen") {
  const Planted planted(0.3, 0.5, 3);
  CompletionSettings s = quickly();
  const CompletionResult without = complete(planted.data, s);
  s.features.rows.values = planted.X.colwise().reverse();  // of other rows
  const CompletionResult with = complete(planted.data, s);
  CHECK(with.chosen().name == without.chosen().name);
  CHECK(with.fit.predict(planted.data.where) == without.fit.predict(planted.data.where));
  REQUIRE(with.cold_lines.size() == 1);
  CHECK(with.cold_lines[0].ridge == 0);
  s.features.rows.values = Matrix<double>::Ones(7, 2);
  CHECK(scratch::error_of([&] { complete(planted.data, s); }) == "complete: there are features of 7 rows, the data have 150");
}
