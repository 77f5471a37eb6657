// SPDX-License-Identifier: MIT
#pragma once
// What the baselines of completion share: a model is fitted to the entries of `train`, its hyper-parameters are those with the smallest root mean
// square error on `validation`, and every setting that was tried stays in a table. As with the trained models, the test entries are nobody's business here.

#include <algorithm>
#include <cmath>
#include <string>
#include <utility>
#include <vector>

#include "../core/product.hpp"
#include "../observation/data.hpp"

namespace tacit {

/// The fit that was chosen, as it was when it was validated, and all trials in their order.
template <class Fit, class Trial>
struct Tuned {
  Fit fit;
  double validation_rmse = 0;
  std::vector<Trial> trials;
};

/// Of a tuner whose settings are said in a name.
struct Trial {
  std::string name;
  double validation_rmse;
};

namespace detail {

inline double rmse(const Vector<double>& z, const Vector<double>& y) {
  return std::sqrt((z - y).squaredNorm() / static_cast<double>(y.size()));
}

/// Are the residuals `other` smaller than `now` on the same entries, by more than so many standard errors of the difference of squares?
inline bool clearly_better(const Vector<double>& other, const Vector<double>& now, double errors) {
  const Vector<double> gain = now.cwiseAbs2() - other.cwiseAbs2();
  const auto n = static_cast<double>(gain.size());
  return n > 1 && gain.mean() > errors * std::sqrt((gain.array() - gain.mean()).square().sum() / (n - 1) / n);
}

/// Mean over its standard error, of the numbers added.
struct Significance {
  double sum = 0, squares = 0, count = 0;
  void add(double x) { sum += x, squares += x * x, ++count; }
  Significance without(const Significance& part) const { return {sum - part.sum, squares - part.squares, count - part.count}; }
  double ratio() const {
    if (count < 2) return 0;
    const double variance = (squares - sum * sum / count) / (count - 1) / count;
    return variance > 0 ? sum / count / std::sqrt(variance) : 0;
  }
};

/// Errors are squared: throws where the squares would overflow, or all of them vanish.
inline void require_range(const char* who, const Vector<double>& y, const Vector<double>& more = {}) {
  double largest = 0;
  for (const Vector<double>* part : {&y, &more})
    if (part->size() > 0) largest = std::max(largest, part->cwiseAbs().maxCoeff());
  require(largest == 0 || (largest >= 1e-140 && largest <= 1e140), who, ": the largest entry has size ", largest,
          ", and squared errors of such data do not fit a double; give the data in other units");
}
template <class O>
void require_unweighted(const char* who, const Data<double, O>& data) {
  require(data.weight.size() == 0, who, ": the data carry weights, which this baseline does not use; leave them out");
}
template <class O>
void require_validation(const char* who, const Data<double, O>& train, const Data<double, O>& validation) {
  require_unweighted(who, train);
  require_unweighted(who, validation);
  require(train.where.shape() == validation.where.shape(), who, ": train is ", train.where.shape(), ", validation ",
          validation.where.shape(), "; they need to be parts of one ", std::is_same_v<O, Entries> ? "matrix" : "tensor");
  require_range(who, train.y, validation.y);
}
inline void require_inside(const char* who, Index i, Index j, Index rows, Index cols) {
  require(i >= 0 && i < rows && j >= 0 && j < cols, who, ": (", i, ", ", j, ") lies outside the ", rows, " x ", cols,
          " matrix (indices start at 0)");
}

/// The same entries of W^T; the k-th of them is entry where.by_col()[k] of W.
inline Entries transposed(const Entries& where) {
  const auto m = static_cast<std::size_t>(where.count());
  Entries::Indices row(m), col(where.row_by_col(), where.row_by_col() + m);
  for (Index j = 0; j < where.cols(); ++j)
    for (Index s = where.col_start()[j]; s < where.col_start()[j + 1]; ++s) row[static_cast<std::size_t>(s)] = static_cast<std::int32_t>(j);
  return Entries(where.cols(), where.rows(), std::move(row), std::move(col));
}
inline Vector<double> transposed(const Entries& where, const Vector<double>& y) {
  Vector<double> result(y.size());
  for (Index s = 0; s < y.size(); ++s) result[s] = y[where.by_col()[s]];
  return result;
}

/// z_k = <a_i, b_j> for factors that are stored transposed, A^T (r x n1) and B^T (r x n2), so that a_i and b_j are contiguous.
inline void product_at(const Matrix<double>& At, const Matrix<double>& Bt, const Entries& where, Vector<double>& z) {
  z.resize(where.count());
  if (At.rows() == 0) return void(z.setZero());
  for (Index i = 0; i < where.rows(); ++i) {
    const Index first = where.row_start()[i], count = where.row_start()[i + 1] - first;
    dots(At.data() + i * At.rows(), Bt.data(), At.rows(), count, where.col() + first, Write::set, z.data() + first);
  }
}

}  // namespace detail

}  // namespace tacit
