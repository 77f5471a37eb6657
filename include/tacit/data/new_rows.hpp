// SPDX-License-Identifier: MIT
#pragma once
// New rows for a model that knows its columns by name, to be folded in (model/fold_in.hpp). What a file may be:
//   a table with a header    columns are found by the model's names, in any order; those that are absent are gaps; the first column, or the one called as
//                            the model's row labels are, is the label if its name is not one of the model's columns; any other name is refused. A first
//                            line of the model's names is a header even where they are numbers
//   ratings                  a header that names user, item and rating (column_names.hpp): each user becomes a row, items are the model's columns; those
//                            that the model does not know are counted and left out
//   a table without one      as wide as the model, or by one wider, the first then being a label                                       O(bytes)

#include <algorithm>
#include <string>
#include <unordered_map>
#include <vector>

#include "first_line.hpp"
#include "label_index.hpp"
#include "triplets.hpp"

namespace tacit {

struct NewRowsOptions {
  std::string row_name = {};  ///< what the training data called its row labels
  std::vector<std::string> left_out =
      {};  ///< columns that the training data had and the model has not (texts, dates): passed over here, too
  Labels header = Labels::detect;
  Duplicates duplicates = Duplicates::refuse;  ///< of ratings
};

namespace detail {

/// Where each column of a file belongs: the model's column, or -1: label, -2: left out.
inline std::vector<Index> columns_of_new_rows(const TextFile& file, const std::vector<std::string>& names, const LabelIndex& cols,
                                              const NewRowsOptions& options) {
  std::vector<Index> place;
  for (const std::string& name : names) place.push_back(cols.find(name));
  const auto named = std::find(names.begin(), names.end(), options.row_name);
  std::size_t label = names.size();
  if (!options.row_name.empty() && named != names.end() && cols.find(*named) < 0) label = static_cast<std::size_t>(named - names.begin());
  else if (place[0] < 0) label = 0;
  std::unordered_map<std::string_view, std::size_t> seen;
  for (std::size_t c = 0; c < names.size(); ++c) {
    if (const auto [at, fresh] = seen.emplace(names[c], c); !fresh && place[c] >= 0)
      file.fail(file.line(), static_cast<Index>(c) + 1,
                sentence("the column '", names[c], "' comes a second time, first in column ", at->second + 1));
    if (c == label) {
      place[c] = -1;
    } else if (place[c] < 0) {
      const bool passed =
          is_index_name(names[c]) || std::find(options.left_out.begin(), options.left_out.end(), names[c]) != options.left_out.end();
      if (!passed) {
        std::string known;
        for (std::size_t k = 0; k < std::min<std::size_t>(cols.labels().size(), 10); ++k)
          known += (k ? ", '" : "'") + cols.labels()[k] + "'";
        file.fail(file.line(), static_cast<Index>(c) + 1,
                  sentence("the model has no column '", names[c], "'; it has ", known, cols.labels().size() > 10 ? ", ..." : "",
                           ". Leave this one out"));
      }
      place[c] = -2;
    }
  }
  return place;
}

/// Ratings of new users, on the columns of the model.
inline MatrixFile new_rows_of_ratings(TextFile& file, const LabelIndex& cols, const NewRowsOptions& options) {
  MatrixFile ratings = parse_triplets(file, {.header = options.header, .duplicates = options.duplicates});
  Entries::Indices row, col;
  std::vector<double> values;
  Index unknown = 0;
  for (Index k = 0; k < ratings.data.count(); ++k) {
    const Entry at = ratings.data.where[k];
    const Index j = cols.find(ratings.col_labels[static_cast<std::size_t>(at.col)]);
    if (j < 0) {
      ++unknown;
      continue;
    }
    row.push_back(static_cast<std::int32_t>(at.row));
    col.push_back(static_cast<std::int32_t>(j));
    values.push_back(ratings.data.y[k]);
  }
  const Vector<double> y = Eigen::Map<const Vector<double>>(values.data(), static_cast<Index>(values.size()));
  const auto rows = static_cast<Index>(ratings.row_labels.size());
  if (unknown > 0) ratings.format += sentence(", ", unknown, " of items that the model does not know left out");
  return {observed<double>(rows, cols.count(), std::move(row), std::move(col), y),
          std::move(ratings.row_labels),
          {},
          std::move(ratings.format)};
}

/// Whether a first line is a header: names of the model's columns, all different, in all cells but perhaps the first; or text in one of them.
inline bool is_header_of(const std::vector<std::string>& names, const std::vector<std::string_view>& cells, const CellReader& reader,
                         const LabelIndex& cols) {
  std::size_t known = 0;
  bool text = false;
  for (std::size_t c = 0; c < names.size(); ++c) {
    known += !cols.labels().empty() && cols.find(names[c]) >= 0 &&
             std::find(names.begin(), names.begin() + static_cast<std::ptrdiff_t>(c), names[c]) ==
                 names.begin() + static_cast<std::ptrdiff_t>(c);
    text |= c > 0 && reader.kind(cells[c]) == CellKind::text;
  }
  return text || (known > 0 && known + 1 >= names.size());
}

}  // namespace detail

inline MatrixFile read_new_rows(const std::string& path, const LabelIndex& cols, const NewRowsOptions& options = {}) {
  detail::TextFile file(path);
  const detail::FirstLine first(file);
  detail::CellReader reader(first.separator, true);
  const std::size_t width = first.width();
  const std::vector<std::string>& names = first.names;
  const bool header =
      options.header == Labels::present || (options.header == Labels::detect && detail::is_header_of(names, first.cells, reader, cols));
  std::vector<Index> place(width);
  if (header && !cols.labels().empty()) {
    const detail::NamedColumns ratings = detail::columns_by_name(names);
    if (ratings.row && ratings.col && ratings.value && cols.find(names[*ratings.row]) < 0 && cols.find(names[*ratings.col]) < 0) {
      file.rewind();
      return detail::new_rows_of_ratings(file, cols, options);
    }
    place = detail::columns_of_new_rows(file, names, cols, options);
  } else {
    const auto labels = static_cast<Index>(width) - cols.count();
    if (labels != 0 && labels != 1)
      file.fail(first.line, sentence("has ", width, width == 1 ? " column" : " columns", ", the model has ", cols.count(),
                                     cols.labels().empty() ? "" : "; with a header of the model's column names they are found by name"));
    for (std::size_t c = 0; c < width; ++c) place[c] = static_cast<Index>(c) - labels;
  }
  if (!header) file.rewind();

  Entries::Indices row, col;
  std::vector<double> values;
  std::vector<std::string> row_labels;
  const bool labelled = std::find(place.begin(), place.end(), -1) != place.end();
  std::int32_t i = 0;
  for (std::vector<std::string_view> cells; detail::next_filled(file, first.separator, cells); ++i) {
    if (cells.size() != width) detail::fail_width(file, first.separator, cells, width, first.line);
    for (std::size_t c = 0; c < width; ++c) {
      if (place[c] == -1) row_labels.push_back(detail::label_text(cells[c]));
      double value = 0;
      if (place[c] < 0 || !reader.read(file, static_cast<Index>(c) + 1, cells[c], value)) continue;
      row.push_back(i);
      col.push_back(static_cast<std::int32_t>(place[c]));
      values.push_back(value);
    }
  }
  if (i == 0) file.fail("holds a header line and no row");
  const auto found = static_cast<Index>(std::count_if(place.begin(), place.end(), [](Index j) { return j >= 0; }));
  const Vector<double> y = Eigen::Map<const Vector<double>>(values.data(), static_cast<Index>(values.size()));
  std::string format = sentence("new rows, ", detail::separator_name(first.separator), "-separated, ", header ? "header" : "no header",
                                labelled ? ", with row labels" : ", no row labels");
  if (found < cols.count()) format += sentence(", ", found, " of the model's ", cols.count(), " columns, the others are gaps");
  return {observed<double>(i, cols.count(), std::move(row), std::move(col), y), std::move(row_labels), {}, std::move(format)};
}

}  // namespace tacit
