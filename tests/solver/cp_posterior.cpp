// SPDX-License-Identifier: MIT
#include <tacit/data/low_rank_tensor.hpp>
#include <tacit/model/cp.hpp>
#include <tacit/solver/cp_posterior.hpp>
#include <tacit/solver/tensor_als.hpp>

#include "catch.hpp"

using namespace tacit;

TEST_CASE("one component on one entry is a scalar problem, solved by hand") {
  // 1 x 1 x 1, y = 8: the updates are numbers.
  const auto data = observed<double>({1, 1, 1}, {{0}, {0}, {0}}, Vector<double>::Constant(1, 8.0));
  detail::CpPosterior fit(data, 1, 7);
  const double s = 0.05 * 64, c = 4;  // the start: noise 0.05 y^2, prior variances (y^2)^(1/3)
  double a[3], M[3];
  for (std::size_t n = 0; n < 3; ++n) a[n] = fit.factors()[n](0, 0), M[n] = a[n] * a[n];
  double S = 0;
  for (std::size_t n = 0; n < 3; ++n) {
    const std::size_t p = (n + 1) % 3, q = (n + 2) % 3;
    S = 1 / (M[p] * M[q] / s + 1 / c);
    a[n] = S * a[p] * a[q] * 8 / s;
    M[n] = S + a[n] * a[n];
  }
  fit.sweep();
  for (std::size_t n = 0; n < 3; ++n) CHECK_THAT(fit.factors()[n](0, 0), Catch::Matchers::WithinRel(a[n], 1e-12));
  CHECK_THAT(fit.noise(), Catch::Matchers::WithinRel(64 - 16 * a[0] * a[1] * a[2] + M[0] * M[1] * M[2], 1e-12));
}

TEST_CASE("a slice solves its own ridge regression, whatever partial sums it shares") {
  // With the other modes' moments rank one, as they are at the start, the first mode's first update is  (X^T X / s + I / c)^{-1} X^T y / s.
  const auto task =
      low_rank_completion(CP<double>({.shape = {4, 3, 5, 2}, .rank = 2}), {.observed = 70, .norm = 10, .seed = 3, .noise_std = 0.1});
  const Index k = 3;
  detail::CpPosterior fit(task.seen, k, 5);
  const auto start = fit.factors();
  fit.sweep();
  const double size = task.seen.y.squaredNorm() / 70, s = 0.05 * size, c = std::pow(size / static_cast<double>(k), 0.25);
  const TensorEntries& at = task.seen.where;
  for (Index i = 0; i < 4; ++i) {
    Matrix<double> G = Matrix<double>::Zero(k, k);
    G.diagonal().setConstant(1 / c);
    Vector<double> right = Vector<double>::Zero(k);
    for (Index e = 0; e < at.count(); ++e) {
      if (at.mode(0)[e] != i) continue;
      const Vector<double> x =
          start[1].col(at.mode(1)[e]).cwiseProduct(start[2].col(at.mode(2)[e])).cwiseProduct(start[3].col(at.mode(3)[e]));
      for (Index q = 0; q < k; ++q)
        for (Index r = 0; r < k; ++r) G(q, r) += x[q] * x[r] / s;
      right += task.seen.y[e] / s * x;
    }
    const Vector<double> a = fit.factors()[0].col(i);
    for (Index q = 0; q < k; ++q) CHECK(std::abs(G.row(q).dot(a) - right[q]) < 1e-9 * right.norm());
  }
}

TEST_CASE("rank and noise of a tensor are found without being told: more components change little") {
  const auto task =
      low_rank_completion(CP<double>({.shape = {15, 12, 10}, .rank = 3}), {.observed = 900, .norm = 42.4, .seed = 2, .noise_std = 0.2});
  double error[2];
  for (int wide : {0, 1}) {
    double noise = 0;
    error[wide] = 1e9;
    for (std::uint64_t seed = 1; seed <= 3; ++seed) {  // of a few starts, the one that explains most
      detail::CpPosterior fit(task.seen, wide ? 10 : 3, seed);
      for (int sweep = 0; sweep < 100; ++sweep) fit.sweep();
      if (seed > 1 && fit.noise() > noise) continue;
      noise = fit.noise();
      double squares = 0;
      Index e = 0;
      for (Index z = 0; z < 10; ++z)
        for (Index j = 0; j < 12; ++j)
          for (Index i = 0; i < 15; ++i, ++e) {
            const double W = (fit.factors()[0].col(i).array() * fit.factors()[1].col(j).array() * fit.factors()[2].col(z).array()).sum();
            squares += std::pow(W - task.truth.values[e], 2);
          }
      error[wide] = std::sqrt(squares / 1800);
    }
    CHECK(std::abs(std::sqrt(noise) - 0.2) < 0.03);
  }
  CHECK(error[0] < 0.1);
  CHECK(error[1] < 1.3 * error[0]);
}

TEST_CASE(
    "a mode in order: runs of slices without entries are filled from their neighbours, in a picture half gone as well; shuffled, order "
    "changes nothing") {
  const Shape shape{8, 40, 12};
  for (const bool shuffle : {false, true}) {
    Random random(5, "smooth CP");
    std::vector<Matrix<double>> A;  // k x n, smooth along mode 1
    for (Index n = 0; n < 3; ++n) {
      A.emplace_back(2, shape[n]);
      for (double& x : A.back().reshaped()) x = random.normal();
    }
    for (Index i = 0; i < 40; ++i)
      A[1](0, i) = 1.4 * std::sin(0.2 * static_cast<double>(i)), A[1](1, i) = 1.4 * std::cos(0.13 * static_cast<double>(i));
    const auto order = detail::shuffled(40, 3);
    std::vector<TensorEntries::Indices> seen(3), gone(3);
    std::vector<double> y, truth;
    for (std::int32_t i = 0; i < 8; ++i)
      for (std::int32_t j = 0; j < 40; ++j)
        for (std::int32_t k = 0; k < 12; ++k) {
          const bool missing = j % 10 >= 6 && j % 10 < 9;  // three whole slabs in a run
          if (!missing && random.uniform() < 0.5) continue;
          const double value = A[0].col(i).cwiseProduct(A[1].col(shuffle ? order[static_cast<std::size_t>(j)] : j)).dot(A[2].col(k));
          auto& index = missing ? gone : seen;
          index[0].push_back(i), index[1].push_back(j), index[2].push_back(k);
          if (missing) truth.push_back(value);
          else y.push_back(value + 0.1 * random.normal());
        }
    const auto data = observed<double>(shape, seen, Eigen::Map<const Vector<double>>(y.data(), static_cast<Index>(y.size())));
    const TensorEntries at(shape, gone);
    const Vector<double> target = Eigen::Map<const Vector<double>>(truth.data(), static_cast<Index>(truth.size()));
    const detail::LineChain chain(40, {});
    double error[2];
    for (const bool ordered : {false, true}) {
      detail::CpPosterior fit(data, 3, 7, ordered ? detail::ModeChains{nullptr, &chain, nullptr} : detail::ModeChains{});
      for (int sweep = 0; sweep < 60; ++sweep) fit.sweep();
      error[ordered] = detail::rmse(detail::cp_at(fit.factors(), at), target);
      CHECK(std::abs(std::sqrt(fit.noise()) - 0.1) < 0.01);
    }
    INFO("without order " << error[0] << ", with " << error[1]);
    CHECK(error[1] < (shuffle ? 1.1 : 0.5) * error[0]);
    if (shuffle) CHECK(error[1] > 0.9 * error[0]);
  }
}
