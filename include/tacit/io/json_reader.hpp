// SPDX-License-Identifier: MIT
#pragma once
// JSON, read strictly (RFC 8259): one value, no comments, no trailing commas, no name twice in an object, no NaN, at most 100 deep. Errors name file, line
// and column (both from 1; columns count bytes). Numbers keep their text, so that 64-bit integers and doubles come back exactly. For files of settings,
// not for data: a value takes some hundred bytes. Writing: io/json_writer.hpp.
//
//   const JsonValue file = read_json("model.json");   file["widths"][0].integer();   file["offset"].number();

#include <concepts>
#include <cstdint>
#include <memory>
#include <string>
#include <string_view>
#include <utility>
#include <vector>

#include "text_file.hpp"

namespace tacit {

class JsonValue {
 public:
  enum class Kind { null, boolean, number, text, array, object };

  Kind kind() const { return kind_; }
  bool is_null() const { return kind_ == Kind::null; }
  bool boolean() const { return need(Kind::boolean), text_ == "true"; }
  const std::string& text() const { return need(Kind::text), text_; }
  double number() const {
    need(Kind::number);
    double value = 0;
    if (detail::parse_number(text_, value) != detail::Number::fine) fail(text_ + " is too large for a double");
    return value;
  }
  std::int64_t integer() const { return whole<std::int64_t>(); }
  /// A seed, which may lie above 2^63.
  std::uint64_t seed() const { return whole<std::uint64_t>(); }
  /// A number as the file spells it.
  const std::string& spelling() const { return need(Kind::number), text_; }

  /// The elements of an array, or an object's values in their order.
  const std::vector<JsonValue>& items() const {
    if (kind_ != Kind::object) need(Kind::array);
    return items_;
  }
  std::size_t size() const { return items().size(); }
  template <std::integral Position>  // any integer: a 0 is also a pointer
  const JsonValue& operator[](Position k) const {
    if (std::cmp_less(k, 0) || std::cmp_greater_equal(k, size()))
      fail("has " + std::to_string(size()) + " elements, number " + std::to_string(k) + " (from 0) is asked for");
    return items_[static_cast<std::size_t>(k)];
  }
  /// An object's names, in the order of items().
  const std::vector<std::string>& names() const { return need(Kind::object), names_; }
  bool has(std::string_view name) const { return find(name) < names_.size(); }
  const JsonValue& operator[](std::string_view name) const {
    need(Kind::object);
    const std::size_t k = find(name);
    if (k == names_.size()) fail("'" + std::string(name) + "' is missing");
    return items_[k];
  }

  /// For who finds a value unfit: throws with the place where it stands.
  [[noreturn]] void fail(const std::string& why) const { throw std::runtime_error(place(name_ ? *name_ : "JSON", line_, column_) + why); }

 private:
  friend class JsonReader;

  static std::string place(const std::string& name, std::size_t line, std::size_t column) {
    return name + ", line " + std::to_string(line) + ", column " + std::to_string(column) + ": ";
  }
  void need(Kind kind) const {
    if (kind_ != kind) fail("is " + std::string(in_words(kind_)) + " where " + in_words(kind) + " is due");
  }
  static const char* in_words(Kind kind) {
    static constexpr const char* words[] = {"null", "true or false", "a number", "text", "an array", "an object"};
    return words[static_cast<int>(kind)];
  }
  std::size_t find(std::string_view name) const {
    std::size_t k = 0;
    while (k < names_.size() && names_[k] != name) ++k;
    return k;
  }
  template <class Integer>
  Integer whole() const {
    need(Kind::number);
    Integer value = 0;
    const auto [end, status] = std::from_chars(text_.data(), text_.data() + text_.size(), value);
    if (status != std::errc() || end != text_.data() + text_.size()) fail(text_ + " is no whole number of 64 bits");
    return value;
  }

  Kind kind_ = Kind::null;
  std::string text_;
  std::shared_ptr<const std::string> name_;  // of the file, for errors
  std::size_t line_ = 1, column_ = 1;
  std::vector<JsonValue> items_;
  std::vector<std::string> names_;
};

class JsonReader {
 public:
  JsonReader(std::string name, std::string_view text) : name_(std::make_shared<const std::string>(std::move(name))), text_(text) {}

  JsonValue read() {
    if (text_.substr(0, 3) == "\xEF\xBB\xBF") fail("a byte-order mark stands where a value is due");
    JsonValue value = read_value(0);
    skip_blanks();
    if (at_ < text_.size()) fail("more text follows the end of the value");
    return value;
  }

