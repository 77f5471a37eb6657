// SPDX-License-Identifier: MIT
#pragma once
// Error sentences. Everything that a caller can get wrong at construction goes through require(), which throws
// std::invalid_argument with one sentence: what, where, why. The text is assembled only when the check fails.

#include <locale>
#include <sstream>
#include <stdexcept>
#include <string>

namespace tacit {

/// Joins its arguments as operator<< prints them:  sentence("got ", 3, " rows") == "got 3 rows".
template <class... Parts>
std::string sentence(const Parts&... parts) {
  std::ostringstream out;
  out.imbue(std::locale::classic());  // whatever the program's locale: sentences also name runs and columns
  out.precision(10);
  (out << ... << parts);
  return out.str();
}

template <class... Parts>
void require(bool condition, const Parts&... parts) {
  if (!condition) throw std::invalid_argument(sentence(parts...));
}

}  // namespace tacit
