// SPDX-License-Identifier: MIT
#pragma once
// The race itself (race/race.hpp): who runs what, on which thread, and what is kept.

#include <filesystem>
#include <mutex>
#include <optional>
#include <set>

#include "../../core/compiled.hpp"
#include "../../io/json_reader.hpp"
#include "../../sweep/pool.hpp"
#include "../../sweep/store.hpp"
#include "../race.hpp"

namespace tacit {

namespace detail {

/// A run for the store, and back; theta is not kept.
inline RunRecord record_of_race(const RaceRun& run) {
  Table table({"what", "a", "b", "c"});
  table.add({"why: " + run.why, static_cast<double>(run.iterations), run.gradients, run.rate});
  table.add({"loss", run.start_loss, run.final_loss, run.best_loss});
  table.add({"validation", run.validation_error, 0.0, 0.0});
  for (std::size_t k = 0; k < run.reached.size(); ++k) table.add({"reached", run.reached[k], run.reached_seconds[k], 0.0});
  for (const RacePoint& point : run.curve) table.add({"curve", point.gradients, point.loss, point.best});
  return {std::move(table), true, std::to_string(static_cast<int>(run.reason)), static_cast<std::int64_t>(run.iterations), run.seconds};
}
inline RaceRun race_run_of(const RunRecord& record) {
  RaceRun run;
  const Table& table = record.table;
  run.reason = static_cast<Reason>(std::stoi(record.reason));
  run.iterations = static_cast<Index>(record.iterations);
  run.seconds = record.seconds;
  const std::vector<double> a = table.numbers("a"), b = table.numbers("b"), c = table.numbers("c");
  run.why = table.at(0, 0).text().substr(5);
  run.gradients = b[0];
  run.rate = c[0];
  run.start_loss = a[1], run.final_loss = b[1], run.best_loss = c[1];
  run.validation_error = a[2];
  for (std::size_t r = 3; r < a.size(); ++r) {
    if (table.at(static_cast<Index>(r), 0).text() == "curve") run.curve.push_back({a[r], b[r], c[r]});
    else run.reached.push_back(a[r]), run.reached_seconds.push_back(b[r]);
  }
  return run;
}

/// What stands in race_of.json: whose race a folder holds.
struct RaceIdentity {
  std::string protocol;
  std::vector<std::string> entrants, problems;
  std::vector<OracleCost> costs;

