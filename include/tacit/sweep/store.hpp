// SPDX-License-Identifier: MIT
#pragma once
// A folder of finished runs, a file each, so that an interrupted sweep goes on where it was. A file is named after a hash of the setting, the user's key and
// the library's version, holds these and the RunRecord bit for bit, ends with a checksum, and is written atomically: it is whole or not there. A file that is
// damaged, or another run's, counts as not there. Numbers stand as in memory: a store belongs to one kind of machine.

#include <charconv>
#include <filesystem>
#include <fstream>
#include <iterator>
#include <optional>
#include <string>

#include "../core/archive.hpp"
#include "../io/atomic_file.hpp"
#include "../version.hpp"
#include "grid.hpp"
#include "record.hpp"

namespace tacit {

namespace detail {

/// A Table for archives: every column with its kind.
struct StoredTable {
  Table& table;

  template <class Archive>
  void persist(Archive& archive) {
    enum Kind : int { integers, numbers, texts };
    Index cols = table.cols();
    archive("cols", cols);
    Table read;
    for (Index c = 0; c < cols; ++c) {
      const bool known = c < table.cols();
      std::string name = known ? table.name(c) : "";
      Kind kind = !known ? integers : table.is_text(c) ? texts : table.rows() > 0 && table.at(0, c).is_integer() ? integers : numbers;
      std::vector<std::int64_t> whole;
      std::vector<double> real;
      std::vector<std::string> text;
      for (Index r = 0; known && r < table.rows(); ++r) {
        const Cell cell = table.at(r, c);
        if (kind == texts) text.push_back(cell.text());
        else if (kind == integers) whole.push_back(std::get<std::int64_t>(cell.value()));
        else real.push_back(cell.number());
      }
      archive("name", name);
      archive("kind", kind);
      if (kind == texts) archive("cells", text), read.add_column(name, text);
      else if (kind == integers) archive("cells", whole), read.add_column(name, whole);
      else archive("cells", real), read.add_column(name, real);
    }
    table = std::move(read);
  }
};

/// What stands in a file of the store.
struct StoredRun {
  std::string setting, key, tacit_version = std::string(version);
  RunRecord record = {};

  template <class Archive>
  void persist_name(Archive& archive) {
    archive("tacit_version", tacit_version);
    archive("key", key);
    archive("setting", setting);
  }
  template <class Archive>
  void persist(Archive& archive) {
    persist_name(archive);
    StoredTable table{record.table};
    archive("table", table);
    archive("has_outcome", record.has_outcome);
    archive("reason", record.reason);
    archive("iterations", record.iterations);
    archive("seconds", record.seconds);
  }
};

inline std::uint64_t hash_of(std::string_view bytes) {
  HashArchive hash;
  hash.bytes(bytes.data(), bytes.size());
  return hash.value();
}

}  // namespace detail

class RunStore {
 public:
  /// Makes the folder where it is not there; std::runtime_error naming it where that fails.
  RunStore(std::string folder, std::string key) : folder_(std::move(folder)), key_(std::move(key)) {
    std::error_code error;
    std::filesystem::create_directories(folder_, error);
    if (!std::filesystem::is_directory(folder_))
      throw std::runtime_error(folder_ + ": the folder of finished runs cannot be made: " +
                               (std::filesystem::is_regular_file(folder_) ? "there is a file of this name" : error.message()));
  }

  /// Where the run of a setting is kept.
  std::string path(const Setting& setting) const {
    detail::StoredRun run = named(setting);
    HashArchive hash;
    run.persist_name(hash);
    char digits[17] = "0000000000000000";
    char reversed[16];
    const auto length = std::to_chars(reversed, reversed + sizeof reversed, hash.value(), 16).ptr - reversed;
    std::copy(reversed, reversed + length, digits + 16 - length);
    return (std::filesystem::path(folder_) / (std::string(digits) + ".run")).string();
  }

  /// The finished run of this setting, or nothing.
  std::optional<RunRecord> find(const Setting& setting) const {
    std::ifstream in(path(setting), std::ios::binary);
    if (!in) return {};
    const std::string bytes((std::istreambuf_iterator<char>(in)), std::istreambuf_iterator<char>());
    std::uint64_t sum = 0;
    if (bytes.size() < magic.size() + sizeof sum || bytes.compare(0, magic.size(), magic) != 0) return {};
    std::memcpy(&sum, bytes.data() + bytes.size() - sizeof sum, sizeof sum);
    std::string body = bytes.substr(magic.size(), bytes.size() - magic.size() - sizeof sum);
    if (sum != detail::hash_of(body)) return {};
    detail::StoredRun run, wanted = named(setting);
    try {
      InputArchive archive(std::move(body), path(setting));
      run.persist(archive);
    } catch (const std::exception&) {
      return {};
    }
    if (run.setting != wanted.setting || run.key != wanted.key || run.tacit_version != wanted.tacit_version) return {};
    return std::move(run.record);
  }

  /// Keeps it; std::runtime_error naming file and reason where the disk refuses.
  void keep(const Setting& setting, const RunRecord& record) const {
    detail::StoredRun run = named(setting);
    run.record = record;
    OutputArchive archive;
    run.persist(archive);
    const std::uint64_t sum = detail::hash_of(archive.bytes());
    AtomicFile file(path(setting));
    file.write(magic).write(archive.bytes()).write({reinterpret_cast<const char*>(&sum), sizeof sum}).commit();
  }

 private:
  static constexpr std::string_view magic = "tacit finished run 1\n";

  detail::StoredRun named(const Setting& setting) const {
    std::string text;
    for (const auto& [name, cell] : setting.cells()) text += (text.empty() ? "{" : ", ") + json(name) + ": " + json(cell);
    return {text + "}", key_};
  }

  std::string folder_, key_;
};

}  // namespace tacit
