// SPDX-License-Identifier: MIT
#pragma once
// Ghosh, Kwon, Wang, Ravishankar & Qu 2025, Learning Dynamics of Deep Linear Networks Beyond the Edge of Stability: plain descent on the full target
// diag(10, 9.5, 2) of size 10 x 10 in random bases, depth 3, half the sum of squares, beyond 2 / S_1 = 0.030944. The experiments of the acceptance list,
// shared by tests and paper checks.

#include <tacit/analysis/eigenpairs.hpp>
#include <tacit/analysis/hessian.hpp>
#include <tacit/hook/oscillation.hpp>
#include <tacit/hook/schedule.hpp>
#include <tacit/hook/trajectory.hpp>
#include <tacit/model/initial.hpp>
#include <tacit/optimizer/recipes.hpp>
#include <tacit/train.hpp>

#include <array>

namespace ghosh2025 {

using namespace tacit;

/// Item 1: at a balanced minimum of diag(3, 2, 1, 0.5), the largest relative distance of the d^2 leading eigenvalues from the formula and from that of
/// depth L + 1, and the largest of the rest.
struct Minimum {
  double leading, other_depth, rest;
  bool converged;
};
inline Minimum eigenvalues_at_minimum(Index L) {
  const Vector<double> sigma{{3, 2, 1, 0.5}};
  const Index d = 4;
  const DeepMatrix<double> model(std::vector<Index>(static_cast<std::size_t>(L) + 1, d));
  const Problem problem(model, fully_observed(Matrix<double>(sigma.asDiagonal())), HalfSumOfSquares{});
  Vector<double> theta = Vector<double>::Zero(model.parameter_count());
  for (Index l = 0; l < L; ++l)
    for (Index i = 0; i < d; ++i) theta[l * d * d + i * d + i] = std::pow(sigma[i], 1 / static_cast<double>(L));
  const auto formula = [&](Index depth) {
    Vector<double> expected = Vector<double>::Zero(d * d);
    const double n = static_cast<double>(depth);
    for (Index i = 0; i < d; ++i)
      for (Index j = 0; j < d; ++j)
        for (Index l = 1; l <= depth; ++l)
          expected[i * d + j] +=
              std::pow(sigma[i], 2 * (n - static_cast<double>(l)) / n) * std::pow(sigma[j], 2 * static_cast<double>(l - 1) / n);
    std::sort(expected.begin(), expected.end(), std::greater<>());
    return expected;
  };
  const HessianOperator hessian(problem, theta);
  const auto top = top_eigenpairs(hessian, d * d + 2, {.tolerance = 1e-11}), bottom = bottom_eigenpairs(hessian, 1, {.tolerance = 1e-11});
  const auto off = [&](const Vector<double>& expected) {
    return (top.values.head(d * d) - expected).cwiseQuotient(expected).cwiseAbs().maxCoeff();
  };
  return {off(formula(L)), off(formula(L + 1)), std::max(std::abs(top.values[d * d]), std::abs(bottom.values[0])), top.all_converged()};
}

constexpr Index d = 10;
inline Vector<double> sigma() { return Vector<double>{{10, 9.5, 2}}; }
enum class Start { zero_last, identity, orthogonal, gaussian };

struct Task {
  Matrix<double> U, V;
  Vector<double> theta;
  Data<double, AllEntries> data;

