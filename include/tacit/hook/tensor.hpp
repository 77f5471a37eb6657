// SPDX-License-Identifier: MIT
#pragma once
// error_to, mean_square_error_to, distance_to and entry (hook/probe.hpp) for tensors.

#include "../core/tensor.hpp"
#include "probe.hpp"

namespace tacit {

/// |W - truth|_F / |truth|_F, the normalised reconstruction error.                                    [Razin et al. 2020-2022]
template <Scalar S>
auto error_to(const Tensor<S>& truth) {
  return error_to(unfold(truth, 0));
}
/// Mean over all entries, observed included, of (W - truth)^2.
template <Scalar S>
auto mean_square_error_to(const Tensor<S>& truth) {
  return mean_square_error_to(unfold(truth, 0));
}
/// |W - reference|_F.
template <Scalar S>
auto distance_to(const Tensor<S>& reference) {
  return probe("distance", [reference = std::make_shared<const Tensor<S>>(reference)](const auto& now) {
    require(now.shape() == reference->shape, "distance_to: the reference is ", reference->shape, ", W is ", now.shape());
    return detail::norm(now.values() - reference->values);
  });
}
/// W(i, j, k, ...) along the run, from the dense W.
inline auto entry(std::vector<Index> index) {
  std::string name = "W";
  for (Index i : index) name += "_" + std::to_string(i);
  return probe(std::move(name), [index](const auto& now) {
    const Shape shape = now.shape();
    require(static_cast<Index>(index.size()) == shape.order(), "entry: got ", index.size(), " indices for W of shape ", shape);
    Index place = 0;
    for (Index n = shape.order() - 1; n >= 0; --n) {
      const Index i = index[static_cast<std::size_t>(n)];
      require(i >= 0 && i < shape[n], "entry: index ", i, " of mode ", n, " lies outside W of shape ", shape);
      place = place * shape[n] + i;
    }
    return now.values()[place];
  });
}

}  // namespace tacit
