// SPDX-License-Identifier: MIT
#pragma once
// The simplest completions of a tensor:  z = mu + sum_n b_n(i_n),  what every other method has to beat, and what is taken off before one is used.
//   global_mean      mu, nothing else
//   slice_means      b_n(i) = average of slice i of mode n - mu, each mode by itself
//   mode_effects     min over mu, b of  sum_observed (y - z)^2 + ridge sum_n |b_n|^2  by alternation over the modes
// Slices without entries count as average: their effect is 0. Cost O(order m) a sweep, some 10 sweeps. baseline/means.hpp is the same for matrices.
// Source: Bell & Koren 2007, section 3, extended to more modes.

#include <algorithm>
#include <cmath>
#include <limits>
#include <string>
#include <vector>

#include "../observation/tensor_data.hpp"
#include "validation.hpp"

namespace tacit {

/// mu + sum_n b_n(i_n). Without a fit it is 0 everywhere: nothing to subtract.
struct ModeMeans {
  std::string form = "zero";
  double mean = 0;
  std::vector<Vector<double>> effects = {};  ///< b_n of every mode; empty: all 0

  std::string name() const { return form; }
  Vector<double> predict(const TensorEntries& at) const {
    Vector<double> z = Vector<double>::Constant(at.count(), mean);
    if (effects.empty()) return z;
    require_shape("ModeMeans", at.shape());
    for (Index n = 0; n < at.shape().order(); ++n) {
      const Vector<double>& b = effects[static_cast<std::size_t>(n)];
      for (Index k = 0; k < z.size(); ++k) z[k] += b[at.mode(n)[k]];
    }
    return z;
  }
  /// All entries, first index fastest.
  Tensor<double> predict(const Shape& shape) const {
    Tensor<double> all(shape);
    all.values.setConstant(mean);
    if (effects.empty()) return all;
    require_shape("ModeMeans", shape);
    Index stride = 1;
    for (Index n = 0; n < shape.order(); stride *= shape[n++])
      for (Index k = 0; k < all.values.size(); ++k) all.values[k] += effects[static_cast<std::size_t>(n)][k / stride % shape[n]];
    return all;
  }
  /// The data with these means taken off.
  Data<double, TensorEntries> subtracted_from(Data<double, TensorEntries> data) const {
    data.y -= predict(data.where);
    return data;
  }
  /// Throws where the effects are not those of a tensor of this shape.
  void require_shape(const char* who, const Shape& shape) const {
    require(effects.empty() || static_cast<Index>(effects.size()) == shape.order(), who, ": has effects of ", effects.size(),
            " modes, the tensor is ", shape);
    for (std::size_t n = 0; n < effects.size(); ++n)
      require(effects[n].size() == shape[static_cast<Index>(n)], who, ": has ", effects[n].size(), " effects of mode ", n,
              ", the tensor is ", shape);
  }
};

struct ModeEffectsSettings {
  double ridge = 5;         ///< a slice of n entries keeps n / (n + ridge) of its average deviation
  double tolerance = 1e-8;  ///< on the largest change of an effect, relative to the spread of y
  Index iterations = 300;
};

namespace detail {

inline void require_unweighted(const char* who, const Data<double, TensorEntries>& data) {
  require(data.weight.size() == 0, who, ": the data carry weights, which this baseline does not use; leave them out");
}
inline void require_validation(const char* who, const Data<double, TensorEntries>& train, const Data<double, TensorEntries>& validation) {
  require_unweighted(who, train);
  require_unweighted(who, validation);
  require(train.where.shape() == validation.where.shape(), who, ": train is ", train.where.shape(), ", validation ",
          validation.where.shape(), "; they need to be parts of one tensor");
  require_range(who, train.y, validation.y);
}

/// For each slice of a mode, the sum of x over its entries, and how many there are.
struct SliceSums {
  Vector<double> sum, count;
  SliceSums(const TensorEntries& where, Index mode, const Vector<double>& x) : sum(Vector<double>::Zero(where.shape()[mode])), count(sum) {
    for (Index k = 0; k < x.size(); ++k) sum[where.mode(mode)[k]] += x[k], count[where.mode(mode)[k]] += 1;
  }
};

}  // namespace detail

inline ModeMeans global_mean(const Data<double, TensorEntries>& train) {
  detail::require_unweighted("global_mean", train);
  return {"global mean", train.y.mean(), {}};
}
inline ModeMeans slice_means(const Data<double, TensorEntries>& train) {
  detail::require_unweighted("slice_means", train);
  ModeMeans fit{"slice means", train.y.mean(), {}};
  for (Index n = 0; n < train.where.shape().order(); ++n) {
    const detail::SliceSums of(train.where, n, train.y);
    fit.effects.emplace_back((of.count.array() > 0).select(of.sum.array() / of.count.array().max(1) - fit.mean, 0.0));
  }
  return fit;
}
inline ModeMeans mode_effects(const Data<double, TensorEntries>& train, const ModeEffectsSettings& settings = {}) {
  detail::require_unweighted("mode_effects", train);
  require(settings.ridge >= 0 && std::isfinite(settings.ridge), "mode_effects: the ridge is ", settings.ridge,
          ", it needs to be finite and not negative");
  const TensorEntries& where = train.where;
  ModeMeans fit{sentence("effects of every mode, ridge ", settings.ridge), train.y.mean(), {}};
  for (Index n = 0; n < where.shape().order(); ++n) fit.effects.emplace_back(Vector<double>::Zero(where.shape()[n]));
  Vector<double> residual = train.y.array() - fit.mean;
  const double spread = std::sqrt(residual.squaredNorm() / static_cast<double>(residual.size()));
  for (Index sweep = 0; sweep < settings.iterations; ++sweep) {
    double change = 0;
    for (Index n = 0; n < where.shape().order(); ++n) {
      Vector<double>& b = fit.effects[static_cast<std::size_t>(n)];
      for (Index k = 0; k < residual.size(); ++k) residual[k] += b[where.mode(n)[k]];
      const detail::SliceSums of(where, n, residual);
      Vector<double> next = (of.count.array() > 0).select(of.sum.array() / (of.count.array().max(1) + settings.ridge), 0.0);
      const double shift =
          next.sum() / std::max(1.0, static_cast<double>((of.count.array() > 0).count()));  // into mu: the same fit, less penalty
      next = (of.count.array() > 0).select(next.array() - shift, 0.0);
      fit.mean += shift;
      change = std::max(change, (next - b).cwiseAbs().maxCoeff());
      b = next;
      for (Index k = 0; k < residual.size(); ++k) residual[k] -= shift + b[where.mode(n)[k]];
    }
    if (!(change > settings.tolerance * spread)) break;
  }
  return fit;
}

struct ModeMeansTrial {
  std::string name;
  double validation_rmse;
};

/// The best of the global mean, slice means, and effects of several ridges.
inline Tuned<ModeMeans, ModeMeansTrial> tune_mode_means(const Data<double, TensorEntries>& train,
                                                        const Data<double, TensorEntries>& validation,
                                                        const std::vector<double>& ridges = {0, 1, 5, 20, 100}) {
  detail::require_validation("tune_mode_means", train, validation);
  Tuned<ModeMeans, ModeMeansTrial> best;
  best.validation_rmse = std::numeric_limits<double>::infinity();
  const auto attempt = [&](ModeMeans fit) {
    const double error = detail::rmse(fit.predict(validation.where), validation.y);
    best.trials.push_back({fit.form, error});
    if (error < best.validation_rmse) best.validation_rmse = error, best.fit = std::move(fit);
  };
  attempt(global_mean(train));
  attempt(slice_means(train));
  for (double ridge : ridges) attempt(mode_effects(train, {.ridge = ridge, .tolerance = 1e-5}));
  return best;
}

}  // namespace tacit
