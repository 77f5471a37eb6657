// SPDX-License-Identifier: MIT
#pragma once
// An optimizer is  source | transform | ... | search.  All stages are plain values of hyper-parameters, const while they run; their state is made at the
// start of a run and belongs to it, so one optimizer serves any number of runs.
//
//   source      draws value and gradient from the oracle:   start(oracle) -> state,      draw(oracle, workspace, step, state)
//   transform   edits the update:                           start<S>(layout) -> state,   apply(step, state)   or   apply(step, state, model)
//   search      last, optional: has the direction, may ask the oracle again, and sets the rate:   start(oracle) -> state,   search(oracle, workspace, step, state)
//
// Exactly one stage sets the rate; what may stand behind it says so. Every other order does not compile, with a sentence. A source or search asks the
// oracle through the step (step.hpp), so that nothing is evaluated twice.

#include <tuple>
#include <utility>

#include "stage.hpp"
#include "step.hpp"

namespace tacit {

namespace detail {

/// Which stage of a chain breaks a rule, found at compile time.
template <class... Stages>
struct ChainRules {
  static constexpr std::size_t count = sizeof...(Stages);
  static constexpr bool sets[count] = {sets_rate<Stages>...};
  static constexpr bool behind[count] = {stands_behind_rate<Stages>...};
  static constexpr bool search[count] = {SearchLike<Stages>...};
  static constexpr std::size_t rates = (std::size_t(sets_rate<Stages>) + ...);
  static constexpr std::size_t reporters = (std::size_t(reports_theta<Stages>) + ...);

  static constexpr bool search_is_last() {
    for (std::size_t k = 0; k + 1 < count; ++k)
      if (search[k]) return false;
    return true;
  }
  static constexpr bool nothing_stands_behind_the_rate_that_may_not() {
    bool set = false;
    for (std::size_t k = 0; k < count; ++k) {
      if (set && !sets[k] && !behind[k]) return false;
      set = set || sets[k];
    }
    return true;
  }
};

}  // namespace detail

template <class Source, class... Stages>
struct Chain {
  Source source;
  std::tuple<Stages...> stages;  ///< the transforms, and a search as the last one

  using Rules = detail::ChainRules<Source, Stages...>;
  static_assert(
      Rules::rates <= 1,
      "optimizer: two stages set a rate, so the second would turn the step of the first around; keep one of LearningRate, a search such as "
      "SharpnessRate, or a source or transform that sets its own rate");
  static_assert(Rules::search_is_last(), "optimizer: a search is the last stage, since it tries the step that all others have made");
  static_assert(
      Rules::rates > 1 || Rules::nothing_stands_behind_the_rate_that_may_not(),
      "optimizer: a stage stands behind the one that sets the rate, where it would edit the step instead of the gradient; put it before");
  static_assert(Rules::reporters <= 1, "optimizer: two stages report another theta than the iterate; keep one average");
  static constexpr bool reports = Rules::reporters > 0;

  template <class P>
  auto start(const P& problem) const {
    return State<decltype(source.start(problem)), decltype(start_stage(std::declval<const Stages&>(), problem))...>{
        source.start(problem), std::apply([&](const auto&... stage) { return std::tuple{start_stage(stage, problem)...}; }, stages)};
  }

  template <class P, Scalar S, class State>
  void step(const P& problem, typename P::Workspace& ws, Step<S>& step, State& state) const {
    step.begin();
    source.draw(problem, ws, step, state.source);
    if (step.stalled || !step.finite()) return;  // the run ends here
    [&]<std::size_t... i>(std::index_sequence<i...>) {
      (apply(std::get<i>(stages), problem, ws, step, state, std::get<i>(state.stages)), ...);
    }
    (std::index_sequence_for<Stages...>{});
  }

  /// Writes the theta that hooks and the outcome are to see into out; false where that is the iterate itself.
  template <Scalar S, class State>
  bool report(const Step<S>& step, const State& state, Vector<S>& out) const {
    bool other = false;
    const auto ask = [&](const auto& stage, const auto& of_stage) {
      if constexpr (reports_theta<std::remove_cvref_t<decltype(stage)>>) other = stage.report(step, of_stage, out);
    };
    ask(source, state.source);
    [&]<std::size_t... i>(std::index_sequence<i...>) { (ask(std::get<i>(stages), std::get<i>(state.stages)), ...); }
    (std::index_sequence_for<Stages...>{});
    return other;
  }

