// SPDX-License-Identifier: MIT
#pragma once
// Sharpness: the largest eigenvalue of the Hessian of the objective at theta, from Hessian-vector products alone. Locally optimal conjugate gradients on
// the Rayleigh quotient: each round solves the 3 x 3 eigenproblem on span{x, residual, last direction} and costs one product and a few passes
// over theta.  [Knyazev 2001, block size one, no preconditioner]  The residual |H x - lambda x| is recomputed at the end with a fresh product, so the
// report is what is true: some eigenvalue lies within `residual` of `value`, and `converged` says whether that is small. Nothing fails silently.

#include <array>
#include <cmath>

#include "../core/random.hpp"
#include "../problem.hpp"

namespace tacit {

struct SharpnessSettings {
  double tolerance = 1e-6;  ///< on residual / |value|
  Index products = 1000;    ///< at most this many Hessian-vector products
  std::uint64_t seed = 1;   ///< of the start vector, stream (seed, "sharpness")
};

template <Scalar S>
struct Sharpness {
  double value = 0;        ///< Rayleigh quotient x^T H x, |x| = 1
  double residual = 0;     ///< |H x - value x|
  bool converged = false;  ///< residual <= tolerance |value|
  Index products = 0;      ///< Hessian-vector products spent
  Vector<S> vector;        ///< x

  friend std::ostream& operator<<(std::ostream& out, const Sharpness& s) {
    return out << "sharpness " << s.value << " +- " << s.residual << (s.converged ? "" : " (not converged)") << " after " << s.products << " products";
  }
};

namespace detail {

/// The eigenvector of the largest eigenvalue of a symmetric k x k matrix, k <= 3, by cyclic Jacobi rotations.
inline std::array<double, 3> top_eigenvector(std::array<std::array<double, 3>, 3> A, int k) {
  std::array<std::array<double, 3>, 3> V{{{1, 0, 0}, {0, 1, 0}, {0, 0, 1}}};
  for (int sweep = 0; sweep < 30; ++sweep)
    for (int p = 0; p < k; ++p)
      for (int q = p + 1; q < k; ++q) {
        if (A[p][q] == 0) continue;
        const double t0 = (A[q][q] - A[p][p]) / (2 * A[p][q]);
        const double t = (t0 >= 0 ? 1 : -1) / (std::abs(t0) + std::hypot(t0, 1.0)), c = 1 / std::hypot(t, 1.0), s = t * c;
        for (int i = 0; i < k; ++i) {
          const double a = A[i][p], b = A[i][q];
          A[i][p] = c * a - s * b, A[i][q] = s * a + c * b;
        }
        for (int i = 0; i < k; ++i) {
          const double a = A[p][i], b = A[q][i], v = V[i][p], w = V[i][q];
          A[p][i] = c * a - s * b, A[q][i] = s * a + c * b;
          V[i][p] = c * v - s * w, V[i][q] = s * v + c * w;
        }
      }
  int best = 0;
  for (int i = 1; i < k; ++i)
    if (A[i][i] > A[best][best]) best = i;
  return {V[0][best], V[1][best], V[2][best]};
}

/// The iteration with its buffers, kept by who wants warm starts.
template <Scalar S>
struct TopEigenvector {
  Vector<S> x, hx, r, hr, p, hp;
  double value = 0, residual = 0;
  Index products = 0;

  template <class Archive>
  void persist(Archive& archive) {
    archive("x", x);
    archive("value", value);
  }

  /// product(v, hv) multiplies. Starts from x; stops at the tolerance or after `rounds` rounds.
  template <class Product>
  bool improve(Product&& product, double tolerance, Index rounds) {
    products = 0;
    const auto multiply = [&](const Vector<S>& v, Vector<S>& hv) {
      hv.resize(v.size());
      product(v, hv);
      ++products;
    };
    x /= x.norm();
    multiply(x, hx);
    bool has_direction = false;
    for (Index round = 0;; ++round) {
      value = static_cast<double>(x.dot(hx));
      r = hx - static_cast<S>(value) * x;
      residual = static_cast<double>(r.norm());
      if (!std::isfinite(residual)) return false;
      if (residual <= tolerance * std::abs(value)) return true;
      if (round >= rounds) return false;
      r -= x.dot(r) * x;
      const S length = r.norm();
      if (!(length > 0)) return true;
      r /= length;
      multiply(r, hr);
      int k = 2;
      if (has_direction) {  // orthonormalise the last direction against x and r; H p follows by the same combination
        for (int pass = 0; pass < 2; ++pass) {
          const S a = x.dot(p), b = r.dot(p);
          p -= a * x + b * r;
          hp -= a * hx + b * hr;
          const S n = p.norm();
          if (!(n > S(1e-6))) break;
          p /= n;
          hp /= n;
          if (pass == 1) k = 3;
        }
      }
      std::array<std::array<double, 3>, 3> A{};
      const std::array<const Vector<S>*, 3> q{&x, &r, &p}, hq{&hx, &hr, &hp};
      for (int i = 0; i < k; ++i)
        for (int j = i; j < k; ++j)
          A[static_cast<std::size_t>(i)][static_cast<std::size_t>(j)] = A[static_cast<std::size_t>(j)][static_cast<std::size_t>(i)] =
              static_cast<double>(q[static_cast<std::size_t>(i)]->dot(*hq[static_cast<std::size_t>(j)]));
      const auto c = top_eigenvector(A, k);
      const S c0 = static_cast<S>(c[0]), c1 = static_cast<S>(c[1]), c2 = static_cast<S>(c[2]);
      if (k == 3) p = c1 * r + c2 * p, hp = c1 * hr + c2 * hp;
      else p = c1 * r, hp = c1 * hr;
      x = c0 * x + p;
      hx = c0 * hx + hp;
      const S n = x.norm();
      x /= n;
      hx /= n;
      const S np = p.norm();
      has_direction = np > 0;
      if (has_direction) p /= np, hp /= np;
    }
  }
};

template <Scalar S>
Vector<S> random_direction(Index size, std::uint64_t seed) {
  Random random(seed, "sharpness");
  Vector<S> x(size);
  for (Index k = 0; k < size; ++k) x[k] = static_cast<S>(random.normal());
  return x;
}

}  // namespace detail

/// lambda_max of the Hessian at theta.
template <class P>
Sharpness<typename P::scalar_type> sharpness(const P& problem, const Vector<typename P::scalar_type>& theta, SharpnessSettings options = {}) {
  using S = typename P::scalar_type;
  problem.layout().require_size(theta.size(), "sharpness");
  auto ws = problem.workspace();
  detail::TopEigenvector<S> top;
  Vector<S> g(theta.size());
  problem.value_and_gradient(theta, ws, g);
  const auto product = [&](const Vector<S>& v, Vector<S>& hv) { problem.hessian_times_linearized(theta, v, ws, hv); };
  top.x = detail::random_direction<S>(theta.size(), options.seed);
  top.improve(product, options.tolerance, options.products);
  Index products = top.products + 1;
  product(top.x, top.hx);  // the recurrences for H x drift; the report does not
  const double value = static_cast<double>(top.x.dot(top.hx)), residual = static_cast<double>((top.hx - static_cast<S>(value) * top.x).norm());
  return {value, residual, residual <= options.tolerance * std::abs(value), products, std::move(top.x)};
}

}  // namespace tacit
