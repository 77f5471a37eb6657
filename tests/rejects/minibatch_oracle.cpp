// expect: on_batches: the problem needs count() and value_and_gradient(theta, which, ws, g)
// SPDX-License-Identifier: MIT
#include <tacit/optimizer/full_gradient.hpp>
#include <tacit/optimizer/on_batches.hpp>

struct Bowl {
  using scalar_type = double;
  struct Workspace {};
};
int main() { tacit::on_batches({.size = 1}, tacit::FullGradient{}).start(Bowl{}); }
