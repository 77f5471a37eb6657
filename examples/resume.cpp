// SPDX-License-Identifier: MIT
// A run in pieces: advance, save, and go on in another process, bit for bit as if never interrupted. Call it twice; the second call goes on.
#include <tacit/hook/checkpoint.hpp>
#include <tacit/tacit.hpp>

#include <filesystem>
#include <iostream>

using namespace tacit;

int main(int argc, char** argv) try {
  const std::string path = argc > 1 ? argv[1] : "resume.run";
  const auto [truth, seen] = low_rank_completion({.rows = 40, .cols = 40, .rank = 3, .observed = 800, .seed = 1});
  const DeepMatrix<double> model({40, 40, 40, 40});
  const Problem problem(model, seen, MeanSquares{});
  const Vector<double> start = model.near_zero({.product_scale = 1e-2, .seed = 1});
  const auto optimizer = on_batches({.size = 100, .seed = 1}, FullGradient{}) | AdamScale{} | LearningRate{1e-3};

  Trajectory history(loss, drawn_loss, error_to(truth));  // a hook with persist(): its rows are saved, too
  Run run(problem, start, optimizer, every(200, history));
  if (std::filesystem::exists(path)) {
    run.load(path);  // refused, naming the field, where model, data, loss, optimizer or version differ
    std::cout << "goes on at iteration " << run.iteration() << '\n';
    run.advance(500);
    std::filesystem::remove(path);
  } else {
    run.advance(500);
    run.save(path);
    std::cout << "saved at iteration " << run.iteration() << "; call again to go on\n";
    return 0;
  }
  std::cout << run.finish() << history;

  Vector<double> theta = start;  // in one go
  train(problem, theta, optimizer, {.iterations = 1000});
  std::cout << (theta == run.theta() ? "equal to 1000 iterations in one go, bit for bit\n" : "different from 1000 iterations in one go\n");
  return theta == run.theta() ? 0 : 1;
} catch (const std::exception& error) {
  std::cerr << "resume: " << error.what() << '\n';
  return 1;
}

// Output:
//   $ ./resume
//   saved at iteration 500; call again to go on
//   $ ./resume
//   goes on at iteration 500
//   reached limit at iteration 1000; loss 2.646e-05, 0.127469 s
//        iteration          loss    drawn_loss  relative_error
//                0      0.992215       1.02345        0.999979
//              200      0.148754      0.161789        0.484188
//              400     0.0032843    0.00300232        0.108987
//              600   0.000212447   0.000177497       0.0334564
//              800   3.87515e-05   4.47037e-05       0.0157721
//             1000     2.646e-05     2.646e-05        0.012522
//   equal to 1000 iterations in one go, bit for bit
