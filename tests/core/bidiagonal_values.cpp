// SPDX-License-Identifier: MIT
#include <tacit/core/bidiagonal_values.hpp>

#include "catch.hpp"

#include <algorithm>
#include <cmath>
#include <functional>
#include <numbers>
#include <random>

using namespace tacit;

namespace {

template <class S>
struct Bidiagonal {
  Vector<S> a, b;
  Index sweeps = 0;

  Vector<S> values(Index sweep_limit) {
    detail::QdWorkspace<S> ws;
    Vector<S> sigma(a.size());
    detail::bidiagonal_singular_values(a.data(), b.data(), a.size(), ws, sigma.data(), sweep_limit);
    sweeps = ws.sweeps;
    std::sort(sigma.data(), sigma.data() + sigma.size(), std::greater<>());
    return sigma;
  }
};

/// Families on which shift strategies have stumbled: graded both ways, clustered, glued, nearly split, zeros on the diagonal, random exponents.
template <class S>
Bidiagonal<S> family(int kind, Index n, unsigned seed) {
  std::mt19937_64 engine(seed);
  std::uniform_real_distribution<double> uniform(-1, 1);
  Bidiagonal<S> B{Vector<S>(n), Vector<S>(n)};
  for (Index i = 0; i < n; ++i) {
    double a = 1, b = 1;
    if (kind == 1) a = std::pow(0.7, double(i)), b = a;
    if (kind == 2) a = std::pow(0.7, double(n - i)), b = a;
    if (kind == 3) a = 1, b = 1e-7 * uniform(engine);
    if (kind == 4) a = 1 + std::abs(double(i % 10) - 5), b = i % 10 == 9 ? 1e-6 : 1;
    if (kind == 5) a = i % 7 == 0 ? 0 : uniform(engine), b = uniform(engine);
    if (kind == 6) a = std::pow(10.0, 6 * uniform(engine)), b = std::pow(10.0, 6 * uniform(engine));
    if (kind == 7) a = uniform(engine), b = i % 5 == 0 ? 0 : uniform(engine);
    if (kind == 8) a = std::sqrt(double(n - i)), b = std::sqrt(double(n - i - 1));
    if (kind == 9) a = i + 1 == n ? 1e-12 : 1, b = 1;
    if (kind == 10) a = std::pow(10.0, -2.0 * double(i)), b = a * 1e3;
    B.a[i] = S(a), B.b[i] = S(b);
  }
  return B;
}

}  // namespace

TEMPLATE_TEST_CASE("ones on both diagonals: sigma_k = 2 cos(k pi / (2 n + 1))", "", double, float) {
  using S = TestType;
  for (const Index n : {1, 2, 3, 10, 64, 255}) {
    Bidiagonal<S> ones{Vector<S>::Ones(n), Vector<S>::Ones(n)};
    const auto sigma = ones.values(100 * n);
    for (Index k = 1; k <= n; ++k)
      CHECK_THAT(double(sigma[k - 1]), Catch::Matchers::WithinAbs(2 * std::cos(double(k) * std::numbers::pi / double(2 * n + 1)),
                                                                  64 * double(std::numeric_limits<S>::epsilon())));
  }
}

TEMPLATE_TEST_CASE("sweeps and bisection agree on every family, and sweeps alone suffice", "", double, float) {
  using S = TestType;
  for (int kind = 0; kind <= 10; ++kind)
    for (const Index n : {1, 2, 3, 4, 7, 30, 100}) {
      INFO("family " << kind << ", n = " << n);
      auto B = family<S>(kind, n, unsigned(17 * kind + n));
      const Index limit = 16 * n + 64;
      const auto sigma = B.values(limit);
      CHECK(B.sweeps < limit);
      CHECK((sigma - B.values(0)).cwiseAbs().maxCoeff() <= 64 * std::numeric_limits<S>::epsilon() * sigma[0]);
    }
}

TEST_CASE("the count of values below a bound is monotone and complete") {
  const auto B = family<double>(4, 40, 1);
  const Vector<double> q = B.a.cwiseAbs2(), e = B.b.cwiseAbs2();
  Index before = 0;
  for (double x = 0; x <= 200; x += 0.5) {
    const Index count = detail::QdIteration<double>::count_below(q.data(), e.data(), 0, 39, x);
    CHECK(count >= before);
    before = count;
  }
  CHECK(detail::QdIteration<double>::count_below(q.data(), e.data(), 0, 39, 0.0) == 0);
  CHECK(before == 40);
}
