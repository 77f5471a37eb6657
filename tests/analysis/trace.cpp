// SPDX-License-Identifier: MIT
#include <tacit/analysis/trace.hpp>

#include "analysis/against_dense.hpp"
#include "analysis/quadratic.hpp"

#include <tacit/data/low_rank.hpp>
#include <tacit/model/deep_matrix.hpp>

#include "../data/scratch.hpp"
#include "catch.hpp"

using namespace tacit;
using Catch::Matchers::WithinAbs;

namespace {

HessianOperator<Quadratic<double>> hessian_of(const Quadratic<double>& problem) {
  return {problem, Vector<double>::Zero(problem.dimension())};
}
/// Twenty large eigenvalues that decay, and a flat rest.
Vector<double> decaying(Index n) {
  Vector<double> lambda(n);
  for (Index i = 0; i < n; ++i) lambda[i] = i < 20 ? 10.0 / static_cast<double>(i + 1) : 1e-3;
  return lambda;
}

}  // namespace

TEST_CASE("XTrace at 60 products has less than half of Hutchinson's standard error where few eigenvalues are large, told and observed") {
  std::vector<double> told, observed;
  for (std::uint64_t draw = 1; draw <= 20; ++draw) {
    const Quadratic<double> problem(decaying(300), draw);
    const auto hessian = hessian_of(problem);
    double plain_told = 0, ours_told = 0, plain = 0, ours = 0;
    for (std::uint64_t seed = 1; seed <= 10; ++seed) {
      const auto hutchinson = hessian_trace(hessian, {.method = TraceMethod::hutchinson, .seed = seed}),
                 chosen = hessian_trace(hessian, {.seed = seed});
      CHECK(hutchinson.products == 60);
      CHECK(chosen.products == 60);
      CHECK(chosen.method == TraceMethod::xtrace);
      plain_told += hutchinson.standard_error, ours_told += chosen.standard_error;
      plain += std::pow(hutchinson.value - problem.hessian().trace(), 2), ours += std::pow(chosen.value - problem.hessian().trace(), 2);
    }
    told.push_back(ours_told / plain_told);
    observed.push_back(std::sqrt(ours / plain));
  }
  std::sort(told.begin(), told.end());
  std::sort(observed.begin(), observed.end());
  CHECK(told[10] < 0.5);
  CHECK(observed[10] < 0.5);
}
TEST_CASE("on a flat spectrum all products are samples of Hutchinson's estimator, whose error is not exceeded") {
  const Quadratic<double> problem(Vector<double>(Vector<double>::LinSpaced(300, -2, 1)));
  const auto hessian = hessian_of(problem);
  for (std::uint64_t seed = 1; seed <= 5; ++seed) {
    const auto chosen = hessian_trace(hessian, {.seed = seed}),
               plain = hessian_trace(hessian, {.method = TraceMethod::hutchinson, .seed = seed});
    CHECK(chosen.method == TraceMethod::hutchinson);
    CHECK(chosen.products == 60);
    CHECK(chosen.value == plain.value);
    CHECK(chosen.standard_error == plain.standard_error);
    CHECK(hessian_trace(hessian, {.method = TraceMethod::xtrace, .seed = seed}).method == TraceMethod::xtrace);
  }
}
TEST_CASE("XTrace's mean over 300 draws is the trace, and the error it tells the scatter of the draws, between 0.8 and 2 of it") {
  const Index n = 120;
  const auto check = [&](const Vector<double>& lambda) {
    const Quadratic<double> problem(lambda);
    const auto hessian = hessian_of(problem);
    double mean = 0, square = 0, told = 0, diagonal = 0;
    const int draws = 300;
    for (std::uint64_t seed = 1; seed <= draws; ++seed) {
      const auto trace = hessian_trace(hessian, {.products = 40, .method = TraceMethod::xtrace, .seed = seed});
      const double off = trace.value - lambda.sum();
      mean += off / draws, square += off * off / draws, told += trace.standard_error * trace.standard_error / draws;
      diagonal += ((trace.diagonal - problem.hessian().diagonal()).array() / trace.diagonal_errors.array()).square().mean() / draws;
      CHECK(trace.samples == 20);
      CHECK(std::abs(off) < trace.error_bar() * 1.5);
    }
    CHECK(std::abs(mean) < 4 * std::sqrt(square / draws));
    const double ratio = std::sqrt(told / square);
    CHECK(ratio > 0.8);
    CHECK(ratio < 2);
    CHECK(diagonal > 0.25);
    CHECK(diagonal < 1.6);
  };
  const Vector<double> ranks = Vector<double>::LinSpaced(n, 1, static_cast<double>(n));
  check(ranks.cwiseInverse());
  check(ranks.array().pow(-0.7).matrix());
  Vector<double> mixed = ranks.cwiseInverse();
  for (Index i = 1; i < n; i += 2) mixed[i] = -mixed[i];
  check(mixed);
}
TEST_CASE(
    "a rank below half of the products is found out: trace and diagonal are exact, also where single vectors carry a dimension of their "
    "own") {
  Vector<double> lambda = Vector<double>::Zero(200);
  lambda.head(29) = Vector<double>::LinSpaced(29, -1, 3);
  const auto check = [](const Matrix<double>& H) {
    const Quadratic<double> problem(H);
    const auto trace = hessian_trace(hessian_of(problem));
    CHECK(trace.method == TraceMethod::xtrace);
    CHECK_THAT(trace.value, WithinAbs(H.trace(), 1e-11));
    CHECK((trace.diagonal - H.diagonal()).norm() < 1e-11);
    CHECK(trace.standard_error < 1e-10);
    CHECK(std::abs(trace.value - H.trace()) <= trace.error_bar());
  };
  check(Quadratic<double>(lambda).hessian());
  check(Matrix<double>::Zero(100, 100));
  Matrix<double> two = Matrix<double>::Zero(100, 100);
  two(3, 3) = 2, two(7, 7) = -1, two(3, 8) = two(8, 3) = 1;
  check(two);
  const Matrix<double> H =
      Quadratic<double>(Vector<double>(Vector<double>::LinSpaced(30, 1, 2))).hessian();  // as many as there are vectors: not exact
  Matrix<double> padded = Matrix<double>::Zero(100, 100);
  padded.topLeftCorner(30, 30) = H;
  const auto trace = hessian_trace(hessian_of(Quadratic<double>(padded)), {.method = TraceMethod::xtrace});
  CHECK(trace.standard_error > 1e-3);
  CHECK(std::abs(trace.value - H.trace()) <= trace.error_bar());
}
TEST_CASE("of a model that is affine in every parameter, trace and diagonal of the Hessian are those of its Gauss-Newton part") {
  const auto [truth, seen] = low_rank_completion({.rows = 6, .cols = 5, .rank = 2, .observed = 17, .seed = 3});
  const DeepMatrix<double> model({5, 4, 3, 6});
  const Problem problem(model, seen, MeanSquares{}, WeightDecayPenalty{0.1});
  const Vector<double> theta = model.near_zero({.entry_std = 0.5, .seed = 2});
  const HessianOperator whole(problem, theta), gauss_newton(problem, theta, HessianPart::gauss_newton);
  const TraceEstimate H = hessian_trace(whole, {.products = 100}), C = hessian_trace(gauss_newton, {.products = 100});
  CHECK((H.diagonal - C.diagonal).norm() < 1e-14 * H.diagonal.norm());
  CHECK_THAT(C.value, WithinAbs(H.value, 1e-12));
  CHECK((whole.dense() - gauss_newton.dense()).norm() > 0.1 * whole.dense().norm());
  CHECK(hessian_trace(gauss_newton, {.products = 30}).standard_error < hessian_trace(whole, {.products = 30}).standard_error);
}
TEST_CASE("where P products are allowed, trace and diagonal are exact; what cannot be asked for is refused") {
  const Quadratic<double> problem(Vector<double>(Vector<double>::LinSpaced(40, -1, 2)));
  const auto trace = hessian_trace(hessian_of(problem), {.products = 40});
  CHECK(trace.products == 40);
  CHECK_THAT(trace.value, WithinAbs(20, 1e-12));
  CHECK((trace.diagonal - problem.hessian().diagonal()).norm() < 1e-13);
  CHECK(trace.error_bar() < 1e-11);
  CHECK(std::abs(trace.value - 20) <= trace.error_bar());
  const auto error = [&](const TraceSettings& settings) {
    return scratch::error_of([&] { hessian_trace(hessian_of(problem), settings); });
  };
  CHECK(error({.products = 1}) == "hessian_trace: .products is 1, it needs to be at least 2: an error takes two samples");
  CHECK(error({.products = 3, .method = TraceMethod::xtrace}) ==
        "hessian_trace: .products is 3, it needs to be at least 4: an error takes two samples");
  CHECK(hessian_trace(hessian_of(problem), {.products = 3}).samples == 3);
  CHECK(scratch::mentions(sentence(hessian_trace(hessian_of(problem), {.products = 30, .method = TraceMethod::xtrace})),
                          "15 samples, 30 products"));
}
