// SPDX-License-Identifier: MIT
#pragma once
// Stability in the metric of an optimizer. An adaptive method moves by  rate P^-1 m,  P diagonal and positive, m the gradient or an average
// of it. As long as P changes slowly it is stable on a quadratic where the largest eigenvalue of  P^-1/2 H P^-1/2  is below edge / rate:
//   edge = 2                              without momentum                                                     P = 1 for plain descent
//          2 (1 + beta) / (1 - dampening) HeavyBall           2 (1 + beta) / (1 + 2 beta)   Nesterov
//          2 (1 + beta1) / (1 - beta1)    Adam, whose m is an exponential average (38 at beta1 = 0.9)
// which at the edge of stability is where it hovers.   [Cohen et al. 2021, 2022 (Adaptive gradient methods at the edge of stability),
// eq. 1]
//   AdamScale      sqrt(v / (1 - beta2^t)) + eps, times 1 - beta1^t               RmsScale   sqrt(v) + eps, as its settings say
//   GroupRmsScale  the one number sqrt(v / (1 - decay^t)) + eps for all
//
//   Run run(problem, theta, rmsprop({.rate = 1e-4}));     run.advance(1000);
//   MetricSharpness sharpest;     std::cout << sharpest(run);           // run.advance(100); sharpest(run) starts from the last vector
//
// Stages that are not named here leave P as it is where they only choose or average (sources, rates, momentum), and are refused where they
// change the direction otherwise.

#include "../analysis/eigenpairs.hpp"
#include "../analysis/hessian.hpp"
#include "adam_scale.hpp"
#include "group_rms_scale.hpp"
#include "rmsprop.hpp"

namespace tacit {

/// P and the edge of a chain in its present state.
struct Preconditioner {
  Vector<double> diagonal;  ///< P
  double edge = 2;          ///< stable below edge / rate
  double rate = 0;          ///< of the LearningRate at this iteration
};

namespace detail {

template <class Stage, class State>
void precondition(const Stage& stage, const State&, Index, Preconditioner&) {
  static_assert(sets_rate<Stage> || SourceLike<Stage>,
                "preconditioner: a stage of this optimizer changes the direction in a way whose metric is not known here");
  require(!SearchLike<Stage>, "preconditioner: ", stage, " is a search, whose steps have no fixed rate");
}
template <class Schedule>
void precondition(const LearningRate<Schedule>& stage, const Nothing&, Index iteration, Preconditioner& p) {
  p.rate = stage.schedule(iteration);
}
template <Scalar S>
void precondition(const AdamScale& stage, const Moments<S>& state, Index, Preconditioner& p) {
  require(state.t > 0, "preconditioner: AdamScale has made no step yet");
  const double correction = bias_correction(stage.beta2, state.t), first = 1 / bias_correction(stage.beta1, state.t);
  p.diagonal.array() *= first * ((correction * state.v.template cast<double>().array()).sqrt() + stage.eps);
  p.edge *= (1 + stage.beta1) / (1 - stage.beta1);
}
template <Scalar S>
void precondition(const RmsScale& stage, const RmsScale::State<S>& state, Index, Preconditioner& p) {
  Vector<double> v = state.v.template cast<double>();
  if (stage.centred) v = (v.array() - state.mean.template cast<double>().array().square()).max(0.0);
  if (stage.place == EpsPlace::inside) p.diagonal.array() *= (v.array() + stage.eps).sqrt();
  else p.diagonal.array() *= v.array().sqrt() + stage.eps;
}
inline void precondition(const GroupRmsScale& stage, const GroupRmsScale::State& state, Index, Preconditioner& p) {
  require(state.t > 0, "preconditioner: GroupRmsScale has made no step yet");
  p.diagonal *= std::sqrt(state.v * bias_correction(stage.decay, state.t)) + stage.eps;
}
template <Scalar S>
void precondition(const HeavyBall& stage, const Velocity<S>&, Index, Preconditioner& p) {
  p.edge *= (1 + stage.beta) / (1 - stage.dampening);
}
template <Scalar S>
void precondition(const Nesterov& stage, const Velocity<S>&, Index, Preconditioner& p) {
  p.edge *= (1 + stage.beta) / (1 + 2 * stage.beta);
}

}  // namespace detail

/// Of a Run after advance(): as the step before the present theta has left it.
template <class AnyRun>
Preconditioner preconditioner(const AnyRun& run) {
  Preconditioner p{Vector<double>::Ones(run.problem().dimension())};
  const auto& optimizer = run.optimizer();
  const auto& state = run.optimizer_state();
  const Index last = std::max<Index>(run.iteration() - 1, 0);
  detail::precondition(optimizer.source, state.source, last, p);
  [&]<std::size_t... i>(std::index_sequence<i...>) {
    (detail::precondition(std::get<i>(optimizer.stages), std::get<i>(state.stages), last, p), ...);
  }
  (std::make_index_sequence<std::tuple_size_v<std::decay_t<decltype(optimizer.stages)>>>{});
  require(p.rate > 0, "preconditioner: this optimizer has no LearningRate, so there is no rate for an edge of stability");
  for (Index k = 0; k < p.diagonal.size(); ++k)
    require(p.diagonal[k] > 0 && std::isfinite(p.diagonal[k]), "preconditioner: the scale of parameter ", k, " is ", p.diagonal[k],
            "; with .eps = 0, a parameter that has had no gradient has no metric");
  return p;
}

/// The largest eigenvalue in the optimizer's metric, and where its edge of stability lies.
struct StabilityReport {
  double sharpness = 0, residual = 0;  ///< of P^-1/2 H P^-1/2; some eigenvalue lies within the residual
  bool converged = false;
  double edge = 0, rate = 0;  ///< stable below edge / rate
  Index products = 0;

