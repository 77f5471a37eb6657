// SPDX-License-Identifier: MIT
// Minibatch descent equals its loop by hand, to the last bit, and every epoch visits each observation once.
#include <tacit/optimizer/recipes.hpp>
#include <tacit/train.hpp>

#include <algorithm>
#include <numeric>

#include "example.hpp"

using namespace bitwise;

namespace {

/// Remembers which observations were asked for, and passes the question on.
struct Recording {
  using Inner = decltype(problem<double>());
  using scalar_type = double;
  using Workspace = Inner::Workspace;
  Inner inner = problem<double>();
  std::vector<std::vector<Index>>* asked;

  Workspace workspace() const { return inner.workspace(); }
  Index dimension() const { return inner.dimension(); }
  Index count() const { return inner.count(); }
  const Layout& layout() const { return inner.layout(); }
  Value<double> value_and_gradient(In<double> theta, Workspace& ws, Out<double> g) const { return inner.value_and_gradient(theta, ws, g); }
  Value<double> value_and_gradient(In<double> theta, std::span<const Index> which, Workspace& ws, Out<double> g) const {
    asked->emplace_back(which.begin(), which.end());
    return inner.value_and_gradient(theta, which, ws, g);
  }
};

}  // namespace

TEST_CASE("epochs of shuffled batches, by hand") {
  const auto p = problem<double>();
  const Index m = p.count(), batch = 6;
  REQUIRE(m % batch != 0);
  auto ws = p.workspace();
  Vector<double> by_hand = start<double>(), g(by_hand.size());
  std::vector<Index> order(static_cast<std::size_t>(m));
  std::iota(order.begin(), order.end(), Index(0));
  Random random(3, "minibatch");
  Index next = m;
  for (int t = 0; t < 50; ++t) {
    if (next == m) random.shuffle(order), next = 0;
    const Index b = std::min(batch, m - next);
    p.value_and_gradient(by_hand, std::span(order).subspan(static_cast<std::size_t>(next), static_cast<std::size_t>(b)), ws, g);
    next += b;
    for (Index k = 0; k < g.size(); ++k) by_hand[k] -= 0.1 * g[k];
  }
  Vector<double> theta = start<double>();
  train(p, theta, sgd({.rate = 0.1, .batch = batch, .seed = 3}), {.iterations = 50});
  CHECK(same_bits(theta, by_hand));
  Vector<double> other = start<double>();
  train(p, other, sgd({.rate = 0.1, .batch = batch, .seed = 4}), {.iterations = 50});
  CHECK_FALSE(same_bits(theta, other));
}

TEST_CASE("batches with replacement, by hand") {
  const auto p = problem<double>();
  auto ws = p.workspace();
  Vector<double> by_hand = start<double>(), g(by_hand.size());
  std::vector<Index> drawn(7);
  Random random(3, "minibatch");
  for (int t = 0; t < 50; ++t) {
    for (Index& k : drawn) k = static_cast<Index>(random.below(static_cast<std::uint64_t>(p.count())));
    p.value_and_gradient(by_hand, drawn, ws, g);
    for (Index k = 0; k < g.size(); ++k) by_hand[k] -= 0.1 * g[k];
  }
  Vector<double> theta = start<double>();
  train(p, theta, sgd({.rate = 0.1, .batch = 7, .seed = 3, .with_replacement = true}), {.iterations = 50});
  CHECK(same_bits(theta, by_hand));
}

TEST_CASE("every epoch visits each observation once, in an order of its own; the last batch may be shorter") {
  std::vector<std::vector<Index>> asked;
  const Recording p{.asked = &asked};
  Vector<double> theta = start<double>();
  const Index m = p.count(), batch = 5, per_epoch = (m + batch - 1) / batch;
  train(p, theta, sgd({.rate = 0.01, .batch = batch}), {.iterations = 4 * per_epoch});
  REQUIRE(static_cast<Index>(asked.size()) == 4 * per_epoch);
  std::vector<std::vector<Index>> epochs(4);
  for (std::size_t t = 0; t < asked.size(); ++t) {
    const auto place = static_cast<Index>(t) % per_epoch;
    CHECK(static_cast<Index>(asked[t].size()) == (place == per_epoch - 1 ? m - batch * place : batch));
    auto& epoch = epochs[t / static_cast<std::size_t>(per_epoch)];
    epoch.insert(epoch.end(), asked[t].begin(), asked[t].end());
  }
  for (std::size_t e = 0; e < epochs.size(); ++e) {
    for (std::size_t f = 0; f < e; ++f) CHECK(epochs[e] != epochs[f]);
    std::vector<Index> sorted = epochs[e];
    std::sort(sorted.begin(), sorted.end());
    for (Index k = 0; k < m; ++k) CHECK(sorted[static_cast<std::size_t>(k)] == k);
  }
}

TEST_CASE("finish() draws nothing, and changes nothing of what follows") {
  std::vector<std::vector<Index>> asked;
  const Recording p{.asked = &asked};
  Run run(p, start<double>(), sgd({.rate = 0.01, .batch = 5}));
  run.advance(7);
  run.finish();
  CHECK(asked.size() == 7);
  run.advance(6);
  std::vector<std::vector<Index>> split = std::move(asked);
  asked.clear();
  Run whole(p, start<double>(), sgd({.rate = 0.01, .batch = 5}));
  whole.advance(13);
  CHECK(asked == split);
  CHECK(same_bits(run.theta(), whole.theta()));
}
