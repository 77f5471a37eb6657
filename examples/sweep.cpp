// SPDX-License-Identifier: MIT
// Many runs on all cores: what depth and the size of the start do to the rank of the solution, over five draws each. An interrupted sweep goes on where
// it was when called again: ./sweep [folder]
#include <tacit/hook/spectrum.hpp>
#include <tacit/sweep.hpp>
#include <tacit/tacit.hpp>

#include <iostream>

using namespace tacit;

int main(int argc, char** argv) try {
  const std::string folder = argc > 1 ? argv[1] : "sweep";

  // One run: everything it needs is made here, from the setting. Runs go on at the same time, so they share nothing that changes.
  const auto run = [](const Setting& s) {
    const auto [truth, seen] = low_rank_completion({.rows = 30, .cols = 30, .rank = 2, .observed = 400, .seed = s.seed()});
    const DeepMatrix<double> model(std::vector<Index>(static_cast<std::size_t>(s.depth()) + 1, 30));
    const Problem problem(model, seen, MeanSquares{});
    Vector<double> theta = model.near_zero({.product_scale = s.scale(), .seed = s.seed()});
    Trajectory history(loss, effective_rank, error_to(truth));
    const auto outcome =
        train(problem, theta, group_rmsprop({.rate = 2e-3}), {.iterations = 10'000}, every(100, history), stop_when(loss_below(1e-6)));
    return std::pair{history, outcome};
  };

  const SweepResult result =
      sweep(depths({1, 2, 3}) * scales({1e-3, 1e-1}) * seeds(5), run, {.store = folder + "/runs", .key = "rank 2, 400 seen"});
  result.write_csv(folder + "/runs.csv", {.program = "sweep"});
  std::cout << result;

  // The last row of each run. For everything else there is pandas: a few lines stand in sweep.hpp.
  Table last({"depth", "scale", "seed", "iterations", "loss", "effective_rank", "relative_error"});
  const Table& all = result.table();
  for (Index row = 0; row < all.rows(); ++row) {
    if (row + 1 < all.rows() && all.at(row + 1, "iteration").number() > all.at(row, "iteration").number()) continue;
    std::vector<Cell> cells;
    for (Index col = 0; col < last.cols(); ++col) cells.push_back(all.at(row, last.name(col)));
    last.add(cells);
  }
  std::cout << last;
} catch (const std::exception& error) {
  std::cerr << "sweep: " << error.what() << '\n';
  return 1;
}

// Output, the first seed of each:
//   30 runs, none failed
//   depth  scale  seed  iterations         loss  effective_rank  relative_error
//       1  0.001     1       10000  0.000406261         17.1524        0.757185
//       1    0.1     1       10000  0.000432657         17.1601        0.757056
//       2  0.001     1        7045  9.98726e-07         2.29969       0.0335121
//       2    0.1     1        6367  9.95946e-07         4.49805        0.194161
//       3  0.001     1        5504  9.79338e-07         2.00432      0.00299426
//       3    0.1     1        7147   9.9978e-07         2.74762       0.0548134
