// SPDX-License-Identifier: MIT
#pragma once
// Muon: momentum, made nearly orthogonal block by block with five Newton-Schulz steps.  [Jordan et al. 2024, muon.py]
//   m <- mu m + (1 - mu) G;  B = mu m + (1 - mu) G with Nesterov (the default), else m;  O = NS(B / (|B|_F + eps));  u = s O + lambda theta
// Variants, by name: .momentum = sum is m <- mu m + G, B = G + mu m (the same direction as eps -> 0);
//   .scale = jordan is s = sqrt(max(1, rows / cols)), match_rms_adamw s = 0.2 sqrt(max(rows, cols))  [Liu et al. 2025];
//   .eps_as = floor divides by max(|B|_F, eps), as PyTorch does.
// The bias-corrected Nesterov mixture of optax is another direction and is not offered.
// The decay lambda is decoupled and does not meet s. Blocks of order one are columns: their directions are normalised. State: one number
// per parameter.

#include <cmath>

#include "full_gradient.hpp"
#include "learning_rate.hpp"
#include "momentum.hpp"
#include "newton_schulz.hpp"

namespace tacit {

enum class MuonMomentum { ema, sum };
template <>
inline constexpr std::array<const char*, 2> names_of<MuonMomentum>{"ema", "sum"};
enum class MuonScale { jordan, match_rms_adamw };
template <>
inline constexpr std::array<const char*, 2> names_of<MuonScale>{"jordan", "match_rms_adamw"};
enum class MuonEps { added, floor };
template <>
inline constexpr std::array<const char*, 2> names_of<MuonEps>{"added", "floor"};

struct Muon {
  using stage = TransformTag;
  static constexpr std::string_view name = "Muon";
  double mu = 0.95;
  bool nesterov = true;
  MuonMomentum momentum = MuonMomentum::ema;
  MuonScale scale = MuonScale::jordan;
  double eps = 1e-7;
  MuonEps eps_as = MuonEps::added;
  double weight_decay = 0;
  NewtonSchulz newton_schulz = {};
  HigherOrder higher_order = HigherOrder::unfold;

  template <class A>
  void persist(A& archive) {
    archive("mu", mu);
    archive("nesterov", nesterov);
    archive("momentum", momentum);
    archive("scale", scale);
    archive("eps", eps);
    archive("eps_as", eps_as);
    archive("weight_decay", weight_decay);
    archive("newton_schulz", newton_schulz);
    archive("higher_order", higher_order);
  }

  template <Scalar S>
  struct State {
    std::vector<MatrixBlock> blocks;
    NewtonSchulz::Workspace<S> ws;
    Vector<S> m;
    template <class A>
    void persist(A& archive) {
      archive("m", m);
    }
  };
  template <Scalar S>
  State<S> start(const Layout& layout) const {
    detail::require_decay("Muon", "mu", mu);
    require(eps >= 0, "Muon: .eps is ", eps, ", it needs to be at least 0");
    require(weight_decay >= 0, "Muon: .weight_decay is ", weight_decay, ", it needs to be at least 0");
    require(newton_schulz.iterations >= 0, "Muon: .newton_schulz.iterations is ", newton_schulz.iterations, ", it needs to be at least 0");
    std::vector<MatrixBlock> blocks = matrix_blocks(layout, "Muon", higher_order);
    NewtonSchulz::Workspace<S> ws(blocks);
    return {std::move(blocks), std::move(ws), Vector<S>::Zero(layout.parameter_count())};
  }
  template <Scalar S>
  void apply(Step<S>& step, State<S>& state) const {
    Vector<S>&update = step.own(), &m = state.m;
    const S keep = static_cast<S>(mu), fresh = momentum == MuonMomentum::ema ? static_cast<S>(1 - mu) : S(1);
    m = keep * m + fresh * update;
    if (nesterov) update = keep * m + fresh * update;
    else update = m;
    for (const MatrixBlock& block : state.blocks) {
      MatrixMap<S> B = block.in(update);
      const S norm = B.norm(), tiny = static_cast<S>(eps), by = eps_as == MuonEps::added ? norm + tiny : std::max(norm, tiny);
      if (by == 0) continue;  // a zero block, and eps = 0
      B /= by;
      newton_schulz.run<S>(B, state.ws);
      B *= static_cast<S>(scale_of(block));
    }
    if (weight_decay != 0) update += static_cast<S>(weight_decay) * step.theta;
  }

 private:
  double scale_of(const MatrixBlock& block) const {
    const double rows = static_cast<double>(block.true_rows()), cols = static_cast<double>(block.true_cols());
    return scale == MuonScale::jordan ? std::sqrt(std::max(1.0, rows / cols)) : 0.2 * std::sqrt(std::max(rows, cols));
  }
};

struct MuonSettings {
  double rate = 0.02, mu = 0.95;
  bool nesterov = true;
  MuonMomentum momentum = MuonMomentum::ema;
  MuonScale scale = MuonScale::jordan;
  double eps = 1e-7;
  MuonEps eps_as = MuonEps::added;
  double weight_decay = 0;
  HigherOrder higher_order = HigherOrder::unfold;
};
/// Muon on every block, with Jordan's defaults (PyTorch: .rate = 1e-3, .eps_as = MuonEps::floor, .weight_decay = 0.1).
inline auto muon(MuonSettings o = {}) {
  return FullGradient{} | Muon{o.mu, o.nesterov, o.momentum, o.scale, o.eps, o.eps_as, o.weight_decay, {}, o.higher_order} |
         LearningRate{ConstantRate{o.rate}};
}

}  // namespace tacit
