// SPDX-License-Identifier: MIT
#pragma once
// The tangent kernel at theta,  K = J J^T,  K_kl = <dz_k / dtheta, dz_l / dtheta>,  J = dz / dtheta: under gradient flow z' = -K dl/dz, so K_kl says how the
// residual of observation l moves prediction k. Of a deep matrix, with z_k = W(i, j), z_l = W(a, b), P_t = W_N ... W_{t+1}, Q_t = W_{t-1} ... W_1,
//   K_kl = sum_t (P_t P_t^T)(i, a) (Q_t^T Q_t)(j, b),
// which for two factors is zero where the entries share neither row nor column.                    [Jacot et al. 2018; Shin & Yun 2026]
// Works for every model and observation: one evaluation, m pullbacks and 2 m^2 P flops; m P numbers are kept, more than 10^8 are refused.

#include "../core/layout.hpp"
#include "../core/product.hpp"

namespace tacit {

/// m x m, in the order of the observations.
template <class M, class O, Scalar S>
Matrix<S> tangent_kernel(const M& model, const O& at, const Vector<S>& theta) {
  model.layout().require_size(theta.size(), "tangent_kernel");
  const Index m = at.count();
  Shape{theta.size(), m}.require_dense("tangent_kernel (the gradients of all observations)");
  auto ws = model.workspace(at);
  Vector<S> z(m), unit = Vector<S>::Zero(m);
  model.evaluate(theta, at, ws, z);
  Matrix<S> gradients(theta.size(), m);
  for (Index k = 0; k < m; ++k) {
    unit[k] = 1;
    model.pullback(theta, at, ws, unit, Write::set, gradients.col(k));
    unit[k] = 0;
  }
  return detail::product_tn<S>(gradients, gradients);
}

}  // namespace tacit
