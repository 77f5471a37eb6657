// SPDX-License-Identifier: MIT
#include <tacit/optimizer/recipes.hpp>

#include "run_laws.hpp"

using namespace bitwise;

TEST_CASE("runs on full gradients keep their laws") {
  keeps_the_run_laws(gradient_descent({.rate = 0.3}));
  keeps_the_run_laws(FullGradient{} | Clip{.norm = 0.2} | WeightDecay{0.1} | Nesterov{} |
                     LearningRate{cosine({.rate = 0.2, .iterations = 50})});
}
TEST_CASE("runs with momentum keep their laws") { keeps_the_run_laws(momentum({.rate = 0.1})); }
TEST_CASE("runs with Adam keep their laws") { keeps_the_run_laws(adam({.rate = 0.01})); }
TEST_CASE("runs with GroupRMSprop keep their laws") { keeps_the_run_laws(group_rmsprop({.rate = 0.05})); }
