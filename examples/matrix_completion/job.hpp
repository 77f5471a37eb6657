// SPDX-License-Identifier: MIT
#pragma once
// One run of the main job: a model of one depth, trained on one data set. Runs share their data, write nothing but their checkpoint, and can
// be made side by side.

#include <limits>
#include <memory>
#include <optional>
#include <tacit/io/table.hpp>
#include <tacit/model/deep_matrix.hpp>
#include <tacit/observation/data.hpp>
#include <tacit/outcome.hpp>

#include "settings.hpp"

struct Job {
  const Settings& settings;
  Eigen::Index depth;
  std::shared_ptr<const tacit::Data<double>> train;
  const tacit::Data<double>* validation;  // null in a synthetic task
  const tacit::Matrix<double>* truth;     // null with real data

  tacit::DeepMatrix<double> model() const;
  std::string checkpoint() const { return settings.out + "/depth-" + std::to_string(depth) + ".checkpoint"; }
};

struct Result {
  Eigen::Index depth = 0;
  tacit::Outcome<double> outcome;
  bool interrupted = false;
  std::string unsaved = {};   // why the checkpoint could not be written; empty: it was
  double relative_error = 0;  // of the returned theta, as the next two; NaN where W is too large for its spectrum
  double effective_rank = std::numeric_limits<double>::quiet_NaN(), nuclear_norm = std::numeric_limits<double>::quiet_NaN();
  double validation_rmse = 0;
  Eigen::Index best_iteration = 0;
  tacit::Vector<double> theta;  // the returned theta: with validation data, the best on it
  tacit::Table trajectory;
};

/// Set by the first Ctrl-C; runs then stop, save and return.
bool interrupt_requested();
void catch_interrupts();

/// A balanced start, in a translation unit of its own because of Eigen's decomposition.
tacit::Vector<double> balanced_theta(const Job& job, const tacit::DeepMatrix<double>& model);

/// Trains one depth. Throws std::invalid_argument where the settings make no sense together.
Result run_job(const Job& job);

// The same for each kind of penalty, in translation units of their own: each instantiates training with every optimizer.
Result run_plain(const Job& job);
Result run_decayed(const Job& job);
Result run_ratio(const Job& job);
