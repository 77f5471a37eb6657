// SPDX-License-Identifier: MIT
#pragma once
// A dense tensor: a Shape and its values, first index fastest (column-major for matrices), as AllEntries lists them and readers return it.

#include <utility>
#include <vector>

#include "norm.hpp"
#include "scalar.hpp"
#include "shape.hpp"

namespace tacit {

template <Scalar S>
struct Tensor {
  using scalar_type = S;
  Shape shape;
  Vector<S> values;

  Tensor() = default;
  explicit Tensor(Shape s) : shape(std::move(s)), values(Vector<S>::Zero(checked(shape))) {}
  Tensor(Shape s, Vector<S> v) : shape(std::move(s)), values(std::move(v)) {
    require(values.size() == shape.count(), "Tensor: got ", values.size(), " values for a ", shape, " tensor");
  }

  Index order() const { return shape.order(); }
  S norm() const { return detail::norm(values); }
  /// Where the entry with this multi-index stands in values.
  Index offset(std::initializer_list<Index> index) const {
    require(static_cast<Index>(index.size()) == order(), "Tensor: ", index.size(), " indices given for a ", shape, " tensor");
    Index at = 0, stride = 1, n = 0;
    for (Index i : index) {
      require(i >= 0 && i < shape[n], "Tensor: index ", i, " of mode ", n, " lies outside the ", shape, " tensor");
      at += stride * i;
      stride *= shape[n++];
    }
    return at;
  }
  S operator()(std::initializer_list<Index> index) const { return values[offset(index)]; }
  S& operator()(std::initializer_list<Index> index) { return values[offset(index)]; }

 private:
  static Index checked(const Shape& s) {
    s.require_dense("Tensor");
    return s.count();
  }
};

/// The unfolding at a mode: n_mode rows, one column for each combination of the other indices, the first of them fastest.  [Kolda & Bader 2009]
/// `values` is a tensor of this shape, first index fastest.                                                         O(prod n_k) moves
template <Scalar S>
void unfold(const Shape& shape, const S* values, Index mode, Matrix<S>& into) {
  require(mode >= 0 && mode < shape.order(), "unfold: mode ", mode, " is asked for, a ", shape, " tensor has modes 0 to ",
          shape.order() - 1);
  Index below = 1, above = 1;  // sizes of the modes before and after
  for (Index n = 0; n < shape.order(); ++n) (n < mode ? below : above) *= n == mode ? 1 : shape[n];
  const Index size = shape[mode];
  into.resize(size, below * above);
  for (Index a = 0; a < above; ++a)
    for (Index i = 0; i < size; ++i)
      for (Index b = 0; b < below; ++b) into(i, b + below * a) = values[b + below * (i + size * a)];
}
template <Scalar S>
Matrix<S> unfold(const Tensor<S>& tensor, Index mode) {
  Matrix<S> into;
  unfold(tensor.shape, tensor.values.data(), mode, into);
  return into;
}

/// The matricisation with the combinations of the modes `rows` as rows and those of the others as columns, the first mode of each fastest.
template <Scalar S>
void matricise(const Shape& shape, const S* values, const std::vector<Index>& rows, Matrix<S>& into) {
  std::vector<Index> stride(static_cast<std::size_t>(shape.order()), 0), at(stride.size(), 0);
  Index count = 1;
  for (Index n : rows) {
    require(n >= 0 && n < shape.order(), "matricise: mode ", n, " is asked for, a ", shape, " tensor has modes 0 to ", shape.order() - 1);
    Index& step = stride[static_cast<std::size_t>(n)];
    require(step == 0, "matricise: mode ", n, " is given twice");
    step = count;
    count *= shape[n];
  }
  into.resize(count, shape.count() / count);
  for (Index n = 0; n < shape.order(); ++n)
    if (Index& step = stride[static_cast<std::size_t>(n)]; step == 0) step = count, count *= shape[n];
  Index to = 0;
  for (Index k = 0; k < into.size(); ++k) {
    into.data()[to] = values[k];
    for (std::size_t n = 0; n < at.size(); ++n) {  // the next multi-index, first one fastest
      to += stride[n];
      if (++at[n] < shape[static_cast<Index>(n)]) break;
      to -= stride[n] * at[n];
      at[n] = 0;
    }
  }
}

}  // namespace tacit
