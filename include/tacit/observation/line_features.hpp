// SPDX-License-Identifier: MIT
#pragma once
// What is known of the lines of a matrix beside its entries: a row of numbers for each of its rows, or columns. Standardised: each feature has mean 0 and mean square 1 over
// the lines that have features; 0 stands for what is missing, so that a line of which nothing is known is like the average one. data/features_file.hpp reads them.

#include <string>
#include <vector>

#include "../core/check.hpp"
#include "../core/scalar.hpp"

namespace tacit {

struct LineFeatures {
  Matrix<double> values = {};  ///< lines x features; empty: none
  std::vector<std::string> names = {};

  bool none() const { return values.cols() == 0; }
  void check(const char* who, const char* lines, Index count) const {
    require(none() || values.rows() == count, who, ": there are features of ", values.rows(), ' ', lines, ", the data have ", count);
    require(values.allFinite(), who, ": one of the features of the ", lines, " is not finite");
  }
};

struct SideFeatures {
  LineFeatures rows = {}, columns = {};

  bool none() const { return rows.none() && columns.none(); }
  const LineFeatures& of(Index mode) const { return mode == 0 ? rows : columns; }
};

}  // namespace tacit
