// SPDX-License-Identifier: MIT
#pragma once
// The problems of Wind et al. 2023 and the sparse instances of Matt & Stoeger 2025 that tests and paper checks share.

#include <tacit/core/random.hpp>
#include <tacit/solver/diagonal_limit.hpp>

#include <cmath>
#include <random>

namespace diagonal {

using namespace tacit;

struct Linear {
  Matrix<double> A;
  Vector<double> y;
};
inline Linear line() { return {Matrix<double>{{1, 1, 1}, {3, 0, 1}}, Vector<double>{{3, 3}}}; }
inline Linear plane() { return {Matrix<double>{{2, -1, 0, 1}, {0, 3, 2, 0}}, Vector<double>{{0, 6}}}; }
inline Linear random() {
  return {
      Matrix<double>{{-0.111, 0.120, -0.370, -0.240, -1.197}, {0.209, -0.972, -0.755, 0.324, -0.109}, {0.210, -0.391, 0.235, 0.665, 0.353}},
      Vector<double>{{0.973, -0.039, -0.886}}};
}
inline Linear two(double eps) { return {Matrix<double>{{1, 1 - eps}}, Vector<double>{{1}}}; }

/// What depth p selects of the minimisers (1 - t, 2 (1 - t), 3 t, 0) of "line" (d = 3) and "plane" (d = 4).
inline Vector<long double> selected(double depth, Index d) {
  const long double p = depth;
  const long double t = depth == 2 ? (4 - 6 * std::pow(2.0L, 1 / 3.0L) + 9 * std::pow(2.0L, 2 / 3.0L)) / 31
                                   : 1 / (1 + std::pow(std::pow(3.0L, 2 / p) / (std::pow(2.0L, 2 / p) + 1), -p / (p - 2)));
  Vector<long double> x = Vector<long double>::Zero(d);
  x.head(3) << 1 - t, 2 * (1 - t), 3 * t;
  return x;
}
inline Vector<long double> limit_at(const Linear& problem, double depth, double scale) {
  return diagonal_limit(problem.A, problem.y, {.depth = depth, .product_scale = scale}).x;
}

/// 30 measurements of a vector of 60 with three entries +-1/sqrt(3), A ~ N(0, 1/30), noise of norm eta |A x| in a random direction.
struct Sparse : Linear {
  Vector<double> truth;
};
inline Sparse sparse_instance(std::uint64_t seed, double eta) {
  Random random(seed, "instance");
  Sparse instance;
  instance.A.resize(30, 60);
  for (double& entry : instance.A.reshaped()) entry = random.normal() / std::sqrt(30.0);
  instance.truth = Vector<double>::Zero(60);
  for (int count = 0; count < 3;) {
    double& entry = instance.truth[static_cast<Index>(random.below(60))];
    if (entry != 0) continue;
    entry = (random.uniform() < 0.5 ? -1 : 1) / std::sqrt(3.0);
    ++count;
  }
  Vector<double> direction(30);
  for (double& entry : direction) entry = random.normal();
  const Vector<double> clean = instance.A * instance.truth;
  instance.y = clean + eta * clean.norm() * direction.normalized();
  return instance;
}
/// The instance of the reference runs: mt19937_64 of seed 11, normals by the polar method, the second of each pair first (as libstdc++'s
/// normal_distribution): A row by row, then the direction of the noise; entries 3, 17 and 40 of x are 1, -1, 1 over sqrt(3).
inline Sparse reference_instance(double eta) {
  std::mt19937_64 bits(11);
  double spare = 0;
  bool has_spare = false;
  const auto normal = [&] {
    if (has_spare) return has_spare = false, spare;
    double x, y, square;
    do {
      x = 2 * (static_cast<double>(bits()) * 0x1p-64) - 1;
      y = 2 * (static_cast<double>(bits()) * 0x1p-64) - 1;
      square = x * x + y * y;
    } while (square > 1 || square == 0);
    const double scale = std::sqrt(-2 * std::log(square) / square);
    spare = x * scale, has_spare = true;
    return y * scale;
  };
  Sparse instance;
  instance.A.resize(30, 60);
  for (Index i = 0; i < 30; ++i)
    for (double& entry : instance.A.row(i)) entry = normal() / std::sqrt(30.0);
  instance.truth = Vector<double>::Zero(60);
  instance.truth[3] = instance.truth[40] = 1 / std::sqrt(3.0);
  instance.truth[17] = -1 / std::sqrt(3.0);
  Vector<double> direction(30);
  for (double& entry : direction) entry = normal();
  const Vector<double> clean = instance.A * instance.truth;
  instance.y = clean + eta * clean.norm() * direction.normalized();
  return instance;
}
/// |x_alpha - x_l1|_1 / |x_l1|_1.
inline double relative_error(const Linear& problem, const Vector<double>& minimiser, double depth, double scale) {
  const Vector<long double> x = minimiser.cast<long double>();
  return static_cast<double>((limit_at(problem, depth, scale) - x).lpNorm<1>() / x.lpNorm<1>());
}

}  // namespace diagonal
