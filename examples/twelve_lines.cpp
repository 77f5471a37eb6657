// SPDX-License-Identifier: MIT
// A 100 x 100 matrix of rank 5, 2000 of its entries seen: what does gradient descent on three factors make of the rest?
#include <tacit/tacit.hpp>
#include <tacit/hook/spectrum.hpp>
#include <iostream>
using namespace tacit;
int main() {
  auto [truth, seen] = low_rank_completion({.rows = 100, .cols = 100, .rank = 5, .observed = 2000, .seed = 1});
  DeepMatrix<double> model({100, 100, 100, 100});                       // widths from input to output: W = W3 W2 W1
  Problem problem(model, seen, MeanSquares{});                          // observed entries only
  Vector<double> theta = model.near_zero({.product_scale = 1e-3, .seed = 1});
  Trajectory history(loss, gradient_norm, effective_rank, error_to(truth));
  auto outcome = train(problem, theta, group_rmsprop({.rate = 1e-3}), {.iterations = 40'000},
                       every(100, history), stop_when(loss_below(1e-6)));
  std::cout << history << outcome;
}
