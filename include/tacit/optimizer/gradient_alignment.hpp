// SPDX-License-Identifier: MIT
#pragma once
// Gradient alignment: descent that also lowers the variance  r = (1/2) sum_i p_i |grad f_i - grad f|^2  of the clients' gradients
// (clients.hpp). At theta = x,
//   displaced   u = sum_i p_i grad f_i(x + v_i),   v_i = -beta (grad f(x) - grad f_i(x)),   sum_i p_i v_i = 0
//   exact       u = grad f + beta grad r,          grad r = sum_i p_i H_i (grad f_i - grad f)
// They agree up to O(beta^2), and on quadratics altogether; beta = 0 is gradient descent. Epochs of SGD at the rate a over the clients in
// random order follow beta = a/2,
// up to third order in a.                               [Dandi, Barba & Jaggi 2022; epfml/GradientAlignment; random orders: Smith et al.
// 2021, Barrett & Dherin 2021]
//
// FederatedAlignment makes K plain local steps from x + v_i and does not shift back: u = x - sum_i p_i w_i, so that LearningRate{1} behind
// it is the method of the
// paper (FedGA). With K = 1 it is the displaced form at the local rate.
//
// A round costs 2 n clients' gradients (and n Hessian-vector products in the exact form), FederatedAlignment n + n K; the clients'
// gradients are kept, n P numbers.
// The value and gradient that hooks see: clients.hpp.

#include "clients.hpp"
#include "learning_rate.hpp"
#include "required.hpp"

namespace tacit {

enum class AlignmentForm { displaced, exact };
template <>
inline constexpr std::array names_of<AlignmentForm>{"displaced", "exact"};

namespace detail {

template <Scalar S>
struct AlignmentState : Clients<S> {
  Matrix<S> gradients;  ///< of each client at theta, a column each
  Vector<S> product;
  using Clients<S>::Clients;

  template <class P>
  void evaluate_all(const P& problem, typename P::Workspace& ws, const Partition& parts, Step<S>& step) {
    this->begin(step);
    for (const Index i : this->round) {
      auto g = gradients.col(i);
      this->add(step, i, problem.value_and_gradient(step.theta, parts[i], ws, g), g);
    }
  }
  /// local = theta + v_i.
  void displace(Index i, S beta, const Step<S>& step) { this->local = step.theta - beta * (step.gradient - gradients.col(i)); }
};
template <class P>
auto start_alignment(const char* who, const P& problem, const ClientSettings& clients, double beta) {
  using S = typename P::scalar_type;
  require_batch_oracle(problem);
  require(std::isfinite(beta), who, ": .beta is ", beta, ", it needs to be finite");
  AlignmentState<S> state(who, problem, clients);
  state.gradients.resize(problem.dimension(), clients.partition.size());
  return state;
}

}  // namespace detail

struct GradientAlignment {
  using stage = SourceTag;
  static constexpr std::string_view name = "GradientAlignment";
  ClientSettings clients;
  double beta;
  AlignmentForm form = AlignmentForm::displaced;

  template <class Archive>
  void persist(Archive& archive) {
    archive("clients", clients);
    archive("beta", beta);
    archive("form", form);
  }

  template <class P>
  auto start(const P& problem) const {
    using S = typename P::scalar_type;
    auto state = detail::start_alignment("GradientAlignment", problem, clients, beta);
    require(form == AlignmentForm::displaced || detail::offers_hessian_products(OnBatch<P>(problem, {})),
            "GradientAlignment: .form is exact, which needs Hessian-vector products of a client; this problem has none, take displaced");
    if (form == AlignmentForm::exact) state.product = Vector<S>(problem.dimension());
    return state;
  }
  template <class P, Scalar S>
  void draw(const P& problem, typename P::Workspace& ws, Step<S>& step, detail::AlignmentState<S>& state) const {
    const Partition& parts = clients.partition;
    const S b = static_cast<S>(beta);
    state.draw(clients);
    state.evaluate_all(problem, ws, parts, step);
    if (beta == 0) return;
    Vector<S>& update = step.replace();
    if (form == AlignmentForm::displaced) update.setZero();
    else update = step.gradient;
    for (const Index i : state.round) {
      if (form == AlignmentForm::displaced) {
        state.displace(i, b, step);
        problem.value_and_gradient(state.local, parts[i], ws, state.gradient);
        update += state.p(i) * state.gradient;
      } else if constexpr (detail::has_hessian_products<OnBatch<P>>) {
        state.local = state.gradients.col(i) - step.gradient;
        OnBatch<P>(problem, parts[i]).hessian_times(step.theta, state.local, ws, state.product);
        update += (b * state.p(i)) * state.product;
      }
    }
  }
};

struct FederatedAlignment {
  using stage = SourceTag;
  static constexpr std::string_view name = "FederatedAlignment";
  ClientSettings clients;
  double beta;
  LocalSteps local;

  template <class Archive>
  void persist(Archive& archive) {
    archive("clients", clients);
    archive("beta", beta);
    archive("local", local);
  }

  template <class P>
  auto start(const P& problem) const {
    detail::require_local("FederatedAlignment", local);
    auto state = detail::start_alignment("FederatedAlignment", problem, clients, beta);
    if (local.batch > 0) state.shuffled.reserve(static_cast<std::size_t>(problem.count()));
    return state;
  }
  template <class P, Scalar S>
  void draw(const P& problem, typename P::Workspace& ws, Step<S>& step, detail::AlignmentState<S>& state) const {
    const Partition& parts = clients.partition;
    state.draw(clients);
    state.evaluate_all(problem, ws, parts, step);
    Vector<S>& update = step.replace();
    update = step.theta;
    for (const Index i : state.round) {
      state.displace(i, static_cast<S>(beta), step);
      state.descend(problem, ws, parts, i, local, [](Index, const Value<S>&) {});
      update -= state.p(i) * state.local;
    }
  }
};

struct GradAlignSettings {
  Partition partition = {};
  Required<double> rate, beta;
  AlignmentForm form = AlignmentForm::displaced;
  ClientWeights weights = ClientWeights::uniform;
  Index sampled = 0;
  std::uint64_t seed = 1;
};
/// GradAlign: gradient alignment with descent at a rate.
inline auto grad_align(GradAlignSettings o) {
  return GradientAlignment{.clients = {std::move(o.partition), o.weights, o.sampled, o.seed}, .beta = o.beta, .form = o.form} |
         LearningRate{ConstantRate{o.rate}};
}

struct FedGaSettings {
  Partition partition = {};
  Required<double> rate, beta;  ///< the local rate
  Index steps = 1, batch = 0;
  ClientWeights weights = ClientWeights::uniform;
  Index sampled = 0;
  std::uint64_t seed = 1;
};
/// FedGA with the server's rate 1.
inline auto fed_ga(FedGaSettings o) {
  return FederatedAlignment{.clients = {std::move(o.partition), o.weights, o.sampled, o.seed},
                            .beta = o.beta,
                            .local = {.rate = o.rate, .steps = o.steps, .batch = o.batch}} |
         LearningRate{ConstantRate{1}};
}

}  // namespace tacit
