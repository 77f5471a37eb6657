// SPDX-License-Identifier: MIT
#pragma once
// A decimal number out of text, correctly rounded, whatever the locale of the program: std::strtod would want 1,5 under LC_NUMERIC=de_DE. std::from_chars
// where the standard library has it for doubles; else (libc++ 14) numbers of at most 15 digits and 22 decimals in one exact multiplication or division
// [Clinger 1990], others by a stream in the classic locale, which also takes those too large or too small for from_chars.

#include <charconv>
#include <cmath>
#include <cstdint>
#include <limits>
#include <locale>
#include <sstream>
#include <string>
#include <string_view>
#include <system_error>

namespace tacit::detail {

/// As read_decimal, of digits with at most a sign in front, a point and an exponent, by a stream: any number, slowly. Infinite where it is too large.
inline bool read_by_stream(std::string_view text, double& value) {
  std::istringstream in{std::string(text)};
  in.imbue(std::locale::classic());
  double read = 0;
  in >> read;  // too large: the largest double, and too small: 0 or a denormal number, and failbit (libc++) or not (libstdc++)
  const bool out_of_range = in.fail();
  if (out_of_range && read == 0 && text.find_first_of("123456789") == std::string_view::npos) return false;
  value = out_of_range && std::abs(read) > 1 ? std::copysign(std::numeric_limits<double>::infinity(), read) : read;
  in.clear();
  return in.peek() == std::char_traits<char>::eof();
}

/// The form  [-]digits[.digits][e[+-]digits]  with at least one digit before the exponent; false for any other.
inline bool is_decimal(std::string_view text) {
  std::size_t k = 0;
  const auto digits = [&] {
    const std::size_t from = k;
    while (k < text.size() && text[k] >= '0' && text[k] <= '9') ++k;
    return k - from;
  };
  k += k < text.size() && text[k] == '-';
  std::size_t count = digits();
  if (k < text.size() && text[k] == '.') ++k, count += digits();
  if (count == 0) return false;
  if (k < text.size() && (text[k] == 'e' || text[k] == 'E')) {
    ++k;
    k += k < text.size() && (text[k] == '-' || text[k] == '+');
    if (digits() == 0) return false;
  }
  return k == text.size();
}

/// Numbers of few digits, exactly; false: it is another, or none.
inline bool read_short(std::string_view text, double& value) {
  static constexpr double powers[] = {1e0,  1e1,  1e2,  1e3,  1e4,  1e5,  1e6,  1e7,  1e8,  1e9,  1e10, 1e11,
                                      1e12, 1e13, 1e14, 1e15, 1e16, 1e17, 1e18, 1e19, 1e20, 1e21, 1e22};
  std::uint64_t whole = 0;
  int digits = 0, decimals = 0;
  bool point = false;
  const bool negative = !text.empty() && text[0] == '-';
  for (char c : text.substr(negative)) {
    if (c == '.' && !point) {
      point = true;
    } else if (c >= '0' && c <= '9' && ++digits <= 15) {
      whole = 10 * whole + static_cast<std::uint64_t>(c - '0');
      decimals += point;
    } else {
      return false;
    }
  }
  if (digits == 0) return false;
  value = static_cast<double>(whole) / powers[decimals];
  if (negative) value = -value;
  return true;
}

/// Reads all of `text`; false where it is no decimal number. Infinite where it is too large for a double, 0 where too small.
inline bool read_decimal(std::string_view text, double& value) {
  const char first = text.empty() ? ' ' : text[text[0] == '-' && text.size() > 1];
  if (first != '.' && (first < '0' || first > '9')) return false;  // nan and inf, which from_chars takes
#if defined(__cpp_lib_to_chars)
  const auto [end, status] = std::from_chars(text.data(), text.data() + text.size(), value);
  if (end != text.data() + text.size()) return false;
  if (status == std::errc()) return true;
#else
  if (read_short(text, value)) return true;
#endif
  return is_decimal(text) && read_by_stream(text, value);
}

}  // namespace tacit::detail
