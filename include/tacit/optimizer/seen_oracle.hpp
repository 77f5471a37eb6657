// SPDX-License-Identifier: MIT
#pragma once
// Oracles that show a problem otherwise than it is, for one step of a source that disturbs it, and for the search behind, which has to see
// the same:
//   ShiftedTargets   the targets are y + shift, one number for each observation at hand      (label_noise.hpp)
//   ShiftedTheta     the objective at theta + shift, as a function of theta                   (parameter_noise.hpp)
// Nothing is copied: the shift is referred to, the problem's own workspace is used.

#include "chain.hpp"

namespace tacit::detail {

/// A problem by reference, a view of one (such as OnBatch) by value.
template <class P>
struct Held {
  const P* problem;
  explicit Held(const P& p) : problem(&p) {}
  const P& operator*() const { return *problem; }
};
template <class P>
requires requires { requires P::is_view; }
struct Held<P> {
  P problem;
  explicit Held(const P& p) : problem(p) {}
  const P& operator*() const { return problem; }
};

/// What the two have in common; Seen says how an evaluation is made.
template <class Seen, class P>
class SeenOracle {
 public:
  using scalar_type = typename P::scalar_type;
  using Workspace = typename P::Workspace;
  using S = scalar_type;
  static constexpr bool is_view = true;

  Workspace workspace() const { return problem().workspace(); }
  bool can_curve() const { return offers_hessian_products(problem()); }
  Index dimension() const { return problem().dimension(); }
  const Layout& layout() const { return problem().layout(); }
  decltype(auto) model() const requires requires(const P& p) { p.model(); }
  { return problem().model(); }

  Value<S> value(In<S> theta, Workspace& ws) const {
    return seen().at(theta, ws, [&](In<S> x) { return problem().value(x, ws); });
  }
  Value<S> value_and_gradient(In<S> theta, Workspace& ws, Out<S> g) const {
    return seen().at(theta, ws, [&](In<S> x) { return problem().value_and_gradient(x, ws, g); });
  }
  void hessian_times_linearized(In<S> theta, In<S> v, Workspace& ws, Out<S> hv) const requires has_hessian_products<P> {
    seen().at(theta, ws, [&](In<S> x) { return problem().hessian_times_linearized(x, v, ws, hv), Value<S>{}; });
  }
  void hessian_times(In<S> theta, In<S> v, Workspace& ws, Out<S> hv) const requires has_hessian_products<P> {
    value_and_gradient(theta, ws, hv);
    hessian_times_linearized(theta, v, ws, hv);
  }

 protected:
  SeenOracle(const P& problem, const Vector<typename P::scalar_type>& shift) : problem_(problem), shift_(&shift) {}
  const P& problem() const { return *problem_; }
  const Vector<S>& shift() const { return *shift_; }

 private:
  const Seen& seen() const { return static_cast<const Seen&>(*this); }
  Held<P> problem_;
  const Vector<S>* shift_;
};

template <class P>
class ShiftedTargets : public SeenOracle<ShiftedTargets<P>, P> {
 public:
  using S = typename P::scalar_type;
  ShiftedTargets(const P& problem, const Vector<S>& shift) : SeenOracle<ShiftedTargets, P>(problem, shift) {}

  template <class F>
  Value<S> at(In<S> theta, typename P::Workspace& ws, F&& evaluate) const {
    const Unshift scope{this->problem(), ws};  // whatever a loss of one's own throws, the workspace sees the data again
    this->problem().shift_targets(ws, &this->shift());
    return evaluate(theta);
  }

 private:
  struct Unshift {
    const P& problem;
    typename P::Workspace& ws;
    ~Unshift() { problem.shift_targets(ws, nullptr); }
  };
};

template <class P>
class ShiftedTheta : public SeenOracle<ShiftedTheta<P>, P> {
 public:
  using S = typename P::scalar_type;
  /// `buffer` is where theta + shift is formed.
  ShiftedTheta(const P& problem, const Vector<S>& shift, Vector<S>& buffer)
      : SeenOracle<ShiftedTheta, P>(problem, shift), buffer_(&buffer) {}

  template <class F>
  Value<S> at(In<S> theta, typename P::Workspace&, F&& evaluate) const {
    *buffer_ = theta + this->shift();
    return evaluate(*buffer_);
  }

 private:
  Vector<S>* buffer_;
};

}  // namespace tacit::detail
