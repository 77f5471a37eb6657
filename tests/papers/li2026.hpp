// SPDX-License-Identifier: MIT
#pragma once
// Li 2026, Implicit Bias in Deep Linear Discriminant Analysis: w = theta_1 * ... * theta_L under -J(w), J the Rayleigh ratio, balanced. The toy is ours, as
// the paper's settings are not known: d = 10, S_w = I, S_b = m m^T, m = (2, 1, 0.5, 0, ...), w(0) uniform in [0.2, 0.6], time 20. The experiments of the
// acceptance list, shared by tests and paper checks.

#include <tacit/loss/discriminant.hpp>
#include <tacit/model/diagonal_product.hpp>
#include <tacit/optimizer/recipes.hpp>
#include <tacit/train.hpp>

namespace li2026 {

using namespace tacit;

constexpr Index size = 10;
inline Vector<double> means() {
  Vector<double> m = Vector<double>::Zero(size);
  m.head(3) << 2, 1, 0.5;
  return m;
}
inline Discriminant rayleigh() {
  const Vector<double> m = means();
  return rayleigh_ratio(m * m.transpose(), Matrix<double>::Identity(size, size));
}
/// Balanced: every factor w^(1/L).
inline Vector<double> balanced_start(Index depth, std::uint64_t seed) {
  Random random(seed, "li2026");
  Vector<double> theta(depth * size);
  for (Index i = 0; i < size; ++i) {
    const double w = random.uniform(0.2, 0.6);
    for (Index l = 0; l < depth; ++l) theta[l * size + i] = std::pow(w, 1 / static_cast<double>(depth));
  }
  return theta;
}

/// Items 1 and 3, the largest over 40 steps at the rate 0.05: of |next norm^2 - norm^2 - eta^2 |gradient|^2| of every layer relative to its norm^2, of the
/// change of that norm^2 itself, and of |<w, slope>| / (|w| |slope|) while the slope is above a thousandth of its first; at the start also for the slope of
/// half the squared distance from m, a loss with a scale.
struct Steps {
  double off = 0, change = 0, inner = 0, inner_with_scale = 0;
};
inline Steps steps(Index depth, std::uint64_t seed) {
  const DiagonalProduct<double> model({.size = size, .depth = depth});
  const Problem problem(model, no_targets<double>(Shape{size}), rayleigh());
  Vector<double> theta = balanced_start(depth, seed), g(theta.size()), slope(size);
  auto ws = problem.workspace();
  const double rate = 0.05;
  double first = 0;
  Steps worst;
  for (int step = 0; step < 40; ++step) {
    problem.value_and_gradient(theta, ws, g);
    const Vector<double> w = model.value(theta);
    rayleigh().value_and_slope<double>(w, w, w, 1, slope);
    if (step == 0) {
      first = slope.norm();
      worst.inner_with_scale = std::abs(w.dot(w - means())) / (w.norm() * (w - means()).norm());
    }
    if (slope.norm() > 1e-3 * first)
      worst.inner = std::max(worst.inner, std::abs(w.dot(slope)) / (w.norm() * slope.norm()));  // below, it is rounding
    const Vector<double> next = theta - rate * g;
    for (Index l = 0; l < depth; ++l) {
      const auto layer = [&](const Vector<double>& x) { return x.segment(l * size, size).squaredNorm(); };
      worst.off = std::max(worst.off, std::abs(layer(next) - layer(theta) - rate * rate * layer(g)) / layer(theta));
      worst.change = std::max(worst.change, std::abs(layer(next) - layer(theta)) / layer(theta));
    }
    theta = next;
  }
  return worst;
}

inline double quasi_norm(const DiagonalProduct<double>& model, const Vector<double>& theta) {
  return model.value(theta).cwiseAbs().array().pow(2 / static_cast<double>(model.depth())).sum();
}
/// Items 2 and 4, at time 20: the relative drift of sum |w|^(2/L), J, and whether every coordinate has kept its sign.
struct End {
  double drift, J, J_at_start;
  bool signs_kept;
};
template <class Loss>
End descent(Index depth, const Loss& loss, const Vector<double>& targets, double rate, std::uint64_t seed) {
  const DiagonalProduct<double> model({.size = size, .depth = depth});
  const Problem problem(model, Data<double, AllEntries>(AllEntries(Shape{size}), targets), loss);
  const Vector<double> start = balanced_start(depth, seed);
  Run run(problem, start, gradient_descent({.rate = rate}));
  run.advance(static_cast<Index>(std::lround(20 / rate)));
  const Vector<double> w = model.value(run.theta()), w0 = model.value(start), m = means();
  const double before = quasi_norm(model, start);
  return {quasi_norm(model, run.theta()) / before - 1, std::pow(m.dot(w), 2) / w.squaredNorm(), std::pow(m.dot(w0), 2) / w0.squaredNorm(),
          (w.array() * w0.array() > 0).all()};
}
/// Under -J.
inline End descent(Index depth, double rate, std::uint64_t seed) {
  return descent(depth, rayleigh(), Vector<double>::Zero(size), rate, seed);
}
/// Under half the squared distance from m, whose scale matters.
inline End descent_with_scale(Index depth, double rate, std::uint64_t seed) {
  return descent(depth, HalfSumOfSquares{}, means(), rate, seed);
}

}  // namespace li2026
