// SPDX-License-Identifier: MIT
#pragma once
// Bytes of a text as UTF-8. Text that is not valid UTF-8 is taken for Windows-1252, the superset of Latin-1 that spreadsheets in Europe and
// America write; every byte has its own character there (the five that Windows leaves undefined stand for themselves), so that writing the
// text back gives the bytes that were read. Plain ASCII, the usual case, is seen at eight bytes a step.

#include <array>
#include <cstdint>
#include <cstring>
#include <string>
#include <string_view>

namespace tacit {

/// How a text file spells its letters: found, UTF-8, or Latin-1 (as Windows-1252, which holds it).
enum class Encoding { detect, utf8, latin1 };

namespace detail {

/// Where the first byte above 127 stands; the size where there is none.
inline std::size_t first_not_ascii(std::string_view text, std::size_t from = 0) {
  std::size_t k = from;
  for (std::uint64_t eight = 0; k + 8 <= text.size(); k += 8) {
    std::memcpy(&eight, text.data() + k, 8);
    if (eight & 0x8080808080808080u) break;
  }
  while (k < text.size() && static_cast<unsigned char>(text[k]) < 128) ++k;
  return k;
}

/// The length of the UTF-8 character that begins at `at`; 0 where the bytes are none (cut short, overlong, a surrogate, above 10FFFF).
inline std::size_t utf8_length(std::string_view text, std::size_t at) {
  const auto byte = [&](std::size_t k) { return k < text.size() ? static_cast<unsigned char>(text[k]) : 0u; };
  const auto follows = [&](std::size_t k) { return (byte(k) & 0xC0u) == 0x80u; };
  const unsigned first = byte(at), second = byte(at + 1);
  if (first < 0x80) return 1;
  if (first >= 0xC2 && first <= 0xDF) return follows(at + 1) ? 2 : 0;
  if (first >= 0xE0 && first <= 0xEF) {
    if ((first == 0xE0 && second < 0xA0) || (first == 0xED && second > 0x9F)) return 0;
    return follows(at + 1) && follows(at + 2) ? 3 : 0;
  }
  if (first >= 0xF0 && first <= 0xF4) {
    if ((first == 0xF0 && second < 0x90) || (first == 0xF4 && second > 0x8F)) return 0;
    return follows(at + 1) && follows(at + 2) && follows(at + 3) ? 4 : 0;
  }
  return 0;
}

/// Where the first byte stands that belongs to no UTF-8 character; npos: the text is UTF-8.
inline std::size_t first_not_utf8(std::string_view text) {
  for (std::size_t k = first_not_ascii(text); k < text.size(); k = first_not_ascii(text, k)) {
    const std::size_t length = utf8_length(text, k);
    if (length == 0) return k;
    k += length;
  }
  return std::string_view::npos;
}

/// The characters of the bytes 80 to 9F in Windows-1252.
inline constexpr std::array<std::uint16_t, 32> windows_1252 = {
    0x20AC, 0x0081, 0x201A, 0x0192, 0x201E, 0x2026, 0x2020, 0x2021, 0x02C6, 0x2030, 0x0160, 0x2039, 0x0152, 0x008D, 0x017D, 0x008F,
    0x0090, 0x2018, 0x2019, 0x201C, 0x201D, 0x2022, 0x2013, 0x2014, 0x02DC, 0x2122, 0x0161, 0x203A, 0x0153, 0x009D, 0x017E, 0x0178};

inline std::string utf8_of_latin1(std::string_view bytes) {
  std::string text;
  text.reserve(bytes.size() + bytes.size() / 8);
  for (char c : bytes) {
    const auto byte = static_cast<unsigned char>(c);
    if (byte < 128) {
      text += c;
      continue;
    }
    const unsigned code = byte < 0xA0 ? windows_1252[byte - 0x80u] : byte;
    if (code < 0x800) {
      text += static_cast<char>(0xC0u | (code >> 6));
    } else {
      text += static_cast<char>(0xE0u | (code >> 12));
      text += static_cast<char>(0x80u | ((code >> 6) & 0x3Fu));
    }
    text += static_cast<char>(0x80u | (code & 0x3Fu));
  }
  return text;
}

/// The inverse of utf8_of_latin1: the bytes as they were, ASCII in between as it is.
inline std::string latin1_of_utf8(std::string_view text) {
  std::string bytes;
  bytes.reserve(text.size());
  for (std::size_t k = 0; k < text.size();) {
    const std::size_t length = utf8_length(text, k);
    const auto at = [&](std::size_t n) { return static_cast<unsigned>(static_cast<unsigned char>(text[k + n])); };
    unsigned code = at(0);
    if (length == 2) code = ((at(0) & 0x1Fu) << 6) | (at(1) & 0x3Fu);
    if (length == 3) code = ((at(0) & 0x0Fu) << 12) | ((at(1) & 0x3Fu) << 6) | (at(2) & 0x3Fu);
    for (std::size_t n = 0; code > 0xFF && n < windows_1252.size(); ++n)
      if (windows_1252[n] == code) code = static_cast<unsigned>(0x80 + n);
    bytes += code <= 0xFF ? static_cast<char>(code) : '?';
    k += length ? length : 1;
  }
  return bytes;
}

}  // namespace detail
}  // namespace tacit
