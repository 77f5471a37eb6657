// SPDX-License-Identifier: MIT
#pragma once
// Numbers that people give in options or answers: all of a text as one number, whatever the locale of the program; nothing where it is none. number.hpp is the way back.

#include <cstdint>
#include <optional>
#include <string_view>

#include "parse_number.hpp"

namespace tacit {

/// A finite decimal number with a point, as in 0.5, -3, +1e-6.
inline std::optional<double> number_in(std::string_view text) {
  double x = 0;
  return detail::parse_number(text, x) == detail::Number::fine ? std::optional(x) : std::nullopt;
}
/// A whole number, written plainly: no + and no leading zeros.
inline std::optional<std::int64_t> whole_number_in(std::string_view text) {
  std::int64_t n = 0;
  return detail::parse_integer(text, n) ? std::optional(n) : std::nullopt;
}

}  // namespace tacit
