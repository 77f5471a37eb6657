// SPDX-License-Identifier: MIT
#pragma once
// Training. train() runs a problem from theta to an Outcome:
//
//   auto outcome = train(problem, theta, adam({.rate = 1e-3}), {.iterations = 40'000}, every(100, history));
//
// Run is the same in pieces: advance as often as wanted, save and load in between, finish. It owns theta, the optimizer's state and every
// workspace; problem, optimizer and data stay const. One iteration at theta_t: the source draws, the transforms edit, a Snapshot goes to
// every hook, theta_{t+1} = theta_t + update goes into a second buffer. advance() leaves theta_{t+1} unevaluated, so that going on later
// equals never having stopped, bit for bit; finish() evaluates it once on all data, for a closing Snapshot. A hook that stops the run at
// theta_t leaves it there.
//
// Where a stage reports another theta than the iterate (an average, schedule-free methods), hooks, finish(), theta() and the outcome see
// that one; checkpoints keep both, and iterate() is the other.

#include <tuple>
#include <type_traits>

#include "hook/notify.hpp"
#include "landmarks.hpp"
#include "optimizer/full_gradient.hpp"
#include "outcome.hpp"
#include "problem.hpp"

namespace tacit {

struct Until {
  Index iterations = 1000;
};

namespace detail {

/// A source or a search alone becomes a chain; a search then follows the full gradient.
template <class O>
auto as_chain(O optimizer) {
  static_assert(
      is_chain<O> || requires { typename O::stage; },
      "train: an optimizer is a chain: a source such as FullGradient, then transforms, joined by |");
  static_assert(is_chain<O> || SourceLike<O> || SearchLike<O>,
                "train: an optimizer begins with a source such as FullGradient; a transform alone draws no gradient");
  static_assert(sets_rate<O>,
                "train: no stage of this optimizer sets a rate, it would climb by whole gradients; end it with LearningRate{rate}");
  if constexpr (is_chain<O>) return optimizer;
  else if constexpr (SearchLike<O>) return FullGradient{} | std::move(optimizer);
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
    require(problem.dimension() == theta.size(), "train: the problem's dimension() is ", problem.dimension(), ", its layout() has ",
            theta.size(), " parameters");
    require(theta.allFinite(), "train: the starting theta holds a number that is not finite");
    step_.theta = std::move(theta);
  }
  Run(const P&&, const Vector<S>&, auto&&...) = delete;  // a temporary problem would be gone before the first step

  /// Makes up to n iterations; fewer if the run diverges, stalls or a hook stops it.
  Reason advance(Index n) {
    require(n >= 0, "train: the iterations asked for are ", n, ", they need to be 0 or more");
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
      if (!make_iteration()) return reason_;
      else go_on();
    return reason_;  // the theta reached stays unevaluated
  }

  /// Evaluates the current theta on all data, shows it to the hooks as the closing Snapshot and reports. Changes nothing that advance()
  /// uses.
  Outcome<S> finish() {
    Value<S> value;
    {
      const Timer timer(progress_);
      evaluate();
      if (reason_ != Reason::diverged && !step_.finite()) {  // the last step of all led there, or a minibatch hid it
        diverge();
        evaluate();
      }
      memo_.forget();
      const Snapshot<P> now(problem_, ws_, step_, shown(), memo_, progress_, true);
      std::apply([&](auto&... hook) { (detail::notify(hook, now), ...); }, hooks_);
      value = {now.loss(), now.objective()};
      memo_.used_workspace = false;
    }
    return {reason_,           step_.iteration, value.loss,           value.objective,    why_,
            progress_.seconds, ws_.gradients,   ws_.hessian_products, progress_.flow_time};
  }

  /// The theta that the run is about: the iterate, or what a stage reports in its place.
  const Vector<S>& theta() const { return shown(); }
  /// theta_t, at which the next step begins.
  const Vector<S>& iterate() const { return step_.theta; }
  Vector<S> take_theta() && { return &shown() == &step_.theta ? std::move(step_.theta) : std::move(reported_); }
  /// Goes on from another theta, at the same iteration and with the optimizer's state as it is; a run that has diverged may go on, too.
  [[gnu::cold]] void set_theta(Vector<S> theta) {
    problem_.layout().require_size(theta.size(), "Run::set_theta");
    require(theta.allFinite(), "Run::set_theta: theta holds a number that is not finite");
    step_.theta = std::move(theta);
    step_.ahead.known = false;
    step_.linearized = Linearized::nowhere;
    pending_ = false;
    placed_ = true;
    if (reason_ == Reason::diverged) reason_ = Reason::reached_limit;
    why_.clear();
  }
  Index iteration() const { return step_.iteration; }
  Reason reason() const { return reason_; }
  const std::string& why() const { return why_; }
  const P& problem() const { return problem_; }
  const Optimizer& optimizer() const { return optimizer_; }
  /// What the stages remember: `.source`, and `.stages` as a tuple. After advance(1), as the step from the theta before has left it.
  const auto& optimizer_state() const { return state_; }

