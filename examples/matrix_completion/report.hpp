// SPDX-License-Identifier: MIT
#pragma once
// What the main job leaves in its folder: summary.json and summary.csv, a trajectory per depth, figures (through gnuplot, where it is
// installed) and one HTML report.

#include <string>
#include <vector>

#include "job.hpp"

struct Findings {
  const Settings& settings;
  tacit::Provenance provenance;
  std::string headline;                   // one sentence on the task
  std::vector<std::string> remarks = {};  // warnings, the certificate, which method won
  tacit::Table summary = {};
  std::vector<Result> results = {};

  /// Writes everything; returns the names of the files.
  std::vector<std::string> write() const;
};
