// SPDX-License-Identifier: MIT
#include "job.hpp"

#include <atomic>
#include <csignal>

namespace {
volatile std::sig_atomic_t interrupts = 0;
// The first Ctrl-C asks the runs to stop, the second one ends the program as it always did.
void on_interrupt(int signal) {
  interrupts = 1;
  std::signal(signal, SIG_DFL);
}
}  // namespace

bool interrupt_requested() { return interrupts != 0; }
void catch_interrupts() {
  std::signal(SIGINT, on_interrupt);
  std::signal(SIGTERM, on_interrupt);
}

tacit::DeepMatrix<double> Job::model() const {
  std::vector<Eigen::Index> widths{train->where.cols()};
  for (Eigen::Index l = 1; l < depth; ++l) widths.push_back(settings.width);
  widths.push_back(train->where.rows());
  return tacit::DeepMatrix<double>(widths);
}

Result run_job(const Job& job) {
  if (job.settings.penalty == "weight_decay") return run_decayed(job);
  if (job.settings.penalty == "ratio") return run_ratio(job);
  tacit::require(job.settings.penalty == "none", "matrix_completion: there is no penalty '", job.settings.penalty, "'");
  return run_plain(job);
}
