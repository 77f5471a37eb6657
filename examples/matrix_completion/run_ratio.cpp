// SPDX-License-Identifier: MIT
// Training with the penalty lambda |W|_* / |W|_F  [Zhao 2022].
#include <tacit/penalty/nuclear_over_frobenius.hpp>

#include "train_job.hpp"

Result run_ratio(const Job& job) {
  const tacit::Problem problem(job.model(), job.train, tacit::MeanSquares{}, tacit::NuclearOverFrobenius{job.settings.lambda});
  return train_job(job, problem);
}
