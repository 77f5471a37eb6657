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
TEST_CASE("runs at the sharpness's rate keep their laws") { keeps_the_run_laws(SharpnessRate{.every = 4}); }
TEST_CASE("runs along the gradient flow keep their laws") { keeps_the_run_laws(GradientFlow{}); }
