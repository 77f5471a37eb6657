// SPDX-License-Identifier: MIT
#pragma once
// A tensor completed as a matrix: rows are the combinations of some modes, columns those of the others, and alternating least squares (tune_als.hpp) completes that.
// Of all ways to divide the modes, at most 2^(d-1) - 1, each gets a short trial; the one with the smallest validation error is tuned in full.
// What low-rank tensor models have to beat: a matrix knows nothing of the structure within its rows and columns, but needs none either.

#include "../solver/means.hpp"
#include "tune_als.hpp"

namespace tacit {

/// rows[n]: whether mode n belongs to the rows.
using Bipartition = std::vector<bool>;

/// As in  "modes 1 3 x 2".
inline std::string in_words(const Bipartition& rows) {
  std::string text[2];
  for (std::size_t n = 0; n < rows.size(); ++n) text[rows[n] ? 0 : 1] += sentence(" ", n + 1);
  return "modes" + text[0] + " x" + text[1];
}

namespace detail {

/// Sizes of an unfolding; refused where they do not fit 32-bit indices.
struct Unfolding {
  Bipartition rows;
  double size[2] = {1, 1};
  Unfolding(const Shape& shape, Bipartition which) : rows(std::move(which)) {
    require(static_cast<Index>(rows.size()) == shape.order(), "Unfolding: got ", rows.size(), " modes, the tensor is ", shape);
    for (Index n = 0; n < shape.order(); ++n) size[rows[static_cast<std::size_t>(n)] ? 0 : 1] *= static_cast<double>(shape[n]);
  }
  bool fits() const { return std::max(size[0], size[1]) < 1e7; }
  /// The entries as those of the matrix, in the order of the tensor's.
  void place(const TensorEntries& at, Entries::Indices& row, Entries::Indices& col) const {
    row.assign(static_cast<std::size_t>(at.count()), 0);
    col = row;
    for (Index n = 0; n < at.shape().order(); ++n) {
      Entries::Indices& to = rows[static_cast<std::size_t>(n)] ? row : col;
      for (std::size_t k = 0; k < to.size(); ++k) to[k] = static_cast<std::int32_t>(to[k] * at.shape()[n] + at.mode(n)[k]);
    }
  }
  Data<double> data(const Data<double, TensorEntries>& of) const {
    Entries::Indices row, col;
    place(of.where, row, col);
    return observed<double>(static_cast<Index>(size[0]), static_cast<Index>(size[1]), std::move(row), std::move(col), of.y);
  }
};

/// One mode as the rows, all others as the columns.
inline Unfolding unfolding_at(const Shape& shape, Index mode) {
  Bipartition rows(static_cast<std::size_t>(shape.order()), false);
  rows[static_cast<std::size_t>(mode)] = true;
  return Unfolding(shape, rows);
}

/// All that fit; none where the tensor is too large.
inline std::vector<Unfolding> unfoldings(const Shape& shape) {
  std::vector<Unfolding> ways;
  for (unsigned mask = 1; mask < 1u << (shape.order() - 1); ++mask) {  // the last mode is always a column
    Bipartition rows;
    for (Index n = 0; n < shape.order(); ++n) rows.push_back(mask >> n & 1u);
    if (const Unfolding way(shape, rows); way.fits()) ways.push_back(way);
  }
  return ways;
}

}  // namespace detail

struct UnfoldedAls {
  Als als;
  Bipartition rows;

  std::string name() const { return als.name() + ", " + in_words(rows); }
  Vector<double> predict(const TensorEntries& at) const {
    Entries::Indices row, col;
    detail::Unfolding(at.shape(), rows).place(at, row, col);
    Vector<double> z(at.count());
    for (Index k = 0; k < z.size(); ++k) z[k] = als.predict(row[static_cast<std::size_t>(k)], col[static_cast<std::size_t>(k)]);
    return z;
  }
};

/// The best unfolding by short trials of rank 8, then everything that tune_als chooses. Half of the seconds go to either part.
Tuned<UnfoldedAls, Trial> tune_unfolding(const Data<double, TensorEntries>& train, const Data<double, TensorEntries>& validation,
                                         const AlsGrid& grid = {});
/// The chosen unfolding and fit on other data, as refit of tune_als.hpp.
inline UnfoldedAls refit(const UnfoldedAls& chosen, const Data<double, TensorEntries>& data, const AlsGrid& grid) {
  return {refit(chosen.als, detail::Unfolding(data.where.shape(), chosen.rows).data(data), grid), chosen.rows};
}

}  // namespace tacit

#ifndef TACIT_COMPILED
#include "impl/unfolding.hpp"
#endif
