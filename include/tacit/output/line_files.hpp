// SPDX-License-Identifier: MIT
#pragma once
// What a saved model (model_files.hpp) keeps for each row and column: scales (observation/scales.hpp) and half-widths of intervals (model/half_widths.hpp), arrays as NPY,
// single numbers in model.json. What is not there has no file and no member, so that models without them look as ever.

#include <array>
#include <string>
#include <vector>

#include "../data/npy.hpp"
#include "../io/json_reader.hpp"
#include "../io/json_writer.hpp"
#include "../io/npy_writer.hpp"
#include "../model/half_widths.hpp"
#include "../observation/scales.hpp"

namespace tacit::detail {

template <class Items, class Text>
std::string json_list(const Items& items, Text text) {
  std::string out = "[";
  for (const auto& item : items) out += (out.size() > 1 ? ", " : "") + text(item);
  return out + "]";
}

/// Member of model.json and stem of the file; use(name, vector of scales, whether of rows).
template <class S, class Use>
void each_scale(S& scales, Use use) {
  use("row_centres", scales.row_centre, true);
  use("col_centres", scales.col_centre, false);
  use("row_scales", scales.row_scale, true);
  use("col_scales", scales.col_scale, false);
}

inline std::string json_of_lines(const Scales& scales, const HalfWidths& widths) {
  std::string out;
  each_scale(scales, [&](const char* name, const Vector<double>& x, bool) {
    if (x.size()) out += "  " + json(name) + ": " + json(std::string(name) + ".npy") + ",\n";
  });
  if (widths.known())
    out += "  \"intervals\": {\"coverage\": " + json(widths.coverage) + ", \"halving\": " + json(widths.halving) +
           ", \"typical_row\": " + json_list(widths.typical_row, [](double x) { return json(x); }) + "},\n";
  return out;
}

/// Writes each file to `path_of(name)`; their names.
template <class PathOf>
std::vector<std::string> write_lines(PathOf path_of, const Scales& scales, const HalfWidths& widths) {
  std::vector<std::string> names;
  const auto path = [&](const std::string& name) { return names.push_back(name), path_of(name); };
  each_scale(scales, [&](const char* name, const Vector<double>& x, bool) {
    if (x.size()) write_npy(path(std::string(name) + ".npy"), {x.size()}, StorageOrder::row_major, x.data(), x.size());
  });
  if (!widths.known()) return names;
  for (const auto& [name, X] : {std::pair("half_widths_of_rows.npy", &widths.rows), std::pair("half_widths_of_cols.npy", &widths.cols)}) {
    const Matrix<double> by_rows = X->transpose();  // C order, as array_of reads it
    write_npy(path(name), {X->rows(), 3}, StorageOrder::row_major, by_rows.data(), by_rows.size());
  }
  write_npy(path("informative_cols.npy"), {widths.informative.size()}, StorageOrder::row_major, widths.informative.data(),
            widths.informative.size());
  return names;
}

/// The array of a file, which needs to have this shape; in C order.
inline Matrix<double> array_of(const std::string& path, Index rows, Index cols) {
  const NpyArray array = read_npy(path);
  const Shape due = cols == 1 ? Shape{rows} : Shape{rows, cols};
  if (array.shape != due) throw std::runtime_error(sentence(path, ": holds ", array.shape, " values, the model needs ", due));
  if (array.single_precision) throw std::runtime_error(path + ": holds float32 values, scales and intervals are float64");
  Matrix<double> X(rows, cols);
  for (Index i = 0; i < rows; ++i)
    for (Index j = 0; j < cols; ++j) {
      X(i, j) = array.values[static_cast<std::size_t>(i * cols + j)];
      if (std::isnan(X(i, j))) throw std::runtime_error(path + ": holds a NaN");
    }
  return X;
}

/// Reads each file from `path_of(name)`.
template <class PathOf>
void read_lines(PathOf path_of, const JsonValue& file, const Shape& shape, Scales& scales, HalfWidths& widths) {
  each_scale(scales, [&](const char* name, Vector<double>& x, bool of_rows) {
    if (!file.has(name)) return;
    if (file[name].text() != std::string(name) + ".npy") file[name].fail("is '" + file[name].text() + "' where '" + name + ".npy' is due");
    x = array_of(path_of(std::string(name) + ".npy"), of_rows ? shape.rows() : shape.cols(), 1);
  });
  if (!file.has("intervals")) return;
  const JsonValue& intervals = file["intervals"];
  widths.coverage = intervals["coverage"].number();
  widths.halving = intervals["halving"].number();
  const JsonValue& typical = intervals["typical_row"];
  if (typical.size() != 3) typical.fail(sentence("has ", typical.size(), " numbers where 3 are due"));
  widths.typical_row.resize(3);
  for (std::size_t k = 0; k < 3; ++k) widths.typical_row[static_cast<Index>(k)] = typical[k].number();
  widths.rows = array_of(path_of("half_widths_of_rows.npy"), shape.rows(), 3);
  widths.cols = array_of(path_of("half_widths_of_cols.npy"), shape.cols(), 3);
  widths.informative = array_of(path_of("informative_cols.npy"), shape.cols(), 1);
}

}  // namespace tacit::detail
