// expect: optimizer: a stage that needs the rate of this step, such as Langevin, stands before the one that sets it
// SPDX-License-Identifier: MIT
#include <tacit/optimizer/langevin.hpp>

int main() { (void)(tacit::FullGradient{} | tacit::Langevin{} | tacit::LearningRate{0.1}); }
