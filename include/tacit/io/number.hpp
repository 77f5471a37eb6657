// SPDX-License-Identifier: MIT
#pragma once
// Numbers as text, whatever the locale of the program says: the shortest text that reads back to the same double, or rounded to some digits.

#include <charconv>
#include <cstdint>
#include <string>

namespace tacit {

/// As in 0.1, 1e-06, 12, nan, -inf.
inline std::string shortest(double x) {
  char buffer[32];
  return {buffer, std::to_chars(buffer, buffer + sizeof buffer, x).ptr};
}
/// At most `digits` significant digits (1 to 17), as printf's %g.
inline std::string rounded(double x, int digits = 6) {
  char buffer[40];
  return {buffer, std::to_chars(buffer, buffer + sizeof buffer, x, std::chars_format::general, digits).ptr};
}
inline std::string decimal(std::int64_t n) {
  char buffer[24];
  return {buffer, std::to_chars(buffer, buffer + sizeof buffer, n).ptr};
}

}  // namespace tacit
