// SPDX-License-Identifier: MIT
#pragma once
// Runs of a race and the costs of questions, compiled once (core/compiled.hpp).

#include <algorithm>
#include <chrono>

#include "../../core/compiled.hpp"
#include "../../train.hpp"
#include "../run.hpp"
#include "counted_oracle.hpp"

namespace tacit {

namespace detail {

/// The hook of race_run: books targets and the curve, and ends the run.
class RaceRecorder {
 public:
  RaceRecorder(const RaceProtocol& protocol, double hessian_product, double start, double floor, const RaceWatch& watch, RaceRun& run)
      : protocol_(&protocol), hessian_product_(hessian_product), start_(start), floor_(floor), watch_(&watch), run_(&run) {
    run.start_loss = start;
    run.best_loss = run.final_loss = 1;
    run.reached.assign(protocol.targets.size(), RaceRun::never);
    run.reached_seconds.assign(protocol.targets.size(), RaceRun::never);
    run.curve.push_back({0, 1, 1});
  }

  Flow operator()(const RaceSnapshot& now) {
    if (!now.closing() || now.iteration() != iteration_) {
      spent_ = total_;
      look(now);
    }
    iteration_ = now.iteration();
    Flow flow = Flow::proceed;
    if (*watch_ && (*watch_)(now) == Flow::stop) flow = stop("the watch asked for it");
    if (now.closing()) return flow;
    total_ = now.gradient_evaluations() + hessian_product_ * now.hessian_products();
    run_->gradients = total_;
    run_->rate = now.rate();
    if (run_->best_loss > 0 && run_->final_loss > protocol_->diverged_above) {
      blown_up_ = true;
      return stop(sentence("the objective is ", run_->final_loss, " times that of the start"));
    }
    if (protocol_->stop_at_last_target && run_->reached.back() < RaceRun::never) return stop("the hardest target is reached");
    if (total_ > protocol_->gradients) return stop("the budget of work is spent");
    if (now.wall_time() - unpaid_ > protocol_->seconds) return stop("the budget of seconds is spent");
    return flow;
  }
  std::string words() const { return why_; }
  bool blown_up() const { return blown_up_; }

  /// The end of the curve.
  void close() {
    fill(std::min(run_->gradients, protocol_->gradients) * (1 + 1e-12));
    if (run_->curve.back().gradients < spent_) run_->curve.push_back({spent_, run_->final_loss, run_->best_loss});
  }

 private:
  Flow stop(std::string why) {
    why_ = std::move(why);
    return Flow::stop;
  }
  /// The objective here, if it costs nothing or is due.
  void look(const RaceSnapshot& now) {
    const bool free = now.drawn_all() && &now.theta() == &now.iterate();
    if (!free && spent_ < due_ && !now.closing()) return;
    due_ = spent_ + 1;
    if (spent_ > protocol_->gradients) return;  // what the last step led to came too late
    const auto before = std::chrono::steady_clock::now();
    const double relative = (now.objective() - floor_) / (start_ - floor_);
    if (!free) unpaid_ += std::chrono::duration<double>(std::chrono::steady_clock::now() - before).count();
    fill(spent_);
    run_->final_loss = relative;
    run_->best_loss = std::min(run_->best_loss, relative);
    for (std::size_t k = 0; k < run_->reached.size(); ++k) {
      if (run_->reached[k] < RaceRun::never || !(relative <= protocol_->targets[k])) continue;
      run_->reached[k] = spent_;
      run_->reached_seconds[k] = std::max(0.0, now.wall_time() - unpaid_);
    }
  }
  /// Points of the log grid below `work`, at which the run stood where it was last seen.
  void fill(double work) {
    for (;; ++next_) {
      const double at = std::pow(10.0, static_cast<double>(next_) / static_cast<double>(protocol_->points));
      if (!(at < work)) return;
      run_->curve.push_back({at, run_->final_loss, run_->best_loss});
    }
  }

  const RaceProtocol* protocol_;
  double hessian_product_, start_, floor_;
  const RaceWatch* watch_;
  RaceRun* run_;
  double spent_ = 0, total_ = 0;  ///< work up to the theta that is shown, and with the step from it
  double due_ = 0, unpaid_ = 0;
  Index iteration_ = -1, next_ = 0;
  bool blown_up_ = false;
  std::string why_;
};

/// What train() refers to.
struct RaceHook {
  RaceRecorder* recorder;
  Flow operator()(const RaceSnapshot& now) const { return (*recorder)(now); }
  std::string sentence() const { return recorder->words(); }
};

}  // namespace detail

TACIT_INLINE RaceRun race_run(const RaceInstance& instance, const AnyOptimizer<double>& optimizer, const RaceProtocol& protocol,
                              const OracleCost& cost, const RaceWatch& watch) {
  const detail::CountedProblem counted(instance.problem.erased(), cost.value);
  const AnyOracle<double> oracle(counted);
  Vector<double> g(oracle.dimension());
  oracle.layout().require_size(instance.theta.size(), "race_run");
  double start = 0;
  {
    auto ws = oracle.workspace();
    start = oracle.value_and_gradient(instance.theta, ws, g).objective;
  }
  require(std::isfinite(start) && start > instance.floor, "race_run: the objective at the start is ", start,
          ", it needs to be finite and above .floor, which is ", instance.floor);
  RaceRun run;
  detail::RaceRecorder recorder(protocol, cost.hessian_product, start, instance.floor, watch, run);
  Run training(oracle, instance.theta, optimizer, detail::RaceHook{&recorder});
  const double most =
      protocol.gradients * static_cast<double>(std::max<Index>(oracle.count(), 1)) + 1000;  // steps ask for a batch of 1 at least
  training.advance(static_cast<Index>(std::min(most, 1e15)));
  const Outcome<double> outcome = training.finish();
  run.reason = outcome.reason;
  run.why = outcome.why;
  run.iterations = outcome.iterations;
  run.seconds = outcome.seconds;
  recorder.close();
  if (recorder.blown_up()) run.reason = Reason::diverged;
  run.theta = std::move(training).take_theta();
  if (run.diverged()) {
    run.final_loss = run.validation_error = RaceRun::never;
    run.reached.assign(run.reached.size(), RaceRun::never);
    run.reached_seconds = run.reached;
  } else {
    run.validation_error = instance.validation_error ? instance.validation_error(run.theta) : std::nan("");
  }
  return run;
}

}  // namespace tacit
