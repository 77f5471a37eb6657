// expect: optimizer: a search is the last stage, since it tries the step that all others have made
// SPDX-License-Identifier: MIT
#include <tacit/optimizer/recipes.hpp>
#include <tacit/optimizer/sharpness_rate.hpp>

using namespace tacit;
int main() { auto edited = FullGradient{} | SharpnessRate{} | Clip{.norm = 1}; }
