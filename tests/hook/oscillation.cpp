// SPDX-License-Identifier: MIT
#include <tacit/hook/oscillation.hpp>

#include "catch.hpp"
#include "data/scratch.hpp"

using namespace tacit;
using Catch::Matchers::WithinAbs;

TEST_CASE("oscillations: period, amplitudes and directions of the end of a record; what is at rest, chaotic or too short is told") {
  std::vector<double> iteration, x, y, z, chaos;
  double q = 0.3;
  for (int t = 0; t < 100; ++t, q = 3.9 * q * (1 - q)) {
    const double s = t % 2 ? 1 : -1;
    iteration.push_back(t);
    x.push_back(5 + 0.3 * s), y.push_back(1 - 0.4 * s), z.push_back(2 + (t < 20 ? t : 20)), chaos.push_back(q);
  }
  Table table;
  table.add_column("iteration", iteration).add_column("x", x).add_column("y", y).add_column("z", z).add_column("chaos", chaos);
  const Oscillation two = find_oscillation(table, {"x", "y", "z"});
  CHECK(two.period == 2);
  CHECK((two.amplitudes - Vector<double>{{0.3, 0.4, 0}}).norm() < 1e-14);
  CHECK(two.dimension(1e-8) == 1);
  CHECK_THAT(two.rms[0], WithinAbs(0.5, 1e-14));
  CHECK_THAT(std::abs(two.directions.col(0).dot(Vector<double>{{0.6, -0.8, 0}})), WithinAbs(1, 1e-14));
  CHECK(find_oscillation(table, {"z"}).period == 1);
  const Oscillation none = find_oscillation(table, {"x", "chaos"});
  CHECK(none.period == 0);
  CHECK(none.mismatch > 0.1);
  CHECK(none.dimension(1e-3) == 2);
  const auto error = [&](const std::vector<std::string>& columns, const OscillationSettings& settings) {
    return scratch::error_of([&] { find_oscillation(table, columns, settings); });
  };
  CHECK(error({"x", "u", "v"}, {}) == "find_oscillation: the trajectory lacks 'u', 'v'; it has iteration, x, y, z, chaos");
  CHECK(scratch::mentions(error({"x"}, {.window = 200}), "the trajectory has 100 rows, the window 200"));
  CHECK(scratch::mentions(error({"x"}, {.window = 20}), ".window is 20, a period of 16 needs at least 32 rows"));
  Table every_other;
  every_other.add_column("iteration", std::vector<double>(100, 2.0)).add_column("x", x);
  CHECK(scratch::mentions(scratch::error_of([&] { find_oscillation(every_other, {"x"}); }), "the window needs every step"));
}
