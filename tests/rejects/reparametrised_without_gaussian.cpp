// expect: ReparametrisedGradient: the problem is not one of a Gaussian over parameters
// SPDX-License-Identifier: MIT
#include <tacit/optimizer/reparametrised_gradient.hpp>

struct Bowl {
  using scalar_type = double;
  struct Workspace {};
};
int main() { tacit::ReparametrisedGradient{}.start(Bowl{}); }
