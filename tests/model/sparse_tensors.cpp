// SPDX-License-Identifier: MIT
// Large sparse tensors, whose entries are met several at a time and tile by tile, against the same entries one by one.
#include <tacit/data/random_entries.hpp>
#include <tacit/model/cp.hpp>
#include <tacit/model/tensor_train.hpp>

#include <numeric>

#include "catch.hpp"

using namespace tacit;

namespace {

template <class Model>
void same_as_one_by_one(const Model& model, Index observed, bool tiled) {
  using S = typename Model::scalar_type;
  INFO(model);
  const TensorEntries at = random_entries(model.shape(), observed, 1).through(Path::per_entry);
  TensorEntryList list = at.batch();
  std::vector<Index> all(static_cast<std::size_t>(observed));
  std::iota(all.begin(), all.end(), Index(0));
  at.gather(all.data(), observed, list);
  Random random(1, "theta");
  Vector<S> theta(model.parameter_count()), zbar(observed), z(observed), expected_z(observed), g(theta.size()), expected_g(theta.size());
  for (Vector<S>* x : {&theta, &zbar})
    for (S& number : *x) number = static_cast<S>(random.normal());
  auto ws = model.workspace(at);
  auto list_ws = model.workspace(list);
  CHECK(ws.order.empty() != tiled);
  model.evaluate(theta, at, ws, z);
  model.evaluate(theta, list, list_ws, expected_z);
  CHECK((z - expected_z).norm() <= 1e-13 * expected_z.norm());
  expected_g.setOnes();
  g.setOnes();
  model.pullback(theta, at, ws, zbar, Write::add, g);
  model.pullback(theta, list, list_ws, zbar, Write::add, expected_g);
  CHECK((g - expected_g).norm() <= 1e-13 * expected_g.norm());
  model.pullback(theta, at, ws, zbar, Write::set, g);
  expected_g.array() -= 1;
  CHECK((g - expected_g).norm() <= 1e-13 * expected_g.norm());
}

}  // namespace

TEST_CASE("CP") {
  same_as_one_by_one(CP<double>({.shape = {40, 3000, 3000}, .rank = 21}), 3000, true);
  same_as_one_by_one(CP<double>({.shape = {300, 200, 30, 40}, .rank = 37}), 2000, false);
}
TEST_CASE("tensor trains: the largest core in the middle and at either end, and slices too large for registers") {
  same_as_one_by_one(TensorTrain<double>({.shape = {2000, 300, 3000}, .ranks = {16}}), 30'000, true);
  same_as_one_by_one(TensorTrain<double>({.shape = {200, 300, 30, 20}, .ranks = {5, 9, 3}}), 3000, true);
  same_as_one_by_one(TensorTrain<double>({.shape = {3000, 3, 4}, .ranks = {7}}), 2000, false);
  same_as_one_by_one(TensorTrain<double>({.shape = {3, 4, 3000}, .ranks = {7}}), 2000, true);
  same_as_one_by_one(TensorTrain<double>({.shape = {20, 30, 20}, .ranks = {40}}), 1000, true);
}
