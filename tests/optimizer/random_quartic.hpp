// SPDX-License-Identifier: MIT
#pragma once
// Random quartics and quadratics for tests of line searches.

#include <tacit/core/random.hpp>

#include "functions.hpp"

namespace functions {

/// sum of squares of random quadratic forms plus a random quadratic: bounded below, with many valleys.
inline Function random_quartic(Index n, std::uint64_t seed) {
  Random random(seed, "quartic");
  std::vector<Matrix<double>> B(4, Matrix<double>(n, n));
  for (auto& M : B) {
    for (double& entry : M.reshaped()) entry = random.normal();
    M = Matrix<double>(M + M.transpose()) / 2;
  }
  return {n,
          [B](const Vector<double>& x, Vector<double>& g) {
            double f = 0;
            g.setZero();
            for (std::size_t k = 0; k < 3; ++k) {
              const Vector<double> Bx = B[k] * x;
              const double q = x.dot(Bx) / 2 - 1;
              f += q * q / 2;
              g += q * Bx;
            }
            const Vector<double> Bx = B[3] * x;
            f += Bx.squaredNorm() / 20;
            g += B[3] * Bx / 10;
            return f;
          },
          4};
}
/// (x - at)^T A (x - at) / 2 with eigenvalues from 1 to the condition in a random basis; its value at `at` is `least`.
inline Function random_quadratic(Index n, double condition, std::uint64_t seed, Vector<double>* at = nullptr, double least = 0) {
  Random random(seed, "quadratic");
  Matrix<double> B(n, n);
  for (double& entry : B.reshaped()) entry = random.normal();
  for (Index j = 0; j < n; ++j) {  // Gram and Schmidt
    for (Index i = 0; i < j; ++i) B.col(j) -= B.col(i).dot(B.col(j)) * B.col(i);
    for (Index i = 0; i < j; ++i) B.col(j) -= B.col(i).dot(B.col(j)) * B.col(i);
    B.col(j).normalize();
  }
  Vector<double> eigenvalues(n), centre(n);
  for (Index k = 0; k < n; ++k) {
    eigenvalues[k] = std::pow(condition, static_cast<double>(k) / static_cast<double>(n - 1));
    centre[k] = random.normal();
  }
  const Matrix<double> A = B * eigenvalues.asDiagonal() * B.transpose();
  if (at) *at = centre;
  return {n,
          [A, centre, least](const Vector<double>& x, Vector<double>& g) {
            g = A * (x - centre);
            return (x - centre).dot(g) / 2 + least;
          },
          2};
}
inline Vector<double> random_point(Index n, std::uint64_t seed, double size = 1) {
  Random random(seed, "point");
  Vector<double> x(n);
  for (double& entry : x) entry = size * random.normal();
  return x;
}

/// Turns the direction around, so that it climbs.
struct Climb {
  using stage = TransformTag;
  static constexpr std::string_view name = "Climb";
  template <class Archive>
  void persist(Archive&) {}
  template <Scalar S>
  Nothing start(const Layout&) const {
    return {};
  }
  template <Scalar S>
  void apply(Step<S>& step, Nothing&) const {
    step.scale(-1);
  }
};
/// What a search says to a direction that climbs; empty where theta moves or a step is taken.
template <class Search>
std::string says_of_climbing(const Search& search) {
  const Function f = random_quadratic(4, 10, 1);
  Drive drive(f, random_point(4, 2), FullGradient{} | Climb{} | search);
  const Vector<double> before = drive.step.theta;
  if (drive() || drive.step.theta != before || drive.step.arrived) return {};
  return drive.step.why;
}

}  // namespace functions
