// SPDX-License-Identifier: MIT
#pragma once
// Half-widths of intervals that know where they are:  prediction_ij +- h_ij,
//   h_ij^2 = sum_k rows(i, k) cols(j, k),      k = 0: noise,  1: what is not known of the row,  2: what is not known of the column.
// A row with many entries has little of the second, a row with none all of it: the spread of the rows. completion/local_widths.hpp fits the numbers to errors
// on held-out entries; here they are only used, saved and read. Empty: no intervals are known. A column of zeros is constant, its intervals have no width.

#include <cmath>
#include <limits>

#include "../core/check.hpp"
#include "../core/scalar.hpp"
#include "../core/shape.hpp"

namespace tacit {

struct HalfWidths {
  double coverage = 0;              ///< that was asked for
  Matrix<double> rows{}, cols{};    ///< n1 x 3 and n2 x 3, not negative; infinite where there were too few errors to promise the coverage
  Vector<double> informative = {};  ///< of each column: how much an entry there tells about its row
  double halving = 1;               ///< how much information leaves half of a row unknown
  Vector<double> typical_row = {};  ///< 3 numbers: those of a row with average noise of which nothing is known

  bool known() const { return rows.size() > 0; }
  double at(Index i, Index j) const {
    if (!known()) return std::numeric_limits<double>::quiet_NaN();
    return half(rows(i, 0), rows(i, 1), rows(i, 2), j);
  }
  /// Of a row that was not there in training, with values in these columns; an entry for each column.
  Vector<double> of_new_row(const Index* cols_seen, Index count) const {
    Vector<double> result = Vector<double>::Constant(cols.rows(), std::numeric_limits<double>::quiet_NaN());
    if (!known()) return result;
    double information = 0;
    for (Index k = 0; k < count; ++k) information += informative[cols_seen[k]];
    const double unknown = halving > 0 ? 1 / (1 + information / halving) : (information > 0 ? 0.0 : 1.0);
    for (Index j = 0; j < cols.rows(); ++j) result[j] = half(typical_row[0], typical_row[1] * unknown, typical_row[2], j);
    return result;
  }
  /// Throws where they do not fit a matrix of this shape.
  void check(const char* who, const Shape& shape) const {
    if (!known()) return;
    require(rows.rows() == shape.rows() && rows.cols() == 3 && cols.rows() == shape.cols() && cols.cols() == 3 &&
                informative.size() == shape.cols() && typical_row.size() == 3,
            who, ": half-widths of a ", rows.rows(), " x ", cols.rows(), " matrix do not fit one of ", shape.rows(), " x ", shape.cols());
  }

 private:
  double half(double noise, double of_row, double of_col, Index j) const {
    if (std::isinf(cols(j, 0))) return cols(j, 0);
    return std::sqrt(noise * cols(j, 0) + of_row * cols(j, 1) + of_col * cols(j, 2));
  }
};

}  // namespace tacit
