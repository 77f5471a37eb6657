// SPDX-License-Identifier: MIT
#pragma once
// The search of ordered_fit.hpp, and the fit of what it chose.

#include "../../core/compiled.hpp"
#include "../../solver/ordered_posterior.hpp"
#include "../deep_fit.hpp"
#include "../ordered_fit.hpp"

namespace tacit {

TACIT_INLINE std::string OrderedFit::name() const {
  std::string text = sentence("width ", width, residual ? ", with a residual along the order" : "", ", centred by ", centre.form,
                              ", mean of ", sweeps.size(), sweeps.size() == 1 ? " start" : " starts", ", sweeps");
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
inline constexpr Index before_residuals = 5;
/// Of starts that compare widths.
inline constexpr Index brief_sweeps = 20;

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
  bool both() const { return chains_[0] && chains_[1]; }
  bool may_have_residuals() const { return stands_as_factors(on_->data->where.shape()); }
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
    fill_unobserved(B);
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
  void fill_unobserved(Matrix<double>& B) const {
    const Unobserved missing = unobserved(on_->data->where);
    if (chains_[1] || missing.cols.empty() || B.rows() == 0) return;
    for (const Index j : missing.cols) B.col(j).setZero();
    const Vector<double> mean = B.rowwise().sum() / static_cast<double>(B.cols() - static_cast<Index>(missing.cols.size()));
    for (const Index j : missing.cols) B.col(j) = mean;
  }

  bool flipped_;
  std::optional<LineChain> chains_[2];
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
    if (problem_.on().empty()) return static_cast<void>(keep(nothing()));
    const Entries& where = problem_.on().data->where;
    // Components may be more than columns: each has a correlation length of its own.
    const Index side = problem_.both() ? std::min(where.rows(), where.cols()) : std::min(where.rows(), 2 * where.cols());
    const Index most = std::min<Index>({side, 100, std::max<Index>(1, PosteriorMean::most(where))});
    const Index first = grid_.width > 0 ? grid_.width : std::min<Index>(4, most);
    const bool residual = problem_.may_have_residuals();
    const double error = attempt(first, residual);
    if (grid_.width == 0) {
      if (residual && left()) attempt(0, true);
      wider(first, residual, error, most);
      for (Index width = first / 2; width > 0 && left() && best.fit.width == 2 * width; width /= 2) attempt(width, residual);
    }
    if (best_posterior_ && left()) {  // the chosen one to its end
      OrderedFit fit = best.fit;
      fit.sweeps.pop_back(), fit.At.resize(0, fit.At.cols()), fit.Bt.resize(0, fit.Bt.cols()), fit.u.resize(0, 0);
      sweeps_ = best_sweeps_;
      go_on(*best_posterior_, fit, best.fit.sweeps.back(), grid_.sweeps, best_error_);
      if (!fit.sweeps.empty()) keep(std::move(fit));
    }
    best_posterior_.reset();
    for (Index start = 1; start < grid_.starts && left() && best.fit.width > 0; ++start)
      if (!another_start()) break;
  }

 private:
  bool left() const { return budget_.left() > 0; }
  OrderedFit nothing() const {
    return {problem_.centre(), 0, false, {}, Matrix<double>(0, train_.where.rows()), Matrix<double>(0, train_.where.cols())};
  }
  bool keep(OrderedFit fit) {
    const double error = rmse(fit.predict(validation_.where), validation_.y);
    best.trials.push_back({fit.name(), error});
    if (!(error < best.validation_rmse)) return false;
    best.validation_rmse = error, best.fit = std::move(fit);
    return true;
  }
  /// Widths doubled until two do not help, or a third of the time is over: what is left is for the chosen one.
  void wider(Index width, bool residual, double least, Index most) {
    for (Index worse = 0; worse < 2 && width < most && budget_.left_of(1.0 / 3) > 0;) {
      width = std::min(2 * width, most);
      const double error = attempt(width, residual);
      worse = error < 0.999 * least ? 0 : worse + 1;
      least = std::min(least, error);
    }
  }
  /// A short start; its error.
  double attempt(Index width, bool residual) {
    OrderedFit fit = nothing();
    fit.width = width, fit.residual = residual;
    OrderedPosterior posterior = problem_.start(width, ordered_seed(grid_.seed, 0));
    sweeps_ = 0;
    const double error = go_on(posterior, fit, 0, std::min(grid_.sweeps, brief_sweeps), std::numeric_limits<double>::infinity());
    if (keep(std::move(fit))) best_posterior_.emplace(std::move(posterior)), best_error_ = error, best_sweeps_ = sweeps_;
    return best.trials.back().validation_rmse;
  }
  /// One more, to the end; whether it helps.
  bool another_start() {
    OrderedFit fit = best.fit;
    const double before = best.validation_rmse;
    OrderedPosterior posterior = problem_.start(fit.width, ordered_seed(grid_.seed, fit.sweeps.size()));
    sweeps_ = 0;
    go_on(posterior, fit, 0, grid_.sweeps, std::numeric_limits<double>::infinity());
    keep(std::move(fit));
    return best.validation_rmse < (1 - 3e-4) * before;
  }
  /// Sweeps on until the error has not been below `least` for some, or there were `most`; the best state becomes the fit's last start. The least error, as the solver sees it.
  double go_on(OrderedPosterior& posterior, OrderedFit& fit, Index best_sweep, Index most, double least) {
    const Entries& where = problem_.on().data->where;
    const auto k = static_cast<double>(fit.width), m = static_cast<double>(train_.count());
    const double cost = 1.5 * m * (k + 1) * (k + 2) + static_cast<double>(where.rows() + where.cols()) * (3 * k * k * k) +
                        (fit.residual ? 20.0 * static_cast<double>(where.rows()) * static_cast<double>(where.cols()) : 0.0);
    const Data<double> target = problem_.as_seen(validation_);
    const OrderedFit so_far = fit;
    while (sweeps_ < most && sweeps_ < std::max(best_sweep, before_residuals) + grid_.patience && (left() || sweeps_ == 0)) {
      problem_.sweep(posterior, sweeps_++, fit.residual);
      budget_.spend(cost);
      const double error = rmse(posterior.predict(target.where), target.y);
      if (!(error < (1 - 5e-4) * least)) continue;
      least = error, best_sweep = sweeps_;
      fit = so_far;
      fit.sweeps.push_back(sweeps_);
      problem_.add(posterior, fit);
    }
    return least;
  }

  OrderedProblem problem_;
  const Data<double>& validation_;
  const OrderedGrid& grid_;
  Budget budget_;
  const Data<double>& train_;
  std::optional<OrderedPosterior> best_posterior_;  // of the best short start
  double best_error_ = 0;
  Index sweeps_ = 0, best_sweeps_ = 0;  // of the start that is being made, and of the best short one
};

inline void check_grid(const OrderedGrid& grid) {
  require(grid.order.size() == 1 || grid.order.size() == 2, "tune_ordered: ", grid.order.size(),
          " modes with an order, a matrix has one or two");
  for (const LineOrder& one : grid.order) require(one.mode == 0 || one.mode == 1, "tune_ordered: mode ", one.mode, " of a matrix");
  require(grid.order.size() == 1 || grid.order[0].mode != grid.order[1].mode, "tune_ordered: mode ", grid.order[0].mode,
          " is ordered twice");
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
  OrderedFit fit{problem.centre(),
                 chosen.width,
                 chosen.residual && problem.may_have_residuals(),
                 {},
                 Matrix<double>(0, train.where.rows()),
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
