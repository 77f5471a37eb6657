// SPDX-License-Identifier: MIT
// What a project that uses Tacit needs from its package: every header, Eigen, C++20, and a library of threads.
#include <tacit/tacit.hpp>

#include <iostream>
#include <thread>

int main() {
  const auto [truth, seen] = tacit::low_rank_completion({.rows = 10, .cols = 10, .rank = 1, .observed = 60, .seed = 1});
  const tacit::DeepMatrix<double> model({10, 10, 10});
  const tacit::Problem problem(model, seen, tacit::MeanSquares{});
  tacit::Vector<double> theta = model.near_zero({.product_scale = 1e-1, .seed = 1});
  tacit::Outcome<double> outcome;
  std::thread([&] { outcome = tacit::train(problem, theta, tacit::gradient_descent({.rate = 1e-1}), {.iterations = 100}); }).join();
  std::cout << "tacit " << tacit::version << ", Eigen " << EIGEN_WORLD_VERSION << '.' << EIGEN_MAJOR_VERSION << ": " << outcome;
  return outcome.iterations == 100 && outcome.reason == tacit::Reason::reached_limit ? 0 : 1;
}
