// SPDX-License-Identifier: MIT
#pragma once
// |W(theta)|_F^2 of tensor models from their factors, without W: all numbers that meet are Gram matrices.
//   CP             1^T (A_1^T A_1 .* ... .* A_d^T A_d) 1                                              R^2 sum_n n_n flops
//   Tucker         <G, G x_1 U_1^T U_1 ... x_d U_d^T U_d>                                             about prod r_n sum_n r_n
//   TensorTrain    M_k = sum_i G_k(i)^T M_{k-1} G_k(i) from M_0 = 1                                   2 sum_k |G_k| (r_{k-1} + r_k)
//   Hierarchical   M_v = B_v^T (M_c .* M_c' .* ...) B_v over the children c, M_leaf = A^T A           2 sum_v |B_v| (in + out)
// theta is read in double. Exact up to rounding relative to the norms of the factors: a W that cancels is better formed.

#include "cp.hpp"
#include "hierarchical_tensor.hpp"
#include "tensor_train.hpp"
#include "tucker.hpp"

namespace tacit {

template <Scalar S>
double squared_norm(const CP<S>& model, const Vector<double>& theta) {
  Matrix<double> together = Matrix<double>::Ones(model.rank(), model.rank());
  for (Index n = 0; n < model.order(); ++n) {
    const Matrix<double> A = model.layout().matrix(theta, n);
    together = together.cwiseProduct(detail::product_tn(A, A));
  }
  return together.sum();
}

template <Scalar S>
double squared_norm(const Tucker<S>& model, const Vector<double>& theta) {
  const Vector<double> core = model.layout().flat(theta, 0);
  Matrix<double> x = core.reshaped(model.rank(0), core.size() / model.rank(0));
  for (Index n = 0; n < model.order(); ++n) {  // (r_n x others)^T M: the mode moves to the end, so that after d of them all stand as before
    const Matrix<double> U = model.layout().matrix(theta, n + 1);
    x.resize(model.rank(n), core.size() / model.rank(n));
    x = detail::product_tn(x, detail::product_tn(U, U));
  }
  return core.dot(x.reshaped());
}

template <Scalar S>
double squared_norm(const TensorTrain<S>& model, const Vector<double>& theta) {
  Matrix<double> M = Matrix<double>::Ones(1, 1);
  for (Index k = 0; k < model.order(); ++k) {
    Matrix<double> next = Matrix<double>::Zero(model.rank(k + 1), model.rank(k + 1));
    for (Index i = 0; i < model.shape()[k]; ++i) {
      const Matrix<double> G = model.slice(theta, k, i);
      next += detail::product_tn(G, detail::product(M, G));
    }
    M = next;
  }
  return M(0, 0);
}

template <Scalar S>
double squared_norm(const HierarchicalTensor<S>& model, const Vector<double>& theta) {
  std::vector<Matrix<double>> grams;
  for (const auto& node : model.nodes()) {  // children come before their parent
    const Matrix<double> block =
        node.block < 0 ? Matrix<double>(Matrix<double>::Ones(node.in, 1)) : Matrix<double>(model.layout().matrix(theta, node.block));
    if (node.children.empty()) {
      grams.push_back(detail::product_tn(block, block));
      continue;
    }
    Matrix<double> together = Matrix<double>::Ones(node.in, node.in);
    for (Index c : node.children) together = together.cwiseProduct(grams[static_cast<std::size_t>(c)]);
    grams.push_back(detail::product_tn(block, detail::product(together, block)));
  }
  return grams[static_cast<std::size_t>(model.root())](0, 0);
}

/// Of a deep factorization: that of the factors its chains multiply to.
template <class Model>
requires requires(const Model& model) { model.shallow(); }
double squared_norm(const Model& model, const Vector<double>& theta) {
  using S = typename Model::scalar_type;
  return squared_norm(model.shallow(), Vector<double>(model.factors(theta.template cast<S>()).template cast<double>()));
}

}  // namespace tacit
