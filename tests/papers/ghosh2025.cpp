// SPDX-License-Identifier: MIT
// Ghosh, Kwon, Wang, Ravishankar & Qu 2025, Learning Dynamics of Deep Linear Networks Beyond the Edge of Stability: plain descent on the
// full target diag(10, 9.5, 2) of size 10 x 10 in random bases, depth 3, half the sum of squares, beyond 2 / S_1 = 0.030944.

#include <tacit/analysis/eigenpairs.hpp>
#include <tacit/analysis/hessian.hpp>
#include <tacit/hook/oscillation.hpp>
#include <tacit/hook/schedule.hpp>
#include <tacit/hook/trajectory.hpp>
#include <tacit/model/initial.hpp>
#include <tacit/optimizer/recipes.hpp>
#include <tacit/train.hpp>

#include <Eigen/Eigenvalues>
#include <array>

#include "catch.hpp"

using namespace tacit;
using Catch::Matchers::WithinAbs;

namespace {

constexpr Index ghosh_d = 10;
const Vector<double> ghosh_sigma{{10, 9.5, 2}};
enum class GhoshStart { zero_last, identity, orthogonal, gaussian };

struct GhoshTask {
  Matrix<double> U, V;
  Vector<double> theta;
  Data<double, AllEntries> data;

