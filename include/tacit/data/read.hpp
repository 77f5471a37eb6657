// SPDX-License-Identifier: MIT
#pragma once
// Observed entries from a file of any kind that the library reads: NPY (npy.hpp), a matrix with gaps (csv.hpp) or ratings as triplets
// (triplets.hpp). NPY is known by its first bytes or its name; whether a text file is ratings or a table by ratings_or_table.hpp. MatrixFile::format says
// how a file was read, and the options say it instead.

#include <optional>
#include <string>

#include "csv.hpp"
#include "matrix_market.hpp"
#include "npz.hpp"
#include "ratings_or_table.hpp"
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

/// What says itself what it is, by its name or first bytes: NPY, NPZ, MatrixMarket.
inline std::optional<MatrixFile> read_array(const std::string& path, const ReadOptions& options) {
  const bool detect = options.kind == FileKind::detect;
  if (options.kind == FileKind::npy || (detect && looks_like_npy(path))) return read_npy(path).unfolded(options.mode);
  if (detect && looks_like_npz(path)) return read_npz(path).unfolded(options.mode);
  if (detect && looks_like_matrix_market(path)) return read_matrix_market(path);
  return {};
}

/// Table or ratings; the file is rewound. What might be meant otherwise goes to `remark`.
inline FileKind kind_of(TextFile& file, const ReadOptions& options, std::string& remark) {
  if (options.kind != FileKind::detect) return options.kind;
  if (!options.triplets.columns.empty()) return FileKind::triplets;
  const bool ratings = looks_like_ratings(file, options.triplets.separator, options.triplets.header);
  file.rewind();
  if (ratings) return FileKind::triplets;
  remark = remark_on_table(file, options.csv.separator);
  file.rewind();
  return FileKind::matrix;
}

}  // namespace detail

inline MatrixFile read_observed(const std::string& path, const ReadOptions& options = {}) {
  if (std::optional<MatrixFile> array = detail::read_array(path, options)) return std::move(*array);
  detail::check(options.triplets);
  detail::TextFile file(path, options.csv.encoding);
  std::string remark;
  if (detail::kind_of(file, options, remark) == FileKind::triplets) return detail::parse_triplets(file, options.triplets);
  MatrixFile read = detail::parse_matrix(file, options.csv);
  if (!remark.empty()) read.remarks.push_back(std::move(remark));
  return read;
}

}  // namespace tacit
