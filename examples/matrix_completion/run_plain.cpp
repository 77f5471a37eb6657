// SPDX-License-Identifier: MIT
// Training without a penalty.
#include "train_job.hpp"

Result run_plain(const Job& job) {
  const tacit::Problem problem(job.model(), job.train, tacit::MeanSquares{});
  return train_job(job, problem);
}
