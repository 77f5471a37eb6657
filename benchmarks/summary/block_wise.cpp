// SPDX-License-Identifier: MIT
// Muon and spectral descent on three blocks of 100 x 100: which share of the rate of plain matrix products they reach. A step of Muon is
// five Newton-Schulz iterations of three products a block. Of spectral descent the decomposition is left out: what remains is U V^T, and
// the passes over theta.

#include <tacit/core/random.hpp>
#include <tacit/optimizer/muon.hpp>
#include <tacit/optimizer/spectral_descent.hpp>

#include "groups.hpp"
#include "measure.hpp"
#include "standing_gradient.hpp"

namespace bench {

void block_wise(Report& report) {
  using namespace tacit;
  constexpr Index n = 100;
  constexpr int blocks = 3;
  const StandingGradient oracle{Layout().add("W1", {n, n}).add("W2", {n, n}).add("W3", {n, n})};
  StandingGradient::Workspace ws;
  Step<double> step(oracle.layout().parameter_count());
  Random random(1, "block_wise");
  for (double& x : step.theta) x = random.normal();
  for (double& x : step.gradient) x = random.normal();
  Vector<double> next(step.theta.size());

  // The machine's rate: Eigen's products or the library's, whichever are faster.
  Matrix<double> A(n, n), B(n, n), C(n, n);
  for (double& x : A.reshaped()) x = random.normal();
  B = A.transpose();
  const Figures product = in_turns(
      [&](long calls) {
        for (; calls > 0; --calls) detail::multiply<double>({A.data(), n, n}, {B.data(), n, n}, Write::set, {C.data(), n, n});
      },
      [&](long calls) {
        for (; calls > 0; --calls) C.noalias() = A * B;
      });
  const double product_us = std::min(product.ours_us, product.theirs_us);
  const auto add = [&](const char* name, int products, double us) {
    report.add(
        {name, sentence("its ", products, " matrix products alone"), us, products * product_us, products * product_us / us, 0.6, true});
  };

  const auto chain = FromStandingGradient{} | Muon{} | LearningRate{1e-9};
  auto state = chain.start(oracle);
  const double muon_us = alone([&](long calls) {
    for (; calls > 0; --calls) {
      chain.step(oracle, ws, step, state);
      step.finish(next);
      step.theta.swap(next);
    }
  });
  add("Muon, three blocks of 100 x 100", blocks * Muon{}.newton_schulz.iterations * 3, muon_us);

  auto spectral = SpectralDescent{}.start<double>(oracle.layout());
  for (int l = 0; l < blocks; ++l) spectral.svd[l].compute({step.gradient.data() + l * n * n, n, n});
  const double spectral_us = alone([&](long calls) {
    for (; calls > 0; --calls) {
      step.begin();
      Vector<double>& update = step.own();
      for (int l = 0; l < blocks; ++l) spectral.svd[l].compose(spectral.blocks[l].in(update));
      step.scale(-1e-9);
      step.finish(next);
      step.theta.swap(next);
    }
  });
  add("spectral descent beside its decompositions, three blocks of 100 x 100", blocks, spectral_us);
}

}  // namespace bench
