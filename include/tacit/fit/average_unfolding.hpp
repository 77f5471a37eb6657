// SPDX-License-Identifier: MIT
#pragma once
// Tucker of one mode (Tucker1): the unfolding at mode n is a deep matrix of depth 2, averaged over its posterior (posterior_mean.hpp), and nothing is asked of the other
// modes.  W = G x_n A,  A of n_n x r, all other factors identities. It wins where one mode has few patterns and the others share no structure that CP or a
// Tucker core could use, and is what "complete an unfolding" means as a tensor model. Every mode gets a short trial; the best one goes on with what time is left.
// Cost: that of tune_deep on a matrix of n_n x (size / n_n) with the same entries.                                             [Tucker 1966; Kroonenberg 1983]

#include "tensor_fit.hpp"
#include "tune_deep.hpp"
#include "unfolding.hpp"

namespace tacit::detail {

inline Unfolding unfolding_at(const Shape& shape, Index mode) {
  Bipartition rows(static_cast<std::size_t>(shape.order()), false);
  rows[static_cast<std::size_t>(mode)] = true;
  return Unfolding(shape, rows);
}
/// Modes whose unfolding fits, and whose Tucker1 model is not far larger than the data.
inline std::vector<Index> single_modes(const Shape& shape, Index observations) {
  std::vector<Index> modes;
  for (Index n = 0; n < shape.order(); ++n) {
    double identities = 0;
    for (Index m = 0; m < shape.order(); ++m) identities += m == n ? 0 : static_cast<double>(shape[m]) * static_cast<double>(shape[m]);
    const Unfolding way = unfolding_at(shape, n);
    if (way.fits() && worth_trying(way.size[0] + way.size[1] + identities, observations)) modes.push_back(n);
  }
  return modes;
}

/// The fit of an unfolding as a Tucker model. Row and column effects become two more components.
inline TensorFit tucker1(const DeepFit& of, const Shape& shape, Index mode, std::uint64_t seed) {
  const bool effects = of.centre.has_effects();
  const Matrix<double> A = of.model->layer(of.theta, 1), B = of.model->layer(of.theta, 0);
  const Index r = A.cols(), rank = r + (effects ? 2 : 0);
  TensorFit fit;
  fit.centre = Centre{of.centre.form, of.centre.mean, {}, of.centre.scale}.with_positive_scale();
  fit.seed = seed;
  fit.unfolded = std::make_shared<const DeepFit>(of);
  fit.mode = mode;
  TensorSpec spec{.kind = TensorKind::tucker, .shape = shape};
  for (Index n = 0; n < shape.order(); ++n) spec.ranks.push_back(n == mode ? rank : shape[n]);
  fit.model = std::make_shared<const AnyTensorModel<double>>(spec);
  fit.theta.setZero(fit.model->parameter_count());
  const Layout& layout = fit.model->layout();
  for (Index n = 0; n < shape.order(); ++n)
    if (n != mode) layout.matrix(fit.theta, n + 1).setIdentity();
  auto U = layout.matrix(fit.theta, mode + 1);
  U.leftCols(r) = A;
  if (effects) U.col(r) = of.centre.effects_of(0) / fit.centre.scale, U.col(r + 1).setOnes();
  std::vector<Index> stride;  // of the core, first index fastest
  for (Index n = 0, s = 1; n < shape.order(); s *= spec.ranks[static_cast<std::size_t>(n++)]) stride.push_back(s);
  const Index along = stride[static_cast<std::size_t>(mode)];
  for (Index j = 0; j < B.cols(); ++j) {
    Index at = 0, left = j;  // columns count the other modes' indices, the last mode fastest
    for (Index n = shape.order() - 1; n >= 0; --n) {
      if (n == mode) continue;
      at += left % shape[n] * stride[static_cast<std::size_t>(n)];
      left /= shape[n];
    }
    double* g = fit.theta.data() + at;
    for (Index q = 0; q < r; ++q) g[q * along] = B(q, j);
    if (effects) g[r * along] = 1, g[(r + 1) * along] = of.centre.effect(1, j) / fit.centre.scale;
  }
  return fit;
}

inline Tuned<TensorFit, TensorTrial> average_unfoldings(const Data<double, TensorEntries>& train,
                                                        const Data<double, TensorEntries>& validation, const TensorGrid& grid) {
  const Shape& shape = train.where.shape();
  const std::vector<Index> modes = single_modes(shape, train.count());
  require(!modes.empty(), "tune_tensor: no mode of the ", shape,
          " tensor can stand against all others, their combinations or sizes are too many for ", train.count(), " entries");
  Tuned<TensorFit, TensorTrial> best;
  best.validation_rmse = std::numeric_limits<double>::infinity();
  Tuned<DeepFit, DeepTrial> kept;
  Index mode = 0;
  bool cut_short = false;
  DeepGrid by{
      .depth = 2, .by = Simplicity::averaging, .width = grid.ranks.size() == 1 ? grid.ranks[0] : 0, .seed = grid.seed, .pace = grid.pace};
  const auto attempt = [&](Index n) {
    const Budget budget(by.seconds);
    const Unfolding way = unfolding_at(shape, n);
    auto tuned = tune_deep(way.data(train), way.data(validation), by);
    best.trials.push_back({sentence("mode ", n + 1, ", ", tuned.fit.settings()), train.count(), tuned.validation_rmse});
    if (!(tuned.validation_rmse < best.validation_rmse)) return;
    best.validation_rmse = tuned.validation_rmse;
    kept = std::move(tuned);
    mode = n;
    cut_short = grid.pace.counted ? std::isfinite(by.seconds) : budget.over();
  };
  by.seconds = 0.4 * grid.seconds / static_cast<double>(modes.size());
  for (Index n : modes) attempt(n);
  by.seconds = 0.6 * grid.seconds;
  if (cut_short) attempt(mode);
  best.fit = tucker1(kept.fit, shape, mode, grid.seed);
  return best;
}

}  // namespace tacit::detail
