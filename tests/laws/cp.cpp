// SPDX-License-Identifier: MIT
#include <tacit/model/cp.hpp>

#include "tensor_laws.hpp"

using namespace laws;

namespace {
template <class S>
std::vector<CP<S>> cp_models() {
  std::vector<CP<S>> list;
  list.emplace_back(typename CP<S>::Sizes{{4, 3}, 2});
  list.emplace_back(typename CP<S>::Sizes{{3, 4, 2}, 5});
  list.emplace_back(typename CP<S>::Sizes{{3, 2, 4, 2}, 3});
  list.emplace_back(typename CP<S>::Sizes{{2, 1, 3, 2, 2}, 17});
  return list;
}
double entry_of(const CP<double>& model, const Vector<double>& theta, const std::vector<Index>& i) {
  double sum = 0;
  for (Index r = 0; r < model.rank(); ++r) {
    double product = 1;
    for (Index n = 0; n < model.order(); ++n) product *= model.block(theta, n)(i[static_cast<std::size_t>(n)], r);
    sum += product;
  }
  return sum;
}
}  // namespace

TEST_CASE("CP is its sum of products, along every path") {
  for (const auto& model : cp_models<double>())
    tensor_paths_agree(model, [&](const auto& theta, const auto& i) { return entry_of(model, theta, i); });
}
