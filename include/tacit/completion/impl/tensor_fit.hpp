// SPDX-License-Identifier: MIT
#pragma once
// What a TensorFit (tensor_fit.hpp) predicts.

#include "../../core/compiled.hpp"
#include "../tensor_fit.hpp"

namespace tacit {

TACIT_INLINE Vector<double> TensorFit::predict(const TensorEntries& at) const {
  auto ws = model->workspace(at);
  Vector<double> z(at.count());
  model->evaluate(theta, at, ws, z);
  return centre.predict(at) + scale * z;
}

TACIT_INLINE Tensor<double> TensorFit::predict() const {
  Tensor<double> all = centre.predict(model->shape());
  const AllEntries everywhere(model->shape());
  auto ws = model->workspace(everywhere);
  Vector<double> z(all.values.size());
  model->evaluate(theta, everywhere, ws, z);
  all.values += scale * z;
  return all;
}

}  // namespace tacit
