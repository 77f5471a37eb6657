// SPDX-License-Identifier: MIT
#pragma once
// A file in one read, and what its first bytes say when it is no text.

#include <cerrno>
#include <cstdio>
#include <filesystem>
#include <memory>
#include <stdexcept>
#include <string>
#include <string_view>
#include <system_error>

namespace tacit {

/// All bytes of a file; throws std::runtime_error with path and reason.
inline std::string read_file(const std::string& path) {
  const auto fail = [&](const std::string& why) { throw std::runtime_error(path + ": cannot be read: " + why); };
  std::error_code error;
  if (std::filesystem::is_directory(path, error)) fail("it is a directory, not a file");
  const std::unique_ptr<std::FILE, int (*)(std::FILE*)> file(std::fopen(path.c_str(), "rb"), [](std::FILE* f) { return std::fclose(f); });
  if (!file) fail(std::generic_category().message(errno));
  std::string bytes;
  const auto size = std::filesystem::file_size(path, error);  // a hint: pipes have none
  if (!error) bytes.reserve(size + 1);
  char buffer[1 << 16];
  while (const std::size_t got = std::fread(buffer, 1, sizeof buffer, file.get())) bytes.append(buffer, got);
  if (std::ferror(file.get())) fail(std::generic_category().message(errno));
  return bytes;
}

namespace detail {

/// Why a file is no text, where its first bytes say so, with what to do; empty: they do not.
inline std::string other_format(std::string_view bytes) {
  if (bytes.substr(0, 2) == "\xFF\xFE" || bytes.substr(0, 2) == "\xFE\xFF") return "is UTF-16; save it as UTF-8 or plain ASCII";
  if (bytes.substr(0, 4) == "PAR1") return "is Parquet, which is not read; save it as CSV (pandas: read_parquet(path).to_csv(...))";
  if (bytes.substr(0, 4) == "\x89HDF") return "is HDF5, which is not read; save one array of it with numpy.save, or a table as CSV";
  if (bytes.substr(0, 8) == "\xD0\xCF\x11\xE0\xA1\xB1\x1A\xE1") return "is a workbook of an old Excel (.xls); save the sheet as CSV";
  if (bytes.substr(0, 4) == std::string_view("PK\x03\x04", 4)) {
    if (bytes.find("xl/") != bytes.npos || bytes.find("[Content_Types].xml") != bytes.npos)
      return "is an Excel workbook (.xlsx), which is not read; save the sheet as CSV";
    return "is a zip archive; unpack it first, and of an .npz of several arrays save one with numpy.save";
  }
  if (bytes.find('\0') != bytes.npos) return "is not a text file: it holds a zero byte";
  return "";
}

}  // namespace detail
}  // namespace tacit
