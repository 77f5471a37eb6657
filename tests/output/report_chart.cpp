// SPDX-License-Identifier: MIT
#include <tacit/output/report_chart.hpp>

#include "../data/scratch.hpp"
#include "catch.hpp"

using namespace tacit;
using scratch::mentions;

namespace {
std::size_t count(const std::string& text, const std::string& part) {
  std::size_t found = 0;
  for (std::size_t at = text.find(part); at != std::string::npos; at = text.find(part, at + 1)) ++found;
  return found;
}
}  // namespace

TEST_CASE("a table is divided into curves") {
  Table table({"depth", "init", "iteration", "loss"});
  table.add({3, "a", 0, 1.0}).add({2, "a", 0, 2.0}).add({3, "a", 10, 0.5}).add({3, "b", 10, 0.25});
  const auto by_depth = curves(table, "iteration", "loss", {"depth"});
  REQUIRE(by_depth.size() == 2);
  CHECK(by_depth[0].name == "depth 3");
  CHECK(by_depth[0].x == std::vector<double>{0, 10, 10});
  CHECK(by_depth[0].y == std::vector<double>{1, 0.5, 0.25});
  CHECK(by_depth[1].name == "depth 2");
  const auto by_both = curves(table, "iteration", "loss", {"depth", "init"});
  REQUIRE(by_both.size() == 3);
  CHECK(by_both[2].name == "depth 3, init b");
  const auto all = curves(table, "iteration", "loss");
  REQUIRE(all.size() == 1);
  CHECK(all[0].name == "loss");
  CHECK(all[0].x.size() == 4);
  CHECK_THROWS_AS(curves(table, "iteration", "lost"), std::invalid_argument);
}

TEST_CASE("a chart shows its labels, a path per series, and its numbers") {
  const std::string chart = detail::chart_html({.title = "Loss <&>", .x_label = "iteration", .y_label = "error (1)"},
                                               {{"depth 2", {0, 1, 2}, {0, 5, 10}}, {"depth 3", {0, 2}, {10, 0}}});
  CHECK(mentions(chart, "<figcaption>Loss &lt;&amp;&gt;</figcaption>"));
  CHECK(mentions(chart, ">iteration</text>"));
  CHECK(mentions(chart, ">error (1)</text>"));
  CHECK(mentions(chart, "<path d=\"M84 344L438 179L792 14\"/>"));
  CHECK(mentions(chart, "<path d=\"M84 14L792 344\"/>"));
  CHECK(count(chart, "<button") == 2);
  CHECK(mentions(
      chart,
      R"({"x":[0,0,2],"y":[0,0,10],"series":[{"name":"depth 2","points":[[0,0],[1,5],[2,10]]},{"name":"depth 3","points":[[0,10],[2,0]]}]})"));
  CHECK_FALSE(mentions(chart, "class=\"note\""));
}

TEST_CASE("logarithmic axes place powers of ten at equal distances") {
  const std::string chart = detail::chart_html({.log_x = true, .log_y = true}, {{"", {1, 10, 100}, {1e-4, 1e-2, 1}}});
  CHECK(mentions(chart, "<path d=\"M84 344L438 179L792 14\"/>"));
  CHECK(count(chart, "<button") == 0);  // a single series without a name needs no legend
}

TEST_CASE("what an axis cannot show leaves a gap and is counted") {
  const double nan = std::nan("");
  const std::string linear = detail::chart_html({}, {{"a", {0, 1, 2, 3, 4}, {1, 0, nan, 1, HUGE_VAL}}});
  CHECK(mentions(linear, "<path d=\"M84 14L320 344M792 14\"/>"));
  CHECK(mentions(linear, "2 values are not shown: not finite."));
  const std::string log = detail::chart_html({.log_y = true}, {{"a", {0, 1, 2, 3}, {1, 0, 10, 1}}});
  CHECK(mentions(log, "1 value is not shown: not finite, or not above zero on a logarithmic axis."));
  CHECK(mentions(detail::chart_html({.log_y = true}, {{"a", {0, 1}, {0, -1}}}),
                 "There is nothing to show: no value is finite and above zero."));
  CHECK(mentions(detail::chart_html({}, {}), "There is nothing to show: no value is finite."));
}

TEST_CASE("long series are thinned, and keep their ends and their extremes") {
  Series series{"long", {}, {}};
  for (int k = 0; k <= 200000; ++k) {
    series.x.push_back(k);
    series.y.push_back(k == 77777 ? 50 : k == 123456 ? -50 : k % 2);
  }
  const detail::Axis x = detail::make_axis(0, 200000, false, false), y = detail::make_axis(-50, 50, false, true);
  std::size_t hidden = 0;
  const auto points = detail::thinned(series, x, y, hidden);
  CHECK(hidden == 0);
  CHECK(points.size() < 3000);
  CHECK(points.front().x == 0);
  CHECK(points.back().x == 200000);
  double low = 0, high = 0;
  for (std::size_t k = 0; k < points.size(); ++k) {
    low = std::min(low, points[k].y);
    high = std::max(high, points[k].y);
    CHECK(points[k].gap == (k == 0));
    if (k > 0) CHECK(points[k].x > points[k - 1].x);
  }
  CHECK(low == -50);
  CHECK(high == 50);
}

TEST_CASE("series that are points only have no path") {
  const std::string chart = detail::chart_html({}, {{"a", {0, 1, 2}, {1, 2, 3}, true}});
  CHECK(count(chart, "<circle cx") == 3);
  CHECK_FALSE(mentions(chart, "<path"));
}

TEST_CASE("names cannot end the script or the page's markup") {
  const std::string chart = detail::chart_html({.title = "</script>"}, {{"</script><b>", {0, 1}, {1, 2}}});
  CHECK(count(chart, "</script>") == 1);
  CHECK(mentions(chart, "\"name\":\"<\\/script><b>\""));
  CHECK_THROWS_WITH(detail::chart_html({.title = "T"}, {{"a", {0, 1}, {1}}}), "Report: series 'a' of chart 'T' has 2 x and 1 y values");
}
