// SPDX-License-Identifier: MIT
#pragma once
// A problem of a race: a name and, for every seed, an instance: the oracle, the start that all optimizers share, and how wrong a theta is
// about what was not observed. race_problem("matrix_completion({.depth = 3})") makes one from text: the names and settings of
// data/named_problem.hpp, and more (race_problem_names()); the seed of the race takes the place of .seed. One's own is a name and a
// function:
//
//   RaceProblem mine{"mine", [](std::uint64_t seed) {
//                      return RaceInstance{AnyProblem<double>(Problem(model, data_of(seed), MeanSquares{})), start_of(seed)}; }};

#include <functional>
#include <memory>
#include <string>
#include <utility>
#include <vector>

#include "../any_problem.hpp"
#include "../core/settings.hpp"
#include "../observation/data.hpp"

namespace tacit {

/// A named array of a problem's data, as an export writes it.
struct RaceArray {
  std::string name;
  Matrix<double> values;
};

struct RaceInstance {
  AnyProblem<double> problem;
  Vector<double> theta;  ///< the start
  /// Of what was not observed; empty: there is none. Relative to the root mean square of what it is about, or a share of wrong labels.
  /// From any thread.
  std::function<double(In<double> theta)> validation_error = {};
  double floor = 0;            ///< no objective lies below: targets are relative to the distance of the start from it
  std::string objective = {};  ///< the formula of the objective in words, for who computes it elsewhere
  std::function<std::vector<RaceArray>()> arrays = {};                   ///< the data, for an export
  std::shared_ptr<const Data<double>> entries = {};                      ///< where the problem observes entries of a matrix: these
  std::shared_ptr<const Data<double, LinearMap<double>>> measured = {};  ///< where it observes linear measurements: these
};

struct RaceProblem {
  std::string name;  ///< its text form
  std::function<RaceInstance(std::uint64_t seed)> make;
};

/// "matrix_completion", "matrix_completion({.depth = 3, .condition = 100})", "file(ratings.csv)", "file({.path = \"ratings.csv\", .depth
/// = 2})". Throws std::invalid_argument naming what is not known and what is near.
RaceProblem race_problem(const std::string& text);
std::vector<std::string> race_problem_names();
/// Names and defaults of a problem's settings.
std::vector<SettingText> race_problem_settings(const std::string& name);

}  // namespace tacit

#ifndef TACIT_COMPILED
#include "impl/problems.hpp"
#endif
