// SPDX-License-Identifier: MIT
#pragma once
// The search of ordered_fit.hpp, and the fit of what it chose.

#include "../../core/compiled.hpp"
#include "../../solver/ordered_posterior.hpp"
#include "../ordered_fit.hpp"

namespace tacit {

TACIT_INLINE std::string OrderedFit::name() const {
  std::string text = sentence("width ", width, residual ? ", with a residual along the order" : "", ", centred by ", centre.form, ", mean of ",
                              sweeps.size(), sweeps.size() == 1 ? " start" : " starts", ", sweeps");
  for (const Index count : sweeps) text += sentence(' ', count);
  return text;
}
TACIT_INLINE Vector<double> OrderedFit::predict(const Entries& at) const {
  Vector<double> z;
  detail::product_at(At, Bt, at, z);
  for (Index k = 0; u.size() > 0 && k < z.size(); ++k) z[k] += u(at.row()[k], at.col()[k]);
  return centre.put_back(z, at);
}
TACIT_INLINE Matrix<double> OrderedFit::whole() const {
  Matrix<double> W = At.rows() > 0 ? detail::product_tn(At, Bt) : Matrix<double>(Matrix<double>::Zero(At.cols(), Bt.cols()));
  if (u.size() > 0) W += u;
  return W;
}

namespace detail {

/// Sweeps after which residuals come in: before, factors find what columns share.
inline constexpr Index before_residuals = 10;

/// The matrix as the solver sees it, with chains of its ordered modes.
class OrderedProblem {
 public:
  OrderedProblem(const Data<double>& train, const std::vector<LineOrder>& order) : flipped_(order.size() == 1 && order[0].mode == 1) {
    for (const LineOrder& one : order) {
      const Index lines = train.where.shape()[one.mode];
      one.check("tune_ordered", lines);
      chains_[flipped_ ? 1 - one.mode : one.mode].emplace(lines, one.at);
    }
    on_.emplace(flipped_ ? transpose(train) : train, columns_alone(flipped_ ? transpose(train) : train));
  }
  const Standardised<Entries>& on() const { return *on_; }
  bool may_have_residuals() const {
    return dense_is_model(static_cast<double>(on_->data->where.rows()), static_cast<double>(on_->data->where.cols()));
  }
  Data<double> as_seen(const Data<double>& other) const { return on_->standardised(flipped_ ? transpose(other) : other); }
  OrderedPosterior start(Index width, std::uint64_t seed) const {
    const auto chain = [&](int n) { return chains_[n] ? &*chains_[n] : nullptr; };
    return OrderedPosterior(*on_->data, width, chain(0), chain(1), seed);
  }
  void sweep(OrderedPosterior& posterior, Index sweep, bool residual) const {
    if (residual && sweep == (posterior.At().rows() > 0 ? before_residuals : 0)) posterior.add_residual(*chains_[0]);
    posterior.sweep();
  }
  /// What has been found goes into `fit`, as its last start.
  void add(const OrderedPosterior& posterior, OrderedFit& fit) const {
    const auto starts = static_cast<double>(fit.sweeps.size());
    Matrix<double> A = posterior.At(), B = posterior.Bt(), u = posterior.residual() ? posterior.residual()->mean() : Matrix<double>();
    fill_unobserved(A, B);
    if (flipped_) std::swap(A, B), u.transposeInPlace();
    const Index k = fit.At.rows();
    fit.At.conservativeResize(k + A.rows(), A.cols()), fit.Bt.conservativeResize(k + B.rows(), B.cols());
    fit.At.topRows(k) *= (starts - 1) / starts;
    fit.At.bottomRows(A.rows()) = A / starts;
    fit.Bt.bottomRows(B.rows()) = B;
    if (u.size() > 0) fit.u = fit.u.size() > 0 ? Matrix<double>((fit.u * (starts - 1) + u) / starts) : u;
  }
  Centre centre() const {
    Centre c = on_->centre;
    if (flipped_) std::swap(c.effects[0], c.effects[1]);
    return c;
  }

