// SPDX-License-Identifier: MIT
#pragma once
// NPY, the file of numpy.save, as a tensor of any order: float32 or float64, little-endian, C or Fortran order, format 1 to 3. NaN marks what is
// missing. unfolded(mode) is the matricisation: rows = the chosen mode, columns = the remaining modes in their order, the last one fastest
// (as numpy.moveaxis(a, mode, 0).reshape(a.shape[mode], -1)); a matrix unfolds at mode 0 to itself. Memory: the file and 8 bytes a value.

#include <bit>
#include <cmath>
#include <cstring>
#include <limits>
#include <string>
#include <string_view>
#include <vector>

#include "../core/layout.hpp"
#include "matrix_file.hpp"

namespace tacit {

static_assert(std::endian::native == std::endian::little, "tacit: NPY files are read and written on little-endian machines only");

/// The array in a file, as numpy sees it.
struct NpyArray {
  std::string path;
  Shape shape;  ///< order 0: a single number
  StorageOrder order = StorageOrder::row_major;
  std::vector<double> values;     ///< in storage order: row_major has the last index fastest, column_major the first
  bool single_precision = false;  ///< stored as float32

  /// Where the entry with these indices stands in `values`.
  std::size_t at(const std::vector<Index>& index) const {
    Index offset = 0;
    for (Index k = 0; k < shape.order(); ++k) {
      const Index mode = order == StorageOrder::row_major ? k : shape.order() - 1 - k;
      offset = offset * shape[mode] + index[static_cast<std::size_t>(mode)];
    }
    return static_cast<std::size_t>(offset);
  }

  /// The matricisation at `mode`, NaN left as it is. A vector is a column, a number 1 x 1.
  Matrix<double> matrix(Index mode = 0) const {
    require((mode >= 0 && mode < shape.order()) || (mode == 0 && shape.order() == 0), path, ": cannot be unfolded at mode ", mode,
            ", the array is ", shape, " and has modes 0 to ", shape.order() - 1);
    const Index rows = shape.order() ? shape[mode] : 1, cols = static_cast<Index>(values.size()) / rows;
    Matrix<double> W(rows, cols);
    std::vector<Index> index(static_cast<std::size_t>(shape.order()), 0);
    for (Index j = 0; j < cols; ++j) {
      for (Index i = 0; i < rows; ++i) {
        if (shape.order()) index[static_cast<std::size_t>(mode)] = i;
        W(i, j) = values[at(index)];
      }
      for (Index k = shape.order() - 1; k >= 0; --k) {  // the next column: count up the other modes, the last one fastest
        if (k == mode) continue;
        if (++index[static_cast<std::size_t>(k)] < shape[k]) break;
        index[static_cast<std::size_t>(k)] = 0;
      }
    }
    return W;
  }

  /// The observed entries of the matricisation. Infinities are refused with their place, as is an array of NaN only.
  MatrixFile unfolded(Index mode = 0) const {
    const Matrix<double> W = matrix(mode);
    Index missing = 0;
    for (Index i = 0; i < W.rows(); ++i)
      for (Index j = 0; j < W.cols(); ++j) {
        if (std::isinf(W(i, j)))
          throw std::runtime_error(sentence(path, ": entry (", i, ", ", j, ") of the ", W.rows(), " x ", W.cols(), " matrix is infinite"));
        missing += std::isnan(W(i, j));
      }
    if (missing == W.size()) throw std::runtime_error(sentence(path, ": holds no number: all ", shape, " entries are NaN"));
    return {observed(W),
            {},
            {},
            sentence("NPY array, ", shape, shape.order() > 2 ? sentence(", unfolded at mode ", mode) : "", ", ",
                     single_precision ? "float32" : "float64")};
  }
};

namespace detail {

/// The header's dictionary, as numpy writes it: {'descr': '<f8', 'fortran_order': False, 'shape': (3, 4), }
class NpyHeader {
 public:
  NpyHeader(const std::string& path, std::string_view text) : path_(path), text_(text) {}

