// SPDX-License-Identifier: MIT
#pragma once
// Hyper-parameters as text, through the visitor that archives use: a value whose persist(archive) calls archive("beta1", beta1) for each of its settings can be
//   listed     SettingsList: names and exact texts, what a checkpoint compares and operator<< prints
//   changed    SettingsText: from text such as ".beta1 = 0.5, .eps = 1e-3", for a choice made at run time
// Numbers are written with as few digits as give the same number back.

#include <array>
#include <cctype>
#include <cmath>
#include <concepts>
#include <limits>
#include <locale>
#include <sstream>
#include <string>
#include <string_view>
#include <type_traits>
#include <utility>
#include <vector>

#include "check.hpp"
#include "scalar.hpp"

namespace tacit {

/// Names of an enumeration's values, in their order: specialise for an enumeration that is a setting.
template <class E>
inline constexpr std::array<const char*, 0> names_of{};

namespace detail {

/// As few digits as read back as the same number.
template <class Number>
std::string exact_text(Number x) {
  if constexpr (std::is_same_v<Number, bool>) {
    return x ? "true" : "false";
  } else {
    std::ostringstream out;
    out.imbue(std::locale::classic());
    if constexpr (std::is_integral_v<Number>) {
      out << +x;
    } else {
      if (!std::isfinite(x)) return std::isnan(x) ? "nan" : x > 0 ? "inf" : "-inf";
      for (int digits = 6; digits <= std::numeric_limits<Number>::max_digits10; ++digits) {
        out.str({});
        out.precision(digits);
        out << x;
        Number back = 0;
        std::istringstream in(out.str());
        in.imbue(std::locale::classic());
        if (in >> back && back == x) break;
      }
    }
    return out.str();
  }
}

inline std::string_view without_space(std::string_view text) {
  while (!text.empty() && std::isspace(static_cast<unsigned char>(text.front()))) text.remove_prefix(1);
  while (!text.empty() && std::isspace(static_cast<unsigned char>(text.back()))) text.remove_suffix(1);
  return text;
}

/// Whether `text` is such a number, which then stands in x.
template <class Number>
bool read_exact(std::string_view text, Number& x) {
  if constexpr (std::is_same_v<Number, bool>) {
    if (text != "true" && text != "false" && text != "1" && text != "0") return false;
    x = text == "true" || text == "1";
    return true;
  } else {
    std::string digits(text);
    std::erase(digits, '\'');
    if constexpr (std::is_floating_point_v<Number>) {
      if (digits == "inf" || digits == "infinity") return x = std::numeric_limits<Number>::infinity(), true;
    }
    std::istringstream in(digits);
    in.imbue(std::locale::classic());
    if constexpr (std::is_unsigned_v<Number>) {
      if (!digits.empty() && digits[0] == '-') return false;
    }
    Number read{};
    if (!(in >> read) || in.peek() != std::istringstream::traits_type::eof()) return false;
    x = read;
    return true;
  }
}

}  // namespace detail

struct SettingText {
  std::string name, text;
  bool operator==(const SettingText&) const = default;
};

/// Lists the settings of a value: the names of nested ones are joined by dots.
class SettingsList {
 public:
  const std::vector<SettingText>& items() const { return items_; }

  template <class T>
  void operator()(std::string_view name, T& item) {
    if constexpr (std::is_enum_v<T>) {
      const auto k = static_cast<std::size_t>(item);
      add(name, k < names_of<T>.size() ? names_of<T>[k] : detail::exact_text(static_cast<std::int64_t>(item)));
    } else if constexpr (std::is_arithmetic_v<T>) {
      add(name, detail::exact_text(item));
    } else if constexpr (requires {
                           { item.text() } -> std::convertible_to<std::string>;
                         }) {  // reads back by SettingsText
      add(name, item.text());
    } else {
      const std::size_t outer = prefix_.size();
      prefix_.append(name).append(".");
      item.persist(*this);
      prefix_.resize(outer);
    }
  }
  void operator()(std::string_view name, std::string& text) { add(name, '"' + text + '"'); }
  template <class T>
  void operator()(std::string_view name, std::vector<T>& items) {
    if constexpr (std::is_arithmetic_v<T>) add(name, list(items));
    else if constexpr (std::is_same_v<T, std::string>) {
      std::string all;
      for (const std::string& text : items) all += (all.empty() ? "\"" : ", \"") + text + '"';
      add(name, '{' + all + '}');
    } else {
      for (std::size_t k = 0; k < items.size(); ++k) (*this)(std::string(name) + "[" + std::to_string(k) + "]", items[k]);
    }
  }
  template <Scalar S>
  void operator()(std::string_view name, Vector<S>& items) {
    add(name, list(items));
  }

