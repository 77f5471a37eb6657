// SPDX-License-Identifier: MIT
// What a tensor model calls its invariants, gradient flow conserves: their derivative along the gradient is zero, and gradient descent over a fixed time changes them in
// proportion to the rate.
#include <tacit/model/deep_cp.hpp>
#include <tacit/model/deep_tensor_train.hpp>
#include <tacit/model/deep_tucker.hpp>
#include <tacit/model/hierarchical_tensor.hpp>

#include "tensor_laws.hpp"

using namespace laws;

namespace {

/// Of a gradient that is not small; the derivative by central differences, which are exact for the quadratic invariants.
template <class M>
void flow_conserves(const M& model, Index count) {
  INFO(model);
  const TensorEntries at = some_tensor_entries(model.shape());
  const Data<double, TensorEntries> data(at, normal<double>(at.count(), 81));
  const Problem problem(model, data, HalfSumOfSquares{});
  const Vector<double> start = normal<double>(model.parameter_count(), 82, 0.5);
  auto ws = problem.workspace();
  Vector<double> g(start.size());
  problem.value_and_gradient(start, ws, g);
  const Vector<double> before = model.invariants(start);
  REQUIRE(before.size() == count);
  CHECK(before.cwiseAbs().maxCoeff() > 0.01);
  const Vector<double> change = (model.invariants(start + g) - model.invariants(start - g)) / 2;
  CHECK(change.cwiseAbs().maxCoeff() < 1e-12 * std::max(1.0, start.norm() * g.norm()));
  // every pair of blocks that shares an index is tied to another: descent moves all of them, a tenth as far at a tenth of the rate
  const auto drift = [&](double rate) {
    Vector<double> theta = start;
    for (Index t = 0; t < static_cast<Index>(std::lround(0.2 / rate)); ++t) {
      problem.value_and_gradient(theta, ws, g);
      theta -= rate * g;
    }
    return (model.invariants(theta) - before).cwiseAbs().maxCoeff();
  };
  const double ratio = drift(1e-3) / drift(1e-4);
  CHECK(ratio > 9);
  CHECK(ratio < 11);
}

}  // namespace

TEST_CASE("gradient flow conserves the invariants of shallow tensor models") {
  flow_conserves(CP<double>({.shape = {4, 3, 2}, .rank = 3}), 9);
  flow_conserves(Tucker<double>({.shape = {4, 3, 2}, .ranks = {2, 3, 1}}), 4 + 9 + 1);
  flow_conserves(TensorTrain<double>({.shape = {3, 2, 4, 2}, .ranks = {2, 3, 2}}), 4 + 9 + 4);
  flow_conserves(HierarchicalTensor<double>({.shape = {2, 3, 2, 2}, .widths = {2, 3}}), 2 * 2 * 3 + 3 * 3);
  flow_conserves(HierarchicalTensor<double>({.shape = {4, 3, 2}, .widths = {3}, .pool = 3, .output = false}), 9);
}
TEST_CASE("gradient flow conserves the invariants of deep tensor models") {
  flow_conserves(DeepCP<double>({.shape = {4, 3, 2}, .rank = 3, .depths = {2, 1, 3}}), 3 * 9 + 9);
  flow_conserves(DeepTucker<double>({.shape = {4, 3, 2}, .ranks = {2, 3, 1}, .depths = {2, 3, 1}}), 4 + 2 * 9 + 4 + 9 + 1);
  flow_conserves(DeepTucker<double>({.shape = {4, 3, 2}, .ranks = {2, 3, 1}, .depths = {2, 3, 1}, .wiring = Wiring::per_column}), 2 * 16 + 3 * 2 * 9 + 6);
  flow_conserves(DeepTensorTrain<double>({.shape = {3, 2, 4, 2}, .ranks = {2, 3, 2}, .depths = {2, 1, 3, 2}}), 4 + 2 * 9 + 4 + 4 + 9 + 4);
}
