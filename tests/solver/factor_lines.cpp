// SPDX-License-Identifier: MIT
#include <tacit/solver/factor_lines.hpp>

#include "catch.hpp"

using namespace tacit;

TEST_CASE("factors along a chain are those of the whole precision, inverted; lines without order those of each line alone") {
  const Index n = 5, k = 2;
  const detail::LineChain chain(n, {0, 1, 3, 2, 7});  // 0 1 3 2 4
  Random random(2, "factor lines");
  std::vector<Matrix<double>> P;
  std::vector<Vector<double>> h;
  for (Index i = 0; i < n; ++i) {
    Matrix<double> X(k, 3);
    for (Index s = 0; s < X.size(); ++s) X.data()[s] = random.normal();
    Matrix<double> G = Matrix<double>::Zero(k, k);
    for (Index a = 0; a < k; ++a)
      for (Index b = 0; b < k; ++b) G(a, b) = i == 2 ? 0 : X.row(a).dot(X.row(b));  // the third has no entries
    P.push_back(G);
    h.emplace_back(i == 2 ? Vector<double>::Zero(k) : Vector<double>(X.col(0)));
  }
  const auto gather = [&](Index i, Vector<double>& sum, Vector<double>& right) {
    const Matrix<double>& G = P[static_cast<std::size_t>(i)];
    sum << G(0, 0), G(1, 0), G(1, 1);
    right = h[static_cast<std::size_t>(i)];
    return Index(i == 2 ? 0 : 3);
  };
  for (const bool ordered : {true, false}) {
    detail::FactorLines lines(k, n, ordered ? &chain : nullptr, 0.8);
    lines.update(gather);
    // Covariance of the prior: v exp(-distance / 10) in units of the median step, 1; inverted with the data's precision.
    const double at[] = {0, 1, 3, 2, 7};
    Matrix<double> prior(n * k, n * k);
    for (Index i = 0; i < n; ++i)
      for (Index j = 0; j < n; ++j)
        for (Index a = 0; a < k; ++a)
          for (Index b = 0; b < k; ++b)
            prior(i * k + a, j * k + b) = a != b ? 0 : ordered ? 0.8 * std::exp(-std::abs(at[i] - at[j]) / 10) : i == j ? 0.8 : 0;
    Vector<double> column(n * k), right(n * k);
    detail::invert(prior, column);
    for (Index i = 0; i < n; ++i)
      for (Index a = 0; a < k; ++a) {
        right[i * k + a] = h[static_cast<std::size_t>(i)][a];
        for (Index b = 0; b < k; ++b) prior(i * k + a, i * k + b) += P[static_cast<std::size_t>(i)](a, b);
      }
    detail::invert(prior, column);
    for (Index i = 0; i < n; ++i)
      for (Index a = 0, p = 0; a < k; ++a) {
        CHECK(std::abs(lines.mean(a, i) - prior.row(i * k + a).dot(right)) < 1e-10);
        for (Index b = a; b < k; ++b, ++p)
          CHECK(std::abs(lines.moments(p, i) - prior(i * k + a, i * k + b) - lines.mean(a, i) * lines.mean(b, i)) < 1e-10);
      }
    CHECK((lines.mean.col(2).norm() > 1e-3) == ordered);  // neighbours speak for a line without entries
  }
}
