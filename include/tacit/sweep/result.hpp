// SPDX-License-Identifier: MIT
#pragma once
// What a sweep leaves: one long table of all runs in the order of the grid, and what failed. Columns, always in this order: the axes; the columns of the runs'
// tables, in the order in which they first appear; "reason", "iterations" and, where asked for, "seconds" of their outcomes; "error". A run without rows (it
// failed, or recorded nothing) has one row. Memory: the runs' tables and their concatenation, 8 bytes a cell each.

#include <algorithm>
#include <ostream>
#include <string>
#include <vector>

#include "../io/csv_writer.hpp"
#include "grid.hpp"
#include "record.hpp"

namespace tacit {

struct SweepFailure {
  Setting setting;
  std::string sentence;
};

/// One setting, done.
struct SweepSlot {
  RunRecord record;
  bool reused = false;
  std::string error = {}, warning = {};
};

class SweepResult {
 public:
  /// Takes what the threads left in the slots, one for each setting of the grid; `key` and `seconds` as in SweepOptions.
  SweepResult(const Grid& grid, std::vector<SweepSlot> slots, const std::string& key, bool seconds);

  /// All runs, in the order of the grid.
  const Table& table() const { return table_; }
  /// Runs that threw.
  const std::vector<SweepFailure>& failures() const { return failures_; }
  /// Finished runs that could not be kept in the store, and why; they are in the table.
  const std::vector<std::string>& warnings() const { return warnings_; }
  Index runs() const { return runs_; }
  /// How many of them were found in the store.
  Index reused() const { return reused_; }

  /// The program's provenance with the grid added to its settings.
  Provenance provenance(Provenance own = {}) const {
    for (const auto& [name, cell] : grid_) own.set(name, cell);
    return own;
  }
  /// The long table; what made it goes into `path`.meta.json.
  void write_csv(const std::string& path, const Provenance& own = {}) const { tacit::write_csv(path, table_, provenance(own)); }

  /// As in  80 runs, 12 of them from the store, 1 failed:  and a line for each that failed.
  friend std::ostream& operator<<(std::ostream& out, const SweepResult& result) {
    out << result.runs_ << (result.runs_ == 1 ? " run" : " runs");
    if (result.reused_) out << ", " << result.reused_ << " of them from the store";
    out << ", " << (result.failures_.empty() ? "none" : decimal(static_cast<std::int64_t>(result.failures_.size()))) << " failed\n";
    for (const SweepFailure& failure : result.failures_) out << "  failed at " << failure.setting << ": " << failure.sentence << '\n';
    for (const std::string& warning : result.warnings_) out << "  not kept: " << warning << '\n';
    return out;
  }

 private:
  Table table_;
  std::vector<SweepFailure> failures_;
  std::vector<std::string> warnings_;
  NamedCells grid_;
  Index runs_, reused_ = 0;
};

inline SweepResult::SweepResult(const Grid& grid, std::vector<SweepSlot> slots, const std::string& key, bool seconds) : runs_(grid.size()) {
  std::vector<std::string> names;
  const auto add = [&](const std::string& name) {
    if (std::find(names.begin(), names.end(), name) == names.end()) names.push_back(name);
  };
  for (const Grid::Axis& axis : grid.axes()) {
    add(axis.name);
    std::string values;
    for (const Cell& value : axis.values) values += (values.empty() ? "" : ", ") + value.text();
    grid_.emplace_back(axis.name, values);
  }
  if (!key.empty()) grid_.emplace_back("key", key);
  bool outcomes = false;
  for (const SweepSlot& slot : slots) {
    for (Index c = 0; c < slot.record.table.cols(); ++c) add(slot.record.table.name(c));
    outcomes |= slot.record.has_outcome;
  }
  if (outcomes) add("reason"), add("iterations");
  if (outcomes && seconds) add("seconds");
  add("error");

  table_ = Table(names);
  for (Index k = 0; k < grid.size(); ++k) {
    SweepSlot& slot = slots[static_cast<std::size_t>(k)];
    const Setting setting = grid[k];
    NamedCells constant = setting.cells();
    if (slot.record.has_outcome) {
      constant.emplace_back("reason", slot.record.reason);
      constant.emplace_back("iterations", slot.record.iterations);
      if (seconds) constant.emplace_back("seconds", slot.record.seconds);
    }
    if (slot.record.table.rows() > 0) {
      table_.append(slot.record.table, constant);
    } else {  // failed, or without any record: one row says so
      table_.append(Table({"error"}).add({slot.error.empty() ? Cell() : Cell(slot.error)}), constant);
    }
    slot.record.table = {};
    if (!slot.error.empty()) failures_.push_back({setting, slot.error});
    if (!slot.warning.empty()) warnings_.push_back(slot.warning);
    reused_ += slot.reused;
  }
}

}  // namespace tacit
