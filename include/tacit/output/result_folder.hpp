// SPDX-License-Identifier: MIT
#pragma once
// ResultFolder: the folder of a program's results, in which nothing of an older run stays that could be taken for this one's. It knows which names the
// program can write, hands out their paths, and in the end removes those that this run did not write, if the program wrote them: the provenance beside
// the file (provenance.hpp) says so. What others put there stays, and so does what is of the same provenance as this run (the model of a fit is used
// later: its predictions join the fit's files).
//
//   ResultFolder out("completed", "complete", {"completed.csv", "gaps.csv", "predictions.csv"});
//   write_csv(out.path("gaps.csv"), table, provenance);   ...   for (const std::string& name : out.remove_old(provenance)) std::cerr << name << " removed\n";

#include <algorithm>
#include <filesystem>
#include <string>
#include <string_view>
#include <utility>
#include <vector>

#include "../io/json_reader.hpp"
#include "../io/provenance.hpp"

namespace tacit {

class ResultFolder {
 public:
  /// The folder is made, where there is none, with the first result.
  ResultFolder(std::string folder, std::string program, std::vector<std::string> names)
      : folder_(std::move(folder)), program_(std::move(program)), names_(std::move(names)) {}

  /// The path of a result that is written now.
  std::string path(const std::string& name) {
    require(std::find(names_.begin(), names_.end(), name) != names_.end(), "ResultFolder: '", name, "' is none of the results it knows");
    if (written_.empty()) make_folder(folder_);
    if (std::find(written_.begin(), written_.end(), name) == written_.end()) written_.push_back(name);
    return at(name);
  }
  const std::string& folder() const { return folder_; }
  const std::vector<std::string>& written() const { return written_; }

  /// Removes results of other runs of this program, with their provenance; their names. `now`: the provenance of this run.
  std::vector<std::string> remove_old(const Provenance& now) const {
    std::vector<std::string> removed;
    for (const std::string& name : names_) {
      if (std::find(written_.begin(), written_.end(), name) != written_.end() || !is_old(name, json(now))) continue;
      std::error_code error;
      if (std::filesystem::remove(at(name), error)) removed.push_back(name);
      std::filesystem::remove(at(name) + ".meta.json", error);
    }
    return removed;
  }

 private:
  std::string at(const std::string& name) const { return (std::filesystem::path(folder_) / name).string(); }
  bool is_old(const std::string& name, const std::string& now) const {
    const std::string meta = at(name) + ".meta.json";
    std::error_code ignored;
    if (!std::filesystem::is_regular_file(at(name), ignored) || !std::filesystem::is_regular_file(meta, ignored)) return false;
    try {
      const std::string bytes = read_file(meta);
      if (bytes == now) return false;
      const JsonValue provenance = JsonReader(meta, bytes).read();
      return provenance.has("program") && provenance["program"].text() == program_;
    } catch (const std::runtime_error&) {
      return false;  // not written by us
    }
  }

  std::string folder_, program_;
  std::vector<std::string> names_, written_;
};

}  // namespace tacit