 private:
  void add(std::string_view name, std::string text) { items_.push_back({prefix_ + std::string(name), std::move(text)}); }
  template <class Items>
  static std::string list(const Items& items) {
    std::string all;
    for (const auto& item : items) all += (all.empty() ? "" : ", ") + detail::exact_text(item);
    return '{' + all + '}';
  }
  std::vector<SettingText> items_;
  std::string prefix_;
};

/// Settings given as text, ".rate = 1e-3, .nesterov = true" (the dots may be left out), put where a value has one of that name. Each is used once, by the
/// first that has it. `who` names the giver in errors.
class SettingsText {
 public:
  SettingsText(std::string_view text, std::string who) : who_(std::move(who)) {
    int depth = 0;
    std::size_t from = 0;
    for (std::size_t k = 0; k <= text.size(); ++k) {
      if (k < text.size()) depth += (text[k] == '{' || text[k] == '(') - (text[k] == '}' || text[k] == ')');
      if (k < text.size() && (text[k] != ',' || depth != 0)) continue;
      const std::string_view item = detail::without_space(text.substr(from, k - from));
      from = k + 1;
      if (item.empty()) continue;
      const std::size_t equals = item.find('=');
      require(equals != std::string_view::npos, who_, ": the setting '", item, "' has no value; write .name = value");
      std::string_view name = detail::without_space(item.substr(0, equals));
      if (!name.empty() && name[0] == '.') name.remove_prefix(1);
      const std::string_view value = detail::without_space(item.substr(equals + 1));
      require(!name.empty() && !value.empty(), who_, ": the setting '", item, "' is not of the form .name = value");
      for (const Given& other : given_) require(other.name != name, who_, ": the setting .", name, " is given twice");
      given_.push_back({std::string(name), std::string(value), false});
    }
  }

  template <class T>
  void operator()(std::string_view name, T& item) {
    if constexpr (!std::is_enum_v<T> && !std::is_arithmetic_v<T>) {
      if constexpr (requires(const std::string& text) { item.read(text); }) {  // a value with a text form of its own, such as a schedule
        known_.emplace_back(name);
        if (const std::string* text = take(name)) item.read(*text);
      } else {
        item.persist(*this);
      }
    } else {
      known_.emplace_back(name);
      const std::string* text = take(name);
      if (!text) return;
      if constexpr (std::is_enum_v<T>) {
        std::string names;
        for (std::size_t k = 0; k < names_of<T>.size(); ++k) {
          if (*text == names_of<T>[k]) return void(item = static_cast<T>(k));
          names += (k ? ", " : "") + std::string(names_of<T>[k]);
        }
        require(false, who_, ": .", name, " is '", *text, "', it is one of ", names);
      } else {
        require(detail::read_exact(*text, item), who_, ": .", name, " is '", *text, "', which is not ",
                std::is_same_v<T, bool> ? "true or false"
                : std::is_integral_v<T> ? "a whole number"
                                        : "a number");
      }
    }
  }
  void operator()(std::string_view name, std::string& item) {
    known_.emplace_back(name);
    const std::string* text = take(name);
    if (!text) return;
    item = *text;
    if (item.size() >= 2 && item.front() == '"' && item.back() == '"') item = item.substr(1, item.size() - 2);
  }
  template <class T>
  void operator()(std::string_view, std::vector<T>&) {}  // lists are not given as text
  template <Scalar S>
  void operator()(std::string_view, Vector<S>&) {}

  /// Throws where a setting was given that no visited value has.
  void require_all_used() const {
    for (const Given& given : given_) {
      if (given.used) continue;
      std::string names;
      for (const std::string& name : known_) names += (names.empty() ? "." : ", .") + name;
      require(false, who_, ": there is no setting .", given.name, "; there ", known_.size() == 1 ? "is " : "are ",
              names.empty() ? "none" : names);
    }
  }

 private:
  struct Given {
    std::string name, value;
    bool used;
  };
  const std::string* take(std::string_view name) {
    for (Given& given : given_)
      if (given.name == name && !given.used) return given.used = true, &given.value;
    return nullptr;
  }
  std::string who_;
  std::vector<Given> given_;
  std::vector<std::string> known_;
};

namespace detail {

/// Name and settings of "adam", "adam()", "adam({.rate = 1e-3})" or "adam .rate = 1e-3".
inline std::pair<std::string, std::string> split_named(const std::string& text) {
  const std::string_view all = without_space(text);
  std::size_t end = 0;
  while (end < all.size() && (std::isalnum(static_cast<unsigned char>(all[end])) || all[end] == '_')) ++end;
  const std::string name(all.substr(0, end));
  std::string_view rest = without_space(all.substr(end));
  const auto strip = [&](char open, char close) {
    if (rest.empty() || rest.front() != open) return;
    require(rest.back() == close, name, ": '", rest, "' lacks its closing ", close);
    rest = without_space(rest.substr(1, rest.size() - 2));
  };
  strip('(', ')');
  strip('{', '}');
  return {name, std::string(rest)};
}

}  // namespace detail

}  // namespace tacit