  static RaceIdentity read(const std::string& path) {
    const JsonValue file = read_json(path);
    RaceIdentity one;
    one.protocol = file["protocol"].text();
    for (const JsonValue& name : file["entrants"].items()) one.entrants.push_back(name.text());
    for (const JsonValue& problem : file["problems"].items()) {
      one.problems.push_back(problem["name"].text());
      one.costs.push_back({problem["value"].number(), problem["hessian_product"].number()});
    }
    return one;
  }
  std::string text() const {
    std::string out = "{\n  \"protocol\": " + json(protocol) + ",\n  \"entrants\": [";
    for (std::size_t k = 0; k < entrants.size(); ++k) out += (k ? ", " : "") + json(entrants[k]);
    out += "],\n  \"problems\": [";
    for (std::size_t k = 0; k < problems.size(); ++k)
      out += std::string(k ? "," : "") + "\n    {\"name\": " + json(problems[k]) + ", \"value\": " + json(costs[k].value) +
             ", \"hessian_product\": " + json(costs[k].hessian_product) + "}";
    return out + "\n  ]\n}\n";
  }
  /// Refuses to go on in a folder of another race.
  void require_same(const RaceIdentity& now, const std::string& folder) const {
    const auto refuse = [&](const std::string& why) {
      throw std::runtime_error(sentence(folder, ": holds another race: ", why, "; take another folder"));
    };
    if (protocol != now.protocol) refuse(sentence("its protocol is '", protocol, "', asked for is '", now.protocol, "'"));
    const auto lacks = [](const std::vector<std::string>& names, const std::string& name) {
      return std::find(names.begin(), names.end(), name) == names.end();
    };
    for (const std::string& name : entrants)
      if (lacks(now.entrants, name)) refuse(sentence("'", name, "' ran in it, and is not among these entrants"));
    for (const std::string& name : problems)
      if (lacks(now.problems, name)) refuse(sentence("'", name, "' was a problem of it, and is not among these"));
  }
};

template <class Items>
void require_distinct(const Items& items, const char* what) {
  require(!items.empty(), "race: there are no ", what);
  std::set<std::string> seen;
  for (const auto& item : items) {
    require(!item.name.empty(), "race: one of the ", what, " has no name");
    require(static_cast<bool>(item.make), "race: '", item.name, "' has no function that makes it");
    require(seen.insert(item.name).second, "race: '", item.name, "' is there twice among the ", what);
  }
}

/// An optimizer that does not run on the problem has reached nothing.
inline RaceRun refused_run(const std::string& why, const RaceProtocol& protocol) {
  RaceRun run;
  run.reason = Reason::stalled;
  run.why = sentence("refused: ", why);
  run.final_loss = run.validation_error = RaceRun::never;
  run.best_loss = 1;
  run.curve.push_back({0, 1, 1});
  run.reached.assign(protocol.targets.size(), RaceRun::never);
  run.reached_seconds = run.reached;
  return run;
}
/// The entrant's optimizer; none, and why, where it refuses the setting.
inline std::optional<AnyOptimizer<double>> optimizer_or_refusal(const Entrant& entrant, double value, const std::string& alternative,
                                                                std::string& text) {
  try {
    AnyOptimizer<double> made = entrant.at(value, alternative);
    text = sentence(made);
    return made;
  } catch (const std::invalid_argument& error) {
    text = error.what();
    return {};
  }
}
inline RaceRun run_or_refusal(const RaceInstance& instance, const AnyOptimizer<double>& optimizer, const RaceProtocol& protocol,
                              const OracleCost& cost) {
  try {
    return race_run(instance, optimizer, protocol, cost);
  } catch (const std::invalid_argument& error) {
    return refused_run(error.what(), protocol);
  }
}

}  // namespace detail

TACIT_INLINE Race race(const std::vector<Entrant>& entrants, const std::vector<RaceProblem>& problems, const RaceProtocol& protocol,
                       const RaceOptions& options) {
  protocol.check();
  detail::require_distinct(entrants, "entrants");
  detail::require_distinct(problems, "problems");
  require(options.costs.empty() || options.costs.size() == problems.size(), "race: .costs are of ", options.costs.size(),
          " problems, there are ", problems.size());
  Race result{protocol, {}, {}, {}, {}, {}, {}};
  Index total = 0;
  for (const Entrant& entrant : entrants) {
    const auto alternatives = static_cast<Index>(entrant.alternatives.size());
    const Index trials = trials_of(!entrant.searched.empty(), alternatives, protocol, entrant.name);
    total += trials * static_cast<Index>(protocol.tuning_seeds.size()) + static_cast<Index>(protocol.fresh_seeds.size());
    result.entrants.push_back(entrant.name);
    result.searched.push_back(entrant.searched);
    result.alternatives.push_back(entrant.alternatives);
  }
  total *= static_cast<Index>(problems.size());
  for (const RaceProblem& problem : problems) result.problems.push_back(problem.name);

  std::optional<detail::RaceIdentity> before;
  detail::RaceIdentity now{protocol.text(), result.entrants, result.problems, {}};
  const std::string identity = (std::filesystem::path(options.folder) / "race_of.json").string();
  if (!options.folder.empty() && std::filesystem::exists(identity)) {
    before = detail::RaceIdentity::read(identity);
    before->require_same(now, options.folder);
  }

  std::vector<std::uint64_t> seeds = protocol.tuning_seeds;
  seeds.insert(seeds.end(), protocol.fresh_seeds.begin(), protocol.fresh_seeds.end());
  std::vector<std::optional<RaceInstance>> instances(problems.size() * seeds.size());
  detail::on_threads(static_cast<Index>(instances.size()), options.threads, [&](Index k) {
    const auto at = static_cast<std::size_t>(k);
    instances[at].emplace(problems[at / seeds.size()].make(seeds[at % seeds.size()]));
  });

  std::vector<std::string> marks;  // problems of one name whose data or start differ are not taken for each other
  for (const std::optional<RaceInstance>& one : instances) {
    HashArchive hash;
    std::uint64_t fingerprint = one->problem.fingerprint();
    Vector<double> theta = one->theta;
    hash("problem", fingerprint);
    hash("theta", theta);
    marks.push_back(std::to_string(hash.value()));
  }
  for (std::size_t p = 0; p < problems.size(); ++p) {
    std::optional<OracleCost> known;
    if (!options.costs.empty()) known = options.costs[p];
    for (std::size_t k = 0; before && !known && k < before->problems.size(); ++k)
      if (before->problems[k] == problems[p].name) known = before->costs[k];
    result.costs.push_back(known ? *known : measured_cost(*instances[p * seeds.size()]));
  }
  now.costs = result.costs;
  if (!options.folder.empty()) {
    make_folder(options.folder);
    write_file(identity, now.text());
  }

  std::mutex guard;
  Index done = 0;
  result.cells.resize(problems.size() * entrants.size());
  detail::on_threads(static_cast<Index>(result.cells.size()), options.threads, [&](Index k) {
    const auto p = static_cast<std::size_t>(k) / entrants.size(), e = static_cast<std::size_t>(k) % entrants.size();
    const Entrant& entrant = entrants[e];
    const OracleCost& cost = result.costs[p];
    std::optional<RunStore> store;
    if (!options.folder.empty())
      store.emplace((std::filesystem::path(options.folder) / "finished").string(),
                    sentence("race 1, ", protocol.run_text(), ", costs ", shortest(cost.value), " ", shortest(cost.hessian_product)));
    const auto run_on = [&](std::size_t s, double value, Index alternative) {
      const std::string& other = entrant.alternatives[static_cast<std::size_t>(alternative)];
      std::string text;
      const auto optimizer = detail::optimizer_or_refusal(entrant, value, other, text);
      const Setting setting(0, {{"problem", problems[p].name},
                                {"instance", marks[p * seeds.size() + s]},
                                {"entrant", entrant.name},
                                {"optimizer", text},
                                {"value", value},
                                {"seed", seeds[s]}});
      std::optional<RunRecord> found = store ? store->find(setting) : std::nullopt;
      RaceRun run = found       ? detail::race_run_of(*found)
                    : optimizer ? detail::run_or_refusal(*instances[p * seeds.size() + s], *optimizer, protocol, cost)
                                : detail::refused_run(text, protocol);
      run.theta = {};
      if (store && !found) store->keep(setting, detail::record_of_race(run));
      const std::scoped_lock lock(guard);
      ++done;
      if (options.progress) options.progress({done, total, entrant.name, problems[p].name, found.has_value()});
      return run;
    };
    RaceCell& cell = result.cells[static_cast<std::size_t>(k)];
    cell.entrant = static_cast<Index>(e);
    cell.problem = static_cast<Index>(p);
    const auto try_one = [&](double value, Index alternative) {
      std::vector<RaceRun> runs;
      RaceTrial trial;
      for (std::size_t s = 0; s < protocol.tuning_seeds.size(); ++s) {
        runs.push_back(run_on(s, value, alternative));
        trial.diverged += runs.back().diverged();
      }
      trial.score = score_of(runs, protocol);
      return trial;
    };
    cell.tuning =
        tune(!entrant.searched.empty(), entrant.centre, static_cast<Index>(entrant.alternatives.size()), protocol, entrant.name, try_one);
    for (std::size_t s = protocol.tuning_seeds.size(); s < seeds.size(); ++s)
      cell.runs.push_back(run_on(s, cell.tuning.best().value, cell.tuning.best().alternative));
  });
  return result;
}

}  // namespace tacit
