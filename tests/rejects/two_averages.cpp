// expect: optimizer: two stages report another theta than the iterate; keep one average
// SPDX-License-Identifier: MIT
#include <tacit/optimizer/iterate_average.hpp>
#include <tacit/optimizer/recipes.hpp>

using namespace tacit;
int main() { auto both = FullGradient{} | LearningRate{0.1} | UniformAverage{} | ExponentialAverage{}; }
