// SPDX-License-Identifier: MIT
#pragma once
// Data as a fit sees them: centred, in units of their spread. Of matrices the spread is a robust one, the median of |residual| times 1.4826; of tensors the root mean square.

#include <algorithm>
#include <memory>

#include "means.hpp"

namespace tacit::detail {

/// The median of |x|, times 1.4826: the standard deviation where x is normal, and not carried off by a few outliers. The root mean square where
/// more than half of x is 0.
inline double robust_spread(Vector<double> x) {
  const double rms = std::sqrt(x.squaredNorm() / static_cast<double>(x.size()));
  x = x.cwiseAbs();
  double* middle = x.data() + x.size() / 2;
  std::nth_element(x.data(), middle, x.data() + x.size());
  return 1.4826 * *middle > 1e-6 * rms ? 1.4826 * *middle : rms;
}

/// The spread of what a centre leaves of y; 0 where that is nothing.
template <IndexedEntries O>
double spread_of(Vector<double> residual, const Vector<double>& y) {
  const double count = static_cast<double>(residual.size());
  const double spread = std::is_same_v<O, Entries> ? robust_spread(std::move(residual)) : std::sqrt(residual.squaredNorm() / count);
  return spread > 1e-12 * y.cwiseAbs().maxCoeff() ? spread : 0;
}

template <IndexedEntries O>
struct Standardised {
  Centre centre;  ///< its scale is 0 where it says it all
  std::shared_ptr<const Data<double, O>> data;

  Standardised(const Data<double, O>& train, Centre by) : centre(std::move(by)) {
    Data<double, O> residual = centre.subtracted_from(train);
    centre.scale = spread_of<O>(residual.y, train.y);
    if (centre.scale > 0) residual.y /= centre.scale;
    data = std::make_shared<const Data<double, O>>(std::move(residual));
  }
  /// Nothing is left to explain.
  bool empty() const { return centre.scale == 0; }
  /// Other data as the fit sees them.
  Data<double, O> standardised(const Data<double, O>& other) const {
    Data<double, O> same = centre.subtracted_from(other);
    same.y /= centre.scale;
    return same;
  }
};
template <IndexedEntries O>
Standardised(const Data<double, O>&, Centre) -> Standardised<O>;

}  // namespace tacit::detail

namespace tacit {

/// What is taken off before a fit. effects: of all modes, additive; none: where 0 means something, as in spectra and counts.
enum class Centring { none, mean, effects };

namespace detail {

template <IndexedEntries O>
Centre centre_of(const Data<double, O>& train, Centring by) {
  return by == Centring::effects ? additive_effects(train) : by == Centring::mean ? global_mean(train) : Centre{};
}
/// Of other data, in the same form.
template <IndexedEntries O>
Centre centre_like(const Centre& centre, const Data<double, O>& data) {
  return centre_of(data, centre.has_effects() ? Centring::effects : centre.form == "zero" ? Centring::none : Centring::mean);
}

}  // namespace detail
}  // namespace tacit
