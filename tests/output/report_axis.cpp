// SPDX-License-Identifier: MIT
#include <tacit/output/report_axis.hpp>

#include "catch.hpp"

using namespace tacit::detail;
using Catch::Matchers::WithinAbs;
using Catch::Matchers::WithinRel;

namespace {
std::string labels(const Axis& axis) {
  std::string text;
  for (const Tick& tick : axis.ticks)
    if (!tick.label.empty()) text += (text.empty() ? "" : " ") + tick.label;
  return text;
}
std::string power(const std::string& e) { return "10<tspan dy=\"-5\" font-size=\"10\">" + e + "</tspan>"; }
const std::string minus = "\xE2\x88\x92";
}  // namespace

TEST_CASE("linear axes have round ticks") {
  CHECK(labels(make_axis(0, 40000, false, false)) == "0 5,000 10,000 15,000 20,000 25,000 30,000 35,000 40,000");
  CHECK(labels(make_axis(-0.31, 0.52, false, false)) == minus + "0.3 " + minus + "0.2 " + minus + "0.1 0 0.1 0.2 0.3 0.4 0.5");
  CHECK(labels(make_axis(0, 4e-5, false, false)) == "0 5\xC2\xB7" + power(minus + "6") + " " + power(minus + "5") + " 1.5\xC2\xB7" +
                                                        power(minus + "5") + " 2\xC2\xB7" + power(minus + "5") + " 2.5\xC2\xB7" +
                                                        power(minus + "5") + " 3\xC2\xB7" + power(minus + "5") + " 3.5\xC2\xB7" +
                                                        power(minus + "5") + " 4\xC2\xB7" + power(minus + "5"));
  const Axis out = make_axis(3.2, 96.5, false, true);
  CHECK_THAT(out.low, WithinAbs(0, 1e-12));
  CHECK_THAT(out.high, WithinRel(100, 1e-12));
}

TEST_CASE("every linear range has a handful of ticks inside it") {
  for (double low : {-1e9, -3.0, 0.0, 1e-7, 12345.678})
    for (double range : {1e-9, 0.3, 1.0, 7.0, 1e8}) {
      if (range < 1e-11 * std::abs(low)) continue;
      const Axis axis = make_axis(low, low + range, false, false);
      CHECK(axis.ticks.size() >= 3);
      CHECK(axis.ticks.size() <= 13);
      for (const Tick& tick : axis.ticks) {
        CHECK(axis.position(tick.value) > -1e-6);
        CHECK(axis.position(tick.value) < 1 + 1e-6);
      }
    }
}

TEST_CASE("logarithmic axes have ticks at powers of ten, thinned where there are many") {
  CHECK(labels(make_axis(1e-6, 1, true, true)) == power(minus + "6") + " " + power(minus + "5") + " " + power(minus + "4") + " " +
                                                      power(minus + "3") + " " + power(minus + "2") + " " + power(minus + "1") + " 1");
  CHECK(labels(make_axis(1e-16, 1, true, true)).find(power(minus + "15")) == std::string::npos);
  CHECK(labels(make_axis(1, 300, true, false)) == "1 10 100");
  CHECK(labels(make_axis(1, 12, true, false)) == "1 2 5 10");
  CHECK(labels(make_axis(2.1, 3.9, true, false)) == "2.2 2.4 2.6 2.8 3 3.2 3.4 3.6 3.8");
  const Axis axis = make_axis(3e-4, 0.5, true, true);
  CHECK_THAT(axis.low, WithinRel(1e-4, 1e-12));
  CHECK_THAT(axis.high, WithinRel(1, 1e-12));
  CHECK_THAT(axis.position(1e-2), WithinAbs(0.5, 1e-12));
  CHECK(axis.shows(1));
  CHECK_FALSE(axis.shows(0));
  CHECK_FALSE(axis.shows(-1));
  CHECK_FALSE(axis.shows(HUGE_VAL));
}

TEST_CASE("single values and no values make an axis too") {
  for (bool log : {false, true}) {
    const Axis one = make_axis(3, 3, log, true);
    CHECK(one.low < 3);
    CHECK(one.high > 3);
    CHECK(one.ticks.size() >= 2);
    const Axis none = make_axis(HUGE_VAL, -HUGE_VAL, log, true);
    CHECK(none.low < none.high);
  }
  const Axis zero = make_axis(0, 0, false, true);
  CHECK(zero.low < 0);
  CHECK(zero.high > 0);
}

TEST_CASE("numbers on axes") {
  CHECK(tick_label(0) == "0");
  CHECK(tick_label(-2.5) == minus + "2.5");
  CHECK(tick_label(123456) == "123,456");
  CHECK(tick_label(1234.5) == "1,234.5");
  CHECK(tick_label(2.5e7) == "2.5\xC2\xB7" + power("7"));
  CHECK(tick_label(-1e-5) == minus + "1\xC2\xB7" + power(minus + "5"));
  CHECK(html("a<b> & \"c\"") == "a&lt;b&gt; &amp; &quot;c&quot;");
}
