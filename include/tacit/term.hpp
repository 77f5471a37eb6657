// SPDX-License-Identifier: MIT
#pragma once
// The terms of a problem. Each knows how to add its value, gradient and Hessian-vector product at theta, in a workspace of its own:
//   DataTerm     loss(A(W(theta)); y)     an observation with targets under a loss
//   ThetaTerm    a penalty on theta
//   MatrixTerm   a penalty on W: a term on all entries, whatever the data term observes
// The loss never sees W, it sees z. Terms are const while runs work; what they write into belongs to the run.

#include <cmath>
#include <memory>
#include <optional>
#include <span>
#include <utility>
#include <vector>

#include "core/archive.hpp"
#include "loss/squares.hpp"
#include "observation/data.hpp"

namespace tacit {

/// A penalty on theta: value_and_gradient(theta, g) returns its value and adds its gradient to g.
template <class P, class S>
concept ThetaPenalty = requires(const P penalty, In<S> theta, Out<S> g) {
  { penalty.value_and_gradient(theta, g) } -> std::convertible_to<S>;
};
/// A penalty on W: start<S>(rows, cols) makes its buffers, value_and_slope(W, buffers, slope) returns its value and writes its gradient.
template <class P, class S>
concept MatrixPenalty = requires(const P penalty, ConstMatrixMap<S> W, MatrixMap<S> slope) {
  penalty.template start<S>(Index(1), Index(1));
  requires requires(decltype(penalty.template start<S>(Index(1), Index(1)))& buffers) {
    { penalty.value_and_slope(W, buffers, slope) } -> std::convertible_to<S>;
  };
};

namespace detail {
template <class M, class O>
using WorkspaceOf = decltype(std::declval<const M&>().workspace(std::declval<const O&>()));
}

namespace detail {

/// What tells one formula from another: its values, rounded to digits that do not depend on how a program was compiled.
inline double quantised(double value, double scale, double resolution) {
  if (!std::isfinite(value) || !(scale > 0) || !std::isfinite(scale)) return std::isnan(value) ? 12345 : value > 0 ? 23456 : 34567;
  return std::round(value / scale / resolution);
}
/// Value and slopes of a loss at fixed predictions and targets; none where it throws there.
template <Scalar S, class L>
std::vector<double> values_of_loss(const L& loss) {
  constexpr Index count = 8;
  const double resolution = sizeof(S) == 4 ? 1e-3 : 1e-8;
  std::vector<double> values;
  for (const double size : {0.1, 1.0, 10.0})
    for (const bool signs : {false, true}) {  // targets of -1 and 1, for losses that want these
      Vector<S> z(count), y(count), slope = Vector<S>::Zero(count);
      for (Index k = 0; k < count; ++k) {
        z[k] = static_cast<S>(size * std::cos(1.0 + 2.0 * static_cast<double>(k)));
        y[k] = static_cast<S>(signs ? (k % 3 == 0 ? -1.0 : 1.0) : size * std::sin(3.0 * static_cast<double>(k)));
      }
      try {
        const S value = loss.template value_and_slope<S>(z, y, Vector<S>(), S(1), Out<S>(slope));
        values.push_back(quantised(static_cast<double>(value), std::max(1.0, std::abs(static_cast<double>(value))), resolution));
        for (Index k = 0; k < count; ++k)
          values.push_back(
              quantised(static_cast<double>(slope[k]), std::max(1e-3, static_cast<double>(slope.cwiseAbs().maxCoeff())), resolution));
      } catch (const std::exception&) {
        values.push_back(-1);
      }
    }
  return values;
}

}  // namespace detail

namespace detail {
/// Of a loss in z, of a penalty in theta, where they say that they are polynomials; else 0.
template <class T>
inline constexpr Index polynomial_degree = 0;
template <class T>
requires requires {
  { T::polynomial_degree } -> std::convertible_to<Index>;
}
inline constexpr Index polynomial_degree<T> = T::polynomial_degree;
}  // namespace detail

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
  std::string explain(const Workspace<M>& ws) const {
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
    ws.shifted = data_->y + ws.shift->head(count());
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

namespace detail {
/// What the two kinds of penalty terms share.
template <class P>
class PenaltyOf {
 public:
  static constexpr bool is_data = false;
  static constexpr Index degree = polynomial_degree<P>;  ///< as a polynomial of its argument; 0 where it is none
  explicit PenaltyOf(P penalty) : penalty_(std::move(penalty)) {}
  std::string name() const { return penalty_.name(); }
  template <class Archive>
  void persist(Archive& archive) {
    std::string penalty = name();
    archive("penalty", penalty);
    penalty_.persist(archive);
  }

 protected:
  P penalty_;
};
}  // namespace detail

template <Scalar S, class P>
class ThetaTerm : public detail::PenaltyOf<P> {
  using detail::PenaltyOf<P>::penalty_;

 public:
  static constexpr bool on_theta = true;
  using detail::PenaltyOf<P>::PenaltyOf;

  template <class M>
  struct Workspace {
    Vector<S> scratch;
  };
  template <class M>
  Workspace<M> workspace(const M&) const {
    return {};
  }
  template <class M>
  S value(const M&, In<S> theta, Workspace<M>& ws) const {
    ws.scratch.resize(theta.size());
    ws.scratch.setZero();
    return penalty_.value_and_gradient(theta, Out<S>(ws.scratch));
  }
  template <class M>
  S value_and_gradient(const M&, In<S> theta, Workspace<M>&, Write write, Out<S> g) const {
    if (write == Write::set) g.setZero();
    return penalty_.value_and_gradient(theta, g);
  }
  template <class M>
  void hessian_times(const M&, In<S> theta, In<S> v, Workspace<M>&, Write write, Out<S> hv) const {
    if (write == Write::set) hv.setZero();
    penalty_.hessian_times(theta, v, hv);
  }
  /// A penalty on theta has no J in between: its Hessian itself.
  template <class M>
  void gauss_newton_times(const M& model, In<S> theta, In<S> v, Workspace<M>& ws, Write write, Out<S> cv) const {
    hessian_times(model, theta, v, ws, write, cv);
  }
  template <class M>
  std::string explain(const Workspace<M>&) const {
    return {};
  }
};

template <Scalar S, class P>
class MatrixTerm : public detail::PenaltyOf<P> {
  using detail::PenaltyOf<P>::penalty_;

 public:
  static constexpr bool on_theta = false;
  using detail::PenaltyOf<P>::PenaltyOf;

  template <class M>
  struct Workspace {
    AllEntries at;
    detail::WorkspaceOf<M, AllEntries> model;
    decltype(std::declval<const P&>().template start<S>(Index(1), Index(1))) penalty;
    Matrix<S> W, slope, dW, dslope;
  };
  template <class M>
  Workspace<M> workspace(const M& model) const {
    const AllEntries at(model.shape());  // a tensor shows itself to penalties as its unfolding at mode 0
    return {at,
            model.workspace(at),
            penalty_.template start<S>(at.rows(), at.cols()),
            Matrix<S>(at.rows(), at.cols()),
            Matrix<S>(at.rows(), at.cols()),
            {},
            {}};
  }
  template <class M>
  S value(const M& model, In<S> theta, Workspace<M>& ws) const {
    model.evaluate(theta, ws.at, ws.model, flat(ws.W));
    return penalty_.value_and_slope(view(ws.W), ws.penalty, map(ws.slope));
  }
  template <class M>
  S value_and_gradient(const M& model, In<S> theta, Workspace<M>& ws, Write write, Out<S> g) const {
    const S value = this->value(model, theta, ws);
    model.pullback(theta, ws.at, ws.model, flat(ws.slope), write, g);
    return value;
  }
  template <class M>
  void hessian_times(const M& model, In<S> theta, In<S> v, Workspace<M>& ws, Write write, Out<S> hv) const {
    if (ws.dW.size() == 0) ws.dW.resizeLike(ws.W), ws.dslope.resizeLike(ws.W);
    model.pushforward(theta, ws.at, ws.model, v, flat(ws.dW));
    penalty_.curvature_times(view(ws.W), ws.penalty, view(ws.dW), map(ws.dslope));
    model.pullback_tangent(theta, ws.at, ws.model, flat(ws.slope), flat(ws.dslope), v, write, hv);
  }
  template <class M>
  void gauss_newton_times(const M& model, In<S> theta, In<S> v, Workspace<M>& ws, Write write, Out<S> cv) const {
    if (ws.dW.size() == 0) ws.dW.resizeLike(ws.W), ws.dslope.resizeLike(ws.W);
    model.pushforward(theta, ws.at, ws.model, v, flat(ws.dW));
    penalty_.curvature_times(view(ws.W), ws.penalty, view(ws.dW), map(ws.dslope));
    model.pullback(theta, ws.at, ws.model, flat(ws.dslope), write, cv);
  }
  template <class M>
  std::string explain(const Workspace<M>& ws) const {
    return ws.slope.allFinite() ? std::string{} : sentence("the penalty ", this->name(), " has no finite gradient");
  }

 private:
  static Eigen::Map<Vector<S>> flat(Matrix<S>& W) { return {W.data(), W.size()}; }
  static ConstMatrixMap<S> view(const Matrix<S>& W) { return {W.data(), W.rows(), W.cols()}; }
  static MatrixMap<S> map(Matrix<S>& W) { return {W.data(), W.rows(), W.cols()}; }
};

}  // namespace tacit
