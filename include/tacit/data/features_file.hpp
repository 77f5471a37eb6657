// SPDX-License-Identifier: MIT
#pragma once
// Features of the rows, or columns, of a matrix from a file:  ids in the first column, as the matrix calls its lines (their numbers from 0 where it has no labels), then
// columns of numbers or categories, as feature_columns.hpp makes features of them. Numbers are columns all of whose cells are numbers or gaps, and whose name is none of a
// code (zip_code). A first line whose first cell is an id of the matrix is no header. Ids that the matrix does not have are counted and passed over; a file of which no id
// is known, and ids that come twice, are refused.                                O(bytes)

#include <string>
#include <vector>

#include "cell_reader.hpp"
#include "feature_columns.hpp"
#include "first_line.hpp"
#include "label_index.hpp"
#include "label_names.hpp"

namespace tacit {

struct FeaturesFile {
  LineFeatures features;
  std::string format;                     ///< how the file was read
  std::vector<std::string> remarks = {};  ///< what a reader needs to know: ids without features, unknown ids, gaps
};

/// `what` the lines are: row, column.
inline FeaturesFile read_features(const std::string& path, const LabelIndex& lines, const std::string& what) {
  detail::TextFile file(path);
  const detail::FirstLine first(file);
  const std::size_t width = first.width();
  if (width < 2) file.fail(first.line, sentence("has one column; features need two: the ids of the ", what, "s, and a feature"));
  const bool header = lines.find(first.names[0]) < 0;
  if (!header) file.rewind();
  std::vector<FeatureColumn> columns;
  for (std::size_t c = 1; c < width; ++c)
    columns.push_back({header ? first.names[c] : sentence("column ", c + 1), header && detail::names_codes(first.names[c])});
  std::vector<Index> line_of, first_line(static_cast<std::size_t>(lines.count()), 0);
  detail::CellReader reader(first.separator, true);
  std::size_t unknown = 0;
  std::string example;
  for (std::vector<std::string_view> cells; detail::next_filled(file, first.separator, cells);) {
    if (cells.size() != width) detail::fail_width(file, first.separator, cells, width, first.line);
    const std::string id = detail::label_text(cells[0]);
    const Index line = lines.find(id);
    if (line < 0) {
      if (unknown++ == 0) example = id;
      continue;
    }
    Index& before = first_line[static_cast<std::size_t>(line)];
    if (before > 0) file.fail(file.line(), sentence("the ", what, " '", id, "' has features already, on line ", before));
    before = file.line();
    line_of.push_back(line);
    for (std::size_t c = 1; c < width; ++c) {
      FeatureColumn& column = columns[c - 1];
      double value = std::nan("");
      const detail::CellKind kind = reader.kind(cells[c]);
      if (kind == detail::CellKind::text) column.categories = true;
      else if (kind == detail::CellKind::number && !column.categories && !reader.read(file, static_cast<Index>(c) + 1, cells[c], value))
        value = std::nan("");
      column.numbers.push_back(value);
      column.words.push_back(kind == detail::CellKind::missing ? std::string() : detail::label_text(cells[c]));
    }
  }
  if (line_of.empty())
    file.fail(sentence("names no ", what, " of the data", unknown > 0 ? "; its first id is '" + example + "'" : std::string(),
                       lines.labels().empty() ? sentence(", the ", what, "s have no labels and are called 0 to ", lines.count() - 1)
                                              : ", the first " + what + " of the data is called '" + lines.labels()[0] + "'"));
  FeaturesOfColumns made = features_of(columns, line_of, lines.count(), what);
  if (!made.refused.empty()) file.fail(made.refused);
  const auto words = std::count_if(columns.begin(), columns.end(), [](const FeatureColumn& column) { return column.categories; });
  const auto numbers = static_cast<std::ptrdiff_t>(columns.size()) - words;
  const Index count = made.features.values.cols();
  FeaturesFile read{std::move(made.features),
                    sentence("features of ", what, "s, ", detail::separator_name(first.separator), "-separated, ",
                             header ? "header" : "no header", ", ", numbers, numbers == 1 ? " column" : " columns", " of numbers and ",
                             words, " of categories: ", count, count == 1 ? " feature" : " features")};
  if (const auto known = static_cast<Index>(line_of.size()); known < lines.count())
    read.remarks.push_back(sentence("Of the ", lines.count(), ' ', what, "s, ", lines.count() - known, " have no features in ", path,
                                    " and count as average there."));
  if (unknown > 0)
    read.remarks.push_back(sentence(path, ": ", unknown, unknown == 1 ? " line is of an id" : " lines are of ids", " that no ", what,
                                    " of the data has ('", example, "'), and passed over."));
  if (made.gaps > 0)
    read.remarks.push_back(sentence(path, ": ", made.gaps, made.gaps == 1 ? " gap counts" : " gaps count", " as the mean of the feature."));
  return read;
}

}  // namespace tacit
