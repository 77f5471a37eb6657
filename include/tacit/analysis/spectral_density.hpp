// SPDX-License-Identifier: MIT
#pragma once
// The density of the eigenvalues of a symmetric operator, (1/P) sum_i delta(lambda - lambda_i), as weighted nodes, from products alone:
// stochastic Lanczos quadrature [Golub & Welsch 1969; Ubaru, Chen & Saad 2017]. First `outer` products go into one Lanczos run, whose
// converged pairs, at both ends of the spectrum, are exact nodes of weight 1/P each; orthogonal to them, `probes` random directions,
// orthogonal to each other, are each followed for `nodes` products, whose Gauss quadrature integrates polynomials of degree 2 nodes - 1
// exactly against the direction's own density. Moments and shares come with the standard error of the mean over the probes.
//
//   const auto density = spectral_density(hessian);     density.moment(2);  density.share(0, 1e-3);  density.at(0.1, {.width = 0.01});
//
// outer + probes * nodes products (60 + 640), P (max(2 outer, outer + nodes) + probes) numbers. Where P products are no more than these,
// the Lanczos run goes through the whole space, and every eigenvalue is exact.

#include <cmath>
#include <numbers>
#include <vector>

#include "eigenpairs.hpp"

namespace tacit {

struct DensitySettings {
  Index nodes = 64, probes = 10;
  Index outer = -1;         ///< products for the pairs that are exact; 0: none; -1: 60, or P where P are no more than all of them
  double tolerance = 1e-6;  ///< residual of such a pair, relative to the largest |eigenvalue|
  std::uint64_t seed = 1;   ///< of the directions, stream (seed, "density")
};

class SpectralDensity {
 public:
  struct Node {
    double at, weight;
  };
  std::vector<Node> exact;                ///< pairs that converged, of weight 1/P each
  std::vector<std::vector<Node>> probes;  ///< a quadrature each, whose weights sum to what the exact nodes leave of 1
  bool whole = false;                     ///< the probes span all that the exact nodes leave: nothing is sampled
  Index products = 0;

