// expect: train: no stage of this optimizer sets a rate, it would climb by whole gradients
// SPDX-License-Identifier: MIT
#include <tacit/optimizer/recipes.hpp>
#include <tacit/train.hpp>

using namespace tacit;
int main() {
  const Problem problem(DeepMatrix<double>({3, 2}), fully_observed(Matrix<double>::Ones(2, 3)), MeanSquares{});
  Vector<double> theta = Vector<double>::Ones(6);
  train(problem, theta, FullGradient{} | AdamScale{}, {.iterations = 1});
}
