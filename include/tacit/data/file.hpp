// SPDX-License-Identifier: MIT
#pragma once
// Files in, in one read, and lines and numbers out of them. All readers of the library stand on these few lines, so that all of them name the file,
// and where there is one the line and column (both from 1), and take CRLF, a byte-order mark and a missing final newline as they come, and text that
// gzip has packed (gzip.hpp).

#include <algorithm>
#include <cerrno>
#include <charconv>
#include <cmath>
#include <cstdint>
#include <cstdio>
#include <cstdlib>
#include <filesystem>
#include <memory>
#include <string>
#include <string_view>
#include <system_error>
#include <utility>
#include <vector>

#include "../core/check.hpp"
#include "../observation/data.hpp"
#include "gzip.hpp"

namespace tacit {

/// What a reader returns: a matrix of observed entries, the labels of its rows and columns (empty where the file has none), and one line on how
/// the file was read, for people to check.
struct MatrixFile {
  Data<double> data;
  std::vector<std::string> row_labels, col_labels;
  std::string format;
};

/// All bytes of a file; throws std::runtime_error with path and reason.
inline std::string read_file(const std::string& path) {
  const auto fail = [&](const std::string& why) { throw std::runtime_error(path + ": cannot be read: " + why); };
  std::error_code error;
  if (std::filesystem::is_directory(path, error)) fail("it is a directory, not a file");
  const std::unique_ptr<std::FILE, int (*)(std::FILE*)> file(std::fopen(path.c_str(), "rb"), [](std::FILE* f) { return std::fclose(f); });
  if (!file) fail(std::generic_category().message(errno));
  std::string bytes;
  const auto size = std::filesystem::file_size(path, error);  // a hint: pipes have none
  if (!error) bytes.reserve(size + 1);
  char buffer[1 << 16];
  while (const std::size_t got = std::fread(buffer, 1, sizeof buffer, file.get())) bytes.append(buffer, got);
  if (std::ferror(file.get())) fail(std::generic_category().message(errno));
  return bytes;
}

namespace detail {

enum class Number { fine, missing, infinite, too_large, not_a_number };

inline char lower(char c) { return c >= 'A' && c <= 'Z' ? static_cast<char>(c - 'A' + 'a') : c; }

/// Reads a decimal number. Empty, NA, N/A, NaN, null and none (in any case) are missing.
inline Number parse_number(std::string_view text, double& value) {
  const std::string_view unsigned_text = !text.empty() && (text[0] == '-' || text[0] == '+') ? text.substr(1) : text;
  if (unsigned_text.empty()) return text.empty() ? Number::missing : Number::not_a_number;
  const char first = unsigned_text[0];
  if (first != '.' && (first < '0' || first > '9')) {
    std::string word;
    for (char c : unsigned_text.substr(0, 9)) word += lower(c);
    if (word == "nan" || (text.size() == word.size() && (word == "na" || word == "n/a" || word == "null" || word == "none")))
      return Number::missing;
    return word == "inf" || word == "infinity" ? Number::infinite : Number::not_a_number;
  }
  const std::string_view digits = text[0] == '+' ? unsigned_text : text;
#if defined(__cpp_lib_to_chars)
  const auto [end, status] = std::from_chars(digits.data(), digits.data() + digits.size(), value);
  if (end != digits.data() + digits.size()) return Number::not_a_number;
  if (status == std::errc()) return Number::fine;
#else  // libc++ reads no floating-point numbers with from_chars; strtod would also take hexadecimal ones
  if (digits.find_first_not_of("0123456789+-.eE") != std::string_view::npos) return Number::not_a_number;
#endif
  const std::string copy(digits);  // also for numbers too small for a double, which strtod rounds to 0
  char* stop = nullptr;
  value = std::strtod(copy.c_str(), &stop);
  if (stop != copy.c_str() + copy.size()) return Number::not_a_number;
  return std::isfinite(value) ? Number::fine : Number::too_large;
}

/// A whole number, written plainly: no sign but '-', no leading zeros, so that the text can be had back from the value.
inline bool parse_integer(std::string_view text, std::int64_t& value) {
  const auto [end, status] = std::from_chars(text.data(), text.data() + text.size(), value);
  if (text.empty() || status != std::errc() || end != text.data() + text.size()) return false;
  return text == "0" || (text[0] != '0' && text.substr(0, 2) != "-0");
}

inline std::string_view trimmed(std::string_view text) {
  while (!text.empty() && (text.front() == ' ' || text.front() == '\t')) text.remove_prefix(1);
  while (!text.empty() && (text.back() == ' ' || text.back() == '\t')) text.remove_suffix(1);
  return text;
}

/// The text of a file and a place in it. Lines that start with # at its top and empty lines at its end are passed over.
class TextFile {
 public:
  explicit TextFile(std::string path) : path_(std::move(path)), bytes_(unpacked(path_, read_file(path_))), text_(bytes_) {
    if (text_.substr(0, 2) == "\xFF\xFE" || text_.substr(0, 2) == "\xFE\xFF") fail("is UTF-16; save it as UTF-8 or plain ASCII");
    if (text_.substr(0, 3) == "\xEF\xBB\xBF") text_.remove_prefix(3);
    if (text_.find('\0') != std::string_view::npos) fail("is not a text file: it holds a zero byte");
    if (text_.find_first_not_of(" \t\r\n") == std::string_view::npos) fail("is empty");
    while (text_.back() == '\n' || text_.back() == '\r' || text_.back() == ' ')
      text_.remove_suffix(1);  // but not tabs: they divide empty cells
    rewind();
    while (peek().substr(0, 1) == "#") next();
    if (at_ > text_.size()) fail("holds nothing but comments");
    top_ = at_;
    top_line_ = line_;
  }

