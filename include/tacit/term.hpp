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
#include "loss/units.hpp"
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

  DataTerm(std::shared_ptr<const Data<S, O>> data, L loss)
      : data_(std::move(data)), loss_(std::move(loss)), units_(loss_, data_->count(), outputs_of(data_->where)) {
    const auto where = [this](Index k) { return data_->where.where(k); };
    if constexpr (requires { loss_.template check_targets<S>(data_->y, data_->weight, where); })
      loss_.template check_targets<S>(data_->y, data_->weight, where);
  }

  const Data<S, O>& data() const { return *data_; }
  const L& loss() const { return loss_; }
  /// What batches draw from, single observations or what belongs together (loss/units.hpp): so many.
  Index count() const { return units_.count(); }
  /// The length of z, of all observations or of the units `which`.
  Index size() const { return data_->count(); }
  Index size(std::span<const Index> which) const { return units_.entries(loss_, which); }
  /// The factor in front of the sum over all of z.
  S scale() const { return scale(count()); }

  template <class M>
  struct Workspace {
    using BatchAt = typename O::batch_type;
    struct Batch {
      BatchAt at;
      detail::WorkspaceOf<M, BatchAt> model;
      Vector<S> y = {}, weight = {}, z = {}, slope = {}, dz = {}, dslope = {};
    };
    detail::WorkspaceOf<M, O> model;
    Vector<S> z, slope, dz, dslope;
    std::optional<Batch> batch;
    const Vector<S>* shift =
        nullptr;  ///< added to the targets of the observations at hand (all, or the batch in its order) while it stands here
    Vector<S> shifted = {};
    std::vector<Index> entries = {}, offsets = {};  ///< of the batch, unit after unit: which entries of the data, and where a group begins
  };
  template <class M>
  Workspace<M> workspace(const M& model) const {
    return {model.workspace(data_->where), Vector<S>(size()), Vector<S>(size()), {}, {}, {}};
  }

  template <class M>
  S value(const M& model, In<S> theta, Workspace<M>& ws) const {
    model.evaluate(theta, data_->where, ws.model, ws.z);
    return loss_.template value_and_slope<S>(ws.z, targets(ws), data_->weight, scale(), ws.slope);
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
    curvature(model, theta, v, ws);
    model.pullback_tangent(theta, data_->where, ws.model, ws.slope, ws.dslope, v, write, hv);
  }
  /// cv = J^T diag(l'') J v, the Gauss-Newton part of the Hessian, at the theta of the last value_and_gradient. It may be repeated; a Hessian-vector
  /// product after it needs another value_and_gradient.
  template <class M>
  void gauss_newton_times(const M& model, In<S> theta, In<S> v, Workspace<M>& ws, Write write, Out<S> cv) const {
    curvature(model, theta, v, ws);
    model.pullback(theta, data_->where, ws.model, ws.dslope, write, cv);
  }
  /// The same on the observations `which` alone: an unbiased estimate, by the loss's reduction.
  template <class M>
  S batch_value(const M& model, In<S> theta, std::span<const Index> which, Workspace<M>& ws) const {
    gather(model, which, ws);
    auto& batch = *ws.batch;
    const Index b = size(which);
    const Eigen::Ref<Vector<S>> z = batch.z.head(b), slope = batch.slope.head(b);
    model.evaluate(theta, batch.at, batch.model, z);
    const S factor = scale(static_cast<Index>(which.size()));
    if constexpr (detail::CouplesEntries<L>)
      if (units_.listed())
        return loss_.template value_and_slope<S>(z, batch.y.head(b), batch_weight(batch, b), factor, slope, ws.offsets.data(),
                                                 static_cast<Index>(which.size()));
    return loss_.template value_and_slope<S>(z, batch.y.head(b), batch_weight(batch, b), factor, slope);
  }
  template <class M>
  S batch_value_and_gradient(const M& model, In<S> theta, std::span<const Index> which, Workspace<M>& ws, Write write, Out<S> g) const {
    const S value = batch_value(model, theta, which, ws);
    auto& batch = *ws.batch;
    const Eigen::Ref<Vector<S>> slope = batch.slope.head(size(which));
    model.pullback(theta, batch.at, batch.model, slope, write, g);
    return value;
  }
  /// At the theta and on the batch of the last batch_value_and_gradient.
  template <class M>
  void batch_hessian_times(const M& model, In<S> theta, std::span<const Index> which, In<S> v, Workspace<M>& ws, Write write,
                           Out<S> hv) const {
    auto& batch = *ws.batch;
    const Index b = batch_curvature(model, theta, which, v, ws);
    const Eigen::Ref<Vector<S>> slope = batch.slope.head(b), dslope = batch.dslope.head(b);
    model.pullback_tangent(theta, batch.at, batch.model, slope, dslope, v, write, hv);
  }

  /// At the theta and on the batch of the last batch_value_and_gradient.
  template <class M>
  void batch_gauss_newton_times(const M& model, In<S> theta, std::span<const Index> which, In<S> v, Workspace<M>& ws, Write write,
                                Out<S> cv) const {
    auto& batch = *ws.batch;
    const Index b = batch_curvature(model, theta, which, v, ws);
    const Eigen::Ref<Vector<S>> dslope = batch.dslope.head(b);
    model.pullback(theta, batch.at, batch.model, dslope, write, cv);
  }

  /// Why the value at the theta of the last evaluation is not finite, as far as this term knows; empty where it is innocent.
  template <class M>
  [[gnu::cold]] std::string explain(const Workspace<M>& ws) const {
    for (Index k = 0; k < size(); ++k)
      if (!std::isfinite(ws.z[k])) return sentence("the prediction of ", data_->where.where(k), " is ", ws.z[k]);
    // Always the whole vector: a loss may couple entries, as the outputs of one sample.
    Vector<S> z = ws.z, slope(size());
    const auto evaluate = [&] { return loss_.template value_and_slope<S>(z, data_->y, data_->weight, scale(), slope); };
    const S value = evaluate();
    const std::string what = sentence("the loss ", name(), " is ", value);
    const auto place = [&](Index k) {
      return sentence(" at ", data_->where.where(k), ", where z = ", ws.z[k], " and y = ", data_->y[k], ": outside its domain?");
    };
    for (Index k = 0; k < size(); ++k)
      if (!std::isfinite(slope[k])) return sentence(what, " with slope ", slope[k], place(k));
    if (std::isfinite(value)) return {};
    // The slopes are finite. With targets in place of predictions the value is; predictions come back one after another, and the one with which it stops
    // being finite is found by bisection.
    z = data_->y;
    if (!std::isfinite(evaluate())) return what + ", also where predictions equal targets: are the targets in its domain?";
    Index good = 0, bad = size();  // so many predictions leave the value finite, or not
    while (bad - good > 1) {
      const Index middle = good + (bad - good) / 2;
      z.head(middle) = ws.z.head(middle);
      z.tail(size() - middle) = data_->y.tail(size() - middle);
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
    if constexpr (requires { loss_.persist(archive); }) loss_.persist(archive);
    Data<S, O> copy = *data_;  // archives take mutable references; fingerprints are taken a few times a run
    copy.persist(archive);
  }

 private:
  static Index outputs_of(const O& where) {
    if constexpr (requires { where.outputs(); }) return where.outputs();
    else return 1;
  }
  /// Cuts the batch out of the data, into the workspace.
  template <class M>
  void gather(const M& model, std::span<const Index> which, Workspace<M>& ws) const {
    const auto cut = [&](std::span<const Index> units, auto& at) {
      units_.list(loss_, units, ws.entries, ws.offsets);
      if constexpr (requires { data_->where.outputs(); }) data_->where.gather(units.data(), static_cast<Index>(units.size()), at);
      else data_->where.gather(ws.entries.empty() ? units.data() : ws.entries.data(), size(units), at);
    };
    if (!ws.batch) {  // for the largest batch of so many units, so that no later one asks for memory
      const std::vector<Index> largest = units_.largest(loss_, which);
      auto at = data_->where.batch();
      cut(largest, at);
      ws.batch.emplace(typename Workspace<M>::Batch{at, model.workspace(at)});
      ws.batch->y.resize(size(largest));
    }
    auto& batch = *ws.batch;
    cut(which, batch.at);
    const Index b = size(which);
    const std::span<const Index> seen = ws.entries.empty() ? which : std::span<const Index>(ws.entries);
    if (batch.z.size() < b) {
      const Index room = std::max(b, batch.y.size());
      for (Vector<S>* v : {&batch.y, &batch.z, &batch.slope}) v->resize(room);
      if (data_->weight.size()) batch.weight.resize(room);
    }
    for (Index k = 0; k < b; ++k) batch.y[k] = data_->y[seen[static_cast<std::size_t>(k)]];
    if (ws.shift) batch.y.head(b) += ws.shift->head(b);
    for (Index k = 0; k < (data_->weight.size() ? b : 0); ++k) batch.weight[k] = data_->weight[seen[static_cast<std::size_t>(k)]];
  }
  /// ws.dslope = l'' J v.
  template <class M>
  void curvature(const M& model, In<S> theta, In<S> v, Workspace<M>& ws) const {
    if (ws.dz.size() == 0) ws.dz.resize(size()), ws.dslope.resize(size());
    model.pushforward(theta, data_->where, ws.model, v, ws.dz);
    loss_.template curvature_times<S>(ws.z, targets(ws), data_->weight, scale(), ws.dz, ws.dslope);
  }
  /// batch.dslope = l'' J v on the batch; returns how many entries it has.
  template <class M>
  Index batch_curvature(const M& model, In<S> theta, std::span<const Index> which, In<S> v, Workspace<M>& ws) const {
    auto& batch = *ws.batch;
    const Index b = size(which);
    if (batch.dz.size() < b) batch.dz.resize(batch.z.size()), batch.dslope.resize(batch.z.size());
    const Eigen::Ref<Vector<S>> dz = batch.dz.head(b), dslope = batch.dslope.head(b);
    model.pushforward(theta, batch.at, batch.model, v, dz);
    const S factor = scale(static_cast<Index>(which.size()));
    const auto weight = batch_weight(batch, b);
    if constexpr (detail::CouplesEntries<L>)
      if (units_.listed())
        return loss_.template curvature_times<S>(batch.z.head(b), batch.y.head(b), weight, factor, dz, dslope, ws.offsets.data(),
                                                 static_cast<Index>(which.size())),
               b;
    loss_.template curvature_times<S>(batch.z.head(b), batch.y.head(b), weight, factor, dz, dslope);
    return b;
  }
  template <class M>
  const Vector<S>& targets(Workspace<M>& ws) const {
    if (!ws.shift) return data_->y;
    ws.shifted.resize(size());
    for (Index k = 0; k < size(); ++k) ws.shifted[k] = data_->y[k] + (*ws.shift)[k];
    return ws.shifted;
  }
  template <class Batch>
  auto batch_weight(const Batch& batch, Index b) const {
    return batch.weight.head(data_->weight.size() ? b : 0);
  }
  S scale(Index units) const { return units_.template scale<S>(loss_.reduction, units); }

  std::shared_ptr<const Data<S, O>> data_;
  L loss_;
  detail::Units units_;
};

}  // namespace tacit
