// SPDX-License-Identifier: MIT
#include <tacit/data/low_rank.hpp>

#include <Eigen/LU>

#include "catch.hpp"

using namespace tacit;
using Catch::Matchers::WithinAbs;
using Catch::Matchers::WithinRel;

namespace low_rank_tests {

namespace {
Index rank_of(const Matrix<double>& W) {
  Eigen::FullPivLU<Matrix<double>> lu(W);
  lu.setThreshold(1e-10);
  return lu.rank();
}
}  // namespace

TEST_CASE("the completion task of the paper") {
  const auto [truth, seen] = low_rank_completion({.rows = 60, .cols = 40, .rank = 3, .observed = 500, .seed = 2});
  REQUIRE(truth.rows() == 60);
  REQUIRE(truth.cols() == 40);
  CHECK(rank_of(truth) == 3);
  CHECK_THAT(truth.norm(), WithinRel(std::sqrt(60.0 * 40.0), 1e-12));
  REQUIRE(seen.count() == 500);
  for (Index k = 0; k < seen.count(); ++k) CHECK(seen.y[k] == truth(seen.where[k].row, seen.where[k].col));
}

TEST_CASE("entries of the truth are centred and the two sides differ") {
  const auto [truth, seen] = low_rank_completion({.rows = 100, .cols = 100, .rank = 5, .seed = 1});
  CHECK_THAT(truth.mean(), WithinAbs(0, 0.2));
  CHECK((truth - truth.transpose()).norm() > 50);
}

TEST_CASE("a symmetric truth is symmetric and positive semidefinite") {
  const auto [truth, seen] = low_rank_completion({.rows = 20, .cols = 20, .rank = 2, .observed = 50, .symmetric = true});
  CHECK(truth == truth.transpose());
  CHECK(truth.diagonal().minCoeff() >= 0);
  CHECK(rank_of(truth) == 2);
}

TEST_CASE("the seed decides, and more observations leave the truth as it is") {
  const auto a = low_rank_completion({.rows = 20, .cols = 30, .rank = 2, .observed = 100, .seed = 5});
  const auto b = low_rank_completion({.rows = 20, .cols = 30, .rank = 2, .observed = 100, .seed = 5});
  const auto more = low_rank_completion({.rows = 20, .cols = 30, .rank = 2, .observed = 200, .seed = 5});
  const auto other = low_rank_completion({.rows = 20, .cols = 30, .rank = 2, .observed = 100, .seed = 6});
  CHECK(a.truth == b.truth);
  CHECK(a.seen.y == b.seen.y);
  CHECK(a.truth == more.truth);
  CHECK(a.truth != other.truth);
}

TEST_CASE("noise has the size that was asked for and leaves cells and truth alone") {
  const LowRank task{.rows = 100, .cols = 100, .rank = 5, .observed = 4000, .seed = 1, .noise_std = 0.1};
  LowRank clean = task;
  clean.noise_std = 0;
  const auto noisy = low_rank_completion(task), exact = low_rank_completion(clean);
  CHECK(noisy.truth == exact.truth);
  const Vector<double> noise = noisy.seen.y - exact.seen.y;
  CHECK_THAT(std::sqrt(noise.squaredNorm() / 4000), WithinRel(0.1, 0.05));
  CHECK_THAT(noise.mean(), WithinAbs(0, 0.01));
}

TEST_CASE("float tasks are double tasks, rounded") {
  const LowRank task{.rows = 15, .cols = 10, .rank = 2, .observed = 40, .seed = 3};
  const auto fine = low_rank_completion(task);
  const auto coarse = low_rank_completion<float>(task);
  CHECK(coarse.truth == fine.truth.cast<float>());
  CHECK(coarse.seen.y == fine.seen.y.cast<float>());
}

TEST_CASE("factors stand for the same truth") {
  const LowRank task{.rows = 30, .cols = 20, .rank = 4, .observed = 100, .seed = 9, .noise_std = 0.5};
  const auto dense = low_rank_completion(task);
  const auto [left, right, seen] = low_rank_entries(task);
  REQUIRE(left.rows() == 30);
  REQUIRE(right.rows() == 20);
  CHECK((left * right.transpose() - dense.truth).norm() < 1e-12);
  CHECK(seen.y == dense.seen.y);
}

TEST_CASE("factors reach sizes at which the dense truth is refused") {
  const LowRank task{.rows = 100000, .cols = 100000, .rank = 5, .observed = 20000, .seed = 1};
  CHECK_THROWS_AS(low_rank_completion(task), std::invalid_argument);
  const auto [left, right, seen] = low_rank_entries(task);
  CHECK(seen.count() == 20000);
  CHECK_THAT(seen.y.squaredNorm() / 20000, WithinRel(1, 0.1));
}

TEST_CASE("the sensing task of the paper") {
  const auto [truth, seen] = low_rank_sensing({.rows = 12, .cols = 8, .rank = 2, .observed = 300, .seed = 4});
  CHECK_THAT(truth.norm(), WithinRel(std::sqrt(96.0), 1e-12));
  CHECK(rank_of(truth) == 2);
  REQUIRE(seen.count() == 300);
  const Matrix<double>& X = seen.where.matrix();
  CHECK_THAT(X.squaredNorm() / static_cast<double>(X.size()), WithinRel(1.0 / 96, 0.05));
  const Eigen::Map<const Vector<double>> vec(truth.data(), truth.size());
  CHECK((X.transpose() * vec - seen.y).norm() < 1e-12);
}

TEST_CASE("few measurements are drawn anew until their size is that of the paper") {
  for (std::uint64_t seed = 1; seed <= 50; ++seed) {
    const auto task = low_rank_sensing({.rows = 4, .cols = 4, .rank = 1, .observed = 3, .seed = seed});
    const double rms = std::sqrt(task.seen.y.squaredNorm() / 3);
    CHECK(rms >= 0.8);
    CHECK(rms <= 1.2);
  }
}

TEST_CASE("impossible tasks are refused with a sentence") {
  CHECK_THROWS_WITH(low_rank_completion({.rows = 4, .cols = 5, .rank = 5, .observed = 3}),
                    "low_rank: the rank is 5, a 4 x 5 matrix has ranks 1 to 4");
  CHECK_THROWS_WITH(low_rank_completion({.rows = 4, .cols = 5, .rank = 0, .observed = 3}),
                    "low_rank: the rank is 0, a 4 x 5 matrix has ranks 1 to 4");
  CHECK_THROWS_WITH(low_rank_completion({.rows = 4, .cols = 5, .rank = 1, .observed = 21}),
                    "random_entries: 21 observed entries asked for, a 4 x 5 matrix has 20");
  CHECK_THROWS_WITH(low_rank_completion({.rows = 4, .cols = 5, .rank = 1, .observed = 3, .symmetric = true}),
                    "low_rank: a symmetric truth is square, asked for is 4 x 5");
  CHECK_THROWS_WITH(low_rank_completion({.rows = 0, .cols = 5, .rank = 1, .observed = 3}),
                    "low_rank: the matrix is 0 x 5, both sizes need to be at least 1");
  CHECK_THROWS_WITH(low_rank_completion({.rows = 4, .cols = 5, .rank = 1, .observed = 3, .noise_std = -1}),
                    "low_rank: noise_std is -1, it needs to be 0 or more");
}

}  // namespace low_rank_tests
