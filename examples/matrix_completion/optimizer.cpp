// SPDX-License-Identifier: MIT
// Short names with the rates that suit the main job; every other optimizer of the library by its own name, with its settings as text.
#include "optimizer.hpp"

#include <tacit/optimizer/named_optimizers.hpp>
#include <tacit/optimizer/recipes.hpp>
#include <tacit/optimizer/sharpness_rate.hpp>

tacit::AnyOptimizer<double> optimizer_of(const Settings& s) {
  const auto rate = [&](double usual) { return s.rate > 0 ? s.rate : usual; };
  const auto any = [](auto optimizer) { return tacit::any_optimizer<double>(std::move(optimizer)); };
  if (s.optimizer == "sharpness") return any(tacit::SharpnessRate{.c = rate(1)});
  if (s.optimizer == "gd") return any(tacit::gradient_descent({.rate = rate(1)}));
  if (s.optimizer == "momentum") return any(tacit::momentum({.rate = rate(0.1)}));
  if (s.optimizer == "adam") return any(tacit::adam({.rate = rate(1e-3)}));
  if (s.optimizer == "group_rmsprop") return any(tacit::group_rmsprop({.rate = rate(1e-3)}));
  if (s.optimizer == "gradient_regularized") return any(tacit::gradient_regularized({.rate = rate(0.1), .lambda = s.gradient_lambda}));
  if (s.optimizer == "sgd") return any(tacit::sgd({.rate = rate(0.1), .batch = s.batch > 0 ? s.batch : 256, .seed = s.seed}));
  return tacit::AnyOptimizer<double>(s.optimizer);  // by name, with settings of its own: "muon({.rate = 0.01})"
}

std::string why_no_optimizer(const std::string& text) {
  try {
    Settings settings;
    settings.optimizer = text;
    (void)optimizer_of(settings);
    return {};
  } catch (const std::invalid_argument& error) {
    return error.what();
  }
}
