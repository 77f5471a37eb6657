// SPDX-License-Identifier: MIT
#include <tacit/observation/dense.hpp>

#include <limits>

#include "catch.hpp"
#include "thrown.hpp"

using namespace tacit;

namespace {
std::vector<Matrix<double>> three() {
  std::vector<Matrix<double>> A;
  for (int k = 0; k < 3; ++k) A.emplace_back(Matrix<double>::Random(2, 4));
  return A;
}
}  // namespace

TEST_CASE("measurements are inner products") {
  const auto A = three();
  const LinearMap<double> at(A);
  const Matrix<double> W = Matrix<double>::Random(2, 4);
  Vector<double> z(3);
  detail::sample<double>(at, W.data(), Write::set, z);
  for (Index k = 0; k < 3; ++k) {
    double sum = 0;
    for (Index i = 0; i < 2; ++i)
      for (Index j = 0; j < 4; ++j) sum += A[static_cast<std::size_t>(k)](i, j) * W(i, j);
    CHECK(std::abs(z[k] - sum) < 1e-15);
  }
  CHECK(at.shape() == Shape{2, 4});
  CHECK(at.where(2) == "measurement 2");
}

TEST_CASE("batches hold the chosen measurements, and a smaller one nothing of the larger one before") {
  const auto A = three();
  const LinearMap<double> at(A);
  LinearMap<double> batch = at.batch();
  const Index which[] = {2, 0, 0, 1};
  at.gather(which, 4, batch);
  CHECK(batch.count() == 4);
  const double* buffer = batch.matrix().data();
  at.gather(which + 2, 2, batch);
  CHECK(batch.count() == 2);
  CHECK(batch.matrix().data() == buffer);  // no new one
  const Matrix<double> W = Matrix<double>::Random(2, 4);
  Vector<double> z(2), all(3);
  detail::sample<double>(batch, W.data(), Write::set, z);
  detail::sample<double>(at, W.data(), Write::set, all);
  CHECK(std::abs(z[0] - all[0]) < 1e-15);
  CHECK(std::abs(z[1] - all[1]) < 1e-15);
  Matrix<double> G = Matrix<double>::Ones(2, 4);
  detail::spread<double>(batch, z, Write::add, G.data());
  CHECK((G - Matrix<double>::Ones(2, 4) - z[0] * A[0] - z[1] * A[1]).norm() < 1e-14);
}

TEST_CASE("a batch never writes into the measurements, nor into a copy of itself") {
  const LinearMap<double> at(three());
  const Matrix<double> before = at.matrix();
  LinearMap<double> batch = at.batch();
  const Index first = 0, last = 2;
  at.gather(&last, 1, batch);
  const LinearMap<double> copy = batch;
  at.gather(&first, 1, batch);
  CHECK(at.matrix() == before);
  CHECK(copy.matrix().col(0) == before.col(2));
  CHECK(batch.matrix().col(0) == before.col(0));
}

TEST_CASE("measurements that do not fit are refused with a sentence") {
  CHECK(thrown([] { LinearMap<double>(2, 3, Matrix<double>::Ones(5, 2)); }) ==
        "LinearMap: measurements have 5 coefficients each, a 2 x 3 matrix needs 6");
  CHECK(thrown([] { LinearMap<double>(2, 3, Matrix<double>(6, 0)); }) == "LinearMap: there is no measurement");
  CHECK(thrown([] { LinearMap<double>(std::vector<Matrix<double>>{}); }) == "LinearMap: there is no measurement");
  CHECK(thrown([] { LinearMap<double>(1, 1, Matrix<double>::Constant(1, 1, std::nan(""))); }) ==
        "LinearMap: a measurement holds a number that is not finite");
  CHECK(thrown([] {
          LinearMap<double>(std::vector<Matrix<double>>{Matrix<double>::Ones(2, 3), Matrix<double>::Ones(3, 2)});
        }) == "LinearMap: measurement 1 is 3 x 2, the first one 2 x 3");
}