  GhoshTask(std::uint64_t seed, GhoshStart start) : data(fully_observed(Matrix<double>(Matrix<double>::Zero(ghosh_d, ghosh_d)))) {
    Random random(seed, "ghosh2025");
    U = detail::random_isometry<double>(ghosh_d, ghosh_d, random);
    V = detail::random_isometry<double>(ghosh_d, ghosh_d, random);
    data = fully_observed(Matrix<double>(U.leftCols(3) * ghosh_sigma.asDiagonal() * V.leftCols(3).transpose()));
    theta.resize(3 * ghosh_d * ghosh_d);
    for (Index l = 0; l < 3; ++l) {
      Matrix<double> W = 0.1 * Matrix<double>::Identity(ghosh_d, ghosh_d);
      if (start == GhoshStart::zero_last && l == 2) W.setZero();
      if (start == GhoshStart::orthogonal) W = 0.1 * detail::random_isometry<double>(ghosh_d, ghosh_d, random);
      if (start == GhoshStart::gaussian)
        for (double& x : W.reshaped()) x = 0.1 * random.normal();
      theta.segment(l * ghosh_d * ghosh_d, ghosh_d * ghosh_d) = W.reshaped();
    }
  }
};

/// The columns mode_1, mode_2, ... are the entries of U^T W V, column by column.
std::vector<std::string> ghosh_columns(bool all) {
  std::vector<std::string> names;
  for (Index k = 1; k <= (all ? ghosh_d * ghosh_d : 3); ++k) names.push_back(sentence("mode_", all ? k : 1 + (k - 1) * (ghosh_d + 1)));
  return names;
}
struct GhoshEnd {
  Oscillation modes;    ///< of u_i^T W v_i, i = 1, 2, 3
  Vector<double> gaps;  ///< largest |difference of squared singular values of neighbouring layers| in modes 1, 2, 3
  double outside;       ///< the largest amplitude of U^T W V outside its leading 2 x 2 block
  Index leak_at = -1;   ///< the first step at which an off-diagonal entry exceeds 1e-2
  double growth = 0;    ///< of the leak in two steps, between 1e-8 and 1e-4
  double largest_leak = 0;
};
GhoshEnd ghosh_descent(const GhoshTask& task, double rate, Index steps, bool leak = false) {
  const DeepMatrix<double> model({ghosh_d, ghosh_d, ghosh_d, ghosh_d});
  const Problem problem(model, task.data, HalfSumOfSquares{});
  const auto in_bases = [&](const auto& now) { return Matrix<double>(task.U.transpose() * now.end_to_end() * task.V); };
  Trajectory tail(probe("mode", [&](const auto& now) {
    const Matrix<double> D = in_bases(now);
    return std::vector<double>(D.data(), D.data() + D.size());
  }));
  GhoshEnd end{};
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
  end.modes = find_oscillation(tail, ghosh_columns(false));
  const Oscillation all = find_oscillation(tail, ghosh_columns(true));
  end.outside = 0;
  for (Index k = 0; k < ghosh_d * ghosh_d; ++k)
    if (k % ghosh_d > 1 || k / ghosh_d > 1) end.outside = std::max(end.outside, all.amplitudes[k]);
  Matrix<double> squares(3, ghosh_d);
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
/// rho <- rho + eta (sigma - rho^L) rho^(L-1), what descent makes of a balanced mode.
double ghosh_map(double rho, double eta, double sigma, int L) { return rho + eta * (sigma - std::pow(rho, L)) * std::pow(rho, L - 1); }
/// Derivative of the two-step map at the 2-cycle of sigma = 1, whose lower point lies in (0, 1): below -1 the period doubles again.
double ghosh_multiplier(double eta, int L) {
  double low = 0.05, high = 1 - 1e-3;
  for (int k = 0; k < 60; ++k) {
    const double middle = (low + high) / 2;
    (ghosh_map(ghosh_map(middle, eta, 1, L), eta, 1, L) > middle ? low : high) = middle;
  }
  const auto slope = [&](double rho) { return 1 + eta * ((L - 1) * std::pow(rho, L - 2) - (2 * L - 1) * std::pow(rho, 2 * L - 2)); };
  return slope(low) * slope(ghosh_map(low, eta, 1, L));
}

}  // namespace

TEST_CASE("ghosh2025/1: the Hessian at a balanced minimum has the eigenvalues of the formula, twice where i differs from j, and zeros") {
  const Vector<double> sigma{{3, 2, 1, 0.5}};
  for (const Index L : {2, 3, 4}) {
    CAPTURE(L);
    const Index d = 4;
    const DeepMatrix<double> model(std::vector<Index>(static_cast<std::size_t>(L) + 1, d));
    const Problem problem(model, fully_observed(Matrix<double>(sigma.asDiagonal())), HalfSumOfSquares{});
    Vector<double> theta = Vector<double>::Zero(model.parameter_count()), expected(d * d);
    for (Index l = 0; l < L; ++l)
      for (Index i = 0; i < d; ++i) theta[l * d * d + i * d + i] = std::pow(sigma[i], 1 / static_cast<double>(L));
    for (Index i = 0; i < d; ++i)
      for (Index j = 0; j < d; ++j) {
        expected[i * d + j] = 0;
        for (Index l = 1; l <= L; ++l)
          expected[i * d + j] += std::pow(sigma[i], 2.0 * static_cast<double>(L - l) / static_cast<double>(L)) *
                                 std::pow(sigma[j], 2.0 * static_cast<double>(l - 1) / static_cast<double>(L));
      }
    std::sort(expected.begin(), expected.end(), std::greater<>());
    const HessianOperator hessian(problem, theta);
    const auto top = top_eigenpairs(hessian, d * d + 2, {.tolerance = 1e-11}), bottom = bottom_eigenpairs(hessian, 1, {.tolerance = 1e-11});
    REQUIRE(top.all_converged());
    for (Index k = 0; k < d * d; ++k) CHECK_THAT(top.values[k], WithinAbs(expected[k], 1e-8 * expected[k]));
    CHECK(std::abs(top.values[d * d]) < 1e-8);
    CHECK(std::abs(bottom.values[0]) < 1e-8);
  }
}
TEST_CASE(
    "ghosh2025/2, 3: just beyond the edge one mode oscillates with period two, and its gap between layers is gone; below it nothing does") {
  for (const GhoshStart start : {GhoshStart::zero_last, GhoshStart::identity, GhoshStart::orthogonal, GhoshStart::gaussian})
    for (const std::uint64_t seed : {0, 1, 2, 3, 4}) {
      CAPTURE(static_cast<int>(start), seed);
      const GhoshTask task(seed, start);
      const GhoshEnd beyond = ghosh_descent(task, 0.0320, 9000), below = ghosh_descent(task, 0.0300, 6000);
      CHECK(beyond.modes.period == 2);
      CHECK_THAT(beyond.modes.amplitudes[0], WithinAbs(1.413385, 1e-6));
      CHECK(beyond.modes.amplitudes.tail(2).maxCoeff() < 1e-9);
      CHECK(beyond.modes.dimension(1e-6) == 1);
      CHECK(std::abs(beyond.modes.directions(0, 0)) > 1 - 1e-12);
      CHECK(below.modes.period == 1);
      CHECK(below.modes.amplitudes.maxCoeff() < 1e-9);
      if (start != GhoshStart::zero_last) continue;
      CHECK(beyond.gaps[0] < 1e-12);
      CHECK(below.gaps[0] > 5e-3);
      CHECK(std::min(beyond.gaps.tail(2).minCoeff(), below.gaps.tail(2).minCoeff()) > 5e-3);
    }
}
TEST_CASE("ghosh2025/4: the gap between scalar layers shrinks by the law, step by step") {
  Random random(1, "ghosh2025");
  for (const double share : {0.5, 0.9, 1.05, 1.2}) {
    std::array<double, 3> s{};
    for (double& x : s) x = std::pow(10.0, 1.0 / 3) * (0.8 + 0.4 * random.uniform());
    const double sigma = 10, eta = share * 2 / (3 * std::pow(sigma, 4.0 / 3)), first = s[0] * s[0] - s[1] * s[1];
    double worst = 0;
    for (int t = 0; t < 20'000; ++t) {
      const double pi = s[0] * s[1] * s[2], b = s[0] * s[0] - s[1] * s[1];
      const double law = b * (1 - eta * eta * (pi - sigma) * (pi - sigma) * pi * pi / (s[0] * s[0] * s[1] * s[1]));
      for (const double g = eta * (pi - sigma) * pi; double& x : s) x -= g / x;
      worst = std::max(worst, std::abs(s[0] * s[0] - s[1] * s[1] - law));
    }
    CHECK(worst < 1e-12);
    const double left = std::abs((s[0] * s[0] - s[1] * s[1]) / first);
    CHECK((share < 1 ? left > 0.5 : left < 1e-12));  // below the edge it stays: the control
  }
}
TEST_CASE("ghosh2025/5: beyond the onset of mixing the aligned orbit leaks, at the rate of its Floquet multiplier; not below it") {
  for (const std::uint64_t seed : {0, 1, 2}) {
    const GhoshTask task(seed, GhoshStart::zero_last);
    const GhoshEnd mixing = ghosh_descent(task, 0.0334, 800, true), quiet = ghosh_descent(task, 0.0320, 6000, true);
    CHECK(mixing.growth > 1.10);
    CHECK(mixing.growth < 1.115);
    CHECK(mixing.leak_at >= 560);
    CHECK(mixing.leak_at <= 720);
    CHECK(quiet.largest_leak < 1e-10);
  }
}
TEST_CASE("ghosh2025/6: between, no period up to 16, in the two leading directions alone") {
  for (const std::uint64_t seed : {0, 1}) {
    const GhoshEnd end = ghosh_descent(GhoshTask(seed, GhoshStart::orthogonal), 0.0322, 20'000);
    CHECK(end.modes.period == 0);
    CHECK(end.modes.mismatch > 0.1);
    CHECK(end.outside < 1e-5);
  }
}
TEST_CASE("ghosh2025/7: the balanced map doubles its period again at 1.2361, 1.2446, 1.2472 times 2 / S") {
  const double onset[] = {1.2361, 1.2446, 1.2472};
  for (const int L : {2, 3, 4}) {
    CAPTURE(L);
    double low = 1.2, high = 1.26;  // in units of 2 / S, S = L for sigma = 1
    for (int k = 0; k < 14; ++k) {
      const double middle = (low + high) / 2;
      (ghosh_multiplier(middle * 2 / L, L) > -1 ? low : high) = middle;
    }
    CHECK_THAT(low, WithinAbs(onset[L - 2], 1e-4));
  }
}