 private:
  static Data<double> transpose(const Data<double>& data) { return {transposed(data.where), transposed(data.where, data.y)}; }
  /// The mean, and effects of columns if these have no order.
  Centre columns_alone(const Data<double>& data) const {
    if (chains_[1]) return global_mean(data);
    Centre means = without_effects(data, "column means");
    update_effects(data, line_counts(data.where)[1], 5, 1, means);
    means.effects[0].resize(0);
    return means;
  }
  /// Columns without entries, if they have no order, are as the average of the others.
  void fill_unobserved(Matrix<double>&, Matrix<double>& B) const {
    const Unobserved missing = unobserved(on_->data->where);
    if (chains_[1] || missing.cols.empty() || B.rows() == 0) return;
    for (const Index j : missing.cols) B.col(j).setZero();
    const Vector<double> mean = B.rowwise().sum() / static_cast<double>(B.cols() - static_cast<Index>(missing.cols.size()));
    for (const Index j : missing.cols) B.col(j) = mean;
  }

  bool flipped_;
  std::optional<Chain> chains_[2];
  std::optional<Standardised<Entries>> on_;
};

inline std::uint64_t ordered_seed(std::uint64_t seed, std::size_t start) { return seed + 1000 * start; }

class OrderedTuner {
 public:
  OrderedTuner(const Data<double>& train, const Data<double>& validation, const OrderedGrid& grid)
      : problem_(train, grid.order), validation_(validation), grid_(grid), budget_(grid.seconds, grid.pace), train_(train) {
    best.validation_rmse = std::numeric_limits<double>::infinity();
  }

  Tuned<OrderedFit, Trial> best;

  void search() {
    const Entries& where = problem_.on().data->where;
    const Index most = std::min<Index>({where.rows(), where.cols(), 100, std::max<Index>(1, PosteriorMean::most(where))});
    const Index first = grid_.width > 0 ? grid_.width : std::min<Index>(4, most);
    const bool residual = problem_.may_have_residuals();
    if (problem_.on().empty()) return keep({problem_.centre(), 0, false, {0}, Matrix<double>(0, train_.where.rows()), Matrix<double>(0, train_.where.cols())});
    double error = attempt(first, residual);
    if (grid_.width == 0) {
      error = wider(first, residual, error, most);
      if (residual && left()) {
        const Index width = std::max<Index>(best.fit.width, 1);
        const double without = attempt(width, false);
        if (without < error) wider(width, false, without, most);
        if (left()) attempt(0, true);
      }
      if (best.fit.width == first)
        for (Index width = first / 2; width > 0 && left() && best.fit.width == 2 * width; width /= 2) attempt(width, best.fit.residual);
    }
    for (Index start = 1; start < grid_.starts && left() && best.fit.width > 0; ++start)
      if (!another_start()) break;
  }

