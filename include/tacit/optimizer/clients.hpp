// SPDX-License-Identifier: MIT
#pragma once
// Clients: who owns which observations. Client i is a group of a Partition; its objective f_i is the problem on its observations, as on a
// minibatch (a mean is over its
// own n_i observations, a sum is scaled by m/n_i; penalties count in full for each client), and the data's memory is shared by all. The
// common objective is
//   f = sum_i p_i f_i,    p_i = 1/n,  or p_i = n_i/m (ClientWeights::by_count), with which f is the problem's objective
// With .sampled = s, every round draws s different clients from the stream (seed, "clients"), and all sums run over these, their weights
// divided by their sum.
//
// For all sources on clients: value and gradient that hooks see are those of sum_i p_i f_i at theta, over the clients of the round; where
// that is the problem's own
// objective (all clients, by count or all of one size, whole local data), step.full says so and nothing more is evaluated; else a hook that
// asks for the full loss causes
// an evaluation of its own. Work is counted in passes over the data: a client's gradient is n_i/m. A search behind such a source asks the
// whole problem.

#include <algorithm>
#include <numeric>
#include <span>
#include <vector>

#include "../observation/partition.hpp"
#include "on_batches.hpp"

namespace tacit {

enum class ClientWeights { uniform, by_count };
template <>
inline constexpr std::array names_of<ClientWeights>{"uniform", "by_count"};

struct ClientSettings {
  Partition partition = {};  ///< a group for each client
  ClientWeights weights = ClientWeights::uniform;
  Index sampled = 0;  ///< clients a round; 0 for all
  std::uint64_t seed = 1;

  template <class Archive>
  void persist(Archive& archive) {
    archive("partition", partition);
    archive("weights", weights);
    archive("sampled", sampled);
    archive("seed", seed);
  }
};

/// K local steps  w <- w - rate g  a round.
struct LocalSteps {
  double rate;
  Index steps = 1;
  Index batch = 0;  ///< observations a local step, from a fresh shuffle of the client's each round; 0 for all of them

  template <class Archive>
  void persist(Archive& archive) {
    archive("rate", rate);
    archive("steps", steps);
    archive("batch", batch);
  }
};

namespace detail {

inline void require_local(const char* who, const LocalSteps& local) {
  require(std::isfinite(local.rate) && local.rate > 0, who, ": .local.rate is ", local.rate, ", it needs to be positive and finite");
  require(local.steps > 0, who, ": .local.steps is ", local.steps, ", it needs to be at least 1");
  require(local.batch >= 0, who, ": .local.batch is ", local.batch, ", it needs to be 0 (all of a client's observations) or more");
}

/// The clients of a round, their weights, and the gradients that they give.
template <Scalar S>
struct Clients {
  std::vector<Index> round;    ///< the clients that take part, in increasing order
  std::vector<double> weight;  ///< p_i of every client, adding to 1
  double share = 1;            ///< sum of p_i over the round
  bool whole = true;           ///< f is the problem's objective, and all take part
  Random random;
  std::vector<Index> order, shuffled;
  Vector<S> gradient;  ///< of one client
  Vector<S> local;     ///< its w

  template <class Archive>
  void persist(Archive& archive) {
    archive("random", random);
    archive("order", order);
  }

  template <class P>
  Clients(const char* who, const P& problem, const ClientSettings& settings, Index batch = 0)
      : random(settings.seed, "clients"), gradient(problem.dimension()), local(problem.dimension()) {
    const Partition& parts = settings.partition;
    require(!parts.empty() && parts.size() > 0, who, ": there are no clients; give a .partition of the observations");
    require(parts.count() == problem.count(), who, ": the clients' partition is of ", parts.count(), " observations, the data have ",
            problem.count());
    require(settings.sampled >= 0 && settings.sampled <= parts.size(), who, ": .sampled is ", settings.sampled, ", there are ",
            parts.size(), " clients");
    for (Index i = 0; i < parts.size(); ++i) {
      const auto size = static_cast<Index>(parts[i].size());
      require(size > 0, who, ": client ", i, " has no observations");
      whole = whole && (settings.weights == ClientWeights::by_count || size == static_cast<Index>(parts[0].size()));
      weight.push_back(settings.weights == ClientWeights::uniform ? 1 / static_cast<double>(parts.size())
                                                                  : static_cast<double>(size) / static_cast<double>(parts.count()));
    }
    whole = whole && batch == 0 && (settings.sampled == 0 || settings.sampled == parts.size());
    order.resize(weight.size());
    std::iota(order.begin(), order.end(), Index(0));
    round = order;
    if (batch > 0) shuffled.reserve(static_cast<std::size_t>(parts.count()));
  }

  /// Draws the clients of a round.
  void draw(const ClientSettings& settings) {
    if (settings.sampled == 0 || settings.sampled == settings.partition.size()) return;
    random.shuffle(order);
    round.assign(order.begin(), order.begin() + settings.sampled);
    std::sort(round.begin(), round.end());
    share = 0;
    for (const Index i : round) share += weight[static_cast<std::size_t>(i)];
  }
  /// p_i within the round.
  S p(Index i) const { return static_cast<S>(weight[static_cast<std::size_t>(i)] / share); }

  /// Local steps of client i from w = `local`. edit(k, value) is called with each gradient in `gradient`, which it may change; w moves
  /// along what it leaves.
  template <class P, class Edit>
  void descend(const P& problem, typename P::Workspace& ws, const Partition& parts, Index i, const LocalSteps& steps, Edit&& edit) {
    std::span<const Index> all = parts[i], which = all;
    const auto size = static_cast<Index>(all.size()), batch = std::min(steps.batch, size);
    if (batch > 0) shuffled.assign(all.begin(), all.end());
    for (Index k = 0, next = size; k < steps.steps; ++k) {
      if (batch > 0) {
        if (next >= size) random.shuffle(shuffled), next = 0;
        const Index b = std::min(batch, size - next);
        which = std::span<const Index>(shuffled).subspan(static_cast<std::size_t>(next), static_cast<std::size_t>(b));
        next += b;
      }
      const Value<S> value = problem.value_and_gradient(local, which, ws, gradient);
      edit(k, value);
      local -= static_cast<S>(steps.rate) * gradient;
    }
  }

  /// value and gradient of the step, at theta, from those of the clients.
  void begin(Step<S>& step) const {
    step.ahead.known = false;  // evaluated on all data at once
    step.value = {};
    step.gradient.setZero();
    step.linearized = Linearized::nowhere;
    step.full = whole;
  }
  void add(Step<S>& step, Index i, const Value<S>& value, In<S> g) const {
    step.value.loss += p(i) * value.loss;
    step.value.objective += p(i) * value.objective;
    step.gradient += p(i) * g;
  }
};

template <class P>
void require_batch_oracle(const P& oracle) {
  constexpr bool possible = requires(const P& problem, typename P::Workspace& ws, const Vector<typename P::scalar_type>& theta,
                                     Vector<typename P::scalar_type>& g, std::span<const Index> which) {
    problem.count();
    problem.value_and_gradient(theta, which, ws, g);
  };
  static_assert(possible,
                "clients: the problem needs count() and value_and_gradient(theta, which, ws, g), as Problem has them; a batch has no "
                "clients, so that these sources do not stand in on_batches");
  if constexpr (requires { oracle.can_batch(); })
    require(oracle.can_batch(), "clients: the problem cannot be evaluated on some of its observations");
}

}  // namespace detail

}  // namespace tacit
