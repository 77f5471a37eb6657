// SPDX-License-Identifier: MIT
#pragma once
// The terms of a problem. Each knows how to add its value, gradient and Hessian-vector product at theta, in a workspace of its own:
//   DataTerm     loss(A(W(theta)); y)     an observation with targets under a loss
// and penalties, in penalty_term.hpp.
// The loss never sees W, it sees z. Terms are const while runs work; what they write into belongs to the run.

#include <cmath>
#include <memory>
#include <optional>
#include <span>
#include <utility>
#include <vector>

#include "core/archive.hpp"
#include "loss/identity.hpp"
#include "loss/squares.hpp"
#include "observation/data.hpp"

namespace tacit {

namespace detail {
template <class M, class O>
using WorkspaceOf = decltype(std::declval<const M&>().workspace(std::declval<const O&>()));
}

template <Scalar S, class O, class L>
class DataTerm {
  static_assert(
      requires(const L loss, In<S> z, Out<S> slope) {
        { loss.template value_and_slope<S>(z, z, z, S(1), slope) } -> std::convertible_to<S>;
        { loss.reduction } -> std::convertible_to<Reduction>;
        { loss.name() } -> std::convertible_to<std::string>;
      },
      "Problem: a loss needs value_and_slope<S>(z, y, weight, scale, slope), reduction and name(); pointwise(formula) makes one of a "
      "formula in z and y");

 public:
  static constexpr bool is_data = true;
  /// Of the loss as a polynomial of z; 0 where it is none.
  static constexpr Index degree = detail::polynomial_degree<L>;
  using scalar_type = S;
  using observation_type = O;

  DataTerm(std::shared_ptr<const Data<S, O>> data, L loss) : data_(std::move(data)), loss_(std::move(loss)) {}

  const Data<S, O>& data() const { return *data_; }
  const L& loss() const { return loss_; }
  Index count() const { return data_->count(); }

  template <class M>
  struct Workspace {
    using BatchAt = typename O::batch_type;
    struct Batch {
      BatchAt at;
      detail::WorkspaceOf<M, BatchAt> model;
      Vector<S> y, weight, z, slope, dz, dslope;
    };
    detail::WorkspaceOf<M, O> model;
    Vector<S> z, slope, dz, dslope;
    std::optional<Batch> batch;
    const Vector<S>* shift =
        nullptr;  ///< added to the targets of the observations at hand (all, or the batch in its order) while it stands here
    Vector<S> shifted = {};
  };
  template <class M>
  Workspace<M> workspace(const M& model) const {
    return {model.workspace(data_->where), Vector<S>(count()), Vector<S>(count()), {}, {}, {}};
  }

