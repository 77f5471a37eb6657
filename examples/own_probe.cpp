// SPDX-License-Identifier: MIT
// Columns of one's own: a probe is a named function of a Snapshot that returns a number, or several.
#include <tacit/hook/spectrum.hpp>
#include <tacit/tacit.hpp>

#include <iostream>

using namespace tacit;

/// With settings, or a state: a class with name() and operator(). It may use what other probes have computed at this theta, here sigma.
class SingularGap {
 public:
  explicit SingularGap(Index k) : k_(k) {}
  std::string name() const { return "gap_" + std::to_string(k_); }
  double operator()(const auto& now) const { return sigma(now)[k_ - 1] / sigma(now)[k_]; }

 private:
  Index k_;
};

int main() {
  const auto [truth, seen] = low_rank_completion({.rows = 40, .cols = 40, .rank = 3, .observed = 800, .seed = 1});
  const DeepMatrix<double> model({40, 40, 40, 40});
  const Problem problem(model, seen, MeanSquares{});
  Vector<double> theta = model.near_zero({.product_scale = 1e-3, .seed = 1});

  // A lambda with a name: everything in the Snapshot belongs to one theta, and is computed once for all probes.
  const auto trace = probe("trace", [](const auto& now) { return now.end_to_end().trace(); });
  // Several numbers make several columns: how much each factor has grown.
  const auto factors = probe("factor_norm", [&model](const auto& now) {
    std::vector<double> norms;
    for (Index l = 0; l < model.depth(); ++l) norms.push_back(model.layer(now.theta(), l).norm());
    return norms;
  });

  Trajectory history(loss, trace, factors, SingularGap(3));
  train(problem, theta, group_rmsprop({.rate = 2e-3}), {.iterations = 8000}, every(1000, history));
  std::cout << history;
}

// Output:
//        iteration          loss         trace  factor_norm_1  factor_norm_2  factor_norm_3         gap_3
//                0      0.992234     0.0010008       0.622727       0.630614       0.626709       1.04705
//             1000      0.869171     -0.176407        1.69205        1.69493         1.6935       2.13777
//             2000      0.545366     -0.771957        2.77746         2.7792        2.77834       2.43792
//             3000      0.450869      -1.02474        3.26869        3.27008        3.26943       4.03514
//             4000      0.262951      -2.34156        3.85246        3.85363        3.85309       6.18369
//             5000      0.205031      -3.30231        4.19232        4.19333        4.19292        31.208
//             6000     0.0854752      -2.96205        4.56087        4.56179        4.56142       811.727
//             7000    0.00325163      -2.14286        4.89068        4.89149         4.8912       1933.16
//             8000   6.34455e-08      -1.21892        4.93742         4.9382        4.93794       2001.96