  template <class SourceState, class... StageStates>
  struct State {
    SourceState source;
    std::tuple<StageStates...> stages;

    template <class Archive>
    void persist(Archive& archive) {
      archive("source", source);
      std::apply([&](auto&... state) { (archive("stage", state), ...); }, stages);
    }
  };

  /// Every hyper-parameter of every stage.
  template <class Archive>
  void persist(Archive& archive) {
    archive("source", source);
    std::apply([&](auto&... stage) { (archive(name_of(stage), stage), ...); }, stages);
  }

  /// As one would write it, with the hyper-parameters that the stages name.
  friend std::ostream& operator<<(std::ostream& out, const Chain& chain) {
    out << chain.source;
    std::apply([&](const auto&... t) { ((out << " | " << t), ...); }, chain.stages);
    return out;
  }

 private:
  template <class T>
  static constexpr std::string_view name_of(const T&) {
    if constexpr (requires { T::name; }) return T::name;
    else return "stage";
  }
  template <class T, class P>
  static auto start_stage(const T& stage, const P& problem) {
    if constexpr (SearchLike<T>) return stage.start(problem);
    else return stage.template start<typename P::scalar_type>(problem.layout());
  }
  template <class T, class P, Scalar S, class All, class State>
  void apply(const T& stage, const P& problem, typename P::Workspace& ws, Step<S>& step, All& all, State& state) const {
    if (step.stalled) return;
    if constexpr (SearchLike<T>) {
      if constexpr (requires { source.oracle(problem, all.source); }) {  // a search on a minibatch asks the same minibatch
        const auto oracle = source.oracle(problem, all.source);
        stage.search(oracle, ws, step, state);
      } else {
        stage.search(problem, ws, step, state);
      }
    } else if constexpr (requires { stage.apply(step, state, problem.model()); }) {
      stage.apply(step, state, problem.model());
    } else {
      static_assert(
          requires { stage.apply(step, state); },
          "optimizer: a transform has apply(step, state), or apply(step, state, model) for a model that offers what it needs; one of this "
          "chain has "
          "neither for this problem");
      stage.apply(step, state);
    }
  }
};

template <class T>
inline constexpr bool is_chain = false;
template <class Source, class... Ts>
inline constexpr bool is_chain<Chain<Source, Ts...>> = true;
template <class Source, class... Ts>
inline constexpr bool sets_rate<Chain<Source, Ts...>> = (sets_rate<Source> || ... || sets_rate<Ts>);

template <SourceLike A, class B>
requires(TransformLike<B> || SearchLike<B>) Chain<A, B>
operator|(A source, B stage) { return {std::move(source), {std::move(stage)}}; }
template <class A, class... Ts, class B>
requires(TransformLike<B> || SearchLike<B>) Chain<A, Ts..., B>
operator|(Chain<A, Ts...> chain, B stage) {
  return {std::move(chain.source), std::tuple_cat(std::move(chain.stages), std::tuple{std::move(stage)})};
}
// What has no meaning says so.
template <class A, class B>
requires(TransformLike<A> || SearchLike<A>) void operator|(A, B) {
  static_assert(SourceLike<A>,
                "optimizer: a chain begins with a source such as FullGradient; a transform or search alone draws no gradient");
}
template <class A, SourceLike B>
requires SourceLike<A> || is_chain<A>
void operator|(A, B) { static_assert(!SourceLike<B>, "optimizer: a chain has one source, at its beginning"); }
template <class A, class B>
requires((SourceLike<A> || is_chain<A>)&&!StageLike<B>) void operator|(A, B) {
  static_assert(StageLike<B>, "optimizer: a stage says where it stands: add  using stage = TransformTag;  (or SearchTag) to it");
}
template <class A, class B>
requires(!StageLike<A> && !is_chain<A> && StageLike<B> && std::is_class_v<A>) void operator|(A, B) {
  static_assert(StageLike<A>, "optimizer: a source says where it stands: add  using stage = SourceTag;  to it");
}

}  // namespace tacit
