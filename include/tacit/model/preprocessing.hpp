// SPDX-License-Identifier: MIT
#pragma once
// What was taken off the data before training, and is put back into predictions:
//   prediction_ij = scales.put_back(offset + row_i + col_j + scale W_ij),
// with a scale of its own for each column or row where their units differ (observation/scales.hpp). Row and column effects are empty (none) or of full length.
// A model that was trained on the data as they came has the default: W itself.

#include <cmath>

#include "../observation/scales.hpp"

namespace tacit {

struct Preprocessing {
  double offset = 0, scale = 1;
  Vector<double> row_effects = {}, col_effects = {};
  Scales scales = {};  ///< outermost: units of rows and columns

  double row_effect(Index i) const { return row_effects.size() ? row_effects[i] : 0; }
  double col_effect(Index j) const { return col_effects.size() ? col_effects[j] : 0; }
  /// What a row (column) without anything of its own is predicted as, before the scales are put back.
  double of_col(Index j) const { return offset + col_effect(j); }
  double of_row(Index i) const { return offset + row_effect(i); }
  double prediction(double w, Index i, Index j) const { return scales.put_back(offset + row_effect(i) + col_effect(j) + scale * w, i, j); }

  /// Throws where it does not fit a model of this shape.
  void check(const char* who, const Shape& shape) const {
    require(std::isfinite(offset), who, ": the offset is ", offset);
    require(std::isfinite(scale) && scale > 0, who, ": the scale is ", scale, ", it needs to be positive and finite");
    require(row_effects.size() == 0 || row_effects.size() == shape.rows(), who, ": got ", row_effects.size(), " row effects for ",
            shape.rows(), " rows");
    require(col_effects.size() == 0 || col_effects.size() == shape.cols(), who, ": got ", col_effects.size(), " column effects for ",
            shape.cols(), " columns");
    require(row_effects.allFinite() && col_effects.allFinite(), who, ": a row or column effect is not finite");
    scales.check(who, shape);
  }
};

}  // namespace tacit
