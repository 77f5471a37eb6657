// SPDX-License-Identifier: MIT
#pragma once
// Error sentences. Everything that a caller can get wrong at construction goes through require(), which throws
// std::invalid_argument with one sentence: what, where, why. The text is assembled only when the check fails.

#include <initializer_list>
#include <locale>
#include <memory>
#include <sstream>
#include <stdexcept>
#include <string>

namespace tacit {

namespace detail {

/// One part of a sentence, its type forgotten: hundreds of sentences of different parts then compile to arrays and one function.
struct Part {
  const void* what;
  void (*print)(std::ostream&, const void*);

  Part(const char* text) : what(text), print([](std::ostream& out, const void* p) { out << static_cast<const char*>(p); }) {}
  template <class T>
  Part(const T& part) : what(std::addressof(part)), print([](std::ostream& out, const void* p) { out << *static_cast<const T*>(p); }) {}
};

[[gnu::noinline]] inline std::string join(std::initializer_list<Part> parts) {
  std::ostringstream out;
  out.imbue(std::locale::classic());  // whatever the program's locale: sentences also name runs and columns
  out.precision(10);
  for (const Part& part : parts) part.print(out, part.what);
  return out.str();
}
[[noreturn, gnu::cold, gnu::noinline]] inline void refuse(std::initializer_list<Part> parts) { throw std::invalid_argument(join(parts)); }

}  // namespace detail

/// Joins its arguments as operator<< prints them:  sentence("got ", 3, " rows") == "got 3 rows".
template <class... Parts>
std::string sentence(const Parts&... parts) {
  return detail::join({detail::Part(parts)...});
}

template <class... Parts>
void require(bool condition, const Parts&... parts) {
  if (!condition) [[unlikely]]
    detail::refuse({detail::Part(parts)...});
}

}  // namespace tacit