  template <class M>
  S value(const M& model, In<S> theta, Workspace<M>& ws) const {
    model.evaluate(theta, data_->where, ws.model, ws.z);
    return loss_.template value_and_slope<S>(ws.z, targets(ws), data_->weight, scale(count()), ws.slope);
  }
  template <class M>
  S value_and_gradient(const M& model, In<S> theta, Workspace<M>& ws, Write write, Out<S> g) const {
    const S value = this->value(model, theta, ws);
    model.pullback(theta, data_->where, ws.model, ws.slope, write, g);
    return value;
  }
  /// At the theta of the last value_and_gradient.
  template <class M>
  void hessian_times(const M& model, In<S> theta, In<S> v, Workspace<M>& ws, Write write, Out<S> hv) const {
    if (ws.dz.size() == 0) ws.dz.resize(count()), ws.dslope.resize(count());
    model.pushforward(theta, data_->where, ws.model, v, ws.dz);
    loss_.template curvature_times<S>(ws.z, targets(ws), data_->weight, scale(count()), ws.dz, ws.dslope);
    model.pullback_tangent(theta, data_->where, ws.model, ws.slope, ws.dslope, v, write, hv);
  }
  /// cv = J^T diag(l'') J v, the Gauss-Newton part of the Hessian, at the theta of the last value_and_gradient. It may be repeated; a Hessian-vector
  /// product after it needs another value_and_gradient.
  template <class M>
  void gauss_newton_times(const M& model, In<S> theta, In<S> v, Workspace<M>& ws, Write write, Out<S> cv) const {
    if (ws.dz.size() == 0) ws.dz.resize(count()), ws.dslope.resize(count());
    model.pushforward(theta, data_->where, ws.model, v, ws.dz);
    loss_.template curvature_times<S>(ws.z, data_->y, data_->weight, scale(count()), ws.dz, ws.dslope);
    model.pullback(theta, data_->where, ws.model, ws.dslope, write, cv);
  }
  /// The same on the observations `which` alone: an unbiased estimate, by the loss's reduction.
  template <class M>
  S batch_value(const M& model, In<S> theta, std::span<const Index> which, Workspace<M>& ws) const {
    gather(model, which, ws);
    auto& batch = *ws.batch;
    const auto b = static_cast<Index>(which.size());
    const Eigen::Ref<Vector<S>> z = batch.z.head(b), slope = batch.slope.head(b);
    model.evaluate(theta, batch.at, batch.model, z);
    return loss_.template value_and_slope<S>(z, batch.y.head(b), batch_weight(batch, b), scale(b), slope);
  }
  template <class M>
  S batch_value_and_gradient(const M& model, In<S> theta, std::span<const Index> which, Workspace<M>& ws, Write write, Out<S> g) const {
    const S value = batch_value(model, theta, which, ws);
    auto& batch = *ws.batch;
    const Eigen::Ref<Vector<S>> slope = batch.slope.head(static_cast<Index>(which.size()));
    model.pullback(theta, batch.at, batch.model, slope, write, g);
    return value;
  }
  /// At the theta and on the batch of the last batch_value_and_gradient.
  template <class M>
  void batch_hessian_times(const M& model, In<S> theta, std::span<const Index> which, In<S> v, Workspace<M>& ws, Write write,
                           Out<S> hv) const {
    auto& batch = *ws.batch;
    const auto b = static_cast<Index>(which.size());
    if (batch.dz.size() < b) batch.dz.resize(batch.z.size()), batch.dslope.resize(batch.z.size());
    const Eigen::Ref<Vector<S>> slope = batch.slope.head(b), dz = batch.dz.head(b), dslope = batch.dslope.head(b);
    model.pushforward(theta, batch.at, batch.model, v, dz);
    loss_.template curvature_times<S>(batch.z.head(b), batch.y.head(b), batch_weight(batch, b), scale(b), dz, dslope);
    model.pullback_tangent(theta, batch.at, batch.model, slope, dslope, v, write, hv);
  }

  /// At the theta and on the batch of the last batch_value_and_gradient.
  template <class M>
  void batch_gauss_newton_times(const M& model, In<S> theta, std::span<const Index> which, In<S> v, Workspace<M>& ws, Write write,
                                Out<S> cv) const {
    auto& batch = *ws.batch;
    const auto b = static_cast<Index>(which.size());
    if (batch.dz.size() < b) batch.dz.resize(batch.z.size()), batch.dslope.resize(batch.z.size());
    const Eigen::Ref<Vector<S>> dz = batch.dz.head(b), dslope = batch.dslope.head(b);
    model.pushforward(theta, batch.at, batch.model, v, dz);
    loss_.template curvature_times<S>(batch.z.head(b), batch.y.head(b), batch_weight(batch, b), scale(b), dz, dslope);
    model.pullback(theta, batch.at, batch.model, dslope, write, cv);
  }

