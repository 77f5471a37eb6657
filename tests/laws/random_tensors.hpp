// SPDX-License-Identifier: MIT
#pragma once
// A tensor model against its definition in extended precision (laws/reference.hpp): every verb, on every observation, along every path, in both scalars.

#include "reference.hpp"
#include "tensor_laws.hpp"

namespace laws {

/// The worst error on every observation, in units of rounding.
template <class M>
double every_observation_off(const M& model, const reference::Whole& W, const Vector<double>& theta, const Vector<double>& v,
                             Random& random) {
  using S = typename M::scalar_type;
  const Shape shape = model.shape();
  const auto spoil_shallow = [](auto& ws) {
    for (auto* stack : {&ws.graph.value, &ws.graph.adjoint, &ws.graph.tangent, &ws.graph.adjoint_tangent}) reference::spoil(*stack);
    for (Vector<S>* x : {&ws.work, &ws.work_tangent, &ws.bunch, &ws.numbers}) reference::spoil(*x);
  };
  const auto spoil = [&](auto& ws) {
    if constexpr (requires { ws.shallow; }) {
      spoil_shallow(ws.shallow);
      for (auto* stack : {&ws.chains.value, &ws.chains.adjoint, &ws.chains.tangent, &ws.chains.adjoint_tangent}) reference::spoil(*stack);
      for (Vector<S>* x : {&ws.phi, &ws.gphi, &ws.dphi, &ws.hphi}) reference::spoil(*x);
    } else {
      spoil_shallow(ws);
    }
  };
  double worst = 0;
  const auto observe = [&](const auto& at) {
    const double here = reference::verbs_off(model, at, W, theta, v, random, spoil);
    CHECK(here <= 50);
    worst = std::max(worst, here);
  };
  const auto paths = [&](const auto& at) {
    for (const Path path : {Path::automatic, Path::per_entry, Path::halves, Path::dense}) observe(at.through(path));
  };
  observe(AllEntries(shape));
  paths(some_tensor_entries(shape));
  if (shape.order() == 2) paths(some_entries(shape[0], shape[1]));
  observe(some_tensor_list(shape));
  observe(some_list(shape[0], shape.count() / shape[0]));
  observe(some_tensor_measurements<S>(shape));
  return worst;
}

/// Over the models that have been tried.
struct WorstTensor {
  double of_double = 0, of_float = 0;
  /// Where many were asked for.
  void tell(const char* name) const {
    if (std::getenv(name)) WARN("worst error in units of rounding: " << of_double << " (double), " << of_float << " (float)");
  }
};

/// entry(theta, i) is W at a multi-index, by the definition.
template <class Model, class Less, class Entry>
void try_tensor(const Model& model, const Less& less, Random& random, Entry&& entry, WorstTensor& worst) {
  INFO(model);
  REQUIRE(less.layout() == model.layout());
  const Shape shape = model.shape();
  const Index P = model.parameter_count();
  const Vector<double> theta = reference::rounded_normal(random, P), v = reference::rounded_normal(random, P);
  const reference::Whole W(shape.count(), P, [&](Index p) {
    std::vector<reference::Number> numbers, entries;
    for (Index k = 0; k < P; ++k) numbers.emplace_back(theta[k], k == p, v[k]);
    std::vector<Index> i(static_cast<std::size_t>(shape.order()), 0);
    for (Index e = 0; e < shape.count(); ++e) {
      entries.push_back(entry(numbers, i));
      for (std::size_t n = 0; n < i.size() && ++i[n] == shape[static_cast<Index>(n)]; ++n) i[n] = 0;
    }
    return entries;
  });
  REQUIRE(W.trusted);
  worst.of_double = std::max(worst.of_double, every_observation_off(model, W, theta, v, random));
  worst.of_float = std::max(worst.of_float, every_observation_off(less, W, theta, v, random));
}

}  // namespace laws
