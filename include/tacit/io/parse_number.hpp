// SPDX-License-Identifier: MIT
#pragma once
// One number out of a piece of text, whatever the locale of the program says: decimal, with a point; what stands for no number; whole numbers.

#include <charconv>
#include <cmath>
#include <cstdint>
#include <string>
#include <string_view>
#include <system_error>

#include "read_decimal.hpp"

namespace tacit::detail {

enum class Number { fine, missing, infinite, too_large, not_a_number };

inline char lower(char c) { return c >= 'A' && c <= 'Z' ? static_cast<char>(c - 'A' + 'a') : c; }
inline std::string lower(std::string_view text) {
  std::string low(text);
  for (char& c : low) c = lower(c);
  return low;
}

/// Reads a decimal number. Empty, NA, N/A, NaN, null and none (in any case) are missing, and so are the spreadsheets' #N/A and pandas' <NA>.
inline Number parse_number(std::string_view text, double& value) {
  const std::string_view unsigned_text = !text.empty() && (text[0] == '-' || text[0] == '+') ? text.substr(1) : text;
  if (unsigned_text.empty()) return text.empty() ? Number::missing : Number::not_a_number;
  const char first = unsigned_text[0];
  if (first != '.' && (first < '0' || first > '9')) {
    const std::string word = lower(unsigned_text.substr(0, 9));
    if (word == "nan") return Number::missing;
    if (text.size() == word.size())
      for (const char* spelling : {"na", "n/a", "null", "none", "#n/a", "#na", "#n/a n/a", "<na>"})
        if (word == spelling) return Number::missing;
    return word == "inf" || word == "infinity" ? Number::infinite : Number::not_a_number;
  }
  const std::string_view digits = text[0] == '+' ? unsigned_text : text;
  if (!read_decimal(digits, value)) return Number::not_a_number;
  return std::isfinite(value) ? Number::fine : Number::too_large;
}

/// A whole number, written plainly: no sign but '-', no leading zeros, so that the text can be had back from the value.
inline bool parse_integer(std::string_view text, std::int64_t& value) {
  const auto [end, status] = std::from_chars(text.data(), text.data() + text.size(), value);
  if (text.empty() || status != std::errc() || end != text.data() + text.size()) return false;
  return text[0] == '0' ? text.size() == 1 : text[0] != '-' || text[1] != '0';
}

inline std::string_view trimmed(std::string_view text) {
  while (!text.empty() && (text.front() == ' ' || text.front() == '\t')) text.remove_prefix(1);
  while (!text.empty() && (text.back() == ' ' || text.back() == '\t')) text.remove_suffix(1);
  return text;
}

/// Whether a cell begins as numbers do: a digit, perhaps behind a sign or a point.
inline bool begins_as_number(std::string_view cell) {
  while (!cell.empty() && (cell[0] == '-' || cell[0] == '+' || cell[0] == '.')) cell.remove_prefix(1);
  return !cell.empty() && cell[0] >= '0' && cell[0] <= '9';
}

}  // namespace tacit::detail
