// expect: optimizer: a stage of this chain needs Hessian-vector products, which this problem does not offer
// SPDX-License-Identifier: MIT
#include <tacit/optimizer/recipes.hpp>

using namespace tacit;
struct Bowl {
  using scalar_type = double;
  struct Workspace {};
};
int main() { GradientPenalty{.lambda = 1}.start(Bowl{}); }
