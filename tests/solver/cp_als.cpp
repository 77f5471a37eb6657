// SPDX-License-Identifier: MIT
#include <tacit/data/low_rank_tensor.hpp>
#include <tacit/model/cp.hpp>
#include <tacit/solver/cp_als.hpp>

#include "catch.hpp"
#include "thrown.hpp"

using namespace tacit;

namespace {

Tensor<double> planted(Shape shape, Index rank, std::uint64_t seed = 1) {
  return low_rank_completion(CP<double>({.shape = std::move(shape), .rank = rank}), {.observed = 1, .norm = 10, .seed = seed}).truth;
}

}  // namespace

TEST_CASE("a planted tensor is fitted by its rank, its factors up to order and scale") {
  const auto truth = planted({6, 5, 4, 3}, 2);
  const CpAls fit = cp_als(truth, {.rank = 2, .sweeps = 2000});
  CHECK(fit.mean_square_error < 1e-10);
  double worst = 0;
  Index e = 0;
  for (Index l = 0; l < 3; ++l)
    for (Index k = 0; k < 4; ++k)
      for (Index j = 0; j < 5; ++j)
        for (Index i = 0; i < 6; ++i, ++e) worst = std::max(worst, std::abs(fit.predict({i, j, k, l}) - truth.values[e]));
  CHECK(worst < 1e-4);
}

TEST_CASE("the reported error is the error, sweeps never raise it, and the last factor solves its normal equations") {
  const auto truth = planted({5, 4, 6}, 4, 3);
  double before = std::numeric_limits<double>::infinity();
  for (Index sweeps = 1; sweeps <= 6; ++sweeps) {
    const CpAls fit = cp_als(truth, {.rank = 2, .sweeps = sweeps, .tolerance = 0});
    double squares = 0;
    Matrix<double> slope = Matrix<double>::Zero(6, 2);
    Index e = 0;
    for (Index k = 0; k < 6; ++k)
      for (Index j = 0; j < 4; ++j)
        for (Index i = 0; i < 5; ++i, ++e) {
          const double off = fit.predict({i, j, k}) - truth.values[e];
          squares += off * off;
          slope.row(k) += off * fit.factors[0].row(i).cwiseProduct(fit.factors[1].row(j));
        }
    CHECK_THAT(fit.mean_square_error, Catch::Matchers::WithinRel(squares / 120, 1e-8));
    CHECK(slope.cwiseAbs().maxCoeff() < 1e-8);
    CHECK(fit.mean_square_error <= before * (1 + 1e-12));
    before = fit.mean_square_error;
  }
}

TEST_CASE("the rank of a planted tensor is estimated") {
  CHECK(cp_rank_estimate(planted({5, 5, 5}, 3, 2)) == 3);
  CHECK(cp_rank_estimate(Tensor<double>({3, 3, 3}, Vector<double>::Zero(27))) == 0);
}

TEST_CASE("a tensor with gaps, and a rank of 0, are refused") {
  Tensor<double> gaps({2, 2}, Vector<double>::Ones(4));
  CHECK(thrown([&] { cp_als(gaps, {.rank = 0}); }) == "cp_als: rank 0 and sweeps 1000 need to be at least 1");
  gaps.values[1] = std::numeric_limits<double>::quiet_NaN();
  CHECK(thrown([&] { cp_als(gaps, {}); }) ==
        "cp_als: the tensor holds a number that is not finite; fit observed entries by a model instead");
}