  TextFile(const TextFile&) = delete;
  TextFile& operator=(const TextFile&) = delete;

  /// The line that next() read last; from 1.
  Index line() const { return line_; }

  /// Steps to the next line; false at the end.
  bool next() {
    if (at_ > text_.size()) return false;
    current_ = peek(&at_);
    ++line_;
    return true;
  }
  std::string_view current() const { return current_; }
  /// The line after the current one, empty at the end; `after` becomes the place where the next one begins.
  std::string_view peek(std::size_t* after = nullptr) const {
    if (at_ > text_.size()) return {};
    const std::size_t end = std::min(text_.find('\n', at_), text_.size());
    std::string_view found = text_.substr(at_, end - at_);
    if (after) *after = end + 1;
    if (!found.empty() && found.back() == '\r') found.remove_suffix(1);
    return found;
  }
  /// How many lines there are after the comments.
  std::size_t count_lines() const {
    return static_cast<std::size_t>(std::count(text_.begin() + static_cast<std::ptrdiff_t>(top_), text_.end(), '\n')) + 1;
  }
  /// Where a cell begins among the bytes of the text as they came; and these bytes, with which the reading ends.
  std::size_t offset(std::string_view cell) const { return static_cast<std::size_t>(cell.data() - bytes_.data()); }
  std::string take_bytes() { return std::move(bytes_); }
  /// Back to before the first line that is not a comment.
  void rewind() {
    at_ = top_;
    line_ = top_line_;
  }

