// SPDX-License-Identifier: MIT
#pragma once
// The two forms of the main job. Both return false where Ctrl-C ended them.

#include <functional>

#include "job.hpp"

/// A low-rank truth, a few of its entries, every depth against the minimum nuclear norm.
bool synthetic_job(Settings settings);
/// A file: train, validation and test entries, every depth against means.
bool data_job(Settings settings);

/// Trains the jobs side by side and tells of each as it ends; a depth that fails is reported and left out.
std::vector<Result> run_all(const std::vector<Job>& jobs, const std::function<void()>& beside, const Settings& settings);
