// SPDX-License-Identifier: MIT
#include <tacit/model/cp.hpp>
#include <tacit/model/tucker.hpp>

#include "tensor_laws.hpp"

using namespace laws;

namespace {
template <class S>
std::vector<Tucker<S>> tucker_models() {
  std::vector<Tucker<S>> list;
  list.emplace_back(typename Tucker<S>::Sizes{{4, 3}, {2, 3}});
  list.emplace_back(typename Tucker<S>::Sizes{{3, 4, 2}, {5, 2, 3}});
  list.emplace_back(typename Tucker<S>::Sizes{{3, 2, 2, 3}, {2, 3, 1, 2}});
  return list;
}
double entry_of(const Tucker<double>& model, const Vector<double>& theta, const std::vector<Index>& i) {
  double sum = 0;
  std::vector<Index> q(i.size(), 0);
  for (Index k = 0; k < model.layout()[0].count; ++k) {
    double product = theta[k];
    for (std::size_t n = 0; n < i.size(); ++n) product *= model.block(theta, static_cast<Index>(n) + 1)(i[n], q[n]);
    sum += product;
    for (std::size_t n = 0; n < q.size() && ++q[n] == model.rank(static_cast<Index>(n)); ++n) q[n] = 0;
  }
  return sum;
}
}  // namespace

TEST_CASE("Tucker is its sum over the core, along every path") {
  for (const auto& model : tucker_models<double>())
    tensor_paths_agree(model, [&](const auto& theta, const auto& i) { return entry_of(model, theta, i); });
}
TEST_CASE("Tucker with a superdiagonal core is CP") {
  const CP<double> cp({.shape = {3, 4, 2}, .rank = 3});
  const Tucker<double> tucker({.shape = {3, 4, 2}, .ranks = {3}});
  const Vector<double> theta = normal<double>(cp.parameter_count(), 5);
  Vector<double> core = Vector<double>::Zero(27), same(tucker.parameter_count());
  for (Index r = 0; r < 3; ++r) core[r + 3 * r + 9 * r] = 1;
  same << core, theta;
  const TensorEntries at = some_tensor_entries(cp.shape());
  const Vector<double> zbar = normal<double>(at.count(), 6);
  Verbs<CP<double>, TensorEntries> a(cp, at);
  Verbs<Tucker<double>, TensorEntries> b(tucker, at);
  check_close(a.evaluate(theta), b.evaluate(same), 1e-14);
  check_close(a.pullback(theta, zbar), b.pullback(same, zbar).tail(theta.size()), 1e-14);
}
