// SPDX-License-Identifier: MIT
#pragma once
// CP by averaging over its posterior (cp_posterior.hpp): the rank by a ladder, up while that lowers the validation error, not centred and centred by effects of every
// mode; at each rank swept until validation entries are no longer better for it. The next rank goes on from there: components that are alive stay, the others are drawn
// anew at the size of what is left, because many components drawn at once may grow alike, and all but a few of them vanish. Drawn at once they are tried, too, but for
// sweeps over more than grid.part entries.
// Then more starts on the way to the chosen rank: the best of them, or their average where that is better, which is a CP of as many times the rank. A grid of one rank
// asks for a model of that rank: there the best start is taken.
// Modes in order (grid.order) have autoregressions for their factors.
// Where there are more than grid.part training entries the ladder is climbed on a random part of so many first, and goes on with all from there.

#include <deque>

#include "../core/budget.hpp"
#include "../observation/split.hpp"
#include "../solver/cp_posterior.hpp"
#include "../solver/tensor_als.hpp"
#include "tensor_fit.hpp"

namespace tacit::detail {

/// theta = the average of the starts' tensors; factors[s][n] is k x n_n.
inline void stack(const std::vector<std::vector<Matrix<double>>>& factors, TensorFit& fit) {
  const Shape& shape = fit.model->shape();
  const Index k = factors[0][0].rows(), starts = static_cast<Index>(factors.size());
  fit.theta.resize(fit.model->parameter_count());
  for (Index n = 0; n < shape.order(); ++n) {
    auto A = fit.model->layout().matrix(fit.theta, n);
    for (Index s = 0; s < starts; ++s)
      A.middleCols(s * k, k) =
          factors[static_cast<std::size_t>(s)][static_cast<std::size_t>(n)].transpose() / (n == 0 ? static_cast<double>(starts) : 1.0);
  }
}

/// `rank` components: those of `from` that are alive, the others at random of the size of what these leave of y.
inline CpPosterior grown(const Data<double, TensorEntries>& data, std::vector<Matrix<double>> from, Index rank, std::uint64_t seed,
                         const ModeChains& chains) {
  if (from.empty()) return CpPosterior(data, rank, seed, chains);
  const double left = rmse(cp_at(from, data.where), data.y), order = static_cast<double>(from.size());
  Vector<double> sizes = Vector<double>::Ones(from[0].rows());
  for (const Matrix<double>& A : from) sizes = sizes.cwiseProduct((A.rowwise().squaredNorm() / static_cast<double>(A.cols())).cwiseSqrt());
  std::vector<Index> alive;
  for (Index r = 0; r < sizes.size(); ++r)
    if (sizes[r] > 0.01 * left) alive.push_back(r);
  const Index kept = static_cast<Index>(alive.size());
  const double spread = std::pow(left / std::sqrt(static_cast<double>(std::max<Index>(rank - kept, 1))), 1 / order);
  Random random(seed, "grown components");
  for (Matrix<double>& A : from) {
    Matrix<double> wider(rank, A.cols());
    for (Index i = 0; i < A.cols(); ++i)
      for (Index r = 0; r < rank; ++r) wider(r, i) = r < kept ? A(alive[static_cast<std::size_t>(r)], i) : spread * random.normal();
    A = std::move(wider);
  }
  return CpPosterior(data, from, chains);
}

/// The chains of the modes in order, and of every mode its own.
struct ChainsOf {
  std::deque<LineChain> all;
  ModeChains of;

  ChainsOf(const Shape& shape, const std::vector<LineOrder>& order) : of(static_cast<std::size_t>(shape.order()), nullptr) {
    for (const LineOrder& one : order) of[static_cast<std::size_t>(one.mode)] = &all.emplace_back(shape[one.mode], one.at);
  }
  ChainsOf(const ChainsOf&) = delete;
};

class CpAverager {
 public:
  using D = Data<double, TensorEntries>;
  Tuned<TensorFit, TensorTrial> best;

