// expect: train: a hook is called with a const Snapshot&
// SPDX-License-Identifier: MIT
#include <tacit/optimizer/recipes.hpp>
#include <tacit/train.hpp>

using namespace tacit;
int main() {
  const Problem problem(DeepMatrix<double>({3, 2}), fully_observed(Matrix<double>::Ones(2, 3)), MeanSquares{});
  Vector<double> theta = Vector<double>::Ones(6);
  train(problem, theta, gradient_descent({.rate = 0.1}), {.iterations = 1}, [](int) {});
}
