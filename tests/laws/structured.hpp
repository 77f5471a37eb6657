// SPDX-License-Identifier: MIT
#pragma once
// Structured measurements of a matrix of each kind, and the same as a LinearMap made of their definitions.

#include <tacit/observation/features.hpp>
#include <tacit/observation/rank_one_map.hpp>
#include <tacit/observation/sparse_map.hpp>

#include "laws.hpp"

namespace laws {

template <class S>
Features<S> some_features(Index samples, Index cols, Index outputs) {
  return Features<S>(normal_matrix<S>(samples, cols, 21), outputs);
}
template <class S>
LinearMap<S> as_linear_map(const Features<S>& at) {
  std::vector<Matrix<S>> A;
  for (Index s = 0; s < at.samples(); ++s)
    for (Index o = 0; o < at.outputs(); ++o) {
      A.push_back(Matrix<S>::Zero(at.rows(), at.cols()));
      A.back().row(o) = at.columns().col(s).transpose();
    }
  return LinearMap<S>(A);
}
template <class S>
RankOneMap<S> some_rank_one(const Shape& shape, Index count) {
  std::vector<Matrix<S>> modes;
  for (Index n = 0; n < shape.order(); ++n) modes.push_back(normal_matrix<S>(shape[n], count, 31 + static_cast<std::uint64_t>(n)));
  return RankOneMap<S>(modes);
}
/// Measurement k has k % 3 terms: none, one, two, the last at one entry twice.
template <class S>
std::vector<typename SparseMap<S>::Measurement> some_sparse_terms(const Shape& shape, Index count) {
  std::vector<typename SparseMap<S>::Measurement> measurements(static_cast<std::size_t>(count));
  Random random(41, "sparse");
  for (std::size_t k = 0; k < measurements.size(); ++k)
    for (std::size_t t = 0; t < k % 3; ++t) {
      std::vector<Index> at;
      for (Index n = 0; n < shape.order(); ++n) at.push_back(static_cast<Index>(random.below(static_cast<std::uint64_t>(shape[n]))));
      if (t == 1 && k + 3 >= measurements.size()) at = measurements[k][0].at;
      measurements[k].push_back({at, static_cast<S>(random.normal())});
    }
  return measurements;
}
template <class S>
SparseMap<S> some_sparse(const Shape& shape, Index count) {
  return SparseMap<S>(shape, some_sparse_terms<S>(shape, count));
}
/// The same of a matrix as a LinearMap.
template <class S>
LinearMap<S> some_sparse_matrices(const Shape& shape, Index count) {
  std::vector<Matrix<S>> A;
  for (const auto& measurement : some_sparse_terms<S>(shape, count)) {
    A.push_back(Matrix<S>::Zero(shape[0], shape[1]));
    for (const auto& term : measurement) A.back()(term.at[0], term.at[1]) += term.coefficient;
  }
  return LinearMap<S>(A);
}

}  // namespace laws