  Task(std::uint64_t seed, Start start) : data(fully_observed(Matrix<double>(Matrix<double>::Zero(d, d)))) {
    Random random(seed, "ghosh2025");
    U = tacit::detail::random_isometry<double>(d, d, random);
    V = tacit::detail::random_isometry<double>(d, d, random);
    data = fully_observed(Matrix<double>(U.leftCols(3) * sigma().asDiagonal() * V.leftCols(3).transpose()));
    theta.resize(3 * d * d);
    for (Index l = 0; l < 3; ++l) {
      Matrix<double> W = 0.1 * Matrix<double>::Identity(d, d);
      if (start == Start::zero_last && l == 2) W.setZero();
      if (start == Start::orthogonal) W = 0.1 * tacit::detail::random_isometry<double>(d, d, random);
      if (start == Start::gaussian)
        for (double& x : W.reshaped()) x = 0.1 * random.normal();
      theta.segment(l * d * d, d * d) = W.reshaped();
    }
  }
};

/// The columns mode_1, mode_2, ... are the entries of U^T W V, column by column.
inline std::vector<std::string> columns(bool all) {
  std::vector<std::string> names;
  for (Index k = 1; k <= (all ? d * d : 3); ++k) names.push_back(sentence("mode_", all ? k : 1 + (k - 1) * (d + 1)));
  return names;
}
struct End {
  Oscillation modes;    ///< of u_i^T W v_i, i = 1, 2, 3
  Vector<double> gaps;  ///< largest |difference of squared singular values of neighbouring layers| in modes 1, 2, 3
  double outside;       ///< the largest amplitude of U^T W V outside its leading 2 x 2 block
  Index leak_at = -1;   ///< the first step at which an off-diagonal entry exceeds 1e-2
  double growth = 0;    ///< of the leak in two steps, between 1e-8 and 1e-4
  double largest_leak = 0;
};
inline End descent(const Task& task, double rate, Index steps, bool leak = false) {
  const DeepMatrix<double> model({d, d, d, d});
  const Problem problem(model, task.data, HalfSumOfSquares{});
  const auto in_bases = [&](const auto& now) { return Matrix<double>(task.U.transpose() * now.end_to_end() * task.V); };
  Trajectory tail(probe("mode", [&](const auto& now) {
    const Matrix<double> D = in_bases(now);
    return std::vector<double>(D.data(), D.data() + D.size());
  }));
  End end{};
  std::vector<double> leaks;
  Vector<double> theta = task.theta;
  train(problem, theta, gradient_descent({.rate = rate}), {.iterations = steps}, [&](const auto& now) {
    if (now.iteration() >= steps - 80) tail(now);
    if (!leak) return;
    Matrix<double> D = in_bases(now);
    D.diagonal().setZero();
    leaks.push_back(D.cwiseAbs().maxCoeff());
    end.largest_leak = std::max(end.largest_leak, leaks.back());
    if (end.leak_at < 0 && leaks.back() > 1e-2) end.leak_at = now.iteration();
  });
  end.modes = find_oscillation(tail, columns(false));
  const Oscillation all = find_oscillation(tail, columns(true));
  end.outside = 0;
  for (Index k = 0; k < d * d; ++k)
    if (k % d > 1 || k / d > 1) end.outside = std::max(end.outside, all.amplitudes[k]);
  Matrix<double> squares(3, d);
  for (Index l = 0; l < 3; ++l) {  // along the chain of singular vectors that starts with V
    Matrix<double> X = task.V;
    for (Index m = 0; m < l; ++m) X = model.layer(theta, m) * X;
    for (Index i = 0; i < 3; ++i) squares(l, i) = (model.layer(theta, l) * X.col(i).normalized()).squaredNorm();
  }
  end.gaps.resize(3);
  for (Index i = 0; i < 3; ++i) end.gaps[i] = squares.col(i).head(3).maxCoeff() - squares.col(i).head(3).minCoeff();
  const auto crosses = [&](double level) {
    return static_cast<double>(std::find_if(leaks.begin(), leaks.end(), [=](double x) { return x > level; }) - leaks.begin());
  };
  if (end.largest_leak > 1e-4) end.growth = std::exp(2 * std::log(1e4) / (crosses(1e-4) - crosses(1e-8)));
  return end;
}

/// Item 4, 20,000 steps of three scalar layers near 10^(1/3) at the rate share * 2 / S: the largest error of the law of the gap in a step, and what is left
/// of the gap.
struct Gap {
  double error, left;
};
inline Gap scalar_gap(double share, Random& random) {
  std::array<double, 3> s{};
  for (double& x : s) x = std::pow(10.0, 1.0 / 3) * (0.8 + 0.4 * random.uniform());
  const double target = 10, eta = share * 2 / (3 * std::pow(target, 4.0 / 3)), first = s[0] * s[0] - s[1] * s[1];
  double worst = 0;
  for (int t = 0; t < 20'000; ++t) {
    const double pi = s[0] * s[1] * s[2], b = s[0] * s[0] - s[1] * s[1];
    const double law = b * (1 - eta * eta * (pi - target) * (pi - target) * pi * pi / (s[0] * s[0] * s[1] * s[1]));
    for (const double g = eta * (pi - target) * pi; double& x : s) x -= g / x;
    worst = std::max(worst, std::abs(s[0] * s[0] - s[1] * s[1] - law));
  }
  return {worst, std::abs((s[0] * s[0] - s[1] * s[1]) / first)};
}

/// rho <- rho + eta (sigma - rho^L) rho^(L-1), what descent makes of a balanced mode.
inline double balanced_map(double rho, double eta, double sigma, int L) {
  return rho + eta * (sigma - std::pow(rho, L)) * std::pow(rho, L - 1);
}
/// Derivative of the two-step map at the 2-cycle of sigma = 1, whose lower point lies in (0, 1): below -1 the period doubles again.
inline double multiplier(double eta, int L) {
  double low = 0.05, high = 1 - 1e-3;
  for (int k = 0; k < 60; ++k) {
    const double middle = (low + high) / 2;
    (balanced_map(balanced_map(middle, eta, 1, L), eta, 1, L) > middle ? low : high) = middle;
  }
  const auto slope = [&](double rho) { return 1 + eta * ((L - 1) * std::pow(rho, L - 2) - (2 * L - 1) * std::pow(rho, 2 * L - 2)); };
  return slope(low) * slope(balanced_map(low, eta, 1, L));
}
/// Item 7: the onset of period four in units of 2 / S, S = L for sigma = 1.
inline double period_four_onset(int L) {
  double low = 1.2, high = 1.26;
  for (int k = 0; k < 14; ++k) {
    const double middle = (low + high) / 2;
    (multiplier(middle * 2 / L, L) > -1 ? low : high) = middle;
  }
  return low;
}

}  // namespace ghosh2025
