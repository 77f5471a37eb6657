// SPDX-License-Identifier: MIT
#include <tacit/optimizer/schatten_descent.hpp>
#include <tacit/optimizer/spectral_descent.hpp>

#include "block_examples.hpp"
#include "thrown.hpp"

using namespace tacit;
using namespace block_examples;
using Catch::Matchers::WithinRel;

namespace {

double p_norm_of(const Vector<double>& x, double p) {
  const double top = x.cwiseAbs().maxCoeff();
  return std::isinf(p) ? top : top * std::pow((x.array().abs() / top).pow(p).sum(), 1 / p);
}
double conjugate(double p) { return std::isinf(p) ? 1 : p == 1 ? std::numeric_limits<double>::infinity() : p / (p - 1); }
constexpr double infinite = std::numeric_limits<double>::infinity();

}  // namespace

TEST_CASE("the steepest direction has p-norm 1 and meets the gradient in its dual norm; the normalised gradient does so for p = 2 alone") {
  const Vector<double> g = flat(gaussian(17, 1, 1)), zero = Vector<double>::Zero(17);
  const Layout layout = one_block(17, 1);
  for (const double p : {1.0, 1.001, 1.5, 2.0, 3.0, 50.0, infinite}) {
    CAPTURE(p);
    const Vector<double> d = direction(SteepestDescent{.p = p}, layout, g, zero);
    const double dual = p_norm_of(g, conjugate(p));
    CHECK_THAT(g.dot(d), WithinRel(dual, 1e-12));
    CHECK_THAT(p_norm_of(d, p), WithinRel(1.0, 1e-12));
    CHECK((direction(SteepestDescent{.p = p, .dual = true}, layout, g, zero) - dual * d).norm() < 1e-12 * dual * d.norm());
    CHECK((direction(SteepestDescent{.p = p}, layout, 1e150 * g, zero) - d).norm() < 1e-12 * d.norm());
    CHECK(direction(SteepestDescent{.p = p}, layout, zero, zero).norm() == 0);
    const Vector<double> unit = g / p_norm_of(g, p);
    if (p != 2) CHECK(g.dot(unit) < 0.99 * dual);
  }
  CHECK((direction(SteepestDescent{.p = 2, .dual = true}, layout, g, zero) - g).norm() < 1e-15 * g.norm());
  Vector<double> ties(17);
  ties.setConstant(-2);
  CHECK(direction(SteepestDescent{.p = 1}, layout, ties, zero) == -Vector<double>::Unit(17, 0));
}

TEST_CASE("Schatten: the same of the singular values of each block; p = inf is spectral descent") {
  for (const auto& [rows, cols] : {std::pair<Index, Index>{6, 4}, {4, 6}}) {
    const Matrix<double> G = gaussian(rows, cols, 2);
    const Vector<double> s = G.jacobiSvd().singularValues();
    for (const double p : {1.0, 1.2, 2.0, 4.0, infinite}) {
      const Matrix<double> D = direction(SchattenDescent{.p = p}, G);
      CHECK_THAT(G.cwiseProduct(D).sum(), WithinRel(p_norm_of(s, conjugate(p)), 1e-12));
      CHECK_THAT(p_norm_of(D.jacobiSvd().singularValues(), p), WithinRel(1.0, 1e-12));
      CHECK((direction(SchattenDescent{.p = p, .dual = true}, G) - p_norm_of(s, conjugate(p)) * D).norm() < 1e-12 * s.sum());
    }
    CHECK((direction(SchattenDescent{.p = infinite}, G) - direction(SpectralDescent{}, G)).norm() < 1e-14);
    CHECK((direction(SchattenDescent{.p = 2}, G) - G / G.norm()).norm() < 1e-13);
    CHECK((direction(SteepestDescent{.p = 3}, G) - direction(SchattenDescent{.p = 3}, G)).norm() > 0.1);
  }
  const Matrix<double> low = gaussian(5, 2, 3) * gaussian(2, 5, 4);
  CHECK(direction(SchattenDescent{.p = infinite}, low).jacobiSvd().singularValues()[2] < 1e-13);
}

TEST_CASE("p outside [1, inf] is refused with its value") {
  CHECK(thrown([] { SteepestDescent{.p = 0.5}.start<double>(Layout{}); }) == "SteepestDescent: .p is 0.5, it needs to be in [1, inf]");
  CHECK(thrown([] { SchattenDescent{}.start<double>(Layout{}); }) == "SchattenDescent: .p is nan, it needs to be in [1, inf]");
}
