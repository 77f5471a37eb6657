// expect: Recorded: the formula needs to return what it has made of its blocks
// SPDX-License-Identifier: MIT
#include <tacit/model/recorded.hpp>

using namespace tacit;
int main() {
  Recorded<double>(blocks({{"W1", {2, 3}}}), [](auto W1) { return W1.rows(); });
}
