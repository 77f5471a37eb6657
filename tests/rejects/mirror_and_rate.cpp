// expect: optimizer: two stages set a rate
// SPDX-License-Identifier: MIT
#include <tacit/optimizer/mirror_descent.hpp>

using namespace tacit;
int main() { return sizeof(FullGradient{} | MirrorDescent<>{{0.1}, 1.0} | LearningRate{0.1}) > 0; }
