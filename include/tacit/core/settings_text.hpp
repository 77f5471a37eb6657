// SPDX-License-Identifier: MIT
#pragma once
// Hyper-parameters from text: SettingsText(".beta1 = 0.5, .eps = 1e-3", who) changes the settings of a value that lists them by persist(archive)
// (settings.hpp). What no visited value has, and what is no number, is refused with a sentence.

#include <cctype>

#include "settings.hpp"

namespace tacit {

namespace detail {

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

  const std::string& who() const { return who_; }

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
    const std::size_t bar = rest.find('|');
    require(bar == rest.npos, name, ": '", rest.substr(std::min(bar, rest.size())),
            "' stands behind it; a name stands for a whole chain, and further stages are joined to the C++ value, as in  "
            "AnyOptimizer<double>(text) | UniformAverage{}");
    require(rest.back() == close, name, ": '", rest, "' lacks its closing ", close);
    rest = without_space(rest.substr(1, rest.size() - 2));
  };
  strip('(', ')');
  strip('{', '}');
  return {name, std::string(rest)};
}

}  // namespace detail

}  // namespace tacit
