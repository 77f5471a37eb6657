// SPDX-License-Identifier: MIT
#pragma once
// A scale for each row and column of a matrix: what is taken off and divided out before a fit, and put back into its predictions,
//   y'_ij = (y_ij - a_i - b_j) / (r_i c_j),     y_ij = a_i + b_j + r_i c_j y'_ij,
// so that columns in different units (age beside income) weigh alike. A column of scale 0 is constant: it is predicted as its centre, exactly, and its entries
// must not enter a fit. Each of the four vectors is empty (0 for centres, 1 for scales) or of full length. Cost: a few flops an entry.

#include <cmath>
#include <utility>

#include "data.hpp"

namespace tacit {

struct Scales {
  Vector<double> row_centre = {}, col_centre = {};  ///< a and b
  Vector<double> row_scale = {}, col_scale = {};    ///< r and c, not negative

  /// Nothing is taken off.
  bool none() const { return row_centre.size() == 0 && col_centre.size() == 0 && row_scale.size() == 0 && col_scale.size() == 0; }
  bool constant(Index j) const { return col_scale.size() && col_scale[j] == 0; }
  double centre(Index i, Index j) const { return of(col_centre, j, 0) + (constant(j) ? 0 : of(row_centre, i, 0)); }
  double of_row(Index i) const { return of(row_scale, i, 1); }
  double of_col(Index j) const { return of(col_scale, j, 1); }
  double scale(Index i, Index j) const { return of_row(i) * of_col(j); }
  double put_back(double z, Index i, Index j) const { return centre(i, j) + scale(i, j) * z; }

  /// Predictions of standardised data in the units of the data.
  Vector<double> put_back(Vector<double> z, const Entries& at) const {
    if (none()) return z;
    for (Index k = 0; k < z.size(); ++k) z[k] = put_back(z[k], at.row()[k], at.col()[k]);
    return z;
  }
  /// The data with centres taken off, in units of the scales.
  Data<double> taken_off(Data<double> data) const {
    if (none()) return data;
    for (Index k = 0; k < data.count(); ++k) {
      const Entry at = data.where[k];
      require(scale(at.row, at.col) > 0, "Scales: entry (", at.row, ", ", at.col,
              ") lies in a line of scale 0, which is constant; leave it out");
      data.y[k] = (data.y[k] - centre(at.row, at.col)) / scale(at.row, at.col);
    }
    return data;
  }

  /// Throws where they do not fit a matrix of this shape.
  void check(const char* who, const Shape& shape) const {
    const auto fits = [&](const Vector<double>& x, Index n, const char* what) {
      require(x.size() == 0 || x.size() == n, who, ": got ", x.size(), ' ', what, " for ", shape.rows(), " x ", shape.cols(), " entries");
      require(x.allFinite(), who, ": one of the ", what, " is not finite");
    };
    fits(row_centre, shape.rows(), "row centres");
    fits(col_centre, shape.cols(), "column centres");
    fits(row_scale, shape.rows(), "row scales");
    fits(col_scale, shape.cols(), "column scales");
    require((row_scale.array() >= 0).all() && (col_scale.array() >= 0).all(), who, ": a row or column scale is negative");
  }

 private:
  static double of(const Vector<double>& x, Index k, double otherwise) { return x.size() ? x[k] : otherwise; }
};

}  // namespace tacit
