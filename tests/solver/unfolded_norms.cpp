// SPDX-License-Identifier: MIT
// A penalty on all unfoldings at once: its minimum, against SoftImpute where the tensor is a matrix and against every direction where it is
// none; what it completes.
#include <tacit/core/singular_values.hpp>
#include <tacit/data/low_rank_tensor.hpp>
#include <tacit/observation/split.hpp>
#include <tacit/solver/soft_impute.hpp>
#include <tacit/solver/unfolded_norms.hpp>

#include "catch.hpp"
#include "thrown.hpp"

using namespace tacit;

namespace {

/// The objective by its definition: every unfolding written out, singular values without Gram matrices.
double objective(const Tensor<double>& W, const Data<double, TensorEntries>& data, double lambda, double free) {
  double value = 0;
  const Shape& shape = W.shape;
  for (Index k = 0; k < data.count(); ++k) {
    Index place = 0;
    for (Index n = shape.order(); n-- > 0;) place = place * shape[n] + data.where.mode(n)[k];
    value += 0.5 * std::pow(data.y[k] - W.values[place], 2);
  }
  SpectrumWorkspace<double> ws;
  Matrix<double> unfolded;
  Vector<double> sigma;
  for (Index n = 0; n < shape.order(); ++n) {
    unfold(shape, W.values.data(), n, unfolded);
    singular_values<double>(unfolded, ws, sigma);
    const auto out = static_cast<Index>(std::ceil(free * static_cast<double>(sigma.size()) - 1e-9));
    value += lambda / static_cast<double>(shape.order()) * sigma.tail(sigma.size() - out).sum();
  }
  return value;
}
TensorTask<double> planted(double noise, const Shape& shape = {9, 8, 7}, Index observed = 300) {
  return low_rank_completion(Tucker<double>({.shape = shape, .ranks = {2, 2, 2}}),
                             {.observed = observed, .norm = 22.4, .seed = 3, .noise_std = noise});
}

}  // namespace

