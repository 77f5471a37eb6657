// SPDX-License-Identifier: MIT
#pragma once
// Training. train() runs a problem from theta to an Outcome:
//
//   auto outcome = train(problem, theta, adam({.rate = 1e-3}), {.iterations = 40'000}, every(100, history));
//
// Run is the same in pieces: advance as often as wanted, save and load in between, finish. It owns theta, the optimizer's state and every
// workspace; problem, optimizer and data stay const. One iteration at theta_t: the source draws, the transforms edit, a Snapshot goes to every hook,
// theta_{t+1} = theta_t + update goes into a second buffer. advance() leaves theta_{t+1} unevaluated, so that going on later equals never having
// stopped, bit for bit; finish() evaluates it once on all data, for a closing Snapshot. A hook that stops the run at theta_t leaves it there.

#include <tuple>
#include <type_traits>

#include "hook/snapshot.hpp"
#include "optimizer/chain.hpp"
#include "outcome.hpp"

namespace tacit {

struct Until {
  Index iterations = 1000;
};

template <class H, class P>
concept HookFor = std::invocable < H&,
        const Snapshot<P>
& > &&(std::same_as<std::invoke_result_t<H&, const Snapshot<P>&>, void> ||
       std::same_as<std::invoke_result_t<H&, const Snapshot<P>&>, Flow>);

namespace detail {

template <class H, class P>
constexpr void check_hook() {
  static_assert(std::invocable<H&, const Snapshot<P>&>, "train: a hook is called with a const Snapshot&; take it as (const auto& now)");
  if constexpr (std::invocable<H&, const Snapshot<P>&>)
    static_assert(HookFor<H, P>, "train: a hook returns nothing or a Flow; a probe belongs into a Trajectory");
}

/// Calls a hook; one without an answer goes on.
template <class H, class P>
Flow notify(H& hook, const Snapshot<P>& now) {
  check_hook<H, P>();
  if constexpr (std::is_void_v<std::invoke_result_t<H&, const Snapshot<P>&>>) {
    hook(now);
    return Flow::proceed;
  } else {
    return hook(now);
  }
}
template <class H>
std::string stop_sentence(const H& hook) {
  if constexpr (requires { hook.sentence(); }) return hook.sentence();
  else return "a hook asked to stop";
}
template <class H>
void prepare_hook(H& hook, Index iterations) {
  if constexpr (requires { hook.prepare(iterations); }) hook.prepare(iterations);
}
template <class H, class Archive>
void persist_hook(H& hook, Archive& archive) {
  if constexpr (requires { hook.persist(archive); }) archive("hook", hook);
}

template <class O>
auto as_chain(O optimizer) {
  static_assert(
      is_chain<O> || requires { typename O::stage; },
      "train: an optimizer is a chain: a source such as FullGradient, then transforms, joined by |");
  static_assert(is_chain<O> || SourceLike<O>,
                "train: an optimizer begins with a source such as FullGradient; a transform alone draws no gradient");
  static_assert(sets_rate<O>,
                "train: no stage of this optimizer sets a rate, it would climb by whole gradients; end it with LearningRate{rate}");
  if constexpr (is_chain<O>) return optimizer;
  else return Chain<O>{std::move(optimizer), {}};
}
template <class O>
using AsChain = decltype(as_chain(std::declval<O>()));

}  // namespace detail

template <class P, class Optimizer, class... Hooks>
class Run {
 public:
  using S = typename P::scalar_type;

  /// Hooks given as lvalues are referred to, temporaries are kept. The problem must outlive the run.
  template <class O, class... Hs>
  Run(const P& problem, Vector<S> theta, O optimizer, Hs&&... hooks)
      : problem_(problem), optimizer_(detail::as_chain(std::move(optimizer))), hooks_(std::forward<Hs>(hooks)...), ws_(problem.workspace()),
        state_(optimizer_.start(problem)), step_(problem.dimension()), next_(problem.dimension()) {
    problem.layout().require_size(theta.size(), "train");
    require(theta.allFinite(), "train: the starting theta holds a number that is not finite");
    step_.theta = std::move(theta);
  }
  Run(const P&&, const Vector<S>&, auto&&...) = delete;  // a temporary problem would be gone before the first step

  /// Makes up to n iterations; fewer if the run diverges, stalls or a hook stops it.
  Reason advance(Index n) {
    if (reason_ == Reason::diverged) return reason_;
    progress_.until = step_.iteration + n;
    std::apply([&](auto&... hook) { (detail::prepare_hook(hook, n), ...); }, hooks_);
    const Timer timer(progress_);
    reason_ = Reason::reached_limit;
    why_.clear();
    if (pending_ && n > 0) {
      --n;
      go_on();
    }
    for (; n > 0; --n)
      if (!iterate()) return reason_;
      else go_on();
    // The theta reached stays unevaluated.
    return reason_;
  }

  /// Evaluates the current theta on all data, shows it to the hooks as the closing Snapshot and reports. Changes nothing that advance() uses.
  Outcome<S> finish() {
    {
      const Timer timer(progress_);
      evaluate();
      if (reason_ != Reason::diverged && !finite()) {  // the last step of all led there, or a minibatch hid it
        diverge();
        evaluate();
      }
      memo_.forget();
      const Snapshot<P> now(problem_, ws_, step_, memo_, progress_, true);
      std::apply([&](auto&... hook) { (detail::notify(hook, now), ...); }, hooks_);
    }
    return {reason_,           step_.iteration, step_.value.loss,     step_.value.objective, why_,
            progress_.seconds, ws_.gradients,   ws_.hessian_products, progress_.flow_time};
  }