 private:
  bool left() const { return budget_.left() > 0; }
  double error_of(const OrderedFit& fit) const { return rmse(fit.predict(validation_.where), validation_.y); }
  void keep(OrderedFit fit) {
    const double error = error_of(fit);
    best.trials.push_back({fit.name(), error});
    if (error < best.validation_rmse) best.validation_rmse = error, best.fit = std::move(fit);
  }
  double wider(Index width, bool residual, double least, Index most) {
    for (bool helps = true; helps && width < most && left();) {
      width = std::min(2 * width, most);
      const double error = attempt(width, residual);
      helps = error < 0.999 * least;
      least = std::min(least, error);
    }
    return least;
  }
  /// A start of its own; its error.
  double attempt(Index width, bool residual) {
    OrderedFit fit{problem_.centre(), width, residual};
    add_start(fit);
    keep(fit);
    return best.trials.back().validation_rmse;
  }
  bool another_start() {
    OrderedFit fit = best.fit;
    const double before = best.validation_rmse;
    add_start(fit);
    keep(std::move(fit));
    return best.validation_rmse < (1 - 3e-4) * before;
  }
  /// One more start of the fit's width, up to the sweep with the least error.
  void add_start(OrderedFit& fit) {
    const Entries& where = problem_.on().data->where;
    OrderedPosterior posterior = problem_.start(fit.width, ordered_seed(grid_.seed, fit.sweeps.size()));
    const auto k = static_cast<double>(fit.width), m = static_cast<double>(train_.count());
    const double cost = 1.5 * m * (k + 1) * (k + 2) + static_cast<double>(where.rows() + where.cols()) * (3 * k * k * k) +
                        (fit.residual ? 20.0 * static_cast<double>(where.rows()) * static_cast<double>(where.cols()) : 0.0);
    const Data<double> target = problem_.as_seen(validation_);
    double least = std::numeric_limits<double>::infinity();
    const OrderedFit so_far = fit;
    Index steps = 0;
    for (Index sweep = 1; sweep <= grid_.sweeps && sweep <= std::max(steps, before_residuals) + grid_.patience && (left() || sweep == 1); ++sweep) {
      problem_.sweep(posterior, sweep - 1, fit.residual);
      budget_.spend(cost);
      const double error = rmse(posterior.predict(target.where), target.y);
      if (!(error < (1 - 5e-4) * least)) continue;
      least = error, steps = sweep;
      fit = so_far;
      fit.sweeps.push_back(sweep);
      problem_.add(posterior, fit);
    }
  }

  OrderedProblem problem_;
  const Data<double>& validation_;
  const OrderedGrid& grid_;
  Budget budget_;
  const Data<double>& train_;
};

inline void check_grid(const OrderedGrid& grid) {
  require(grid.order.size() == 1 || grid.order.size() == 2, "tune_ordered: ", grid.order.size(), " modes with an order, a matrix has one or two");
  for (const LineOrder& one : grid.order) require(one.mode == 0 || one.mode == 1, "tune_ordered: mode ", one.mode, " of a matrix");
  require(grid.order.size() == 1 || grid.order[0].mode != grid.order[1].mode, "tune_ordered: mode ", grid.order[0].mode, " is ordered twice");
  require(grid.sweeps > 0 && grid.starts > 0 && grid.width >= 0, "tune_ordered: ", grid.sweeps, " sweeps and ", grid.starts,
          " starts of width ", grid.width, " need to be positive (a width of 0 is chosen)");
}

}  // namespace detail

TACIT_INLINE Tuned<OrderedFit, Trial> tune_ordered(const Data<double>& train, const Data<double>& validation, const OrderedGrid& grid) {
  detail::require_validation("tune_ordered", train, validation);
  detail::check_grid(grid);
  detail::OrderedTuner tuner(train, validation, grid);
  tuner.search();
  return std::move(tuner.best);
}

TACIT_INLINE OrderedFit refit(const OrderedFit& chosen, const Data<double>& train, const OrderedGrid& grid) {
  detail::require_unweighted("refit", train);
  detail::check_grid(grid);
  const detail::OrderedProblem problem(train, grid.order);
  OrderedFit fit{problem.centre(), chosen.width, chosen.residual && problem.may_have_residuals(), {}, Matrix<double>(0, train.where.rows()),
                 Matrix<double>(0, train.where.cols())};
  if (problem.on().empty()) return fit.sweeps = chosen.sweeps, fit;
  for (const Index sweeps : chosen.sweeps) {
    auto posterior = problem.start(fit.width, detail::ordered_seed(grid.seed, fit.sweeps.size()));
    for (Index sweep = 0; sweep < sweeps; ++sweep) grid.pace.ask(), problem.sweep(posterior, sweep, fit.residual);
    fit.sweeps.push_back(sweeps);
    problem.add(posterior, fit);
  }
  return fit;
}

}  // namespace tacit