  /// Why the value at the theta of the last evaluation is not finite, as far as this term knows; empty where it is innocent.
  template <class M>
  [[gnu::cold]] std::string explain(const Workspace<M>& ws) const {
    for (Index k = 0; k < count(); ++k)
      if (!std::isfinite(ws.z[k])) return sentence("the prediction of ", data_->where.where(k), " is ", ws.z[k]);
    // Always the whole vector: a loss may couple entries, as the outputs of one sample.
    Vector<S> z = ws.z, slope(count());
    const auto evaluate = [&] { return loss_.template value_and_slope<S>(z, data_->y, data_->weight, scale(count()), slope); };
    const S value = evaluate();
    const std::string what = sentence("the loss ", name(), " is ", value);
    const auto place = [&](Index k) {
      return sentence(" at ", data_->where.where(k), ", where z = ", ws.z[k], " and y = ", data_->y[k], ": outside its domain?");
    };
    for (Index k = 0; k < count(); ++k)
      if (!std::isfinite(slope[k])) return sentence(what, " with slope ", slope[k], place(k));
    if (std::isfinite(value)) return {};
    // The slopes are finite. With targets in place of predictions the value is; predictions come back one after another, and the one with which it stops
    // being finite is found by bisection.
    z = data_->y;
    if (!std::isfinite(evaluate())) return what + ", also where predictions equal targets: are the targets in its domain?";
    Index good = 0, bad = count();  // so many predictions leave the value finite, or not
    while (bad - good > 1) {
      const Index middle = good + (bad - good) / 2;
      z.head(middle) = ws.z.head(middle);
      z.tail(count() - middle) = data_->y.tail(count() - middle);
      (std::isfinite(evaluate()) ? good : bad) = middle;
    }
    return what + place(bad - 1);
  }

  std::string name() const { return loss_.name(); }
  template <class Archive>
  void persist(Archive& archive) {
    std::string loss = name();
    archive("loss", loss);
    Reduction reduction = loss_.reduction;
    archive("reduction", reduction);
    std::vector<double> values = detail::values_of_loss<S>(loss_);
    archive("loss_values", values);
    Data<S, O> copy = *data_;  // archives take mutable references; fingerprints are taken a few times a run
    copy.persist(archive);
  }

 private:
  /// Cuts the batch out of the data, into the workspace.
  template <class M>
  void gather(const M& model, std::span<const Index> which, Workspace<M>& ws) const {
    const auto b = static_cast<Index>(which.size());
    if (!ws.batch) {
      auto at = data_->where.batch();
      data_->where.gather(which.data(), b, at);
      ws.batch.emplace(typename Workspace<M>::Batch{at, model.workspace(at), {}, {}, {}, {}, {}, {}});
    }
    auto& batch = *ws.batch;
    if (batch.y.size() < b) {
      for (Vector<S>* v : {&batch.y, &batch.z, &batch.slope}) v->resize(b);
      if (data_->weight.size()) batch.weight.resize(b);
    }
    data_->where.gather(which.data(), b, batch.at);
    for (Index k = 0; k < b; ++k) batch.y[k] = data_->y[which[static_cast<std::size_t>(k)]];
    if (ws.shift) batch.y.head(b) += ws.shift->head(b);
    for (Index k = 0; k < (data_->weight.size() ? b : 0); ++k) batch.weight[k] = data_->weight[which[static_cast<std::size_t>(k)]];
  }
  template <class M>
  const Vector<S>& targets(Workspace<M>& ws) const {
    if (!ws.shift) return data_->y;
    ws.shifted.resize(count());
    for (Index k = 0; k < count(); ++k) ws.shifted[k] = data_->y[k] + (*ws.shift)[k];
    return ws.shifted;
  }
  template <class Batch>
  auto batch_weight(const Batch& batch, Index b) const {
    return batch.weight.head(data_->weight.size() ? b : 0);
  }
  S scale(Index at_hand) const { return detail::reduction_scale<S>(loss_.reduction, at_hand, count()); }

  std::shared_ptr<const Data<S, O>> data_;
  L loss_;
};

}  // namespace tacit
