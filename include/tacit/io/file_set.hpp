// SPDX-License-Identifier: MIT
#pragma once
// FileSet: several files of a folder that change together. Each file is first written whole beside its target ("W1.npy.tacit-new"); the last one, the list, is
// written as "model.json.tacit-new" when all others are there, and with that the new set counts. Only then are old files replaced: the old list goes first, the
// new one appears last. So a reader in Tacit, which asks in_set() for each path, finds the old set or the new one after a crash at any moment, and any other
// program finds, in the moment of replacement, no list rather than a mixture. The next FileSet in that folder finishes what a crash had left unfinished.
//
//   FileSet files("model", "model.json");
//   write_file(files.path("a.txt"), bytes);  ...  files.commit(list);        read_file(in_set("model", "model.json", "a.txt"));

#include <filesystem>
#include <string>
#include <string_view>
#include <utility>
#include <vector>

#include "atomic_file.hpp"

namespace tacit {

namespace detail {

inline std::string in_folder(const std::string& folder, std::string_view name) { return (std::filesystem::path(folder) / name).string(); }

inline constexpr std::string_view staged = ".tacit-new";

/// Whether a new set is there whole but its files were not all put into place.
inline bool unfinished_set(const std::string& folder, const std::string& list) {
  std::error_code ignored;
  return std::filesystem::exists(in_folder(folder, list) + std::string(staged), ignored);
}
/// Where a file of a set stands.
inline std::string in_set(const std::string& folder, const std::string& list, std::string_view name) {
  const std::string path = in_folder(folder, name), fresh = path + std::string(staged);
  std::error_code ignored;
  return unfinished_set(folder, list) && std::filesystem::exists(fresh, ignored) ? fresh : path;
}

/// Puts the files of a whole new set into place, the list last. `files`, at most, so that tests can stop in between; false: it was stopped.
inline bool put_in_place(const std::string& folder, const std::string& list, int files = INT32_MAX) {
  namespace fs = std::filesystem;
  std::error_code ignored;
  if (files-- == 0) return false;
  fs::remove(in_folder(folder, list), ignored);
  std::vector<fs::path> fresh;
  for (const fs::directory_entry& entry : fs::directory_iterator(folder))
    if (entry.path().extension() == staged && entry.path().stem() != list) fresh.push_back(entry.path());
  fresh.push_back(in_folder(folder, list) + std::string(staged));
  for (const fs::path& from : fresh) {
    if (files-- == 0) return false;
    const fs::path to = from.parent_path() / from.stem();
    std::error_code error;
    fs::rename(from, to, error);
    if (error) throw std::runtime_error(to.string() + ": cannot be written: " + error.message());
  }
  return true;
}

class FileSet {
 public:
  /// Makes the folder where there is none. `list` names the file that is written last.
  FileSet(std::string folder, std::string list) : folder_(std::move(folder)), list_(std::move(list)) {
    make_folder(folder_);
    if (unfinished_set(folder_, list_)) put_in_place(folder_, list_);
    else forget();
  }
  FileSet(const FileSet&) = delete;
  FileSet& operator=(const FileSet&) = delete;
  ~FileSet() {
    if (!committed_) forget();
  }

  /// Where to write a file of this name.
  std::string path(std::string_view name) const { return in_folder(folder_, name) + std::string(staged); }

  /// From here on the new set counts. Files of the old set that the new one does not have may be named, to be removed.
  void commit(std::string_view list_bytes, const std::vector<std::string>& obsolete = {}) {
    stage(list_bytes);
    put_in_place(folder_, list_);
    std::error_code ignored;
    for (const std::string& name : obsolete) std::filesystem::remove(in_folder(folder_, name), ignored);
  }
  /// The first half of commit().
  void stage(std::string_view list_bytes) {
    write_file(path(list_), list_bytes);
    committed_ = true;
  }

 private:
  /// Removes what a set that never became whole has left.
  void forget() const {
    namespace fs = std::filesystem;
    std::error_code ignored;
    std::vector<fs::path> left;
    for (const fs::directory_entry& entry : fs::directory_iterator(folder_, ignored))
      if (entry.path().extension() == staged) left.push_back(entry.path());
    for (const fs::path& path : left) fs::remove(path, ignored);
  }

  std::string folder_, list_;
  bool committed_ = false;
};

}  // namespace detail
}  // namespace tacit
