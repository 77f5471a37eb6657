// SPDX-License-Identifier: MIT
// Exact line search: the gradient at the next theta is orthogonal to the direction; it finds the lowest point of the line, or the first.
#include <tacit/model/cp.hpp>
#include <tacit/model/diagonal_net.hpp>
#include <tacit/model/recorded.hpp>
#include <tacit/model/tucker.hpp>
#include <tacit/observation/linear_map.hpp>
#include <tacit/observation/tensor_data.hpp>
#include <tacit/optimizer/exact_line_search.hpp>
#include <tacit/train.hpp>

#include "bitwise/example.hpp"
#include "catch.hpp"
#include "random_quartic.hpp"
#include "thrown.hpp"

using namespace tacit;
using namespace functions;

namespace {

/// A step of gradient descent with exact search on a problem: largest ratio of slopes behind and in front, and whether no value on the line is lower.
template <class P>
void is_stationary(const P& problem, Vector<double> theta, int steps, double tolerance = 1e-10) {
  INFO(sentence(problem.model()));
  Run run(problem, std::move(theta), ExactLineSearch{});
  auto ws = problem.workspace();
  Vector<double> g(problem.dimension()), next(problem.dimension());
  for (int t = 0; t < steps; ++t) {
    const Vector<double> from = run.theta();
    const double before = problem.value_and_gradient(from, ws, g).objective;
    if (g.norm() < 1e-7) break;  // rounding is all that is left
    REQUIRE(run.advance(1) == Reason::reached_limit);
    const double after = problem.value_and_gradient(run.theta(), ws, next).objective;
    CHECK(after < before);
    CHECK(std::abs(next.dot(g)) <= tolerance * g.squaredNorm());
    const Vector<double> s = run.theta() - from;
    for (double c = 0.01; c < 200; c *= 1.3) CHECK(problem.value(Vector<double>(from + c * s), ws).objective >= after * (1 - 1e-12));
  }
}
Data<double, TensorEntries> some_tensor() {
  return observed<double>(Shape{3, 4, 2}, {{0, 1, 2, 0, 1, 2, 0}, {0, 2, 3, 1, 0, 2, 3}, {0, 1, 0, 1, 0, 1, 1}},
                          bitwise::normal<double>(7, 3, 1));
}

}  // namespace

TEST_CASE("after an exact search the gradient is orthogonal to the direction, and no point of the line is lower") {
  const auto seen = bitwise::data<double>();
  auto weighted = seen;
  weighted.weight = bitwise::normal<double>(seen.count(), 7, 1).cwiseAbs();
  is_stationary(Problem(DeepMatrix<double>({6, 5}), weighted, MeanSquares{}), bitwise::normal<double>(30, 1, 1), 20);
  is_stationary(Problem(DeepMatrix<double>({6, 4, 5}), seen, SumOfSquares{}), bitwise::normal<double>(44, 1, 0.5), 30);
  is_stationary(Problem(DeepMatrix<double>({6, 4, 4, 5}), seen, HalfMeanSquares{}, WeightDecayPenalty{0.01}),
                bitwise::normal<double>(60, 2, 0.5), 30);
  is_stationary(Problem(DeepMatrix<double>({6, 4, 4, 4, 4, 5}), seen, MeanSquares{}), bitwise::normal<double>(92, 3, 0.5), 30);
  const Problem cp(CP<double>({.shape = {3, 4, 2}, .rank = 2}), some_tensor(), MeanSquares{});
  is_stationary(cp, bitwise::normal<double>(cp.dimension(), 4, 0.5), 20);
  const Problem tucker(Tucker<double>({.shape = {3, 4, 2}, .ranks = {2, 2, 2}}), some_tensor(), MeanSquares{});
  is_stationary(tucker, bitwise::normal<double>(tucker.dimension(), 5, 0.5), 20);
  // From next to nothing, where the objective hardly changes and the rate is 1e4.
  is_stationary(Problem(DeepMatrix<double>({6, 4, 4, 5}), seen, MeanSquares{}), bitwise::normal<double>(60, 2, 1e-2), 20, 1e-8);
}

