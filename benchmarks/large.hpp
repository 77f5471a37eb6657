// SPDX-License-Identifier: MIT
#pragma once
// 10^5 x 10^5, widths 10, depth 3, 10^7 observed entries: the size at which nothing rows x cols may be formed. Runs in a process of its own,
// because what is measured, besides the seconds of a step, is the most memory that the process ever held, data included.

#include <sys/wait.h>
#include <unistd.h>
#include <tacit/tacit.hpp>

#include <fstream>
#include <string>

#include "measure.hpp"

namespace bench {

/// What Linux counts as the most memory this process ever had resident, in bytes; 0 where it does not say.
inline double peak_bytes() {
  std::ifstream status("/proc/self/status");
  for (std::string word; status >> word;)
    if (word == "VmHWM:") {
      double kib = 0;
      status >> kib;
      return kib * 1024;
    }
  return 0;
}

struct LargeFigures {
  double seconds = 0;  ///< CPU, a step: the best of five
  double bytes = 0;
};

inline LargeFigures large_step() {
  using namespace tacit;
  auto task = low_rank_entries({.rows = 100'000, .cols = 100'000, .rank = 5, .observed = 10'000'000, .seed = 1});
  const DeepMatrix<double> model({100'000, 10, 10, 100'000});
  const Problem problem(model, std::move(task.seen), MeanSquares{});
  Trajectory history(loss);
  Run run(problem, model.near_zero({.product_scale = 1, .seed = 1}), gradient_descent({.rate = 1e-3}), every(1, history));
  run.advance(1);
  LargeFigures found;
  for (int k = 0; k < 5; ++k) {
    const double start = cpu_seconds();
    run.advance(1);
    const double spent = cpu_seconds() - start;
    if (k == 0 || spent < found.seconds) found.seconds = spent;
  }
  found.bytes = peak_bytes();
  return found;
}

/// measure() in a child process; all zero where that does not come to its end.
template <class Measure>
auto apart(Measure&& measure) {
  int ends[2];
  decltype(measure()) found{};
  if (pipe(ends) != 0) return found;
  const pid_t child = fork();
  if (child == 0) {
    close(ends[0]);
    found = measure();
    _exit(write(ends[1], &found, sizeof found) == static_cast<ssize_t>(sizeof found) ? 0 : 1);
  }
  close(ends[1]);
  if (read(ends[0], &found, sizeof found) != static_cast<ssize_t>(sizeof found)) found = {};
  close(ends[0]);
  if (child > 0) waitpid(child, nullptr, 0);
  return found;
}

}  // namespace bench
