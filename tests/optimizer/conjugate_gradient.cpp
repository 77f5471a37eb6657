// SPDX-License-Identifier: MIT
// Conjugate gradients: on a quadratic with exact search they and L-BFGS make the same steps and end in P of them, which gradient descent does not.
#include <tacit/optimizer/conjugate_gradient.hpp>
#include <tacit/optimizer/exact_line_search.hpp>
#include <tacit/optimizer/lbfgs.hpp>

#include "catch.hpp"
#include "random_quartic.hpp"
#include "thrown.hpp"

using namespace tacit;
using namespace functions;

namespace {

struct PathOnQuadratic {
  std::vector<Vector<double>> points;
  double size = 0;  ///< of the last gradient, in the first one's
};
template <class Transforms>
PathOnQuadratic on_quadratic(const Function& f, const Vector<double>& x, const Transforms& transforms, Index steps) {
  Drive drive(f, x, transforms | ExactLineSearch{});
  PathOnQuadratic path;
  const double first = drive.gradient_at(x).norm();
  for (Index t = 0; t < steps && drive(); ++t) path.points.push_back(drive.step.theta);
  path.size = drive.gradient_at(drive.step.theta).norm() / first;
  return path;
}

}  // namespace

TEST_CASE("on a quadratic with exact search, conjugate gradients and L-BFGS agree and end in as many steps as there are parameters") {
  for (std::uint64_t seed = 1; seed <= 5; ++seed) {
    const Index n = 8;
    const Function f = random_quadratic(n, 30, seed);
    const Vector<double> x = random_point(n, seed + 10);
    const auto cg = on_quadratic(f, x, FullGradient{} | ConjugateGradient{}, n),
               quasi = on_quadratic(f, x, FullGradient{} | LBFGSDirection{.memory = n, .gradient_tolerance = 0, .change_tolerance = 0}, n);
    REQUIRE(cg.points.size() == static_cast<std::size_t>(n));
    REQUIRE(quasi.points.size() == static_cast<std::size_t>(n));
    for (std::size_t t = 0; t < cg.points.size(); ++t) CHECK((cg.points[t] - quasi.points[t]).norm() <= 1e-8 * x.norm());
    CHECK(cg.size < 1e-9);
    CHECK(quasi.size < 1e-9);
    const auto descent =
        on_quadratic(f, x, FullGradient{} | LBFGSDirection{.memory = 1, .curvature = 1e300}, n);  // no pair ever: the gradient
    CHECK(descent.size > 1e-3);
    CHECK((descent.points.back() - cg.points.back()).norm() > 1e-3 * x.norm());
  }
}

TEST_CASE("conjugate gradients reach minima of random quartics by strong Wolfe") {
  for (std::uint64_t seed = 1; seed <= 10; ++seed) {
    const Function f = random_quartic(6, seed);
    Drive drive(f, random_point(6, seed), conjugate_gradient());
    for (int t = 0; t < 400 && drive.gradient_at(drive.step.theta).norm() > 1e-6; ++t) REQUIRE(drive());
    CHECK(drive.gradient_at(drive.step.theta).norm() <= 1e-6);
    CHECK(drive.ws.gradients < 1200);
  }
}

TEST_CASE("beta is Polak and Ribiere's, cut at zero, and restarts are counted") {
  const Function f = random_quartic(5, 2);
  Drive drive(f, random_point(5, 2), conjugate_gradient({.restart = 4}));
  Vector<double> d, g;
  int restarts = 0;
  for (int t = 0, since = 0; t < 30; ++t) {
    const Vector<double> now = drive.gradient_at(drive.step.theta);
    REQUIRE(drive());
    double beta = t == 0 || since == 4 ? 0 : std::max(0.0, now.dot(now - g) / g.squaredNorm());
    Vector<double> expected = t == 0 ? now : Vector<double>(now + beta * d);
    if (expected.dot(now) <= 0) expected = now, beta = 0;
    CHECK((drive.step.direction() - expected).norm() <= 1e-12 * expected.norm());
    since = beta > 0 ? since + 1 : 1;
    restarts += t > 0 && beta == 0;
    d = drive.step.direction(), g = now;
  }
  CHECK(restarts > 3);
}

TEST_CASE("ConjugateGradient refuses a negative number of steps between restarts") {
  CHECK(thrown([&] { conjugate_gradient({.restart = -1}).start(random_quadratic(3, 2, 1)); }) ==
        "ConjugateGradient: .restart is -1, it needs to be at least 0");
}
