// SPDX-License-Identifier: MIT
// Training with the penalty lambda/2 |theta|^2.
#include "train_job.hpp"

Result run_decayed(const Job& job) {
  const tacit::Problem problem(job.model(), job.train, tacit::MeanSquares{}, tacit::WeightDecayPenalty{job.settings.lambda});
  return train_job(job, problem);
}