  CpAverager(const D& train, const D& validation, const TensorGrid& grid)
      : train_(train), validation_(validation), grid_(grid), budget_(grid.seconds, grid.pace), chains_(train.where.shape(), grid.order) {
    best.validation_rmse = std::numeric_limits<double>::infinity();
  }
  void search() {
    if (train_.count() <= grid_.part + grid_.part / 2) {
      search_on(train_, 1);
    } else {
      part_.emplace(
          hold_out_entries(train_, {.test = static_cast<double>(grid_.part) / static_cast<double>(train_.count()), .seed = grid_.seed})
              .test);
      search_on(*part_, 0.4);
      best.validation_rmse = std::numeric_limits<double>::infinity();  // of a part of the entries: does not count
      until_ = 1;
      const Standardised on(train_, centre_like(best.fit.centre, train_));
      if (!on.empty()) swept_ = {sweep(CpPosterior(*on.data, swept_[0].factors, chains_.of), on, grid_.seed)};
      attempt(on, swept_);
      if (!on.empty()) climb(on, rank_ + 1, swept_[0].factors, best.validation_rmse);
    }
    more_starts();
  }

 private:
  struct Swept {
    CpStart start;
    std::vector<Matrix<double>> factors;
  };

  bool late() const { return budget_.left_of(until_) <= 0 && std::isfinite(best.validation_rmse); }

  void search_on(const D& data, double until) {
    until_ = until;
    climb(Standardised<TensorEntries>(data, Centre{}), 0, {});
    climb(Standardised<TensorEntries>(data, additive_effects(data)), rank_ > 2 ? rank_ - 2 : 0, {});
  }
  /// From a place on the ladder up, until two ranks have not helped.
  void climb(const Standardised<TensorEntries>& on, std::size_t first, std::vector<Matrix<double>> from,
             double least = std::numeric_limits<double>::infinity()) {
    double lines = 0;
    for (Index n : train_.where.shape().sizes()) lines += static_cast<double>(n);
    for (std::size_t r = first, worse = 0; r < grid_.ranks.size() && worse < 2 && !late(); ++r) {
      const Index rank = grid_.ranks[r];
      const bool too_large =
          rank > CpPosterior::most(train_.where.shape()) || !worth_trying(static_cast<double>(rank) * lines, train_.count());
      if (too_large && std::isfinite(best.validation_rmse)) break;
      double error = std::numeric_limits<double>::infinity();
      std::vector<Matrix<double>> next;
      const bool all_of_many = part_ && on.data->count() > part_->count();
      for (const bool fresh : {false, true}) {
        if (fresh && (from.empty() || all_of_many || late())) continue;
        const double before = best.validation_rmse;
        std::vector<Swept> one{
            !on.empty() ? sweep(grown(*on.data, fresh ? std::vector<Matrix<double>>{} : from, rank, grid_.seed, chains_.of), on, grid_.seed)
                        : nothing(rank)};
        const double here = attempt(on, one);
        if (here < error) error = here, next = one[0].factors;
        if (here < before) rank_ = r, fresh_ = fresh, swept_ = std::move(one);
      }
      from = std::move(next);
      worse = error < 0.998 * least ? 0 : worse + 1;
      least = std::min(least, error);
      if (on.empty()) break;
    }
  }
  void more_starts() {
    if (best.fit.centre.scale == 0) return;
    const Standardised on(train_, best.fit.centre);
    const D data = part_ ? on.standardised(*part_) : *on.data;
    for (Index s = 1; s < grid_.starts && !late(); ++s) {
      const std::uint64_t seed = grid_.seed + 1000 * static_cast<std::uint64_t>(s);
      Swept one;
      for (std::size_t r = fresh_ ? rank_ : 0; r <= rank_ && !late(); ++r)
        one = sweep(grown(data, std::move(one.factors), grid_.ranks[r], seed, chains_.of), on, seed);
      if (one.factors.empty() || one.factors[0].rows() != grid_.ranks[rank_]) return;
      if (part_) one = sweep(CpPosterior(*on.data, one.factors, chains_.of), on, seed);
      swept_.push_back(std::move(one));
      attempt(on, {swept_.back()});
      if (grid_.ranks.size() > 1) attempt(on, swept_);
    }
  }
  Swept nothing(Index rank) const {
    Swept none{{grid_.seed, 0}, {}};
    for (Index n : train_.where.shape().sizes()) none.factors.emplace_back(Matrix<double>::Zero(rank, n));
    return none;
  }
  /// On until the validation entries are no longer better for it.
  Swept sweep(CpPosterior posterior, const Standardised<TensorEntries>& on, std::uint64_t seed) {
    Swept kept{{seed, 0}, {}};
    const Vector<double> target = on.standardised(validation_).y;
    double least = std::numeric_limits<double>::infinity(), lines = 0;
    for (Index n : train_.where.shape().sizes()) lines += static_cast<double>(n);
    const auto k = static_cast<double>(posterior.factors()[0].rows()), order = static_cast<double>(posterior.factors().size());
    for (Index sweep = 1; sweep <= grid_.iterations && sweep <= kept.start.sweeps + grid_.patience && !(sweep > 1 && late()); ++sweep) {
      posterior.sweep();
      budget_.spend(order * static_cast<double>(on.data->count()) * k * (k + 3) / 2 + lines * k * k * k);
      const double error = rmse(cp_at(posterior.factors(), validation_.where), target);
      if (!(error < (1 - 5e-4) * least) && sweep > 1) continue;
      least = error;
      kept.start.sweeps = sweep;
      kept.factors = posterior.factors();
    }
    return kept;
  }
  double attempt(const Standardised<TensorEntries>& on, const std::vector<Swept>& starts) {
    TensorFit fit;
    fit.centre = on.centre;
    fit.model = std::make_shared<const AnyTensorModel<double>>(
        tensor_spec(TensorKind::cp, train_.where.shape(), starts[0].factors[0].rows() * static_cast<Index>(starts.size())));
    fit.seed = grid_.seed;
    for (const LineOrder& one : grid_.order) fit.in_order.push_back(one.mode);
    std::vector<std::vector<Matrix<double>>> factors;
    for (const Swept& one : starts) fit.averaged.push_back(one.start), factors.push_back(one.factors);
    stack(factors, fit);
    const double error = rmse(fit.predict(validation_.where), validation_.y);
    best.trials.push_back({fit.settings(), on.data->count(), error});
    if (error < best.validation_rmse) best.validation_rmse = error, best.fit = std::move(fit);
    return error;
  }

