// SPDX-License-Identifier: MIT
// Probes on components against tensors of single components.
#include <tacit/hook/components.hpp>
#include <tacit/model/deep_cp.hpp>
#include <tacit/model/deep_tucker.hpp>
#include <tacit/model/hierarchical_tensor.hpp>

#include "catch.hpp"
#include "tensors.hpp"
#include "thrown.hpp"

using namespace tensors;
using Catch::Matchers::WithinRel;

TEST_CASE("component norms are the norms of W with all other components at zero; alignments are <-grad l, that W> over it") {
  const CP<double> model({.shape = {3, 4, 2}, .rank = 3});
  const Vector<double> theta = normal(model.parameter_count(), 1);
  look_at(model, theta, [&](const auto& now) {
    const Tensor<double> target = normal_tensor(model.shape(), 9), W = formed(model, theta);
    Vector<double> norms(3);
    const Vector<double> alignments = model.component_alignments(theta, now.gradient());
    for (Index r = 0; r < 3; ++r) {
      Vector<double> only = theta;
      for (Index q = 0; q < 3; ++q)
        if (q != r) model.layout().matrix(only, 0).col(q).setZero();
      const Tensor<double> T = formed(model, only);
      norms[r] = T.norm();
      CHECK_THAT(alignments[r], WithinRel(-2.0 / 24 * (W.values - target.values).dot(T.values) / T.norm(), 1e-10));
    }
    CHECK_THAT(column_norms(1, 1)(now)[0], WithinRel(Matrix<double>(model.block(theta, 1)).colwise().norm().maxCoeff(), 1e-14));
    std::sort(norms.begin(), norms.end(), std::greater<>());
    CHECK((component_norms(2)(now) - norms.head(2)).norm() < 1e-13);
    CHECK(component_norms(7)(now).size() == 3);  // as many as there are
    CHECK_THAT(unbalancedness(now), WithinRel(model.invariants(theta).cwiseAbs().maxCoeff(), 1e-15));
    CHECK(factor_norms()(now).size() == 3);
    CHECK_THAT(factor_norms()(now)[2], WithinRel(model.block(theta, 2).norm(), 1e-14));
    CHECK(thrown([&] { column_norms(3, 1)(now); }) == "column_norms: mode 3 is asked for, the 3 x 4 x 2 tensor has modes 0 to 2");
  });
  CHECK(thrown([] { component_norms(0); }) == "component_norms: k is 0, it needs to be at least 1");
  CHECK(model.invariants(model.balanced({.entry_std = 0.1})).cwiseAbs().maxCoeff() < 1e-16);
}

TEST_CASE("a deep CP shows the components of what its chains multiply to, and the same alignments") {
  const DeepCP<double> deep({.shape = {3, 4, 2}, .rank = 3, .depths = {2, 1, 3}});
  const Vector<double> theta = normal(deep.parameter_count(), 2);
  const Vector<double> phi = deep.factors(theta);
  Vector<double> expected;
  look_at(deep.shallow(), phi, [&](const auto& now) { expected = deep.shallow().component_alignments(phi, now.gradient()); });
  look_at(deep, theta, [&](const auto& now) {
    CHECK((component_norms(3)(now) - detail::largest(deep.shallow().component_norms(phi), 3)).norm() < 1e-12);
    CHECK((deep.component_alignments(theta, now.gradient()) - expected).norm() < 1e-10 * expected.norm());
  });
}

TEST_CASE("slices of a Tucker core and columns of its factors, and how many are above a threshold") {
  const DeepTucker<double> model({.shape = {3, 4, 2}, .ranks = {2, 3, 2}, .depths = {1, 2, 1}, .wiring = Wiring::per_column});
  const Vector<double> theta = model.balanced({.entry_std = 0.5, .seed = 3});
  const Tensor<double> core({2, 3, 2}, theta.head(12));
  look_at(model, theta, [&](const auto& now) {
    Vector<double> norms(3);
    for (Index j = 0; j < 3; ++j)
      norms[j] = std::sqrt(std::pow(core({0, j, 0}), 2) + std::pow(core({1, j, 0}), 2) + std::pow(core({0, j, 1}), 2) +
                           std::pow(core({1, j, 1}), 2));
    std::sort(norms.begin(), norms.end(), std::greater<>());
    CHECK((slice_norms(1, 3)(now) - norms).norm() < 1e-14);
    CHECK(slice_count(1, (norms[1] + norms[2]) / 2)(now) == 2);
    CHECK((column_norms(0, 2)(now) - slice_norms(0, 2)(now)).norm() < 1e-14);  // balanced, without a chain
  });
  CHECK(model.invariants(theta).tail(7).cwiseAbs().maxCoeff() < 1e-14);  // slices against what meets them: the block norms are equal
}

TEST_CASE("local components: the part of W that passes through one of them, and its alignment") {
  const HierarchicalTensor<double> model({.shape = {2, 3, 2, 2}, .widths = {3, 2}});
  const Vector<double> theta = normal(model.parameter_count(), 4);
  const Index v = model.node_of({1, 0});
  look_at(model, theta, [&](const auto& now) {
    const Tensor<double> target = normal_tensor(model.shape(), 9), W = formed(model, theta);
    const Vector<double> alignments = model.local_component_alignments(theta, now.gradient(), v),
                         norms = model.local_component_norms(theta, v);
    for (Index q = 0; q < 3; ++q) {
      Vector<double> only = theta;
      for (Index p = 0; p < 3; ++p)
        if (p != q) model.layout().matrix(only, 0).col(p).setZero();
      CHECK_THAT(alignments[q], WithinRel(-2.0 / 24 * (W.values - target.values).dot(formed(model, only).values) / norms[q], 1e-10));
    }
    CHECK((local_component_norms({0, 1}, 3)(now) - detail::largest(norms, 3)).norm() < 1e-14);
    CHECK(thrown([&] {
            local_component_norms({0, 2}, 1)(now);
          }) == "HierarchicalTensor: the tree ((0 1) (2 3)) has no inner node above the modes {0, 2}");
  });
}
