// SPDX-License-Identifier: MIT
#pragma once
// The expected loss of a Gaussian over parameters,  E loss(A(W(w)); y),  w = mu + S eps, eps ~ N(0, I):  the data term of a Problem whose model is a
// Gaussian (model/gaussian.hpp).                                                                                          [Wenger et al. 2025]
// It is a term and no model, because a loss sees one z = A(W(theta)) for each observation, and this value needs the loss at several. With f the loss on
// the model itself
//   exact     f(mu) + 1/2 sum_r s_r^T H s_r,   gradient (grad f(mu), H s_1, ..., H s_R),   where f is quadratic: squared loss, W linear in w
//   sampled   1/K sum_k f(mu + S eps_k),   gradient 1/K sum_k (g_k, g_k eps_k^T),  g_k = grad f at sample k            [Kingma & Welling 2014]
// and Hessian-vector products by H_k (v_mu + V eps_k) in place of g_k. For half the sum of squares of X w - y the exact value is
// 1/2 |y - X mu|^2 + 1/2 |X S|_F^2. Cost: exact one gradient and noise_count() Hessian-vector products of the model; sampled K gradients and O(K P R).
// Every sample has a workspace of the model. Minibatches, weights, shifted targets and every loss are those of DataTerm. Penalties on W are of the mean,
// penalties on theta of mu and S.

#include "model/gaussian.hpp"
#include "problem.hpp"

namespace tacit {

template <Scalar S, class O, class L>
class ExpectedTerm {
  using Term = DataTerm<S, O, L>;
  using Which = const std::span<const Index>*;  // a batch; null: all observations

 public:
  static constexpr bool is_data = true, is_expectation = true;
  static constexpr Index degree = Term::degree;
  using scalar_type = S;
  using observation_type = O;

  ExpectedTerm(std::shared_ptr<const Data<S, O>> data, L loss) : term_(std::move(data), std::move(loss)) {}

  const Data<S, O>& data() const { return term_.data(); }
  const L& loss() const { return term_.loss(); }
  Index count() const { return term_.count(); }
  Index size() const { return term_.size(); }
  Index size(std::span<const Index> which) const { return term_.size(which); }
  S scale() const { return term_.scale(); }
  std::string name() const { return term_.name(); }

  /// Whether the expectation is known in closed form.
  template <class M>
  static bool exact_for(const Gaussian<M>& model) {
    return curved<M> && degree > 0 && degree <= 2 && model.linear();
  }
  /// Asked when the problem is built.
  template <class M>
  void check(const Gaussian<M>& model) const {
    require(model.settings().samples > 0 || exact_for(model), "Gaussian: the expectation of ", name(), " under ", model.model(),
            " is not known in closed form, which takes a squared loss and a model that is linear in its parameters; say over how many "
            "samples it is averaged, "
            "{.samples = 8}");
  }

  template <class G>
  struct Workspace {
    std::vector<typename Term::template Workspace<typename G::model_type>> samples;  ///< exact: one, at the mean
    Vector<S> w, g, v, hv;                                                           ///< of the model
    const Vector<S>* shift = nullptr;                                                ///< as in DataTerm
    const Vector<S>* noise = nullptr;  ///< while it stands here, the samples are these, one eps after another, and no others
  };
  template <class G>
  Workspace<G> workspace(const G& model) const {
    check(model);
    const Index P = model.mean_count();
    Workspace<G> ws{{}, Vector<S>(P), Vector<S>(P), Vector<S>(P), Vector<S>(P)};
    provide(model, std::max(Index(1), model.settings().samples), ws);
    return ws;
  }

