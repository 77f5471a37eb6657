// SPDX-License-Identifier: MIT
#pragma once
// Starting points of the diagonal models, whose blocks are vectors of the length of x. Papers give the same start in two units, so the unit is named:
//   .factor_scale    alpha: every entry of every block                                     [Wind et al. 2023, a(0) = b(0) = alpha 1; Karakida et al. 2023]
//   .product_scale   alpha^D: what one power (or the product of all blocks) starts from, the scale of x     [Matt & Stoeger 2025, their alpha]
// The Gaussian start takes .entry_std, of the entries, or .product_scale s, for which that is s^(1/D). Seeded by the stream (seed, "initial").

#include <cmath>
#include <optional>

#include "initial.hpp"

namespace tacit {

struct ConstantStart {
  std::optional<double> factor_scale = {}, product_scale = {};
};
struct GaussianStart {
  std::optional<double> entry_std = {}, product_scale = {};
  std::uint64_t seed = 1;
};

/// Gives a model (with layout() and degree()) its starting points.
template <class Model, Scalar S>
class InitialisesDiagonal {
 public:
  /// Every entry alpha: x(0) = 0 for u^D - v^D, alpha^L for a product. Throws unless exactly one scale is given, positive.
  Vector<S> constant(const ConstantStart& options) const {
    detail::require_one("constant", {{"factor_scale", &options.factor_scale}, {"product_scale", &options.product_scale}});
    const double alpha = options.factor_scale ? *options.factor_scale : root(*options.product_scale);
    return Vector<S>::Constant(model().parameter_count(), static_cast<S>(alpha));
  }

  /// Every entry normal with mean 0. Throws unless exactly one scale is given, positive.
  Vector<S> near_zero(const GaussianStart& options) const {
    detail::require_one("near_zero", {{"entry_std", &options.entry_std}, {"product_scale", &options.product_scale}});
    const double std_dev = options.entry_std ? *options.entry_std : root(*options.product_scale);
    Random random(options.seed, "initial");
    Vector<S> theta(model().parameter_count());
    for (S& entry : theta) entry = static_cast<S>(std_dev * random.normal());
    return theta;
  }

 private:
  const Model& model() const { return static_cast<const Model&>(*this); }
  double root(double s) const { return std::pow(s, 1 / static_cast<double>(model().degree())); }
};

}  // namespace tacit
