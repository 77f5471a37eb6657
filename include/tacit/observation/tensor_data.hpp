// SPDX-License-Identifier: MIT
#pragma once
// Data of tensors:  Data<S, TensorEntries> from coordinates in any order or from a Tensor with NaN for what is missing, Data<S, AllEntries> from a whole one;
// splits (observation/split.hpp) cut them like matrices.

#include <cmath>
#include <numeric>

#include "../core/tensor.hpp"
#include "data.hpp"
#include "tensor_entries.hpp"

namespace tacit {

namespace detail {

/// Sorts the coordinates lexicographically, mode 0 first, by a radix pass a mode; position s then holds what was entry order[s]. Equal ones keep their order.
inline std::vector<std::uint32_t> sort_tensor_entries(const Shape& shape, std::vector<TensorEntries::Indices>& index) {
  std::vector<std::uint32_t> order(index.front().size()), next(order.size());
  std::iota(order.begin(), order.end(), 0u);
  for (Index n = shape.order() - 1; n >= 0; --n) {
    const auto& key = index[static_cast<std::size_t>(n)];
    std::vector<std::uint32_t> place = first_places(key, shape[n]);
    for (std::uint32_t k : order) next[place[static_cast<std::size_t>(key[k])]++] = k;
    order.swap(next);
  }
  for (auto& i : index) reorder(order, i);
  return order;
}

}  // namespace detail

/// Data from coordinates in any order, index[n][k] = i_kn: sorts entries, values and weights together, by a radix pass a mode. Duplicates are refused.
/// O(order m + sum n_k) time, 8 bytes an entry beside the input.
template <Scalar S>
Data<S, TensorEntries> observed(Shape shape, std::vector<TensorEntries::Indices> index, Vector<S> y, Vector<S> weight = {}) {
  require(static_cast<Index>(index.size()) == shape.order(), "observed: got indices of ", index.size(), " modes for a ", shape, " tensor");
  for (Index n = 0; n < shape.order(); ++n) {
    const auto& i = index[static_cast<std::size_t>(n)];
    require(static_cast<Index>(i.size()) == y.size(), "observed: got ", i.size(), " indices of mode ", n, " and ", y.size(), " values");
    for (std::size_t k = 0; k < i.size(); ++k)
      if (i[k] < 0 || i[k] >= shape[n])
        require(false, "observed: observation ", k, " has index ", i[k], " of mode ", n, ", outside the ", shape,
                " tensor (indices start at 0)");
  }
  require(weight.size() == 0 || weight.size() == y.size(), "observed: got ", weight.size(), " weights for ", y.size(), " observations");
  const std::vector<std::uint32_t> order = detail::sort_tensor_entries(shape, index);
  detail::reorder(order, y);
  if (weight.size()) detail::reorder(order, weight);
  return {TensorEntries(std::move(shape), std::move(index)), std::move(y), std::move(weight)};
}

/// Data from a tensor in which NaN marks what is missing.
template <Scalar S>
Data<S, TensorEntries> observed(const Tensor<S>& tensor) {
  const Index order = tensor.order();
  std::vector<TensorEntries::Indices> index(static_cast<std::size_t>(order));
  std::vector<S> y;
  std::vector<std::int32_t> at(index.size(), 0);
  for (Index k = 0; k < tensor.values.size(); ++k) {
    if (!std::isnan(tensor.values[k])) {
      for (std::size_t n = 0; n < at.size(); ++n) index[n].push_back(at[n]);
      y.push_back(tensor.values[k]);
    }
    for (std::size_t n = 0; n < at.size() && ++at[n] == tensor.shape[static_cast<Index>(n)]; ++n) at[n] = 0;
  }
  return observed<S>(tensor.shape, std::move(index), Eigen::Map<const Vector<S>>(y.data(), static_cast<Index>(y.size())));
}

/// The whole of a tensor as targets:  z = vec(W).
template <Scalar S>
Data<S, AllEntries> fully_observed(const Tensor<S>& tensor) {
  return {AllEntries(tensor.shape), tensor.values};
}

/// The observations with these indices (sorted, without duplicates), as Data of their own.
template <Scalar S, class I = Index>
Data<S, TensorEntries> subset(const Data<S, TensorEntries>& data, const std::vector<I>& which) {
  const Shape& shape = data.where.shape();
  std::vector<TensorEntries::Indices> index(static_cast<std::size_t>(shape.order()));
  Vector<S> y(static_cast<Index>(which.size())), weight(data.weight.size() ? y.size() : 0);
  for (std::size_t n = 0; n < index.size(); ++n) {
    index[n].reserve(which.size());
    for (I k : which) index[n].push_back(data.where.mode(static_cast<Index>(n))[k]);
  }
  for (std::size_t k = 0; k < which.size(); ++k) {
    y[static_cast<Index>(k)] = data.y[which[k]];
    if (weight.size()) weight[static_cast<Index>(k)] = data.weight[which[k]];
  }
  return {TensorEntries(shape, std::move(index)).through(data.where.path()), std::move(y), std::move(weight)};
}

/// For each mode, the slices without a single observation, which no completion can know anything about; worth a warning that names them.
inline std::vector<std::vector<Index>> unobserved(const TensorEntries& where) {
  std::vector<std::vector<Index>> missing;
  for (Index n = 0; n < where.shape().order(); ++n) {
    std::vector<bool> seen(static_cast<std::size_t>(where.shape()[n]), false);
    for (Index k = 0; k < where.count(); ++k) seen[static_cast<std::size_t>(where.mode(n)[k])] = true;
    missing.emplace_back();
    for (Index i = 0; i < where.shape()[n]; ++i)
      if (!seen[static_cast<std::size_t>(i)]) missing.back().push_back(i);
  }
  return missing;
}

}  // namespace tacit
