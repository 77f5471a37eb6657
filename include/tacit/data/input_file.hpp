// SPDX-License-Identifier: MIT
#pragma once
// A file of any kind, as read_observed reads it (read.hpp), together with what it takes to write it again: of a table every byte and the place of every gap
// (table.hpp). The file is read once: whoever edits it while it is completed changes nothing of what is written.

#include "read.hpp"
#include "table.hpp"

namespace tacit {

struct InputFile : TableFile {
  FileKind kind =
      FileKind::matrix;  ///< npy, matrix or triplets; the members of TableFile are filled for a matrix, of others only those of MatrixFile
};

inline InputFile read_input(const std::string& path, const ReadOptions& options = {.csv = {.marks = true}}) {
  if (std::optional<MatrixFile> array = detail::read_array(path, options)) return {{std::move(*array), path}, FileKind::npy};
  detail::check(options.triplets);
  detail::TextFile file(path, options.csv.encoding);
  std::string remark;
  if (detail::kind_of(file, options, remark) == FileKind::triplets)
    return {{detail::parse_triplets(file, options.triplets), path}, FileKind::triplets};
  InputFile read{detail::parse_table(file, path, options.csv), FileKind::matrix};
  if (!remark.empty()) read.remarks.push_back(std::move(remark));
  return read;
}

}  // namespace tacit
