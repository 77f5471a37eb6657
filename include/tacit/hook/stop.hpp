// SPDX-License-Identifier: MIT
#pragma once
// Conditions that end a run, for stop_when(condition):
//   loss_below(tolerance, checks)          the data loss, at `checks` consecutive calls; NaN never counts
//   gradient_below(tolerance, checks)      the gradient's norm
//   plateau({.calls, .relative})           the loss changed by less than `relative` over that many calls
//   worse_on(probe, patience)              a validation probe has not improved for `patience` calls
//   time_limit(seconds)                    wall time of the run
// Each call is a check: every(50, stop_when(loss_below(1e-4, 10))) looks at each fiftieth iteration. In a minibatch run, where loss and gradient on all data
// cost a whole pass, loss_below, gradient_below and plateau pass over calls until the batches drawn since the last check amount to a pass: one check an epoch.
// So does below(probe, ...) of loss, objective and the gradient's norm; .every_call() checks each time it is called, at that price.

#include <limits>
#include <vector>

#include "probe.hpp"

namespace tacit {

template <class Condition>
struct StopWhen {
  Condition condition;

  Flow operator()(const auto& now) { return !now.closing() && condition(now) ? Flow::stop : Flow::proceed; }
  std::string sentence() const { return condition.sentence(); }
  template <class Archive>
  void persist(Archive& archive) {
    if constexpr (requires { condition.persist(archive); }) condition.persist(archive);
  }
};
/// A condition takes a Snapshot and returns a bool; sentence() says afterwards why the run ended.
template <class Condition>
StopWhen<Condition> stop_when(Condition condition) {
  static_assert(
      requires { condition.sentence(); },
      "stop_when: the condition needs sentence(), which the outcome quotes; "
      "stop_if(\"why\", lambda) makes one from a lambda");
  return {std::move(condition)};
}
namespace detail {
template <class F>
struct StopIf {
  std::string why;
  F condition;
  bool operator()(const auto& now) { return condition(now); }
  const std::string& sentence() const { return why; }
};
}  // namespace detail
template <class F>
auto stop_if(std::string why, F condition) {
  return stop_when(detail::StopIf<F>{std::move(why), std::move(condition)});
}

namespace detail {
/// Lets a check through once an epoch where it would cost a pass over all data, that is where the step drew a minibatch.
struct OnceAnEpoch {
  double checked_at = -1;  ///< gradient evaluations, in passes, at the last check; negative: none yet

  bool due(const auto& now) {
    if constexpr (requires {
                    now.drawn_all();
                    now.gradient_evaluations();
                  }) {
      if (now.drawn_all()) return true;
      // A share of a pass at a time, added up with rounding: a batch short of an epoch by less than its rounding is an epoch.
      if (checked_at >= 0 && now.gradient_evaluations() - checked_at < 1 - 1e-9) return false;
      checked_at = now.gradient_evaluations();
    }
    return true;
  }
};
/// Whether a probe looks at all data.
template <class P>
inline constexpr bool looks_at_all_data =
    std::same_as<P, std::decay_t<decltype(loss)>> || std::same_as<P, std::decay_t<decltype(objective)>> ||
    std::same_as<P, std::decay_t<decltype(gradient_norm)>> || std::same_as<P, std::decay_t<decltype(gradient_rms)>>;

template <class P>
struct Below {
  P probe;
  double tolerance;
  Index checks;
  Index passed = 0;
  bool spares = looks_at_all_data<P>;  ///< once an epoch in a minibatch run
  OnceAnEpoch epoch = {};

  Below every_call() const {
    Below same = *this;
    same.spares = false;
    return same;
  }
  bool operator()(const auto& now) {
    if (spares && !epoch.due(now)) return false;
    passed = static_cast<double>(probe(now)) <= tolerance ? passed + 1 : 0;
    return passed >= checks;
  }
  std::string sentence() const {
    return tacit::sentence(probe.name(), " at most ", tolerance,
                           checks > 1 ? tacit::sentence(" at ", checks, " checks in a row") : std::string{});
  }
  template <class Archive>
  void persist(Archive& archive) {
    archive("passed", passed);
    archive("checked_at", epoch.checked_at);
  }
};
}  // namespace detail

/// Any probe that returns a number.
template <class P>
detail::Below<P> below(P probe, double tolerance, Index checks = 1) {
  require(checks > 0, "below: checks is ", checks, ", it needs to be at least 1");
  return {std::move(probe), tolerance, checks};
}
inline auto loss_below(double tolerance, Index checks = 1) { return below(loss, tolerance, checks); }
inline auto gradient_below(double tolerance, Index checks = 1) { return below(gradient_norm, tolerance, checks); }

struct PlateauSettings {
  Index calls;
  double relative = 1e-4;
  double below = std::numeric_limits<
      double>::infinity();  ///< armed once the loss is below this share of the first one: saddles near a small start look flat
};
struct Plateau {
  PlateauSettings options;
  std::vector<double> last = {};  ///< a ring of the last losses
  Index seen = 0;
  double first = 0;
  bool spares = true;  ///< once an epoch in a minibatch run
  detail::OnceAnEpoch epoch = {};

  Plateau every_call() const {
    Plateau same = *this;
    same.spares = false;
    return same;
  }
  bool operator()(const auto& now) {
    if (spares && !epoch.due(now)) return false;
    const auto n = static_cast<std::size_t>(options.calls);
    last.resize(n);
    double& slot = last[static_cast<std::size_t>(seen) % n];
    const double current = static_cast<double>(now.loss()), before = slot;
    slot = current;
    if (seen == 0) first = current;
    return ++seen > options.calls && current < options.below * first && std::abs(before - current) < options.relative * std::abs(before);
  }
  std::string sentence() const {
    return tacit::sentence("the loss changed by less than ", options.relative, " relative over ", options.calls, " checks");
  }
  template <class Archive>
  void persist(Archive& archive) {
    archive("last", last);
    archive("seen", seen);
    archive("first", first);
    archive("checked_at", epoch.checked_at);
  }
};
inline Plateau plateau(PlateauSettings options) {
  require(options.calls > 0, "plateau: .calls is ", options.calls, ", it needs to be at least 1");
  return {options};
}

template <class P>
struct WorseOn {
  P probe;
  Index patience;
  double best = std::numeric_limits<double>::infinity();
  Index since = 0;

  bool operator()(const auto& now) {
    const double value = static_cast<double>(probe(now));
    if (value < best) best = value, since = 0;
    else ++since;
    return since >= patience;
  }
  std::string sentence() const { return tacit::sentence(probe.name(), " has not improved on ", best, " for ", patience, " checks"); }
  template <class Archive>
  void persist(Archive& archive) {
    archive("best", best);
    archive("since", since);
  }
};
template <class P>
WorseOn<P> worse_on(P probe, Index patience) {
  require(patience > 0, "worse_on: the patience is ", patience, ", it needs to be at least 1");
  return {std::move(probe), patience};
}

struct TimeLimit {
  double seconds;
  bool operator()(const auto& now) const { return now.wall_time() >= seconds; }
  std::string sentence() const { return tacit::sentence("the time limit of ", seconds, " s is over"); }
};
inline TimeLimit time_limit(double seconds) { return {seconds}; }

}  // namespace tacit
