// SPDX-License-Identifier: MIT
// The same experiment here and in PyTorch, from the same weights: this program writes the task and the starting blocks as NPY files, trains, and
// writes its losses; examples/pytorch/twin.py reads them, trains in float64, and compares.      pytorch_twin FOLDER && python3 twin.py FOLDER
#include <iostream>
#include <tacit/io/npy_writer.hpp>
#include <tacit/output/blocks.hpp>
#include <tacit/tacit.hpp>
using namespace tacit;

int main(int argc, char** argv) try {
  const std::string folder = argc > 1 ? argv[1] : "twin";
  auto [truth, seen] = low_rank_completion({.rows = 50, .cols = 50, .rank = 3, .observed = 700, .seed = 1});
  DeepMatrix<double> model({50, 50, 50, 50});
  Problem problem(model, seen, MeanSquares{});
  Vector<double> theta = model.near_zero({.product_scale = 0.1, .seed = 1});

  save_blocks(folder, model.layout(), theta);  // W1.npy, W2.npy, W3.npy
  Matrix<double> entries(seen.count(), 3);
  for (Index k = 0; k < seen.count(); ++k)
    entries.row(k) << static_cast<double>(seen.where[k].row), static_cast<double>(seen.where[k].col), seen.y[k];
  write_npy(folder + "/entries.npy", entries);

  Trajectory history(loss, gradient_norm);
  std::cout << train(problem, theta, momentum({.rate = 0.2, .beta = 0.9}), {.iterations = 300}, every(1, history));
  write_npy(folder + "/losses.npy", history.column("loss"));
} catch (const std::exception& error) {
  std::cerr << "pytorch_twin: " << error.what() << '\n';
  return 1;
}
// Output:  reached limit at iteration 300; loss 0.000586721, 0.14 s    and of twin.py:  largest relative difference to Tacit 1.6e-15
