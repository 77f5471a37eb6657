// SPDX-License-Identifier: MIT
#include <tacit/penalty/weight_decay.hpp>
#include <tacit/problem.hpp>

#include "catch.hpp"
#include "thrown.hpp"

using namespace tacit;

TEMPLATE_TEST_CASE("weight decay adds lambda/2 |theta|^2, its gradient and its Hessian", "", float, double) {
  using S = TestType;
  const WeightDecayPenalty penalty{0.5};
  Vector<S> theta(3), v(3), g = Vector<S>::Ones(3), hv = Vector<S>::Ones(3);
  theta << 1, -2, 4;
  v << 2, 0, 6;
  CHECK(penalty.value_and_gradient<S>(theta, g) == S(5.25));
  CHECK(g == Vector<S>(Vector<S>::Ones(3) + S(0.5) * theta));
  penalty.hessian_times<S>(theta, v, hv);
  CHECK(hv == Vector<S>(Vector<S>::Ones(3) + S(0.5) * v));
}

TEST_CASE("a negative lambda is refused when the problem is built") {
  const auto data = fully_observed(Matrix<double>::Ones(2, 2));
  CHECK(thrown([&] {
          Problem(DeepMatrix<double>({2, 2}), data, MeanSquares{}, WeightDecayPenalty{-1});
        }) == "WeightDecayPenalty: lambda is -1, it needs to be at least 0");
}
