// SPDX-License-Identifier: MIT
#include <tacit/analysis/spectral_density.hpp>

#include <tacit/analysis/hessian.hpp>

#include "analysis/quadratic.hpp"

#include "../data/scratch.hpp"
#include "catch.hpp"

using namespace tacit;
using Catch::Matchers::WithinAbs;

namespace {

/// A diagonal matrix: large, and cheap to multiply with.
struct DiagonalOperator {
  using Scalar = double;
  Vector<double> lambda;
  Index rows() const { return lambda.size(); }
  void perform_op(const double* x, double* y) const {
    for (Index i = 0; i < lambda.size(); ++i) y[i] = lambda[i] * x[i];
  }
};

}  // namespace

TEST_CASE("the density of 2000 eigenvalues, from 700 products: moments, shares and outliers, each within what it says of its error") {
  DiagonalOperator op{Vector<double>(2000)};
  for (Index i = 0; i < 2000; ++i) op.lambda[i] = i < 3 ? 10 + static_cast<double>(i) : 1 + std::sin(static_cast<double>(i));
  const auto density = spectral_density(op);
  CHECK(density.products == 700);
  CHECK(density.exact.size() >= 3);
  for (const double outlier : {10.0, 11.0, 12.0})
    CHECK(std::any_of(density.exact.begin(), density.exact.end(), [&](const auto& node) { return std::abs(node.at - outlier) < 1e-6; }));
  for (int k = 0; k <= 4; ++k) {
    const auto moment = density.moment(k);
    const double exact = op.lambda.array().pow(k).mean();
    CHECK_THAT(moment.value, WithinAbs(exact, 1e-2 * exact));
    CHECK(std::abs(moment.value - exact) <= 4 * moment.standard_error + 1e-12);
    CHECK(moment.standard_error < 1e-2 * exact);
  }
  const auto share = density.share(0.5, 1.5);
  CHECK_THAT(share.value, WithinAbs(1.0 / 3, 0.02));
  CHECK_THAT(density.share(-1, 20).value, WithinAbs(1, 1e-12));
  CHECK_THAT(density.at(1, 0.1).value, WithinAbs(1 / 3.14159265, 0.02));
}
TEST_CASE("where P products are no more than the probes would take, every eigenvalue is exact") {
  const Vector<double> lambda = Vector<double>::LinSpaced(50, -1, 2);
  const Quadratic<double> problem(lambda);
  const HessianOperator hessian(problem, Vector<double>(Vector<double>::Zero(50)));
  const auto density = spectral_density(hessian);
  CHECK(density.products == 50);
  CHECK(density.exact.size() == 50);
  CHECK(density.probes.empty());
  CHECK_THAT(density.moment(3).value, WithinAbs(lambda.array().pow(3).mean(), 1e-13));
  CHECK(density.moment(3).standard_error == 0);
  const auto sampled = spectral_density(hessian, {.nodes = 60, .probes = 2, .outer = 0});  // more nodes than there are eigenvalues
  CHECK(sampled.exact.empty());
  CHECK(sampled.products <= 100);
  CHECK_THAT(sampled.moment(0).value, WithinAbs(1, 1e-12));
  const auto error = [&](const DensitySettings& settings) { return scratch::error_of([&] { spectral_density(hessian, settings); }); };
  CHECK(scratch::mentions(error({.nodes = 0}), ".nodes is 0"));
  CHECK(scratch::mentions(error({.probes = 0}), ".probes is 0"));
  CHECK(scratch::mentions(error({.outer = -2}), ".outer is -2"));
}