TEST_CASE("no small step in any direction lowers the objective at the minimum; from another place one does") {
  const bool long_mode = GENERATE(false, true);  // longer than all others together
  const Shape shape = long_mode ? Shape{13, 2, 3} : Shape{5, 4, 3};
  const auto task = planted(0.3, shape, 40);
  const double lambda = 1.5;
  const UnfoldedNorms fit = unfolded_norms(task.seen, {.lambda = lambda, .tolerance = 1e-9, .iterations = 20'000});
  CHECK(fit.converged);
  const Tensor<double> W = fit.dense();
  const double least = objective(W, task.seen, lambda, 0);
  CHECK_THAT(fit.objective, Catch::Matchers::WithinRel(least, 1e-7));
  Random random(1, "directions");
  double lowest_elsewhere = 0;
  for (int trial = 0; trial < 60; ++trial) {
    Tensor<double> D(W.shape);
    if (trial % 2) {  // of rank 1
      std::vector<Vector<double>> a;
      for (Index n : W.shape.sizes()) {
        a.emplace_back(n);
        for (double& x : a.back()) x = random.normal();
      }
      for (Index k = 0; k < shape[2]; ++k)
        for (Index j = 0; j < shape[1]; ++j)
          for (Index i = 0; i < shape[0]; ++i) D({i, j, k}) = a[0][i] * a[1][j] * a[2][k];
    } else {
      for (double& x : D.values) x = random.normal();
    }
    D.values.normalize();
    for (const double by : {1e-1, 1e-2, 1e-3}) {
      Tensor<double> there = W, elsewhere = W;
      there.values += by * D.values;
      CHECK(objective(there, task.seen, lambda, 0) > least - 1e-7);
      elsewhere.values *= 1.1;
      const double here = objective(elsewhere, task.seen, lambda, 0);
      elsewhere.values += by * D.values;
      lowest_elsewhere = std::min(lowest_elsewhere, objective(elsewhere, task.seen, lambda, 0) - here);
    }
  }
  CHECK(lowest_elsewhere < -1e-3);
}

TEST_CASE("of two modes it is the nuclear norm: SoftImpute's minimum") {
  const auto task =
      low_rank_completion(Tucker<double>({.shape = {12, 9}, .ranks = {2, 2}}), {.observed = 70, .norm = 10.4, .seed = 2, .noise_std = 0.2});
  const Data<double> matrix = observed<double>(12, 9, task.seen.where.indices()[0], task.seen.where.indices()[1], task.seen.y);
  for (const double lambda : {0.5, 2.0}) {
    const UnfoldedNorms fit = unfolded_norms(task.seen, {.lambda = lambda, .tolerance = 1e-8, .iterations = 20'000});
    const SoftImpute other = soft_impute(matrix, {.lambda = lambda, .tolerance = 1e-7, .iterations = 20'000});
    CHECK(fit.U[0].cols() == other.rank());
    CHECK_THAT(fit.objective, Catch::Matchers::WithinRel(other.objective, 1e-6));
    const Tensor<double> W = fit.dense();
    for (Index i = 0; i < 12; ++i)
      for (Index j = 0; j < 9; ++j) CHECK(std::abs(W({i, j}) - other.predict(i, j)) < 2e-4);
  }
}

TEST_CASE("singular values that go free are not shrunk") {
  const auto task = planted(0.1, {9, 8, 7}, 420);
  const double norm = task.truth.norm();
  const UnfoldedNorms all = unfolded_norms(task.seen, {.lambda = 6}), few = unfolded_norms(task.seen, {.lambda = 6, .free = 0.25});
  CHECK(all.dense().norm() < 0.95 * norm);
  CHECK_THAT(few.dense().norm(), Catch::Matchers::WithinRel(norm, 0.02));
  CHECK((few.dense().values - task.truth.values).norm() < 0.3 * (all.dense().values - task.truth.values).norm());
  CHECK_THAT(few.objective, Catch::Matchers::WithinRel(objective(few.dense(), task.seen, 6, 0.25), 1e-7));
  for (const Matrix<double>& U : few.U) CHECK((U.transpose() * U - Matrix<double>::Identity(U.cols(), U.cols())).norm() < 1e-10);
}

TEST_CASE("a planted tensor is completed with settings chosen on validation; noise is not") {
  const auto task = planted(0.1);
  const auto parts = hold_out_entries(task.seen, {.test = 0.15, .seed = 1});
  const auto tuned = tune_unfolded_norms(parts.train, parts.test);
  INFO(tuned.fit.name());
  const TensorEntries all = observed(task.truth).where;
  const auto error = [&](const UnfoldedNorms& fit) { return detail::rmse(fit.predict(all), observed(task.truth).y); };
  CHECK(tuned.trials.size() > 10);
  for (const Trial& trial : tuned.trials) CHECK(trial.validation_rmse > 0.98 * tuned.validation_rmse);
  CHECK(detail::rmse(tuned.fit.predict(parts.test.where), parts.test.y) == tuned.validation_rmse);
  CHECK(tuned.validation_rmse < 0.35);  // entries have size 1
  const UnfoldedNorms again = refit(tuned.fit, task.seen);
  CHECK(again.lambda == tuned.fit.lambda);
  CHECK(error(again) < error(tuned.fit));
  CHECK(error(again) < 0.1);  // the noise

  Data<double, TensorEntries> noise = task.seen;
  Random random(5, "noise");
  for (double& y : noise.y) y = random.normal();
  const auto of_noise = hold_out_entries(noise, {.test = 0.15, .seed = 1});
  CHECK(tune_unfolded_norms(of_noise.train, of_noise.test).validation_rmse > 0.85);
}

TEST_CASE("what it cannot do is refused") {
  const auto task = planted(0.1);
  CHECK(thrown([&] { unfolded_norms(task.seen, {}); }) == "unfolded_norms: lambda is 0, it needs to be positive and finite");
  CHECK(thrown([&] { unfolded_norms(task.seen, {.lambda = 1, .free = 1}); }) ==
        "unfolded_norms: the free share of singular values is 1, it needs to lie in [0, 1)");
  const auto far = observed<double>(Shape{400, 400, 400}, {{0, 1}, {3, 4}, {6, 7}}, Vector<double>::Ones(2));
  CHECK(thrown([&] { unfolded_norms(far, {.lambda = 1}); }).find("unfolded_norms: a dense 400 x 400 x 400 tensor has ") == 0);
}
