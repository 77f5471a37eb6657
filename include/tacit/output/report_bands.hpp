// SPDX-License-Identifier: MIT
#pragma once
// Small line charts with bands, as plain SVG that is legible on a phone: a median as a line, a low and a high curve as a shaded band
// around it. Drawn with a logarithmic and a linear axis at once, the page shows one of the two (class "log" or "lin"; report_sortable.hpp
// has the style and the switch). Without a script the logarithmic one stands. What an axis cannot show (NaN, infinities, zero or less on a
// logarithmic axis) leaves a gap.

#include <algorithm>
#include <cmath>
#include <string>
#include <vector>

#include "../core/check.hpp"
#include "report_axis.hpp"
#include "report_chart.hpp"

namespace tacit {

struct BandSeries {
  std::string name;
  std::vector<double> x = {}, y = {}, low = {}, high = {};  ///< low and high: both as long as y, or empty
  std::size_t colour = 0;                                   ///< the same number is the same colour in every chart
  bool steps = false;                                       ///< constant between its points
};

struct BandChart {
  std::string title = {}, x_label = {}, y_label = {};
  bool log_x = false;
  bool both = true;  ///< of the y axis: logarithmic and linear; else linear alone
  double least = 0;  ///< of logarithmic y axes: what is lower is drawn here; 0: no limit
};

namespace detail {

/// The drawing area of a small chart, in the SVG's units.
struct SmallArea {
  static constexpr double width = 480, height = 330, left = 62, right = 470, top = 10, bottom = 278;
  static double px(const Axis& axis, double x) { return left + (right - left) * axis.position(x); }
  static double py(const Axis& axis, double y) { return bottom - (bottom - top) * axis.position(y); }
};

inline std::string small_axes(const BandChart& chart, const Axis& x, const Axis& y) {
  using P = SmallArea;
  std::string svg = "<g class=\"grid\">", text;
  const auto line = [&](double x1, double y1, double x2, double y2) {
    svg += "<line x1=\"" + pixel(x1) + "\" y1=\"" + pixel(y1) + "\" x2=\"" + pixel(x2) + "\" y2=\"" + pixel(y2) + "\"/>";
  };
  const auto words = [&](const char* anchor, double at_x, double at_y, const std::string& label) {
    text += std::string("<text text-anchor=\"") + anchor + "\" x=\"" + pixel(at_x) + "\" y=\"" + pixel(at_y) + "\">" + label + "</text>";
  };
  double last = -1e9;
  for (const Tick& tick : x.ticks) {
    if (tick.label.empty()) continue;
    const double at = P::px(x, tick.value);
    line(at, P::top, at, P::bottom);
    if (at - last < 44) continue;  // a label may not run into the one before
    last = at;
    words("middle", std::min(at, P::right - 8), P::bottom + 18, tick.label);
  }
  for (const Tick& tick : y.ticks) {
    if (tick.label.empty()) continue;
    line(P::left, P::py(y, tick.value), P::right, P::py(y, tick.value));
    words("end", P::left - 6, P::py(y, tick.value) + 4.5, tick.label);
  }
  const std::string middle = pixel((P::top + P::bottom) / 2);
  return svg + "</g><g class=\"ticks\">" + text + "</g><rect class=\"frame\" x=\"" + pixel(P::left) + "\" y=\"" + pixel(P::top) +
         "\" width=\"" + pixel(P::right - P::left) + "\" height=\"" + pixel(P::bottom - P::top) +
         "\"/><text class=\"label\" text-anchor=\"middle\" x=\"" + pixel((P::left + P::right) / 2) + "\" y=\"" + pixel(P::bottom + 42) +
         "\">" + html(chart.x_label) + "</text><text class=\"label\" text-anchor=\"middle\" transform=\"rotate(-90 14 " + middle +
         ")\" x=\"14\" y=\"" + middle + "\">" + html(chart.y_label) + "</text>";
}

/// One SVG with one kind of y axis.
inline std::string band_svg(const BandChart& chart, const std::vector<BandSeries>& series, bool log_y) {
  using P = SmallArea;
  double low[] = {HUGE_VAL, HUGE_VAL}, high[] = {-HUGE_VAL, -HUGE_VAL};
  const auto usable = [&](double x, double y) {
    return std::isfinite(x) && std::isfinite(y) && (!chart.log_x || x > 0) && (!log_y || y > 0);
  };
  const auto lifted = [&](double y) { return log_y && y > 0 ? std::max(y, chart.least) : y; };
  for (const BandSeries& s : series) {
    require(s.x.size() == s.y.size() && (s.low.empty() || s.low.size() == s.y.size()) && s.low.size() == s.high.size(), "report: series '",
            s.name, "' of chart '", chart.title, "' has ", s.x.size(), " x, ", s.y.size(), " y, ", s.low.size(), " low and ", s.high.size(),
            " high values");
    for (const std::vector<double>* values : {&s.y, &s.low, &s.high})
      for (std::size_t k = 0; k < values->size(); ++k) {
        const double y = lifted((*values)[k]);
        if (!usable(s.x[k], y)) continue;
        low[0] = std::min(low[0], s.x[k]), high[0] = std::max(high[0], s.x[k]);
        low[1] = std::min(low[1], y), high[1] = std::max(high[1], y);
      }
  }
  const Axis x = make_axis(low[0], high[0], chart.log_x, false), y = make_axis(low[1], high[1], log_y, true);
  std::string drawn;
  for (const BandSeries& s : series) {
    std::string path, band, back;
    bool gap = true;
    double before = 0;
    for (std::size_t k = 0; k < s.x.size(); ++k) {
      const double at = lifted(s.y[k]);
      if (!usable(s.x[k], at)) {
        gap = true;
        continue;
      }
      const std::string here = pixel(P::px(x, s.x[k]));
      if (s.steps && !gap) path += "L" + here + " " + pixel(before);
      before = P::py(y, at);
      path.append(gap ? "M" : "L").append(here).append(" ").append(pixel(before));
      gap = false;
    }
    for (std::size_t k = 0; k < s.low.size(); ++k) {
      const double l = lifted(s.low[k]), h = lifted(s.high[k]);
      if (!usable(s.x[k], l) || !usable(s.x[k], h)) continue;
      const std::string here = pixel(P::px(x, s.x[k]));
      band.append(band.empty() ? "M" : "L").append(here).append(" ").append(pixel(P::py(y, h)));
      back = "L" + here + " " + pixel(P::py(y, l)) + back;
    }
    drawn +=
        "<g data-series=\"" + std::to_string(s.colour) + "\" " + stroke(s.colour) + "><title>" + html(s.name) + "</title>" +
        (band.empty() ? "" : "<path class=\"band\" style=\"fill:" + stroke(s.colour).substr(8, 7) + "\" d=\"" + band + back + "Z\"/>") +
        "<path d=\"" + path + "\"/></g>";
  }
  if (low[0] > high[0])
    drawn = "<text text-anchor=\"middle\" x=\"" + pixel((P::left + P::right) / 2) + "\" y=\"140\">There is nothing to show.</text>";
  return std::string("<svg class=\"") + (chart.both ? log_y ? "log" : "lin" : "one") +
         "\" viewBox=\"0 0 480 330\" role=\"img\" aria-label=\"" + html(chart.title + ": " + chart.y_label + " over " + chart.x_label) +
         "\">" + small_axes(chart, x, y) + "<g class=\"series\">" + drawn + "</g></svg>";
}

/// The figure, with both kinds of y axis if the chart asks for them.
inline std::string band_figure(const BandChart& chart, const std::vector<BandSeries>& series) {
  return "<figure class=\"small\"><figcaption>" + html(chart.title) + "</figcaption><div class=\"plot\">" +
         (chart.both ? band_svg(chart, series, true) : "") + band_svg(chart, series, false) + "</div></figure>\n";
}

/// One legend for all small charts that follow it up to the end of its section: buttons that hide and show a colour.
inline std::string band_legend(const std::vector<std::string>& names) {
  std::string out = "<div class=\"legend shared\">";
  for (std::size_t k = 0; k < names.size(); ++k)
    out += "<button type=\"button\" data-series=\"" + std::to_string(k) + "\" aria-pressed=\"true\"><svg width=\"26\" height=\"10\">" +
           "<line x1=\"1\" y1=\"5\" x2=\"25\" y2=\"5\" " + stroke(k) + "/></svg>" + html(names[k]) + "</button>";
  return out + "</div>\n";
}

}  // namespace detail
}  // namespace tacit
