// SPDX-License-Identifier: MIT
#pragma once
// What the instruments say of a Hessian of at most 300 rows, from products alone, against Eigen's solver on the dense one: pairs to 1e-8
// relative, the trace within its error bar in 19 of 20 draws, the first four moments of the density to 1e-2 of the mean of |lambda|^k.

#include <tacit/analysis/eigenpairs.hpp>
#include <tacit/analysis/hessian.hpp>
#include <tacit/analysis/spectral_density.hpp>
#include <tacit/analysis/trace.hpp>

#include <Eigen/Eigenvalues>
#include <functional>

#include "catch.hpp"

namespace against_dense {

using namespace tacit;

/// An operator whose type is forgotten, so that what follows compiles once.
struct Products {
  using Scalar = double;
  Index count;
  std::function<void(const double*, double*)> times;
  Index rows() const { return count; }
  void perform_op(const double* x, double* y) const { times(x, y); }
};

inline void check_instruments(const Products& hessian, const Matrix<double>& H) {
  const Index P = hessian.rows(), k = std::min<Index>(P, 4);
  REQUIRE(P <= 300);
  INFO(P << " parameters");
  const Eigen::SelfAdjointEigenSolver<Matrix<double>> dense(H);
  const Vector<double> lambda = dense.eigenvalues();
  const double norm = lambda.cwiseAbs().maxCoeff();
  for (const bool upper : {true, false}) {
    const auto found = upper ? top_eigenpairs(hessian, k, {.tolerance = 1e-10}) : bottom_eigenpairs(hessian, k, {.tolerance = 1e-10});
    INFO((upper ? "top: " : "bottom: ") << found);
    CHECK(found.all_converged());
    for (Index i = 0; i < k; ++i) {
      const double exact = lambda[upper ? P - 1 - i : i];
      CHECK(std::abs(found.values[i] - exact) <= 1e-8 * std::abs(exact) + 1e-13 * norm);
      CHECK((H * found.vectors.col(i) - exact * found.vectors.col(i)).norm() <= 1e-8 * norm);
    }
  }
  for (const Index products : {Index(60), P / 2}) {  // exact where P is at most 60; sampled
    if (products < 20) continue;
    int within = 0;
    double off = 0;
    for (std::uint64_t seed = 1; seed <= 20; ++seed) {
      const TraceEstimate trace = hessian_trace(hessian, {.products = products, .seed = seed});
      CHECK(trace.products <= products);
      within += std::abs(trace.value - H.trace()) <= trace.error_bar();
      off += ((trace.diagonal - H.diagonal()).array() / trace.diagonal_errors.array()).square().mean() / 20;
    }
    INFO("trace from " << products << " products, of H " << H.trace() - lambda.sum() << " off the sum of its eigenvalues, norm " << norm);
    CHECK(within >= 19);
    CHECK(off < 4);  // mean square of error / standard error
  }
  const SpectralDensity density = spectral_density(hessian),
                        sampled = spectral_density(hessian, {.nodes = 20, .outer = std::min<Index>(P / 3, 60)});
  for (int power = 1; power <= 4; ++power) {
    const double exact = lambda.array().pow(power).mean(), size = lambda.cwiseAbs().array().pow(power).mean();
    CHECK(std::abs(density.moment(power).value - exact) <= 1e-2 * size);
    const auto estimate = sampled.moment(power);
    CHECK(std::abs(estimate.value - exact) <= 4 * estimate.standard_error + 1e-12 * size);
  }
}

template <class P>
void check_problem(const P& problem, const Vector<double>& theta) {
  const HessianOperator hessian(problem, theta);
  if (hessian.rows() > 300) return;
  check_instruments({hessian.rows(), [&](const double* x, double* y) { hessian.perform_op(x, y); }}, hessian.dense());
}

}  // namespace against_dense
