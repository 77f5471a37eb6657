// SPDX-License-Identifier: MIT
#pragma once
// A line chart as one HTML <figure>: SVG that is legible without any script, and its numbers as JSON for the hover and the legend
// (report_page.hpp). Values that an axis cannot show (NaN, infinities, zero or less on a logarithmic one) leave gaps, and are counted below the chart.
// Points that fall into one column of pixels are thinned to first, lowest, highest and last, which changes no pixel of the curve.

#include <limits>
#include <map>
#include <string>
#include <utility>
#include <vector>

#include "../core/scalar.hpp"
#include "../io/json_writer.hpp"
#include "../io/table.hpp"
#include "report_axis.hpp"

namespace tacit {

struct Series {
  std::string name;
  std::vector<double> x, y;
  bool points = false;  ///< markers only, no line between them
};

struct Chart {
  std::string title = {};
  std::string x_label = {}, y_label = {};  ///< with units:  "wall time (s)",  "iteration",  "relative error (1)"
  bool log_x = false, log_y = false;
};

/// One curve of column `y` over column `x` for each value of the columns `by`, named after them ("depth 3"), in order of appearance.
inline std::vector<Series> curves(const Table& table, const std::string& x, const std::string& y, const std::vector<std::string>& by = {}) {
  const std::vector<double> xs = table.numbers(x), ys = table.numbers(y);
  std::vector<Series> found;
  std::map<std::string, std::size_t> known;
  for (Index r = 0; r < table.rows(); ++r) {
    std::string name;
    for (const std::string& column : by) {
      const Cell cell = table.at(r, column);
      name += (name.empty() ? "" : ", ") + column + " " + (cell.is_text() || cell.is_integer() ? cell.text() : rounded(cell.number(), 4));
    }
    const auto [at, fresh] = known.emplace(name, found.size());
    if (fresh) found.push_back({by.empty() ? y : name, {}, {}});
    found[at->second].x.push_back(xs[static_cast<std::size_t>(r)]);
    found[at->second].y.push_back(ys[static_cast<std::size_t>(r)]);
  }
  return found;
}

namespace detail {

/// The drawing area inside the SVG, in its units (pixels at full width).
struct PlotArea {
  static constexpr double width = 820, height = 400, left = 84, right = 792, top = 14, bottom = 344;
  static double px(const Axis& axis, double x) { return left + (right - left) * axis.position(x); }
  static double py(const Axis& axis, double y) { return bottom - (bottom - top) * axis.position(y); }
};

inline std::string pixel(double v) { return shortest(std::round(v * 10) / 10); }

/// Colours that stay apart for colour-blind readers and in grey (after Okabe and Ito); then the same ones dashed.
inline std::string stroke(std::size_t series) {
  static constexpr const char* colours[] = {"#0072b2", "#d55e00", "#009e73", "#b0508e", "#e69f00", "#3aa6dd", "#222222", "#8c6d1f"};
  static constexpr const char* dashes[] = {"", " stroke-dasharray=\"7 4\"", " stroke-dasharray=\"2 3\"", " stroke-dasharray=\"9 3 2 3\""};
  return std::string("stroke=\"") + colours[series % 8] + "\"" + dashes[series / 8 % 4];
}

struct PlotPoint {
  double x, y;
  bool gap;  ///< nothing is drawn between the point before and this one
};

/// What is drawn of a series.
inline std::vector<PlotPoint> thinned(const Series& series, const Axis& x, const Axis& y, std::size_t& hidden) {
  std::vector<PlotPoint> shown, column;
  bool gap = true;
  double current = 0;
  const auto flush = [&] {
    if (column.size() > 4) {
      const auto lower = [](const PlotPoint& a, const PlotPoint& b) { return a.y < b.y; };
      std::size_t keep[] = {0, static_cast<std::size_t>(std::min_element(column.begin(), column.end(), lower) - column.begin()),
                            static_cast<std::size_t>(std::max_element(column.begin(), column.end(), lower) - column.begin()),
                            column.size() - 1};
      std::sort(std::begin(keep), std::end(keep));
      for (std::size_t k = 0; k < 4; ++k)
        if (k == 0 || keep[k] != keep[k - 1]) shown.push_back(column[keep[k]]);
    } else {
      shown.insert(shown.end(), column.begin(), column.end());
    }
    column.clear();
  };
  for (std::size_t k = 0; k < series.x.size(); ++k) {
    if (!x.shows(series.x[k]) || !y.shows(series.y[k])) {
      ++hidden;
      gap = true;
      continue;
    }
    const double here = std::floor(PlotArea::px(x, series.x[k]));
    if (gap || here != current) flush();
    current = here;
    column.push_back({series.x[k], series.y[k], gap});
    gap = false;
  }
  flush();
  return shown;
}

inline std::string axes_svg(const Chart& chart, const Axis& x, const Axis& y) {
  using P = PlotArea;
  std::string svg = "<g class=\"grid\">";
  const auto line = [&](double x1, double y1, double x2, double y2, bool minor) {
    svg += "<line" + std::string(minor ? " class=\"minor\"" : "") + " x1=\"" + pixel(x1) + "\" y1=\"" + pixel(y1) + "\" x2=\"" + pixel(x2) +
           "\" y2=\"" + pixel(y2) + "\"/>";
  };
  for (const Tick& tick : x.ticks) line(P::px(x, tick.value), P::top, P::px(x, tick.value), P::bottom, tick.label.empty());
  for (const Tick& tick : y.ticks) line(P::left, P::py(y, tick.value), P::right, P::py(y, tick.value), tick.label.empty());
  svg += "</g><g class=\"ticks\">";
  for (const Tick& tick : x.ticks)
    if (!tick.label.empty())
      svg += "<text text-anchor=\"middle\" x=\"" + pixel(P::px(x, tick.value)) + "\" y=\"" + pixel(P::bottom + 20) + "\">" + tick.label +
             "</text>";
  for (const Tick& tick : y.ticks)
    if (!tick.label.empty())
      svg += "<text text-anchor=\"end\" x=\"" + pixel(P::left - 8) + "\" y=\"" + pixel(P::py(y, tick.value) + 4.5) + "\">" + tick.label +
             "</text>";
  const std::string middle = pixel((P::top + P::bottom) / 2);
  return svg + "</g><rect class=\"frame\" x=\"" + pixel(P::left) + "\" y=\"" + pixel(P::top) + "\" width=\"" + pixel(P::right - P::left) +
         "\" height=\"" + pixel(P::bottom - P::top) + "\"/><text class=\"label\" text-anchor=\"middle\" x=\"" +
         pixel((P::left + P::right) / 2) + "\" y=\"" + pixel(P::bottom + 46) + "\">" + html(chart.x_label) +
         "</text><text class=\"label\" text-anchor=\"middle\" transform=\"rotate(-90 18 " + middle + ")\" x=\"18\" y=\"" + middle + "\">" +
         html(chart.y_label) + "</text>";
}

/// One series: a path with gaps, and markers where there are few points (or nothing but points).
inline std::string series_svg(const std::vector<PlotPoint>& points, const Axis& x, const Axis& y, std::size_t index, bool only_points) {
  std::string path, dots;
  for (std::size_t k = 0; k < points.size(); ++k) {
    const std::string px = pixel(PlotArea::px(x, points[k].x)), py = pixel(PlotArea::py(y, points[k].y));
    path.append(points[k].gap ? "M" : "L").append(px).append(" ").append(py);
    const bool alone = points[k].gap && (k + 1 == points.size() || points[k + 1].gap);
    if (only_points || alone || points.size() <= 30)
      dots.append("<circle cx=\"").append(px).append("\" cy=\"").append(py).append("\" r=\"3\"/>");
  }
  return "<g data-series=\"" + std::to_string(index) + "\" " + stroke(index) + ">" + (only_points ? "" : "<path d=\"" + path + "\"/>") +
         dots + "</g>";
}

inline std::string chart_html(const Chart& chart, const std::vector<Series>& series) {
  double low[] = {HUGE_VAL, HUGE_VAL}, high[] = {-HUGE_VAL, -HUGE_VAL};
  for (const Series& s : series) {
    require(s.x.size() == s.y.size(), "Report: series '", s.name, "' of chart '", chart.title, "' has ", s.x.size(), " x and ", s.y.size(),
            " y values");
    for (std::size_t k = 0; k < s.x.size(); ++k) {
      const double v[] = {s.x[k], s.y[k]};
      if (!std::isfinite(v[0]) || !std::isfinite(v[1]) || (chart.log_x && v[0] <= 0) || (chart.log_y && v[1] <= 0)) continue;
      for (int d = 0; d < 2; ++d) low[d] = std::min(low[d], v[d]), high[d] = std::max(high[d], v[d]);
    }
  }
  const Axis x = make_axis(low[0], high[0], chart.log_x, false), y = make_axis(low[1], high[1], chart.log_y, true);
  const auto axis_json = [](const Axis& a) {
    return std::string("[") + (a.log ? "1" : "0") + "," + json(a.low) + "," + json(a.high) + "]";
  };

  std::string drawn, legend, data = "{\"x\":" + axis_json(x) + ",\"y\":" + axis_json(y) + ",\"series\":[";
  std::size_t hidden = 0;
  for (std::size_t s = 0; s < series.size(); ++s) {
    const std::vector<PlotPoint> points = thinned(series[s], x, y, hidden);
    drawn += series_svg(points, x, y, s, series[s].points);
    if (series.size() > 1 || !series[s].name.empty())
      legend += "<button type=\"button\" data-series=\"" + std::to_string(s) + "\" aria-pressed=\"true\">" +
                "<svg width=\"26\" height=\"10\"><" +
                (series[s].points ? "circle fill=\"#fff\" cx=\"13\" cy=\"5\" r=\"3\" " : "line x1=\"1\" y1=\"5\" x2=\"25\" y2=\"5\" ") +
                stroke(s) + "/></svg>" + html(series[s].name) + "</button>";
    data += (s ? ",{\"name\":" : "{\"name\":") + json(series[s].name) + ",\"points\":[";
    for (std::size_t k = 0; k < points.size(); ++k)
      data += (k ? ",[" : "[") + rounded(points[k].x, 7) + "," + rounded(points[k].y, 5) + "]";
    data += "]}";
  }
  data += "]}";
  for (std::size_t at = data.find("</"); at != std::string::npos; at = data.find("</", at + 3))
    data.insert(at + 1, "\\");  // may not end the <script>

  std::string note;
  if (low[0] > high[0])
    note = "There is nothing to show: no value is finite" + std::string(chart.log_x || chart.log_y ? " and above zero." : ".");
  else if (hidden)
    note = std::to_string(hidden) + (hidden == 1 ? " value is" : " values are") + " not shown: not finite" +
           (chart.log_x || chart.log_y ? ", or not above zero on a logarithmic axis." : ".");
  return "<figure class=\"chart\"><figcaption>" + html(chart.title) +
         "</figcaption><div class=\"plot\"><svg viewBox=\"0 0 820 400\" role=\"img\" aria-label=\"" +
         html(chart.title + ": " + chart.y_label + " over " + chart.x_label) + "\">" + axes_svg(chart, x, y) + "<g class=\"series\">" +
         drawn + "</g><g class=\"hover\"></g></svg><div class=\"tip\" hidden></div></div><div class=\"legend\">" + legend + "</div>" +
         (note.empty() ? "" : "<p class=\"note\">" + note + "</p>") + "<script type=\"application/json\">" + data + "</script></figure>\n";
}

}  // namespace detail
}  // namespace tacit
