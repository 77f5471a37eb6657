// expect: PathScale: the model has no paths
// SPDX-License-Identifier: MIT
#include <tacit/model/symmetric_matrix.hpp>
#include <tacit/optimizer/path_scale.hpp>
#include <tacit/tacit.hpp>

using namespace tacit;
int main() {
  const Problem problem(SymmetricMatrix<double>({.size = 2, .width = 1}), fully_observed(Matrix<double>::Ones(2, 2)), MeanSquares{});
  Vector<double> theta = Vector<double>::Ones(2);
  train(problem, theta, path_sgd({.rate = 0.1}), {.iterations = 1});
}
