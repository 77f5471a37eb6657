// SPDX-License-Identifier: MIT
#pragma once
// One step in the making. theta_{t+1} = theta_t + factor * direction: the direction starts as the gradient itself, and the factor stays a
// scalar until the run applies it in the only pass over theta that a step needs. A transform that changes the direction asks for storage
// of its own:
//   direction(), factor()   what stands so far
//   scale(c)                factor *= c, no pass over anything
//   own()                   factor * direction, written out into the step's own buffer (factor becomes 1)
//   replace()               the same buffer, to be overwritten (read direction() and factor() before; factor becomes 1)
//   replace_next()          theta_{t+1} itself, for rules that are not theta_t plus an update (averages, mirror maps): exact, no
// rounding of a difference
//
// Sources and searches ask the problem through the step, so that nothing is evaluated twice:
//   evaluate(oracle, ws)               value and gradient at theta_t; taken over where a stage of the last step has evaluated them ahead
//   hessian_times(oracle, ws, v, hv)   H(theta_t) v, on the products that the evaluation left in the workspace
//   look_ahead(oracle, ws)             value and gradient at theta_t + factor * direction, kept as `ahead` for the next step

#include <algorithm>
#include <cmath>
#include <string>
#include <type_traits>
#include <utility>

#include "../core/layout.hpp"
#include "../core/value.hpp"

namespace tacit {

/// What a stage evaluated at a theta that may become the next one. The run persists it.
template <Scalar S>
struct Evaluation {
  Vector<S> theta, gradient;
  Value<S> value;
  bool known = false;  ///< the rest is meaningful

  bool finite() const { return std::isfinite(value.loss) && std::isfinite(value.objective); }
  template <class Archive>
  void persist(Archive& archive) {
    archive("known", known);
    if (!known) return;
    archive("theta", theta);
    archive("gradient", gradient);
    archive("loss", value.loss);
    archive("objective", value.objective);
  }
};

/// At which theta the workspace of a problem holds the products that a Hessian-vector product needs.
enum class Linearized { nowhere, here, ahead };

template <Scalar S>
class Step {
 public:
  explicit Step(Index parameters) : theta(parameters), gradient(parameters) {}

  Index iteration = 0;
  Vector<S> theta;       ///< theta_t
  Vector<S> gradient;    ///< what the source drew: the gradient of the objective, or of a minibatch's
  Value<S> value;        ///< loss and objective that the source saw at theta_t
  bool full = true;      ///< value and gradient are those of all observations, at theta_t
  bool stalled = false;  ///< set by a stage that finds no step to take
  bool arrived = false;  ///< ... because it is where it was asked to go: the run ends as at its limit
  std::string why;       ///< ... in words; empty: no step lowers the objective
  double rate = 0;       ///< the rate applied at theta_t, as the stage that sets it says
  Evaluation<S> ahead;   ///< value and gradient at what is likely to be theta_{t+1}
  Linearized linearized = Linearized::nowhere;

  bool finite() const { return std::isfinite(value.loss) && std::isfinite(value.objective); }

  const Vector<S>& direction() const { return owned_ ? update_ : gradient; }
  S factor() const { return factor_; }
  void scale(S c) { factor_ *= c; }

  Vector<S>& own() {
    if (lands_) {
      update_ = landing() - theta;
      lands_ = false;
    } else if (!owned_) {
      update_ = factor_ * gradient;
    } else if (factor_ != S(1)) {
      update_ *= factor_;
    }
    owned_ = true;
    factor_ = 1;
    return update_;
  }
  Vector<S>& replace() {
    update_.resize(gradient.size());
    owned_ = true;
    lands_ = false;
    factor_ = 1;
    return update_;
  }
  /// To be filled with theta_{t+1}. The direction of this step is then unknown until own() subtracts theta_t; only stages behind the
  /// rate do.
  Vector<S>& replace_next() {
    in_lent_ = fused_ && lent_;
    landing().resize(gradient.size());
    lands_ = true;
    return landing();
  }
  /// The buffer that finish() will get. Where nothing can keep the step from being taken (fused() says so), replace_next() gives this one
  /// out: without a third theta, which would take room in the caches.
  void lend(Vector<S>& next) { lent_ = &next; }

