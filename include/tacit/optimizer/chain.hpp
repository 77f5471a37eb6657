// SPDX-License-Identifier: MIT
#pragma once
// An optimizer is  source | transform | ... | search.  All stages are plain values of hyper-parameters, const while they run; their state
// is made at the
// start of a run and belongs to it, so one optimizer serves any number of runs.
//
//   source      draws value and gradient from the oracle:   start(oracle) -> state,      draw(oracle, workspace, step, state)
//   transform   edits the update:                           start<S>(layout) -> state,   apply(step, state)   or   apply(step, state,
//   model)
//                                                           (start<S>(layout, model) where the model has to be looked at before)
//   search      last, optional: has the direction, may ask the oracle again, and sets the rate:   start(oracle) -> state,   search(oracle,
//   workspace, step, state)
//
// Exactly one stage sets the rate; what may stand behind it says so. Every other order does not compile, with a sentence. A source or
// search asks the
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
  static constexpr std::size_t rates = (std::size_t(sets_rate<Stages>) + ...);
  static constexpr std::size_t reporters = (std::size_t(reports_theta<Stages>) + ...);

  static constexpr bool search_is_last() {
    const bool search[] = {SearchLike<Stages>...};
    for (std::size_t k = 0; k + 1 < count; ++k)
      if (search[k]) return false;
    return true;
  }
  static constexpr bool nothing_stands_behind_the_rate_that_may_not() {
    const bool sets[] = {sets_rate<Stages>...}, behind[] = {stands_behind_rate<Stages>...};
    bool set = false;
    for (std::size_t k = 0; k < count; ++k) {
      if (set && !sets[k] && !behind[k]) return false;
      set = set || sets[k];
    }
    return true;
  }
  /// ... | an entrywise transform | a stage that only scales.
  static constexpr bool ends_in_entrywise_and_scale() {
    const bool entrywise[] = {is_entrywise<Stages>...}, scales[] = {only_scales<Stages>...};
    if constexpr (count > 2) return entrywise[count - 2] && scales[count - 1];  // the first is the source
    else return false;
  }
  static constexpr bool nothing_that_needs_the_rate_stands_before_it() {
    const bool sets[] = {sets_rate<Stages>...}, needs[] = {needs_rate<Stages>...};
    for (std::size_t k = 0, later = 0; k < count; later = 0, ++k) {
      for (std::size_t j = k + 1; j < count; ++j) later += sets[j];
      if (needs[k] && later) return false;
    }
    return true;
  }
};

template <class P>
inline constexpr bool has_hessian_products = requires(const P& oracle, typename P::Workspace& ws, const Vector<typename P::scalar_type>& v,
                                                      Vector<typename P::scalar_type>& hv) {
  oracle.hessian_times_linearized(v, v, ws, hv);
};
/// The same for an oracle of which only the run time knows.
template <class P>
bool offers_hessian_products(const P& oracle) {
  if constexpr (requires { oracle.can_curve(); }) return has_hessian_products<P> && oracle.can_curve();
  else return has_hessian_products<P>;
}
/// What a stage that multiplies by the Hessian asks in start(): whether the oracle can.
template <class P>
void require_hessian_products(const char* who, const P& oracle) {
  static_assert(
      has_hessian_products<P>,
      "optimizer: a stage of this chain needs Hessian-vector products, which this problem does not offer (hessian_times_linearized)");
  require(offers_hessian_products(oracle), who, ": it needs Hessian-vector products, which this problem does not offer");
}

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
  static_assert(Rules::search_is_last(),
                "optimizer: a search is the last stage, since it tries the step that all others have made; an average stands before it");
  static_assert(
      Rules::rates > 1 || Rules::nothing_stands_behind_the_rate_that_may_not(),
      "optimizer: a stage stands behind the one that sets the rate, where it would edit the step instead of the gradient; put it before");
  static_assert(Rules::nothing_that_needs_the_rate_stands_before_it(),
                "optimizer: a stage that needs the rate of this step, such as Langevin, stands before the one that sets it; put it behind");
  static_assert(Rules::reporters <= 1, "optimizer: two stages report another theta than the iterate; keep one average");
  static constexpr bool reports = Rules::reporters > 0 || perhaps_reports<Source>;
  static constexpr bool always_full = tacit::always_full<Source>;

  template <class P>
  auto start(const P& problem) const {
    if constexpr (perhaps_reports<Source> && Rules::reporters > 0)
      require(!source.inside_reports(), "optimizer: two stages report another theta than the iterate, one of them inside ", source,
              "; keep one average");
    return State<decltype(source.start(problem)), decltype(start_stage(std::declval<const Stages&>(), problem))...>{
        source.start(problem), std::apply([&](const auto&... stage) { return std::tuple{start_stage(stage, problem)...}; }, stages)};
  }

  template <class P, Scalar S, class State>
  void step(const P& problem, typename P::Workspace& ws, Step<S>& step, State& state) const {
    step.begin();
    source.draw(problem, ws, step, state.source);
    if (step.stalled || !step.finite()) return;  // the run ends here
    const auto one = [&]<std::size_t i>(std::integral_constant<std::size_t, i>) {
      apply(std::get<i>(stages), problem, ws, step, state, std::get<i>(state.stages));
    };
    constexpr std::size_t count = sizeof...(Stages), early = Rules::ends_in_entrywise_and_scale() ? count - 2 : count;
    [&]<std::size_t... i>(std::index_sequence<i...>) { (one(std::integral_constant<std::size_t, i>{}), ...); }
    (std::make_index_sequence<early>{});
    if constexpr (early < count) {  // the rate first, so that the transform adds its update to theta in its own pass
      if (step.stalled) return;
      const bool fused = step.factor() == S(1);
      if (fused) step.rate_is_known(), one(std::integral_constant<std::size_t, count - 1>{});
      one(std::integral_constant<std::size_t, count - 2>{});
      if (!fused) one(std::integral_constant<std::size_t, count - 1>{});
    }
  }

  /// Writes the theta that hooks and the outcome are to see into out; false where that is the iterate itself.
  template <Scalar S, class State>
  bool report(const Step<S>& step, const State& state, Vector<S>& out) const {
    bool other = false;
    const auto ask = [&](const auto& stage, const auto& of_stage) {
      using Stage = std::remove_cvref_t<decltype(stage)>;
      if constexpr (reports_theta<Stage> || perhaps_reports<Stage>) other = stage.report(step, of_stage, out);
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
    using S = typename P::scalar_type;
    if constexpr (SearchLike<T>) return stage.start(problem);
    else if constexpr (requires { stage.template start<S>(problem.layout(), problem.model()); })
      return stage.template start<S>(problem.layout(), problem.model());
    else return stage.template start<S>(problem.layout());
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
requires((SourceLike<A> || is_chain<A>)&&!StageLike<B>) A operator|(A chain, B) {
  static_assert(StageLike<B>, "optimizer: a stage says where it stands: add  using stage = TransformTag;  (or SearchTag) to it");
  return chain;
}
template <class A, class B>
requires(!StageLike<A> && !is_chain<A> && StageLike<B> && std::is_class_v<A>) void operator|(A, B) {
  static_assert(StageLike<A>, "optimizer: a source says where it stands: add  using stage = SourceTag;  to it");
}

}  // namespace tacit
