// expect: optimizer: a stage stands behind the one that sets the rate, where it would edit the step instead of the gradient; put it before
// SPDX-License-Identifier: MIT
#include <tacit/optimizer/recipes.hpp>

using namespace tacit;
int main() { auto climbs = FullGradient{} | LearningRate{0.1} | AdamScale{}; }
