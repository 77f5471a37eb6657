// SPDX-License-Identifier: MIT
#pragma once
// Measures of the capacity of  W = W_N ... W_1  and the bounds on the generalization error that they give, without constants and logarithms of m, as in the
// authors' program. Products over the layers of norms of model/layer_norms.hpp and the path norms of model/paths.hpp, each divided by the margin; and with
// alpha = sqrt(N + ln d_0), d_0 inputs, m samples, P parameters and Delta_l = W_l - W_l(0) of d_l rows:
//   one_inf        alpha M_{1,inf} / sqrt(m)                                                                    [Bartlett & Mendelson 2002]
//   frobenius      alpha M_F / sqrt(m)                                                                          [Neyshabur et al. 2015]
//   three          alpha M_{3,1.5} / m^(1/3)                                                                    [Neyshabur et al. 2015]
//   spectral_21    ln m ln P  M_spec (sum_l (|Delta_l|_{2,1} / |W_l|_2)^(2/3))^(3/2) / sqrt(m)                  [Bartlett et al. 2017]
//   spectral_fro   N M_spec (sum_l d_l |Delta_l|_F^2 / |W_l|_2^2)^(1/2) / sqrt(m)                               [Neyshabur et al. 2018]
// The authors' margin is the 5th percentile of the training margins (hook/classifier_margin.hpp, .quantile = 0.05).                  [Neyshabur 2017]

#include <array>

#include "layer_norms.hpp"

namespace tacit {

/// The thesis's nine, over the margin.
struct CapacityMeasures {
  double one_inf = 0, frobenius = 0, three = 0;  ///< layer products with (p, q) = (1, infinity), (2, 2), (3, 1.5)
  double spectral = 0, schatten = 0, trace = 0;  ///< Schatten products with p = infinity, 1.5, 1
  double path_1 = 0, path_1_5 = 0, path_2 = 0;   ///< path norms
  std::array<double, 9> values() const { return {one_inf, frobenius, three, spectral, schatten, trace, path_1, path_1_5, path_2}; }
};
struct CapacityBounds {
  double one_inf = 0, frobenius = 0, three = 0, spectral_21 = 0, spectral_fro = 0;
  std::array<double, 5> values() const { return {one_inf, frobenius, three, spectral_21, spectral_fro}; }
};

template <class Model, Scalar S>
CapacityMeasures capacity_measures(const Model& model, const Vector<S>& theta, double margin) {
  constexpr double inf = std::numeric_limits<double>::infinity();
  const auto path = [&](double p) { return static_cast<double>(path_norm(model, theta, p)) / margin; };
  return {layer_norm_product(model, theta, 1, inf) / margin,
          layer_norm_product(model, theta, 2, 2) / margin,
          layer_norm_product(model, theta, 3, 1.5) / margin,
          schatten_product(model, theta, inf) / margin,
          schatten_product(model, theta, 1.5) / margin,
          schatten_product(model, theta, 1) / margin,
          path(1),
          path(1.5),
          path(2)};
}
/// `start` is the theta that training began from; m samples.
template <class Model, Scalar S>
CapacityBounds capacity_bounds(const Model& model, const Vector<S>& theta, const Vector<S>& start, double margin, double m) {
  const Layout& layout = detail::layers_of("capacity_bounds", model, theta);
  layout.require_size(start.size(), "capacity_bounds (the start)");
  require(m >= 1, "capacity_bounds: ", m, " samples, there needs to be at least 1");
  const double depth = static_cast<double>(layout.size()), inputs = static_cast<double>(detail::inputs_of(layout[0]));
  const double alpha = std::sqrt(depth + std::log(inputs)), inf = std::numeric_limits<double>::infinity();
  const Vector<S> moved = theta - start;
  double sum_21 = 0, sum_fro = 0;
  for (Index l = 0; l < layout.size(); ++l) {
    const double spectral = detail::lp(detail::layer_singular_values(layout, theta, l), inf);
    sum_21 += std::pow(layer_norm(model, moved, l, 2, 1) / spectral, 2.0 / 3);
    sum_fro += static_cast<double>(layout[l].shape.rows()) * std::pow(layer_norm(model, moved, l, 2, 2) / spectral, 2);
  }
  const CapacityMeasures M = capacity_measures(model, theta, margin);
  return {alpha * M.one_inf / std::sqrt(m), alpha * M.frobenius / std::sqrt(m), alpha * M.three / std::cbrt(m),
          std::log(m) * std::log(static_cast<double>(theta.size())) * M.spectral * std::pow(sum_21, 1.5) / std::sqrt(m),
          depth * M.spectral * std::sqrt(sum_fro) / std::sqrt(m)};
}

}  // namespace tacit
