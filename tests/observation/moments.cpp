// SPDX-License-Identifier: MIT
#include <tacit/observation/moments.hpp>
#include <tacit/problem.hpp>

#include "catch.hpp"
#include "data/scratch.hpp"

using namespace tacit;
using Catch::Matchers::WithinAbs;

namespace moments_test {

Matrix<double> gaussian(Index rows, Index cols, std::uint64_t seed) {
  Random random(seed, "moments");
  Matrix<double> W(rows, cols);
  for (double& x : W.reshaped()) x = random.normal();
  return W;
}

TEST_CASE(
    "moments: a regression from them has the gradients and Hessian products of all samples, and its loss but for what nothing explains") {
  for (const Index rank : {5, 3}) {  // of the features
    CAPTURE(rank);
    const Matrix<double> X = gaussian(40, rank, 1) * gaussian(rank, 5, 2);
    const auto samples = regression_data<double>(X, gaussian(40, 2, 3));
    const auto few = regression_from_moments(moments_of(samples));
    CHECK(few.where.samples() == rank);
    const DeepMatrix<double> model({5, 4, 2});
    const Problem whole(model, samples, HalfMeanRegression{}), small(model, few, HalfMeanRegression{});
    auto ws_whole = whole.workspace();
    auto ws_small = small.workspace();
    std::vector<double> differences;
    for (const std::uint64_t seed : {1, 2, 3}) {
      const Vector<double> theta = model.near_zero({.entry_std = 1, .seed = seed}), v = model.near_zero({.entry_std = 1, .seed = seed + 9});
      Vector<double> g(theta.size()), h(theta.size());
      differences.push_back(whole.value_and_gradient(theta, ws_whole, g).loss - small.value_and_gradient(theta, ws_small, h).loss);
      CHECK((g - h).norm() < 1e-11 * g.norm());
      whole.hessian_times(theta, v, ws_whole, g);
      small.hessian_times(theta, v, ws_small, h);
      CHECK((g - h).norm() < 1e-11 * g.norm());
    }
    const double explained = few.y.squaredNorm() / static_cast<double>(rank), all = samples.y.squaredNorm() / 40;
    for (const double difference : differences) CHECK_THAT(difference, WithinAbs((all - explained) / 2, 1e-11));
  }
}
TEST_CASE("moments: those of a mixture, written down, come back; what are no moments is refused") {
  const Matrix<double> xx{{1.5, 0, 0.2}, {0, 1.3, 0}, {0.2, 0, 1}}, yx{{0.5, 0, 0.1}, {0, 0.3, 0}};
  const Moments back = moments_of(regression_from_moments({xx, yx}));
  CHECK((back.xx - xx).norm() < 1e-14);
  CHECK((back.yx - yx).norm() < 1e-14);
  const auto error = [](const Moments& moments) { return scratch::error_of([&] { regression_from_moments(moments); }); };
  CHECK(scratch::mentions(error({xx.leftCols(2), yx}), "xx is 3 x 2, it needs to be square"));
  CHECK(scratch::mentions(error({xx, yx.leftCols(2)}), "yx is 2 x 2, xx 3 x 3"));
  CHECK(scratch::mentions(error({Matrix<double>{{1, 0.5}, {0.4, 1}}, yx.leftCols(2)}), "xx is not symmetric"));
  CHECK(scratch::mentions(error({Matrix<double>{{1, 2}, {2, 1}}, yx.leftCols(2)}), "xx is not positive semidefinite"));
  CHECK(scratch::mentions(error({Matrix<double>{{1, 0}, {0, 0}}, yx.leftCols(2)}), "yx leaves the span of xx by 0.3"));
  CHECK(scratch::mentions(error({Matrix<double>::Zero(2, 2), yx.leftCols(2)}), "xx is zero"));
  CHECK(scratch::mentions(error({xx * std::nan(""), yx}), "a moment is not finite"));
  auto weighted = regression_data<double>(gaussian(4, 2, 1), gaussian(4, 1, 2));
  weighted.weight = Vector<double>::Ones(4);
  CHECK(scratch::mentions(scratch::error_of([&] { moments_of(weighted); }), "the data carry weights"));
}

}  // namespace moments_test
