// SPDX-License-Identifier: MIT
// One matrix, seen in different ways: the dense and the per-entry path, a list, a measurement per entry, all entries.
#include <tacit/model/symmetric_matrix.hpp>

#include "deep_matrices.hpp"

using namespace laws;

namespace {

/// Entry k as the measurement <E_ij, W>.
template <class S, class O>
LinearMap<S> as_measurements(const O& at) {
  Matrix<S> units = Matrix<S>::Zero(at.rows() * at.cols(), at.count());
  for (Index k = 0; k < at.count(); ++k) units(at[k].row + at.rows() * at[k].col, k) = 1;
  return LinearMap<S>(at.rows(), at.cols(), units);
}
EntryList as_list(const Entries& at) {
  EntryList list = at.batch();
  std::vector<Index> all(static_cast<std::size_t>(at.count()));
  std::iota(all.begin(), all.end(), Index(0));
  at.gather(all.data(), at.count(), list);
  return list;
}

template <class M, class A, class B>
void same(const M& model, const A& a, const B& b) {
  using S = typename M::scalar_type;
  const Index P = model.parameter_count(), m = a.count();
  REQUIRE(b.count() == m);
  const Vector<S> theta = normal<S>(P, 61, 0.5), v = normal<S>(P, 62), zbar = normal<S>(m, 63), dzbar = normal<S>(m, 64);
  Verbs<M, A> one(model, a);
  Verbs<M, B> other(model, b);
  constexpr double tight = sizeof(S) == 4 ? 1e-5 : 1e-14;
  check_close(one.evaluate(theta), other.evaluate(theta), tight);
  check_close(one.pullback(theta, zbar), other.pullback(theta, zbar), tight);
  check_close(one.pushforward(theta, v), other.pushforward(theta, v), tight);
  check_close(one.pullback_tangent(theta, zbar, dzbar, v), other.pullback_tangent(theta, zbar, dzbar, v), tight);
}

template <class M>
void all_ways(const M& model) {
  INFO(model);
  using S = typename M::scalar_type;
  const Entries some = some_entries(model.rows(), model.cols());
  const auto per_entry = some.through(Path::per_entry);
  same(model, per_entry, some.through(Path::dense));
  same(model, per_entry, some);
  same(model, per_entry, as_list(some));
  same(model, per_entry, as_measurements<S>(some));

  // Every entry observed is all entries, in rows instead of columns.
  const Entries every = observed(Matrix<S>::Ones(model.rows(), model.cols())).where;
  std::vector<Index> order;
  for (Index k = 0; k < every.count(); ++k) order.push_back(every[k].row + model.rows() * every[k].col);
  EntryList list = AllEntries(model.rows(), model.cols()).batch();
  AllEntries(model.rows(), model.cols()).gather(order.data(), every.count(), list);
  for (const Path path : {Path::dense, Path::per_entry}) same(model, every.through(path), list);
  const Vector<S> theta = normal<S>(model.parameter_count(), 65, 0.5), zbar = normal<S>(every.count(), 66);
  Vector<S> permuted(zbar.size()), z(zbar.size());
  Verbs<M, AllEntries> all(model, AllEntries(model.rows(), model.cols()));
  Verbs<M, Entries> sparse(model, every.through(Path::per_entry));
  const Vector<S> W = all.evaluate(theta);
  for (Index k = 0; k < zbar.size(); ++k)
    permuted[order[static_cast<std::size_t>(k)]] = zbar[k], z[k] = W[order[static_cast<std::size_t>(k)]];
  constexpr double tight = sizeof(S) == 4 ? 1e-5 : 1e-14;
  check_close(sparse.evaluate(theta), z, tight);
  check_close(sparse.pullback(theta, zbar), all.pullback(theta, permuted), tight);
}

}  // namespace

TEMPLATE_TEST_CASE("deep matrices, whichever way they are looked at", "", float, double) {
  for (const auto& list : {small_deep_matrices(), large_deep_matrices()})
    for (const Widths& widths : list) all_ways(DeepMatrix<TestType>(widths));
}
TEST_CASE("symmetric matrices, whichever way they are looked at") {
  all_ways(SymmetricMatrix<double>({.size = 7, .width = 3}));
  all_ways(SymmetricMatrix<double>({.size = 4, .width = 21}));
}
