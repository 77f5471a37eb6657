// SPDX-License-Identifier: MIT
#pragma once
// Entrants from text (race/entrant.hpp).

#include <algorithm>
#include <array>

#include "../../core/compiled.hpp"
#include "../../core/nearest_name.hpp"
#include "../../core/settings_text.hpp"
#include "../../io/number.hpp"
#include "../../optimizer/named_optimizers.hpp"
#include "../entrant.hpp"

namespace tacit {

namespace detail {

/// What is searched where an optimizer has no rate, and where rates without a default begin.
struct DefaultSearch {
  const char *name, *setting;
  double centre;
};
inline constexpr std::array<DefaultSearch, 5> default_searches{{{"polyak", "c", 0.5},
                                                                {"sharpness_rate", "c", 0.5},
                                                                {"levenberg_marquardt", "mu", 1e-3},
                                                                {"muon", "rate", 0.02},
                                                                {"normalised_gradient", "rate", 0.1}}};

/// One setting of a text, as name and value.
struct TextItem {
  std::string name, value;
};
/// The settings in "{.a = 1, .b = f(2, 3)}", where the first braces or parentheses of all are left out.
inline std::vector<TextItem> text_items(std::string_view rest, const std::string& who) {
  for (const char* pair : {"()", "{}"}) {
    rest = without_space(rest);
    if (rest.empty() || rest.front() != pair[0]) continue;
    require(rest.back() == pair[1], who, ": '", rest, "' lacks its closing ", std::string_view(pair + 1, 1));
    rest = without_space(rest.substr(1, rest.size() - 2));
  }
  std::vector<TextItem> items;
  int depth = 0;
  std::size_t from = 0;
  for (std::size_t k = 0; k <= rest.size(); ++k) {
    if (k < rest.size()) depth += (rest[k] == '{' || rest[k] == '(') - (rest[k] == '}' || rest[k] == ')');
    if (k < rest.size() && (rest[k] != ',' || depth != 0)) continue;
    const std::string_view item = without_space(rest.substr(from, k - from));
    from = k + 1;
    if (item.empty()) continue;
    const std::size_t equals = item.find('=');
    require(equals != std::string_view::npos, who, ": the setting '", item, "' has no value; write .name = value");
    std::string_view name = without_space(item.substr(0, equals));
    if (!name.empty() && name[0] == '.') name.remove_prefix(1);
    items.push_back({std::string(name), std::string(without_space(item.substr(equals + 1)))});
  }
  return items;
}

}  // namespace detail

TACIT_INLINE Entrant race_entrant(const std::string& text) {
  const std::string_view all = detail::without_space(text);
  std::size_t end = 0;
  while (end < all.size() && (std::isalnum(static_cast<unsigned char>(all[end])) || all[end] == '_')) ++end;
  const std::string optimizer(all.substr(0, end));
  const std::vector<SettingText> known = optimizer_settings(optimizer);  // refuses a name that nobody knows, with the nearest
  const auto default_of = [&](const std::string& name) -> const SettingText* {
    for (const SettingText& setting : known)
      if (setting.name == name) return &setting;
    return nullptr;
  };
  Entrant entrant{std::string(all), "", 1, {""}, {}};
  std::vector<detail::TextItem> fixed, several;
  for (detail::TextItem& item : detail::text_items(all.substr(end), optimizer)) {
    if (item.value == "R") {
      require(entrant.searched.empty(), optimizer, ": .", entrant.searched, " and .", item.name, " are both R; one setting is searched");
      require(default_of(item.name) != nullptr, optimizer, ": there is no setting .", item.name, " to be searched");
      entrant.searched = item.name;
    } else if (item.value.find('|') != std::string::npos) {
      several.push_back(std::move(item));
    } else {
      fixed.push_back(std::move(item));
    }
  }
  const auto given = [&](const std::string& name) {
    const auto is_it = [&](const detail::TextItem& item) { return item.name == name; };
    return std::any_of(fixed.begin(), fixed.end(), is_it) || std::any_of(several.begin(), several.end(), is_it);
  };
  if (entrant.searched.empty() && default_of("rate") && !given("rate")) entrant.searched = "rate";
  for (const detail::DefaultSearch& search : detail::default_searches)
    if (optimizer == search.name && entrant.searched.empty() && !given(search.setting)) entrant.searched = search.setting;
  if (const SettingText* setting = entrant.searched.empty() ? nullptr : default_of(entrant.searched)) {
    double centre = 0;
    entrant.centre = detail::read_exact(setting->text, centre) && std::isfinite(centre) && centre > 0 ? centre : 0.1;
  }
  for (const detail::DefaultSearch& search : detail::default_searches)
    if (optimizer == search.name && entrant.searched == search.setting) entrant.centre = search.centre;

  std::string common;
  for (const detail::TextItem& item : fixed) common += sentence(".", item.name, " = ", item.value, ", ");
  for (const detail::TextItem& item : several) {  // every combination, the last setting fastest
    std::vector<std::string> longer;
    for (const std::string& before : entrant.alternatives) {
      std::size_t from = 0;
      while (from <= item.value.size()) {
        const std::size_t bar = std::min(item.value.find('|', from), item.value.size());
        const std::string value(detail::without_space(std::string_view(item.value).substr(from, bar - from)));
        require(!value.empty(), optimizer, ": one of the alternatives of .", item.name, " is empty");
        longer.push_back(sentence(before, before.empty() ? "." : ", .", item.name, " = ", value));
        from = bar + 1;
      }
    }
    entrant.alternatives = std::move(longer);
  }
  entrant.make = [optimizer, common, searched = entrant.searched](double value, const std::string& alternative) {
    std::string settings = common + alternative;
    if (!searched.empty()) settings += sentence(alternative.empty() ? "." : ", .", searched, " = ", shortest(value));
    return optimizer_named<double>(optimizer + "({" + settings + "})");
  };
  for (const std::string& alternative : entrant.alternatives) entrant.at(entrant.centre, alternative);
  return entrant;
}

}  // namespace tacit
