// SPDX-License-Identifier: MIT
#pragma once
// For tests that touch files: a folder of their own that is gone afterwards, whole files in and out, and the sentence of an error.

#include <atomic>
#include <filesystem>
#include <fstream>
#include <iterator>
#include <random>
#include <stdexcept>
#include <string>

namespace scratch {

namespace fs = std::filesystem;

class Folder {
 public:
  Folder() {
    static std::atomic<int> count = 0;
    path_ = fs::temp_directory_path() / ("tacit-test-" + std::to_string(std::random_device{}()) + "-" + std::to_string(count++));
    fs::create_directories(path_);
  }
  Folder(const Folder&) = delete;
  Folder& operator=(const Folder&) = delete;
  ~Folder() {
    std::error_code ignored;
    fs::remove_all(path_, ignored);
  }
  std::string operator/(const std::string& name) const { return (path_ / name).string(); }
  const fs::path& path() const { return path_; }
  /// How many files lie in it: nothing temporary may stay behind.
  int files() const { return static_cast<int>(std::distance(fs::directory_iterator(path_), fs::directory_iterator())); }

 private:
  fs::path path_;
};

inline std::string put(const std::string& path, const std::string& bytes) {
  std::ofstream(path, std::ios::binary) << bytes;
  return path;
}
inline std::string get(const std::string& path) {
  std::ifstream in(path, std::ios::binary);
  return {std::istreambuf_iterator<char>(in), {}};
}

/// The text of what `action` throws, or "nothing was thrown".
template <class Action>
std::string error_of(Action action) {
  try {
    action();
  } catch (const std::exception& error) {
    return error.what();
  }
  return "nothing was thrown";
}
/// Whether an error of a file is a runtime_error with this text after the path.
template <class Action>
std::string file_error_of(const std::string& path, Action action) {
  try {
    action();
  } catch (const std::runtime_error& error) {
    const std::string text = error.what();
    return text.rfind(path, 0) == 0 ? text.substr(path.size()) : "does not begin with the path: " + text;
  } catch (const std::exception& error) {
    return std::string("not a runtime_error: ") + error.what();
  }
  return "nothing was thrown";
}
inline bool mentions(const std::string& text, const std::string& part) { return text.find(part) != std::string::npos; }

}  // namespace scratch
