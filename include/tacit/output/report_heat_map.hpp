// SPDX-License-Identifier: MIT
#pragma once
// Heat maps as plain SVG: rows and columns with names, columns in groups, a number in every cell and a colour from light to dark along it,
// logarithmic where the values are positive and span more than a factor of 20. A cell without a value is hatched and says "-"; marked ones
// have a star or a dagger behind their number, and those with a dagger do not count for the range of the colours: what lies outside of it
// has the colour of its end. The picture keeps its size and is scrolled sideways where the screen is narrow, so that numbers stay legible.

#include <algorithm>
#include <cmath>
#include <string>
#include <vector>

#include "../core/check.hpp"
#include "report_axis.hpp"
#include "report_chart.hpp"

namespace tacit {

struct HeatMap {
  std::string title = {};
  std::vector<std::string> rows = {}, cols = {};
  std::vector<std::string> groups = {};  ///< of the columns, in equal parts, from left to right
  std::vector<double> values = {};       ///< row by row; NaN: nothing there
  std::vector<char> marked = {};         ///< as values, or empty: 0, 1 (a star) or 2 (a dagger)
  std::string star = {}, dagger = {};    ///< what they mean, for who points at a cell
  std::string col_label = {};            ///< what the columns are
};

namespace detail {

inline std::string short_number(double v) {
  const double size = std::abs(v);
  if (size != 0 && (size < 1e-2 || size >= 1e4)) {
    const int e = static_cast<int>(std::floor(std::log10(size) + 1e-12));
    const std::string mantissa = rounded(v / std::pow(10.0, e), 1);
    return with_minus(mantissa + "e" + std::to_string(e));
  }
  return with_minus(rounded(v, size < 1 ? 2 : size < 1000 ? 3 : 4));
}
/// From near white to dark blue; t in [0, 1].
inline std::string shade(double t) {
  static constexpr double ends[4][3] = {{247, 251, 240}, {168, 215, 190}, {54, 140, 180}, {16, 48, 110}};
  const double at = 3 * std::clamp(t, 0.0, 1.0);
  const auto k = std::min<std::size_t>(2, static_cast<std::size_t>(at));
  std::string out = "rgb(";
  for (std::size_t c = 0; c < 3; ++c)
    out += (c ? "," : "") + std::to_string(static_cast<int>(ends[k][c] + (at - static_cast<double>(k)) * (ends[k + 1][c] - ends[k][c])));
  return out + ")";
}

inline std::string heat_map_svg(const HeatMap& map) {
  const std::size_t rows = map.rows.size(), cols = map.cols.size();
  require(rows > 0 && cols > 0 && map.values.size() == rows * cols && (map.marked.empty() || map.marked.size() == rows * cols),
          "heat map '", map.title, "': ", rows, " rows and ", cols, " columns, ", map.values.size(), " values and ", map.marked.size(),
          " marks");
  require(map.groups.empty() || cols % map.groups.size() == 0, "heat map '", map.title, "': ", cols, " columns in ", map.groups.size(),
          " groups");
  double low = HUGE_VAL, high = -HUGE_VAL;
  bool none = true;
  for (const int least : {2, 3})  // marks below that count; where there are none, all
    for (std::size_t k = 0; k < map.values.size() && (least == 2 || none); ++k)
      if (std::isfinite(map.values[k]) && (map.marked.empty() || map.marked[k] < least)) {
        low = std::min(low, map.values[k]), high = std::max(high, map.values[k]);
        none = none && least == 3;
      }
  const bool log = low > 0 && high > 20 * low;
  const auto place = [&](double v) {
    v = std::clamp(v, low, high);
    return !(high > low) ? 0.35 : log ? std::log(v / low) / std::log(high / low) : (v - low) / (high - low);
  };
  std::size_t longest = 1;
  for (const std::string& name : map.rows) longest = std::max(longest, name.size());
  const double left = 10 + 7.2 * static_cast<double>(longest), cell = 46, tall = 24, gap = 6, top = map.groups.empty() ? 24 : 44;
  const std::size_t in_group = map.groups.empty() ? cols : cols / map.groups.size();
  const auto x_of = [&](std::size_t c) { return left + cell * static_cast<double>(c) + gap * static_cast<double>(c / in_group); };
  const double width = x_of(cols - 1) + cell + 4, height = top + tall * static_cast<double>(rows) + (map.col_label.empty() ? 6 : 24);
  const auto words = [](double x, double y, const char* anchor, const std::string& text, const std::string& more = "") {
    return "<text text-anchor=\"" + std::string(anchor) + "\" x=\"" + pixel(x) + "\" y=\"" + pixel(y) + "\"" + more + ">" + text +
           "</text>";
  };
  std::string svg =
      "<svg class=\"heat\" width=\"" + pixel(width) + "\" height=\"" + pixel(height) + "\" viewBox=\"0 0 " + pixel(width) + " " +
      pixel(height) + "\" role=\"img\" aria-label=\"" + html(map.title) +
      "\"><defs><pattern id=\"none\" width=\"6\" height=\"6\" patternUnits=\"userSpaceOnUse\" patternTransform=\"rotate(45)\">"
      "<rect width=\"6\" height=\"6\" fill=\"#f4f4f4\"/><line x1=\"0\" y1=\"0\" x2=\"0\" y2=\"6\" stroke=\"#ccc\" "
      "stroke-width=\"2\"/></pattern></defs>";
  for (std::size_t g = 0; g < map.groups.size(); ++g)
    svg += words((x_of(g * in_group) + x_of((g + 1) * in_group - 1) + cell) / 2, 15, "middle", html(map.groups[g]), " font-weight=\"600\"");
  for (std::size_t c = 0; c < cols; ++c) svg += words(x_of(c) + cell / 2, top - 7, "middle", html(map.cols[c]));
  for (std::size_t r = 0; r < rows; ++r) {
    const double y = top + tall * static_cast<double>(r);
    svg += words(left - 6, y + 16, "end", html(map.rows[r]));
    for (std::size_t c = 0; c < cols; ++c) {
      const double v = map.values[r * cols + c];
      const bool there = std::isfinite(v);
      const int mark = map.marked.empty() ? 0 : map.marked[r * cols + c];
      const double t = there ? place(v) : 0;
      svg += "<rect x=\"" + pixel(x_of(c)) + "\" y=\"" + pixel(y) + "\" width=\"" + pixel(cell - 1) + "\" height=\"" + pixel(tall - 1) +
             "\" fill=\"" + (there ? shade(t) : "url(#none)") + "\"><title>" +
             html(map.rows[r] + ", " + (map.groups.empty() ? "" : map.groups[c / in_group] + ", ") + map.cols[c] + ": " +
                  (there ? rounded(v, 6) : "no run")) +
             (mark && there ? " (" + (mark == 1 ? map.star : map.dagger) + ")" : "") + "</title></rect>" +
             words(x_of(c) + (cell - 1) / 2, y + 16, "middle",
                   (there ? short_number(v) : "\u2013") + (!there || !mark ? ""
                                                           : mark == 1     ? "*"
                                                                           : "\u2020"),
                   std::string(" pointer-events=\"none\"") + (t > 0.5 ? " style=\"fill:#fff\"" : ""));
    }
  }
  if (!map.col_label.empty()) svg += words(left, height - 6, "start", html(map.col_label));
  return svg + "</svg>";
}

inline std::string heat_map_figure(const HeatMap& map) {
  return "<figure class=\"heat\"><figcaption>" + html(map.title) + "</figcaption><div class=\"scroll\">" + heat_map_svg(map) +
         "</div></figure>\n";
}

}  // namespace detail
}  // namespace tacit
