// SPDX-License-Identifier: MIT
// The loss gradient in W's singular bases, against a gradient made entry by entry.
#include <tacit/hook/alignment.hpp>

#include "catch.hpp"
#include "example.hpp"

using namespace example;
using Catch::Matchers::WithinRel;

TEST_CASE("mean and deviation of |U^T G V|, on and off the diagonal") {
  const auto d = data();
  const Matrix<double> W = product(start());
  Matrix<double> G = Matrix<double>::Zero(4, 5);
  for (Index k = 0; k < d.count(); ++k) {
    const auto [i, j] = d.where[k];
    G(i, j) = 2 * (W(i, j) - d.y[k]) / 9;
  }
  const Eigen::JacobiSVD<Matrix<double>> svd(W, Eigen::ComputeThinU | Eigen::ComputeThinV);
  std::vector<double> on, off;
  for (Index a = 0; a < 4; ++a)
    for (Index b = 0; b < 4; ++b) (a == b ? on : off).push_back(std::abs(svd.matrixU().col(a).dot(G * svd.matrixV().col(b))));
  const auto mean = [](const std::vector<double>& x) { return std::accumulate(x.begin(), x.end(), 0.0) / static_cast<double>(x.size()); };
  const auto deviation = [&](const std::vector<double>& x) {
    double sum = 0;
    for (double v : x) sum += (v - mean(x)) * (v - mean(x));
    return std::sqrt(sum / static_cast<double>(x.size()));
  };
  watch(1, [&](const auto& now) {
    if (now.closing()) return;
    const auto [on_mean, on_deviation, off_mean, off_deviation] = gradient_alignment_with_bases()(now);
    CHECK_THAT(on_mean, WithinRel(mean(on), 1e-12));
    CHECK_THAT(on_deviation, WithinRel(deviation(on), 1e-12));
    CHECK_THAT(off_mean, WithinRel(mean(off), 1e-12));
    CHECK_THAT(off_deviation, WithinRel(deviation(off), 1e-12));
  });
}
