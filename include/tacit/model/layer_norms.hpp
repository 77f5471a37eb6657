// SPDX-License-Identifier: MIT
#pragma once
// Norms of the layers of  W = W_N ... W_1  and their products, by which the capacity of a network is measured. With w_v the incoming weights of
// unit v, a row of its layer, and 0 < p, q <= infinity:
//   group_norm(p, q)           mu_{p,q} = (sum_v |w_v|_p^q)^(1/q) over the units of all layers: p = q = 2 is |theta|, q = infinity the max-norm
//   layer_norm(l, p, q)        the same over the units of layer l alone
//   layer_norm_product(p, q)   prod_l of these: (1, infinity), (2, 2) (Frobenius), (3, 1.5)
//   schatten_product(p)        prod_l (sum_i sigma_i(W_l)^p)^(1/p): infinity spectral, 1 trace
// Models are those of model/paths.hpp, where the path norms are; a diagonal layer is a square matrix whose units have one incoming weight. A few passes over
// theta; schatten_product the singular values of every layer.                                                     [Neyshabur 2017; Neyshabur et al. 2015]

#include <limits>

#include "../core/norm.hpp"
#include "../core/singular_values.hpp"
#include "paths.hpp"

namespace tacit {

namespace detail {

inline void require_exponent(const char* who, const char* name, double p) {
  require(p > 0, who, ": ", name, " is ", p, ", it needs to be positive (infinity: the largest)");
}
template <class Numbers>
double lp(const Numbers& x, double p) {
  if (p < std::numeric_limits<double>::infinity()) return p_norm(x, p);
  double largest = 0;
  for (const auto value : x)
    if (!(std::abs(static_cast<double>(value)) <= largest)) largest = std::abs(static_cast<double>(value));
  return largest;
}
/// |w_v|_p of every unit v that layer l leads to.
template <Scalar S>
Vector<double> unit_norms(const Layout& layout, const Vector<S>& theta, Index l, double p) {
  if (layout[l].shape.order() < 2) return layout.flat(theta, l).cwiseAbs().template cast<double>();
  const auto W = layout.matrix(theta, l);
  Vector<double> norms(W.rows());
  for (Index v = 0; v < W.rows(); ++v) norms[v] = lp(W.row(v), p);
  return norms;
}
template <class Model, Scalar S>
const Layout& layers_of(const char* who, const Model& model, const Vector<S>& theta) {
  static_assert(Layered<Model>, "norms of layers: the model is not layered, W is no product of its blocks in their order");
  model.layout().require_size(theta.size(), who);
  return model.layout();
}
template <Scalar S>
Vector<double> layer_singular_values(const Layout& layout, const Vector<S>& theta, Index l) {
  if (layout[l].shape.order() < 2) return layout.flat(theta, l).cwiseAbs().template cast<double>();
  SpectrumWorkspace<double> ws;
  Vector<double> sigma;
  singular_values(Matrix<double>(layout.matrix(theta, l).template cast<double>()), ws, sigma);
  return sigma;
}

}  // namespace detail

template <class Model, Scalar S>
double layer_norm(const Model& model, const Vector<S>& theta, Index l, double p, double q) {
  const Layout& layout = detail::layers_of("layer_norm", model, theta);
  require(l >= 0 && l < layout.size(), "layer_norm: layer ", l, " is asked for, there are ", layout.size());
  detail::require_exponent("layer_norm", "p", p);
  detail::require_exponent("layer_norm", "q", q);
  return detail::lp(detail::unit_norms(layout, theta, l, p), q);
}
template <class Model, Scalar S>
double group_norm(const Model& model, const Vector<S>& theta, double p, double q) {
  Vector<double> layers(detail::layers_of("group_norm", model, theta).size());
  for (Index l = 0; l < layers.size(); ++l) layers[l] = layer_norm(model, theta, l, p, q);
  return detail::lp(layers, q);
}
template <class Model, Scalar S>
double layer_norm_product(const Model& model, const Vector<S>& theta, double p, double q) {
  double product = 1;
  for (Index l = 0; l < detail::layers_of("layer_norm_product", model, theta).size(); ++l) product *= layer_norm(model, theta, l, p, q);
  return product;
}
template <class Model, Scalar S>
double schatten_product(const Model& model, const Vector<S>& theta, double p) {
  const Layout& layout = detail::layers_of("schatten_product", model, theta);
  detail::require_exponent("schatten_product", "p", p);
  double product = 1;
  for (Index l = 0; l < layout.size(); ++l) product *= detail::lp(detail::layer_singular_values(layout, theta, l), p);
  return product;
}

}  // namespace tacit
