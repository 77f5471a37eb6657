// SPDX-License-Identifier: MIT
#pragma once
// The sentence of the error that an action throws: tests of bad input compare it whole.

#include <stdexcept>
#include <string>

/// what() of the std::invalid_argument that `action` throws, or "nothing was thrown"; any other exception passes.
template <class Action>
std::string thrown(Action&& action) {
  try {
    action();
  } catch (const std::invalid_argument& error) {
    return error.what();
  }
  return "nothing was thrown";
}
