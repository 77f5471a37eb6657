// SPDX-License-Identifier: MIT
#include <tacit/optimizer/gradient_flow.hpp>
#include <tacit/optimizer/recipes.hpp>
#include <tacit/optimizer/sharpness_rate.hpp>

#include "run_laws.hpp"

using namespace bitwise;

TEST_CASE("runs on minibatches keep their laws") {
  keeps_the_run_laws(sgd({.rate = 0.1, .batch = 6}));
  keeps_the_run_laws(sgd({.rate = 0.1, .batch = 6, .with_replacement = true}));
}
TEST_CASE("runs with a gradient penalty keep their laws") { keeps_the_run_laws(gradient_regularized({.rate = 0.1, .lambda = 0.5})); }
TEST_CASE("runs at the sharpness's rate keep their laws") {
  keeps_the_run_laws(SharpnessRate{.every = 4});
  keeps_the_run_laws(SharpnessRate{.c = 1.9, .momentum = 0.5, .trust = 1e6, .every = 7});  // nothing but sharpness bounds it
}

TEST_CASE("what taking steps back has made of the sharpness's rate goes on through an archive") {
  const auto p = problem<double>();
  auto before = SharpnessRate{}.start(p), after = SharpnessRate{}.start(p);
  before.shrink = 0.25;
  OutputArchive out;
  out("state", before);
  InputArchive in(out.bytes(), "archive");
  in("state", after);
  CHECK(after.shrink == 0.25);
}
TEST_CASE("runs along the gradient flow keep their laws") { keeps_the_run_laws(GradientFlow{}); }
