// SPDX-License-Identifier: MIT
#include <tacit/optimizer/shampoo.hpp>

#include "block_examples.hpp"
#include "thrown.hpp"

using namespace tacit;
using namespace block_examples;

namespace {

std::vector<Matrix<double>> shampoo_steps(const Shampoo& shampoo, const Layout& layout, const std::vector<Vector<double>>& gradients) {
  auto state = shampoo.start<double>(layout);
  Step<double> step(layout.parameter_count());
  step.theta = Vector<double>::Zero(layout.parameter_count());
  std::vector<Matrix<double>> directions;
  for (const Vector<double>& g : gradients) {
    step.begin();
    step.gradient = g;
    shampoo.apply(step, state);
    directions.push_back(step.own().reshaped(layout[0].shape.rows(), layout[0].count / layout[0].shape.rows()));
  }
  return directions;
}
Matrix<double> symmetric_power(const Matrix<double>& A, double power) {
  const Eigen::SelfAdjointEigenSolver<Matrix<double>> solver(A);
  return solver.eigenvectors() * solver.eigenvalues().array().pow(power).matrix().asDiagonal() * solver.eigenvectors().transpose();
}

}  // namespace

TEST_CASE("as eps falls Shampoo's first step tends to the polar factor: gradient descent's does not") {
  const Matrix<double> G = gaussian(6, 6, 1);
  const auto svd = G.jacobiSvd(Eigen::ComputeThinU | Eigen::ComputeThinV);
  const Matrix<double> polar = svd.matrixU() * svd.matrixV().transpose();
  double last = 1;
  for (const double eps : {1e-4, 1e-6, 1e-8, 1e-10}) {
    const double gap = (direction(Shampoo{.eps = eps}, G) - polar).norm();
    CHECK(gap < last / 50);  // linearly in eps
    last = gap;
  }
  CHECK((direction(Shampoo{.eps = 0}, G) - polar).norm() < 1e-9);
  CHECK((G / G.norm() - polar / polar.norm()).norm() > 0.1);
}

TEST_CASE("Shampoo commutes with orthogonal changes of both sides, and without eps forgets the loss's scale") {
  const Matrix<double> Q = orthogonal(5, 2), R = orthogonal(6, 3);
  std::vector<Vector<double>> plain, changed, scaled;
  for (std::uint64_t t = 0; t < 8; ++t) {
    const Matrix<double> G = gaussian(5, 6, 10 + t);
    plain.push_back(flat(G));
    changed.push_back(flat(Q * G * R));
    scaled.push_back(1e5 * plain.back());
  }
  const auto u = shampoo_steps({}, one_block(5, 6), plain), v = shampoo_steps({}, one_block(5, 6), changed);
  const auto s = shampoo_steps({.eps = 0}, one_block(5, 6), plain), l = shampoo_steps({.eps = 0}, one_block(5, 6), scaled);
  for (std::size_t t = 0; t < 8; ++t) CHECK((v[t] - Q * u[t] * R).norm() < 1e-11);
  for (std::size_t t = 3; t < 8; ++t) CHECK((l[t] - s[t]).norm() < 1e-8);
  CHECK((u[7] - s[7]).norm() > 1e-7);
}

TEST_CASE("on tensors each mode has a factor with exponent -1/(2K), from the raw gradient, whatever the storage") {
  const Index a = 3, b = 4, c = 2;
  Layout by_columns, by_rows;
  by_columns.add("T", {a, b, c});
  by_rows.add("T", {a, b, c}, StorageOrder::row_major);
  const Vector<double> g = flat(gaussian(a * b * c, 1, 5));
  const auto at = [&](const Vector<double>& x, Index i, Index j, Index k) { return x[i + a * (j + b * k)]; };
  // Written out in indices.
  Matrix<double> A = 1e-4 * Matrix<double>::Identity(a, a), B = 1e-4 * Matrix<double>::Identity(b, b),
                 C = 1e-4 * Matrix<double>::Identity(c, c);
  for (Index i = 0; i < a; ++i)
    for (Index j = 0; j < b; ++j)
      for (Index k = 0; k < c; ++k) {
        for (Index o = 0; o < a; ++o) A(i, o) += at(g, i, j, k) * at(g, o, j, k);
        for (Index o = 0; o < b; ++o) B(j, o) += at(g, i, j, k) * at(g, i, o, k);
        for (Index o = 0; o < c; ++o) C(k, o) += at(g, i, j, k) * at(g, i, j, o);
      }
  A = symmetric_power(A, -1.0 / 6), B = symmetric_power(B, -1.0 / 6), C = symmetric_power(C, -1.0 / 6);
  Vector<double> expected = Vector<double>::Zero(g.size()), g_by_rows(g.size()), expected_by_rows(g.size());
  for (Index i = 0; i < a; ++i)
    for (Index j = 0; j < b; ++j)
      for (Index k = 0; k < c; ++k) {
        for (Index o = 0; o < a; ++o)
          for (Index p = 0; p < b; ++p)
            for (Index q = 0; q < c; ++q) expected[i + a * (j + b * k)] += A(i, o) * B(j, p) * C(k, q) * at(g, o, p, q);
        g_by_rows[k + c * (j + b * i)] = at(g, i, j, k);
        expected_by_rows[k + c * (j + b * i)] = expected[i + a * (j + b * k)];
      }
  const Vector<double> zero = Vector<double>::Zero(g.size());
  CHECK((direction(Shampoo{}, by_columns, g, zero) - expected).norm() < 1e-12 * expected.norm());
  CHECK((direction(Shampoo{}, by_rows, g_by_rows, zero) - expected_by_rows).norm() < 1e-12 * expected.norm());
}

TEST_CASE("the roots are renewed every so often, the sums at every step; directions never seen stay zero without eps") {
  std::vector<Vector<double>> gradients;
  for (std::uint64_t t = 0; t < 5; ++t) gradients.push_back(flat(gaussian(4, 4, 50 + t)));
  const auto often = shampoo_steps({}, one_block(4, 4), gradients), seldom = shampoo_steps({.root_every = 3}, one_block(4, 4), gradients);
  CHECK(often[0] == seldom[0]);
  CHECK((often[1] - seldom[1]).norm() > 0.01);
  CHECK((often[2] - seldom[2]).norm() > 0.01);
  CHECK(often[3] == seldom[3]);
  CHECK(direction(Shampoo{.eps = 0}, Matrix<double>::Zero(3, 3)).norm() == 0);
  const Matrix<double> thin = gaussian(5, 1, 60) * gaussian(1, 5, 61);
  CHECK((direction(Shampoo{.eps = 0}, thin) - thin / thin.norm()).norm() < 1e-12);
  CHECK(thrown([&] { Shampoo{.root_every = 0}.start<double>(one_block(2, 2)); }) == "Shampoo: .root_every is 0, it needs to be at least 1");
}
