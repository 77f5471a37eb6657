// expect: keep_best: the run is in another scalar type
// SPDX-License-Identifier: MIT
#include <tacit/hook/best.hpp>
#include <tacit/optimizer/recipes.hpp>
#include <tacit/train.hpp>

using namespace tacit;
int main() {
  const Problem problem(DeepMatrix<float>({3, 2}), fully_observed(Matrix<float>::Ones(2, 3)), MeanSquares{});
  Vector<float> theta = Vector<float>::Ones(6);
  train(problem, theta, gradient_descent({.rate = 0.1}), {.iterations = 1}, keep_best(loss));
}
