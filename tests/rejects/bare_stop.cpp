// expect: stop_when: the condition needs sentence(), which the outcome quotes
// SPDX-License-Identifier: MIT
#include <tacit/hook/stop.hpp>

int main() {
  tacit::stop_when([](const auto&) { return true; });
}
