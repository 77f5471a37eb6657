// SPDX-License-Identifier: MIT
#pragma once
// NPZ with one array, as numpy.savez(path, a) and numpy.savez_compressed(path, a) write it: a zip archive that holds an NPY file, stored or
// deflated (the latter where the program was built with zlib, gzip.hpp). An archive of several arrays, or of anything else, is refused with
// their names. Memory: the archive, the NPY file and the array.

#include "npy.hpp"

namespace tacit {

namespace detail {

/// A file of a zip archive, by its entry in the central directory.
struct ZipEntry {
  std::string name;
  int method = 0;
  std::size_t packed = 0, size = 0, header = 0;
};

/// Little-endian, 2 or 4 bytes.
inline std::size_t little_endian(std::string_view bytes, std::size_t at, std::size_t width) {
  std::size_t value = 0;
  for (std::size_t k = width; k-- > 0;) value = 256 * value + static_cast<unsigned char>(bytes[at + k]);
  return value;
}

inline std::vector<ZipEntry> zip_entries(const std::string& path, std::string_view bytes) {
  const auto fail = [&](const char* why) { throw std::runtime_error(path + ": is damaged: " + why); };
  const std::size_t end = bytes.rfind(std::string_view("PK\x05\x06", 4));
  if (end == bytes.npos || bytes.size() - end < 22) fail("it is cut short, or no zip archive");
  std::size_t at = little_endian(bytes, end + 16, 4);
  std::vector<ZipEntry> entries(little_endian(bytes, end + 10, 2));
  for (ZipEntry& entry : entries) {
    if (at + 46 > bytes.size() || bytes.substr(at, 4) != std::string_view("PK\x01\x02", 4)) fail("its list of files is broken");
    entry.method = static_cast<int>(little_endian(bytes, at + 10, 2));
    entry.packed = little_endian(bytes, at + 20, 4);
    entry.size = little_endian(bytes, at + 24, 4);
    entry.header = little_endian(bytes, at + 42, 4);
    entry.name = bytes.substr(at + 46, little_endian(bytes, at + 28, 2));
    at += 46 + little_endian(bytes, at + 28, 2) + little_endian(bytes, at + 30, 2) + little_endian(bytes, at + 32, 2);
  }
  return entries;
}

inline bool looks_like_npz(const std::string& path) { return path.size() > 4 && path.substr(path.size() - 4) == ".npz"; }

}  // namespace detail

inline NpyArray read_npz(const std::string& path) {
  const std::string bytes = read_file(path);
  const auto fail = [&](const std::string& why) { throw std::runtime_error(path + ": " + why); };
  if (bytes.empty()) fail("is empty");
  if (bytes.substr(0, 2) != "PK") fail("is not an NPZ file: it is no zip archive");
  const std::vector<detail::ZipEntry> entries = detail::zip_entries(path, bytes);
  std::string names;
  for (const detail::ZipEntry& entry : entries) names += (names.empty() ? "" : ", ") + entry.name;
  if (entries.size() != 1) fail("holds " + std::to_string(entries.size()) + " arrays (" + names + "); save one of them with numpy.save");
  const detail::ZipEntry& entry = entries[0];
  if (!entry.name.ends_with(".npy")) fail("holds " + names + ", which is no NPY file");
  if (entry.size == 0xFFFFFFFF || entry.packed == 0xFFFFFFFF) fail("is larger than 4 GB; save the array with numpy.save");
  if (entry.header + 30 > bytes.size()) fail("is cut short");
  const std::size_t start =
      entry.header + 30 + detail::little_endian(bytes, entry.header + 26, 2) + detail::little_endian(bytes, entry.header + 28, 2);
  if (start + entry.packed > bytes.size()) fail("is cut short");
  const std::string_view packed = std::string_view(bytes).substr(start, entry.packed);
  if (entry.method == 0) return detail::parse_npy(path, packed);
  if (entry.method != 8) fail(sentence("is packed by method ", entry.method, "; save it with numpy.save"));
  return detail::parse_npy(path, detail::inflate_raw(path, packed, entry.size));
}

}  // namespace tacit
