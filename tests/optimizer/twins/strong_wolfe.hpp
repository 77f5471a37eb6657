// SPDX-License-Identifier: MIT
#pragma once
// A line search for the strong Wolfe conditions by hand: lists of points, everything evaluated anew.

#include <tacit/core/scalar.hpp>

#include <algorithm>
#include <cmath>
#include <vector>

namespace twins {

inline double dot(const tacit::Vector<double>& a, const tacit::Vector<double>& b) {
  double sum = 0;
  for (tacit::Index k = 0; k < a.size(); ++k) sum += a[k] * b[k];
  return sum;
}

struct WolfePoint {
  double t, f, slope;
};
/// The length of the step along d from theta, t being the first trial. point(t) gives a WolfePoint.
template <class F>
double wolfe_length(F&& point, double t, double largest, double c1, double c2, int trials, double tiny) {
  const WolfePoint start = point(0);
  const auto cubic = [](WolfePoint a, WolfePoint b, double low, double high) {
    if (a.t > b.t) std::swap(a, b);
    const double d1 = a.slope + b.slope - 3 * (a.f - b.f) / (a.t - b.t), under = d1 * d1 - a.slope * b.slope;
    if (under < 0) return (low + high) / 2;
    const double d2 = std::sqrt(under);
    return std::min(std::max(b.t - (b.t - a.t) * ((b.slope + d2 - d1) / (b.slope - a.slope + 2 * d2)), low), high);
  };
  const auto high = [&](const WolfePoint& p) { return p.f > start.f + c1 * p.t * start.slope; };
  const auto flat = [&](const WolfePoint& p) { return std::abs(p.slope) <= -c2 * start.slope; };
  std::vector<WolfePoint> seen{start, point(t)};
  int tried = 0;
  for (; tried < trials; ++tried) {
    const WolfePoint now = seen.back(), before = seen[seen.size() - 2];
    if (high(now) || (tried > 1 && now.f >= before.f)) break;
    if (flat(now)) return now.t;
    if (now.slope >= 0) break;
    seen.push_back(point(cubic(before, now, now.t + 0.01 * (now.t - before.t), 10 * now.t)));
  }
  WolfePoint a = tried == trials ? start : seen[seen.size() - 2], b = seen.back();  // a is the lower one from here on
  if (b.f < a.f) std::swap(a, b);
  for (bool stuck = false; tried < trials && std::abs(b.t - a.t) * largest >= tiny; ++tried) {
    const double low = std::min(a.t, b.t), up = std::max(a.t, b.t), margin = 0.1 * (up - low);
    double next = cubic(a, b, low, up);
    const bool near = std::min(up - next, next - low) < margin;
    if (near && (stuck || next >= up || next <= low)) next = up - next < next - low ? up - margin : low + margin, stuck = false;
    else stuck = near;
    const WolfePoint c = point(next);
    if (high(c) || c.f >= a.f) {
      b = c;
      if (b.f < a.f) std::swap(a, b);
      continue;
    }
    if (flat(c)) return c.t;
    if (c.slope * (b.t - a.t) >= 0) b = a;
    a = c;
  }
  return a.t;
}
/// theta moves along d; returns the length.
template <class P, class W>
double wolfe_step(const P& problem, W& ws, tacit::Vector<double>& theta, const tacit::Vector<double>& d, double first, double c1,
                  double c2) {
  tacit::Vector<double> at = theta, g = theta;
  double largest = 0;
  for (const double x : d) largest = std::max(largest, std::abs(x));
  const auto point = [&](double t) {
    for (tacit::Index k = 0; k < at.size(); ++k) at[k] = theta[k] + t * d[k];
    const double f = problem.value_and_gradient(at, ws, g).objective;
    return WolfePoint{t, f, dot(g, d)};
  };
  const double t = wolfe_length(point, first, largest, c1, c2, 25, 1e-9);
  for (tacit::Index k = 0; k < theta.size(); ++k) theta[k] += t * d[k];
  return t;
}

template <class P>
tacit::Vector<double> strong_wolfe(const P& problem, tacit::Vector<double> theta, tacit::Index steps) {
  auto ws = problem.workspace();
  tacit::Vector<double> g(theta.size());
  for (tacit::Index t = 0; t < steps; ++t) {
    problem.value_and_gradient(theta, ws, g);
    double sum = 0;
    for (const double x : g) sum += std::abs(x);
    wolfe_step(problem, ws, theta, tacit::Vector<double>(-g), t == 0 ? std::min(1.0, 1 / sum) : 1, 1e-4, 0.9);
  }
  return theta;
}

}  // namespace twins
