// SPDX-License-Identifier: MIT
#pragma once
// The protocol of a race. Terms are those of AlgoPerf (Dahl et al. 2023) and DeepOBS (Schneider et al. 2019).
//   work         in gradient equivalents: a gradient of all observations is 1, of a minibatch its share; a value alone and a
//                Hessian-vector product count what they cost beside a gradient, measured once a problem (cost.hpp)
//   target r     reached at the first theta with  f(theta) - floor <= r (f(start) - floor), f the objective; the work counts up to that
//                theta. A run that diverges reaches none
//   trials       so many values of the searched setting for every optimizer, each on all tuning seeds; the first ones stand on a log
//                grid around the default
//   fresh seeds  problems, starts and draws that nothing was chosen on, after the choice

#include <cmath>
#include <cstdint>
#include <limits>
#include <set>
#include <string>
#include <vector>

#include "../core/check.hpp"
#include "../core/scalar.hpp"
#include "../io/number.hpp"

namespace tacit {

struct RaceProtocol {
  Index trials = 9;    ///< for every optimizer on every problem
  Index grid = 5;      ///< of these on the log grid at the beginning; the others widen it where the best sits on its edge, else refine it
  double factor = 10;  ///< between neighbours of that grid
  std::vector<std::uint64_t> tuning_seeds = {1, 2, 3};
  std::vector<std::uint64_t> fresh_seeds = {101, 102, 103, 104, 105};
  double gradients = 3000;                                   ///< budget of a run in gradient equivalents
  double seconds = std::numeric_limits<double>::infinity();  ///< and in seconds; where it cuts runs, results depend on the machine
  std::vector<double> targets = {1e-1, 1e-2, 1e-4, 1e-6};    ///< from the easiest to the hardest
  Index quorum = 3;                 ///< a problem counts as solved where so many of its fresh seeds have reached the target
  double tau_max = 8;               ///< performance profiles go from 1 to here
  double diverged_above = 1e6;      ///< a run whose objective is so many times that of the start has diverged, as one that is not finite
  bool stop_at_last_target = true;  ///< runs end where they have reached the hardest target
  Index points = 10;                ///< of curves, a decade of work

  /// Throws std::invalid_argument naming the setting and its value.
  void check() const {
    require(grid >= 1 && trials >= grid, "race: .grid is ", grid, " and .trials ", trials,
            ": an empty grid finds nothing, and the trials contain the grid; give 1 <= .grid <= .trials");
    require(factor > 1 && std::isfinite(factor), "race: .factor is ", factor, ", it needs to be above 1 and finite");
    require(!tuning_seeds.empty(), "race: .tuning_seeds is empty, a choice needs at least one");
    require(!fresh_seeds.empty(), "race: .fresh_seeds is empty, there would be nothing to score");
    std::set<std::uint64_t> seen;
    for (const std::vector<std::uint64_t>* seeds : {&tuning_seeds, &fresh_seeds})
      for (const std::uint64_t seed : *seeds)
        require(seen.insert(seed).second, "race: the seed ", seed, " stands twice; fresh seeds are such that nothing was chosen on them");
    require(gradients > 0 && std::isfinite(gradients), "race: .gradients is ", gradients, ", it needs to be positive and finite");
    require(seconds > 0, "race: .seconds is ", seconds, ", it needs to be positive");
    require(!targets.empty(), "race: .targets is empty, there is nothing to reach");
    for (std::size_t k = 0; k < targets.size(); ++k)
      require(targets[k] > 0 && targets[k] < (k ? targets[k - 1] : 1), "race: .targets has ", targets[k],
              ", they lie between 0 and 1 and fall from each to the next");
    require(quorum >= 1 && quorum <= static_cast<Index>(fresh_seeds.size()), "race: .quorum is ", quorum, ", there are ",
            fresh_seeds.size(), " fresh seeds");
    require(tau_max > 1 && std::isfinite(tau_max), "race: .tau_max is ", tau_max, ", it needs to be above 1 and finite");
    require(diverged_above > 1, "race: .diverged_above is ", diverged_above, ", it needs to be above 1");
    require(points >= 1, "race: .points is ", points, ", it needs to be at least 1");
  }
  /// All that a run depends on, apart from problem, optimizer and seed: runs of equal texts are the same.
  std::string run_text() const {
    std::string text = "gradients " + shortest(gradients) + ", seconds " + shortest(seconds) + ", diverged above " +
                       shortest(diverged_above) + (stop_at_last_target ? ", to the last target" : "") + ", points " + decimal(points) +
                       ", targets";
    for (const double target : targets) text += " " + shortest(target);
    return text;
  }
  /// Everything.
  std::string text() const {
    std::string text = run_text() + ", trials " + decimal(trials) + ", grid " + decimal(grid) + ", factor " + shortest(factor) +
                       ", quorum " + decimal(quorum) + ", tau " + shortest(tau_max) + ", tuning seeds";
    for (const std::uint64_t seed : tuning_seeds) text += " " + std::to_string(seed);
    text += ", fresh seeds";
    for (const std::uint64_t seed : fresh_seeds) text += " " + std::to_string(seed);
    return text;
  }
};

}  // namespace tacit
