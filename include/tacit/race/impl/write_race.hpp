// SPDX-License-Identifier: MIT
#pragma once
// The files of a race, and its remarks (race/tables.hpp), compiled once.

#include <filesystem>

#include "../../core/compiled.hpp"
#include "../../io/csv_writer.hpp"
#include "../tables.hpp"

namespace tacit {

namespace detail {
inline std::string json_rows(const Table& table) {
  std::string out = "[";
  for (Index r = 0; r < table.rows(); ++r) out += std::string(r ? ",\n    " : "\n    ") + json(table, r);
  return out + "]";
}
}  // namespace detail

TACIT_INLINE std::vector<std::string> race_remarks(const Race& race) {
  std::vector<std::string> remarks;
  for (std::size_t p = 0; p < race.problems.size(); ++p)
    for (std::size_t k = 0; k < race.protocol.targets.size(); ++k) {
      bool anybody = false;
      for (std::size_t e = 0; e < race.entrants.size(); ++e)
        for (const RaceRun& run : race.cells[p * race.entrants.size() + e].runs) anybody = anybody || run.reached[k] < RaceRun::never;
      if (!anybody)
        remarks.push_back(sentence("The target ", race.protocol.targets[k], " on ", race.problems[p], " was reached by nobody."));
    }
  for (const RaceCell& cell : race.cells) {
    const std::string& who = race.entrant_of(cell);
    const std::string& where = race.problem_of(cell);
    Index diverged = 0;
    for (const RaceRun& run : cell.runs) diverged += run.diverged();
    if (diverged > 0)
      remarks.push_back(
          sentence(who, " diverged on ", where, " in ", diverged, " of ", cell.runs.size(), " runs, which count as not reaching."));
    if (cell.tuning.on_edge)
      remarks.push_back(sentence("The best .", race.searched_by(cell), " of ", who, " on ", where, ", ", cell.tuning.best().value,
                                 ", is on the edge of what ", cell.tuning.trials.size(),
                                 " trials could try: there may be better ones beyond."));
    if (cell.runs.front().why.starts_with("refused: "))
      remarks.push_back(sentence(who, " does not run on ", where, ": ", cell.runs.front().why.substr(9)));
  }
  return remarks;
}

TACIT_INLINE std::vector<std::string> write_race(const std::string& folder, const Race& race) {
  make_folder(folder);
  const auto path = [&](const std::string& name) { return (std::filesystem::path(folder) / name).string(); };
  Provenance provenance{.program = "optimizer_race"};
  provenance.set("protocol", race.protocol.text());
  std::vector<std::string> written;
  const Table results = race_results(race), cells = race_cells(race);
  const std::vector<std::pair<const char*, Table>> tables{{"results.csv", results},
                                                          {"cells.csv", cells},
                                                          {"runs.csv", race_runs(race)},
                                                          {"trials.csv", race_trials(race)},
                                                          {"curves.csv", race_curves(race)},
                                                          {"bands.csv", race_bands(race)},
                                                          {"profiles.csv", race_profiles(race)},
                                                          {"seconds.csv", race_seconds(race)},
                                                          {"seconds_scores.csv", race_seconds_scores(race)}};
  for (const auto& [name, table] : tables) {
    write_csv(path(name), table, provenance);
    written.emplace_back(name);
  }
  const RaceProtocol& p = race.protocol;
  std::string out = "{\n  \"protocol\": {\"trials\": " + json(p.trials) + ", \"grid\": " + json(p.grid) +
                    ", \"factor\": " + json(p.factor) + ", \"gradients\": " + json(p.gradients) + ", \"quorum\": " + json(p.quorum) +
                    ", \"tau_max\": " + json(p.tau_max) + ", \"diverged_above\": " + json(p.diverged_above) +
                    ", \"text\": " + json(p.text()) + ", \"targets\": [";
  for (std::size_t k = 0; k < p.targets.size(); ++k) out += (k ? ", " : "") + json(p.targets[k]);
  out += "]},\n  \"problems\": [";
  for (std::size_t k = 0; k < race.problems.size(); ++k)
    out += std::string(k ? "," : "") + "\n    {\"name\": " + json(race.problems[k]) + ", \"cost_of_value\": " + json(race.costs[k].value) +
           ", \"cost_of_hessian_product\": " + json(race.costs[k].hessian_product) + "}";
  out += "],\n  \"remarks\": [";
  const std::vector<std::string> remarks = race_remarks(race);
  for (std::size_t k = 0; k < remarks.size(); ++k) out += std::string(k ? "," : "") + "\n    " + json(remarks[k]);
  out += "],\n  \"results\": " + detail::json_rows(results) + ",\n  \"cells\": " + detail::json_rows(cells) + "\n}\n";
  write_file(path("race.json"), out);
  written.emplace_back("race.json");
  return written;
}

}  // namespace tacit
