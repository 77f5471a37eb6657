// SPDX-License-Identifier: MIT
// Stages of one's own, one of each kind: a transform, a source, and a search, which combine with each other and with those of the library.
// Hyper-parameters are the value; what a run remembers is the state, so one optimizer serves any number of runs at once. `name` and
// `persist` make a stage printable, comparable with what a checkpoint was written by, and settable from text.
#include <tacit/tacit.hpp>

#include <iostream>

using namespace tacit;

/// A transform edits the update. Cautious momentum [Liang et al. 2024]:  v <- beta v + g,  update v where its sign is that of g, else 0.
struct CautiousMomentum {
  using stage = TransformTag;
  static constexpr std::string_view name = "CautiousMomentum";
  double beta = 0.9;

  template <class Archive>
  void persist(Archive& archive) {  // every hyper-parameter, by its name
    archive("beta", beta);
  }

  template <Scalar S>
  struct State {
    Vector<S> v;
    template <class Archive>
    void persist(Archive& archive) {  // every number that a resumed run needs
      archive("v", v);
    }
  };
  template <Scalar S>
  State<S> start(const Layout& layout) const {
    require(beta >= 0 && beta < 1, "CautiousMomentum: .beta is ", beta, ", it needs to be in [0, 1)");
    return {Vector<S>::Zero(layout.parameter_count())};
  }
  template <Scalar S>
  void apply(Step<S>& step, State<S>& state) const {
    Vector<S>& update = step.own();  // what stands so far, here the gradient, in storage that may be written to
    state.v = static_cast<S>(beta) * state.v + update;
    update = (state.v.array() * update.array() > S(0)).select(state.v, S(0));
  }
};

/// A source draws value and gradient. Extragradient [Korpelevich 1976]: the update is the gradient a step ahead, g(theta - h g(theta)).
struct ExtraGradient {
  using stage = SourceTag;
  static constexpr std::string_view name = "ExtraGradient";
  double h = 0.1;

  template <class Archive>
  void persist(Archive& archive) {
    archive("h", h);
  }
  template <Scalar S>
  struct State {
    Vector<S> ahead, gradient;
    template <class Archive>
    void persist(Archive&) {}  // made anew in every step
  };
  template <class P>
  auto start(const P& problem) const {
    using S = typename P::scalar_type;
    return State<S>{Vector<S>(problem.dimension()), Vector<S>(problem.dimension())};
  }
  template <class P, Scalar S>
  void draw(const P& problem, typename P::Workspace& ws, Step<S>& step, State<S>& state) const {
    step.evaluate(problem, ws);  // value and gradient at theta_t: what hooks see
    state.ahead = step.theta - static_cast<S>(h) * step.gradient;
    problem.value_and_gradient(state.ahead, ws, state.gradient);
    step.linearized = Linearized::nowhere;  // the workspace no longer belongs to theta_t
    step.replace() = state.gradient;
  }
};

/// A search has the direction, asks again, and sets the rate: the last rate times `grow`, halved until the objective is lower.
struct Halving {
  using stage = SearchTag;
  static constexpr std::string_view name = "Halving";
  double first = 1, grow = 1.5;

  template <class Archive>
  void persist(Archive& archive) {
    archive("first", first);
    archive("grow", grow);
  }
  struct State {
    double rate;
    template <class Archive>
    void persist(Archive& archive) {
      archive("rate", rate);
    }
  };
  template <class P>
  State start(const P&) const {
    return {first / grow};
  }
  template <class P, Scalar S>
  void search(const P& problem, typename P::Workspace& ws, Step<S>& step, State& state) const {
    state.rate *= grow;
    step.scale(static_cast<S>(-state.rate));  // until here the update pointed uphill
    for (int trial = 0; trial < 40; ++trial, step.scale(S(0.5)), state.rate *= 0.5) {
      if (step.look_ahead(problem, ws).value.objective < step.value.objective) {  // kept: the next step begins with it
        step.rate = state.rate;
        return;
      }
    }
    step.stall("Halving: no length lowers the objective");
  }
};

int main() {
  const auto [truth, seen] = low_rank_completion({.rows = 40, .cols = 40, .rank = 3, .observed = 800, .seed = 1});
  const DeepMatrix<double> model({40, 40, 40, 40});
  const Problem problem(model, seen, MeanSquares{});

  const auto run = [&](const auto& optimizer) {
    Vector<double> theta = model.near_zero({.product_scale = 1e-3, .seed = 1});
    Trajectory history(loss, rate, error_to(truth), parameter_norm);
    const auto outcome = train(problem, theta, optimizer, {.iterations = 2000}, every(400, history), stop_when(loss_below(1e-8)));
    std::cout << optimizer << '\n' << history << outcome.reason << " at iteration " << outcome.iterations << "\n\n";
  };
  run(FullGradient{} | CautiousMomentum{} | LearningRate{0.1});
  run(ExtraGradient{.h = 0.1} | CautiousMomentum{} | LearningRate{0.1});
  run(FullGradient{} | Halving{});
  run(on_batches({.size = 200}, ExtraGradient{.h = 0.1}) | AdamScale{} | LearningRate{1e-3});
}

// Output:
//   FullGradient | CautiousMomentum{.beta = 0.9} | LearningRate{0.1}
//        iteration          loss          rate  relative_error  parameter_norm
//                0      0.992234           0.1        0.999998         1.08546
//              400      0.301312           0.1        0.622965         6.47668
//              800   2.52624e-07           0.1      0.00135778         8.56104
//             1200   8.91271e-08           0.1     0.000657577         8.56148
//             1600    8.8758e-08           0.1     0.000656384         8.56146
//             2000   8.83917e-08           0.1      0.00065556         8.56143
//   reached limit at iteration 2000
//
//   ExtraGradient{.h = 0.1} | CautiousMomentum{.beta = 0.9} | LearningRate{0.1}
//        iteration          loss          rate  relative_error  parameter_norm
//                0      0.992234           0.1        0.999998         1.08546
//              400      0.296573           0.1        0.619539         6.50259
//              800   2.50174e-07           0.1      0.00135608         8.56049
//             1200   8.90966e-08           0.1     0.000661999         8.56092
//             1600   8.87253e-08           0.1     0.000660792          8.5609
//             2000   8.83568e-08           0.1     0.000659956         8.56087
//   reached limit at iteration 2000
//
//   FullGradient | Halving{.first = 1, .grow = 1.5}
//        iteration          loss          rate  relative_error  parameter_norm
//                0      0.992234             1        0.999998         1.08546
//              400   2.04263e-07       3.95863      0.00104619         8.57069
//              800   1.95402e-07       7.83537      0.00103244         8.57037
//             1200   1.87233e-07       7.75432      0.00101953         8.57007
//             1600   1.79577e-07       7.67412      0.00100732         8.56978
//             2000   1.72513e-07       5.06316     0.000995486         8.56951
//   reached limit at iteration 2000
//
//   on_batches({.size = 200, .seed = 1}, ExtraGradient{.h = 0.1}) | AdamScale{.beta1 = 0.9, .beta2 = 0.999, .eps = 1e-08} | LearningRate{0.001}
//        iteration          loss          rate  relative_error  parameter_norm
//                0      0.992234         0.001        0.999998         1.08546
//              400    0.00305544         0.001        0.102324          9.2552
//              800   2.54082e-05         0.001      0.00758101         9.33697
//             1200   1.59662e-05         0.001      0.00559018         9.33139
//             1600   1.12564e-05         0.001       0.0049363         9.32416
//             2000   8.10859e-06         0.001      0.00435621         9.31761
//   reached limit at iteration 2000
