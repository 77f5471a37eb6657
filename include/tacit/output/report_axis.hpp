// SPDX-License-Identifier: MIT
#pragma once
// Axes of the report's charts: a range, linear or logarithmic, with ticks at round numbers, and numbers as a reader expects them.
// Used by report_chart.hpp; knows nothing of pixels: position(v) lies in [0, 1].

#include <algorithm>
#include <cmath>
#include <limits>
#include <string>
#include <string_view>
#include <vector>

#include "../io/number.hpp"

namespace tacit::detail {

/// Text that may stand in HTML and in its attributes.
inline std::string html(std::string_view text) {
  std::string out;
  for (char c : text) {
    switch (c) {
      case '&':
        out += "&amp;";
        break;
      case '<':
        out += "&lt;";
        break;
      case '>':
        out += "&gt;";
        break;
      case '"':
        out += "&quot;";
        break;
      default:
        out += c;
    }
  }
  return out;
}

inline std::string with_minus(std::string text) {  // a true minus sign, as wide as a digit
  if (!text.empty() && text[0] == '-') text.replace(0, 1, "\xE2\x88\x92");
  return text;
}
/// 10 to the power of e, as SVG text.
inline std::string power_of_ten(int e) { return "10<tspan dy=\"-5\" font-size=\"10\">" + with_minus(decimal(e)) + "</tspan>"; }
/// A tick's label as SVG text: plain between 1e-4 and 1e6, else mantissa and power.
inline std::string tick_label(double v) {
  if (v == 0) return "0";
  const double size = std::abs(v);
  if (size >= 1e-4 && size < 1e6) {
    std::string text = rounded(size, 6);
    const std::size_t point = std::min(text.find('.'), text.size());
    if (point > 3) text.insert(point - 3, ",");
    return with_minus((v < 0 ? "-" : "") + text);
  }
  const int e = static_cast<int>(std::floor(std::log10(size) + 1e-12));
  const std::string mantissa = rounded(v / std::pow(10.0, e), 4);
  return mantissa == "1" ? power_of_ten(e) : with_minus(mantissa) + "\xC2\xB7" + power_of_ten(e);
}

struct Tick {
  double value;
  std::string label;  ///< empty: a minor tick
};

struct Axis {
  bool log = false;
  double low = 0, high = 1;
  std::vector<Tick> ticks;

  bool shows(double v) const { return std::isfinite(v) && (!log || v > 0); }
  double position(double v) const { return log ? std::log(v / low) / std::log(high / low) : (v - low) / (high - low); }
};

/// 1, 2 or 5 times a power of ten, so that `range` has about `count` steps.
inline double round_step(double range, int count) {
  const double rough = range / count, power = std::pow(10.0, std::floor(std::log10(rough))), scaled = rough / power;
  return power * (scaled < 1.5 ? 1 : scaled < 3.5 ? 2 : scaled < 7.5 ? 5 : 10);
}

/// The axis with ticks at equal distances of value: linear axes, and logarithmic ones over less than a decade.
inline Axis with_round_ticks(Axis axis) {
  const double step = round_step(axis.high - axis.low, 6);
  for (double k = std::ceil(axis.low / step - 1e-9); k * step <= axis.high + 1e-9 * step; ++k)
    axis.ticks.push_back({k * step, tick_label(k * step)});
  return axis;
}

/// The axis over low ... high of the data; `outward` moves the ends to the next ticks.
inline Axis make_axis(double low, double high, bool log, bool outward) {
  Axis axis;
  axis.log = log;
  if (!(low <= high)) low = log ? 1 : 0, high = log ? 10 : 1;  // there is no data
  if (log) {
    if (high / low < 1.0001) low /= 2, high *= 2;
    const double decades = std::log10(high / low);
    if (outward && decades > 0.5) {
      low = std::pow(10.0, std::floor(std::log10(low) + 1e-9));
      high = std::pow(10.0, std::ceil(std::log10(high) - 1e-9));
    }
    axis.low = low;
    axis.high = high;
    if (decades < 0.7) return with_round_ticks(axis);
    const int first = static_cast<int>(std::floor(std::log10(low))), last = static_cast<int>(std::ceil(std::log10(high)));
    const int every = std::max(1, (last - first + 7) / 8);
    for (int e = first; e <= last; ++e) {
      for (int m = 1; m <= 9; ++m) {
        const double v = m * std::pow(10.0, e);
        if (v < low * (1 - 1e-9) || v > high * (1 + 1e-9)) continue;
        const std::string label = decades <= 3 ? tick_label(v) : e == 0 ? "1" : power_of_ten(e);
        if (m == 1) axis.ticks.push_back({v, e % every == 0 ? label : ""});
        else if (decades <= 4) axis.ticks.push_back({v, decades < 1.3 && (m == 2 || m == 5) ? label : ""});
      }
    }
    return axis;
  }
  if (high - low < 1e-12 * std::max(std::abs(low), std::abs(high)) || high == low) {
    const double pad = low == 0 ? 1 : std::abs(low) / 2;
    low -= pad;
    high += pad;
  }
  if (outward) {
    const double step = round_step(high - low, 6);
    low = step * std::floor(low / step + 1e-9);
    high = step * std::ceil(high / step - 1e-9);
  }
  axis.low = low;
  axis.high = high;
  return with_round_ticks(axis);
}

}  // namespace tacit::detail
