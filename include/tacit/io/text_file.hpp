// SPDX-License-Identifier: MIT
#pragma once
// Files in, in one read, and lines and cells out of them. All readers of the library stand on these few lines, so that all of them name the
// file, and where there is one the line and column (both from 1), and take what people's programs write: line ends of Unix, Windows and old
// Macs, a byte-order mark, a missing final newline, quoted cells that hold line breaks (RFC 4180), Latin-1 (encoding.hpp), a first line
// sep=;  and text that gzip has packed (gzip.hpp). A line costs one search for its end; what is rare (quotes, lone CR, # at the top) is
// looked for once for the whole text.

#include <algorithm>
#include <string>
#include <string_view>
#include <utility>
#include <vector>

#include "../core/check.hpp"
#include "../core/scalar.hpp"
#include "encoding.hpp"
#include "gzip.hpp"
#include "parse_number.hpp"
#include "read_file.hpp"
#include "separator.hpp"

namespace tacit {

namespace detail {

/// The text of a file and a place in it. Comments at its top and empty lines at its end are passed over. A line that starts with # is a
/// comment but for two cases: directly above a row of numbers, with as many cells as it, it is a header (#OTU ID, sam0, ...); and with a
/// name right behind the # and numbers in as many cells as the lines below it is a row (#00, 1.5, 2).
class TextFile {
 public:
  explicit TextFile(std::string path, Encoding encoding = Encoding::detect)
      : path_(std::move(path)), bytes_(unpacked(path_, read_file(path_))) {
    if (const std::string why = other_format(bytes_); !why.empty()) fail(why);
    decode(encoding);
    text_ = bytes_;
    for (std::string_view mark : {"\xEF\xBB\xBF", "\xC3\xAF\xC2\xBB\xC2\xBF"})  // a byte-order mark; the same, taken for Latin-1
      if (text_.substr(0, mark.size()) == mark) text_.remove_prefix(mark.size());
    if (text_.find_first_not_of(" \t\r\n\x1A") == std::string_view::npos) fail("is empty");
    while (text_.back() == '\n' || text_.back() == '\r' || text_.back() == ' ' || text_.back() == '\x1A')  // the end mark of DOS
      text_.remove_suffix(1);  // but not tabs: they divide empty cells
    quotes_ = text_.find('"') != std::string_view::npos;
    for (std::size_t k = text_.find('\r'); k < text_.size() && !lone_cr_; k = text_.find('\r', k + 1))
      lone_cr_ = text_[k + 1] != '\n' && text_[k + 1] != '\r';  // the last character is no CR
    find_top();
    rewind();
  }

  TextFile(const TextFile&) = delete;
  TextFile& operator=(const TextFile&) = delete;

  /// The line that next() read last; from 1.
  Index line() const { return line_; }
  /// How the bytes were read: utf8, which holds ASCII, or latin1.
  Encoding encoding() const { return encoding_; }
  /// What divides the cells: as a first line sep=; says, or by the first lines (separator.hpp).
  char separator() const { return separator_ ? separator_ : sampled_separator(text_.substr(top_)); }

  /// Steps to the next line; false at the end. A line whose last quote is not closed becomes longer when it is split.
  bool next() {
    if (at_ > text_.size()) return false;
    const std::size_t end = line_end(at_);
    current_ = without_cr(text_.substr(at_, end - at_));
    at_ = after_line(end);
    line_ = ++lines_;
    return true;
  }
  std::string_view current() const { return current_; }
  /// No fewer lines than there are after the comments.
  std::size_t count_lines() const {
    const auto count = [&](char c) { return std::count(text_.begin() + static_cast<std::ptrdiff_t>(top_), text_.end(), c); };
    return static_cast<std::size_t>(count('\n') + (lone_cr_ ? count('\r') : 0)) + 1;
  }
  std::size_t size() const { return text_.size(); }
  bool holds(char c) const { return text_.find(c, top_) != std::string_view::npos; }
  /// Where a cell begins among the bytes of the text as UTF-8; and these bytes, with which the reading ends.
  std::size_t offset(std::string_view cell) const { return static_cast<std::size_t>(cell.data() - bytes_.data()); }
  std::string take_bytes() { return std::move(bytes_); }
  /// Back to before the first line that is not a comment.
  void rewind() {
    at_ = top_;
    line_ = lines_ = top_line_;
  }

