// SPDX-License-Identifier: MIT
#include <tacit/hook/best.hpp>

#include "catch.hpp"
#include "example.hpp"

using namespace example;

TEST_CASE("best keeps the theta of the lowest value, the first of equals, and ignores NaN") {
  const std::vector<double> values{std::nan(""), 3, 1, 2, 1, 5};
  std::vector<Vector<double>> path;
  auto best = keep_best(probe("error", [&](const auto& now) { return values[static_cast<std::size_t>(now.iteration())]; }));
  CHECK(best.theta().size() == 0);
  watch(5, best, [&](const auto& now) { path.push_back(now.theta()); });
  CHECK(best.name() == "error");
  CHECK(best.value() == 1);
  CHECK(best.iteration() == 2);
  CHECK(best.theta() == path[2]);
}

TEST_CASE("in single precision, too") {
  auto best = keep_best<float>(loss);
  const auto p = problem<float>();
  Vector<float> theta = start<float>();
  train(p, theta, gradient_descent({.rate = 0.1}), {.iterations = 5}, best);
  CHECK(best.theta() == theta);
}
