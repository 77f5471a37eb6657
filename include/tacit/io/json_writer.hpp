// SPDX-License-Identifier: MIT
#pragma once
// JSON, written only: a value, or a row of a Table, as text. JSON has no NaN and no infinity: both become null. Numbers keep their
// shortest exact form, text is escaped (RFC 8259), UTF-8 passes through.

#include <cmath>
#include <string>
#include <string_view>

#include "table.hpp"

namespace tacit {

namespace detail {
inline std::string quoted_json(std::string_view text) {
  std::string out = "\"";
  for (char c : text) {
    switch (c) {
      case '"':
        out += "\\\"";
        break;
      case '\\':
        out += "\\\\";
        break;
      case '\n':
        out += "\\n";
        break;
      case '\r':
        out += "\\r";
        break;
      case '\t':
        out += "\\t";
        break;
      default:
        if (static_cast<unsigned char>(c) < 0x20) {
          const char* digits = "0123456789abcdef";
          out += std::string("\\u00") + digits[c >> 4] + digits[c & 15];
        } else {
          out += c;
        }
    }
  }
  return out + '"';
}
}  // namespace detail

/// One value:  json("a\"b") == "\"a\\\"b\"",  json(0.1) == "0.1",  json(NaN) == "null".
inline std::string json(const Cell& cell) {
  if (cell.is_text()) return detail::quoted_json(cell.text());
  return cell.is_integer() || std::isfinite(cell.number()) ? cell.text() : "null";
}

/// One row:  {"column": value, ...}
inline std::string json(const Table& table, Index row) {
  std::string out = "{";
  for (Index c = 0; c < table.cols(); ++c) out += (c ? ", " : "") + json(table.name(c)) + ": " + json(table.at(row, c));
  return out + "}";
}

}  // namespace tacit