  /// Says that the factor already holds the rate, before the last transform has run: an entrywise one then adds factor * update to
  /// theta chunk by chunk,
  /// which saves the pass of apply().
  void rate_is_known() { fused_ = true; }
  bool fused() const { return fused_; }

  /// Forgets the last update; the chain calls it before each step.
  void begin() {
    owned_ = lands_ = fused_ = stalled = arrived = false;
    full = true;
    factor_ = 1;
  }
  /// Back to the gradient as direction, with the factor 1: for a stage that tries several updates.
  void restart() {
    owned_ = lands_ = false;
    factor_ = 1;
  }
  /// next = theta + factor * direction, the one pass.
  void apply(Vector<S>& next) const {
    if (lands_) next = landing();
    else next = theta + factor_ * direction();
  }
  /// The same, once, where the step is done: without a copy of what replace_next() holds.
  void finish(Vector<S>& next) {
    if (lands_ && &next != &landing() && next.size() == landing().size()) next.swap(landing());
    else if (!lands_ || &next != &landing()) apply(next);
  }
  /// No step is taken from here, and the run says why.
  void stall(std::string reason = {}) {
    stalled = true;
    rate = 0;
    why = std::move(reason);
  }

  /// Value and gradient at theta_t. True where they were taken over from `ahead`; they cost nothing then.
  template <class Oracle>
  bool evaluate(const Oracle& oracle, typename Oracle::Workspace& ws) {
    if (ahead.known && std::equal(theta.data(), theta.data() + theta.size(), ahead.theta.data())) {
      ahead.known = false;
      value = ahead.value;
      gradient.swap(ahead.gradient);
      linearized = linearized == Linearized::ahead ? Linearized::here : Linearized::nowhere;
      return true;
    }
    ahead.known = false;
    value = oracle.value_and_gradient(theta, ws, gradient);
    linearized = Linearized::here;
    return false;
  }
  /// After evaluate(): the workspace holds the products at theta_t. Where it was used elsewhere in between, the evaluation is repeated, to
  /// the same numbers, and does not count as work.
  template <class Oracle>
  void linearize(const Oracle& oracle, typename Oracle::Workspace& ws) {
    if (linearized == Linearized::here) return;
    const double gradients = ws.gradients;
    oracle.value_and_gradient(theta, ws, gradient);
    ws.gradients = gradients;
    linearized = Linearized::here;
  }
  /// hv = H(theta_t) v after evaluate(), on the products at theta_t.
  template <class Oracle>
  void hessian_times(const Oracle& oracle, typename Oracle::Workspace& ws, In<std::type_identity_t<S>> v, Out<S> hv) {
    linearize(oracle, ws);
    oracle.hessian_times_linearized(theta, v, ws, hv);
  }
  /// Value and gradient where this update would lead; taken over by evaluate() if the run goes there.
  template <class Oracle>
  const Evaluation<S>& look_ahead(const Oracle& oracle, typename Oracle::Workspace& ws) {
    ahead.gradient.resize(theta.size());
    apply(ahead.theta);
    ahead.value = oracle.value_and_gradient(ahead.theta, ws, ahead.gradient);
    ahead.known = true;
    linearized = Linearized::ahead;
    return ahead;
  }

 private:
  Vector<S>& landing() { return in_lent_ ? *lent_ : next_; }
  const Vector<S>& landing() const { return in_lent_ ? *lent_ : next_; }

  Vector<S> update_, next_;
  Vector<S>* lent_ = nullptr;
  bool in_lent_ = false;  ///< theta_{t+1} stands in what was lent
  bool owned_ = false, lands_ = false, fused_ = false;
  S factor_ = 1;
};

/// The state of a stage that remembers nothing.
struct Nothing {
  template <class Archive>
  void persist(Archive&) {}
};

}  // namespace tacit
