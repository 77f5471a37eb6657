// SPDX-License-Identifier: MIT
#pragma once
// Observed entries of a tensor from a file:
//   observed_tensor(read_npy(path))                  an array of order 2 or more, NaN for what is missing
//   read_coordinates(path, IndexBase::one)           text, a line an entry:  i_1 i_2 ... i_d value,  between blanks, tabs, commas or semicolons; FROSTT's .tns
//   read_tensor(path, options)                       either of them, NPZ with one array (npz.hpp) or the Tensor Toolbox's text (tensor_toolbox.hpp): NPY by its
//                                                    first bytes or name; .tns (.tns.gz) counts from 1, other text has to say
// The order of the tensor is the number of columns less one, its shape is given or the largest indices decide. A first line without any number is a header.
// One read of the file, one radix pass a mode: 2 (8 + 4 d) bytes a line beside the text. What is not as it should be is refused with file, line, column, reason.

#include <optional>
#include <string>
#include <string_view>
#include <vector>

#include "../observation/tensor_data.hpp"
#include "npy.hpp"
#include "read.hpp"
#include "tensor_toolbox.hpp"
#include "triplets.hpp"

namespace tacit {

/// What a reader of tensors returns, with one line on how the file was read, for people to check.
struct TensorFile {
  Data<double, TensorEntries> data;
  std::string format;
  Index base = 0;  ///< what the file calls the first index of a mode
};

/// What the first index of a mode is called.
enum class IndexBase { zero, one };

struct TensorReadOptions {
  std::optional<IndexBase> base = {};  ///< of coordinates; none: 1 in files called .tns or .tns.gz, others are refused
  std::optional<Shape> shape = {};     ///< of coordinates; none: the largest indices decide
};

/// The entries that are not NaN, in C order. Infinities are refused with their place, as is an array of NaN only.
inline TensorFile observed_tensor(const NpyArray& array) {
  const Shape& shape = array.shape;
  const auto fail = [&](const std::string& why) { throw std::runtime_error(array.path + ": " + why); };
  if (shape.order() < 2) fail(sentence("holds an array of order ", shape.order(), ", a tensor needs at least 2 modes"));
  if (shape.size() > INT32_MAX) fail(sentence("holds a ", shape, " array, too many entries to be counted in 32 bits"));
  const auto order = static_cast<std::size_t>(shape.order());
  const auto seen =
      static_cast<std::size_t>(std::count_if(array.values.begin(), array.values.end(), [](double y) { return !std::isnan(y); }));
  if (seen == 0) fail(sentence("holds no number: all ", shape, " entries are NaN"));
  std::vector<TensorEntries::Indices> index(order);
  for (auto& i : index) i.reserve(seen);
  Vector<double> y(static_cast<Index>(seen));
  std::vector<Index> at(order, 0);
  Index m = 0;
  for (std::size_t k = 0; k < array.values.size(); ++k) {
    const double value = array.values[array.order == StorageOrder::row_major ? k : array.at(at)];
    if (std::isinf(value)) {
      std::string place;
      for (Index i : at) place += (place.empty() ? "" : ", ") + std::to_string(i);
      fail(sentence("entry (", place, ") of the ", shape, " array is infinite"));
    }
    if (!std::isnan(value)) {
      for (std::size_t n = 0; n < order; ++n) index[n].push_back(static_cast<std::int32_t>(at[n]));
      y[m++] = value;
    }
    for (std::size_t n = order; n-- > 0 && ++at[n] == shape[static_cast<Index>(n)];) at[n] = 0;
  }
  return {{TensorEntries(shape, std::move(index)), std::move(y)},
          sentence("NPY array, ", shape, ", ", array.single_precision ? "float32" : "float64")};
}

inline TensorFile read_coordinates(const std::string& path, IndexBase from, const std::optional<Shape>& shape = {}) {
  detail::TextFile file(path);
  std::vector<std::string_view> cells;
  file.next();
  const char separator = detail::find_separator(file.current());
  file.split(separator == '\t' ? ' ' : separator, cells);  // tabs may come in runs, as blanks do
  const char divider = separator == '\t' ? ' ' : separator;
  detail::CellReader reader(divider);
  const std::size_t width = cells.size(), order = width - 1;
  const Index top_line = file.line();
  if (width < 3)
    file.fail(top_line,
              sentence("has ", width, width == 1 ? " column" : " columns", ", coordinates need at least three: two indices, a value"));
  if (shape && shape->order() != static_cast<Index>(order))
    file.fail(top_line, sentence("has ", order, " indices, the shape ", *shape, " that was asked for has ", shape->order()));
  const bool header = detail::is_header(cells, reader);
  if (!header) file.rewind();

  const std::int64_t base = from == IndexBase::one ? 1 : 0;
  const std::size_t lines = file.count_lines();
  std::vector<detail::IndexColumn> columns;
  for (std::size_t n = 0; n < order; ++n) columns.emplace_back(lines, base, shape ? (*shape)[static_cast<Index>(n)] : 0);
  Vector<double> y(static_cast<Index>(lines));
  Index m = 0;
  for (; file.next(); ++m) {
    file.split(divider, cells);
    if (cells.size() != width) detail::fail_width(file, divider, cells, width, top_line);
    for (std::size_t n = 0; n < order; ++n) columns[n].push(file, static_cast<Index>(n) + 1, cells[n]);
    if (!reader.read(file, static_cast<Index>(width), cells[order], y[m]))
      file.fail_number(detail::Number::missing, static_cast<Index>(width), cells[order]);
  }
  if (m == 0) file.fail("holds a header line and no entry");
  y.conservativeResize(m);

  std::vector<Index> sizes;
  std::vector<TensorEntries::Indices> index;
  for (detail::IndexColumn& column : columns) sizes.push_back(column.size()), index.push_back(column.take());
  const Shape found(std::move(sizes));
  const std::vector<std::uint32_t> sorted = detail::sort_tensor_entries(found, index);
  const Index first_line = top_line + (header ? 1 : 0);
  for (std::size_t s = 1; s < sorted.size(); ++s) {
    std::size_t n = 0;
    while (n < order && index[n][s] == index[n][s - 1]) ++n;
    if (n < order) continue;
    std::string place;
    for (const auto& i : index) place += (place.empty() ? "" : ", ") + std::to_string(i[s] + base);
    file.fail(first_line + sorted[s], sentence("the entry (", place, ") comes a second time, first on line ", first_line + sorted[s - 1]));
  }
  detail::reorder(sorted, y);
  return {{TensorEntries(found, std::move(index)), std::move(y)},
          sentence("coordinates from ", base, ", ", found, shape ? " as asked for" : " by the largest indices", ", ",
                   detail::separator_name(separator), "-separated, ", header ? "with" : "without", " a header line"),
          static_cast<Index>(base)};
}

/// Entries to be predicted or held out, a line each: an index of every mode, in any order; columns behind them are passed over, and so is a header.
struct IndicesFile {
  std::vector<std::vector<Index>> at;  ///< from 0, whether they lie inside or not
  std::vector<Index> line;
  std::string format;
};
inline IndicesFile read_indices(const std::string& path, Index order, Index base) {
  detail::TextFile file(path);
  std::vector<std::string_view> cells;
  file.next();
  const char separator = detail::find_separator(file.current()), divider = separator == '\t' ? ' ' : separator;
  file.split(divider, cells);
  detail::CellReader reader(divider);
  const bool header = detail::is_header(cells, reader);
  if (!header) file.rewind();
  IndicesFile read;
  while (file.next()) {
    file.split(divider, cells);
    if (static_cast<Index>(cells.size()) < order)
      file.fail(file.line(),
                sentence("has ", cells.size(), cells.size() == 1 ? " column" : " columns", ", an entry needs ", order, " indices"));
    std::vector<Index> at;
    for (Index n = 0; n < order; ++n) {
      std::int64_t index = 0;
      const std::string cell(cells[static_cast<std::size_t>(n)]);
      if (!detail::parse_integer(cell, index)) file.fail(file.line(), sentence("column ", n + 1, ": '", cell, "' is no index"));
      at.push_back(static_cast<Index>(index - base));
    }
    read.at.push_back(std::move(at));
    read.line.push_back(file.line());
  }
  if (read.at.empty()) file.fail("holds a header line and no entry");
  read.format = sentence("indices from ", base, ", ", detail::separator_name(separator), "-separated, ", header ? "with" : "without",
                         " a header line");
  return read;
}

inline TensorFile read_tensor(const std::string& path, const TensorReadOptions& options = {}) {
  if (detail::looks_like_npy(path) || detail::looks_like_npz(path)) {
    TensorFile file = observed_tensor(detail::looks_like_npz(path) ? read_npz(path) : read_npy(path));
    if (options.shape && *options.shape != file.data.where.shape())
      throw std::runtime_error(sentence(path, ": holds a ", file.data.where.shape(), " array, asked for was ", *options.shape));
    return file;
  }
  if (detail::looks_like_tensor_toolbox(path)) {
    auto [data, format] = read_tensor_toolbox(path);
    return {std::move(data), std::move(format), 1};
  }
  std::string name = path;
  if (name.ends_with(".gz")) name.resize(name.size() - 3);
  if (name.ends_with(".npy")) throw std::runtime_error(path + ": is a packed NPY file, which is not read; unpack it first");
  if (!options.base && !name.ends_with(".tns")) read_file(path);  // one that cannot be read says so first
  if (!options.base && !name.ends_with(".tns"))
    throw std::runtime_error(path + ": is neither NPY nor called .tns; say whether its indices begin at 0 or at 1");
  return read_coordinates(path, options.base.value_or(IndexBase::one), options.shape);
}

}  // namespace tacit
