// SPDX-License-Identifier: MIT
// Widths in a column of which nothing is known.
#include <tacit/compare/local_widths.hpp>
#include <tacit/observation/data.hpp>

#include "catch.hpp"

using namespace tacit;

namespace {

/// 40 x 30, column j around a level of its own; the last column has no entries.
struct Levels {
  Matrix<double> truth{40, 30}, seen;
  explicit Levels(std::uint64_t seed) {
    Random random(seed, "levels");
    for (Index j = 0; j < 30; ++j) {
      const double level = 3 * random.normal();
      for (double& x : truth.col(j)) x = level + 0.3 * random.normal();
    }
    seen = truth;
    seen.col(29).setConstant(std::numeric_limits<double>::quiet_NaN());
  }
  /// Errors of a fit that knows the levels.
  HalfWidths widths(const Scales& scales) const {
    const Data<double> data = observed(seen);
    detail::HeldOutErrors held(data.where.shape());
    Random random(9, "errors");
    for (Index k = 0; k < data.count(); ++k) held.add(data.where, k, 0.3 * std::abs(random.normal()), k % 10);
    held.at_random = held.error.size();
    return detail::LocalWidths<Entries>(data, scales, held, 0.9).widths();
  }
};

}  // namespace

TEST_CASE("a column without entries is as far from the mean of its rows as the other columns are") {
  double inside = 0;
  for (std::uint64_t seed = 1; seed <= 40; ++seed) {
    const Levels task(seed);
    const HalfWidths half = task.widths({});
    for (Index i = 0; i < 40; ++i) inside += std::abs(task.truth(i, 29) - task.seen.row(i).head(29).mean()) <= half.at(i, 29);
    CHECK(half.at(0, 3) < 0.7);  // where entries are
  }
  INFO("covered " << inside / 1600);
  CHECK(inside / 1600 > 0.85);
}

namespace {

/// Scales of columns from 1 to `ratio`.
Scales of_columns(double ratio) {
  Vector<double> scale(30);
  for (Index j = 0; j < 30; ++j) scale[j] = std::pow(ratio, static_cast<double>(j) / 29);
  return {{Vector<double>(), Vector<double>::Zero(30)}, {Vector<double>(), scale}, {}};
}

}  // namespace

TEST_CASE("where columns are in different units, that of one without entries is unknown, and its intervals infinite") {
  const HalfWidths half = Levels(1).widths(of_columns(1000));
  CHECK(std::isinf(half.at(4, 29)));
  CHECK(std::isfinite(half.at(4, 28)));
}

TEST_CASE(
    "scales that differ little leave a column without entries at least as far off as in the units of the file, and its intervals finite") {
  for (std::uint64_t seed = 1; seed <= 5; ++seed) {
    const Levels task(seed);
    const double scaled = task.widths(of_columns(3)).at(4, 29);
    CHECK(scaled >= 0.99 * task.widths({}).at(4, 29));
    CHECK(std::isfinite(scaled));
  }
}
