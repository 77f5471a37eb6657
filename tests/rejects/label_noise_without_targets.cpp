// expect: LabelNoise: the problem has no targets to disturb
// SPDX-License-Identifier: MIT
#include <tacit/optimizer/label_noise.hpp>

struct Bowl {
  using scalar_type = double;
  struct Workspace {};
};
int main() { tacit::LabelNoise{.sigma = 1}.start(Bowl{}); }
