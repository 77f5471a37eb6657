// SPDX-License-Identifier: MIT
#pragma once
// Federated averaging: every client makes K steps of its own from the common x = theta, and the ends w_i are averaged,
//   FederatedAverage    w <- w - rate grad f_i(w)                         [FedAvg, McMahan et al. 2017]
//   FederatedProximal   w <- w - rate (grad f_i(w) + mu (w - x)),         the penalty (mu/2) |w - x|^2 on the way away       [FedProx, Li
//   et al. 2020]
//   u = x - sum_i p_i w_i,   the update as a gradient: LearningRate{1} behind it is the plain average, momentum or Adam make it a server's
//   optimizer
// With K = 1, and with mu = 0, these are gradient descent and FedAvg. With K > 1 and clients that disagree the fixed point is not the
// minimiser of f (scaffold.hpp mends that).
// A round costs n K clients' gradients. The value and gradient that hooks see are from the first local steps: clients.hpp.

#include "clients.hpp"
#include "learning_rate.hpp"
#include "required.hpp"

namespace tacit {

namespace detail {
template <class P, Scalar S>
void average_locally(const P& problem, typename P::Workspace& ws, Step<S>& step, Clients<S>& state, const ClientSettings& clients,
                     const LocalSteps& local, double mu) {
  state.draw(clients);
  state.begin(step);
  Vector<S>& update = step.replace();
  update = step.theta;
  for (const Index i : state.round) {
    state.local = step.theta;
    state.descend(problem, ws, clients.partition, i, local, [&](Index k, const Value<S>& value) {
      if (k == 0) state.add(step, i, value, state.gradient);
      else if (mu != 0) state.gradient += static_cast<S>(mu) * (state.local - step.theta);
    });
    update -= state.p(i) * state.local;
  }
}
}  // namespace detail

struct FederatedAverage {
  using stage = SourceTag;
  static constexpr std::string_view name = "FederatedAverage";
  ClientSettings clients;
  LocalSteps local;

  template <class Archive>
  void persist(Archive& archive) {
    archive("clients", clients);
    archive("local", local);
  }

  template <class P>
  auto start(const P& problem) const {
    detail::require_batch_oracle(problem);
    detail::require_local("FederatedAverage", local);
    return detail::Clients<typename P::scalar_type>("FederatedAverage", problem, clients, local.batch);
  }
  template <class P, Scalar S>
  void draw(const P& problem, typename P::Workspace& ws, Step<S>& step, detail::Clients<S>& state) const {
    detail::average_locally(problem, ws, step, state, clients, local, 0);
  }
};

struct FederatedProximal {
  using stage = SourceTag;
  static constexpr std::string_view name = "FederatedProximal";
  ClientSettings clients;
  double mu;
  LocalSteps local;

  template <class Archive>
  void persist(Archive& archive) {
    archive("clients", clients);
    archive("mu", mu);
    archive("local", local);
  }

  template <class P>
  auto start(const P& problem) const {
    detail::require_batch_oracle(problem);
    detail::require_local("FederatedProximal", local);
    require(std::isfinite(mu) && mu >= 0, "FederatedProximal: .mu is ", mu, ", it needs to be 0 or more");
    return detail::Clients<typename P::scalar_type>("FederatedProximal", problem, clients, local.batch);
  }
  template <class P, Scalar S>
  void draw(const P& problem, typename P::Workspace& ws, Step<S>& step, detail::Clients<S>& state) const {
    detail::average_locally(problem, ws, step, state, clients, local, mu);
  }
};

struct FedAvgSettings {
  Partition partition = {};
  Required<double> rate;  ///< of the local steps
  Index steps = 1, batch = 0;
  ClientWeights weights = ClientWeights::uniform;
  Index sampled = 0;
  std::uint64_t seed = 1;
};
/// FedAvg with the server's rate 1.
inline auto fed_avg(FedAvgSettings o) {
  return FederatedAverage{.clients = {std::move(o.partition), o.weights, o.sampled, o.seed},
                          .local = {.rate = o.rate, .steps = o.steps, .batch = o.batch}} |
         LearningRate{ConstantRate{1}};
}

struct FedProxSettings {
  Partition partition = {};
  Required<double> rate, mu;
  Index steps = 1, batch = 0;
  ClientWeights weights = ClientWeights::uniform;
  Index sampled = 0;
  std::uint64_t seed = 1;
};
/// FedProx with the server's rate 1.
inline auto fed_prox(FedProxSettings o) {
  return FederatedProximal{.clients = {std::move(o.partition), o.weights, o.sampled, o.seed},
                           .mu = o.mu,
                           .local = {.rate = o.rate, .steps = o.steps, .batch = o.batch}} |
         LearningRate{ConstantRate{1}};
}

}  // namespace tacit
