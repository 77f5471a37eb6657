// SPDX-License-Identifier: MIT
#pragma once
// How a file writes its numbers: which mark stands before the decimals and which between thousands. A point is a decimal point, and so is
// nearly always a comma a decimal comma, but both also divide thousands: 8,322. What the marks of one number show:
//   1.5  0.125  1234.5   a decimal point            1,5  0,125   a decimal comma
//   8.322                either                     8,322        either
//   1.234.567            points between thousands   1,234,567    commas between thousands
//   1,234.5              commas, then a point       1.234,5      points, then a comma
// and all numbers of a file together decide, by decide(). Unambiguous whatever the file, and read by cleaned(): blanks, no-break blanks and
// apostrophes between thousands (12 184, 12'184), and the minus sign of printers.

#include <algorithm>
#include <array>
#include <cstdint>
#include <string>
#include <string_view>

#include "parse_number.hpp"

namespace tacit::detail {

/// What the points and commas of one number show, as bits: those of a column, or of a file, are joined by |.
enum Marks : std::uint16_t {
  no_number = 0,
  plain = 1,
  point = 2,
  comma = 4,
  point_or_thousands = 8,
  comma_or_thousands = 16,
  points = 32,
  commas = 64,
  commas_point = 128,
  points_comma = 256
};

/// Whether digits stand in groups as thousands do: one to three, the first no 0, then always three.
inline bool in_thousands(std::string_view digits, char mark) {
  std::size_t group = digits.find(mark);
  if (group == 0 || group > 3 || digits[0] == '0') return false;
  while (group < digits.size()) {
    digits.remove_prefix(group + 1);
    group = std::min(digits.find(mark), digits.size());
    if (group != 3) return false;
  }
  return true;
}

inline Marks marks_of(std::string_view cell) {
  if (!cell.empty() && (cell[0] == '-' || cell[0] == '+')) cell.remove_prefix(1);
  bool exponent = false;
  if (const std::size_t e = cell.find_first_of("eE"); e != cell.npos) {
    std::string_view power = cell.substr(e + 1);
    if (!power.empty() && (power[0] == '-' || power[0] == '+')) power.remove_prefix(1);
    if (power.empty() || power.find_first_not_of("0123456789") != power.npos) return no_number;
    cell = cell.substr(0, e);
    exponent = true;
  }
  int digits = 0, point_count = 0, comma_count = 0;
  for (char c : cell) {
    digits += c >= '0' && c <= '9';
    point_count += c == '.';
    comma_count += c == ',';
  }
  if (digits == 0 || digits + point_count + comma_count != static_cast<int>(cell.size())) return no_number;
  if (point_count + comma_count == 0) return plain;
  if (comma_count == 0 || point_count == 0) {
    const bool grouped = !exponent && in_thousands(cell, comma_count ? ',' : '.');
    if (point_count + comma_count > 1) return !grouped ? no_number : comma_count ? commas : points;
    return grouped ? (comma_count ? comma_or_thousands : point_or_thousands) : comma_count ? comma : point;
  }
  const std::size_t last = cell.find_last_of(".,");  // both: the last one stands before the decimals
  if ((cell[last] == '.' ? point_count : comma_count) > 1) return no_number;
  return !in_thousands(cell.substr(0, last), cell[last] == '.' ? ',' : '.') ? no_number : cell[last] == '.' ? commas_point : points_comma;
}

/// What stands before decimals and between thousands; 0: it does not show.
struct NumberStyle {
  char decimal = 0, thousands = 0;
};

/// The style of a file whose numbers have these marks. Numbers that are only ambiguous have commas between thousands, and decimal points. A
/// pair of marks that no style allows goes to `against`.
inline NumberStyle decide(std::uint16_t seen, std::array<Marks, 2>* against = nullptr) {
  constexpr std::array<Marks, 4> as_point = {point, commas_point, commas, no_number}, as_comma = {comma, points_comma, points, no_number};
  Marks for_point = no_number, for_comma = no_number;
  for (Marks m : as_point)
    if (!for_point && (seen & m)) for_point = m;
  for (Marks m : as_comma)
    if (!for_comma && (seen & m)) for_comma = m;
  if (for_point && for_comma && against) *against = {for_point, for_comma};
  if (for_comma && !for_point) return {',', seen & (point_or_thousands | points | points_comma) ? '.' : '\0'};
  const bool thousands = seen & (comma_or_thousands | commas | commas_point);
  const bool decimals = thousands || (seen & (point | point_or_thousands));
  return {decimals ? '.' : '\0', thousands ? ',' : '\0'};
}

/// The number with a decimal point and nothing between thousands; `style.decimal == 0`: each mark as it shows itself, an ambiguous one
/// before decimals. False where the style does not allow these marks.
inline bool with_point(std::string_view cell, Marks marks, NumberStyle style, std::string& out) {
  const bool own = style.decimal == 0;
  char decimal = own ? (marks & (comma | comma_or_thousands | points | points_comma) ? ',' : '.') : style.decimal;
  constexpr unsigned fine = plain | point_or_thousands | comma_or_thousands;
  if (!own && !(marks & (decimal == '.' ? fine | point | commas | commas_point : fine | comma | points | points_comma))) return false;
  out.clear();
  for (char c : cell) {
    if (c == decimal) out += '.';
    else if (c != '.' && c != ',') out += c;
  }
  return true;
}

/// The cell without what divides its thousands beside points and commas, and with an ordinary minus sign; false where there is nothing of
/// that kind.
inline bool cleaned(std::string_view cell, std::string& out) {
  out.clear();
  bool changed = false;
  for (std::size_t k = 0; k < cell.size();) {
    std::size_t length = 0;
    for (std::string_view mark : {" ", "'", "\xC2\xA0", "\xE2\x80\xAF", "\xE2\x80\x89", "\xE2\x80\x99"})
      if (cell.substr(k, mark.size()) == mark) length = mark.size();
    if (length) {
      out += ' ';
      changed = true;
      k += length;
    } else if (cell.substr(k, 3) == "\xE2\x88\x92") {
      out += '-';
      changed = true;
      k += 3;
    } else {
      out += cell[k++];
    }
  }
  if (!changed) return false;
  out = std::string(trimmed(out));
  if (out.find(' ') == out.npos) return true;
  const std::size_t start = out.find_first_not_of("+-"), end = std::min(out.find_first_of(".,eE"), out.size());
  if (start == out.npos || start >= end || out.find(' ', end) != out.npos ||
      !in_thousands(std::string_view(out).substr(start, end - start), ' '))
    return false;
  std::erase(out, ' ');
  return true;
}

}  // namespace tacit::detail
