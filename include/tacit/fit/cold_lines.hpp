// SPDX-License-Identifier: MIT
#pragma once
// Rows or columns of a matrix without entries, and how well those that were held out are predicted.

#include "../core/scalar.hpp"

namespace tacit {

/// What became of the rows, or columns, without entries of a fit (fit/lines_from_features.hpp).
struct ColdLines {
  Index mode = 0, count = 0;
  double ridge = 0;  ///< 0: the average line
  double average_rmse = 0,
         rmse = 0;  ///< of lines that were held out, predicted as the average line and from their features, in units of the fit
};

}  // namespace tacit
