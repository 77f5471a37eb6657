// SPDX-License-Identifier: MIT
#pragma once
// Half-widths of intervals that know where they are:  prediction +- h,
//   h^2(i_1 ... i_d) = sum_k prod_n lines_n(i_n, k),      k = 0: noise,  k = 1 ... d: what is not known of the line of mode k (of a matrix, 1: of the row, 2: of the column).
// A row with many entries has little of the second, a row with none all of it: the spread of the rows. compare/local_widths.hpp fits the numbers to errors
// on held-out entries; here they are only used, saved and read. Empty: no intervals are known. A column of zeros is constant, its intervals have no width.

#include <cmath>
#include <cstdint>
#include <limits>
#include <type_traits>
#include <vector>

#include "../core/check.hpp"
#include "../core/scalar.hpp"
#include "../core/shape.hpp"

namespace tacit {

/// What the widths of a matrix are multiplied by in places of several kinds (compare/place_kinds.hpp). Empty: there is one kind.
struct KindFactors {
  using Table = Eigen::Matrix<std::uint8_t, Eigen::Dynamic, Eigen::Dynamic>;
  Table kind = {};             ///< n1 x n2
  Matrix<double> factor = {};  ///< n2 x kinds: of each column
  double few = 0;              ///< rows with fewer entries are nearly empty, the odd kinds

  bool known() const { return factor.size() > 0; }
  double at(Index i, Index j) const { return known() ? factor(j, kind(i, j)) : 1; }
  /// In a row that was not there in training and is no neighbour of any.
  double at_new(Index entries, Index j) const {
    return known() ? factor(j, factor.cols() - (static_cast<double>(entries) < few ? 1 : 2)) : 1;
  }
};

struct HalfWidths {
  double coverage = 0;  ///< that was asked for
  std::vector<Matrix<double>> lines =
      {};  ///< n_n x (d + 1) of every mode, not negative; infinite where there were too few errors to promise the coverage
  Vector<double> informative = {};  ///< of each line of the last mode: how much an entry there tells about its line of mode 0, usually
  double halving = 1;               ///< how much information leaves half of a line of mode 0 unknown
  Vector<double> typical_row = {};  ///< d + 1 numbers: those of a line of mode 0 with average noise of which nothing is known
  KindFactors kinds = {};           ///< of a matrix

  bool known() const { return !lines.empty(); }
  /// index_of(n): the index of mode n.
  template <class IndexOf>
  requires std::is_invocable_v<IndexOf, Index>
  double at(const IndexOf& index_of) const {
    if (!known()) return std::numeric_limits<double>::quiet_NaN();
    double sum = 0;
    for (Index k = 0; k < lines[0].cols(); ++k) {
      double product = 1;
      for (std::size_t n = 0; n < lines.size(); ++n) {
        const double x = lines[n](index_of(static_cast<Index>(n)), k);
        if (std::isinf(x)) return x;
        product *= x;
      }
      sum += product;
    }
    return kinds.known() ? std::sqrt(sum) * kinds.at(index_of(0), index_of(1)) : std::sqrt(sum);
  }
  double at(Index i, Index j) const {
    return at([&](Index n) { return n == 0 ? i : j; });
  }
  /// How much is unknown of a line of mode 0 that was not there in training, with entries in these lines of the last mode: 1 without any.
  double unknown_of_new(const Index* last_seen, Index count) const {
    double information = 0;
    for (Index k = 0; k < count; ++k) information += informative[last_seen[k]];
    return halving > 0 ? 1 / (1 + information / halving) : (information > 0 ? 0.0 : 1.0);
  }
  /// In a new line of mode 0 of which so much is unknown; index_of(n) is asked of the other modes.
  template <class IndexOf>
  double at_new(double unknown, const IndexOf& index_of) const {
    if (!known()) return std::numeric_limits<double>::quiet_NaN();
    double sum = 0;
    for (Index k = 0; k < typical_row.size(); ++k) {
      double product = typical_row[k] * (k == 1 ? unknown : 1);
      for (std::size_t n = 1; n < lines.size(); ++n) {
        const double x = lines[n](index_of(static_cast<Index>(n)), k);
        if (std::isinf(x)) return x;
        product *= x;
      }
      sum += product;
    }
    return std::sqrt(sum);
  }
  /// Of a row that was not there in training, with values in these columns; an entry for each column.
  Vector<double> of_new_row(const Index* cols_seen, Index count) const {
    require(!known() || lines.size() == 2, "HalfWidths: new rows are those of a matrix");
    Vector<double> result(known() ? lines[1].rows() : 0);
    const double unknown = known() ? unknown_of_new(cols_seen, count) : 1;
    for (Index j = 0; j < result.size(); ++j) result[j] = at_new(unknown, [j](Index) { return j; }) * kinds.at_new(count, j);
    return result;
  }
  /// Throws where they do not fit data of this shape.
  void check(const char* who, const Shape& shape) const {
    if (!known()) return;
    bool fits = static_cast<Index>(lines.size()) == shape.order() && typical_row.size() == shape.order() + 1 &&
                informative.size() == shape[shape.order() - 1];
    for (Index n = 0; fits && n < shape.order(); ++n)
      fits = lines[static_cast<std::size_t>(n)].rows() == shape[n] && lines[static_cast<std::size_t>(n)].cols() == shape.order() + 1;
    std::string sizes;
    for (const Matrix<double>& of : lines) sizes += sentence(sizes.empty() ? "" : " x ", of.rows());
    if (kinds.known())
      fits = fits && shape.order() == 2 && kinds.kind.rows() == shape[0] && kinds.kind.cols() == shape[1] &&
             kinds.factor.rows() == shape[1] && kinds.factor.cols() > 1 && static_cast<Index>(kinds.kind.maxCoeff()) < kinds.factor.cols();
    require(fits, who, ": half-widths of ", sizes, " entries do not fit ", shape, " entries");
  }
};

}  // namespace tacit
