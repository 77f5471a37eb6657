// SPDX-License-Identifier: MIT
// A hundred steps equal those of PyTorch to 1e-12.
#include <tacit/optimizer/adadelta.hpp>
#include <tacit/optimizer/adagrad.hpp>
#include <tacit/optimizer/adamax.hpp>
#include <tacit/optimizer/adamw.hpp>
#include <tacit/optimizer/amsgrad.hpp>
#include <tacit/optimizer/clip_value.hpp>
#include <tacit/optimizer/decaying_rate.hpp>
#include <tacit/optimizer/nadam.hpp>
#include <tacit/optimizer/one_cycle.hpp>
#include <tacit/optimizer/radam.hpp>
#include <tacit/optimizer/recipes.hpp>
#include <tacit/optimizer/rmsprop.hpp>

#include "reference/reader.hpp"

using namespace tacit;

TEST_CASE("optimizers and schedules are those of PyTorch") {
  reference::File torch("torch.txt");
  const FullGradient g;
  torch.equals("sgd", gradient_descent({.rate = 0.1}));
  torch.equals("sgd_momentum", momentum({.rate = 0.05, .beta = 0.9}));
  torch.equals("sgd_dampening", g | HeavyBall{.beta = 0.8, .dampening = 0.3} | LearningRate{0.05});
  torch.equals("sgd_nesterov", nesterov({.rate = 0.05, .beta = 0.7}));
  torch.equals("sgd_weight_decay", g | WeightDecay{0.1} | HeavyBall{0.9} | LearningRate{0.05});
  torch.equals("adam", adam({.rate = 0.01}));
  torch.equals("adam_l2", adam_l2({.rate = 0.01, .lambda = 0.1}));
  torch.equals("adamw", adamw({.rate = 0.01, .lambda = 0.1}));
  torch.equals("amsgrad", amsgrad({.rate = 0.01}));
  torch.equals("amsgrad_short", amsgrad({.rate = 0.05, .beta2 = 0.9}));
  torch.equals("nadam", nadam({.rate = 0.01}));
  torch.equals("radam", radam({.rate = 0.01}));
  torch.equals("rmsprop", rmsprop());
  torch.equals("rmsprop_momentum", rmsprop({.rate = 0.002, .momentum = 0.9}));
  torch.equals("rmsprop_centred", rmsprop({.rate = 0.002, .momentum = 0.5, .centred = true}));
  torch.equals("adagrad", adagrad({.rate = 0.1}));
  torch.equals("adagrad_decay", g | AdaGradScale{.initial = 0.1} | LearningRate{inverse_time({.rate = 0.1, .decay = 0.05})});
  torch.equals("adadelta", adadelta({.rate = 0.4, .eps = 1e-4}));
  torch.equals("adamax", adamax({.rate = 0.01}));
  torch.equals("clip_norm", g | Clip{.norm = 0.5, .form = ClipForm::torch} | LearningRate{0.1});
  torch.equals("clip_value", g | ClipValue{0.2} | LearningRate{0.1});
  torch.equals("step", g | LearningRate{step_rate({.rate = 0.1, .factor = 0.5, .every = 30})});
  torch.equals("cosine", g | LearningRate{cosine({.rate = 0.1, .final = 0.01, .iterations = 100})});
  torch.equals("linear", g | LearningRate{linear({.rate = 0.1 / 3, .final = 0.1, .iterations = 20})});
  torch.equals("one_cycle", g | LearningRate{one_cycle({.rate = 0.2, .iterations = 100})});
  torch.equals("one_cycle_linear", g | LearningRate{one_cycle({.rate = 0.2, .iterations = 100, .anneal = Anneal::linear})});
  torch.equals(
      "sequential",
      g | LearningRate{
              linear({.rate = 0.1 / 3, .final = 0.1, .iterations = 20}).then(cosine({.rate = 0.1, .final = 0.01, .iterations = 80}))});
  torch.all_met();
}
