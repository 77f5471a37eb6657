// SPDX-License-Identifier: MIT
// Li 2026, Implicit Bias in Deep Linear Discriminant Analysis: w = theta_1 * ... * theta_L under -J(w), J the Rayleigh ratio, balanced. The toy is ours, as the
// paper's settings are not known: d = 10, S_w = I, S_b = m m^T, m = (2, 1, 0.5, 0, ...), w(0) uniform in [0.2, 0.6], time 20. Items of the acceptance list.
#include <tacit/loss/discriminant.hpp>
#include <tacit/model/diagonal_product.hpp>
#include <tacit/optimizer/recipes.hpp>
#include <tacit/train.hpp>

#include "catch.hpp"

using namespace tacit;
using Catch::Matchers::WithinAbs;

namespace {

constexpr Index li_size = 10;
Vector<double> li_means() {
  Vector<double> m = Vector<double>::Zero(li_size);
  m.head(3) << 2, 1, 0.5;
  return m;
}
Discriminant li_loss() {
  const Vector<double> m = li_means();
  return rayleigh_ratio(m * m.transpose(), Matrix<double>::Identity(li_size, li_size));
}
/// Balanced: every factor w^(1/L).
Vector<double> li_start(Index depth, std::uint64_t seed) {
  Random random(seed, "li2026");
  Vector<double> theta(depth * li_size);
  for (Index i = 0; i < li_size; ++i) {
    const double w = random.uniform(0.2, 0.6);
    for (Index l = 0; l < depth; ++l) theta[l * li_size + i] = std::pow(w, 1 / static_cast<double>(depth));
  }
  return theta;
}
double li_quasi_norm(const DiagonalProduct<double>& model, const Vector<double>& theta) {
  return model.value(theta).cwiseAbs().array().pow(2 / static_cast<double>(model.depth())).sum();
}
struct LiEnd {
  double drift, J;
  bool signs_kept;
};
template <class Loss>
LiEnd li_descent(Index depth, const Loss& loss, const Vector<double>& targets, double rate, std::uint64_t seed) {
  const DiagonalProduct<double> model({.size = li_size, .depth = depth});
  const Problem problem(model, Data<double, AllEntries>(AllEntries(Shape{li_size}), targets), loss);
  const Vector<double> start = li_start(depth, seed);
  Run run(problem, start, gradient_descent({.rate = rate}));
  run.advance(static_cast<Index>(std::lround(20 / rate)));
  const Vector<double> w = model.value(run.theta()), w0 = model.value(start), m = li_means();
  const double before = li_quasi_norm(model, start);
  return {li_quasi_norm(model, run.theta()) / before - 1, std::pow(m.dot(w), 2) / w.squaredNorm(), (w.array() * w0.array() > 0).all()};
}

}  // namespace

TEST_CASE("li2026/1, 3: a step adds eta^2 |gradient|^2 to the squared norm of every layer, to 1e-12, as <w, slope> = 0") {
  for (const Index depth : {1, 2, 3, 4}) {
    CAPTURE(depth);
    const DiagonalProduct<double> model({.size = li_size, .depth = depth});
    const Problem problem(model, no_targets<double>(Shape{li_size}), li_loss());
    Vector<double> theta = li_start(depth, 5), g(theta.size()), slope(li_size);
    auto ws = problem.workspace();
    const double rate = 0.05;
    double off = 0, without = 0, inner = 0, first = 0;
    for (int step = 0; step < 40; ++step) {
      problem.value_and_gradient(theta, ws, g);
      const Vector<double> w = model.value(theta);
      li_loss().value_and_slope<double>(w, w, w, 1, slope);
      if (step == 0) first = slope.norm();
      if (slope.norm() > 1e-3 * first)
        inner = std::max(inner, std::abs(w.dot(slope)) / (w.norm() * slope.norm()));  // below, it is rounding
      const Vector<double> next = theta - rate * g;
      for (Index l = 0; l < depth; ++l) {
        const auto layer = [&](const Vector<double>& x) { return x.segment(l * li_size, li_size).squaredNorm(); };
        off = std::max(off, std::abs(layer(next) - layer(theta) - rate * rate * layer(g)) / layer(theta));
        without = std::max(without, std::abs(layer(next) - layer(theta)) / layer(theta));
      }
      theta = next;
    }
    CHECK(off < 1e-12);
    CHECK(without > 1e-4);  // the control: the norms do change
    CHECK(inner < 1e-12);
  }
}

TEST_CASE(
    "li2026/2, 4: the drift of sum |w|^(2/L) is proportional to the rate, J passes 5.24, signs stay; a loss with a scale drifts anyhow") {
  for (const Index depth : {1, 2, 3, 4}) {
    CAPTURE(depth);
    const Vector<double> none = Vector<double>::Zero(li_size), goal = li_means();
    const LiEnd coarse = li_descent(depth, li_loss(), none, 1e-2, 5), fine = li_descent(depth, li_loss(), none, 1e-3, 5);
    CHECK_THAT(coarse.drift / fine.drift, WithinAbs(10, 0.5));
    CHECK(fine.J > 5.24);
    CHECK(fine.J < 5.25 + 1e-12);
    CHECK(fine.signs_kept);
    const LiEnd scaled = li_descent(depth, HalfSumOfSquares{}, goal, 1e-2, 5), again = li_descent(depth, HalfSumOfSquares{}, goal, 1e-3, 5);
    CHECK(std::abs(scaled.drift / again.drift - 1) < 0.1);  // the control
  }
}
