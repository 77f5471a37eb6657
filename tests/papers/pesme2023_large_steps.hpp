// SPDX-License-Identifier: MIT
#pragma once
// What is measured of Even, Pesme, Gunasekar & Flammarion 2023, for the tests and the checks of papers: descent and single samples on diagonal nets with steps up
// to the largest at which they converge, and what their limits minimise. The papers' step gamma is twice the rate.

#include <tacit/hook/hyperbolic_entropy.hpp>
#include <tacit/optimizer/on_batches.hpp>
#include <tacit/optimizer/recipes.hpp>

#include <Eigen/Cholesky>

#include "pesme2023.hpp"

namespace pesme2023 {

/// n = 20, d = 30, beta = (1, 1, 1, 0, ...), under (1/4n) ||X beta - y||^2 from alpha = 0.1.
struct LargeSteps {
  Linear linear;
  Vector<double> truth;
  std::uint64_t seed;
  Index batch;  ///< 20: descent; 1: single samples

  LargeSteps(std::uint64_t seed_, Index batch_) : truth(Vector<double>::Zero(30)), seed(seed_), batch(batch_) {
    truth.head(3).setOnes();
    Random random(seed, "pesme2023");
    linear = gaussian(20, truth, random);
  }
  struct End {
    bool converged = false;
    double error = 0;         ///< |x - truth|
    double outside = 0;       ///< of the entropy's dual, the share of the norm outside the row space
    double outside_flow = 0;  ///< the same with the scale and the origin of the flow, those of the start
    double on = 0, off = 0;   ///< geometric means of alpha_inf on and off the support
    Index steps = 0;
  };
  /// To a loss of 1e-14, or for `most` steps; `watch` adds what the entropy says. Order of the samples: 0, 1, ...
  End run(double gamma, std::uint64_t order, Index most, bool watch) const {
    const auto problem = net(linear, QuarterMeanSquares{});
    const Vector<double> start = Vector<double>::Constant(60, 0.1 / std::sqrt(2.0));
    const auto optimizer = on_batches({.size = batch, .seed = 100 * seed + order}, FullGradient{}) | LearningRate{gamma / 2};
    HyperbolicEntropy entropy;
    End end;
    auto ws = problem.workspace();
    const auto go = [&](auto& descent) {
      while (descent.iteration() < most && descent.reason() != Reason::diverged) {
        descent.advance(batch == 1 ? 2000 : 100);
        const double loss = problem.value(descent.theta(), ws).loss;
        if (!(loss < 1e6)) break;
        if (loss < 1e-14) end.converged = true;
        if (end.converged) break;
      }
      end.steps = descent.iteration();
      descent.finish();
      end.error = (problem.model().value(descent.theta()) - truth).norm();
    };
    if (!watch) {
      Run descent(problem, start, optimizer);
      go(descent);
      return end;
    }
    Run descent(problem, start, optimizer, entropy);
    go(descent);
    if (!end.converged) return end;
    const auto outside = [&](const Vector<double>& dual) {
      const Vector<double> nu = (linear.A * linear.A.transpose()).ldlt().solve(linear.A * dual);
      return (dual - linear.A.transpose() * nu).norm() / dual.norm();
    };
    end.outside = outside(entropy.dual());
    end.outside_flow = outside(entropy.x().unaryExpr([](double x) { return std::asinh(x / 0.01) / 2; }));
    const Vector<double> alpha = entropy.scale();
    end.on = std::exp(alpha.head(3).array().log().mean());
    end.off = std::exp(alpha.tail(27).array().log().mean());
    return end;
  }
  /// The largest gamma, to `digits` relative, at which all of these orders converge within `most` steps.
  double largest(std::uint64_t orders, Index most, double digits) const {
    const auto converges = [&](double gamma) {
      for (std::uint64_t order = 0; order < orders; ++order)
        if (!run(gamma, order, most, false).converged) return false;
      return true;
    };
    double low = batch == 1 ? 0.1 : 0.5, high = 2 * low;
    while (converges(high)) low = high, high *= 2;
    while (!converges(low)) high = low, low /= 2;
    while (high > low * (1 + digits)) {
      const double middle = std::sqrt(low * high);
      (converges(middle) ? low : high) = middle;
    }
    return low;
  }
};
/// Items 5 and 6 on one problem: descent at 0.03 and 0.015 of the largest gamma and at it, single samples in some orders at 0.03 and 0.9 of theirs.
struct LargeStepEnds {
  double most = 0, most_samples = 0;
  LargeSteps::End small, smaller, large;
  std::vector<LargeSteps::End> small_samples, large_samples;
  static double mean_error(const std::vector<LargeSteps::End>& ends) {
    double sum = 0;
    for (const LargeSteps::End& end : ends) sum += end.error / static_cast<double>(ends.size());
    return sum;
  }
  std::vector<LargeSteps::End> all() const {
    std::vector<LargeSteps::End> ends{small, smaller, large};
    ends.insert(ends.end(), small_samples.begin(), small_samples.end());
    ends.insert(ends.end(), large_samples.begin(), large_samples.end());
    return ends;
  }
};
inline LargeStepEnds large_steps(std::uint64_t seed, std::uint64_t orders) {
  const LargeSteps descent(seed, 20), samples(seed, 1);
  LargeStepEnds ends;
  ends.most = descent.largest(1, 100'000, 0.02), ends.most_samples = samples.largest(orders, 200'000, 0.05);
  ends.small = descent.run(0.03 * ends.most, 0, 3'000'000, true);
  ends.smaller = descent.run(0.015 * ends.most, 0, 6'000'000, true);
  ends.large = descent.run(ends.most, 0, 200'000, true);
  for (std::uint64_t order = 0; order < orders; ++order) {
    ends.small_samples.push_back(samples.run(0.03 * ends.most_samples, order, 5'000'000, true));
    ends.large_samples.push_back(samples.run(0.9 * ends.most_samples, order, 1'000'000, true));
  }
  return ends;
}

}  // namespace pesme2023
