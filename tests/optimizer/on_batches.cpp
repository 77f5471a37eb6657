// SPDX-License-Identifier: MIT
// Batches: in epochs or drawn, whole groups where asked for; a batch is an oracle with Hessian-vector products of its own.
#include <tacit/optimizer/gradient_penalty.hpp>
#include <tacit/optimizer/on_batches.hpp>
#include <tacit/optimizer/recipes.hpp>
#include <tacit/train.hpp>

#include "bitwise/example.hpp"
#include "thrown.hpp"

using namespace tacit;

namespace {

/// Writes down which observations it was asked for; theta stays where it is.
struct Asked {
  using scalar_type = double;
  struct Workspace {
    double gradients = 0, hessian_products = 0;
  };
  Index observations;
  std::vector<std::vector<Index>>* batches;
  Layout blocks = Layout().add("x", {1});

  Workspace workspace() const { return {}; }
  Index dimension() const { return 1; }
  const Layout& layout() const { return blocks; }
  Index count() const { return observations; }
  Value<double> value_and_gradient(In<double>, Workspace&, Out<double> g) const {
    batches->emplace_back();
    g.setZero();
    return {};
  }
  Value<double> value_and_gradient(In<double>, std::span<const Index> which, Workspace&, Out<double> g) const {
    batches->emplace_back(which.begin(), which.end());
    g.setZero();
    return {};
  }
};
std::vector<std::vector<Index>> drawn(Index observations, const BatchSettings& batches, Index steps) {
  std::vector<std::vector<Index>> all;
  const Asked oracle{observations, &all};
  Run run(oracle, Vector<double>::Zero(1), on_batches(batches, FullGradient{}) | LearningRate{0.1});
  run.advance(steps);
  return all;
}
std::string refused(Index observations, const BatchSettings& batches) {
  return thrown([&] { drawn(observations, batches, 1); });
}

}  // namespace

TEST_CASE("a last batch that is short is kept, or dropped") {
  const auto kept = drawn(10, {.size = 4}, 6), dropped = drawn(10, {.size = 4, .last = LastBatch::dropped}, 6);
  for (std::size_t t = 0; t < 6; ++t) {
    CHECK(kept[t].size() == (t % 3 == 2 ? 2 : 4));
    CHECK(dropped[t].size() == 4);
  }
  CHECK(dropped[0] == kept[0]);
  CHECK(dropped[1] == kept[1]);
}

TEST_CASE("one shuffle serves every epoch where that is asked for") {
  const auto once = drawn(12, {.size = 4, .shuffle = Shuffle::once}, 9), anew = drawn(12, {.size = 4}, 9);
  for (std::size_t t = 0; t < 3; ++t) {
    CHECK(once[t] == once[t + 3]);
    CHECK(once[t] == once[t + 6]);
    CHECK(once[t] == anew[t]);
  }
  CHECK(anew[0] != anew[3]);
}

TEST_CASE("groups are drawn whole, each once an epoch") {
  const Partition samples = consecutive_groups(14, 3);  // 0 1 2, 3 4 5, 6 7 8, 9 10 11, 12 13
  const auto all = drawn(14, {.size = 2, .groups = samples}, 6);
  std::vector<Index> epoch;
  for (std::size_t t = 0; t < 3; ++t) epoch.insert(epoch.end(), all[t].begin(), all[t].end());
  for (std::size_t at = 0; at < epoch.size();) {  // group after group, each in its order
    const Index first = epoch[at];
    CHECK(first % 3 == 0);
    for (const Index k : samples[first / 3]) CHECK(epoch[at++] == k);
  }
  std::sort(epoch.begin(), epoch.end());
  for (Index k = 0; k < 14; ++k) CHECK(epoch[static_cast<std::size_t>(k)] == k);
  const auto repeated = drawn(14, {.size = 2, .with_replacement = true, .groups = samples}, 5);
  for (const auto& batch : repeated) CHECK(batch.size() >= 4);
}

TEST_CASE("a batch that is everything is the problem itself") {
  for (const std::vector<Index>& batch : drawn(10, {.size = 10}, 3)) CHECK(batch.empty());  // asked without a list
  for (const std::vector<Index>& batch : drawn(10, {.size = 10, .with_replacement = true}, 3)) CHECK(batch.size() == 10);
}

TEST_CASE("the Hessian of a batch is the difference of its gradients, and a penalty on batches follows it") {
  const auto p = bitwise::problem<double>();
  const Vector<double> theta = bitwise::start<double>(), v = bitwise::normal<double>(44, 9, 1);
  const std::vector<Index> which{0, 3, 4, 11, 17};
  const OnBatch<decltype(bitwise::problem<double>())> batch(p, which);
  auto ws = p.workspace();
  Vector<double> hv(44), ahead(44), behind(44), whole(44);
  batch.hessian_times(theta, v, ws, hv);
  const double eps = 1e-5;
  batch.value_and_gradient(theta + eps * v, ws, ahead);
  batch.value_and_gradient(theta - eps * v, ws, behind);
  CHECK((hv - (ahead - behind) / (2 * eps)).norm() <= 1e-8 * hv.norm());
  p.hessian_times(theta, v, ws, whole);
  CHECK((hv - whole).norm() > 0.1 * whole.norm());  // the data's Hessian is another one

  std::vector<Index> order(static_cast<std::size_t>(p.count()));
  std::iota(order.begin(), order.end(), Index(0));
  Random(5, "minibatch").shuffle(order);
  const OnBatch<decltype(bitwise::problem<double>())> first(p, std::span<const Index>(order).first(7));
  Vector<double> g(44), expected(44), stepped = theta;
  first.value_and_gradient(theta, ws, g);
  first.hessian_times(theta, g, ws, hv);
  expected = theta - 0.1 * (g + 0.5 * hv);
  train(p, stepped, on_batches({.size = 7, .seed = 5}, GradientPenalty{.lambda = 0.5}) | LearningRate{0.1}, {.iterations = 1});
  CHECK((stepped - expected).norm() <= 1e-14 * expected.norm());
}

TEST_CASE("what cannot be drawn is refused") {
  CHECK(refused(10, {.size = 11}) == "on_batches: .size is 11, it needs to be at least 1 and at most the 10 observations of the data");
  CHECK(refused(10, {}) == "on_batches: .size is 0, it needs to be at least 1 and at most the 10 observations of the data");
  CHECK(refused(10, {.size = 6, .groups = consecutive_groups(10, 2)}) ==
        "on_batches: .size is 6, it needs to be at least 1 and at most the 5 groups of the data");
  CHECK(refused(10, {.size = 1, .groups = consecutive_groups(9, 2)}) == "on_batches: the groups are of 9 observations, the data have 10");
  CHECK(thrown([] { partition(4, {{0, 1}, {}}); }) == "partition: group 1 is empty");
  CHECK(thrown([] { partition(4, {{0, 1}, {1, 2, 3}}); }) == "partition: observation 1 stands in group 0 and in group 1");
  CHECK(thrown([] { partition(4, {{0, 1}, {3}}); }) == "partition: observation 2 stands in no group");
  CHECK(thrown([] { partition(4, {{0, 1, 4}}); }) == "partition: group 0 holds observation 4, there are 4");
  CHECK(thrown([] {
          Partition({0, 3, 9}, {0, 1, 2});
        }) == "Partition: offsets go from 0 to the 3 members, none smaller than the one before");
  CHECK(thrown([] { Partition({0, 2, 1, 3}, {0, 1, 2}); }) != "nothing was thrown");
  CHECK(thrown([] { equal_groups(3, 4); }) == "equal_groups: 4 groups of 3 observations: a group would be empty");
}
