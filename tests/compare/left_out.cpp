// SPDX-License-Identifier: MIT
// Methods that would not come to an end in their time, and descents that have it.
#include <tacit/compare/folds.hpp>
#include <tacit/compare/impl/methods.hpp>

#include "catch.hpp"

using namespace tacit;

namespace {

/// Rank 2, or nothing, and noise of half its size, in rows whose scales differ by a thousand times.
TrainTest<double> badly_scaled(double size) {
  Random random(1, "badly scaled");
  const auto normal = [&](Index n) { return Vector<double>(Vector<double>::NullaryExpr(n, [&](Index) { return random.normal(); })); };
  const Vector<double> u = normal(200), v = normal(80), s = normal(200), t = normal(80);
  Matrix<double> W(200, 80);
  for (Index i = 0; i < 200; ++i)
    for (Index j = 0; j < 80; ++j) {
      const double z = size * (u[i] * v[j] + s[i] * t[j]) + 0.5 * random.normal();
      W(i, j) = random.below(10) < 7 ? std::pow(10.0, static_cast<double>(i % 7) / 2) * z : std::nan("");
    }
  return hold_out_entries(observed(W), {.test = 0.15});
}
/// The noise and the mean alone, relative to the spread of each row as the scales take it.
struct Reference {
  double noise, mean;
};
Reference reference(const TrainTest<double>& parts) {
  const Scales scales = scales_of(parts.train, {0});
  Reference r{0, 0};
  for (Index k = 0; k < parts.test.count(); ++k) {
    const double size = std::pow(10.0, static_cast<double>(parts.test.where[k].row % 7) / 2);
    r.noise += std::pow(0.5 * size / scales.unit(parts.test.where, k).scale, 2);
  }
  const Vector<double> y = scales.taken_off(parts.test).y;
  r.mean = std::sqrt(y.squaredNorm() / static_cast<double>(y.size()));
  r.noise = std::sqrt(r.noise / static_cast<double>(y.size()));
  return r;
}

}  // namespace

TEST_CASE("descents learn a table whose rows differ by a thousand times, once rows have scales; of pure noise they learn nothing") {
  for (const Index depth : {2, 3}) {
    DeepGrid grid{.depth = depth, .by = depth == 2 ? Simplicity::decay : Simplicity::stopping, .width = 6};
    const auto method =
        detail::scaled(detail::descent("descent", grid, true), {.modes = {0}, .by_spread = true, .relative = true, .lines = 0});
    const auto planted = badly_scaled(1), noise = badly_scaled(0);
    const double error = method.tune(planted.train, planted.test, 1, 1e9).validation_rmse;
    CHECK(error < 1.2 * reference(planted).noise);
    CHECK(error < 0.6 * reference(planted).mean);
    CHECK_THAT(method.tune(noise.train, noise.test, 1, 1e9).validation_rmse, Catch::Matchers::WithinRel(reference(noise).mean, 0.02));
  }
}

TEST_CASE("a descent is as wide as a hundred steps in its time allow, and left out where that is nothing") {
  const auto parts = badly_scaled(1);
  const auto settings = [&](double seconds, Index width, bool may_leave_out) {
    const DeepGrid grid{.depth = 2, .width = width, .iterations = 5, .seconds = seconds};
    return detail::descent("depth 2", grid, may_leave_out).tune(parts.train, parts.test, 1, 1e9).settings;
  };
  const auto m = static_cast<double>(parts.train.count());
  const std::string with_time = settings(1e6, 0, true);
  CHECK(!with_time.starts_with("left out"));
  CHECK(!with_time.starts_with("width 7,"));
  CHECK(settings(7.5 * 600 * m / 2e9, 0, true).starts_with("width 7,"));
  CHECK(settings(3.9 * 600 * m / 2e9, 0, true).starts_with("left out: 100 steps at width 4 would take about "));
  CHECK(settings(7.5 * 600 * m / 2e9, 8, true).starts_with("left out: 100 steps at width 8 would take about "));
  CHECK(settings(3.9 * 600 * m / 2e9, 0, false).starts_with("width 3,"));  // where nothing else of ours could be chosen
  CHECK(detail::too_dear(30, "sweeps", 1e9, 10) == "left out: 30 sweeps would take about 15 s, there are 10 s");
  CHECK(detail::too_dear(30, "sweeps", 1e9, 20).empty());
}

TEST_CASE("what is left out is never chosen") {
  const double nan = std::nan("");
  std::vector<MethodResult> methods(3);
  for (MethodResult& method : methods) method.choosable = true;
  methods[0].ours = methods[1].ours = true;
  methods[0].rmse = methods[0].validation_rmse = nan;
  methods[1].rmse = methods[1].validation_rmse = 2;
  methods[2].rmse = methods[2].validation_rmse = nan;
  const auto never = [](std::size_t, std::size_t) { return false; };
  CHECK(detail::winner_of(methods, never) == 1);
  methods[0].rmse = methods[0].validation_rmse = 1;
  CHECK(detail::winner_of(methods, never) == 0);
}
