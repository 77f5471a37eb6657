// SPDX-License-Identifier: MIT
#pragma once
// The atlas: not how fast, but which solution. Every entrant on every problem at every depth and start scale, tuned as in a race
// (tuning.hpp: the same number of trials on tuning seeds, by the work at which the target loss is reached), then run on fresh seeds; one
// row a run (atlas_run.hpp).
//
//   const Atlas found = atlas({race_entrant("gradient_descent"), race_entrant("adam")},
//                             {atlas_problem("matrix_completion({.rows = 20, .cols = 20, .rank = 2, .observed = 160})")});
//   write_atlas("out", found);                                              atlas.csv, atlas.json
//   for (const std::string& words : atlas_in_words(found.runs, "gradient_descent")) std::cout << words << '\n';
//
// Columns of runs: problem, depth, scale, optimizer, seed | searched, value, on_edge: what was chosen, and whether it sits on the edge of
// what was tried | least_norm, the certified least nuclear norm | reached, reached_at, work (gradient equivalents), steps, ended, finite
// (0: diverged) | target_... and end_..., the quantities of atlas_run.hpp | error: why an optimizer did not run. No run is left out.
// Cells go to all cores by sweep(); the table is the same, byte for byte, for any number of threads. With .folder finished cells and
// tunings are kept: what was killed goes on, and other fresh seeds use the same tunings.

#include <functional>
#include <string>
#include <vector>

#include "../io/table.hpp"
#include "atlas_run.hpp"
#include "claims.hpp"
#include "entrant.hpp"

namespace tacit {

struct AtlasSettings {
  std::vector<Index> depths = {1, 2, 3, 4};
  std::vector<double> scales = {1e-3, 1e-1, 1};
  std::vector<std::uint64_t> seeds = {101, 102, 103, 104, 105};  ///< fresh ones, on which nothing is chosen
  std::vector<std::uint64_t> tuning_seeds = {1};
  Index trials = 9, grid = 5;  ///< of the searched setting, as in RaceProtocol
  double factor = 10;
  AtlasBudget budget = {};

  void check() const;
  /// What a tuning depends on, and what a cell does.
  std::string tuning_text() const;
  std::string text() const;
};

struct AtlasProgress {
  Index done, total;  ///< cells
  std::string cell;
  bool reused;
};

struct AtlasOptions {
  unsigned threads = 0;     ///< 0: one for each core
  std::string folder = {};  ///< for finished cells; empty: none
  std::function<void(const AtlasProgress&)> progress = {};
};

struct Atlas {
  AtlasSettings settings;
  Table runs;
  std::vector<std::string> problems, entrants;
};

/// Throws std::invalid_argument where nobody, nothing or a name twice is given.
Atlas atlas(const std::vector<Entrant>& entrants, const std::vector<AtlasProblem>& problems, const AtlasSettings& settings = {},
            const AtlasOptions& options = {});

/// atlas.csv with its provenance, and atlas.json: settings and rows.
void write_atlas(const std::string& folder, const Atlas& atlas);

/// The twelve of the default atlas.
inline const std::vector<std::string>& atlas_entrants() {
  static const std::vector<std::string> names{
      "gradient_descent", "momentum",     "nesterov", "sgd({.batch = 10})",          "sam",  "adam", "rmsprop",
      "adagrad",          "sign_descent", "muon",     "shampoo({.root_every = 10})", "lbfgs"};
  return names;
}

/// The quantities that are compared, each at both moments; `edge` is compared for nobody, since it means something for gradient descent
/// alone.
inline const std::vector<std::string>& atlas_compared() {
  static const std::vector<std::string> names{"effective_rank", "nuclear_ratio", "schatten",     "unseen_error",
                                              "sharpness",      "path_norm",     "balancedness", "l1"};
  return names;
}

/// All comparisons with one entrant, a family for each quantity and moment: at equal training loss where both have reached it, at the end
/// where both are finite.
std::vector<std::vector<PairedDifference>> atlas_families(const Table& runs, const std::string& reference);
/// A paragraph for each family in which something stands out, and one that names those in which nothing does.
std::vector<std::string> atlas_in_words(const std::vector<std::vector<PairedDifference>>& families, double alpha = 0.05);

/// The families' claims on a second atlas, with seeds of its own.
Table atlas_rerun(const std::vector<std::vector<PairedDifference>>& families, const Table& second, double alpha = 0.05);

}  // namespace tacit

#ifndef TACIT_COMPILED
#include "impl/atlas.hpp"
#endif
