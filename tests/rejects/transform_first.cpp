// expect: optimizer: a chain begins with a source such as FullGradient
// SPDX-License-Identifier: MIT
#include <tacit/optimizer/recipes.hpp>

int main() { tacit::HeavyBall{} | tacit::LearningRate{0.1}; }