  std::string_view descr() const {
    const std::string_view rest = after("'descr'");
    if (rest[0] != '\'' && rest[0] != '"') fail("holds an array of records (structured dtype); save one array of float32 or float64");
    return rest.substr(1, rest.find(rest[0], 1) - 1);
  }
  bool fortran_order() const { return after("'fortran_order'").substr(0, 4) == "True"; }
  std::vector<Index> shape() const {
    std::string_view rest = after("'shape'");
    if (rest[0] != '(' || rest.find(')') == std::string_view::npos) fail("has a header without a shape");
    rest = rest.substr(1, rest.find(')') - 1);
    const std::string_view all = rest;
    std::vector<Index> sizes;
    while (!rest.empty()) {
      const std::size_t comma = std::min(rest.find(','), rest.size());
      const std::string_view item = trimmed(rest.substr(0, comma));
      std::int64_t size = 0;
      if (!item.empty()) {
        if (!parse_integer(item, size) || size < 0) fail("has a header with the shape (" + std::string(all) + ")");
        if (size == 0) fail("holds an empty array: mode " + std::to_string(sizes.size()) + " has size 0");
        sizes.push_back(static_cast<Index>(size));
      }
      rest.remove_prefix(std::min(comma + 1, rest.size()));
    }
    return sizes;
  }
  [[noreturn]] void fail(const std::string& why) const { throw std::runtime_error(path_ + ": " + why); }

 private:
  /// What follows the colon after a key.
  std::string_view after(std::string_view key) const {
    const std::size_t at = text_.find(key);
    const std::size_t colon = at == std::string_view::npos ? at : text_.find_first_not_of(" :", at + key.size());
    if (colon == std::string_view::npos) fail("has a damaged header: " + std::string(key) + " is missing");
    return text_.substr(colon);
  }
  const std::string& path_;
  std::string_view text_;
};

/// Why a dtype is not read, in words.
inline std::string refused_dtype(const std::string& descr) {
  const std::string hint = "; save it with numpy.save(path, a.astype('<f8'))";
  if (descr == ">f4" || descr == ">f8") return "holds big-endian numbers (" + descr + ")" + hint;
  if (descr.find('O') != std::string::npos) return "holds Python objects (" + descr + "), which are not read" + hint;
  if (descr.size() > 1 && (descr[1] == 'U' || descr[1] == 'S')) return "holds text (" + descr + ")";
  return "holds " + descr + " values, read are float32 and float64" + hint;
}

/// The array that the bytes of a file of this path hold.
inline NpyArray parse_npy(const std::string& path, std::string_view bytes) {
  const NpyHeader nothing(path, {});
  if (bytes.empty()) nothing.fail("is empty");
  if (bytes.substr(0, 6) != "\x93NUMPY") nothing.fail("is not an NPY file: it does not begin with \\x93NUMPY");
  const std::size_t prefix = bytes.size() > 6 && bytes[6] == 1 ? 10 : 12;
  if (bytes.size() < prefix) nothing.fail("is cut short inside its header");
  if (bytes[6] < 1 || bytes[6] > 3) nothing.fail(sentence("is NPY format ", static_cast<int>(bytes[6]), ", read are formats 1 to 3"));
  std::size_t length = 0;
  for (std::size_t k = prefix; k-- > 8;) length = length * 256 + static_cast<unsigned char>(bytes[k]);
  if (length > bytes.size() - prefix) nothing.fail("is cut short inside its header");

  const NpyHeader header(path, bytes.substr(prefix, length));
  const std::string descr(header.descr());
  if (descr != "<f4" && descr != "<f8") header.fail(refused_dtype(descr));
  NpyArray array;
  array.path = path;
  array.shape = Shape(header.shape());
  array.order = header.fortran_order() ? StorageOrder::column_major : StorageOrder::row_major;
  array.single_precision = descr == "<f4";

  const std::size_t start = prefix + length, width = array.single_precision ? 4 : 8, found = bytes.size() - start;
  const double needed = array.shape.size() * static_cast<double>(width);
  if (static_cast<double>(found) < needed)
    header.fail(sentence("is cut short: its shape ", array.shape, " needs ", needed, " bytes of values, the file holds ", found));
  if (static_cast<double>(found) > needed)
    header.fail(
        sentence("is longer than its header says: its shape ", array.shape, " needs ", needed, " bytes of values, the file holds ", found));
  array.values.resize(found / width);
  if (!array.single_precision) {
    std::memcpy(array.values.data(), bytes.data() + start, found);
  } else {
    for (std::size_t k = 0; k < array.values.size(); ++k) {
      float value = 0;
      std::memcpy(&value, bytes.data() + start + 4 * k, 4);
      array.values[k] = static_cast<double>(value);
    }
  }
  return array;
}

}  // namespace detail

inline NpyArray read_npy(const std::string& path) { return detail::parse_npy(path, read_file(path)); }

}  // namespace tacit
