// SPDX-License-Identifier: MIT
#pragma once
// Rows and columns that were not there in training, folded into a trained W = W_N P,  P = W_{N-1} ... W_1 of shape r x n2: a new row is w P with
//   w = argmin  sum_{j observed} (w p_j - t_j)^2  +  lambda s |w - w_0|^2,     s = |P|_F^2 / n2,   t_j = (y'_j - offset - col_j) / scale,
// and nothing of the model changes.
// y' is y in the units of the fit (observation/centre.hpp), w_0 is 0, or the average row of W_N if so asked. s, the mean squared length of a column of P, makes lambda a pure number (how many average observations of zero the
// ridge is worth), since W says nothing about how large P is. A new column is Q w with Q = W_N ... W_2 in the same way. Not included: Eigen's Cholesky.
//
//   FoldIn fold(model, theta, centre, {.ridge = 1e-3});   Vector<double> row = fold.row({3, 17}, y);
//
// Cost: the bases once, as a product of the factors; then per row with k entries 2 k r^2 + r^3 / 3 + 2 r n2 flops. Ridge regression: Hoerl & Kennard 1970.

#include <Eigen/Cholesky>
#include <limits>
#include <type_traits>
#include <vector>

#include "../core/product.hpp"
#include "../observation/centre.hpp"
#include "deep_matrix.hpp"

namespace tacit {

struct FoldInOptions {
  double ridge = 1e-3;        ///< lambda >= 0; 0 is plain least squares, refused where the entries do not determine w
  bool from_average = false;  ///< w_0 is the average row (column) instead of 0: what a row without entries is then predicted as
};

class FoldIn {
 public:
  template <Scalar S>
  FoldIn(const DeepMatrix<S>& model, const std::type_identity_t<Vector<S>>& theta, Centre centre = {}, const FoldInOptions& options = {})
      : centre_(std::move(centre)), ridge_(options.ridge) {
    model.layout().require_size(theta.size(), "FoldIn");
    require(model.depth() > 1, "FoldIn: a single factor has no basis to fold new rows into; it needs a depth of 2 or more");
    require(std::isfinite(ridge_) && ridge_ >= 0, "FoldIn: the ridge is ", ridge_, ", it needs to be 0 or more");
    require(std::isfinite(centre_.scale) && centre_.scale > 0, "FoldIn: the scale is ", centre_.scale,
            ", it needs to be positive and finite");
    centre_.check("FoldIn", model.shape());
    const auto layer = [&](Index l) { return Matrix<double>(model.layer(theta, l).template cast<double>()); };
    rows_in_ = layer(0);
    for (Index l = 1; l < model.depth() - 1; ++l) rows_in_ = detail::product(layer(l), rows_in_);
    cols_in_ = layer(model.depth() - 1).transpose();
    for (Index l = model.depth() - 2; l > 0; --l) cols_in_ = detail::product_tn(layer(l), cols_in_);
    require(rows_in_.allFinite() && cols_in_.allFinite(), "FoldIn: theta is not finite");
    row_start_.setZero(rows_in_.rows());
    col_start_.setZero(cols_in_.rows());
    if (options.from_average) row_start_ = layer(model.depth() - 1).colwise().mean(), col_start_ = layer(0).rowwise().mean();
  }

  /// All n2 predictions of a new row of which y_k is observed in column cols[k]. Without entries: offset and column effects, and the average row if so asked.
  Vector<double> row(const std::vector<Index>& cols, const Vector<double>& y) const { return row(cols, y, row_start_); }
  /// With a w_0 of its own.
  Vector<double> row(const std::vector<Index>& cols, const Vector<double>& y, const Vector<double>& start) const {
    const Units units = units_of(cols, y, true);
    const Vector<double> w = solve("FoldIn::row", "column", rows_in_, start, cols, y, centre_.effects_of(1), true);
    return units.put_back(predicted(rows_in_, w, centre_.effects_of(1)));
  }
  /// All n1 predictions of a new column of which y_k is observed in row rows[k].
  Vector<double> col(const std::vector<Index>& rows, const Vector<double>& y) const {
    const Units units = units_of(rows, y, false);
    return units.put_back(predicted(cols_in_, col_factor(rows, y), centre_.effects_of(0)));
  }
  /// w itself: what would be a row of W_N (a column of W_1).
  Vector<double> row_factor(const std::vector<Index>& cols, const Vector<double>& y) const {
    return solve("FoldIn::row", "column", rows_in_, row_start_, cols, y, centre_.effects_of(1), true);
  }
  Vector<double> col_factor(const std::vector<Index>& rows, const Vector<double>& y) const {
    return solve("FoldIn::col", "row", cols_in_, col_start_, rows, y, centre_.effects_of(0), false);
  }
  /// Many new rows at once: `fresh` is k x n2, so are the predictions.
  Matrix<double> rows(const Data<double>& fresh) const {
    const Entries& at = fresh.where;
    require(at.cols() == rows_in_.cols(), "FoldIn::rows: the new rows have ", at.cols(), " columns, the model has ", rows_in_.cols());
    require(fresh.weight.size() == 0, "FoldIn::rows: weights are not used here");
    at.shape().require_dense("FoldIn::rows");
    Matrix<double> all(at.rows(), at.cols());
    for (Index i = 0; i < at.rows(); ++i) {
      const Index begin = at.row_start()[i], count = at.row_start()[i + 1] - begin;
      all.row(i) = row(std::vector<Index>(at.col() + begin, at.col() + begin + count), fresh.y.segment(begin, count));
    }
    return all;
  }

