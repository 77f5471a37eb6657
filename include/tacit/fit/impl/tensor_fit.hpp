// SPDX-License-Identifier: MIT
#pragma once
// What a TensorFit (tensor_fit.hpp) predicts.

#include "../../core/compiled.hpp"
#include "../tensor_fit.hpp"

namespace tacit {

TACIT_INLINE Vector<double> TensorFit::predict(const TensorEntries& at) const { return centre.put_back(evaluate(at), at); }

TACIT_INLINE Tensor<double> TensorFit::predict() const {
  Tensor<double> all(model->shape());
  all.values = centre.put_back(evaluate(AllEntries(model->shape())), model->shape());
  return all;
}

}  // namespace tacit