  /// Divides the current line into cells. A separator ' ' stands for any run of blanks, ':' for "::". Quoted cells lose their quotes and may
  /// hold the separator.
  void split(char separator, std::vector<std::string_view>& cells) const {
    cells.clear();
    std::string_view rest = separator == ' ' ? trimmed(current_) : current_;
    while (true) {
      std::string_view lead = rest;
      while (!lead.empty() && lead.front() == ' ') lead.remove_prefix(1);
      if (!lead.empty() && lead.front() == '"') {
        std::size_t end = 1;
        while (end < lead.size() && (lead[end] != '"' || lead.substr(end, 2) == "\"\"")) end += lead[end] == '"' ? 2 : 1;
        if (end >= lead.size()) fail(line_, static_cast<Index>(cells.size()) + 1, "a quote is opened and not closed");
        cells.push_back(lead.substr(1, end - 1));
        rest = trim_blanks(lead.substr(end + 1), separator);
        if (rest.empty()) return;
        if (find(rest, separator) != 0 && separator != ' ') fail(line_, static_cast<Index>(cells.size()), "text follows the closing quote");
      } else {
        const std::size_t end = find(rest, separator);
        cells.push_back(trimmed(rest.substr(0, end)));
        if (end == std::string_view::npos) return;
        rest.remove_prefix(end);
      }
      if (separator == ' ') rest = trimmed(rest);
      else rest.remove_prefix(separator == ':' ? 2 : 1);
    }
  }

  [[noreturn]] void fail(const std::string& why) const { throw std::runtime_error(path_ + ": " + why); }
  [[noreturn]] void fail(Index line, const std::string& why) const {
    throw std::runtime_error(path_ + ", line " + std::to_string(line) + ": " + why);
  }
  [[noreturn]] void fail(Index line, Index column, const std::string& why) const {
    throw std::runtime_error(path_ + ", line " + std::to_string(line) + ", column " + std::to_string(column) + ": " + why);
  }
  /// For a cell of the current line that is no finite number.
  [[noreturn]] void fail_number(Number status, Index column, std::string_view cell) const {
    const std::string shown = "'" + std::string(cell.substr(0, 40)) + (cell.size() > 40 ? "...'" : "'");
    fail(line_, column,
         status == Number::missing ? "a number is missing"
                                   : shown + (status == Number::infinite    ? " is infinite"
                                              : status == Number::too_large ? " is too large for a double"
                                                                            : " is not a number"));
  }

 private:
  static std::size_t find(std::string_view rest, char separator) {
    if (separator == ' ') return rest.find_first_of(" \t");
    if (separator == ':') return rest.find("::");
    for (std::size_t k = 0; k < rest.size(); ++k)  // cells are short: a call to memchr costs more
      if (rest[k] == separator) return k;
    return std::string_view::npos;
  }
  static std::string_view trim_blanks(std::string_view rest, char separator) {
    while (separator != ' ' && !rest.empty() && rest.front() == ' ') rest.remove_prefix(1);
    return rest;
  }

  std::string path_, bytes_;
  std::string_view text_, current_;
  std::size_t at_ = 0, top_ = 0;
  Index line_ = 0, top_line_ = 0;
};

/// What divides the cells of a line: tab, "::" (as ':'), ';', ',' or blanks, the first of these that stands outside of quotes.
inline char find_separator(std::string_view line) {
  bool quoted = false, tab = false, colons = false, semicolon = false, comma = false;
  for (std::size_t k = 0; k < line.size(); ++k) {
    if (line[k] == '"') quoted = !quoted;
    if (quoted) continue;
    tab |= line[k] == '\t';
    colons |= line.substr(k, 2) == "::";
    semicolon |= line[k] == ';';
    comma |= line[k] == ',';
  }
  return tab ? '\t' : colons ? ':' : semicolon ? ';' : comma ? ',' : ' ';
}
inline std::string separator_name(char separator) {
  switch (separator) {
    case '\t':
      return "tab";
    case ':':
      return "::";
    case ';':
      return "semicolon";
    case ',':
      return "comma";
    default:
      return "blank";
  }
}

/// A quoted cell's text, in which "" stands for one quote.
inline std::string label_text(std::string_view cell) {
  std::string text;
  for (std::size_t k = 0; k < cell.size(); ++k) {
    text += cell[k];
    if (cell.substr(k, 2) == "\"\"") ++k;
  }
  return text;
}

}  // namespace detail
}  // namespace tacit
