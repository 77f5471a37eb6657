// expect: LearningRate: a schedule is called with the iteration and returns the rate
// SPDX-License-Identifier: MIT
#include <tacit/optimizer/learning_rate.hpp>

int main() {
  tacit::LearningRate{[] { return 0.1; }};
}
