// SPDX-License-Identifier: MIT
// A 100 x 100 matrix of rank 5, 2000 of its entries seen: what does gradient descent on three factors make of the rest?
#include <iostream>
#include <tacit/hook/spectrum.hpp>
#include <tacit/tacit.hpp>
using namespace tacit;
int main() {
  auto [truth, seen] = low_rank_completion({.rows = 100, .cols = 100, .rank = 5, .observed = 2000, .seed = 1});
  DeepMatrix<double> model({100, 100, 100, 100});  // widths from input to output: W = W3 W2 W1
  Problem problem(model, seen, MeanSquares{});     // observed entries only
  Vector<double> theta = model.near_zero({.product_scale = 1e-3, .seed = 1});
  Trajectory history(loss, gradient_norm, effective_rank, error_to(truth));
  auto outcome =
      train(problem, theta, group_rmsprop({.rate = 1e-3}), {.iterations = 40'000}, every(100, history), stop_when(loss_below(1e-6)));
  std::cout << history << outcome;
}

// Output, every fiftieth row and the last:
//        iteration          loss  gradient_norm  effective_rank  relative_error
//                0       1.00235    0.000787835         57.1448               1
//             5000      0.776643      0.0910937         1.52081        0.945639
//            10000      0.440187      0.0506842         2.07934        0.816933
//            15000      0.243577      0.0384033         2.92529        0.738144
//            20000      0.148579      0.0292185         3.51974        0.677478
//            25000     0.0406516      0.0205047         4.56062        0.482922
//            30000   7.06807e-05    0.000580202         5.02464       0.0326259
//            30521   9.93139e-07    4.29248e-05         5.02701      0.00403635
//   stopped at iteration 30521: loss at most 1e-06; loss 9.93139e-07, 51.7455 s
