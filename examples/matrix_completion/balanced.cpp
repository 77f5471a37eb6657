// SPDX-License-Identifier: MIT
#include <tacit/model/balanced.hpp>

#include "job.hpp"

tacit::Vector<double> balanced_theta(const Job& job, const tacit::DeepMatrix<double>& model) {
  // Entries of W(0) as the Gaussian start has them: |W(0)|_F about s (n1 n2)^(1/4).
  const double entries = static_cast<double>(model.rows()) * static_cast<double>(model.cols());
  return tacit::balanced(model, {.entry_std = job.settings.scale / std::pow(entries, 0.25), .seed = job.settings.seed});
}
