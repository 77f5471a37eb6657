// SPDX-License-Identifier: MIT
#include <tacit/data/low_rank_tensor.hpp>
#include <tacit/model/cp.hpp>
#include <tacit/observation/split.hpp>
#include <tacit/solver/tensor_als.hpp>

#include "catch.hpp"
#include "thrown.hpp"

using namespace tacit;

namespace {

auto planted_rank_2(double noise = 0) {
  return low_rank_completion(CP<double>({.shape = {12, 10, 8}, .rank = 2}), {.observed = 500, .norm = 31, .seed = 4, .noise_std = noise});
}
double error_on_all(const TensorAls& fit, const Tensor<double>& truth) {
  const auto all = observed(truth);
  return detail::rmse(fit.predict(all.where), all.y);
}

}  // namespace

TEST_CASE("a planted tensor of rank 2 is recovered from half of its entries, which are never imputed") {
  const auto task = planted_rank_2();
  const TensorAls fit = tensor_als(task.seen, {.rank = 2, .lambda = 1e-10, .sweeps = 500, .tolerance = 1e-9});
  CHECK(fit.converged);
  CHECK(error_on_all(fit, task.truth) < 1e-4);  // entries have size 1
}

TEST_CASE("a sweep solves the normal equations of every slice, and never raises the objective") {
  const auto task = planted_rank_2(0.3);
  const Index R = 3;
  const double lambda = 0.01;
  Random random(1, "start");
  std::vector<Matrix<double>> At = detail::draw_cp_start(task.seen.where.shape(), R, random);
  detail::TensorAlsSweeps sweep(task.seen.where, task.seen.y);
  const auto objective = [&] {
    double value = (task.seen.y - detail::cp_at(At, task.seen.where)).squaredNorm();
    for (Index n = 0; n < 3; ++n)
      value += lambda * 500 / static_cast<double>(task.truth.shape[n]) * At[static_cast<std::size_t>(n)].squaredNorm();
    return value;
  };
  double before = std::numeric_limits<double>::infinity();
  for (int s = 0; s < 20; ++s) {
    sweep(At, lambda);
    const double now = objective();
    CHECK(now <= before * (1 + 1e-12));
    before = now;
  }
  // The last mode was solved last: X^T (y - X a) = ridge a, slice by slice.
  const TensorEntries& at = task.seen.where;
  const Vector<double> residual = task.seen.y - detail::cp_at(At, at);
  Matrix<double> slope = -lambda * 500 / 8 * At[2];
  for (Index e = 0; e < at.count(); ++e)
    slope.col(at.mode(2)[e]) += residual[e] * At[0].col(at.mode(0)[e]).cwiseProduct(At[1].col(at.mode(1)[e]));
  CHECK(slope.cwiseAbs().maxCoeff() < 1e-9 * task.seen.y.norm());
}

TEST_CASE("rank and ridge are chosen on validation entries") {
  const auto task = planted_rank_2(0.1);
  const auto parts = hold_out_entries(task.seen, {.test = 0.2, .seed = 1});
  const auto tuned = tune_tensor_als(parts.train, parts.test, {.ranks = {1, 2, 3, 4}});
  CHECK(tuned.fit.rank() >= 2);
  CHECK(tuned.validation_rmse == detail::rmse(tuned.fit.predict(parts.test.where), parts.test.y));
  CHECK(error_on_all(tuned.fit, task.truth) < 0.1);
  const auto by_part = tune_tensor_als(parts.train, parts.test, {.ranks = {1, 2, 3, 4}, .part = 150});
  CHECK(error_on_all(by_part.fit, task.truth) < 0.1);
  const auto cut =
      tune_tensor_als(parts.train, parts.test, {.ranks = {1, 2, 3, 4}, .seconds = 1e-9});  // no time: the first trial still stands
  CHECK(cut.trials.size() == 1);
  CHECK(cut.validation_rmse < 2);
}

TEST_CASE("a slice without entries is predicted by the centre, and what does not fit is refused") {
  const auto data = observed<double>({3, 2, 2}, {{0, 0, 2, 2}, {0, 1, 0, 1}, {0, 1, 1, 0}}, Vector<double>::LinSpaced(4, 1, 4));
  const TensorAls fit = tensor_als(data, {.rank = 1});
  CHECK(fit.factors[0].col(1).norm() == 0);
  CHECK(thrown([&] { tensor_als(data, {.rank = 0}); }) == "tensor_als: rank 0, sweeps 300 and tolerance 1e-05 need to be positive");
  CHECK(thrown([&] { tensor_als(data, {.lambda = -1}); }) == "tensor_als: lambda is -1, it needs to be finite and not negative");
  CHECK(thrown([&] {
          fit.predict(observed<double>({3, 2}, {{0}, {0}}, Vector<double>::Ones(1)).where);
        }) == "TensorAls: fitted to a tensor of order 3, asked about a 3 x 2 tensor");
}

TEST_CASE("a shift hides nothing: the mean is a centre of its own, and ranks are tried beyond those where all starts are stuck") {
  for (std::uint64_t drawn : {1, 4}) {
    const auto task = low_rank_completion(CP<double>({.shape = {20, 15, 10}, .rank = 3}),
                                          {.observed = 700, .norm = std::sqrt(3000.0), .seed = drawn, .noise_std = 0.1});
    Data<double, TensorEntries> moved = task.seen;
    moved.y.array() += 100;
    for (std::uint64_t seed : {1, 2, 3, 4}) {
      const auto parts = hold_out_entries(moved, {.test = 0.1, .seed = seed});
      const auto tuned = tune_tensor_als(parts.train, parts.test, {.seed = seed});
      INFO("tensor " << drawn << ", seed " << seed << ": " << tuned.fit.name());
      CHECK(tuned.validation_rmse < 0.15);
    }
  }
}