  template <class G>
  S value(const G& model, In<S> theta, Workspace<G>& ws) const {
    return evaluate(model, theta, nullptr, ws, Write::set, nullptr);
  }
  template <class G>
  S value_and_gradient(const G& model, In<S> theta, Workspace<G>& ws, Write write, Out<S> g) const {
    return evaluate(model, theta, nullptr, ws, write, &g);
  }
  template <class G>
  void hessian_times(const G& model, In<S> theta, In<S> v, Workspace<G>& ws, Write write, Out<S> hv) const {
    product<false>(model, theta, nullptr, v, ws, write, hv);
  }
  template <class G>
  void gauss_newton_times(const G& model, In<S> theta, In<S> v, Workspace<G>& ws, Write write, Out<S> cv) const {
    product<true>(model, theta, nullptr, v, ws, write, cv);
  }
  template <class G>
  S batch_value(const G& model, In<S> theta, std::span<const Index> which, Workspace<G>& ws) const {
    return evaluate(model, theta, &which, ws, Write::set, nullptr);
  }
  template <class G>
  S batch_value_and_gradient(const G& model, In<S> theta, std::span<const Index> which, Workspace<G>& ws, Write write, Out<S> g) const {
    return evaluate(model, theta, &which, ws, write, &g);
  }
  template <class G>
  void batch_hessian_times(const G& model, In<S> theta, std::span<const Index> which, In<S> v, Workspace<G>& ws, Write write,
                           Out<S> hv) const {
    product<false>(model, theta, &which, v, ws, write, hv);
  }
  template <class G>
  void batch_gauss_newton_times(const G& model, In<S> theta, std::span<const Index> which, In<S> v, Workspace<G>& ws, Write write,
                                Out<S> cv) const {
    product<true>(model, theta, &which, v, ws, write, cv);
  }

  template <class G>
  [[gnu::cold]] std::string explain(const Workspace<G>& ws) const {
    for (const auto& sample : ws.samples)
      if (const std::string why = term_.explain(sample); !why.empty()) return why;
    return {};
  }
  template <class Archive>
  void persist(Archive& archive) {
    term_.persist(archive);
  }

 private:
  /// Whether the model has Hessian-vector products.
  template <class M>
  static constexpr bool curved = requires(const M& model, const O& at, detail::WorkspaceOf<M, O>& ws, In<S> in, Out<S> out) {
    model.pushforward(in, at, ws, in, out);
    model.pullback_tangent(in, at, ws, in, in, in, Write::set, out);
  };

  template <class G>
  void provide(const G& model, Index samples, Workspace<G>& ws) const {
    while (static_cast<Index>(ws.samples.size()) < samples) ws.samples.push_back(term_.workspace(model.model()));
  }
  template <class G>
  static bool is_exact(const G& model, const Workspace<G>& ws) {
    return !ws.noise && model.settings().samples == 0;
  }
  template <class G>
  static Index sample_count(const G& model, const Workspace<G>& ws) {
    return ws.noise ? ws.noise->size() / model.noise_count() : model.settings().samples;
  }
  template <class G>
  static const S* noise(const G& model, const Workspace<G>& ws, Index k) {
    return (ws.noise ? ws.noise->data() : model.samples().data()) + k * model.noise_count();
  }
  /// ws.w = mu + S eps_k.
  template <class G>
  static void place(const G& model, In<S> theta, Index k, Workspace<G>& ws) {
    ws.w = theta.head(model.mean_count());
    model.add_noise(theta, noise(model, ws, k), ws.w);
  }

  // The loss on the model itself, in the workspace of sample k.
  template <class G>
  S inner_value(const G& model, In<S> w, Which which, Index k, Workspace<G>& ws) const {
    auto& at = ws.samples[static_cast<std::size_t>(k)];
    at.shift = ws.shift;
    return which ? term_.batch_value(model.model(), w, *which, at) : term_.value(model.model(), w, at);
  }
  template <class G>
  S inner_gradient(const G& model, In<S> w, Which which, Index k, Workspace<G>& ws, Out<S> g) const {
    auto& at = ws.samples[static_cast<std::size_t>(k)];
    at.shift = ws.shift;
    return which ? term_.batch_value_and_gradient(model.model(), w, *which, at, Write::set, g)
                 : term_.value_and_gradient(model.model(), w, at, Write::set, g);
  }
  template <bool gauss_newton, class G>
  void inner_product(const G& model, In<S> w, Which which, In<S> v, Index k, Workspace<G>& ws, Out<S> hv) const {
    auto& at = ws.samples[static_cast<std::size_t>(k)];
    if constexpr (gauss_newton) {
      if (which) term_.batch_gauss_newton_times(model.model(), w, *which, v, at, Write::set, hv);
      else term_.gauss_newton_times(model.model(), w, v, at, Write::set, hv);
    } else {
      if (which) term_.batch_hessian_times(model.model(), w, *which, v, at, Write::set, hv);
      else term_.hessian_times(model.model(), w, v, at, Write::set, hv);
    }
  }

