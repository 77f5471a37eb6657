// SPDX-License-Identifier: MIT
#pragma once
// For tests of tables: a text read as a table, completed, or refused.

#include <tacit/data/table.hpp>

#include "scratch.hpp"

namespace tables {

using tacit::CsvOptions;
using tacit::Index;
using tacit::Matrix;
using Names = std::vector<std::string>;

inline CsvOptions with_marks(CsvOptions options) {
  options.marks = true;
  return options;
}
inline tacit::TableFile read(const std::string& text, const CsvOptions& options = {}) {
  scratch::Folder folder;
  return tacit::read_table(scratch::put(folder / "t.csv", text), with_marks(options));
}
/// The error after the file's name.
inline std::string refused(const std::string& text, const CsvOptions& options = {}) {
  scratch::Folder folder;
  const std::string path = scratch::put(folder / "t.csv", text);
  return scratch::file_error_of(path, [&] { tacit::read_table(path, with_marks(options)); });
}
/// The text with its gaps filled, with the same number everywhere.
inline std::string completed(const std::string& text, double x, const CsvOptions& options = {}) {
  scratch::Folder folder;
  const tacit::TableFile table = tacit::read_table(scratch::put(folder / "t.csv", text), with_marks(options));
  tacit::write_completed(folder / "out.csv", table, Matrix<double>::Constant(table.data.where.rows(), table.data.where.cols(), x));
  return scratch::get(folder / "out.csv");
}
/// The values row by row, as in "1 2 . / 3 . 5": a point is a gap.
inline std::string shown(const tacit::MatrixFile& file) {
  std::string text;
  Index k = 0;
  for (Index i = 0; i < file.data.where.rows(); ++i) {
    if (i) text += " /";
    for (Index j = 0; j < file.data.where.cols(); ++j) {
      const bool seen = k < file.data.count() && file.data.where[k].row == i && file.data.where[k].col == j;
      text += (i || j ? " " : "") + (seen ? tacit::shortest(file.data.y[k]) : std::string("."));
      k += seen;
    }
  }
  return text;
}
inline bool says(const tacit::MatrixFile& file, const std::string& part) {
  if (scratch::mentions(file.format, part)) return true;
  for (const std::string& remark : file.remarks)
    if (scratch::mentions(remark, part)) return true;
  return false;
}

}  // namespace tables
