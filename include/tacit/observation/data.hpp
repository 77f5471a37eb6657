// SPDX-License-Identifier: MIT
#pragma once
// Data = where (an observation), y (the targets) and optional weights, which are always cut together: by minibatches, splits and shards.

#include <cmath>
#include <utility>
#include <vector>

#include "all_entries.hpp"
#include "entries.hpp"
#include "linear_map.hpp"
#include "sort_entries.hpp"

namespace tacit {

template <Scalar S, class O = Entries>
struct Data {
  using scalar_type = S;
  using observation_type = O;

  O where;
  Vector<S> y;
  Vector<S> weight;  ///< one factor per observation, or empty: all one

  Data(O observation, Vector<S> targets, Vector<S> weights = {})
      : where(std::move(observation)), y(std::move(targets)), weight(std::move(weights)) {
    require(y.size() == where.count(), "Data: got ", y.size(), " targets for ", where.count(), " observations");
    require(weight.size() == 0 || weight.size() == y.size(), "Data: got ", weight.size(), " weights for ", y.size(), " observations");
    for (Index k = 0; k < y.size(); ++k)  // where() makes a string: only for those that are refused
      if (!std::isfinite(y[k])) require(false, "Data: the target of ", where.where(k), " is ", y[k], "; leave missing entries out");
    for (Index k = 0; k < weight.size(); ++k)
      if (!(std::isfinite(weight[k]) && weight[k] >= 0))
        require(false, "Data: the weight of ", where.where(k), " is ", weight[k], ", it needs to be finite and not negative");
  }

  Index count() const { return y.size(); }

  template <class Archive>
  void persist(Archive& archive) {
    where.persist(archive);
    archive("y", y);
    archive("weight", weight);
  }
};
template <Scalar S, class O>
Data(O, Vector<S>) -> Data<S, O>;

/// One observed entry with its value, as files list them.
template <Scalar S>
struct Triplet {
  Index row, col;
  S value;
};

/// Data from entries in any order: sorts entries, values and weights together. Duplicates are refused.          O(m + rows + cols)
template <Scalar S>
Data<S> observed(Index rows, Index cols, Entries::Indices row, Entries::Indices col, Vector<S> y, Vector<S> weight = {}) {
  require(row.size() == col.size() && static_cast<Index>(row.size()) == y.size(), "observed: got ", row.size(), " row indices, ",
          col.size(), " column indices and ", y.size(), " values");
  require(weight.size() == 0 || weight.size() == y.size(), "observed: got ", weight.size(), " weights for ", y.size(), " observations");
  const auto inside = [&](std::size_t k) { return row[k] >= 0 && row[k] < rows && col[k] >= 0 && col[k] < cols; };
  for (std::size_t k = 0; k < row.size(); ++k)
    require(inside(k), "observed: observation ", k, " is at (", row[k], ", ", col[k], "), outside the ", rows, " x ", cols,
            " matrix (indices start at 0)");
  if (rows <= INT32_MAX && cols <= INT32_MAX && row.size() <= INT32_MAX) {  // else Entries refuses them
    const std::vector<std::uint32_t> order = detail::sort_entries(rows, cols, row, col);
    if (!order.empty()) detail::reorder(order, y);
    if (!order.empty() && weight.size()) detail::reorder(order, weight);
  }
  return {Entries(rows, cols, std::move(row), std::move(col)), std::move(y), std::move(weight)};
}

template <Scalar S>
Data<S> observed(Index rows, Index cols, const std::vector<Triplet<S>>& triplets) {
  Entries::Indices row, col;
  Vector<S> y(static_cast<Index>(triplets.size()));
  for (const Triplet<S>& t : triplets) {
    require(t.row >= 0 && t.row < rows && t.col >= 0 && t.col < cols, "observed: (", t.row, ", ", t.col, ") lies outside the ", rows, " x ",
            cols, " matrix (indices start at 0)");
    y[static_cast<Index>(row.size())] = t.value;
    row.push_back(static_cast<std::int32_t>(t.row));
    col.push_back(static_cast<std::int32_t>(t.col));
  }
  return observed<S>(rows, cols, std::move(row), std::move(col), std::move(y));
}

/// Data from a dense matrix in which NaN marks what is missing; W may be any Eigen expression.
template <class Derived>
auto observed(const Eigen::MatrixBase<Derived>& expression) {
  using S = typename Derived::Scalar;
  const Matrix<S> W = expression;
  Entries::Indices row, col;
  std::vector<S> values;
  for (Index i = 0; i < W.rows(); ++i)
    for (Index j = 0; j < W.cols(); ++j) {
      if (std::isnan(W(i, j))) continue;
      row.push_back(static_cast<std::int32_t>(i));
      col.push_back(static_cast<std::int32_t>(j));
      values.push_back(W(i, j));
    }
  Vector<S> y = Eigen::Map<const Vector<S>>(values.data(), static_cast<Index>(values.size()));
  return observed<S>(W.rows(), W.cols(), std::move(row), std::move(col), std::move(y));
}

/// The whole of W as targets:  z = vec(W).
template <class Derived>
auto fully_observed(const Eigen::MatrixBase<Derived>& W) {
  using S = typename Derived::Scalar;
  const Matrix<S> dense = W;
  return Data<S, AllEntries>(AllEntries(W.rows(), W.cols()), Eigen::Map<const Vector<S>>(dense.data(), dense.size()));
}

/// The observations with these indices (sorted, without duplicates), as Data of their own.
template <Scalar S, class I = Index>
Data<S> subset(const Data<S>& data, const std::vector<I>& which) {
  Entries::Indices row(which.size()), col(which.size());
  Vector<S> y(static_cast<Index>(which.size())), weight(data.weight.size() ? y.size() : 0);
  for (std::size_t k = 0; k < which.size(); ++k) {
    row[k] = data.where.row()[which[k]];
    col[k] = data.where.col()[which[k]];
    y[static_cast<Index>(k)] = data.y[which[k]];
    if (weight.size()) weight[static_cast<Index>(k)] = data.weight[which[k]];
  }
  Data<S> part = observed<S>(data.where.rows(), data.where.cols(), std::move(row), std::move(col), std::move(y), std::move(weight));
  part.where = part.where.through(data.where.path());
  return part;
}

/// Rows and columns without a single observation, which no completion can know anything about; worth a warning that names them.
struct Unobserved {
  std::vector<Index> rows, cols;
};
inline Unobserved unobserved(const Entries& where) {
  Unobserved missing;
  for (Index i = 0; i < where.rows(); ++i)
    if (where.row_start()[i] == where.row_start()[i + 1]) missing.rows.push_back(i);
  for (Index j = 0; j < where.cols(); ++j)
    if (where.col_start()[j] == where.col_start()[j + 1]) missing.cols.push_back(j);
  return missing;
}

}  // namespace tacit
