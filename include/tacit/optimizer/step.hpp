// SPDX-License-Identifier: MIT
#pragma once
// One step in the making. theta_{t+1} = theta_t + factor * direction: the direction starts as the gradient itself, and the factor stays a
// scalar until the run applies it in the only pass over theta that a step needs. A transform that changes the direction asks for storage
// of its own:
//   direction(), factor()   what stands so far
//   scale(c)                factor *= c, no pass over anything
//   own()                   factor * direction, written out into the step's own buffer (factor becomes 1)
//   replace()               the same buffer, to be overwritten (read direction() and factor() before; factor becomes 1)

#include "../problem.hpp"

namespace tacit {

template <Scalar S>
class Step {
 public:
  explicit Step(Index parameters) : theta(parameters), gradient(parameters) {}

  Index iteration = 0;
  Vector<S> theta;       ///< theta_t
  Vector<S> gradient;    ///< what the source drew: the gradient of the objective, or of a minibatch's
  Value<S> value;        ///< loss and objective that the source saw at theta_t
  bool full = true;      ///< value and gradient are those of all observations
  bool stalled = false;  ///< set by a source that finds no step to take
  bool arrived = false;  ///< ... because it is where it was asked to go: the run ends as at its limit
  std::string why;       ///< ... in words; empty: no step lowers the objective
  bool elsewhere =
      true;  ///< the workspace was used since the last draw (by finish()) or is new (after load()): it is linearised at no known theta
  double rate = 0;  ///< the rate applied at theta_t, as LearningRate or the source says

  const Vector<S>& direction() const { return owned_ ? update_ : gradient; }
  S factor() const { return factor_; }
  void scale(S c) { factor_ *= c; }

  Vector<S>& own() {
    if (!owned_) {
      update_ = factor_ * gradient;
      owned_ = true;
    } else if (factor_ != S(1)) {
      update_ *= factor_;
    }
    factor_ = 1;
    return update_;
  }
  Vector<S>& replace() {
    update_.resize(gradient.size());
    owned_ = true;
    factor_ = 1;
    return update_;
  }

  /// Forgets the last update; the run calls it before each step.
  void begin() {
    owned_ = stalled = arrived = false;
    full = true;
    factor_ = 1;
  }
  /// next = theta + factor * direction, the one pass.
  void apply(Vector<S>& next) const { next = theta + factor_ * direction(); }

 private:
  Vector<S> update_;
  bool owned_ = false;
  S factor_ = 1;
};

/// The state of a stage that remembers nothing.
struct Nothing {
  template <class Archive>
  void persist(Archive&) {}
};

}  // namespace tacit