  const D& train_;
  const D& validation_;
  const TensorGrid& grid_;
  Budget budget_;
  ChainsOf chains_;
  double until_ = 1;  // the share of the budget that the search may take by now
  std::optional<D> part_;
  std::size_t rank_ = 0;      // of the best so far, its place on the ladder,
  bool fresh_ = false;        // whether it was drawn whole,
  std::vector<Swept> swept_;  // and its starts
};

/// A fit by averaging once more, on other data: every start goes on from where it was, for ten sweeps; `anew`: it grows as in the search, so that nothing is left in it
/// of entries that are held out now.
inline TensorFit averaged_again(const TensorFit& chosen, const Standardised<TensorEntries>& on, bool anew, const TensorGrid& grid) {
  const Pace& pace = grid.pace;
  const ChainsOf chains(chosen.model->shape(), grid.order);
  TensorFit fit = chosen;
  fit.centre = on.centre;
  if (on.empty()) return fit.theta.setZero(), fit;
  const Index starts = static_cast<Index>(chosen.averaged.size()), rank = chosen.model->spec().ranks[0] / starts;
  std::vector<std::vector<Matrix<double>>> factors;
  for (Index s = 0; s < starts; ++s) {
    const CpStart& start = chosen.averaged[static_cast<std::size_t>(s)];
    std::vector<Matrix<double>> one;
    const auto sweeps = [&](CpPosterior posterior, Index count) {
      for (Index sweep = 0; sweep < count; ++sweep) pace.ask(), posterior.sweep();
      one = posterior.factors();
    };
    if (anew) {
      for (Index r = 2; r < rank; r *= 2) sweeps(grown(*on.data, std::move(one), r, start.seed, chains.of), 15);
      sweeps(grown(*on.data, std::move(one), rank, start.seed, chains.of), start.sweeps + 10);
    } else {
      for (Index n = 0; n < chosen.model->order(); ++n)
        one.emplace_back(chosen.model->layout().matrix(chosen.theta, n).middleCols(s * rank, rank).transpose() *
                         (n == 0 ? static_cast<double>(starts) : 1.0));
      sweeps(CpPosterior(*on.data, one, chains.of), 10);
    }
    factors.push_back(std::move(one));
  }
  stack(factors, fit);
  return fit;
}

}  // namespace tacit::detail
