// SPDX-License-Identifier: MIT
#pragma once
// Slices of a tensor that were not there when a model was fitted, folded in: W is linear in what belongs to the slices of a mode, so that a
// new slice is a new row of the matrix W_(n) = A P (model/mode_matrix.hpp), and comes from its known entries alone by ridge regression
// (model/new_rows.hpp). `fresh` has the shape of the model but for the number of slices:
//   const double ridge = best_ridge_of_slices(model, theta, centre, data, mode, seed);
//   Tensor<double> whole = NewSlices(model, theta, centre, mode, ridge).predicted(fresh);
// Cost: that of P, and of each slice with m entries 2 m r^2 + r^3 / 3 + 2 r (entries of a slice) flops.

#include "../core/tensor.hpp"
#include "../model/mode_matrix.hpp"
#include "unfolding.hpp"

namespace tacit {

namespace detail {

/// The unfolding whose rows are the slices of this mode.
inline Unfolding slices_as_rows(const Shape& shape, Index mode) {
  require(mode >= 0 && mode < shape.order(), "new slices: mode ", mode + 1, " is asked for, the tensor is ", shape);
  Unfolding way = unfolding_at(shape, mode);
  require(way.size[1] <= Shape::dense_limit, "new slices: one of mode ", mode + 1, " of the ", shape, " tensor has ", way.size[1],
          " entries, more than the ", Shape::dense_limit, " that are formed");
  return way;
}

}  // namespace detail

inline constexpr double usual_slice_ridge = 1e-2;  ///< where none was chosen

/// The ridge that best predicts entries held out of slices that were fitted; NaN where trying them out would take too long.
inline double best_ridge_of_slices(const AnyTensorModel<double>& model, const Vector<double>& theta, const Centre& centre,
                                   const Data<double, TensorEntries>& data, Index mode, std::uint64_t seed) {
  const Shape& shape = model.shape();
  const Index r = model.mode_factor(theta, mode).cols();
  if (r > 300 || static_cast<double>(r) * shape.size() / static_cast<double>(shape[mode]) > 2e7) return std::nan("");
  return best_ridge(factors_at_mode(model, theta, centre, mode), detail::slices_as_rows(shape, mode).data(data), seed);
}

class NewSlices {
 public:
  NewSlices(const AnyTensorModel<double>& model, const Vector<double>& theta, const Centre& centre, Index mode, double ridge)
      : shape_(model.shape()), mode_(mode), rows_(factors_at_mode(model, theta, centre, checked(model.shape(), mode)), ridge) {}

  /// All entries of the new slices, known ones as the fit has them, too. A slice without entries is the average slice.
  Tensor<double> predicted(const Data<double, TensorEntries>& fresh) const {
    const Shape& shape = fresh.where.shape();
    bool same = shape.order() == shape_.order();
    for (Index n = 0; same && n < shape.order(); ++n) same = n == mode_ || shape[n] == shape_[n];
    require(same, "NewSlices: the new slices are ", shape, ", the model is ", shape_, "; sizes need to agree but for mode ", mode_ + 1);
    shape.require_dense("NewSlices");
    const Data<double> matrix = detail::slices_as_rows(shape, mode_).data(fresh);
    Tensor<double> all(shape);
    std::vector<Index> stride(static_cast<std::size_t>(shape.order()), 1);  // first index fastest
    for (std::size_t n = 1; n < stride.size(); ++n) stride[n] = stride[n - 1] * shape[static_cast<Index>(n) - 1];
    for (Index i = 0; i < shape[mode_]; ++i) {
      const Index begin = matrix.where.row_start()[i], count = matrix.where.row_start()[i + 1] - begin;
      const Vector<double> row =
          rows_.row(std::vector<Index>(matrix.where.col() + begin, matrix.where.col() + begin + count), matrix.y.segment(begin, count));
      for (Index j = 0; j < row.size(); ++j) {
        Index place = i * stride[static_cast<std::size_t>(mode_)], left = j;  // the last mode is the fastest of the row
        for (Index n = shape.order(); n-- > 0;) {
          if (n == mode_) continue;
          place += left % shape[n] * stride[static_cast<std::size_t>(n)];
          left /= shape[n];
        }
        all.values[place] = row[j];
      }
    }
    return all;
  }

 private:
  static Index checked(const Shape& shape, Index mode) {
    detail::slices_as_rows(shape, mode);
    return mode;
  }

  Shape shape_;
  Index mode_;
  NewRows rows_;
};

}  // namespace tacit
