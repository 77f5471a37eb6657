// SPDX-License-Identifier: MIT
#pragma once
// SCAFFOLD: federated averaging whose local steps are corrected by control variates, so that it ends at the minimiser of f although clients
// disagree.
//   w <- w - rate (grad f_i(w) - c_i + c)      K times from the common x = theta;   u = x - sum_i p_i w_i
// and then, for the clients of the round,
//   ScaffoldOption::gradient   c_i <- grad f_i(x)                               [Karimireddy et al. 2020, option I]
//   ScaffoldOption::steps      c_i <- c_i - c + (x - w_i) / (K rate)            [option II]
//   ScaffoldOption::fresh      no memory: c_i = grad f_i(x) and c = sum_i p_i c_i, at this round's x       [epfml/GradientAlignment]
//   c <- c + sum over the round of p_i (change of c_i),   with the p_i of all clients (the paper's 1/n, where weights are uniform); all
//   start at 0.
// LearningRate{1} behind it is the paper's server rate 1. State: (n + 1) P numbers. A round costs n K clients' gradients, since the first
// of the K is grad f_i(x); with local
// batches, n more for `gradient` and `fresh`, which take their variates on all of a client's observations. The value and gradient that
// hooks see: clients.hpp.

#include "clients.hpp"
#include "learning_rate.hpp"
#include "required.hpp"

namespace tacit {

enum class ScaffoldOption { gradient, steps, fresh };
template <>
inline constexpr std::array names_of<ScaffoldOption>{"gradient", "steps", "fresh"};

struct Scaffold {
  using stage = SourceTag;
  static constexpr std::string_view name = "Scaffold";
  ClientSettings clients;
  LocalSteps local;
  ScaffoldOption option = ScaffoldOption::steps;

  template <class Archive>
  void persist(Archive& archive) {
    archive("clients", clients);
    archive("local", local);
    archive("option", option);
  }

  template <Scalar S>
  struct State : detail::Clients<S> {
    Vector<S> c, next_c;
    std::vector<Vector<S>> of_client;  ///< c_i
    Vector<S> correction, next;        ///< c - c_i, and the c_i to come
    using detail::Clients<S>::Clients;

    template <class Archive>
    void persist(Archive& archive) {
      detail::Clients<S>::persist(archive);
      archive("c", c);
      archive("of_client", of_client);
    }
  };
  template <class P>
  auto start(const P& problem) const {
    using S = typename P::scalar_type;
    detail::require_batch_oracle(problem);
    detail::require_local("Scaffold", local);
    State<S> state("Scaffold", problem, clients, local.batch);
    state.c = state.next_c = state.correction = state.next = Vector<S>::Zero(problem.dimension());
    state.of_client.assign(static_cast<std::size_t>(clients.partition.size()), state.c);
    return state;
  }

  template <class P, Scalar S>
  void draw(const P& problem, typename P::Workspace& ws, Step<S>& step, State<S>& state) const {
    const Partition& parts = clients.partition;
    state.draw(clients);
    state.begin(step);
    const bool whole_data = local.batch == 0, at_start = option == ScaffoldOption::gradient;
    if (option == ScaffoldOption::fresh) {
      for (const Index i : state.round) {
        Vector<S>& own = state.of_client[static_cast<std::size_t>(i)];
        state.add(step, i, problem.value_and_gradient(step.theta, parts[i], ws, own), own);
      }
      state.c = step.gradient;
    }
    state.next_c = state.c;
    Vector<S>& update = step.replace();
    update = step.theta;
    for (const Index i : state.round) {
      Vector<S>& own = state.of_client[static_cast<std::size_t>(i)];
      state.correction = state.c - own;
      state.local = step.theta;
      descend(problem, ws, step, state, i);
      update -= state.p(i) * state.local;
      if (option == ScaffoldOption::fresh) continue;
      if (at_start && !whole_data) problem.value_and_gradient(step.theta, parts[i], ws, state.next);
      else if (!at_start)
        state.next = (step.theta - state.local) / static_cast<S>(static_cast<double>(local.steps) * local.rate) - state.correction;
      state.next_c += static_cast<S>(state.weight[static_cast<std::size_t>(i)]) * (state.next - own);
      own.swap(state.next);
    }
    state.c.swap(state.next_c);
  }

 private:
  /// The K corrected steps of client i.
  template <class P, Scalar S>
  void descend(const P& problem, typename P::Workspace& ws, Step<S>& step, State<S>& state, Index i) const {
    const bool fresh = option == ScaffoldOption::fresh;
    LocalSteps rest = local;
    if (fresh && local.batch == 0) {  // the first gradient is c_i: the first step goes along c
      state.local -= static_cast<S>(local.rate) * state.c;
      if (--rest.steps == 0) return;
    }
    state.descend(problem, ws, clients.partition, i, rest, [&](Index k, const Value<S>& value) {
      if (k == 0 && !fresh) {
        state.add(step, i, value, state.gradient);
        state.next = state.gradient;  // option I on whole data
      }
      state.gradient += state.correction;
    });
  }
};

struct ScaffoldSettings {
  Partition partition = {};
  Required<double> rate;  ///< of the local steps
  Index steps = 1, batch = 0;
  ScaffoldOption option = ScaffoldOption::steps;
  ClientWeights weights = ClientWeights::uniform;
  Index sampled = 0;
  std::uint64_t seed = 1;
};
/// SCAFFOLD with the server's rate 1.
inline auto scaffold(ScaffoldSettings o) {
  return Scaffold{.clients = {std::move(o.partition), o.weights, o.sampled, o.seed},
                  .local = {.rate = o.rate, .steps = o.steps, .batch = o.batch},
                  .option = o.option} |
         LearningRate{ConstantRate{1}};
}

}  // namespace tacit
