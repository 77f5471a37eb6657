// expect: optimizer: a chain has one source, at its beginning
// SPDX-License-Identifier: MIT
#include <tacit/optimizer/recipes.hpp>

int main() { tacit::FullGradient{} | tacit::LearningRate{0.1} | tacit::FullGradient{}; }
