// SPDX-License-Identifier: MIT
#pragma once
// The laws of laws.hpp for tensor models, on every kind of observation and along every path; and the paths against each other.

#include <tacit/model/tensor_model.hpp>
#include <tacit/observation/tensor_data.hpp>

#include "laws.hpp"

namespace laws {

/// About 40 % of the entries; slices without any, and full ones.
inline TensorEntries some_tensor_entries(const Shape& shape) {
  std::vector<TensorEntries::Indices> index(static_cast<std::size_t>(shape.order()));
  Random random(17, "entries");
  std::vector<Index> i(index.size(), 0);
  for (Index k = 0; k < shape.count(); ++k) {
    const bool drawn = random.uniform()<0.4, empty = shape[0]> 2 && i[0] == 1, full = i[0] == shape[0] - 1;
    if (!empty && (drawn || full))
      for (std::size_t n = 0; n < i.size(); ++n) index[n].push_back(static_cast<std::int32_t>(i[n]));
    for (Index n = shape.order() - 1; n >= 0 && ++i[static_cast<std::size_t>(n)] == shape[n]; --n) i[static_cast<std::size_t>(n)] = 0;
  }
  return TensorEntries(shape, index);
}
/// A batch drawn with replacement.
inline TensorEntryList some_tensor_list(const Shape& shape) {
  TensorEntryList list(shape);
  list.resize(shape.count());
  Random random(18, "list");
  for (Index k = 0; k < list.count(); ++k)
    for (Index n = 0; n < shape.order(); ++n) list.set(k, n, static_cast<Index>(random.below(static_cast<std::uint64_t>(shape[n]))));
  return list;
}
template <class S>
LinearMap<S> some_tensor_measurements(const Shape& shape) {
  return LinearMap<S>(shape, normal_matrix<S>(shape.count(), 7, 19));
}

template <class M>
void tensor_laws_hold(const M& model) {
  using S = typename M::scalar_type;
  const Shape shape = model.shape();
  const TensorEntries at = some_tensor_entries(shape);
  const double h = sizeof(S) == 4 || model.degree() <= 6 ? 0.05 : 0.004;  // beyond degree six the differences have an error of order h^6
  verbs_agree(model, AllEntries(shape), h);
  for (const Path path : {Path::per_entry, Path::halves, Path::dense}) verbs_agree(model, at.through(path), h);
  if (shape.order() == 2)
    for (const Path path : {Path::per_entry, Path::halves, Path::dense})
      verbs_agree(model, some_entries(shape[0], shape[1]).through(path), h);
  verbs_agree(model, some_tensor_list(shape), h);
  verbs_agree(model, some_list(shape[0], shape.count() / shape[0]), h);  // minibatches of all entries
  verbs_agree(model, some_tensor_measurements<S>(shape), h);
}

/// All ways to W(theta) give the same numbers, as does `direct`, called with a theta and a multi-index.
template <class M, class Direct>
void tensor_paths_agree(const M& model, Direct&& direct) {
  using S = typename M::scalar_type;
  INFO(model);
  const Shape shape = model.shape();
  const Index P = model.parameter_count();
  const Vector<S> theta = normal<S>(P, 1, 0.5), v = normal<S>(P, 2);
  const AllEntries all(shape);
  const Vector<S> W = Verbs<M, AllEntries>(model, all).evaluate(theta);
  std::vector<Index> i(static_cast<std::size_t>(shape.order()), 0);
  Vector<S> expected(W.size());
  for (Index k = 0; k < W.size(); ++k) {
    expected[k] = static_cast<S>(direct(theta, i));
    for (std::size_t n = 0; n < i.size() && ++i[n] == shape[static_cast<Index>(n)]; ++n) i[n] = 0;
  }
  check_close(W, expected, rounding<S>);

  const auto every_path = [&]<class O>(const O& at, auto&& index) {  // index(n, k): the observed entries
    const Vector<S> zbar = normal<S>(at.count(), 3), dzbar = normal<S>(at.count(), 4);
    Vector<S> z(at.count());
    for (Index k = 0; k < at.count(); ++k) {
      for (Index n = 0; n < shape.order(); ++n) i[static_cast<std::size_t>(n)] = index(n, k);
      z[k] = static_cast<S>(direct(theta, i));
    }
    Verbs<M, O> entry(model, at.through(Path::per_entry));
    check_close(entry.evaluate(theta), z, rounding<S>);
    for (const Path path : {Path::dense, Path::halves, Path::automatic}) {
      Verbs<M, O> other(model, at.through(path));
      check_close(other.evaluate(theta), entry.evaluate(theta), rounding<S>);
      check_close(other.pullback(theta, zbar), entry.pullback(theta, zbar), rounding<S>);
      check_close(other.pushforward(theta, v), entry.pushforward(theta, v), rounding<S>);
      check_close(other.pullback_tangent(theta, zbar, dzbar, v), entry.pullback_tangent(theta, zbar, dzbar, v), rounding<S>);
    }
  };
  const TensorEntries at = some_tensor_entries(shape);
  every_path(at, [&](Index n, Index k) { return at.mode(n)[k]; });
  if (shape.order() == 2) {
    const Entries matrix = some_entries(shape[0], shape[1]);
    every_path(matrix, [&](Index n, Index k) { return (n ? matrix.col() : matrix.row())[k]; });
  }
}

}  // namespace laws
