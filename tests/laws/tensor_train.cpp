// SPDX-License-Identifier: MIT
#include <tacit/model/deep_matrix.hpp>
#include <tacit/model/tensor_train.hpp>

#include "tensor_laws.hpp"

using namespace laws;

namespace {
template <class S>
std::vector<TensorTrain<S>> tensor_train_models() {
  std::vector<TensorTrain<S>> list;
  list.emplace_back(typename TensorTrain<S>::Sizes{{4, 3}, {2}});
  list.emplace_back(typename TensorTrain<S>::Sizes{{3, 4, 2}, {5, 2}});
  list.emplace_back(typename TensorTrain<S>::Sizes{{3, 2, 4, 2}, {2, 3, 4}});
  list.emplace_back(typename TensorTrain<S>::Sizes{{2, 1, 3, 2, 2}, {3}});
  return list;
}
double entry_of(const TensorTrain<double>& model, const Vector<double>& theta, const std::vector<Index>& i) {
  Matrix<double> product = Matrix<double>::Ones(1, 1);
  for (Index k = 0; k < model.order(); ++k) {
    const auto core = model.block(theta, k);  // r_{k-1} x (r_k n_k)
    Matrix<double> slice(model.rank(k), model.rank(k + 1));
    for (Index q = 0; q < slice.cols(); ++q) slice.col(q) = core.col(q + model.rank(k + 1) * i[static_cast<std::size_t>(k)]);
    product = (product * slice).eval();
  }
  return product(0, 0);
}
}  // namespace

TEST_CASE("tensor trains are products of matrices, along every path") {
  for (const auto& model : tensor_train_models<double>())
    tensor_paths_agree(model, [&](const auto& theta, const auto& i) { return entry_of(model, theta, i); });
}
TEST_CASE("a tensor train of order two is a deep matrix of depth two") {
  const TensorTrain<double> train({.shape = {5, 4}, .ranks = {3}});
  const DeepMatrix<double> deep({4, 3, 5});
  const Vector<double> theta = normal<double>(train.parameter_count(), 5);
  Vector<double> same(theta.size());  // W_1 = G_2 comes first in a deep matrix, then W_2 = G_1 by rows
  same << theta.tail(12), theta.head(15);
  const Entries at = some_entries(5, 4);
  const Vector<double> zbar = normal<double>(at.count(), 6);
  Verbs<TensorTrain<double>, Entries> a(train, at);
  Verbs<DeepMatrix<double>, Entries> b(deep, at);
  check_close(a.evaluate(theta), b.evaluate(same), 1e-15);
  const Vector<double> g = a.pullback(theta, zbar), h = b.pullback(same, zbar);
  check_close(Vector<double>(g.head(15)), Vector<double>(h.tail(15)), 1e-15);
  check_close(Vector<double>(g.tail(12)), Vector<double>(h.head(12)), 1e-15);
}
