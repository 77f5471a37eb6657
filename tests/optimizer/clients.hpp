// SPDX-License-Identifier: MIT
#pragma once
// Clients with quadratic objectives that disagree: client i has 4 measurements of a vector in R^4 and targets of its own,
// f_i = |A_i x - y_i|^2 / 8. With 5 clients of 4 measurements f is the mean, and everything about it is known in closed form.

#include <tacit/model/deep_matrix.hpp>
#include <tacit/observation/linear_map.hpp>
#include <tacit/observation/partition.hpp>
#include <tacit/problem.hpp>

#include <Eigen/Cholesky>

namespace client_quadratics {

using namespace tacit;

struct Quadratics {
  static constexpr Index clients = 5, size = 4;
  std::vector<Matrix<double>> H;  ///< of f_i
  std::vector<Vector<double>> b;  ///< grad f_i = H_i x - b_i
  Matrix<double> A;               ///< all measurements, a row each
  Vector<double> y;

  explicit Quadratics(std::uint64_t seed) : A(clients * size, size), y(clients * size) {
    Random random(seed, "client quadratics");
    for (double& entry : A.reshaped()) entry = random.normal();
    for (double& entry : y) entry = random.normal();
    for (Index i = 0; i < clients; ++i) {
      const Matrix<double> Ai = A.middleRows(i * size, size);
      H.push_back(Ai.transpose() * Ai / size);
      b.push_back(Ai.transpose() * y.segment(i * size, size) / size);
    }
  }
  Vector<double> gradient(Index i, const Vector<double>& x) const {
    return H[static_cast<std::size_t>(i)] * x - b[static_cast<std::size_t>(i)];
  }
  Vector<double> gradient(const Vector<double>& x) const {
    Vector<double> g = Vector<double>::Zero(size);
    for (Index i = 0; i < clients; ++i) g += gradient(i, x) / clients;
    return g;
  }
  /// Of r = (1/2) mean |grad f_i - grad f|^2.
  double variance(const Vector<double>& x) const {
    double r = 0;
    for (Index i = 0; i < clients; ++i) r += (gradient(i, x) - gradient(x)).squaredNorm() / (2 * clients);
    return r;
  }
  Vector<double> variance_gradient(const Vector<double>& x) const {
    Vector<double> g = Vector<double>::Zero(size);
    for (Index i = 0; i < clients; ++i) g += H[static_cast<std::size_t>(i)] * (gradient(i, x) - gradient(x)) / clients;
    return g;
  }
  Vector<double> minimiser() const {
    Matrix<double> sum = Matrix<double>::Zero(size, size);
    Vector<double> side = Vector<double>::Zero(size);
    for (std::size_t i = 0; i < H.size(); ++i) sum += H[i], side += b[i];
    return sum.llt().solve(side);
  }
  /// The same as a problem with a partition.
  auto problem() const {
    return Problem(DeepMatrix<double>({1, size}), Data<double, LinearMap<double>>(LinearMap<double>(size, 1, A.transpose()), y),
                   HalfMeanSquares{});
  }
  static Partition partition() { return equal_groups(clients * size, clients); }
};
inline Vector<double> some_point() { return Vector<double>{{0.7, -1.2, 0.4, 2}}; }

}  // namespace client_quadratics
