// expect: clients: the problem needs count() and value_and_gradient(theta, which, ws, g)
// SPDX-License-Identifier: MIT
#include <tacit/optimizer/federated_average.hpp>
#include <tacit/problem.hpp>

int main() {
  using namespace tacit;
  const Problem problem(DeepMatrix<double>({2, 2}), fully_observed(Matrix<double>::Zero(2, 2)), MeanSquares{});
  on_batches({.size = 2}, FederatedAverage{{.partition = equal_groups(4, 2)}, {.rate = 0.1}}).start(problem);
}
