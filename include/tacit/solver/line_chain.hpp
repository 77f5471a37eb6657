// SPDX-License-Identifier: MIT
#pragma once
// Lines in their order as a Markov chain: a quantity x along them is a stationary autoregression of the first order (an Ornstein-Uhlenbeck process where steps are uneven),
//   x_1 ~ N(0, v),   x_{t+1} = phi_t x_t + N(0, v (1 - phi_t^2)),   phi_t = exp(-step_t / tau),
// so that neighbours are alike, the more the longer tau, and lines far from all others are independent. Steps are in units of the median one; those that differ by less than
// a tenth count as equal, so that an update of v and tau by maximum likelihood from expected squares and products costs some 40 evaluations over the kinds of steps.
// Source: Rasmussen & Williams 2006, section 4.2 (the exponential covariance); Shumway & Stoffer 1982 (its estimation by expectation and maximisation).

#include <cmath>
#include <map>
#include <numeric>
#include <vector>

#include "../observation/line_order.hpp"

namespace tacit::detail {

struct LineChain {
  std::vector<Index> line;        ///< the lines in their order
  std::vector<std::size_t> kind;  ///< of each step, from the t-th to the next line
  std::vector<double> length;     ///< of each kind of step, in units of the median step

  Index size() const { return static_cast<Index>(line.size()); }

  LineChain(Index lines, const std::vector<double>& at) : line(static_cast<std::size_t>(lines)) {
    std::iota(line.begin(), line.end(), Index(0));
    if (at.empty()) {
      kind.assign(line.empty() ? 0 : line.size() - 1, 0);
      length = {1};
      return;
    }
    const auto place = [&](Index i) { return at[static_cast<std::size_t>(i)]; };
    std::sort(line.begin(), line.end(), [&](Index a, Index b) { return place(a) < place(b); });
    std::vector<double> steps;
    for (std::size_t t = 1; t < line.size(); ++t) steps.push_back(place(line[t]) - place(line[t - 1]));
    std::vector<double> sorted = steps;
    std::sort(sorted.begin(), sorted.end());
    const double unit = sorted.empty() ? 1 : sorted[sorted.size() / 2];
    std::map<long, std::size_t> kinds;
    std::vector<double> count;
    for (const double step : steps) {
      const auto [known, fresh] = kinds.emplace(std::lround(8 * std::log2(step / unit)), length.size());
      if (fresh) length.push_back(0), count.push_back(0);
      length[known->second] += step / unit, ++count[known->second];
      kind.push_back(known->second);
    }
    for (std::size_t b = 0; b < length.size(); ++b) length[b] /= count[b];
  }
};

/// Expected squares and products along a chain, summed by kind of step.
struct ChainMoments {
  double first = 0, lines = 0;                        ///< E x_1^2, and the length of the chain
  std::vector<double> before, after, product, count;  ///< E x_t^2, E x_{t+1}^2, E x_t x_{t+1}

  explicit ChainMoments(std::size_t kinds = 0) : before(kinds, 0.0), after(before), product(before), count(before) {}
  void start(double square) { first += square, ++lines; }
  void step(std::size_t kind, double square_before, double square_after, double both) {
    before[kind] += square_before, after[kind] += square_after, product[kind] += both, ++count[kind], ++lines;
  }
  /// Another's, squares and products times `scale`, all of it weighing `weight`.
  void add(const ChainMoments& other, double scale, double weight) {
    const double w = scale * weight;
    first += w * other.first, lines += weight * other.lines;
    for (std::size_t b = 0; b < count.size(); ++b)
      before[b] += w * other.before[b], after[b] += w * other.after[b], product[b] += w * other.product[b],
          count[b] += weight * other.count[b];
  }
};

/// Variance, and the correlation length tau in steps.
struct Autoregression {
  double variance = 1, tau = 10;

  double phi(double length) const { return std::exp(-length / tau); }
  /// The most likely v and tau for these moments.
  void update(const ChainMoments& m, const std::vector<double>& length, double longest) {
    const auto variance_at = [&](double log_tau, double& cost) {
      double sum = m.first, logarithms = 0;
      for (std::size_t b = 0; b < length.size(); ++b) {
        const double x = length[b] * std::exp(-log_tau), f = std::exp(-x), rest = -std::expm1(-2 * x);
        sum += (m.after[b] - 2 * f * m.product[b] + f * f * m.before[b]) / rest;
        logarithms += m.count[b] * std::log(rest);
      }
      const double v = std::max(sum / m.lines, 1e-300);
      cost = m.lines * std::log(v) + logarithms;
      return v;
    };
    double low = std::log(0.2), high = std::log(std::max(longest, 1.0)), cost[2];
    constexpr double golden = 0.6180339887498949;
    double a = high - golden * (high - low), b = low + golden * (high - low);
    variance_at(a, cost[0]), variance_at(b, cost[1]);
    for (int step = 0; step < 25; ++step) {
      if (cost[0] < cost[1]) high = b, b = a, cost[1] = cost[0], a = high - golden * (high - low), variance_at(a, cost[0]);
      else low = a, a = b, cost[0] = cost[1], b = low + golden * (high - low), variance_at(b, cost[1]);
    }
    const double best = (low + high) / 2;
    variance = variance_at(best, cost[0]);
    tau = std::exp(best);
  }
};

}  // namespace tacit::detail
