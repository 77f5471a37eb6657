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
  /// Lines of a mode that were not there in training.
  struct NewLines {
    double halving = 1;           ///< how much information leaves half of such a line unknown
    Vector<double> typical = {};  ///< d + 1 numbers: those of a line with average noise of which nothing is known
  };

  double coverage = 0;  ///< that was asked for
  std::vector<Matrix<double>> lines =
      {};  ///< n_n x (d + 1) of every mode, not negative; infinite where there were too few errors to promise the coverage
  std::vector<Vector<double>> informative =
      {};  ///< of each line of every mode: how much its entries tell about lines of the other modes; an empty vector: as usual, 1
  std::vector<NewLines> fresh = {};  ///< of the modes whose new lines have intervals, the first ones: of a matrix the rows
  KindFactors kinds = {};            ///< of a matrix

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
  /// Whether lines of this mode that were not there in training have intervals.
  bool knows_new(Index mode) const { return known() && mode < static_cast<Index>(fresh.size()); }
  /// How much an entry tells about its line of this mode: the geometric mean over its lines of the others; index_of(n) is asked of these.
  template <class IndexOf>
  double told_by(Index mode, const IndexOf& index_of) const {
    double product = 1;
    for (std::size_t n = 0; n < informative.size(); ++n)
      if (static_cast<Index>(n) != mode && informative[n].size()) product *= informative[n][index_of(static_cast<Index>(n))];
    return informative.size() == 2 ? product : std::pow(product, 1 / static_cast<double>(informative.size() - 1));
  }
  /// How much is unknown of a new line of this mode about which its entries tell so much: 1 without any.
  double unknown_of_new(Index mode, double information) const {
    const double halving = fresh[static_cast<std::size_t>(mode)].halving;
    return halving > 0 ? 1 / (1 + information / halving) : (information > 0 ? 0.0 : 1.0);
  }
  /// In a new line of this mode of which so much is unknown; index_of(n) is asked of the other modes.
  template <class IndexOf>
  double at_new(Index mode, double unknown, const IndexOf& index_of) const {
    if (!knows_new(mode)) return std::numeric_limits<double>::quiet_NaN();
    const Vector<double>& typical = fresh[static_cast<std::size_t>(mode)].typical;
    double sum = 0;
    for (Index k = 0; k < typical.size(); ++k) {
      double product = typical[k] * (k == mode + 1 ? unknown : 1);
      for (std::size_t n = 0; n < lines.size(); ++n) {
        if (static_cast<Index>(n) == mode) continue;
        const double x = lines[n](index_of(static_cast<Index>(n)), k);
        if (std::isinf(x)) return x;
        product *= x;
      }
      sum += product;
    }
    return std::sqrt(sum);
  }
  /// Of a row that was not there in training, with values in these columns; an entry for each column. `share`: how much of it is unknown before these, of 1.
  Vector<double> of_new_row(const Index* cols_seen, Index count, double share = 1) const {
    require(!known() || lines.size() == 2, "HalfWidths: new rows are those of a matrix");
    Vector<double> result(known() ? lines[1].rows() : 0);
    double information = 0;
    for (Index k = 0; known() && k < count; ++k) information += told_by(0, [&](Index) { return cols_seen[k]; });
    const double unknown = known() ? share * unknown_of_new(0, share * information) : 1;
    for (Index j = 0; j < result.size(); ++j) result[j] = at_new(0, unknown, [j](Index) { return j; }) * kinds.at_new(count, j);
    return result;
  }
  /// Throws where they do not fit data of this shape.
  void check(const char* who, const Shape& shape) const {
    if (!known()) return;
    bool fits = static_cast<Index>(lines.size()) == shape.order() && informative.size() == lines.size() && fresh.size() <= lines.size();
    for (std::size_t n = 0; fits && n < lines.size(); ++n) {
      const Index size = shape[static_cast<Index>(n)], told = informative[n].size();
      fits = lines[n].rows() == size && lines[n].cols() == shape.order() + 1 && (told == 0 || told == size) &&
             (n >= fresh.size() || fresh[n].typical.size() == shape.order() + 1);
    }
    std::string sizes;
    for (const Matrix<double>& of : lines) sizes += sentence(sizes.empty() ? "" : " x ", of.rows());
    if (kinds.known())
      fits = fits && shape.order() == 2 && kinds.kind.rows() == shape[0] && kinds.kind.cols() == shape[1] &&
             kinds.factor.rows() == shape[1] && kinds.factor.cols() > 1 && static_cast<Index>(kinds.kind.maxCoeff()) < kinds.factor.cols();
    require(fits, who, ": half-widths of ", sizes, " entries do not fit ", shape, " entries");
  }
};

}  // namespace tacit
