// SPDX-License-Identifier: MIT
#pragma once
// The tables of a race (race/tables.hpp), compiled once.

#include "../../core/compiled.hpp"
#include "../tables.hpp"

namespace tacit {

namespace detail {

inline std::string work_to(double target) { return "work_to_" + shortest(target); }

/// Of all runs on fresh seeds of a cell.
template <class Of>
RaceBand band_over(const RaceCell& cell, Of&& of) {
  std::vector<double> values;
  for (const RaceRun& run : cell.runs) values.push_back(of(run));
  return band_of(std::move(values));
}
/// Work, or seconds, of every workload by every entrant at target k.
inline std::vector<std::vector<double>> work_at(const Race& race, std::size_t k, bool seconds) {
  std::vector<std::vector<double>> work;
  for (std::size_t p = 0; p < race.problems.size(); ++p)
    for (std::size_t s = 0; s < race.protocol.fresh_seeds.size(); ++s) {
      work.emplace_back();
      for (std::size_t e = 0; e < race.entrants.size(); ++e) {
        const RaceRun& run = race.cells[p * race.entrants.size() + e].runs[s];
        work.back().push_back(seconds ? run.reached_seconds[k] : run.reached[k]);
      }
    }
  return work;
}
/// scores[target][entrant]
inline std::vector<std::vector<double>> scores_of(const Race& race, bool seconds) {
  std::vector<std::vector<double>> scores;
  for (std::size_t k = 0; k < race.protocol.targets.size(); ++k) {
    const auto ratios = performance_ratios(work_at(race, k, seconds), seconds ? 1e-6 : 1);
    scores.emplace_back();
    for (std::size_t e = 0; e < race.entrants.size(); ++e) scores.back().push_back(profile_score(ratios, e, race.protocol.tau_max));
  }
  return scores;
}
inline double mean_of(const std::vector<std::vector<double>>& scores, std::size_t e) {
  double sum = 0;
  for (const std::vector<double>& one : scores) sum += one[e];
  return sum / static_cast<double>(scores.size());
}
inline bool solved(const Race& race, const RaceCell& cell, std::size_t k) {
  Index reached = 0;
  for (const RaceRun& run : cell.runs) reached += run.reached[k] < RaceRun::never;
  return reached >= race.protocol.quorum && band_over(cell, [&](const RaceRun& run) { return run.reached[k]; }).median < RaceRun::never;
}
}  // namespace detail

TACIT_INLINE RaceBand band_of(std::vector<double> values) {
  require(!values.empty(), "band_of: there are no values");
  std::sort(values.begin(), values.end(), [](double a, double b) { return std::isnan(b) ? !std::isnan(a) : a < b; });
  const std::size_t n = values.size(), quarter = (n - 1) / 4;
  const double median = n % 2 ? values[n / 2] : 0.5 * values[n / 2 - 1] + 0.5 * values[n / 2];
  return {median, values[quarter], values[n - 1 - quarter]};
}

TACIT_INLINE Table race_results(const Race& race) {
  const auto scores = detail::scores_of(race, false);
  struct Row {
    std::size_t entrant;
    double score, reached, final_loss;
    Index solved, diverged, edges;
  };
  std::vector<Row> rows;
  for (std::size_t e = 0; e < race.entrants.size(); ++e) {
    Row row{e, detail::mean_of(scores, e), 0, 0, 0, 0, 0};
    std::vector<double> finals;
    for (std::size_t p = 0; p < race.problems.size(); ++p) {
      const RaceCell& cell = race.cells[p * race.entrants.size() + e];
      row.edges += cell.tuning.on_edge;
      for (std::size_t k = 0; k < race.protocol.targets.size(); ++k) row.solved += detail::solved(race, cell, k);
      for (const RaceRun& run : cell.runs) {
        row.diverged += run.diverged();
        finals.push_back(run.final_loss);
        for (const double reached : run.reached) row.reached += reached < RaceRun::never;
      }
    }
    row.reached /= static_cast<double>(finals.size() * race.protocol.targets.size());
    row.final_loss = band_of(finals).median;
    rows.push_back(row);
  }
  std::stable_sort(rows.begin(), rows.end(), [](const Row& a, const Row& b) {
    if (a.score != b.score) return a.score > b.score;
    return a.reached != b.reached ? a.reached > b.reached : a.final_loss < b.final_loss;
  });
  std::vector<std::string> names{"rank", "entrant", "score"};
  for (const double target : race.protocol.targets) names.push_back("score_at_" + shortest(target));
  for (const char* name : {"reached", "solved", "final_loss", "diverged", "on_edge"}) names.emplace_back(name);
  Table table(names);
  for (std::size_t r = 0; r < rows.size(); ++r) {
    std::vector<Cell> cells{r + 1, race.entrants[rows[r].entrant], rows[r].score};
    for (const auto& at_target : scores) cells.emplace_back(at_target[rows[r].entrant]);
    for (const Cell& cell : std::vector<Cell>{rows[r].reached, rows[r].solved, rows[r].final_loss, rows[r].diverged, rows[r].edges})
      cells.push_back(cell);
    table.add(cells);
  }
  return table;
}

TACIT_INLINE Table race_cells(const Race& race) {
  std::vector<std::string> names{"problem", "entrant", "searched", "value", "alternative", "on_edge", "trials", "diverged"};
  for (const double target : race.protocol.targets)
    for (const char* end : {"", "_low", "_high"}) names.push_back(detail::work_to(target) + end);
  for (const char* name : {"final_loss", "validation_error"})
    for (const char* end : {"", "_low", "_high"}) names.push_back(std::string(name) + end);
  Table table(names);
  for (const RaceCell& cell : race.cells) {
    const RaceTrial& best = cell.tuning.best();
    Index diverged = 0;
    for (const RaceRun& run : cell.runs) diverged += run.diverged();
    std::vector<Cell> cells{race.problem_of(cell),           race.entrant_of(cell),
                            race.searched_by(cell),          race.searched_by(cell).empty() ? Cell() : Cell(best.value),
                            race.alternative_of(cell, best), static_cast<int>(cell.tuning.on_edge),
                            cell.tuning.trials.size(),       diverged};
    for (std::size_t k = 0; k < race.protocol.targets.size(); ++k) {
      const RaceBand band = detail::band_over(cell, [&](const RaceRun& run) { return run.reached[k]; });
      const bool counts = detail::solved(race, cell, k);
      cells.emplace_back(counts ? band.median : RaceRun::never);
      cells.emplace_back(band.low);
      cells.emplace_back(band.high);
    }
    for (const RaceBand& band : {detail::band_over(cell, [](const RaceRun& run) { return run.final_loss; }),
                                 detail::band_over(cell, [](const RaceRun& run) { return run.validation_error; })})
      for (const double x : {band.median, band.low, band.high}) cells.emplace_back(x);
    table.add(cells);
  }
  return table;
}

TACIT_INLINE Table race_runs(const Race& race) {
  std::vector<std::string> names{"problem",    "entrant",    "seed",      "reason",           "why", "iterations", "gradients",
                                 "start_loss", "final_loss", "best_loss", "validation_error", "rate"};
  for (const double target : race.protocol.targets) names.push_back(detail::work_to(target));
  Table table(names);
  for (const RaceCell& cell : race.cells)
    for (std::size_t s = 0; s < cell.runs.size(); ++s) {
      const RaceRun& run = cell.runs[s];
      std::vector<Cell> cells{race.problem_of(cell),
                              race.entrant_of(cell),
                              race.protocol.fresh_seeds[s],
                              to_string(run.reason),
                              run.why,
                              run.iterations,
                              run.gradients,
                              run.start_loss,
                              run.final_loss,
                              run.best_loss,
                              run.validation_error,
                              run.rate};
      for (const double reached : run.reached) cells.emplace_back(reached);
      table.add(cells);
    }
  return table;
}

TACIT_INLINE Table race_trials(const Race& race) {
  Table table({"problem", "entrant", "trial", "value", "alternative", "score", "score_loss", "diverged", "chosen"});
  for (const RaceCell& cell : race.cells) {
    for (std::size_t k = 0; k < cell.tuning.trials.size(); ++k) {
      const RaceTrial& trial = cell.tuning.trials[k];
      table.add({race.problem_of(cell), race.entrant_of(cell), k + 1, race.searched_by(cell).empty() ? Cell() : Cell(trial.value),
                 race.alternative_of(cell, trial), trial.score.work, trial.score.loss, trial.diverged,
                 static_cast<int>(static_cast<Index>(k) == cell.tuning.chosen)});
    }
  }
  return table;
}

TACIT_INLINE Table race_curves(const Race& race) {
  Table table({"problem", "entrant", "seed", "gradients", "loss", "best"});
  for (const RaceCell& cell : race.cells)
    for (std::size_t s = 0; s < cell.runs.size(); ++s)
      for (const RacePoint& point : cell.runs[s].curve)
        table.add({race.problem_of(cell), race.entrant_of(cell), race.protocol.fresh_seeds[s], point.gradients, point.loss, point.best});
  return table;
}

TACIT_INLINE Table race_bands(const Race& race) {
  Table table({"problem", "entrant", "gradients", "best", "best_low", "best_high"});
  for (const RaceCell& cell : race.cells) {
    double longest = 0;
    for (const RaceRun& run : cell.runs) longest = std::max(longest, run.curve.empty() ? 0 : run.curve.back().gradients);
    std::vector<double> grid{0};
    for (Index k = 0; grid.back() < longest; ++k)
      grid.push_back(std::min(longest, std::pow(10.0, static_cast<double>(k) / static_cast<double>(race.protocol.points))));
    for (const double at : grid) {
      const RaceBand band = detail::band_over(cell, [&](const RaceRun& run) {
        double best = 1;
        for (const RacePoint& point : run.curve)
          if (point.gradients <= at) best = point.best;
        return best;
      });
      table.add({race.problem_of(cell), race.entrant_of(cell), at, band.median, band.low, band.high});
    }
  }
  return table;
}

TACIT_INLINE Table race_profiles(const Race& race) {
  Table table({"target", "entrant", "tau", "share"});
  for (std::size_t k = 0; k < race.protocol.targets.size(); ++k) {
    const auto ratios = performance_ratios(detail::work_at(race, k, false));
    for (std::size_t e = 0; e < race.entrants.size(); ++e)
      for (int step = 0; step <= 32; ++step) {
        const double tau = step == 32 ? race.protocol.tau_max : std::pow(race.protocol.tau_max, step / 32.0);
        table.add({race.protocol.targets[k], race.entrants[e], tau, profile_at(ratios, e, tau)});
      }
  }
  return table;
}

TACIT_INLINE Table race_seconds(const Race& race) {
  std::vector<std::string> names{"problem", "entrant", "seed", "seconds"};
  for (const double target : race.protocol.targets) names.push_back("seconds_to_" + shortest(target));
  Table table(names);
  for (const RaceCell& cell : race.cells)
    for (std::size_t s = 0; s < cell.runs.size(); ++s) {
      std::vector<Cell> cells{race.problem_of(cell), race.entrant_of(cell), race.protocol.fresh_seeds[s], cell.runs[s].seconds};
      for (const double reached : cell.runs[s].reached_seconds) cells.emplace_back(reached);
      table.add(cells);
    }
  return table;
}

TACIT_INLINE Table race_seconds_scores(const Race& race) {
  const auto scores = detail::scores_of(race, true);
  std::vector<std::string> names{"entrant", "score"};
  for (const double target : race.protocol.targets) names.push_back("score_at_" + shortest(target));
  Table table(names);
  for (std::size_t e = 0; e < race.entrants.size(); ++e) {
    std::vector<Cell> cells{race.entrants[e], detail::mean_of(scores, e)};
    for (const auto& at_target : scores) cells.emplace_back(at_target[e]);
    table.add(cells);
  }
  return table;
}

}  // namespace tacit