  /// Writes and reads a checkpoint; include hook/checkpoint.hpp, where the format stands.
  void save(const std::string& path) { save_run(*this, path); }
  void load(const std::string& path) { load_run(*this, path); }

  /// Everything that a later advance() depends on, hooks with persist() included.
  template <class Archive>
  void persist(Archive& archive) {
    step_.linearized = Linearized::nowhere;
    archive("iteration", step_.iteration);
    archive("theta", step_.theta);
    archive("ahead", step_.ahead);
    archive("next", next_);
    archive("pending", pending_);
    archive("placed", placed_);
    if constexpr (!Optimizer::always_full) archive("landmarks", landmarks_);
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

  /// The theta that hooks see: computed anew where a stage reports one.
  const Vector<S>& shown() const {
    if constexpr (Optimizer::reports) {
      reported_.resize(step_.theta.size());
      if (optimizer_.report(step_, state_, reported_)) return reported_;
    }
    return step_.theta;
  }
  /// Value and gradient at the current theta on all data; not counted as work.
  void evaluate() {
    const double gradients = ws_.gradients;
    step_.begin();
    step_.value = problem_.value_and_gradient(step_.theta, ws_, step_.gradient);
    ws_.gradients = gradients;
    step_.linearized = Linearized::nowhere;
  }

  /// Evaluates theta_t, shows it and prepares theta_{t+1}; false where the run ends here.
  bool make_iteration() {
    step_.lend(next_);
    optimizer_.step(problem_, ws_, step_, state_);
    if (!step_.finite()) return diverge();
    if constexpr (!Optimizer::always_full)
      if (!step_.full) landmarks_.keep(step_.iteration, progress_.flow_time, step_.theta);
    memo_.forget();
    const Snapshot<P> now(problem_, ws_, step_, shown(), memo_, progress_, false);
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
      if (!step_.stalled) step_.finish(next_), pending_ = true;
      throw;
    }
    if (std::exchange(memo_.used_workspace, false)) step_.linearized = Linearized::nowhere;
    if (step_.stalled) {
      reason_ = step_.arrived ? Reason::reached_limit : Reason::stalled;
      if (why_.empty()) why_ = step_.why.empty() ? "the optimizer found no step that lowers the objective" : step_.why;
      return false;
    }
    step_.finish(next_);
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
    pending_ = placed_ = false;
  }
  [[gnu::cold]] bool diverge() {
    reason_ = Reason::diverged;
    std::string cause;
    if constexpr (requires { problem_.explain(ws_); })
      if (step_.full) cause = problem_.explain(ws_);
    why_ = sentence("the ", std::isfinite(step_.value.loss) ? "objective" : "loss", " is not finite at iteration ", step_.iteration,
                    cause.empty() ? "" : "; ", cause);
    if (step_.iteration > 0 && !pending_ && !placed_) {
      step_.theta.swap(next_);
      --step_.iteration;
      progress_.flow_time = flow_time_before_;
    }
    if constexpr (!Optimizer::always_full) fall_back_to_a_landmark();
    return false;
  }

  /// After a minibatch run has diverged: the last theta at hand where the loss of all data is finite.
  [[gnu::cold]] void fall_back_to_a_landmark() {
    if (landmarks_.empty()) return;
    evaluate();
    for (; !step_.finite() && !landmarks_.empty(); landmarks_.drop_last()) {
      auto& last = landmarks_.last();
      if (last.iteration > step_.iteration) continue;
      step_.theta = last.theta;
      step_.iteration = last.iteration;
      progress_.flow_time = last.flow_time;
      evaluate();
    }
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
  mutable Vector<S> reported_;  ///< what a stage reports in place of the iterate
  detail::Landmarks<S> landmarks_;
  bool placed_ = false;   ///< theta was set from outside: next_ does not hold its predecessor
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
