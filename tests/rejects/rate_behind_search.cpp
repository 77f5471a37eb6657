// expect: optimizer: two stages set a rate, so the second would turn the step of the first around
// SPDX-License-Identifier: MIT
#include <tacit/optimizer/recipes.hpp>
#include <tacit/optimizer/sharpness_rate.hpp>

using namespace tacit;
int main() { auto climbs = FullGradient{} | SharpnessRate{} | LearningRate{0.5}; }
