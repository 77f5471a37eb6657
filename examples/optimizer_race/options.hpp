// SPDX-License-Identifier: MIT
#pragma once
// What the command line of optimizer_race asks for.

#include <string>
#include <tacit/race/protocol.hpp>
#include <vector>

struct Options {
  bool quick = false, list = false;
  std::vector<std::string> optimizers, added, problems;
  std::string out = "race", export_to;
  std::vector<std::string> curves, curve_thetas, curve_names;
  std::string curve_problem;
  bool atlas = false, only_atlas = false, atlas_rerun = false;
  std::vector<std::string> atlas_optimizers, atlas_problems;  ///< empty: those of page.hpp
  std::vector<std::uint64_t> atlas_seeds;
  double atlas_gradients = 0;  ///< 0: as AtlasBudget has it
  unsigned threads = 0;
  tacit::RaceProtocol protocol;
};

/// Exits by CLI::ParseError; std::invalid_argument for options that do not go together.
Options parse_options(int argc, char** argv);

/// Names and settings of what can be raced.
void print_list();
