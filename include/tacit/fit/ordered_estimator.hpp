// SPDX-License-Identifier: MIT
#pragma once
// Methods that use the order of a mode, as complete() compares them: linear interpolation along the modes in order, and the ordered average over the posterior
// (ordered_fit.hpp), of a tensor that of its unfolding with the ordered mode against all others. What is fitted to everything is saved as a factorization: A B^T as it is,
// anything else as a dense matrix, of depth 2 (as_factors.hpp), or as Tucker of one mode. Where that matrix would be too large (10^7 entries, or 500 on its smaller side),
// interpolation is compared all the same and cannot be chosen. Lines without entries are predicted from their neighbours, not as the average line.

#include "../solver/interpolation.hpp"
#include "estimator.hpp"
#include "ordered_fit.hpp"

namespace tacit {

/// The unfolding of a tensor with this mode against all others, completed as an ordered matrix.
struct UnfoldedOrdered {
  OrderedFit fit;
  Index mode = 0;

  std::string name() const { return sentence("mode ", mode + 1, ", ", fit.name()); }
  Vector<double> predict(const TensorEntries& at) const {
    Entries::Indices row, col;
    detail::unfolding_at(at.shape(), mode).place(at, row, col);
    Vector<double> z(at.count());
    for (Index k = 0; k < z.size(); ++k) {
      const Index i = row[static_cast<std::size_t>(k)], j = col[static_cast<std::size_t>(k)];
      const double u = fit.u.size() > 0 ? fit.u(i, j) : 0;
      z[k] = fit.centre.put_back((fit.At.rows() > 0 ? fit.At.col(i).dot(fit.Bt.col(j)) : 0) + u, i, j);
    }
    return z;
  }
};

namespace detail {

/// Residuals make it dense.
inline DeepFit as_ordered(const OrderedFit& fit, const Entries&) {
  DeepFit deep = fit.u.size() > 0 ? table_as_factors(fit.whole(), fit.centre, fit.name())
                                  : depth_two(fit.At.transpose(), fit.Bt.transpose(), fit.centre, fit.name());
  deep.choice.steps = fit.sweeps;
  return deep;
}
inline TensorFit as_ordered(const UnfoldedOrdered& unfolded, const TensorEntries& where) {
  const OrderedFit& fit = unfolded.fit;
  Matrix<double> X = fit.whole();
  const Vector<double>& effects = fit.centre.effects_of(1);
  for (Index j = 0; j < X.cols() && effects.size() > 0; ++j) X.col(j).array() += effects[j] / fit.centre.with_positive_scale().scale;
  return tucker1(table_as_factors(X, {fit.centre.form, fit.centre.mean, {}, fit.centre.scale}, fit.name()), where.shape(), unfolded.mode);
}

/// Whether the unfolding of this mode, dense, can stand as a Tucker model.
inline bool unfolds_densely(const TensorEntries& where, Index mode) {
  const Unfolding way = unfolding_at(where.shape(), mode);
  const auto models = modelled_unfoldings(where.shape(), where.count());
  const bool modelled = std::any_of(models.begin(), models.end(), [&](const Unfolding& other) { return other.rows == way.rows; });
  return modelled && stands_as_factors(way.size[0], way.size[1]);
}
/// All places of a matrix, or of a tensor.
inline Entries all_places(const Entries& of) {
  Entries::Indices row, col;
  for (Index i = 0; i < of.rows(); ++i)
    for (Index j = 0; j < of.cols(); ++j) row.push_back(static_cast<std::int32_t>(i)), col.push_back(static_cast<std::int32_t>(j));
  return Entries(of.rows(), of.cols(), std::move(row), std::move(col));
}
inline TensorEntries all_places(const TensorEntries& of) {
  const Shape& shape = of.shape();
  std::vector<TensorEntries::Indices> index(static_cast<std::size_t>(shape.order()));
  std::vector<std::int32_t> at(index.size(), 0);
  for (double k = 0; k < shape.size(); ++k) {
    for (std::size_t n = 0; n < at.size(); ++n) index[n].push_back(at[n]);
    for (std::size_t n = at.size(); n-- > 0 && ++at[n] == shape[static_cast<Index>(n)];) at[n] = 0;
  }
  return TensorEntries(shape, std::move(index));
}
inline DeepFit as_ordered(const Interpolation<Entries>& fit, const Entries& where) {
  const Vector<double> z = fit.predict(all_places(where));
  const double mean = z.mean();
  const Matrix<double> X = Eigen::Map<const Matrix<double>>(z.data(), where.cols(), where.rows()).transpose().array() - mean;
  return table_as_factors(X, {"global mean", mean}, fit.name());
}
inline TensorFit as_ordered(const Interpolation<TensorEntries>& fit, const TensorEntries& where) {
  const Shape& shape = where.shape();
  const Index mode = fit.along()[0].mode;
  const TensorEntries all = all_places(where);
  const Vector<double> z = fit.predict(all);
  const double mean = z.mean();
  const Unfolding way = unfolding_at(shape, mode);
  Entries::Indices row, col;
  way.place(all, row, col);
  Matrix<double> X(static_cast<Index>(way.size[0]), static_cast<Index>(way.size[1]));
  for (Index k = 0; k < z.size(); ++k) X(row[static_cast<std::size_t>(k)], col[static_cast<std::size_t>(k)]) = z[k] - mean;
  return tucker1(table_as_factors(X, {"global mean", mean}, fit.name()), shape, mode);
}

/// `tuned(train, validation, seed, seconds)`, `again(fit, data, seed)`: its settings on other data. Not `closes`: compared only.
template <class O, class Tune, class Again>
Estimator<O> ordered_method(std::string name, bool ours, Tune tuned, Again again, double share, double most, bool closes) {
  using D = const Data<double, O>&;
  Estimator<O> method{std::move(name), ours, [=](D train, D validation, std::uint64_t seed, double seconds) {
                        auto found = tuned(train, validation, seed, std::min(seconds, most));
                        const auto fit = found.fit;
                        Fitted<O> fitted = named<O>(std::move(found));
                        if constexpr (std::is_same_v<O, Entries>)
                          fitted.refitted = [=](D part, const O& where) { return again(fit, part, seed).predict(where); };
                        return fitted;
                      }};
  if (closes)
    method.close = [=](D train, D validation, D all, std::uint64_t seed, bool refitted, double seconds) {
      const auto fit = tuned(train, validation, seed, std::min(seconds, most)).fit;
      Closing<O> closing{as_ordered(refitted ? again(fit, all, seed) : fit, train.where)};
      closing.refitted = [=](D part, const O& where) { return again(fit, part, seed).predict(where); };
      closing.anew = [=](D part) { return as_ordered(again(fit, part, seed), part.where); };
      return closing;
    };
  method.share = share;
  return method;
}

/// Along each mode in order, and along all of them together, whichever is best on validation entries.
template <class O>
Estimator<O> interpolation_method(const std::vector<LineOrder>& order, const Data<double, O>& data) {
  using D = const Data<double, O>&;
  const auto tuned = [order](D train, D validation, std::uint64_t, double) {
    std::optional<Tuned<Interpolation<O>, Trial>> best;
    const auto attempt = [&](const std::vector<LineOrder>& along) {
      Interpolation<O> fit(train, along);
      const double error = rmse(fit.predict(validation.where), validation.y);
      if (!best || error < best->validation_rmse) best = {std::move(fit), error, {}};
    };
    for (const LineOrder& one : order) attempt({one});
    if (order.size() > 1) attempt(order);
    return std::move(*best);
  };
  const auto again = [](const Interpolation<O>& fit, D part, std::uint64_t) { return Interpolation<O>(part, fit.along()); };
  bool closes = true;
  if constexpr (std::is_same_v<O, Entries>) {
    closes = stands_as_factors(data.where.shape());
  } else {
    for (const LineOrder& one : order) closes = closes && unfolds_densely(data.where, one.mode);
  }
  return ordered_method<O>("interpolation in order", false, tuned, again, 0.05, std::numeric_limits<double>::infinity(), closes);
}

inline Estimator<Entries> ordered_average(const OrderedGrid& grid, double share, double most) {
  using D = const Data<double>&;
  const auto at = [grid](std::uint64_t seed, double seconds) {
    OrderedGrid now = grid;
    now.seed = seed, now.seconds = seconds;
    return now;
  };
  return ordered_method<Entries>(
      "depth 2, ordered", true,
      [at](D train, D validation, std::uint64_t seed, double seconds) { return tune_ordered(train, validation, at(seed, seconds)); },
      [at](const OrderedFit& fit, D part, std::uint64_t seed) { return refit(fit, part, at(seed, 0)); }, share, most, true);
}

/// Of a tensor: the modes in order one after the other, each unfolding with its part of the time.
inline Estimator<TensorEntries> ordered_unfolding(const OrderedGrid& grid, double share) {
  using D = const Data<double, TensorEntries>&;
  const auto at = [grid](Index mode, std::uint64_t seed, double seconds) {
    OrderedGrid now = grid;
    for (const LineOrder& one : grid.order)
      if (one.mode == mode) now.order = {{0, one.at, one.found}};
    now.seed = seed, now.seconds = seconds;
    return now;
  };
  const auto tuned = [=](D train, D validation, std::uint64_t seed, double seconds) {
    Tuned<UnfoldedOrdered, Trial> best;
    best.validation_rmse = std::numeric_limits<double>::infinity();
    for (const LineOrder& one : grid.order) {
      const Unfolding way = unfolding_at(train.where.shape(), one.mode);
      auto found =
          tune_ordered(way.data(train), way.data(validation), at(one.mode, seed, seconds / static_cast<double>(grid.order.size())));
      for (Trial& trial : found.trials) best.trials.push_back({sentence("mode ", one.mode + 1, ", ", trial.name), trial.validation_rmse});
      if (found.validation_rmse < best.validation_rmse)
        best.validation_rmse = found.validation_rmse, best.fit = {std::move(found.fit), one.mode};
    }
    return best;
  };
  const auto again = [=](const UnfoldedOrdered& fit, D part, std::uint64_t seed) {
    return UnfoldedOrdered{refit(fit.fit, unfolding_at(part.where.shape(), fit.mode).data(part), at(fit.mode, seed, 0)), fit.mode};
  };
  return ordered_method<TensorEntries>("unfolding, ordered", true, tuned, again, share, std::numeric_limits<double>::infinity(), true);
}

}  // namespace detail
}  // namespace tacit
