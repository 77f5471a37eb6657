// SPDX-License-Identifier: MIT
#include <tacit/core/singular_values.hpp>
#include <tacit/solver/lowest_rank.hpp>

#include <Eigen/QR>

#include "catch.hpp"
#include "data/scratch.hpp"

using namespace tacit;

namespace lowest_rank_test {

Matrix<double> product(Index rows, Index cols, Index rank, std::uint64_t seed) {
  Random random(seed, "lowest_rank_test");
  Matrix<double> A(rows, rank), B(cols, rank);
  for (Matrix<double>* factor : {&A, &B})
    for (double& x : factor->reshaped()) x = random.normal();
  return A * B.transpose();
}
Vector<double> singular_values_of(const Matrix<double>& W) {
  SpectrumWorkspace<double> ws;
  Vector<double> sigma;
  singular_values<double>(W, ws, sigma);
  return sigma;
}
/// NaN where the mask is zero.
Data<double> seen(Matrix<double> W, const Eigen::MatrixXi& mask) {
  for (Index i = 0; i < W.rows(); ++i)
    for (Index j = 0; j < W.cols(); ++j)
      if (!mask(i, j)) W(i, j) = std::nan("");
  return observed(W);
}

TEST_CASE("lowest rank: of a whole matrix its rank, by a pivoted QR decomposition; X agrees with the data") {
  for (const Index rank : {1, 2, 3, 4})
    for (const std::uint64_t seed : {1, 2}) {
      CAPTURE(rank, seed);
      const Matrix<double> W = product(5, 4, rank, seed);
      const LowestRank found = lowest_rank(seen(W, Eigen::MatrixXi::Ones(5, 4)), {.starts = 20});
      CHECK(found.rank == rank);
      CHECK(found.rank == Eigen::ColPivHouseholderQR<Matrix<double>>(W).setThreshold(1e-9).rank());
      CHECK((found.X - W).norm() < 1e-9 * W.norm());
      REQUIRE(found.misfit.size() == static_cast<std::size_t>(rank) + 1);
      // what no start could fit lies near the tail of the singular values, by Eckart and Young's theorem not below it
      const Vector<double> sigma = singular_values_of(W);
      for (Index k = 0; k < rank; ++k) {
        const double tail = sigma.tail(4 - k).squaredNorm() / sigma.squaredNorm();
        CHECK(found.misfit[static_cast<std::size_t>(k)] >= tail * (1 - 1e-9));
        CHECK(found.misfit[static_cast<std::size_t>(k)] <= tail * (1 + 1e-6));
      }
    }
}
TEST_CASE("lowest rank: with gaps; a path of entries fits rank one, a 2 x 2 block of full rank does not, whatever is around it") {
  Eigen::MatrixXi path = Eigen::MatrixXi::Identity(4, 4);
  path.diagonal(1).setOnes();
  const LowestRank one = lowest_rank(seen(product(4, 4, 4, 3), path));
  CHECK(one.rank == 1);
  CHECK(singular_values_of(one.X)[1] < 1e-12);
  path(1, 0) = 1;
  const LowestRank two = lowest_rank(seen(product(4, 4, 4, 3), path));
  CHECK(two.rank == 2);
  CHECK(two.misfit[1] > 1e-6);
  const LowestRank none = lowest_rank(seen(product(4, 4, 4, 3), path), {.most = 1});
  CHECK(none.rank == -1);
  CHECK(none.misfit == std::vector<double>{1, two.misfit[1]});
  CHECK(lowest_rank(observed(Matrix<double>::Zero(2, 3))).rank == 0);
}
TEST_CASE("lowest rank: what it refuses, it names") {
  const auto data = observed(product(3, 4, 1, 1));
  const auto error = [&](const LowestRankSettings& settings) { return scratch::error_of([&] { lowest_rank(data, settings); }); };
  CHECK(scratch::mentions(error({.starts = 0}), ".starts is 0"));
  CHECK(scratch::mentions(error({.tolerance = 0}), ".tolerance is 0"));
  CHECK(scratch::mentions(error({.iterations = 0}), ".iterations is 0"));
  CHECK(scratch::mentions(error({.most = 4}), ".most is 4, a 3 x 4 matrix has at most rank 3"));
  Data<double> weighted = data;
  weighted.weight = Vector<double>::Ones(12);
  CHECK(scratch::mentions(scratch::error_of([&] { lowest_rank(weighted); }), "the data carry weights"));
  CHECK(scratch::mentions(scratch::error_of([&] { lowest_rank(observed(product(50, 50, 1, 1))); }), "there are 2500 observations"));
}

}  // namespace lowest_rank_test
