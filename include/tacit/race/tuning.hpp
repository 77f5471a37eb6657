// SPDX-License-Identifier: MIT
#pragma once
// The search of one setting on a log grid, in a number of trials that is the same for everybody:
//   1. .grid values around the centre, .factor apart
//   2. while the best sits on the edge of what was tried, one more beyond that edge, by the same factor; else the middle (in logs) of
//      the wider of the two gaps beside it, of equal ones that towards the better neighbour
//   3. the last trials go to the alternatives of other settings, each at the best value
// A best value that sits on the edge after all trials is flagged. Scores are compared as pairs, the lower wins, of equals the smaller
// value. score_of(runs) is the stated one: mean log2 of the work at which each target was reached, what was not reached counting as twice
// the budget; of equal scores the lower mean of log10 of the best relative losses. It sees runs on the tuning seeds alone.

#include <algorithm>
#include <cmath>
#include <utility>

#include "protocol.hpp"
#include "run.hpp"

namespace tacit {

struct RaceScore {
  double work = 0;  ///< mean log2
  double loss = 0;  ///< mean log10

  bool operator<(const RaceScore& other) const { return work != other.work ? work < other.work : loss < other.loss; }
};

inline RaceScore score_of(const std::vector<RaceRun>& runs, const RaceProtocol& protocol) {
  require(!runs.empty(), "score_of: there are no runs");
  RaceScore score;
  for (const RaceRun& run : runs) {
    for (const double reached : run.reached) score.work += std::log2(std::max(1.0, std::min(reached, 2 * protocol.gradients)));
    score.loss += run.diverged() ? 300 : std::log10(std::max(run.best_loss, 1e-300));
  }
  score.work /= static_cast<double>(runs.size() * protocol.targets.size());
  score.loss /= static_cast<double>(runs.size());
  return score;
}

struct RaceTrial {
  double value = 0;       ///< of the searched setting
  Index alternative = 0;  ///< of the other settings
  RaceScore score = {};
  Index diverged = 0;  ///< of its runs
};

struct RaceTuning {
  std::vector<RaceTrial> trials;  ///< in the order in which they were made
  Index chosen = 0;
  bool on_edge = false;  ///< the best value is the smallest or largest that was tried
  const RaceTrial& best() const { return trials[static_cast<std::size_t>(chosen)]; }
};

/// How many trials an optimizer gets: .trials, or those of its alternatives where nothing is searched. Throws where alternatives leave
/// the grid no room.
inline Index trials_of(bool searched, Index alternatives, const RaceProtocol& protocol, const std::string& who) {
  require(alternatives >= 1, "race: '", who, "' has no settings at all");
  const Index left = protocol.trials - (alternatives - 1);
  require(left >= (searched ? protocol.grid : 1), "race: '", who, "' has ", alternatives, " alternatives, which with the ", protocol.grid,
          " values of the grid are more than the ", protocol.trials, " trials that every optimizer has");
  return searched ? protocol.trials : alternatives;
}

namespace detail {

/// The place among `tried` (sorted by value) of the best one.
inline std::size_t best_place(const std::vector<RaceTrial>& sorted) {
  std::size_t best = 0;
  for (std::size_t k = 1; k < sorted.size(); ++k)
    if (sorted[k].score < sorted[best].score) best = k;
  return best;
}
inline std::vector<RaceTrial> by_value(std::vector<RaceTrial> trials) {
  std::sort(trials.begin(), trials.end(), [](const RaceTrial& a, const RaceTrial& b) { return a.value < b.value; });
  return trials;
}
/// What is tried next.
inline double next_value(const std::vector<RaceTrial>& trials, double factor) {
  const std::vector<RaceTrial> sorted = by_value(trials);
  const std::size_t at = best_place(sorted);
  const double here = sorted[at].value;
  if (at == 0) return here / factor;
  if (at + 1 == sorted.size()) return here * factor;
  const double down = here / sorted[at - 1].value, up = sorted[at + 1].value / here;
  const bool goes_up = up > down * (1 + 1e-9) || (up > down * (1 - 1e-9) && sorted[at + 1].score < sorted[at - 1].score);
  return goes_up ? here * std::sqrt(up) : here / std::sqrt(down);
}

}  // namespace detail

/// `try_one(value, alternative)` returns a RaceTrial with score and count of diverged runs.
template <class TryOne>
RaceTuning tune(bool searched, double centre, Index alternatives, const RaceProtocol& protocol, const std::string& who, TryOne&& try_one) {
  const Index most = trials_of(searched, alternatives, protocol, who);
  RaceTuning tuning;
  const auto make = [&](double value, Index alternative) {
    RaceTrial trial = try_one(value, alternative);
    trial.value = value;
    trial.alternative = alternative;
    tuning.trials.push_back(trial);
  };
  const Index of_values = most - (alternatives - 1);
  for (Index k = 0; k < (searched ? protocol.grid : 1); ++k)
    make(searched ? centre * std::pow(protocol.factor, static_cast<double>(k) - 0.5 * static_cast<double>(protocol.grid - 1)) : centre, 0);
  while (static_cast<Index>(tuning.trials.size()) < of_values) make(detail::next_value(tuning.trials, protocol.factor), 0);
  const std::vector<RaceTrial> sorted = detail::by_value(tuning.trials);
  const std::size_t at = detail::best_place(sorted);
  tuning.on_edge = searched && (at == 0 || at + 1 == sorted.size());
  const double value = sorted[at].value;
  for (Index a = 1; a < alternatives; ++a) make(value, a);
  for (std::size_t k = 0; k < tuning.trials.size(); ++k) {
    const RaceTrial &one = tuning.trials[k], &best = tuning.best();
    if (one.score < best.score || (!(best.score < one.score) && one.alternative == best.alternative && one.value < best.value))
      tuning.chosen = static_cast<Index>(k);
  }
  return tuning;
}

}  // namespace tacit