  /// Above 1 stable; infinite where no eigenvalue is positive.
  double margin() const { return sharpness > 0 ? edge / (rate * sharpness) : std::numeric_limits<double>::infinity(); }
  friend std::ostream& operator<<(std::ostream& out, const StabilityReport& s) {
    return out << "sharpness " << s.sharpness << " +- " << s.residual << (s.converged ? "" : " (not converged)")
               << " in the optimizer's metric, stable below " << s.edge / s.rate << ", after " << s.products << " products";
  }
};

/// Keeps the last eigenvector, from which the next call starts.
class MetricSharpness {
 public:
  explicit MetricSharpness(const EigenpairSettings& settings = {.tolerance = 1e-3, .products = 200}) : settings_(settings) {}

  template <class AnyRun>
  StabilityReport operator()(const AnyRun& run) {
    using S = typename std::decay_t<decltype(run.problem())>::scalar_type;
    const Preconditioner p = preconditioner(run);
    const Index P = p.diagonal.size();
    const HessianOperator hessian(run.problem(), run.iterate());
    const PreconditionedOperator scaled(hessian, Vector<S>(p.diagonal.cwiseSqrt().cwiseInverse().template cast<S>()));
    if (pairs_.parameters() != P)
      pairs_ = detail::LanczosPairs<double>(P, 1, detail::LanczosPairs<double>::room(P, 1, settings_.basis ? settings_.basis : 42),
                                            settings_.seed);
    Vector<S> x(P), y(P);
    pairs_.improve(
        [&](In<double> v, Out<double> hv) {
          x = v.template cast<S>();
          scaled.perform_op(x.data(), y.data());
          hv = y.template cast<double>();
        },
        std::max(settings_.tolerance, 64.0 * static_cast<double>(std::numeric_limits<S>::epsilon())), settings_.products);
    return {pairs_.value(0), pairs_.residual(0), pairs_.residual(0) <= pairs_.allowed(), p.edge, p.rate, pairs_.products()};
  }

 private:
  EigenpairSettings settings_;
  detail::LanczosPairs<double> pairs_;
};

}  // namespace tacit
