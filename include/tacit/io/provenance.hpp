// SPDX-License-Identifier: MIT
#pragma once
// Provenance: what it takes to make an output again: version, all settings, seed, compiler, and a date where one is given (by default there
// is none: the same run writes the same bytes). Every writer of the library records it. Where the format has no room that every reader
// skips (CSV, JSONL, JSON, NPY), it goes into a file beside the output, "runs.csv" -> "runs.csv.meta.json", so that pandas.read_csv and numpy.load
// need no help; the report shows it in its text.

#include <Eigen/Core>
#include <chrono>
#include <filesystem>
#include <optional>
#include <string>
#include <utility>

#include "../version.hpp"
#include "atomic_file.hpp"
#include "json_writer.hpp"

namespace tacit {

/// As in  g++ 12.2.0, C++20, Eigen 3.4.0, AVX2.
inline std::string compiler_name() {
  std::string name;
#if defined(__clang__)
  name = "clang++ " + decimal(__clang_major__) + "." + decimal(__clang_minor__) + "." + decimal(__clang_patchlevel__);
#elif defined(__GNUC__)
  name = "g++ " + decimal(__GNUC__) + "." + decimal(__GNUC_MINOR__) + "." + decimal(__GNUC_PATCHLEVEL__);
#elif defined(_MSC_VER)
  name = "MSVC " + decimal(_MSC_VER);
#else
  name = "unknown compiler";
#endif
#ifndef __OPTIMIZE__
#if defined(__GNUC__)
  name += ", not optimized";
#endif
#endif
#ifdef __FAST_MATH__
  name += ", fast math";
#endif
  return name + ", Eigen " + decimal(EIGEN_WORLD_VERSION) + "." + decimal(EIGEN_MAJOR_VERSION) + "." + decimal(EIGEN_MINOR_VERSION) + ", " +
         Eigen::SimdInstructionSetsInUse();
}

/// The moment of the call as 2026-01-31T12:00:00Z, for Provenance::date.
inline std::string now_utc() {
  using namespace std::chrono;
  const auto now = floor<seconds>(system_clock::now());
  const auto day = floor<days>(now);
  const year_month_day date(day);
  const hh_mm_ss time(now - day);
  const auto two = [](auto n) { return (n < 10 ? "0" : "") + decimal(static_cast<std::int64_t>(n)); };
  return decimal(int(date.year())) + "-" + two(unsigned(date.month())) + "-" + two(unsigned(date.day())) + "T" + two(time.hours().count()) +
         ":" + two(time.minutes().count()) + ":" + two(time.seconds().count()) + "Z";
}

struct Provenance {
  std::string program = {};  ///< who wrote it; may be empty
  NamedCells settings = {};  ///< every setting of the run, defaults included, in the order in which they are to be read
  std::optional<std::uint64_t> seed = {};
  std::string date = {};  ///< left out where empty
  std::string version = std::string(tacit::version);
  std::string compiler = compiler_name();

  Provenance& set(std::string name, Cell value) {
    settings.emplace_back(std::move(name), std::move(value));
    return *this;
  }
  /// All of it as a list of names and values.
  NamedCells all() const {
    NamedCells items;
    if (!program.empty()) items.emplace_back("program", program);
    items.emplace_back("tacit", version);
    items.emplace_back("compiler", compiler);
    if (!date.empty()) items.emplace_back("date", date);
    if (seed) items.emplace_back("seed", *seed);
    items.insert(items.end(), settings.begin(), settings.end());
    return items;
  }
};

/// {"program": ..., "tacit": ..., "compiler": ..., "seed": ..., "settings": {...}}
inline std::string json(const Provenance& provenance) {
  std::string out = "{\n";
  if (!provenance.program.empty()) out += "  \"program\": " + json(provenance.program) + ",\n";
  out += "  \"tacit\": " + json(provenance.version) + ",\n  \"compiler\": " + json(provenance.compiler) + ",\n";
  if (!provenance.date.empty()) out += "  \"date\": " + json(provenance.date) + ",\n";
  out += "  \"seed\": " + (provenance.seed ? std::to_string(*provenance.seed) : "null") + ",\n  \"settings\": {";
  const char* separator = "\n";
  for (const auto& [name, cell] : provenance.settings) {
    out += separator + ("    " + json(name)) + ": " + json(cell);
    separator = ",\n";
  }
  return out + (provenance.settings.empty() ? "}\n}\n" : "\n  }\n}\n");
}

/// Writes `output`.meta.json; every writer calls it after its own file.
inline void write_provenance(const std::string& output, const Provenance& provenance) {
  std::error_code ignored;
  if (std::filesystem::exists(output, ignored) && !std::filesystem::is_regular_file(output, ignored)) return;  // a device or pipe
  write_file(output + ".meta.json", json(provenance));
}

}  // namespace tacit
