// SPDX-License-Identifier: MIT
// What a tensor model calls its invariants, gradient flow conserves: their derivative along the gradient is zero, and gradient descent over a fixed time changes them in
// proportion to the rate. So are the invariants of diagonal models.
#include <tacit/model/deep_cp.hpp>
#include <tacit/model/deep_tensor_train.hpp>
#include <tacit/model/deep_tucker.hpp>
#include <tacit/model/diagonal_net.hpp>
#include <tacit/model/diagonal_product.hpp>
#include <tacit/model/hierarchical_tensor.hpp>

#include "tensor_laws.hpp"

using namespace laws;

namespace {

/// Every pair of blocks that shares an index is tied to another: descent moves all of them, a tenth as far at a tenth of the rate.
template <class P, class Invariants>
void drifts_with_the_rate(const P& problem, const Vector<double>& start, Invariants&& invariants) {
  const Vector<double> before = invariants(start);
  auto ws = problem.workspace();
  const auto drift = [&](double rate) {
    Vector<double> theta = start, g(start.size());
    for (Index t = 0; t < static_cast<Index>(std::lround(0.2 / rate)); ++t) {
      problem.value_and_gradient(theta, ws, g);
      theta -= rate * g;
    }
    return Vector<double>((invariants(theta) - before).cwiseAbs());
  };
  const Vector<double> coarse = drift(1e-3), fine = drift(1e-4);
  CHECK(fine.maxCoeff() > 0);
  const double ratio = coarse.maxCoeff() / fine.maxCoeff();
  CHECK(ratio > 9);
  CHECK(ratio < 11);
}

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
  drifts_with_the_rate(problem, start, [&](const Vector<double>& theta) { return model.invariants(theta); });
}

/// What the flow of x = u^D - v^D conserves:  u v  of every coordinate at D = 2,  |u|^(2 - D) + |v|^(2 - D)  beyond.                     [Wind et al. 2023]
Vector<double> invariants(const DiagonalNet<double>& model, const Vector<double>& theta) {
  const auto u = theta.head(model.rows()).array(), v = theta.tail(model.rows()).array();
  const double p = 2 - model.depth();
  return p == 0 ? Vector<double>(u * v) : Vector<double>(u.abs().pow(p) + v.abs().pow(p));
}
/// Of a product of diagonals: the differences of squares of all factors, coordinate by coordinate.
Vector<double> invariants(const DiagonalProduct<double>& model, const Vector<double>& theta) {
  const Index d = model.rows(), rest = theta.size() - d;
  return theta.tail(rest).cwiseAbs2() - theta.head(d).cwiseAbs2().replicate(model.depth() - 1, 1);
}
template <class M>
void diagonal_flow_conserves(const M& model) {
  INFO(model);
  const Index d = model.rows();
  const LinearMap<double> at = some_measurements<double>(d, 1);
  const Data<double, LinearMap<double>> data(at, normal<double>(at.count(), 81));
  const Problem problem(model, data, HalfSumOfSquares{});
  const Vector<double> start = 0.2 * normal<double>(model.parameter_count(), 82).cwiseAbs().array() + 0.6;  // powers blow up at zero
  drifts_with_the_rate(problem, start, [&](const Vector<double>& theta) { return invariants(model, theta); });
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
  flow_conserves(DeepTucker<double>({.shape = {4, 3, 2}, .ranks = {2, 3, 1}, .depths = {2, 3, 1}, .wiring = Wiring::per_column}),
                 2 * 16 + 3 * 2 * 9 + 6);
  flow_conserves(DeepTensorTrain<double>({.shape = {3, 2, 4, 2}, .ranks = {2, 3, 2}, .depths = {2, 1, 3, 2}}), 4 + 2 * 9 + 4 + 4 + 9 + 4);
}
TEST_CASE("gradient flow conserves the invariants of diagonal models") {
  for (const double depth : {2.0, 2.5, 3.0, 4.0}) diagonal_flow_conserves(DiagonalNet<double>({.size = 6, .depth = depth}));
  for (const Index depth : {2, 3, 4}) diagonal_flow_conserves(DiagonalProduct<double>({.size = 6, .depth = depth}));
}
