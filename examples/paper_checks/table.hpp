// SPDX-License-Identifier: MIT
#pragma once
// The table of all checks: a row for each claim and for each negative control, run by a pool of threads draw by draw, printed and as JSON.

#include <atomic>
#include <chrono>
#include <ostream>
#include <thread>

#include <tacit/io/json_writer.hpp>
#include <tacit/version.hpp>

#include "verdict.hpp"

namespace paper_checks {

struct Row {
  std::string name, claim, source, provenance, setting;  ///< name: paper/item, of a control paper/item-control
  std::vector<Bound> bounds;
  std::vector<std::uint64_t> seeds;
  int problems = 1;
  bool control = false, quick = false;
  std::string control_of;               ///< the name of the row that it is a control of
  std::vector<std::string> of_control;  ///< figures that only the control of this claim has bounds on
  std::string reason;
  std::function<Figures(std::uint64_t)> measure;
  std::function<Figures(const std::vector<Figures>&)> summarise;

  // What a run adds.
  std::vector<Figures> draws;
  Figures summary;
  Judgement judgement;
  double seconds = 0;  ///< of all draws together; what an earlier row has measured costs nothing, so controls mostly cost none
  std::string error;

  bool random() const { return !seeds.empty(); }
  std::size_t draw_count() const { return random() ? seeds.size() : static_cast<std::size_t>(problems); }
  bool is_asked_for(const std::string& what) const {
    return what == "all" || what == name || name.rfind(what + "/", 0) == 0 || name.rfind(what + "-", 0) == 0;
  }
};

/// All rows, by paper; `seeds`, where there are any, in place of every random check's own.
inline std::vector<Row> rows_of(std::vector<Paper> all, const std::vector<std::uint64_t>& seeds = {}) {
  std::sort(all.begin(), all.end(), [](const Paper& a, const Paper& b) { return a.name < b.name; });
  std::vector<Row> rows;
  for (const Paper& paper : all)
    for (const Check& check : paper.checks) {
      Row row;
      row.name = paper.name + "/" + check.item;
      row.claim = check.claim;
      row.source = paper.source + ", item " + check.item.substr(0, check.item.find('-'));
      row.provenance = check.provenance;
      row.setting = check.setting;
      row.bounds = check.bounds;
      row.seeds = check.seeds.empty() || seeds.empty() ? check.seeds : seeds;
      row.problems = check.problems;
      row.quick = check.quick;
      if (!check.control_of.empty()) row.control = true, row.control_of = paper.name + "/" + check.control_of;
      row.reason = check.reason;
      row.measure = check.measure;
      row.summarise = check.summarise;
      for (const Bound& bound : check.control.bounds)
        if (std::none_of(check.bounds.begin(), check.bounds.end(), [&](const Bound& other) { return other.figure == bound.figure; }))
          row.of_control.push_back(bound.figure);
      rows.push_back(row);
      if (check.control.bounds.empty()) continue;
      row.control_of = row.name;
      row.name += "-control";
      row.claim = check.control.claim;
      row.bounds = check.control.bounds;
      row.control = true;
      row.reason.clear();
      rows.push_back(std::move(row));
    }
  return rows;
}

/// Runs all draws of all rows by `threads` threads, in order; finished(row) is called in the order of the rows, by one thread at a time. A control
/// reads the draws of its claim, where that is the row before.
template <class F>
void run(std::vector<Row>& rows, unsigned threads, F finished) {
  struct Task {
    std::size_t row, draw;
  };
  std::vector<Task> tasks;
  std::vector<std::size_t> left;
  for (std::size_t r = 0; r < rows.size(); ++r) {
    const bool reads = r > 0 && rows[r].name == rows[r - 1].name + "-control";
    rows[r].draws.resize(rows[r].draw_count());
    left.push_back(reads ? 0 : rows[r].draws.size());
    for (std::size_t k = 0; k < left[r]; ++k) tasks.push_back({r, k});
  }
  std::atomic<std::size_t> next = 0;
  std::size_t printed = 0;
  std::mutex guard;
  const auto judged = [](Row& row) {
    try {
      if (row.error.empty() && row.summarise) row.summary = row.summarise(row.draws);
      if (row.error.empty()) row.judgement = judge(row.bounds, row.control, row.draws, row.summary);
    } catch (const std::exception& error) {
      row.error = error.what();
    }
    if (!row.error.empty()) row.judgement = {row.control ? Verdict::control_failed : Verdict::fails, sentence("error: ", row.error)};
  };
  const auto work = [&] {
    for (std::size_t t = next++; t < tasks.size(); t = next++) {
      Row& row = rows[tasks[t].row];
      const auto start = std::chrono::steady_clock::now();
      Figures measured;
      std::string error;
      try {
        measured = row.measure(row.random() ? row.seeds[tasks[t].draw] : tasks[t].draw);
      } catch (const std::exception& what) {
        error = what.what();
      }
      const std::chrono::duration<double> seconds = std::chrono::steady_clock::now() - start;
      const std::lock_guard lock(guard);
      row.draws[tasks[t].draw] = std::move(measured);
      row.seconds += seconds.count();
      if (!error.empty()) row.error = error;
      --left[tasks[t].row];
      for (; printed < rows.size() && left[printed] == 0; ++printed) {
        Row& done = rows[printed];
        if (printed > 0 && done.name == rows[printed - 1].name + "-control") {
          done.draws = rows[printed - 1].draws;
          done.error = rows[printed - 1].error;
        }
        judged(done);
        finished(done);
      }
    }
  };
  std::vector<std::thread> others;
  for (unsigned k = 1; k < threads; ++k) others.emplace_back(work);
  work();
  for (std::thread& other : others) other.join();
}

inline std::string bounds_of(const Row& row) {
  std::string text;
  for (const Bound& bound : row.bounds) text += (text.empty() ? "" : "; ") + bound.text();
  return text;
}
inline std::string seeds_of(const Row& row) {
  if (!row.random()) return "fixed";
  std::string text;
  for (const std::uint64_t seed : row.seeds) text += sentence(text.empty() ? "" : ",", seed);
  return text;
}
/// Whether a row shows a figure: a control what it is about, a claim all others.
inline bool shows(const Row& row, const std::string& name) {
  if (!row.name.ends_with("-control")) return std::find(row.of_control.begin(), row.of_control.end(), name) == row.of_control.end();
  return std::any_of(row.bounds.begin(), row.bounds.end(), [&](const Bound& bound) { return bound.figure == name; });
}
/// The figures that a row shows, of all its draws.
inline std::vector<std::string> figures_of(const Row& row) {
  std::vector<std::string> names;
  for (const Figures& draw : row.draws)
    for (const auto& [name, values] : draw.all())
      if (shows(row, name) && std::find(names.begin(), names.end(), name) == names.end()) names.push_back(name);
  return names;
}
/// Four digits, more where a bound is narrow.
inline int digits_of(const Row& row, const std::string& name) {
  for (const Bound& bound : row.bounds)
    if (bound.figure == name && bound.high - bound.low < 1e-2 * std::abs(bound.high)) return 8;
  return 4;
}
/// "name: a b / c d": the values of a figure, draw by draw.
inline std::string measured_of(const Row& row) {
  std::string text;
  for (const std::string& name : figures_of(row)) {
    text += (text.empty() ? "" : "; ") + name + ":";
    for (std::size_t k = 0; k < row.draws.size(); ++k) {
      const Values* values = row.draws[k].find(name);
      if (k > 0 && (!values || values->size() > 1)) text += " /";
      if (!values) text += " -";
      else
        for (const double x : *values) text += sentence(" ", figure(x, digits_of(row, name)));
    }
  }
  for (const auto& [name, values] : row.summary.all()) {
    if (!shows(row, name)) continue;
    text += (text.empty() ? "" : "; ") + name + ":";
    for (const double x : values) text += sentence(" ", figure(x));
  }
  return text;
}
inline std::string reason_of(const Row& row) {
  if (row.judgement.verdict == Verdict::holds) return "";
  return row.judgement.off + (row.reason.empty() ? "" : sentence(". ", row.reason));
}

inline void list(std::ostream& out, const std::vector<Row>& rows) {
  out << "name | claim | source | provenance | setting | bound | seeds | control | quick\n";
  for (const Row& row : rows)
    out << row.name << " | " << row.claim << " | " << row.source << " | " << row.provenance << " | " << row.setting << " | "
        << bounds_of(row) << " | " << seeds_of(row) << " | " << (row.control ? sentence("of ", row.control_of) : "-") << " | "
        << (row.quick ? "quick" : "-") << '\n';
}
inline void print(std::ostream& out, const Row& row) {
  out << row.name << " | " << row.claim << " | " << bounds_of(row) << " | " << measured_of(row) << " | " << text_of(row.judgement.verdict)
      << " | " << figure(row.seconds) << " s | seeds " << seeds_of(row);
  if (const std::string reason = reason_of(row); !reason.empty()) out << " | " << reason;
  out << std::endl;
}

/// {"program": ..., "version": ..., "threads": ..., "seconds": ..., "verdicts": {...}, "checks": [...]}; of rows that were not run (`ran` is false) without
/// what a run adds.
inline std::string json_of(const std::vector<Row>& rows, bool ran, unsigned threads, double seconds) {
  using tacit::json;
  const auto numbers = [](const auto& values) {
    std::string text;
    for (const auto value : values) text += (text.empty() ? "" : ", ") + json(value);
    return sentence("[", text, "]");
  };
  const auto truth = [](bool value) { return std::string(value ? "true" : "false"); };
  std::string text = "{\"program\": \"paper_checks\", \"version\": " + json(std::string(tacit::version));
  if (ran) {
    text += ", \"threads\": " + json(threads) + ", \"seconds\": " + json(seconds) + ", \"verdicts\": {";
    for (const Verdict verdict : {Verdict::holds, Verdict::holds_in_the_median, Verdict::fails, Verdict::control_failed})
      text += (verdict == Verdict::holds ? "" : ", ") + json(text_of(verdict)) + ": " +
              json(std::count_if(rows.begin(), rows.end(), [&](const Row& row) { return row.judgement.verdict == verdict; }));
    text += "}";
  }
  text += ", \"checks\": [";
  for (std::size_t r = 0; r < rows.size(); ++r) {
    const Row& row = rows[r];
    text += std::string(r ? "," : "") + "\n  {\"name\": " + json(row.name) + ", \"claim\": " + json(row.claim) +
            ", \"source\": " + json(row.source) + ", \"provenance\": " + json(row.provenance) + ", \"setting\": " + json(row.setting) +
            ", \"bound\": " + json(bounds_of(row)) + ", \"control\": " + truth(row.control) +
            (row.control ? ", \"control_of\": " + json(row.control_of) : "") + ", \"quick\": " + truth(row.quick) +
            ", \"seeds\": " + (row.random() ? numbers(row.seeds) : json("fixed"));
    if (ran) {
      text += ", \"measured\": [";
      std::string figures;
      for (const std::string& name : figures_of(row)) {
        std::string draws;
        for (const Figures& draw : row.draws)
          draws += (draws.empty() ? "" : ", ") + (draw.find(name) ? numbers(*draw.find(name)) : std::string("null"));
        figures += (figures.empty() ? "" : ", ") + ("{\"figure\": " + json(name) + ", \"by_draw\": [" + draws + "]}");
      }
      for (const auto& [name, values] : row.summary.all())
        if (shows(row, name))
          figures += (figures.empty() ? "" : ", ") + ("{\"figure\": " + json(name) + ", \"of_all_draws\": " + numbers(values) + "}");
      text += figures + "], \"verdict\": " + json(text_of(row.judgement.verdict)) + ", \"reason\": " + json(reason_of(row)) +
              ", \"seconds\": " + json(row.seconds);
    }
    text += "}";
  }
  return text + "\n]}\n";
}

}  // namespace paper_checks