 private:
  JsonValue read_value(int depth) {
    skip_blanks();
    if (depth > 100) fail("arrays and objects are more than 100 deep");
    JsonValue value;
    locate();
    value.name_ = name_;
    value.line_ = line_;
    value.column_ = at_ - line_start_ + 1;
    const char c = peek();
    if (c == '{' || c == '[') {
      value.kind_ = c == '{' ? JsonValue::Kind::object : JsonValue::Kind::array;
      read_items(value, depth);
    } else if (c == '"') {
      value.kind_ = JsonValue::Kind::text;
      value.text_ = read_text();
    } else if (c == '-' || (c >= '0' && c <= '9')) {
      value.kind_ = JsonValue::Kind::number;
      value.text_ = read_number();
    } else {
      value.text_ = read_word();
      value.kind_ = value.text_ == "null" ? JsonValue::Kind::null : JsonValue::Kind::boolean;
    }
    return value;
  }
  void read_items(JsonValue& value, int depth) {
    const bool object = value.kind_ == JsonValue::Kind::object;
    const char close = object ? '}' : ']';
    ++at_;
    skip_blanks();
    if (peek() == close) return void(++at_);
    while (true) {
      if (object) {
        skip_blanks();
        if (peek() != '"') fail("a name in quotes is due");
        const std::size_t before = at_;
        std::string name = read_text();
        if (value.has(name)) at_ = before, fail("the name '" + name + "' comes a second time");
        skip_blanks();
        if (peek() != ':') fail("a colon is due after the name '" + name + "'");
        ++at_;
        value.items_.push_back(read_value(depth + 1));
        value.names_.push_back(std::move(name));
      } else {
        value.items_.push_back(read_value(depth + 1));
      }
      skip_blanks();
      if (peek() == close) return void(++at_);
      if (peek() != ',') fail(std::string("a comma or ") + close + " is due");
      ++at_;
    }
  }
  std::string read_text() {
    std::string text;
    for (++at_; peek() != '"'; ++at_) {
      const char c = text_[at_];
      if (static_cast<unsigned char>(c) < 0x20) fail("a line end or control character stands inside of quotes");
      if (c == '\\') read_escape(text);
      else text += c;
    }
    ++at_;
    return text;
  }
  void read_escape(std::string& text) {
    ++at_;
    static constexpr std::string_view letters = "\"\\/bfnrt", meanings = "\"\\/\b\f\n\r\t";
    const char c = peek();
    if (const std::size_t k = letters.find(c); k != std::string_view::npos) return void(text += meanings[k]);
    if (c != 'u') fail("a backslash is followed by what it cannot escape");
    std::uint32_t code = read_hex();
    if (code >= 0xD800 && code < 0xDC00 && text_.substr(at_ + 1, 2) == "\\u") {  // a pair stands for one character
      at_ += 2;
      const std::uint32_t low = read_hex();
      if (low < 0xDC00 || low > 0xDFFF) fail("half of a pair of \\u escapes is missing");
      code = 0x10000 + ((code - 0xD800) << 10) + (low - 0xDC00);
    } else if (code >= 0xD800 && code <= 0xDFFF) {
      fail("half of a pair of \\u escapes is missing");
    }
    const auto byte = [&](std::uint32_t bits) { text += static_cast<char>(static_cast<unsigned char>(bits)); };
    if (code < 0x80) return byte(code);
    if (code < 0x800) return byte(0xC0 | code >> 6), byte(0x80 | (code & 63));
    if (code >= 0x10000) byte(0xF0 | code >> 18), byte(0x80 | (code >> 12 & 63));
    else byte(0xE0 | code >> 12);
    byte(0x80 | (code >> 6 & 63));
    byte(0x80 | (code & 63));
  }
  /// The four digits after \u; stays on the last of them.
  std::uint32_t read_hex() {
    std::uint32_t code = 0;
    for (int k = 0; k < 4; ++k) {
      ++at_;
      const char c = detail::lower(peek());
      const std::size_t digit = std::string_view("0123456789abcdef").find(c);
      if (digit == std::string_view::npos) fail("four hexadecimal digits are due after \\u");
      code = code * 16 + static_cast<std::uint32_t>(digit);
    }
    return code;
  }
  std::string read_number() {
    const std::size_t from = at_;
    const auto digits = [&] {
      const std::size_t first = at_;
      while (at_ < text_.size() && text_[at_] >= '0' && text_[at_] <= '9') ++at_;
      if (at_ == first) fail("a digit is due");
    };
    if (text_[at_] == '-') ++at_;
    if (peek() == '0') ++at_;
    else digits();
    if (at_ < text_.size() && text_[at_] == '.') ++at_, digits();
    if (at_ < text_.size() && (text_[at_] == 'e' || text_[at_] == 'E')) {
      ++at_;
      if (at_ < text_.size() && (text_[at_] == '+' || text_[at_] == '-')) ++at_;
      digits();
    }
    return std::string(text_.substr(from, at_ - from));
  }
  std::string read_word() {
    for (const char* word : {"null", "true", "false"}) {
      const std::string_view text(word);
      if (text_.substr(at_, text.size()) == text) return at_ += text.size(), word;
    }
    fail("a value is due: an object, an array, text in quotes, a number, true, false or null");
  }
  void skip_blanks() {
    while (at_ < text_.size() && (text_[at_] == ' ' || text_[at_] == '\t' || text_[at_] == '\n' || text_[at_] == '\r')) ++at_;
  }
  char peek() const {
    if (at_ >= text_.size()) fail(text_.find_first_not_of(" \t\r\n") == std::string_view::npos ? "is empty" : "is cut short");
    return text_[at_];
  }
  /// Line and column of where the reader stands; each line end is passed once.
  void locate() const {
    for (; located_ < at_ && located_ < text_.size(); ++located_)
      if (text_[located_] == '\n') ++line_, line_start_ = located_ + 1;
  }
  std::string place() const {
    locate();
    return JsonValue::place(*name_, line_, at_ - line_start_ + 1);
  }
  [[noreturn]] void fail(const std::string& why) const { throw std::runtime_error(place() + why); }

  std::shared_ptr<const std::string> name_;
  std::string_view text_;
  std::size_t at_ = 0;
  mutable std::size_t located_ = 0, line_ = 1, line_start_ = 0;
};

/// `name` stands in front of errors, as a path does.
inline JsonValue parse_json(std::string_view text, const std::string& name = "JSON") { return JsonReader(name, text).read(); }
inline JsonValue read_json(const std::string& path) {
  const std::string bytes = read_file(path);
  return parse_json(bytes, path);
}

}  // namespace tacit
