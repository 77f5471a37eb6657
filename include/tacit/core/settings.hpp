// SPDX-License-Identifier: MIT
#pragma once
// Hyper-parameters as text, through the visitor that archives use: a value whose persist(archive) calls archive("beta1", beta1) for each of its settings can be
//   listed     SettingsList: names and exact texts, what a checkpoint compares and operator<< prints
//   changed    from text, for a choice made at run time (settings_text.hpp)
// Numbers are written with as few digits as give the same number back.

#include <array>
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

}  // namespace tacit
