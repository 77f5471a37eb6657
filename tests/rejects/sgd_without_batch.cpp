// expect: a recipe is called without a setting that has no default, such as .rate or .batch
// SPDX-License-Identifier: MIT
#include <tacit/optimizer/recipes.hpp>

using namespace tacit;
int main() { auto incomplete = sgd({.rate = 0.1}); }