  const Vector<S>& theta() const { return step_.theta; }
  Vector<S> take_theta() && { return std::move(step_.theta); }
  Index iteration() const { return step_.iteration; }
  Reason reason() const { return reason_; }
  const std::string& why() const { return why_; }
  const P& problem() const { return problem_; }
  const Optimizer& optimizer() const { return optimizer_; }

  /// Writes and reads a checkpoint; include hook/checkpoint.hpp, where the format stands.
  void save(const std::string& path) { save_run(*this, path); }
  void load(const std::string& path) { load_run(*this, path); }

  /// Everything that a later advance() depends on, hooks with persist() included.
  template <class Archive>
  void persist(Archive& archive) {
    step_.elsewhere = true;
    archive("iteration", step_.iteration);
    archive("theta", step_.theta);
    archive("next", next_);
    archive("pending", pending_);
    archive("reason", reason_);
    archive("why", why_);
    archive("optimizer_state", state_);
    archive("rate", step_.rate);
    archive("flow_time", progress_.flow_time);
    archive("flow_time_before", flow_time_before_);
    archive("seconds", progress_.seconds);
    archive("gradients", ws_.gradients);
    archive("hessian_products", ws_.hessian_products);
    std::apply([&](auto&... hook) { (detail::persist_hook(hook, archive), ...); }, hooks_);
  }

 private:
  /// Adds the time of its scope to the run's seconds, whatever way the scope is left.
  struct Timer {
    explicit Timer(Progress& p) : progress(p) { progress.since = std::chrono::steady_clock::now(); }
    ~Timer() { progress.seconds += std::chrono::duration<double>(std::chrono::steady_clock::now() - progress.since).count(); }
    Timer(const Timer&) = delete;
    Timer& operator=(const Timer&) = delete;
    Progress& progress;
  };

  bool finite() const { return std::isfinite(step_.value.loss) && std::isfinite(step_.value.objective); }
  /// Value and gradient at the current theta on all data; not counted as work.
  void evaluate() {
    const double gradients = ws_.gradients;
    step_.begin();
    step_.value = problem_.value_and_gradient(step_.theta, ws_, step_.gradient);
    ws_.gradients = gradients;
    step_.elsewhere = true;
  }

  /// Evaluates theta_t, shows it and prepares theta_{t+1}; false where the run ends here.
  bool iterate() {
    optimizer_.step(problem_, ws_, step_, state_);
    step_.elsewhere = false;
    if (!finite()) return diverge();
    memo_.forget();
    const Snapshot<P> now(problem_, ws_, step_, memo_, progress_, false);
    Flow flow = Flow::proceed;
    const auto ask = [&](auto& hook) {  // every hook sees every event; the first to stop says why
      if (detail::notify(hook, now) == Flow::stop && flow == Flow::proceed) {
        flow = Flow::stop;
        why_ = detail::stop_sentence(hook);
      }
    };
    try {
      std::apply([&](auto&... hook) { (ask(hook), ...); }, hooks_);
    } catch (...) {  // theta stays; whoever catches this and goes on, goes on with the step that was made
      reason_ = Reason::stopped_by_hook;
      why_ = "a hook threw an exception";
      if (!step_.stalled) step_.apply(next_), pending_ = true;
      throw;
    }
    if (step_.stalled) {
      reason_ = step_.arrived ? Reason::reached_limit : Reason::stalled;
      if (why_.empty()) why_ = step_.why.empty() ? "the optimizer found no step that lowers the objective" : step_.why;
      return false;
    }
    step_.apply(next_);
    if (flow == Flow::proceed) return true;
    pending_ = true;
    reason_ = Reason::stopped_by_hook;
    return false;
  }
  void go_on() {
    step_.theta.swap(next_);  // next_ now holds the previous theta, which a divergence falls back on
    ++step_.iteration;
    flow_time_before_ = progress_.flow_time;
    progress_.flow_time += step_.rate;
    pending_ = false;
  }
  bool diverge() {
    reason_ = Reason::diverged;
    std::string cause;
    if constexpr (requires { problem_.explain(ws_); })
      if (step_.full) cause = problem_.explain(ws_);
    why_ = sentence("the ", std::isfinite(step_.value.loss) ? "objective" : "loss", " is not finite at iteration ", step_.iteration,
                    cause.empty() ? "" : "; ", cause);
    if (step_.iteration > 0 && !pending_) {
      step_.theta.swap(next_);
      --step_.iteration;
      progress_.flow_time = flow_time_before_;
    }
    return false;
  }

  const P& problem_;
  Optimizer optimizer_;
  std::tuple<Hooks...> hooks_;
  typename P::Workspace ws_;
  decltype(std::declval<const Optimizer&>().start(std::declval<const P&>())) state_;
  Step<S> step_;
  Vector<S> next_;
  Memo<P> memo_;
  Progress progress_;
  Reason reason_ = Reason::reached_limit;
  std::string why_;
  bool pending_ = false;  ///< next_ holds theta_{t+1}, which a hook kept the run from going to; else the previous theta
  double flow_time_before_ = 0;
};

template <class P, class V, class O, class... Hooks>
Run(const P&, V, O, Hooks&&...) -> Run<P, detail::AsChain<O>, Hooks...>;

/// Trains from theta, which becomes the theta of the outcome; an exception from a hook leaves the last theta in it and goes on.
template <class P, class O, class... Hooks>
Outcome<typename P::scalar_type> train(const P& problem, Vector<typename P::scalar_type>& theta, O optimizer, Until until,
                                       Hooks&&... hooks) {
  problem.layout().require_size(theta.size(), "train");
  Run run(problem, theta, std::move(optimizer), std::forward<Hooks>(hooks)...);
  try {
    run.advance(until.iterations);
    auto outcome = run.finish();
    theta = std::move(run).take_theta();
    return outcome;
  } catch (...) {
    theta = std::move(run).take_theta();
    throw;
  }
}

}  // namespace tacit
