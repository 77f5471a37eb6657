// SPDX-License-Identifier: MIT
#pragma once
// Required: a setting without a default. A recipe that is called without it does not compile:  sgd({.rate = 0.1})  lacks its batch.

#include <concepts>
#include <type_traits>

namespace tacit {

template <class T>
struct Required {
  T value;
  template <class Missing = void>
  constexpr Required() : value() {
    static_assert(!std::is_void_v<Missing>, "a recipe is called without a setting that has no default, such as .rate or .batch");
  }
  template <class U>
  requires std::convertible_to<U, T>
  constexpr Required(U given) : value(static_cast<T>(given)) {}
  constexpr operator T() const { return value; }
};

}  // namespace tacit
