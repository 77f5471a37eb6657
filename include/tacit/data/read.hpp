// SPDX-License-Identifier: MIT
#pragma once
// Observed entries from a file of any kind that the library reads: NPY (npy.hpp), a matrix with gaps (csv.hpp) or rating triplets
// (triplets.hpp). NPY is known by its first bytes or its name. A text file is triplets if it is divided by "::", or if it has three or four columns
// whose header calls them user, item or movie, and rating, or of which in the first 100 lines the first two hold ids (whole numbers or text) whose
// pairs hardly ever repeat, and the third a number; else, and if under a header labels that hardly repeat stand before numbers, it is a matrix. A small matrix of whole numbers can be taken for triplets: then say which. MatrixFile::format says how a file was read.

#include <set>
#include <string>
#include <utility>

#include "csv.hpp"
#include "matrix_market.hpp"
#include "npz.hpp"
#include "triplets.hpp"

namespace tacit {

enum class FileKind { detect, npy, matrix, triplets };

struct ReadOptions {
  FileKind kind = FileKind::detect;
  Index mode = 0;  ///< NPY: the mode whose index numbers the rows
  CsvOptions csv = {};
  TripletOptions triplets = {};
};

namespace detail {

inline bool looks_like_npy(const std::string& path) {
  if (path.size() > 4 && path.substr(path.size() - 4) == ".npy") return true;
  char magic[6] = {};
  const std::unique_ptr<std::FILE, int (*)(std::FILE*)> file(std::fopen(path.c_str(), "rb"), [](std::FILE* f) { return std::fclose(f); });
  return file && std::fread(magic, 1, 6, file.get()) == 6 && std::string_view(magic, 6) == "\x93NUMPY";
}

/// Whether a header calls its columns as rating files do.
inline bool names_ratings(const std::vector<std::string_view>& cells) {
  int known = 0;
  for (std::string_view cell : cells) {
    std::string name;
    for (char c : label_text(cell)) name += lower(c);
    for (const char* word : {"user", "item", "movie", "rating"})
      if (name.find(word) != std::string::npos) {
        ++known;
        break;
      }
  }
  return known == static_cast<int>(cells.size());
}

/// Reads the first lines of a file, which needs to be rewound afterwards.
inline bool looks_like_triplets(TextFile& file, char separator) {
  file.next();
  if (!separator) separator = find_separator(file.current());
  std::vector<std::string_view> cells;
  file.split(separator, cells);
  if (cells.size() < 3) return false;
  if (separator == ':') return true;
  if (cells.size() > 4 || cells[0].empty()) return false;
  cells.resize(3);
  const CellReader reader(separator);
  const bool header = is_header(cells, reader);
  if (!header) file.rewind();
  else if (names_ratings(cells)) return true;
  std::set<std::pair<std::string_view, std::string_view>> pairs;
  std::set<std::string_view> first;
  const auto is_id = [&](std::string_view cell) {
    std::int64_t ignored = 0;
    return parse_integer(cell, ignored) || reader.kind(cell) == CellKind::text;
  };
  int repeated = 0, lines = 0;
  bool labels = header;  // rows with a label and two whole numbers, under a header
  for (int line = 0; line < 100 && file.next(); ++line) {
    file.split(separator, cells);
    if (cells.size() < 3 || !is_id(cells[0]) || !is_id(cells[1]) || reader.kind(cells[2]) != CellKind::number) return false;
    repeated += !pairs.insert({cells[0], cells[1]}).second;
    first.insert(cells[0]);
    labels = labels && reader.kind(cells[0]) == CellKind::text && reader.kind(cells[1]) == CellKind::number;
    ++lines;
  }
  // Who gives ratings gives several; a label that stands twice among many is an error for the reader of matrices to name.
  if (labels && 10 * first.size() >= 8 * static_cast<std::size_t>(lines)) return false;
  // A rating given twice is an error to be reported, not a sign of a matrix; a matrix of small whole numbers repeats itself all the time.
  return !pairs.empty() && 10 * static_cast<std::size_t>(repeated) < pairs.size();
}

}  // namespace detail

inline MatrixFile read_observed(const std::string& path, const ReadOptions& options = {}) {
  FileKind kind = options.kind;
  if (kind == FileKind::detect && detail::looks_like_npy(path)) kind = FileKind::npy;
  if (kind == FileKind::detect && detail::looks_like_npz(path)) return read_npz(path).unfolded(options.mode);
  if (kind == FileKind::detect && detail::looks_like_matrix_market(path)) return read_matrix_market(path);
  if (kind == FileKind::npy) return read_npy(path).unfolded(options.mode);
  detail::check(options.triplets);
  detail::TextFile file(path, options.csv.encoding);
  if (kind == FileKind::detect) {
    kind = detail::looks_like_triplets(file, options.triplets.separator) ? FileKind::triplets : FileKind::matrix;
    file.rewind();
  }
  return kind == FileKind::triplets ? detail::parse_triplets(file, options.triplets) : detail::parse_matrix(file, options.csv);
}

}  // namespace tacit
