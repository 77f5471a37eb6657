// SPDX-License-Identifier: MIT
#pragma once
// A race: every entrant on every problem, tuned in equally many trials, scored on fresh seeds (protocol.hpp, tuning.hpp).
//
//   const Race result = race({race_entrant("adam"), race_entrant("momentum")}, {race_problem("matrix_completion({.depth = 3})")});
//   std::cout << race_results(result);                                             the other tables: race/tables.hpp
//
// Pairs of entrant and problem go to the threads; what a race finds, apart from seconds, is the same, byte for byte, for any number of
// them. With .folder every finished run is kept in a file (sweep/store.hpp), and so are the measured costs of questions: a race that was
// killed does only what is missing. Entrants and problems may be added to a folder; one that holds another protocol, or something that is
// not raced any more, is refused. Runs are known by data, start and settings: whoever changes the code of a stage of his own takes another
// folder.

#include <functional>
#include <string>
#include <vector>

#include "cost.hpp"
#include "entrant.hpp"
#include "instance.hpp"
#include "protocol.hpp"
#include "tuning.hpp"

namespace tacit {

/// One entrant on one problem.
struct RaceCell {
  Index entrant = 0, problem = 0;  ///< places in the lists of the race
  RaceTuning tuning = {};
  std::vector<RaceRun> runs = {};  ///< with the chosen setting, in the order of the fresh seeds
};

struct Race {
  RaceProtocol protocol;
  std::vector<std::string> entrants, problems;         ///< names
  std::vector<std::string> searched;                   ///< by each entrant; empty: nothing
  std::vector<std::vector<std::string>> alternatives;  ///< of each entrant
  std::vector<OracleCost> costs;                       ///< on each problem
  std::vector<RaceCell> cells;                         ///< by problem, then entrant

  const std::string& entrant_of(const RaceCell& cell) const { return entrants[static_cast<std::size_t>(cell.entrant)]; }
  const std::string& problem_of(const RaceCell& cell) const { return problems[static_cast<std::size_t>(cell.problem)]; }
  const std::string& searched_by(const RaceCell& cell) const { return searched[static_cast<std::size_t>(cell.entrant)]; }
  const std::string& alternative_of(const RaceCell& cell, const RaceTrial& trial) const {
    return alternatives[static_cast<std::size_t>(cell.entrant)][static_cast<std::size_t>(trial.alternative)];
  }
  const RaceCell& cell(Index problem, Index entrant) const {
    return cells[static_cast<std::size_t>(problem) * entrants.size() + static_cast<std::size_t>(entrant)];
  }
};

/// A run has just finished, or was found in the folder. Calls come one at a time.
struct RaceProgress {
  Index done, total;  ///< runs
  const std::string &entrant, &problem;
  bool reused;
};

struct RaceOptions {
  unsigned threads = 0;                ///< 0: one for each core
  std::string folder = {};             ///< for finished runs; empty: none
  std::vector<OracleCost> costs = {};  ///< one a problem, or none: they are measured
  std::function<void(const RaceProgress&)> progress = {};
};

/// Throws std::invalid_argument where there is nobody, nothing, a name twice or a protocol that does not hold together,
/// std::runtime_error for a folder of another race. An optimizer that refuses a problem has runs that reached nothing, with its sentence
/// as `why`.
Race race(const std::vector<Entrant>& entrants, const std::vector<RaceProblem>& problems, const RaceProtocol& protocol = {},
          const RaceOptions& options = {});

}  // namespace tacit

#ifndef TACIT_COMPILED
#include "impl/race.hpp"
#endif
