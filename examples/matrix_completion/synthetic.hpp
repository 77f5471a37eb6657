// SPDX-License-Identifier: MIT
#pragma once
// The two forms of the main job. Both return false where Ctrl-C ended them, and throw Diverged, after everything is written, where a run did.

#include <functional>
#include <stdexcept>

#include "job.hpp"

/// Says which run diverged and why; its last finite parameters and its trajectory are in the outputs.
struct Diverged : std::runtime_error {
  using std::runtime_error::runtime_error;
};
struct Findings;
/// Prints the table and the remarks, then writes the files (and those that `write_more` writes and names), so that a full disk costs no result; throws at the end where a run diverged or could not
/// save its checkpoint.
void conclude(const Findings& findings, const std::function<std::vector<std::string>()>& write_more = nullptr);
/// "3, 17, 20, ..." with the labels, where there are any.
std::string list_of(const std::vector<Eigen::Index>& items, const std::vector<std::string>& labels = {});

/// A low-rank truth, a few of its entries, every depth against the minimum nuclear norm.
bool synthetic_job(Settings settings);
/// A file: train, validation and test entries, every depth against means.
bool data_job(Settings settings);

/// Trains the jobs side by side and tells of each as it ends.
std::vector<Result> run_all(const std::vector<Job>& jobs, const std::function<void()>& beside, const Settings& settings);
