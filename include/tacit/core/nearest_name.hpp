// SPDX-License-Identifier: MIT
#pragma once
// For names that nobody knows: the known ones that come closest, by the number of letters to insert, leave out, change, or swap with the next.

#include <algorithm>
#include <string>
#include <string_view>
#include <vector>

namespace tacit {

namespace detail {

/// Optimal string alignment distance; costs the product of the lengths.
inline std::size_t edits_between(std::string_view a, std::string_view b) {
  std::vector<std::vector<std::size_t>> d(a.size() + 1, std::vector<std::size_t>(b.size() + 1));
  for (std::size_t i = 0; i <= a.size(); ++i)
    for (std::size_t j = 0; j <= b.size(); ++j) {
      if (i == 0 || j == 0) {
        d[i][j] = i + j;
        continue;
      }
      d[i][j] = std::min({d[i - 1][j] + 1, d[i][j - 1] + 1, d[i - 1][j - 1] + (a[i - 1] != b[j - 1])});
      if (i > 1 && j > 1 && a[i - 1] == b[j - 2] && a[i - 2] == b[j - 1]) d[i][j] = std::min(d[i][j], d[i - 2][j - 2] + 1);
    }
  return d[a.size()][b.size()];
}

}  // namespace detail

/// "adam, adamw or adamax": at most three of the names, the closest first; those that begin alike count as closer.
inline std::string nearest_names(std::string_view asked, std::vector<std::string> names) {
  const auto distance = [&](const std::string& name) {
    const bool begins = !asked.empty() && (name.find(asked) != std::string::npos || asked.find(name) != std::string_view::npos);
    return 2 * detail::edits_between(asked, name) / (begins ? 2 : 1);
  };
  std::stable_sort(names.begin(), names.end(), [&](const std::string& a, const std::string& b) { return distance(a) < distance(b); });
  if (names.size() > 3) names.resize(3);
  std::string out;
  for (std::size_t k = 0; k < names.size(); ++k) out += (k == 0 ? "" : k + 1 == names.size() ? " or " : ", ") + names[k];
  return out;
}

}  // namespace tacit
