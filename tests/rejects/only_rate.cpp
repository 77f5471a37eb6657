// expect: only: the rate is set once for all blocks
// SPDX-License-Identifier: MIT
#include <tacit/optimizer/blocks.hpp>
#include <tacit/optimizer/recipes.hpp>

using namespace tacit;
int main() { auto chain = FullGradient{} | only("W1", LearningRate{0.1}); }
