// SPDX-License-Identifier: MIT
// A loss of one's own: a formula in one prediction z and one target y. Slope and curvature are derived from it, exactly.
// Here one observation in twenty is wrong by 10. Squares follow those; logcosh(z - y), which grows linearly, hardly does.
#include <tacit/tacit.hpp>

#include <iostream>

using namespace tacit;

int main() {
  auto [truth, seen] = low_rank_completion({.rows = 60, .cols = 60, .rank = 2, .observed = 1800, .seed = 1});
  for (Index k = 0; k < seen.count(); k += 20) seen.y[k] += 10;

  const DeepMatrix<double> model({60, 2, 60});
  const auto log_cosh = pointwise([](auto z, auto y) { return logcosh(z - y); }, Reduction::mean, "log_cosh");

  const auto complete = [&, &truth = truth, &seen = seen](const auto& loss) {
    const Problem problem(model, seen, loss);
    Vector<double> theta = model.near_zero({.product_scale = 1e-2, .seed = 1});
    Trajectory history(tacit::loss, error_to(truth));
    train(problem, theta, adam({.rate = 1e-2}), {.iterations = 2000}, every(500, history));
    std::cout << loss.name() << '\n' << history << '\n';
  };
  complete(MeanSquares{});
  complete(log_cosh);
}

// Output:
//   MeanSquares
//        iteration          loss  relative_error
//                0       6.15939         1.00002
//              500       4.03443         1.54548
//             1000       3.99962         2.36171
//             1500        3.9896         3.15754
//             2000       3.98312         4.06929
//
//   log_cosh
//        iteration          loss  relative_error
//                0      0.796886         1.00002
//              500      0.460237        0.123923
//             1000      0.460237        0.123924
//             1500      0.460237        0.123924
//             2000      0.460237        0.123924
