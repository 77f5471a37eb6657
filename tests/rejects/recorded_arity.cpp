// expect: Recorded: the formula needs to take as many parameters as there are blocks: (auto W1, auto W2) for two
// SPDX-License-Identifier: MIT
#include <tacit/model/recorded.hpp>

using namespace tacit;
int main() {
  Recorded<double>(blocks({{"W1", {2, 3}}, {"W2", {4, 2}}}), [](auto W1) { return W1; });
}
