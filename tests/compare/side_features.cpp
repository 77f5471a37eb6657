// SPDX-License-Identifier: MIT
// Side features: rows without data are predicted from what is known of them, the model with features is chosen where they help, and features that say nothing change nothing.
#include <tacit/compare/complete.hpp>
#include <tacit/output/model_files.hpp>

#include "../data/scratch.hpp"
#include "../fit/planted_features.hpp"
#include "catch.hpp"

using namespace tacit;
using planted_features::everywhere;
using planted_features::Planted;

namespace {

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
  const Matrix<double> z = everywhere(with.fit);
  const auto [gain, error] = gain_on_cold(planted, everywhere(without.fit), z);
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
