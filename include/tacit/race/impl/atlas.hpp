// SPDX-License-Identifier: MIT
#pragma once
// The atlas (race/atlas.hpp): who runs what, what is kept, and what is said about it.

#include <filesystem>
#include <set>

#include "../../core/compiled.hpp"
#include "../../io/csv_writer.hpp"
#include "../../io/file_set.hpp"
#include "../../sweep.hpp"
#include "../atlas.hpp"
#include "../tuning.hpp"

namespace tacit {

TACIT_INLINE void AtlasSettings::check() const {
  budget.check();
  require(!depths.empty() && !scales.empty(), "atlas: .depths or .scales is empty, there is nothing to run");
  RaceProtocol protocol;
  protocol.trials = trials, protocol.grid = grid, protocol.factor = factor, protocol.gradients = budget.gradients;
  protocol.tuning_seeds = tuning_seeds, protocol.fresh_seeds = seeds, protocol.targets = {budget.target}, protocol.quorum = 1;
  protocol.check();
}
TACIT_INLINE std::string AtlasSettings::tuning_text() const {
  std::string text = sentence("atlas 1, ", budget.text(), ", trials ", trials, ", grid ", grid, ", factor ", factor, ", tuning seeds");
  for (const std::uint64_t seed : tuning_seeds) text += sentence(" ", seed);
  return text;
}
TACIT_INLINE std::string AtlasSettings::text() const {
  std::string text = tuning_text() + ", seeds";
  for (const std::uint64_t seed : seeds) text += sentence(" ", seed);
  return text;
}

namespace detail {

/// One cell of the atlas: an entrant on a problem at a depth and a start scale.
struct AtlasCell {
  const Entrant& entrant;
  const AtlasProblem& problem;
  Index depth;
  double scale;
  const AtlasSettings& settings;