  /// A number with the standard error of the mean over the probes: 0 where every eigenvalue is exact, not a number with a single probe.
  struct Estimate {
    double value = 0, standard_error = 0;
  };
  /// Integral of f against the density.
  template <class F>
  Estimate integral(F&& f) const {
    Estimate e;
    for (const Node& node : exact) e.value += node.weight * f(node.at);
    double mean = 0, scatter = 0, n = 0;
    for (const auto& probe : probes) {
      double sum = 0;
      for (const Node& node : probe) sum += node.weight * f(node.at);
      const double change = sum - mean;
      mean += change / ++n;
      scatter += change * (sum - mean);
    }
    e.value += mean;
    if (n > 0 && !whole) e.standard_error = std::sqrt(scatter / (n - 1) / n);
    return e;
  }
  /// (1/P) tr H^k.
  Estimate moment(int k) const {
    return integral([k](double x) { return std::pow(x, k); });
  }
  /// The share of eigenvalues in [low, high].
  Estimate share(double low, double high) const {
    return integral([=](double x) { return x >= low && x <= high ? 1.0 : 0.0; });
  }
  /// The density at x, every node a Gaussian of this standard deviation.
  Estimate at(double x, double width) const {
    require(width > 0, "SpectralDensity::at: the width is ", width, ", it needs to be positive");
    return integral([=](double node) {
      const double z = (x - node) / width;
      return std::exp(-z * z / 2) / (width * std::sqrt(2 * std::numbers::pi));
    });
  }
};

namespace detail {

/// The quadrature of one direction: Lanczos with full reorthogonalisation, against `locked` columns of K, too, which fill up with its
/// basis.
template <Scalar S, class Product>
std::vector<SpectralDensity::Node> lanczos_quadrature(Matrix<S>& K, Index locked, const Vector<S>& start, Index nodes, double weight,
                                                      Product&& product) {
  const Index P = K.rows();
  Vector<double> diagonal(nodes), below(nodes);
  Vector<S> q = start, w(P), along(K.cols());
  double scale = 0;
  Index m = 0;
  for (; m < nodes; ++m) {
    K.col(locked + m) = q;
    product(q, w);
    diagonal[m] = static_cast<double>(q.dot(w));
    scale = std::max(scale, static_cast<double>(w.norm()));
    for (int pass = 0; pass < 2; ++pass) {
      dots<S>(w.data(), K.data(), P, locked + m + 1, nullptr, Write::set, along.data());
      for (Index j = 0; j <= locked + m; ++j) along[j] = -along[j];
      combine<S>(K.data(), P, locked + m + 1, nullptr, along.data(), nullptr, Write::add, w.data());
    }
    below[m] = static_cast<double>(w.norm());
    if (!(below[m] > 100 * static_cast<double>(std::numeric_limits<S>::epsilon()) * scale)) {  // an invariant space: exact
      ++m;
      break;
    }
    q = w / static_cast<S>(below[m]);
  }
  m = std::min(m, nodes);
  Matrix<double> first = Matrix<double>::Zero(1, m);
  first(0, 0) = 1;
  const bool solved = tridiagonal_eigen(diagonal, below, m, first, 1);
  require(solved, "spectral_density: a product is not finite");
  std::vector<SpectralDensity::Node> found;
  for (Index k = 0; k < m; ++k) found.push_back({diagonal[k], weight * first(0, k) * first(0, k)});
  return found;
}

}  // namespace detail

template <class Op>
SpectralDensity spectral_density(const Op& op, const DensitySettings& options = {}) {
  using S = typename Op::Scalar;
  const Index P = op.rows();
  require(P >= 1, "spectral_density: the operator has no rows");
  require(options.nodes >= 1, "spectral_density: .nodes is ", options.nodes, ", it needs to be at least 1");
  require(options.probes >= 1, "spectral_density: .probes is ", options.probes, ", it needs to be at least 1");
  require(options.outer >= -1, "spectral_density: .outer is ", options.outer, ", it needs to be 0 or more (-1 chooses)");
  const Index outer = std::min(P, options.outer >= 0 ? options.outer : P <= 60 + options.probes * options.nodes ? P : 60);
  SpectralDensity density;
  const auto multiply = [&](In<S> v, Out<S> hv) {
    op.perform_op(v.data(), hv.data());
    ++density.products;
  };
  Random random(options.seed, "density");
  Vector<S> x(P);
  const auto normal = [&] {
    for (S& entry : x) entry = static_cast<S>(random.normal());
  };
  const double weight = 1 / static_cast<double>(P);
  std::vector<Vector<S>> pairs;
  if (outer > 0) {
    detail::RitzBasis<S> basis(P, outer);
    while (!basis.full()) {
      if (basis.size() > 0 && basis.append_product_of(basis.size() - 1, multiply)) continue;
      normal();  // the first, or the space is invariant
      if (!basis.append(x, multiply)) break;
    }
    basis.solve();
    const double scale = basis.scale();
    require(std::isfinite(scale), "spectral_density: a product is not finite");
    for (Index i = 0; i < basis.size(); ++i) {
      if (basis.residual(i, x) > options.tolerance * scale && basis.size() < P) continue;
      density.exact.push_back({basis.value(i), weight});
      basis.vector(i, pairs.emplace_back(P));
    }
  }
  const Index locked = static_cast<Index>(pairs.size()), left = P - locked, probes = std::min(options.probes, left),
              nodes = std::min(options.nodes, left);
  density.whole = probes == left;
  if (left == 0) return density;
  Matrix<S> K(P, locked + std::max(nodes, probes));
  for (Index j = 0; j < locked; ++j) K.col(j) = pairs[static_cast<std::size_t>(j)];
  std::vector<Vector<S>> starts;
  for (Index k = 0; k < probes; ++k) {
    normal();
    for (int pass = 0; pass < 2; ++pass) {
      for (Index j = 0; j < locked + k; ++j) x -= K.col(j).dot(x) * K.col(j);
      x /= x.norm();
    }
    K.col(locked + k) = x;
    starts.push_back(x);
  }
  for (const Vector<S>& start : starts)
    density.probes.push_back(detail::lanczos_quadrature(K, locked, start, nodes, static_cast<double>(left) * weight, multiply));
  return density;
}

}  // namespace tacit
