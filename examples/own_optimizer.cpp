// SPDX-License-Identifier: MIT
// A transform of one's own: Lion [Chen et al. 2023], the sign of an interpolated momentum. It edits the update that the source has drawn;
// hyper-parameters are the value, what a run remembers is the state, so one optimizer serves any number of runs at once.
#include <tacit/tacit.hpp>

#include <iostream>

using namespace tacit;

/// update = sign(beta1 m + (1 - beta1) g),  then  m <- beta2 m + (1 - beta2) g.
struct LionSign {
  using stage = TransformTag;  // may stand after a source, in  source | transform | ...
  double beta1 = 0.9, beta2 = 0.99;

  template <Scalar S>
  struct State {
    Vector<S> m;
    template <class Archive>
    void persist(Archive& archive) {  // every number that a resumed run needs
      archive("m", m);
    }
  };
  template <Scalar S>
  State<S> start(const Layout& layout) const {
    require(beta1 >= 0 && beta1 < 1 && beta2 >= 0 && beta2 < 1, "LionSign: .beta1 and .beta2 are ", beta1, " and ", beta2,
            ", they need to be in [0, 1)");
    return {Vector<S>::Zero(layout.parameter_count())};
  }
  template <Scalar S>
  void apply(Step<S>& step, State<S>& state) const {
    const S b1 = static_cast<S>(beta1), b2 = static_cast<S>(beta2);
    Vector<S>& update = step.own();  // what stands so far, here the gradient, in storage that may be written to
    const Vector<S> g = update;
    update = (b1 * state.m + (1 - b1) * g).cwiseSign();
    state.m = b2 * state.m + (1 - b2) * g;
  }
  friend std::ostream& operator<<(std::ostream& out, const LionSign& t) {
    return out << "LionSign{.beta1 = " << t.beta1 << ", .beta2 = " << t.beta2 << '}';
  }
};

int main() {
  const auto [truth, seen] = low_rank_completion({.rows = 40, .cols = 40, .rank = 3, .observed = 800, .seed = 1});
  const DeepMatrix<double> model({40, 40, 40, 40});
  const Problem problem(model, seen, MeanSquares{});

  const auto lion =
      FullGradient{} | LionSign{} | WeightDecay{0.1} | LearningRate{cosine({.rate = 1e-3, .final = 1e-6, .iterations = 4000})};
  std::cout << lion << '\n';
  for (std::uint64_t seed : {1, 2}) {
    Vector<double> theta = model.near_zero({.product_scale = 1e-3, .seed = seed});
    Trajectory history(loss, objective, error_to(truth), parameter_norm);
    train(problem, theta, lion, {.iterations = 4000}, every(500, history));
    std::cout << history;
  }
}

// Output:
//   FullGradient | LionSign{.beta1 = 0.9, .beta2 = 0.99} | WeightDecay{0.1} | LearningRate{cosine({.rate = 0.001, .final = 1e-06, .iterations = 4000})}
//        iteration          loss     objective  relative_error  parameter_norm
//                0      0.992234      0.992234        0.999998         1.08546
//              500   0.000701088   0.000701088       0.0429188         13.1952
//             1000    0.00027868    0.00027868        0.028245         13.9853
//             1500   0.000148691   0.000148691       0.0263485         13.6785
//             2000   7.36622e-05   7.36622e-05       0.0248167         13.5457
//             2500   2.91289e-05   2.91289e-05       0.0236848         13.5019
//             3000   7.40702e-06   7.40702e-06       0.0230317         13.4887
//             3500   9.90026e-07   9.90026e-07       0.0224589         13.4791
//             4000   1.50668e-07   1.50668e-07       0.0221575         13.4745
//        iteration          loss     objective  relative_error  parameter_norm
//                0      0.992257      0.992257         1.00001         1.10312
//              500   0.000644171   0.000644171       0.0428336         12.8503
//             1000   0.000331536   0.000331536       0.0271888         14.3696
//             1500   0.000176379   0.000176379       0.0214733         13.8501
//             2000   8.97139e-05   8.97139e-05       0.0182771         13.6071
//             2500     3.351e-05     3.351e-05       0.0166059         13.5003
//             3000   7.92702e-06   7.92702e-06       0.0156168         13.4547
//             3500   8.63676e-07   8.63676e-07       0.0151711          13.435
//             4000    9.6896e-08    9.6896e-08       0.0150322         13.4297