  RaceProtocol protocol() const {
    RaceProtocol one;
    one.trials = settings.trials, one.grid = settings.grid, one.factor = settings.factor, one.gradients = settings.budget.gradients;
    one.targets = {settings.budget.target};
    return one;
  }
  /// value, alternative, on_edge; kept in the store.
  Table tuned(const std::optional<RunStore>& store) const {
    const Setting setting(0, {{"tuning", entrant.name}, {"problem", problem.name}, {"depth", depth}, {"scale", scale}});
    if (store)
      if (auto found = store->find(setting)) return std::move(found->table);
    const RaceProtocol of = protocol();
    std::vector<AtlasInstance> instances;
    for (const std::uint64_t seed : settings.tuning_seeds) instances.push_back(problem.make(depth, scale, seed));
    const auto try_one = [&](double value, Index alternative) {
      std::vector<RaceRun> runs;
      RaceTrial trial;
      for (const AtlasInstance& instance : instances) {
        try {
          runs.push_back(race_run(instance.race, entrant.at(value, entrant.alternatives[static_cast<std::size_t>(alternative)]), of,
                                  settings.budget.cost));
        } catch (const std::invalid_argument&) {  // it does not run on this problem, and says so when it is run on fresh seeds
          runs.emplace_back();
          runs.back().reason = Reason::diverged;
          runs.back().reached.assign(1, RaceRun::never);
        }
        trial.diverged += runs.back().diverged();
      }
      trial.score = score_of(runs, of);
      return trial;
    };
    const RaceTuning tuning =
        tune(!entrant.searched.empty(), entrant.centre, static_cast<Index>(entrant.alternatives.size()), of, entrant.name, try_one);
    RunRecord record{
        Table({"value", "alternative", "on_edge"}).add({tuning.best().value, tuning.best().alternative, tuning.on_edge}), false, {}, 0, 0};
    if (store) store->keep(setting, record);
    return record.table;
  }
  /// A row for each fresh seed.
  Table run(const Table& tuning, const std::vector<double>& least_norms) const {
    const double value = tuning.at(0, "value").number();
    const std::string& alternative = entrant.alternatives[static_cast<std::size_t>(tuning.at(0, "alternative").number())];
    Table rows;
    for (std::size_t s = 0; s < settings.seeds.size(); ++s) {
      NamedCells row{
          {"seed", settings.seeds[s]},  {"searched", entrant.searched},       {"value", entrant.searched.empty() ? Cell() : Cell(value)},
          {"alternative", alternative}, {"on_edge", tuning.at(0, "on_edge")}, {"least_norm", least_norms[s]}};
      AtlasRun run;
      std::string refused;
      try {
        run = atlas_run(problem.make(depth, scale, settings.seeds[s]), entrant.at(value, alternative), least_norms[s], settings.budget);
      } catch (const std::invalid_argument& error) {
        refused = error.what();
      }
      row.insert(row.end(), {{"reached", run.reached ? 1 : 0},
                             {"reached_at", run.reached_at},
                             {"work", run.race.gradients},
                             {"steps", run.race.iterations},
                             {"ended", refused.empty() ? to_string(run.race.reason) : "refused"},
                             {"finite", refused.empty() && !run.race.diverged() ? 1 : 0}});
      for (const auto& [prefix, moment] : {std::pair{"target_", &run.target}, std::pair{"end_", &run.end}})
        for (std::size_t k = 0; k < AtlasMoment::count; ++k)
          row.emplace_back(std::string(prefix) + AtlasMoment::names[k], moment->values[k]);
      row.emplace_back("refusal", refused);
      rows.append(to_table(row));
    }
    return rows;
  }
};

template <class Items>
void require_distinct_in_atlas(const Items& items, const char* what) {
  require(!items.empty(), "atlas: there are no ", what);
  std::set<std::string> seen;
  for (const auto& item : items) require(seen.insert(item.name).second, "atlas: '", item.name, "' is there twice among the ", what);
}

}  // namespace detail

TACIT_INLINE Atlas atlas(const std::vector<Entrant>& entrants, const std::vector<AtlasProblem>& problems, const AtlasSettings& settings,
                         const AtlasOptions& options) {
  settings.check();
  detail::require_distinct_in_atlas(entrants, "entrants");
  detail::require_distinct_in_atlas(problems, "problems");
  Atlas result{settings, {}, {}, {}};
  for (const Entrant& entrant : entrants) result.entrants.push_back(entrant.name);
  for (const AtlasProblem& problem : problems) result.problems.push_back(problem.name);

  const std::size_t seeds = settings.seeds.size();
  std::vector<std::vector<double>> least(problems.size(), std::vector<double>(seeds, std::nan("")));
  detail::on_threads(static_cast<Index>(problems.size() * seeds), options.threads, [&](Index k) {
    const std::size_t p = static_cast<std::size_t>(k) / seeds, s = static_cast<std::size_t>(k) % seeds;
    if (problems[p].least_norm) least[p][s] = problems[p].least_norm(settings.seeds[s]).lower;
  });

  std::optional<RunStore> tunings;
  if (!options.folder.empty()) {
    make_folder(options.folder);
    tunings.emplace((std::filesystem::path(options.folder) / "tunings").string(), settings.tuning_text());
  }
  const Grid grid =
      axis("problem", result.problems) * depths(settings.depths) * scales(settings.scales) * axis("optimizer", result.entrants);
  const auto place = [](const std::vector<std::string>& names, const std::string& name) {
    return static_cast<std::size_t>(std::find(names.begin(), names.end(), name) - names.begin());
  };
  const auto run = [&](const Setting& at) {
    const std::size_t p = place(result.problems, at.text("problem")), e = place(result.entrants, at.text("optimizer"));
    const detail::AtlasCell cell{entrants[e], problems[p], at.depth(), at.scale(), settings};
    return cell.run(cell.tuned(tunings), least[p]);
  };
  SweepOptions how{.threads = options.threads};
  if (!options.folder.empty()) {
    how.store = (std::filesystem::path(options.folder) / "cells").string();
    how.key = settings.text();
  }
  if (options.progress)
    how.progress = [&](const SweepProgress& now) { options.progress({now.done, now.total, sentence(now.setting), now.reused}); };
  result.runs = sweep(grid, run, how).table();
  return result;
}

TACIT_INLINE void write_atlas(const std::string& folder, const Atlas& atlas) {
  make_folder(folder);
  Provenance made{.program = "atlas"};
  made.set("settings", atlas.settings.text());
  const auto in = [&](const char* name) { return (std::filesystem::path(folder) / name).string(); };
  write_csv(in("atlas.csv"), atlas.runs, made);
  std::string text = "{\n  \"settings\": " + json(atlas.settings.text()) + ",\n  \"runs\": [";
  for (Index r = 0; r < atlas.runs.rows(); ++r) text += (r ? ",\n    " : "\n    ") + json(atlas.runs, r);
  write_file(in("atlas.json"), text + "\n  ]\n}\n");
}

TACIT_INLINE std::vector<std::vector<PairedDifference>> atlas_families(const Table& runs, const std::string& reference) {
  std::vector<std::vector<PairedDifference>> families;
  for (const std::string& quantity : atlas_compared())
    for (const auto& [moment, where] : {std::pair{"target_", "reached"}, std::pair{"end_", "finite"}}) {
      PairedSettings settings{.quantity = moment + quantity};
      settings.where = where;
      families.push_back(compare_with(runs, reference, settings));
    }
  return families;
}

TACIT_INLINE std::vector<std::string> atlas_in_words(const std::vector<std::vector<PairedDifference>>& families, double alpha) {
  std::vector<std::string> paragraphs;
  std::string silent;
  for (const std::vector<PairedDifference>& family : families) {
    if (!claimed(family, alpha).empty()) paragraphs.push_back(summary_in_words(family, alpha));
    else if (!family.empty()) silent += (silent.empty() ? "" : "; ") + detail::quantity_in_words(family.front().quantity).together();
  }
  if (!silent.empty()) paragraphs.push_back("Nothing stands out of the noise of seeds in: " + silent + ".");
  return paragraphs;
}

TACIT_INLINE Table atlas_rerun(const std::vector<std::vector<PairedDifference>>& families, const Table& second, double alpha) {
  Table all;
  for (const std::vector<PairedDifference>& family : families) {
    const std::vector<PairedDifference> claims = claimed(family, alpha);
    if (claims.empty()) continue;
    PairedSettings settings;
    settings.where = claims.front().quantity.rfind("target_", 0) == 0 ? "reached" : "finite";
    all.append(rerun(claims, second, settings, alpha));
  }
  return all;
}

}  // namespace tacit
