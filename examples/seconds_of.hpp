// SPDX-License-Identifier: MIT
#pragma once
// What --budget says: a positive number of seconds, or with a unit: 60s, 2min.

#include <cmath>
#include <exception>
#include <string>

#include <tacit/core/check.hpp>

inline double seconds_of(const std::string& text) {
  std::size_t used = 0;
  double value = 0;
  try {
    value = std::stod(text, &used);
  } catch (const std::exception&) {
  }
  const std::string unit = text.substr(used);
  tacit::require(used > 0 && value > 0 && std::isfinite(value) && (unit.empty() || unit == "s" || unit == "min"), "--budget is '", text,
                 "', it needs to be a time such as 60s or 2min");
  return unit == "min" ? 60 * value : value;
}
