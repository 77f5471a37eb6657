// expect: MinibatchGradient: the problem needs count() and value_and_gradient(theta, which, ws, g)
// SPDX-License-Identifier: MIT
#include <tacit/optimizer/minibatch_gradient.hpp>

struct Bowl {};
int main() { tacit::MinibatchGradient{.batch = 1}.start(Bowl{}); }
