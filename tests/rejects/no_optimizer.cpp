// expect: train: an optimizer is a chain: a source such as FullGradient, then transforms, joined by |
// SPDX-License-Identifier: MIT
#include <tacit/train.hpp>

using namespace tacit;
int main() {
  const Problem problem(DeepMatrix<double>({3, 2}), fully_observed(Matrix<double>::Ones(2, 3)), MeanSquares{});
  Vector<double> theta = Vector<double>::Ones(6);
  train(problem, theta, 0.1, {.iterations = 1});
}
