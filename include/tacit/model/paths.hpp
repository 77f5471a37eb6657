// SPDX-License-Identifier: MIT
#pragma once
// Paths through layered linear models  W = W_N ... W_1, from each input to each output; a block of order one is a diagonal layer.
//   path_norm_power(theta, p)   phi_p^p = sum over paths of prod |w_e|^p = 1^T |W_N|^p ... |W_1|^p 1
//   path_scale(theta)           kappa_e = sum over the paths through e of the product of the other squared weights = d phi_2^2 / d(w_e^2);
//                               layer j: K_j = [(W_N^2 ... W_{j+1}^2)^T 1] [W_{j-1}^2 ... W_1^2 1]^T, entrywise  [Neyshabur et al. 2015]
// Both cost a few passes over theta. A model takes part by  static constexpr bool layered = true: W is the product of its blocks, in their
// order. Models whose weights are shared (SymmetricMatrix, DiagonalNet) do not: they have no units whose incoming and outgoing weights
// could be rescaled.

#include <cmath>

#include "../core/layout.hpp"

namespace tacit {

template <class Model>
concept Layered = requires {
  requires Model::layered;
};

namespace detail {

/// to = |block l|^p from
template <Scalar S, class Power>
void along_layer(const Layout& layout, Index l, const Vector<S>& theta, Power power, const S* from, S* to) {
  const Block& block = layout[l];
  const S* w = theta.data() + block.offset;
  if (block.shape.order() < 2) {
    for (Index i = 0; i < block.count; ++i) to[i] = power(w[i]) * from[i];
    return;
  }
  const auto W = layout.matrix(theta, l);
  std::fill(to, to + W.rows(), S(0));
  for (Index j = 0; j < W.cols(); ++j)
    for (Index i = 0; i < W.rows(); ++i) to[i] += power(W(i, j)) * from[j];
}
/// to = (|block l|^p)^T from
template <Scalar S, class Power>
void against_layer(const Layout& layout, Index l, const Vector<S>& theta, Power power, const S* from, S* to) {
  const Block& block = layout[l];
  if (block.shape.order() < 2) return along_layer<S>(layout, l, theta, power, from, to);
  const auto W = layout.matrix(theta, l);
  for (Index j = 0; j < W.cols(); ++j) {
    S sum = 0;
    for (Index i = 0; i < W.rows(); ++i) sum += power(W(i, j)) * from[i];
    to[j] = sum;
  }
}
inline Index inputs_of(const Block& block) { return block.shape.order() < 2 ? block.count : block.shape.cols(); }

/// Sums over the paths that reach each unit from the inputs; and from the outputs back, for the layer that is looked at.
template <Scalar S>
struct PathSums {
  std::vector<Vector<S>> reaching;  ///< entry l: at the inputs of block l
  Vector<S> leaving, next;

  explicit PathSums(const Layout& layout) {
    Index widest = 1;
    for (const Block& block : layout) {
      reaching.emplace_back(inputs_of(block));
      widest = std::max({widest, inputs_of(block), block.shape.rows()});
    }
    leaving.resize(widest);
    next.resize(widest);
  }
};

/// scale = kappa, in the order of theta.
template <Scalar S>
void path_scale(const Layout& layout, const Vector<S>& theta, PathSums<S>& sums, Vector<S>& scale) {
  const auto square = [](S w) { return w * w; };
  const Index last = layout.size() - 1;
  sums.reaching[0].setOnes();
  for (Index l = 0; l < last; ++l) {
    const auto k = static_cast<std::size_t>(l);
    along_layer<S>(layout, l, theta, square, sums.reaching[k].data(), sums.reaching[k + 1].data());
  }
  sums.leaving.setOnes();
  for (Index l = last; l >= 0; --l) {
    const Vector<S>& reaching = sums.reaching[static_cast<std::size_t>(l)];
    if (layout[l].shape.order() < 2) {
      layout.flat(scale, l) = sums.leaving.head(layout[l].count).cwiseProduct(reaching);
    } else {
      auto K = layout.matrix(scale, l);
      for (Index j = 0; j < K.cols(); ++j)
        for (Index i = 0; i < K.rows(); ++i) K(i, j) = sums.leaving[i] * reaching[j];
    }
    against_layer<S>(layout, l, theta, square, sums.leaving.data(), sums.next.data());
    sums.leaving.swap(sums.next);
  }
}

}  // namespace detail

/// kappa of every weight, in the order of theta.
template <class Model, Scalar S>
Vector<S> path_scale(const Model& model, const Vector<S>& theta) {
  static_assert(Layered<Model>, "path_scale: the model is not layered, W is no product of its blocks in their order");
  model.layout().require_size(theta.size(), "path_scale");
  detail::PathSums<S> sums(model.layout());
  Vector<S> scale(theta.size());
  detail::path_scale(model.layout(), theta, sums, scale);
  return scale;
}
/// phi_p = (sum over all paths of prod |w_e|^p)^(1/p), p > 0.
template <class Model, Scalar S>
S path_norm(const Model& model, const Vector<S>& theta, double p = 2) {
  static_assert(Layered<Model>, "path_norm: the model is not layered, W is no product of its blocks in their order");
  model.layout().require_size(theta.size(), "path_norm");
  require(p > 0 && std::isfinite(p), "path_norm: p is ", p, ", it needs to be positive and finite");
  detail::PathSums<S> sums(model.layout());
  sums.leaving.setOnes();
  const auto power = [p](S w) { return p == 2 ? w * w : p == 1 ? std::abs(w) : static_cast<S>(std::pow(std::abs(w), static_cast<S>(p))); };
  for (Index l = 0; l < model.layout().size(); ++l) {
    detail::along_layer<S>(model.layout(), l, theta, power, sums.leaving.data(), sums.next.data());
    sums.leaving.swap(sums.next);
  }
  const Index outputs = model.layout()[model.layout().size() - 1].shape.rows();
  return static_cast<S>(std::pow(sums.leaving.head(outputs).sum(), static_cast<S>(1 / p)));
}

}  // namespace tacit
