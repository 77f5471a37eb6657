// expect: optimizer: two stages set a rate, so the second would turn the step of the first around
// SPDX-License-Identifier: MIT
#include <tacit/optimizer/recipes.hpp>

using namespace tacit;
int main() { auto climbs = FullGradient{} | LearningRate{0.1} | LearningRate{0.1}; }
