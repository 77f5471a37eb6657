// SPDX-License-Identifier: MIT
#pragma once
// An optimizer is  source | transform | transform | ...  The source alone may ask the problem for gradients and Hessian-vector products; each
// transform edits the update. All of them are plain values of hyper-parameters, const while they run; their state is made at the start of
// a run and belongs to it, so one optimizer serves any number of runs.
//
//   source.start(problem) -> state          source.draw(problem, workspace, step, state)
//   transform.start<S>(layout) -> state     transform.apply(step, state)   or   transform.apply(step, state, model)

#include <tuple>
#include <utility>

#include "step.hpp"

namespace tacit {

/// `using stage = SourceTag;` marks what may stand first in a chain,
struct SourceTag {};
/// `using stage = TransformTag;` what may stand after it. (Members, not bases: stages stay aggregates with designated initialisers.)
struct TransformTag {};

template <class T>
concept SourceLike = std::same_as<typename T::stage, SourceTag>;
template <class T>
concept TransformLike = std::same_as<typename T::stage, TransformTag>;

/// `static constexpr bool sets_rate = true;` marks the stage that turns a gradient into a step downhill and says how long: LearningRate, or a source
/// that finds its own rate. Without one a chain would climb, by whole gradients.
template <class T>
inline constexpr bool sets_rate = requires {
  requires T::sets_rate;
};

template <class Source, class... Transforms>
struct Chain {
  Source source;
  std::tuple<Transforms...> transforms;

  template <class P>
  auto start(const P& problem) const {
    using S = typename P::scalar_type;
    return State<decltype(source.start(problem)), decltype(std::declval<const Transforms&>().template start<S>(problem.layout()))...>{
        source.start(problem),
        std::apply([&](const auto&... t) { return std::tuple{t.template start<S>(problem.layout())...}; }, transforms)};
  }

  template <class P, Scalar S, class State>
  void step(const P& problem, typename P::Workspace& ws, Step<S>& step, State& state) const {
    step.begin();
    source.draw(problem, ws, step, state.source);
    [&]<std::size_t... i>(std::index_sequence<i...>) {
      (apply(std::get<i>(transforms), problem, step, std::get<i>(state.transforms)), ...);
    }
    (std::index_sequence_for<Transforms...>{});
  }

  template <class SourceState, class... TransformStates>
  struct State {
    SourceState source;
    std::tuple<TransformStates...> transforms;

    template <class Archive>
    void persist(Archive& archive) {
      archive("source", source);
      std::apply([&](auto&... state) { (archive("transform", state), ...); }, transforms);
    }
  };

  /// As one would write it, with the hyper-parameters that the stages name.
  friend std::ostream& operator<<(std::ostream& out, const Chain& chain) {
    out << chain.source;
    std::apply([&](const auto&... t) { ((out << " | " << t), ...); }, chain.transforms);
    return out;
  }

 private:
  template <class T, class P, Scalar S, class State>
  static void apply(const T& transform, const P& problem, Step<S>& step, State& state) {
    if constexpr (requires { transform.apply(step, state, problem.model()); }) transform.apply(step, state, problem.model());
    else transform.apply(step, state);
  }
};

template <class T>
inline constexpr bool is_chain = false;
template <class Source, class... Ts>
inline constexpr bool is_chain<Chain<Source, Ts...>> = true;
template <class Source, class... Ts>
inline constexpr bool sets_rate<Chain<Source, Ts...>> = sets_rate<Source> || (sets_rate<Ts> || ...);

template <SourceLike A, TransformLike B>
Chain<A, B> operator|(A source, B transform) {
  return {std::move(source), {std::move(transform)}};
}
template <class A, class... Ts, TransformLike B>
Chain<A, Ts..., B> operator|(Chain<A, Ts...> chain, B transform) {
  return {std::move(chain.source), std::tuple_cat(std::move(chain.transforms), std::tuple{std::move(transform)})};
}
// What has no meaning says so.
template <TransformLike A, class B>
void operator|(A, B) {
  static_assert(!TransformLike<A>, "optimizer: a chain begins with a source such as FullGradient; a transform alone draws no gradient");
}
template <class A, SourceLike B>
requires SourceLike<A> || is_chain<A>
void operator|(A, B) { static_assert(!SourceLike<B>, "optimizer: a chain has one source, at its beginning"); }

}  // namespace tacit
