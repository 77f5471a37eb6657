// SPDX-License-Identifier: MIT
#pragma once
// AtomicFile: a file appears whole or not at all. Bytes go to a temporary beside the target ("name.tmp-<process>-<n>"); commit() flushes them
// to the disk and renames, so that a reader, a crash or a full disk never meets half a file: the old one stays. Every write is checked; errors
// are std::runtime_error naming path and reason. Destroyed without commit, it leaves nothing behind (a killed process leaves its temporary).
// A link is followed to its file; a device or pipe (/dev/stdout) is written directly.
//
//   AtomicFile file("out/runs.csv");  file.write(header).write(rows);  file.commit();

#include <atomic>
#include <cerrno>
#include <cstdio>
#include <filesystem>
#include <stdexcept>
#include <string>
#include <string_view>
#include <system_error>
#include <utility>

#if defined(__unix__) || defined(__APPLE__)
#include <unistd.h>
#endif

#include "../core/check.hpp"

namespace tacit {

class AtomicFile {
 public:
  explicit AtomicFile(std::string path) : path_(std::move(path)), target_(path_) {
    namespace fs = std::filesystem;
    std::error_code ignored;
    if (fs::is_symlink(target_, ignored) && fs::exists(target_, ignored)) target_ = fs::canonical(target_, ignored).string();
    if (fs::is_directory(target_, ignored)) throw std::runtime_error(path_ + ": cannot be written: it is a directory");
    if (fs::exists(target_, ignored) && !fs::is_regular_file(target_, ignored)) {
      file_ = std::fopen(target_.c_str(), "wb");
      if (!file_) fail(errno);
      return;
    }
    static std::atomic<unsigned> count = 0;
    do {  // "x": never into a file that is there, be it of a process that was killed
      temporary_ = target_ + ".tmp-" + std::to_string(process()) + "-" + std::to_string(count++);
      file_ = std::fopen(temporary_.c_str(), "wbx");
    } while (!file_ && errno == EEXIST);
    if (!file_) {
      const int error = errno;
      temporary_.clear();
      fail(error);
    }
  }
  AtomicFile(const AtomicFile&) = delete;
  AtomicFile& operator=(const AtomicFile&) = delete;
  ~AtomicFile() { discard(); }

  AtomicFile& write(std::string_view bytes) {
    require(file_ != nullptr, "AtomicFile: ", path_, " is written to after commit()");
    if (!bytes.empty() && std::fwrite(bytes.data(), 1, bytes.size(), file_) != bytes.size()) fail(errno);
    return *this;
  }

  /// Makes the file appear under its name. Throws, and leaves the old file, where any byte did not reach the disk.
  void commit() {
    require(file_ != nullptr, "AtomicFile: ", path_, " is committed twice");
    if (std::fflush(file_) != 0) fail(errno);
#if defined(__unix__) || defined(__APPLE__)
    if (!temporary_.empty() && ::fsync(::fileno(file_)) != 0) fail(errno);
#endif
    if (std::fclose(std::exchange(file_, nullptr)) != 0) fail(errno);
    if (temporary_.empty()) return;
    std::error_code error;
    std::filesystem::rename(temporary_, target_, error);
    if (error) fail(error.value());
    temporary_.clear();
  }

 private:
  [[noreturn]] void fail(int error) {
    discard();
    std::error_code ignored;
    std::string why = std::generic_category().message(error);
    const auto folder = std::filesystem::path(target_).parent_path();
    if (error == ENOENT && !folder.empty()) why += " (the folder " + folder.string() + " does not exist)";
    if (std::filesystem::is_regular_file(target_, ignored)) why += "; the old file stays as it was";
    throw std::runtime_error(path_ + ": cannot be written: " + why);
  }
  void discard() {
    if (file_) std::fclose(std::exchange(file_, nullptr));
    if (!temporary_.empty()) std::remove(std::exchange(temporary_, {}).c_str());
  }
  static long process() {
#if defined(__unix__) || defined(__APPLE__)
    return ::getpid();
#else
    return 0;
#endif
  }

  std::string path_, target_, temporary_;
  std::FILE* file_ = nullptr;
};

/// The whole of a file at once.
inline void write_file(const std::string& path, std::string_view bytes) {
  AtomicFile file(path);
  file.write(bytes).commit();
}

/// Makes a folder and those above it; one that is there is fine.
inline void make_folder(const std::string& folder) {
  std::error_code error;
  std::filesystem::create_directories(folder, error);
  if (error) throw std::runtime_error(folder + ": the folder cannot be made: " + error.message());
}

}  // namespace tacit