  template <class G>
  S evaluate(const G& model, In<S> theta, Which which, Workspace<G>& ws, Write write, Out<S>* g) const {
    if (is_exact(model, ws)) {
      if constexpr (curved<typename G::model_type>) return evaluate_exactly(model, theta, which, ws, write, g);
    }
    const Index K = sample_count(model, ws);
    const S share = S(1) / static_cast<S>(K);
    provide(model, K, ws);
    S sum = 0;
    for (Index k = 0; k < K; ++k) {
      place(model, theta, k, ws);
      if (!g) {
        sum += inner_value(model, ws.w, which, k, ws);
        continue;
      }
      sum += inner_gradient(model, ws.w, which, k, ws, ws.g);
      bring_back(model, ws.g, noise(model, ws, k), share, k == 0 ? write : Write::add, *g);
    }
    return share * sum;
  }
  /// g (+)= share (gw, gw eps^T).
  template <class G>
  static void bring_back(const G& model, In<S> gw, const S* eps, S share, Write write, Out<S>& g) {
    if (write == Write::set) g.head(gw.size()) = share * gw;
    else g.head(gw.size()) += share * gw;
    model.pull_noise(gw, eps, share, write, g);
  }
  template <class G>
  S evaluate_exactly(const G& model, In<S> theta, Which which, Workspace<G>& ws, Write write, Out<S>* g) const {
    ws.w = theta.head(model.mean_count());
    S sum = inner_gradient(model, ws.w, which, 0, ws, ws.g);
    if (g) {
      if (write == Write::set) g->head(ws.g.size()) = ws.g;
      else g->head(ws.g.size()) += ws.g;
    }
    for (Index c = 0; c < model.noise_count(); ++c) {
      ws.v.setZero();
      model.add_column(theta, c, ws.v);
      inner_product<false>(model, ws.w, which, ws.v, 0, ws, ws.hv);
      sum += ws.v.dot(ws.hv) / 2;
      if (g) model.pull_column(ws.hv, c, write, *g);
    }
    return sum;
  }

  /// At the theta, and with the samples, of the last gradient.
  template <bool gauss_newton, class G>
  void product(const G& model, In<S> theta, Which which, In<S> v, Workspace<G>& ws, Write write, Out<S>& hv) const {
    const Index P = model.mean_count();
    if (is_exact(model, ws)) {
      ws.w = theta.head(P);
      for (Index c = -1; c < model.noise_count(); ++c) {  // -1 is the mean
        ws.v.setZero();
        if (c < 0) ws.v = v.head(P);
        else model.add_column(v, c, ws.v);
        inner_product<gauss_newton>(model, ws.w, which, ws.v, 0, ws, ws.hv);
        if (c >= 0) model.pull_column(ws.hv, c, write, hv);
        else if (write == Write::set) hv.head(P) = ws.hv;
        else hv.head(P) += ws.hv;
      }
      return;
    }
    const Index K = sample_count(model, ws);
    for (Index k = 0; k < K; ++k) {
      place(model, theta, k, ws);
      ws.v = v.head(P);
      model.add_noise(v, noise(model, ws, k), ws.v);
      inner_product<gauss_newton>(model, ws.w, which, ws.v, k, ws, ws.hv);
      bring_back(model, ws.hv, noise(model, ws, k), S(1) / static_cast<S>(K), k == 0 ? write : Write::add, hv);
    }
  }

  Term term_;
};

template <class M, class S, class O, class L, class... Penalties>
Problem(Gaussian<M>, Data<S, O>, L, Penalties...) -> Problem<Gaussian<M>, ExpectedTerm<S, O, L>, detail::PenaltyTerm<S, Penalties>...>;
template <class M, class S, class O, class L, class... Penalties>
Problem(Gaussian<M>, std::shared_ptr<const Data<S, O>>, L, Penalties...)
    -> Problem<Gaussian<M>, ExpectedTerm<S, O, L>, detail::PenaltyTerm<S, Penalties>...>;

}  // namespace tacit
