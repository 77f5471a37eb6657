// SPDX-License-Identifier: MIT
#pragma once
// Every concept of the library on one page: what a type of one's own has to offer. S is float or double; In<S> and Out<S> are flat views
// (core/scalar.hpp). What a concept says about types, the comment says about meaning.

#include "train.hpp"

namespace tacit {

// ---- Observation: which numbers z = A(W) of the matrix are seen ------------------------------- observation/
// count() is m, the length of z; where(k) names observation k in errors; batch_type, batch() and gather() cut out minibatches.
// With outputs(), so many entries of z belong to a sample, and gather takes samples. Dense verbs and those of a product: observation/dense.hpp, bilinear.hpp.
template <class O>
concept Observation = requires(const O at, typename O::batch_type batch, const Index* which) {
  { at.shape() } -> std::convertible_to<Shape>;
  { at.count() } -> std::convertible_to<Index>;
  { at.where(Index(0)) } -> std::convertible_to<std::string>;
  at.gather(which, Index(1), batch);
};

// ---- Factorization: theta and its blocks -------------------------------------------------------- model/
template <class M>
concept Factorization = Scalar<typename M::scalar_type> && requires(const M model) {
  { model.layout() } -> std::convertible_to<const Layout&>;
  { model.parameter_count() } -> std::convertible_to<Index>;
  { model.shape() } -> std::convertible_to<Shape>;
};

// First tier: trainable.  evaluate: z = A(W(theta)).  pullback: g (+)= J^T zbar at the theta of the last evaluate.
template <class M, class O>
concept Observable = Factorization<M> && requires(const M model, const O at, detail::WorkspaceOf<M, O>& ws,
                                                  In<typename M::scalar_type> theta, Out<typename M::scalar_type> out) {
  model.evaluate(theta, at, ws, out);
  model.pullback(theta, at, ws, theta, Write::set, out);
};

// Second tier: Hessian-vector products.  pushforward: dz = J v.  pullback_tangent: hv (+)= J^T dzbar + (dJ[v])^T zbar.
template <class M, class O>
concept TwiceObservable = Observable<M, O> && requires(const M model, const O at, detail::WorkspaceOf<M, O>& ws,
                                                       In<typename M::scalar_type> theta, Out<typename M::scalar_type> out) {
  model.pushforward(theta, at, ws, theta, out);
  model.pullback_tangent(theta, at, ws, theta, theta, theta, Write::set, out);
};

// ---- Loss: of predictions z and targets y, never of W --------------------------------------------- loss/
// Returns scale * sum_k w_k f(z_k, y_k) and writes its slope; an empty weight means all one. reduction says what scale is.
// Asked where it exists: check_targets<S>(y, weight, where) when the problem is built, to refuse targets outside the domain; arrange, width and groups, of a loss
// that couples entries (loss/units.hpp, loss/cross_entropy.hpp); persist, for the fingerprint.
template <class L, class S>
concept LossOn = requires(const L loss, In<S> z, Out<S> slope) {
  { loss.reduction } -> std::convertible_to<Reduction>;
  { loss.name() } -> std::convertible_to<std::string>;
  { loss.template value_and_slope<S>(z, z, z, S(1), slope) } -> std::same_as<S>;
};
template <class L, class S>
concept TwiceLossOn = LossOn<L, S> && requires(const L loss, In<S> z, Out<S> out) {
  loss.template curvature_times<S>(z, z, z, S(1), z, out);
};

// ---- ThetaPenalty, MatrixPenalty: further terms of the objective ---------------------------------- term.hpp
// ---- A distribution over the parameters of a model: its data term is the expected loss ------------ expected_term.hpp

// ---- Oracle: anything with a value and a gradient; Problem is one, a user's own may be another ----- problem.hpp
// Its workspace counts the work done: `gradients`, in passes over the data, and `hessian_products`. Some stages ask for more and
// say so: searches for value(theta, ws), Levenberg-Marquardt for gauss_newton_times_linearized, label noise for shift_targets.
template <class P>
concept Oracle = Scalar<typename P::scalar_type> &&
    requires(const P problem, typename P::Workspace& ws, In<typename P::scalar_type> theta, Out<typename P::scalar_type> g) {
  { problem.workspace() } -> std::same_as<typename P::Workspace>;
  { ws.gradients } -> std::same_as<double&>;
  { ws.hessian_products } -> std::same_as<double&>;
  { problem.dimension() } -> std::convertible_to<Index>;
  { problem.layout() } -> std::convertible_to<const Layout&>;
  { problem.value_and_gradient(theta, ws, g) } -> std::same_as<Value<typename P::scalar_type>>;
};
template <class P>
concept SecondOrderOracle = Oracle<P> &&
    requires(const P problem, typename P::Workspace& ws, In<typename P::scalar_type> theta, Out<typename P::scalar_type> hv) {
  problem.hessian_times(theta, theta, ws, hv);
  problem.hessian_times_linearized(theta, theta, ws, hv);
};
template <class P>
concept BatchOracle = Oracle<P> && requires(const P problem, typename P::Workspace& ws, In<typename P::scalar_type> theta,
                                            std::span<const Index> which, Out<typename P::scalar_type> g) {
  { problem.count() } -> std::convertible_to<Index>;
  { problem.value_and_gradient(theta, which, ws, g) } -> std::same_as<Value<typename P::scalar_type>>;
};

// ---- Source, Transform and Search: the stages of an optimizer ------------------------------------------- optimizer/
// `stage` is SourceTag, TransformTag or SearchTag; `name` and `persist` over the hyper-parameters make a stage printable, comparable and
// settable from text (stage.hpp, where further marks stand). start() checks the hyper-parameters and makes the state, which has a
// persist of its own.
// A source draws step.value and step.gradient; it and a search may ask the oracle, through the step.
template <class G, class P>
concept SourceFor = SourceLike<G> && requires(const G source, const P& problem, typename P::Workspace& ws,
                                              Step<typename P::scalar_type>& step, decltype(source.start(problem))& state) {
  source.draw(problem, ws, step, state);
};
// A transform edits the update; with a third argument it gets the model. The layout it may keep from start<S>(layout); where the
// model has to be looked at before, start<S>(layout, model).
template <class T, class S>
concept TransformFor = TransformLike<T> &&
    requires(const T transform, const Layout& layout, Step<S>& step, decltype(transform.template start<S>(layout))& state) {
  transform.apply(step, state);
};

// A search has the direction, tries it, and sets the rate.
template <class T, class P>
concept SearchFor = SearchLike<T> && requires(const T search, const P& problem, typename P::Workspace& ws,
                                              Step<typename P::scalar_type>& step, decltype(search.start(problem))& state) {
  search.search(problem, ws, step, state);
};

// ---- HookFor: called with a Snapshot, returns nothing or a Flow ------------------------------------ train.hpp

// ---- Schedule: the rate at an iteration ------------------------------------------------------------ optimizer/learning_rate.hpp
template <class R>
concept RateSchedule = requires(const R schedule) {
  { schedule(Index(0)) } -> std::convertible_to<double>;
};

}  // namespace tacit