  /// Divides the current line into cells. A separator ' ' stands for any run of blanks, ':' for "::". Quoted cells lose their quotes and
  /// may hold the separator and line breaks.
  void split(char separator, std::vector<std::string_view>& cells) {
    cells.clear();
    if (!quotes_ && separator != ' ' && separator != ':') return split_plain(separator, cells);
    std::string_view rest = separator == ' ' ? trimmed(current_) : current_;
    while (true) {
      std::string_view lead = rest;
      while (!lead.empty() && lead.front() == ' ') lead.remove_prefix(1);
      if (!lead.empty() && lead.front() == '"') {
        const auto open = static_cast<std::size_t>(lead.data() - text_.data()), close = closing_quote(open, separator);
        const Index column = static_cast<Index>(cells.size()) + 1;
        if (close == std::string_view::npos) fail(line_, column, "a quote is opened and not closed");
        if (close >= current_end()) extend(close);
        cells.emplace_back(text_.data() + open + 1, close - open - 1);
        rest = trim_blanks({text_.data() + close + 1, current_end() - close - 1}, separator);
        if (rest.empty()) return;
        if (find(rest, separator) != 0 && separator != ' ')
          fail(line_, column,
               lines_ == line_ ? "text follows the closing quote" : sentence("text follows the quote that closes on line ", lines_));
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
    fail(line_, column, status == Number::missing ? "a number is missing" : why_no_number(status, cell));
  }
  static std::string why_no_number(Number status, std::string_view cell) {
    const std::string shown = "'" + std::string(cell.substr(0, 40)) + (cell.size() > 40 ? "...'" : "'");
    return shown + (status == Number::infinite    ? " is infinite"
                    : status == Number::too_large ? " is too large for a double"
                                                  : " is not a number");
  }

 private:
  void decode(Encoding encoding) {
    const std::size_t foreign = encoding == Encoding::latin1 ? first_not_ascii(bytes_) : first_not_utf8(bytes_);
    if (foreign >= bytes_.size()) return;
    if (encoding == Encoding::utf8)
      fail(1 + std::count(bytes_.begin(), bytes_.begin() + static_cast<std::ptrdiff_t>(foreign), '\n'),
           "holds bytes that are not UTF-8; --encoding latin-1 reads them");
    bytes_ = utf8_of_latin1(bytes_);
    encoding_ = Encoding::latin1;
  }

  /// Passes over a line sep=; and the comments at the top.
  void find_top() {
    std::vector<std::string_view> cells;
    next();
    const std::string first = lower(current_.substr(current_.substr(0, 1) == "\"" ? 1 : 0, 5));
    if (first.size() == 5 && first.substr(0, 4) == "sep=" && current_.size() <= 7) separator_ = first[4];
    else rewind();
    std::vector<std::pair<std::size_t, Index>> marked;  // where lines that start with # begin, and how many lines come before
    while (text_.substr(std::min(at_, text_.size()), 1) == "#") {
      marked.emplace_back(at_, lines_);
      next();
    }
    top_ = at_;
    top_line_ = lines_;
    if (marked.empty()) return;
    const bool nothing_else = at_ > text_.size();
    const std::size_t below = nothing_else ? marked.back().first : at_;
    const char separator = separator_ ? separator_ : sampled_separator(text_.substr(below));
    const auto split_at = [&](std::size_t from) {  // comments may hold anything, a single quote too
      at_ = from;
      next();
      try {
        split(separator, cells);
      } catch (const std::runtime_error&) {
        cells.clear();
      }
      return cells.size();
    };
    const auto numbers = [&] { return std::count_if(cells.begin() + (cells.empty() ? 0 : 1), cells.end(), begins_as_number); };
    const auto gaps = [&] { return std::count(cells.begin() + (cells.empty() ? 0 : 1), cells.end(), std::string_view()); };
    const std::size_t width = split_at(below);
    const bool row_below = numbers() > 0 || gaps() + 1 == static_cast<std::ptrdiff_t>(width);
    for (std::size_t k = marked.size(); width > 1 && k-- > 0;) {
      const auto [from, before] = marked[k];
      const bool named = text_.substr(from + 1).find_first_of(" \t") != 0;
      if (named && separator != ' ' && split_at(from) == width && numbers() > 0) {
        top_ = from;
        top_line_ = before;
        continue;
      }
      const std::size_t name = std::min(text_.find_first_not_of("# \t", from), text_.size());
      if (row_below && split_at(name) == width && numbers() == 0 && current_end() <= line_end(from)) {
        top_ = name;
        top_line_ = before;
      }
      break;
    }
    if (top_ > text_.size()) fail("holds nothing but comments");
  }

  std::size_t line_end(std::size_t from) const {
    return std::min(lone_cr_ ? text_.find_first_of("\r\n", from) : text_.find('\n', from), text_.size());
  }
  /// Where the line after the one that ends here begins. CR, LF, and LF behind any number of CR end a line.
  std::size_t after_line(std::size_t end) const {
    if (!lone_cr_) return end + 1;
    const std::size_t next = text_.find_first_not_of('\r', end);
    return next != std::string_view::npos && text_[next] == '\n' ? next + 1 : end + 1;
  }
  static std::string_view without_cr(std::string_view line) {
    while (!line.empty() && line.back() == '\r') line.remove_suffix(1);
    return line;
  }
  std::size_t current_end() const { return static_cast<std::size_t>(current_.data() - text_.data()) + current_.size(); }

  /// The quote that closes the one at `open`; "" stands for a quote, and so does \" inside of a cell.
  std::size_t closing_quote(std::size_t open, char separator) const {
    for (std::size_t k = open + 1; k < text_.size(); ++k) {
      if (text_[k] != '"') continue;
      const char after = k + 1 < text_.size() ? text_[k + 1] : '\n';
      if (after == '"') ++k;
      else if (text_[k - 1] != '\\' || after == '\n' || after == '\r' || find(text_.substr(k + 1, 2), separator) == 0) return k;
    }
    return std::string_view::npos;
  }
  /// The current line goes on to the end of the line in which `close` stands.
  void extend(std::size_t close) {
    const auto start = static_cast<std::size_t>(current_.data() - text_.data());
    for (std::size_t end = close; at_ <= close;) {
      end = line_end(at_);
      current_ = without_cr(text_.substr(start, end - start));
      at_ = after_line(end);
      ++lines_;
    }
  }
  void split_plain(char separator, std::vector<std::string_view>& cells) const {
    const char *from = current_.data(), *const end = from + current_.size();
    while (true) {
      const char* to = from;
      while (to != end && *to != separator) ++to;  // cells are short: a call to memchr costs more
      cells.emplace_back(from, static_cast<std::size_t>(to - from));
      if (to != from && (*from <= ' ' || to[-1] <= ' ')) cells.back() = trimmed(cells.back());
      if (to == end) return;
      from = to + 1;
    }
  }
  static std::size_t find(std::string_view rest, char separator) {
    if (separator == ' ') return rest.find_first_of(" \t");
    if (separator == ':') return rest.find("::");
    for (std::size_t k = 0; k < rest.size(); ++k)
      if (rest[k] == separator) return k;
    return std::string_view::npos;
  }
  static std::string_view trim_blanks(std::string_view rest, char separator) {
    while (separator != ' ' && !rest.empty() && rest.front() == ' ') rest.remove_prefix(1);
    return separator == ' ' ? trimmed(rest) : rest;
  }

  std::string path_, bytes_;
  std::string_view text_, current_;
  Encoding encoding_ = Encoding::utf8;
  char separator_ = 0;
  bool quotes_ = false, lone_cr_ = false;
  std::size_t at_ = 0, top_ = 0;
  Index line_ = 0, lines_ = 0, top_line_ = 0;  // the line at which the current one begins; how many were read; how many come before the top
};

/// A quoted cell's text, in which "" stands for one quote; without line breaks around it.
inline std::string label_text(std::string_view cell) {
  while (!cell.empty() && (cell.back() == '\n' || cell.back() == '\r')) cell.remove_suffix(1);
  while (!cell.empty() && (cell.front() == '\n' || cell.front() == '\r')) cell.remove_prefix(1);
  std::string text;
  for (std::size_t k = 0; k < cell.size(); ++k) {
    text += cell[k];
    if (cell.substr(k, 2) == "\"\"") ++k;
  }
  return text;
}

}  // namespace detail
}  // namespace tacit
