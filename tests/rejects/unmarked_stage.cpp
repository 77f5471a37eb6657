// expect: optimizer: a stage says where it stands: add  using stage = TransformTag;  (or SearchTag) to it
// SPDX-License-Identifier: MIT
#include <tacit/optimizer/recipes.hpp>

using namespace tacit;
struct Own {
  template <Scalar S>
  Nothing start(const Layout&) const {
    return {};
  }
  template <Scalar S>
  void apply(Step<S>&, Nothing&) const {}
};
int main() { auto chain = FullGradient{} | Own{} | LearningRate{0.1}; }
