// SPDX-License-Identifier: MIT
// What tensor models refuse, their starts, and what they do without forming anything large.
#include <tacit/model/cp.hpp>
#include <tacit/model/deep_cp.hpp>
#include <tacit/model/hierarchical_tensor.hpp>
#include <tacit/model/tensor_train.hpp>
#include <tacit/model/tucker.hpp>
#include <tacit/observation/tensor_data.hpp>
#include <tacit/problem.hpp>

#include "catch.hpp"
#include "thrown.hpp"

using namespace tacit;

TEST_CASE("sizes that make no tensor model are refused with a sentence") {
  CHECK(thrown([] { CP<double>({.shape = {3, 0, 2}, .rank = 2}); }) == "Shape: mode 1 has size 0, every mode needs at least 1");
  CHECK(thrown([] { CP<double>({.shape = {3, 2}, .rank = 0}); }) == "CP: the rank is 0, needs at least 1 component");
  CHECK(thrown([] { CP<double>({.shape = {3}, .rank = 1}); }) == "CP: the shape has order 1, needs at least 2 modes");
  CHECK(thrown([] { Tucker<double>({.shape = {3, 2, 2}, .ranks = {2, 2}}); }) == "Tucker: got 2 ranks for a 3 x 2 x 2 tensor");
  CHECK(thrown([] { Tucker<double>({.shape = {3, 2}, .ranks = {2, 0}}); }) == "Tucker: rank 2 is 0, every rank needs at least 1");
  CHECK(thrown([] {
          TensorTrain<double>({.shape = {3, 2, 2}, .ranks = {2, 2, 2}});
        }) == "TensorTrain: got 3 ranks for a 3 x 2 x 2 tensor, which has 2 cuts");
  CHECK(thrown([] {
          TensorTrain<double>({.shape = {3, 2, 2}, .ranks = {2, -1}});
        }) == "TensorTrain: rank 2 is -1, every rank needs at least 1");
  CHECK(thrown([] { DeepCP<double>({.shape = {3, 2, 2}, .rank = 2, .depths = {2, 2}}); }) == "DeepCP: got 2 depths for a 3 x 2 x 2 tensor");
  CHECK(thrown([] {
          DeepCP<double>({.shape = {3, 2, 2}, .rank = 2, .depths = {0}});
        }) == "DeepCP: depth 1 is 0, a factor is at least one matrix");
}

TEST_CASE("trees that do not fit the modes are refused with a sentence") {
  const auto refusal = [](std::vector<Index> widths, ModeTree tree) {
    return thrown([&] { HierarchicalTensor<double>({.shape = {2, 2, 2}, .widths = widths, .tree = tree}); });
  };
  CHECK(refusal({2, 2}, ModeTree{ModeTree{0, 1}, ModeTree(3)}) ==
        "HierarchicalTensor: the tree ((0 1) 3) has a leaf for mode 3, the tensor has modes 0 to 2");
  CHECK(refusal({2, 2}, ModeTree{ModeTree{0, 1}, ModeTree(1)}) == "HierarchicalTensor: the tree ((0 1) 1) has two leaves for mode 1");
  CHECK(refusal({2}, ModeTree{0, 1}) == "HierarchicalTensor: the tree (0 1) has no leaf for mode 2");
  CHECK(refusal({2}, ModeTree{ModeTree{0, 1}, ModeTree(2)}) ==
        "HierarchicalTensor: got 1 widths, the tree ((0 1) 2) has 2 levels below its root");
  CHECK(thrown([] { (void)perfect_tree(6, 2); }) == "perfect_tree: 6 is not a power of 2");
  CHECK(sentence(perfect_tree(8, 2)) == "(((0 1) (2 3)) ((4 5) (6 7)))");
  CHECK(sentence(perfect_tree(4, 2, Pooling::distant)) == "((0 2) (1 3))");
  CHECK(sentence(perfect_tree(9, 3)) == "((0 1 2) (3 4 5) (6 7 8))");
}

TEST_CASE("an observation of another shape is refused with both shapes") {
  const CP<double> model({.shape = {3, 4, 2}, .rank = 2});
  const Data<double, TensorEntries> data(TensorEntries(Shape{3, 2, 4}, {{0}, {1}, {3}}), Vector<double>::Ones(1));
  CHECK(thrown([&] { Problem(model, data, MeanSquares{}); }) == "Problem: the data are of a 3 x 2 x 4 tensor, the model is 3 x 4 x 2");
  CHECK(thrown([&] { (void)model.workspace(data.where); }) ==
        "TensorModel: the observation is of a 3 x 2 x 4 tensor, the model is 3 x 4 x 2");
}

TEST_CASE("order twelve, a thousand a mode: entry by entry, and refused where halves or W would be formed") {
  const Shape shape(std::vector<Index>(12, 1000));
  const CP<double> model({.shape = shape, .rank = 3});
  std::vector<TensorEntries::Indices> index(12, TensorEntries::Indices{0, 999});
  const TensorEntries at(shape, index);
  auto ws = model.workspace(at);
  const Vector<double> theta = model.near_zero({.entry_std = 0.9, .seed = 3});
  Vector<double> z(2);
  model.evaluate(theta, at, ws, z);
  double expected = 0;
  for (Index r = 0; r < 3; ++r) {
    double product = 1;
    for (Index n = 0; n < 12; ++n) product *= model.block(theta, n)(999, r);
    expected += product;
  }
  CHECK(std::abs(z[1] - expected) <= 1e-14 * std::abs(expected));
  CHECK(thrown([&] {
          (void)model.workspace(at.through(Path::halves));
        }).find("are too large to be formed; observe entries, through Path::per_entry") != std::string::npos);
  CHECK(thrown([&] { (void)model.workspace(at.through(Path::dense)); }).find("a dense 1000 x 1000") != std::string::npos);
}

TEST_CASE("a balanced start of CP has vectors of equal norm in every component, and the same W") {
  const CP<double> model({.shape = {3, 4, 2}, .rank = 5});
  const Vector<double> drawn = model.near_zero({.entry_std = 0.3, .seed = 2}), theta = model.balanced({.entry_std = 0.3, .seed = 2});
  const AllEntries all(model.shape());
  auto ws = model.workspace(all);
  Vector<double> before(24), after(24);
  model.evaluate(drawn, all, ws, before);
  model.evaluate(theta, all, ws, after);
  CHECK((before - after).norm() < 1e-15);
  for (Index r = 0; r < 5; ++r)
    for (Index n = 1; n < 3; ++n) CHECK(std::abs(model.block(theta, n).col(r).norm() - model.block(theta, 0).col(r).norm()) < 1e-15);
  CHECK((model.component_norms(theta) - model.component_norms(drawn)).norm() < 1e-15);
}

TEST_CASE("scaling all parameters by c scales an order-4 hierarchical tensor by c^7") {
  CHECK(HierarchicalTensor<double>({.shape = {2, 2, 2, 2}, .widths = {3, 3}}).degree() == 7);  // homogeneity is among the laws
}