 private:
  /// Transform, centre and scale of each entry of a new line; a new column has no transform.
  struct Units {
    const Scales* lines;
    bool row;
    Vector<double> centre, scale;
    const Transform* transform(Index j) const { return row ? lines->transform_of(j) : nullptr; }
    double transformed(double y, Index j) const { return transform(j) ? transform(j)->to(y) : y; }
    Vector<double> put_back(const Vector<double>& z) const {
      Vector<double> all = centre + scale.cwiseProduct(z);
      for (Index j = 0; j < all.size(); ++j)
        if (const Transform* by = transform(j)) all[j] = by->predicted(all[j]);
      return all;
    }
  };
  /// Of a new row, or a new column. Its own centre and scale, where rows have such, are those of its entries, shrunk towards the average of the others.
  Units units_of(const std::vector<Index>& at, const Vector<double>& y, bool row) const {
    const Scales& known = centre_.lines;
    const Index own = row ? 0 : 1;
    const Vector<double>&own_centre = detail::of_mode(known.centre, own), &own_scale = detail::of_mode(known.scale, own);
    const Vector<double>&centre = detail::of_mode(known.centre, 1 - own), &scale = detail::of_mode(known.scale, 1 - own);
    const Index n = row ? rows_in_.cols() : cols_in_.cols();
    Units units{&known, row, centre.size() ? centre : Vector<double>::Zero(n), scale.size() ? scale : Vector<double>::Ones(n)};
    if (own_centre.size() == 0 && own_scale.size() == 0) return units;
    double sum = 0, squares = 0, count = 0;
    const auto each = [&](auto&& use) {
      for (std::size_t k = 0; k < at.size(); ++k)
        if (const Index j = at[k]; j >= 0 && j < n && units.scale[j] > 0)
          use((units.transformed(y[static_cast<Index>(k)], j) - units.centre[j]) / units.scale[j]);
    };
    each([&](double x) { sum += x, ++count; });
    const double others = own_centre.size() ? own_centre.mean() : 0, middle = own_centre.size() ? (count > 0 ? sum / count : others) : 0;
    each([&](double x) { squares += square(x - middle); });
    const double usual = own_scale.size() ? own_scale.mean() : 1;
    units.centre.array() += middle;
    if (own_scale.size()) units.scale *= std::sqrt((squares + 5 * square(usual)) / (count + 5));
    return units;
  }
  Vector<double> solve(const char* who, const char* unit, const Matrix<double>& basis, const Vector<double>& start,
                       const std::vector<Index>& at, const Vector<double>& y, const Vector<double>& effects, bool row) const {
    const auto count = static_cast<Index>(at.size());
    require(count == y.size(), who, ": got ", count, ' ', unit, " indices and ", y.size(), " values");
    const Index r = basis.rows();
    const double mean_square = basis.squaredNorm() / static_cast<double>(basis.cols());
    const Units units = units_of(at, y, row);
    Vector<double> w = Vector<double>::Zero(r);
    Matrix<double> seen = Matrix<double>::Zero(r, count);
    for (Index k = 0; k < count; ++k) {
      const Index j = at[static_cast<std::size_t>(k)];
      require(j >= 0 && j < basis.cols(), who, ": ", unit, " ", j, " is out of range, there are 0 to ", basis.cols() - 1);
      require(std::isfinite(y[k]), who, ": the value in ", unit, " ", j, " is ", y[k]);
      if (units.scale[j] == 0) continue;  // constant: it tells nothing
      if (const Transform* by = units.transform(j))
        require(by->takes(y[k]), who, ": the value in ", unit, " ", j, " is ", y[k], ", but the column was fitted by its ",
                name_of(by->kind), ", which takes values ", by->domain());
      seen.col(k) = basis.col(j);
      const double inner =
          (units.transformed(y[k], j) - units.centre[j]) / units.scale[j] - centre_.mean - (effects.size() ? effects[j] : 0);
      w += (inner / centre_.scale - start.dot(basis.col(j))) * basis.col(j);
    }
    if (count == 0 || mean_square == 0) return start;
    Matrix<double> gram = detail::product_nt(seen, seen);
    gram.diagonal().array() += ridge_ * mean_square;
    const Eigen::LLT<Matrix<double>> cholesky(gram);
    const Vector<double> pivots = cholesky.matrixLLT().diagonal();
    require(cholesky.info() == Eigen::Success && square(pivots.minCoeff() / pivots.maxCoeff()) > 10 * static_cast<double>(r) * epsilon, who,
            ": ", count, " entries do not determine the ", r, " unknowns at a ridge of ", ridge_, "; take a larger one");
    return start + cholesky.solve(w);
  }
  Vector<double> predicted(const Matrix<double>& basis, const Vector<double>& w, const Vector<double>& effects) const {
    Vector<double> z(basis.cols());
    detail::multiply_tn<double>({basis.data(), basis.rows(), basis.cols()}, {w.data(), w.size(), 1}, Write::set, {z.data(), z.size(), 1});
    z = (centre_.scale * z.array() + centre_.mean).matrix();
    if (effects.size()) z += effects;
    return z;
  }
  static double square(double x) { return x * x; }
  static constexpr double epsilon = std::numeric_limits<double>::epsilon();

  Centre centre_;
  double ridge_;
  Vector<double> row_start_, col_start_;  // w_0
  Matrix<double> rows_in_, cols_in_;      // P of r x n2, and Q transposed, d_1 x n1: a basis vector is a column
};

}  // namespace tacit
