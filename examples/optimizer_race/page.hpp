// SPDX-License-Identifier: MIT
#pragma once
// race.html and its figures, and the atlas that goes into it.

#include <string>
#include <tacit/race/atlas.hpp>
#include <tacit/race/exchange.hpp>
#include <tacit/race/page.hpp>
#include <tacit/race/race.hpp>
#include <vector>

/// The tables of a race, and curves that were made elsewhere.
tacit::RacePage page_of(const tacit::Race& race, const std::vector<tacit::AddedCurve>& curves);

struct AtlasJob {
  std::vector<std::string> optimizers = tacit::atlas_entrants();
  std::vector<std::string> problems = {"matrix_completion({.rows = 20, .cols = 20, .rank = 2, .observed = 160})",
                                       "diagonal_regression({.size = 40, .observed = 20, .sparsity = 3})"};
  tacit::AtlasSettings settings;
  bool rerun = false;  ///< asks the claims again on fresh seeds
  std::vector<std::uint64_t> rerun_seeds = {201, 202, 203, 204, 205};
  std::string folder = "race/atlas";
  unsigned threads = 0;
};
/// atlas.csv, atlas.json, claims.csv, beliefs.csv, and rerun.csv in the folder; the same tables in the page. Progress with the time left
/// goes to stderr.
void run_atlas(const AtlasJob& job, tacit::RacePage& page);

/// The page, race.html or atlas.html, and figures/*.svg. `command` is the command line.
void write_page(const std::string& folder, const std::string& name, tacit::RacePage page, const std::string& command);