TEST_CASE("the oracle tells the degree along a line") {
  const auto seen = bitwise::data<double>();
  CHECK(Problem(DeepMatrix<double>({6, 4, 5}), seen, MeanSquares{}).degree_along_lines() == 4);
  CHECK(Problem(DeepMatrix<double>({6, 5}), seen, MeanSquares{}, WeightDecayPenalty{1}).degree_along_lines() == 2);
  CHECK(Problem(DeepMatrix<double>({6, 4, 4, 5}), seen, MeanSquares{}).degree_along_lines() == 6);
  const auto measured = [](double depth) {
    return Problem(DiagonalNet<double>({.size = 3, .depth = depth}),
                   Data<double, LinearMap<double>>{LinearMap<double>(3, 1, Matrix<double>::Identity(3, 3)), Vector<double>::Ones(3), {}},
                   MeanSquares{});
  };
  CHECK(measured(3).degree_along_lines() == 6);
  CHECK(thrown([&] { ExactLineSearch{}.start(measured(2.5)); }).find("is no polynomial of a whole degree") != std::string::npos);
  const auto formula = [&](auto f) { return Problem(Recorded<double>(blocks({{"W1", {4, 6}}, {"W2", {5, 4}}}), f), seen, MeanSquares{}); };
  CHECK(formula([](auto W1, auto W2) { return W2 * square(W1); }).degree_along_lines() == 6);
  CHECK(thrown([&] { ExactLineSearch{}.start(formula([](auto W1, auto W2) { return W2 * relu(W1); })); }).find("is no polynomial") !=
        std::string::npos);
  CHECK(thrown([&] { ExactLineSearch{}.start(formula([](auto W1, auto W2) { return W2 * tanh(W1); })); }) != "");
}

TEST_CASE("the lowest of several valleys is found, the first on demand") {
  // (t - 1)^2 (t - 4)^2 tilted: a first valley near 1, a lower one near 4.
  const Function f(
      1,
      [](const Vector<double>& x, Vector<double>& g) {
        const double t = x[0], a = (t - 1) * (t - 4);
        g[0] = 2 * a * (2 * t - 5) - 0.5;
        return a * a - 0.5 * t;
      },
      4);
  const auto reached = [&](bool first) {
    Drive drive(f, Vector<double>::Constant(1, 0.2), FullGradient{} | ExactLineSearch{.first = first});
    REQUIRE(drive());
    CHECK(drive.step.ahead.theta == drive.step.theta);
    return drive.step.theta[0];
  };
  CHECK(std::abs(reached(false) - 4.0273) < 1e-3);
  CHECK(std::abs(reached(true) - 1.0285) < 1e-3);
}

TEST_CASE("stationary points of a polynomial are found, inside and outside the nodes") {
  Random random(5, "roots");
  for (int trial = 0; trial < 200; ++trial) {
    const Index n = 2 + static_cast<Index>(random.below(7));  // derivative with n - 1 roots
    std::vector<double> roots;
    for (Index k = 0; k + 1 < n; ++k) roots.push_back(4 * random.uniform() - 1);
    std::sort(roots.begin(), roots.end());
    const auto slope = [&](double x) {
      double product = 1;
      for (const double r : roots) product *= x - r;
      return product;
    };
    const auto integral = [&](double x) {  // Simpson's rule on pieces, exact enough by Richardson: degree at most 8
      double sum = 0;
      const int pieces = 400;
      for (int k = 0; k < pieces; ++k) {
        const double a = x * k / pieces, b = x * (k + 1) / pieces;
        sum += (b - a) / 6 * (slope(a) + 4 * slope((a + b) / 2) + slope(b));
      }
      return sum;
    };
    detail::ChebyshevPolynomial p(n);
    Vector<double> values(n + 1);
    for (Index j = 0; j <= n; ++j) values[j] = integral(p.node(j));
    p.fit(values);
    double gap = 1;
    for (std::size_t k = 1; k < roots.size(); ++k) gap = std::min(gap, roots[k] - roots[k - 1]);
    if (gap < 0.05) continue;
    std::vector<double> expected;
    for (const double r : roots)
      if (r > 0 && r < 4) expected.push_back(r);
    const auto found = p.stationary(0, 4);
    REQUIRE(found.size() == expected.size());
    for (std::size_t k = 0; k < found.size(); ++k) CHECK(std::abs(found[k] - expected[k]) < 1e-4);
    CHECK(p.grows_beyond(4));
    if (!expected.empty() && expected.back() > 0.5) CHECK_FALSE(p.grows_beyond(expected.back() - 0.01));
  }
}

TEST_CASE("an exact search whose polynomial is wrong falls back on backtracking") {
  // Said to be a quadratic, it is a wall: the fitted minimiser lies behind it.
  const Function f(
      1,
      [](const Vector<double>& x, Vector<double>& g) {
        const double t = x[0];
        g[0] = t > 0.01 ? 1e3 : -1;
        return t > 0.01 ? 1e3 * (t - 0.01) - 0.01 : -t;
      },
      2);
  Drive drive(f, Vector<double>::Constant(1, -1), FullGradient{} | ExactLineSearch{});
  double last = 1;
  for (int t = 0; t < 5 && drive(); ++t) {
    double value = 0;
    (void)drive.gradient_at(drive.step.theta, &value);
    CHECK(value <= last);
    last = value;
  }
}

TEST_CASE("an exact search on a direction that climbs takes no step") {
  CHECK(says_of_climbing(ExactLineSearch{}).find("ExactLineSearch: the direction climbs, the slope along it is ") == 0);
}
