// SPDX-License-Identifier: MIT
#pragma once
// Ratings whose pattern says something. Columns are of eight kinds, row i chooses its entries N(i) among kinds as it likes them, and what it thinks follows from what it chose:
//   y_ij = 3.5 + b_i + c_j + <a_i, v_j> + noise,   (a_i, b_i) = own part + strength * mean of q_l over l in N(i),   q_l the same for all columns l of a kind.
// The smallest root mean square error there can be is `noise`.
#include <algorithm>
#include <cmath>
#include <tacit/core/random.hpp>
#include <tacit/observation/data.hpp>

namespace planted {

struct Settings {
  tacit::Index rows, cols, each;  ///< entries of a row, on average
  double strength = 1;            ///< 0: the pattern says nothing of the ratings
  double noise = 0.8;
  double own = 0.05;  ///< standard deviation of a row's own part
  std::uint64_t seed = 1;
};

inline tacit::Data<double> ratings(const Settings& s) {
  using namespace tacit;
  constexpr Index rank = 3, kinds = 8;
  Random random(s.seed, "planted pattern");
  const auto normal = [&](double deviation, Index rows, Index cols) {
    return Matrix<double>(Matrix<double>::NullaryExpr(rows, cols, [&](Index) { return deviation * random.normal(); }));
  };
  // One component more: the biases of rows, which every column has as its 1.
  const Matrix<double> own = normal(s.own, rank + 1, s.rows), q = normal(1, rank + 1, kinds), c = normal(0.4, 1, s.cols);
  Matrix<double> v = normal(0.6, rank + 1, s.cols);
  v.row(rank).setOnes();
  Entries::Indices row, col;
  std::vector<double> y;
  std::vector<char> taken(static_cast<std::size_t>(s.cols));
  for (Index i = 0; i < s.rows; ++i) {
    std::fill(taken.begin(), taken.end(), 0);
    Vector<double> likes(kinds), sum = Vector<double>::Zero(rank + 1);
    for (double& x : likes) x = std::exp(1.5 * random.normal());
    const auto count = static_cast<Index>((0.5 + random.uniform()) * static_cast<double>(s.each));
    for (Index n = 0; n < count;) {
      double x = random.uniform() * likes.sum();
      Index kind = 0;
      while (kind < kinds - 1 && x > likes[kind]) x -= likes[kind++];
      const Index j = kinds * static_cast<Index>(random.below(static_cast<std::uint64_t>(s.cols / kinds))) + kind;
      if (taken[static_cast<std::size_t>(j)]) continue;
      taken[static_cast<std::size_t>(j)] = 1;
      sum += q.col(kind);
      ++n;
    }
    const Vector<double> a = own.col(i) + s.strength / static_cast<double>(count) * sum;
    for (Index j = 0; j < s.cols; ++j) {
      if (!taken[static_cast<std::size_t>(j)]) continue;
      row.push_back(static_cast<std::int32_t>(i)), col.push_back(static_cast<std::int32_t>(j));
      y.push_back(3.5 + c(0, j) + a.dot(v.col(j)) + s.noise * random.normal());
    }
  }
  return {Entries(s.rows, s.cols, std::move(row), std::move(col)), Vector<double>::Map(y.data(), static_cast<Index>(y.size()))};
}

}  // namespace planted
