// SPDX-License-Identifier: MIT
#pragma once
// NPY, the file of numpy.save (format 1.0): matrices and vectors in float32 or float64, little-endian, written in the order in which they
// stand in memory (column-major matrices as Fortran order), so that numpy.load gives back the same array and nothing is copied on the way.
// Memory beyond the array itself: none, but for tensors, which are written in C order. What made the file goes into `path`.meta.json (provenance.hpp).

#include <bit>
#include <string>
#include <string_view>
#include <vector>

#include "../core/layout.hpp"
#include "../core/tensor.hpp"
#include "atomic_file.hpp"
#include "provenance.hpp"

namespace tacit {

static_assert(std::endian::native == std::endian::little, "tacit: NPY files are read and written on little-endian machines only");

namespace detail {

/// The header: magic, version 1.0, a dictionary, padded to a multiple of 64 bytes.
template <Scalar S>
std::string npy_header(const std::vector<Index>& sizes, StorageOrder order) {
  std::string shape;
  for (std::size_t k = 0; k < sizes.size(); ++k)
    shape += (k ? " " : "") + std::to_string(sizes[k]) + (sizes.size() == 1 || k + 1 < sizes.size() ? "," : "");
  std::string text = std::string("{'descr': '<f") + (sizeof(S) == 4 ? '4' : '8') +
                     "', 'fortran_order': " + (order == StorageOrder::column_major && sizes.size() > 1 ? "True" : "False") +
                     ", 'shape': (" + shape + "), }";
  text.append(63 - (10 + text.size()) % 64, ' ');
  text += '\n';
  std::string header = "\x93NUMPY";
  header += '\1';
  header += '\0';
  header += static_cast<char>(text.size() & 255);
  header += static_cast<char>(text.size() >> 8);
  return header + text;
}

template <Scalar S>
void write_npy(const std::string& path, const std::vector<Index>& sizes, StorageOrder order, const S* data, Index count) {
  AtomicFile file(path);
  file.write(npy_header<S>(sizes, order));
  file.write({reinterpret_cast<const char*>(data), static_cast<std::size_t>(count) * sizeof(S)});
  file.commit();
}

}  // namespace detail

/// A matrix (shape rows x cols) or vector (shape n) of float or double; may be any Eigen expression.
template <class Derived>
void write_npy(const std::string& path, const Eigen::MatrixBase<Derived>& W, const Provenance& provenance = {}) {
  using Plain = typename Derived::PlainObject;
  static_assert(Scalar<typename Derived::Scalar>, "tacit: write_npy writes matrices and vectors of float or double");
  const auto& dense = W.derived().eval();
  const std::vector<Index> sizes = Derived::IsVectorAtCompileTime ? std::vector<Index>{W.size()} : std::vector<Index>{W.rows(), W.cols()};
  detail::write_npy(path, sizes, Plain::IsRowMajor ? StorageOrder::row_major : StorageOrder::column_major, dense.data(), W.size());
  write_provenance(path, provenance);
}

/// A column of numbers, as Table::numbers gives it.
inline void write_npy(const std::string& path, const std::vector<double>& values, const Provenance& provenance = {}) {
  detail::write_npy(path, {static_cast<Index>(values.size())}, StorageOrder::row_major, values.data(), static_cast<Index>(values.size()));
  write_provenance(path, provenance);
}

/// A tensor as an array in C order: the last index fastest.
template <Scalar S>
void write_npy(const std::string& path, const Tensor<S>& tensor, const Provenance& provenance = {}) {
  const Index order = tensor.order();
  Vector<S> values(tensor.values.size());
  std::vector<Index> stride(static_cast<std::size_t>(order), 1), at(static_cast<std::size_t>(order), 0);
  for (Index n = 1; n < order; ++n) stride[static_cast<std::size_t>(n)] = stride[static_cast<std::size_t>(n - 1)] * tensor.shape[n - 1];
  Index from = 0;
  for (Index k = 0; k < values.size(); ++k) {
    values[k] = tensor.values[from];
    for (Index n = order; n-- > 0;) {
      const auto m = static_cast<std::size_t>(n);
      from += stride[m];
      if (++at[m] < tensor.shape[n]) break;
      from -= at[m] * stride[m];
      at[m] = 0;
    }
  }
  detail::write_npy(path, tensor.shape.sizes(), StorageOrder::row_major, values.data(), values.size());
  write_provenance(path, provenance);
}

}  // namespace tacit
