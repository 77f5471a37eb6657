// SPDX-License-Identifier: MIT
#pragma once
// How far off a column of a matrix is of which nothing is known. Of each other column j, d_j is the conformal quantile of
// |y_ij - mean of the others in row i|; of the n numbers d_j it is the ceil((n + 1) c)-th smallest, the largest where they are few:
// columns, not entries, are what a new column is exchangeable with. Cost: a pass over the entries.

#include <algorithm>
#include <cmath>
#include <limits>
#include <vector>

#include "../observation/entries.hpp"
#include "../solver/scaling.hpp"
#include "conformal.hpp"

namespace tacit::detail {

/// Whether columns, `seen` so many times each, are in one unit as far as scales tell: they have none, or scales alone that differ by less than 100 x.
inline bool in_one_unit(const Scales& scales, const Vector<double>& seen) {
  const Vector<double>& scale = of_mode(scales.scale, 1);
  if (scale.size() == 0) return true;
  if (of_mode(scales.scale, 0).size() > 0 || !scales.transforms.empty()) return false;
  double least = std::numeric_limits<double>::infinity(), most = 0;
  for (Index j = 0; j < scale.size(); ++j)
    if (seen[j] > 0 && scale[j] > 0) least = std::min(least, scale[j]), most = std::max(most, scale[j]);
  return most < 100 * least;
}

/// 0 where no column has enough entries for that. `rows`: the moments of the rows.
inline double distance_of_columns(const Data<double>& data, const LineMoments& rows, double coverage) {
  std::vector<std::vector<double>> off(static_cast<std::size_t>(data.where.cols()));
  for (Index k = 0; k < data.count(); ++k) {
    const Index i = data.where.row()[k];
    const double n = rows.count[i];
    if (n > 1) off[static_cast<std::size_t>(data.where.col()[k])].push_back(std::abs(data.y[k] - rows.mean[i]) * n / (n - 1));
  }
  std::vector<double> distance;
  for (std::vector<double>& of : off)
    if (!of.empty()) distance.push_back(conformal_width(std::move(of), coverage));
  std::erase_if(distance, [](double x) { return std::isinf(x); });
  if (distance.empty()) return 0;
  std::sort(distance.begin(), distance.end());
  const auto rank = static_cast<std::size_t>(std::ceil((static_cast<double>(distance.size()) + 1) * coverage));
  return distance[std::min(rank, distance.size()) - 1];
}

}  // namespace tacit::detail
