// SPDX-License-Identifier: MIT
#include <tacit/analysis/trace.hpp>

#include "analysis/against_dense.hpp"
#include "analysis/quadratic.hpp"

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

TEST_CASE("Hutch++ at 60 products has less than half of Hutchinson's standard error where few eigenvalues are large, told and observed") {
  std::vector<double> told, observed;
  for (std::uint64_t draw = 1; draw <= 20; ++draw) {
    const Quadratic<double> problem(decaying(300), draw);
    const auto hessian = hessian_of(problem);
    double plain_told = 0, ours_told = 0, plain = 0, ours = 0;
    for (std::uint64_t seed = 1; seed <= 10; ++seed) {
      const auto hutchinson = hessian_trace(hessian, {.sketch = 0, .seed = seed}), hutch = hessian_trace(hessian, {.seed = seed});
      CHECK(hutchinson.products == 60);
      CHECK(hutch.products == 60);
      plain_told += hutchinson.standard_error, ours_told += hutch.standard_error;
      plain += std::pow(hutchinson.value - problem.hessian().trace(), 2), ours += std::pow(hutch.value - problem.hessian().trace(), 2);
    }
    told.push_back(ours_told / plain_told);
    observed.push_back(std::sqrt(ours / plain));
  }
  std::sort(told.begin(), told.end());
  std::sort(observed.begin(), observed.end());
  CHECK(told[10] < 0.5);
  CHECK(observed[10] < 0.5);
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
  CHECK(scratch::mentions(error({.products = 5, .sketch = 2}), "5 products are not enough for 2 columns of Q"));
  CHECK(scratch::mentions(error({.products = 1}), "1 products are not enough"));
  CHECK(scratch::mentions(error({.sketch = -2}), ".sketch is -2"));
  CHECK(scratch::mentions(sentence(hessian_trace(hessian_of(problem), {.products = 30})), "10 samples, 30 products"));
}
