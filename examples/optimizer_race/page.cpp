// SPDX-License-Identifier: MIT
#include "page.hpp"

#include <filesystem>
#include <fstream>
#include <tacit/io/provenance.hpp>
#include <tacit/race/tables.hpp>
#include <thread>

using namespace tacit;

namespace {

std::string processor() {
  std::ifstream file("/proc/cpuinfo");
  for (std::string line; std::getline(file, line);)
    if (line.rfind("model name", 0) == 0 && line.find(": ") != std::string::npos) return line.substr(line.find(": ") + 2);
  return "unknown";
}

#ifndef TACIT_COMMIT  // set by examples/CMakeLists.txt, in a clone
#define TACIT_COMMIT "unknown"
#endif

}  // namespace

RacePage page_of(const Race& race, const std::vector<AddedCurve>& curves) {
  RacePage page;
  page.results = race_results(race);
  page.cells = race_cells(race);
  page.runs = race_runs(race);
  page.bands = race_bands(race);
  page.profiles = race_profiles(race);
  page.seconds = race_seconds(race);
  page.seconds_scores = race_seconds_scores(race);
  if (!curves.empty()) page.added = added_table(curves);
  page.remarks = race_remarks(race);
  const RaceProtocol& p = race.protocol;
  std::string targets, tuning, fresh;
  for (const double target : p.targets) targets += (targets.empty() ? "" : ", ") + shortest(target);
  for (const std::uint64_t seed : p.tuning_seeds) tuning += (tuning.empty() ? "" : ", ") + std::to_string(seed);
  for (const std::uint64_t seed : p.fresh_seeds) fresh += (fresh.empty() ? "" : ", ") + std::to_string(seed);
  page.protocol = {{"trials of each optimizer", p.trials},
                   {"of these on the first grid", p.grid},
                   {"factor between its values", p.factor},
                   {"tuning seeds", tuning},
                   {"fresh seeds", fresh},
                   {"budget in gradient equivalents", p.gradients},
                   {"budget in seconds", std::isinf(p.seconds) ? Cell("none") : Cell(p.seconds)},
                   {"targets, relative to the loss at the start", targets},
                   {"quorum of fresh seeds", p.quorum},
                   {"tau max", p.tau_max}};
  for (std::size_t k = 0; k < race.problems.size(); ++k)
    page.protocol.emplace_back(race.problems[k], sentence("a value counts as ", race.costs[k].value,
                                                          " gradients, a Hessian-vector product as ", race.costs[k].hessian_product));
  return page;
}

void write_page(const std::string& folder, const std::string& name, RacePage page, const std::string& command) {
  page.made = {{"machine", sentence(processor(), ", ", std::thread::hardware_concurrency(), " threads")},
               {"compiler", compiler_name()},
               {"tacit", std::string(version)},
               {"commit", TACIT_COMMIT},
               {"command", command},
               {"date", now_utc()}};
  const std::filesystem::path root(folder);
  make_folder((root / "figures").string());
  for (const auto& [figure, svg] : race_figures(page)) write_file((root / "figures" / (figure + ".svg")).string(), svg + "\n");
  write_file((root / name).string(), race_page(page));
}
