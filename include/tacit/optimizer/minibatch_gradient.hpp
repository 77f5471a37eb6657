// SPDX-License-Identifier: MIT
#pragma once
// The gradient on b of the m observations, in seeded order: epochs of a fresh shuffle, whose last batch may be shorter, or b independent
// draws with replacement. The stream is (seed, "minibatch"): the order does not depend on the start.

#include <numeric>

#include "../core/random.hpp"
#include "chain.hpp"

namespace tacit {

struct MinibatchGradient {
  using stage = SourceTag;
  Index batch;
  std::uint64_t seed = 1;
  bool with_replacement = false;

  struct State {
    std::vector<Index> order;  ///< this epoch's permutation, or the drawn batch
    Index next = 0;
    Random random;

    template <class Archive>
    void persist(Archive& archive) {
      archive("order", order);
      archive("next", next);
      archive("random", random);
    }
  };

  template <class P>
  State start(const P& problem) const {
    static_assert(
        requires { problem.count(); }, "MinibatchGradient: the problem needs count() and value_and_gradient(theta, which, ws, g)");
    require(batch > 0 && batch <= problem.count(), "MinibatchGradient: the batch has ", batch,
            " observations, it needs at least 1 and at most the ", problem.count(), " of the data");
    State state{std::vector<Index>(static_cast<std::size_t>(with_replacement ? batch : problem.count())), 0, Random(seed, "minibatch")};
    std::iota(state.order.begin(), state.order.end(), Index(0));
    if (!with_replacement) state.random.shuffle(state.order);
    return state;
  }

  template <class P, Scalar S>
  void draw(const P& problem, typename P::Workspace& ws, Step<S>& step, State& state) const {
    step.full = false;
    const Index m = problem.count();
    Index b = batch;
    if (with_replacement) {
      for (Index& k : state.order) k = static_cast<Index>(state.random.below(static_cast<std::uint64_t>(m)));
      state.next = 0;
    } else {
      if (state.next == m) state.random.shuffle(state.order), state.next = 0;
      b = std::min(b, m - state.next);
    }
    step.value = problem.value_and_gradient(
        step.theta, std::span(state.order).subspan(static_cast<std::size_t>(state.next), static_cast<std::size_t>(b)), ws, step.gradient);
    state.next += b;
  }

  friend std::ostream& operator<<(std::ostream& out, const MinibatchGradient& s) {
    return out << "MinibatchGradient{.batch = " << s.batch << ", .seed = " << s.seed
               << (s.with_replacement ? ", .with_replacement = true}" : "}");
  }
};

}  // namespace tacit
