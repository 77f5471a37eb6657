// expect: optimizer: a stage of this chain needs Hessian-vector products, which this problem does not offer
// SPDX-License-Identifier: MIT
#include <tacit/optimizer/sharpness_rate.hpp>

using namespace tacit;
struct Bowl {
  using scalar_type = double;
  struct Workspace {};
  Index dimension() const { return 1; }
};
int main() { SharpnessRate{}.start(Bowl{}); }
