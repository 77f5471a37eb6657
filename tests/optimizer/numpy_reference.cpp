// SPDX-License-Identifier: MIT
// A hundred steps equal those of programs in numpy, written from the formulas, to 1e-12.
#include <tacit/optimizer/adagrad.hpp>
#include <tacit/optimizer/amsgrad.hpp>
#include <tacit/optimizer/decaying_rate.hpp>
#include <tacit/optimizer/iterate_average.hpp>
#include <tacit/optimizer/lion.hpp>
#include <tacit/optimizer/nadam.hpp>
#include <tacit/optimizer/nesterov_convex.hpp>
#include <tacit/optimizer/normalised_gradient.hpp>
#include <tacit/optimizer/radam.hpp>
#include <tacit/optimizer/rmsprop.hpp>
#include <tacit/optimizer/schedule_free.hpp>
#include <tacit/optimizer/sign_descent.hpp>
#include <tacit/optimizer/signum.hpp>

#include "reference/reader.hpp"

using namespace tacit;

TEST_CASE("optimizers are those of programs in numpy") {
  reference::File numpy("numpy.txt");
  numpy.equals("lion", lion({.rate = 0.01, .lambda = 0.1}));
  numpy.equals("signum", signum());
  numpy.equals("sign_descent", sign_descent({.rate = 0.01}));
  numpy.equals("nesterov_convex", nesterov_convex({.rate = 0.2}));
  numpy.equals("adagrad_optax", adagrad({.rate = 0.1, .eps = 1e-7, .initial = 0.1, .place = EpsPlace::inside}));
  numpy.equals("rmsprop_optax",
               FullGradient{} | RmsScale{.decay = 0.9, .place = EpsPlace::inside} | LearningRate{0.01} | HeavyBall{.beta = 0.9});
  numpy.equals("amsgrad_corrected", amsgrad({.rate = 0.01, .beta2 = 0.9, .maximum_of = SecondMoment::corrected}));
  numpy.equals("nadam_optax", nadam({.rate = 0.01, .momentum = NadamMomentum::constant}));
  numpy.equals("radam_authors", radam({.rate = 0.01, .eps = 1e-3, .threshold = RadamThreshold::from_5, .before = RadamBefore::none}));
  numpy.equals("radam_paper", radam({.rate = 0.01, .eps = 1e-3, .threshold = RadamThreshold::above_4}));
  numpy.equals("radam_optax",
               radam({.rate = 0.01, .eps = 1e-3, .threshold = RadamThreshold::from_5, .eps_beside = SecondMoment::corrected}));
  numpy.equals("block_normalised", normalised_gradient({.rate = 0.01, .norm_of = NormOf::block}));
  numpy.equals("inverse_sqrt", FullGradient{} | LearningRate{inverse_sqrt({.rate = 0.1, .warm_up = 8})});
  numpy.equals("schedule_free_sgd", schedule_free_sgd({.rate = 0.2, .lambda = 0.1, .warm_up = 10}));
  numpy.equals("schedule_free_adamw", schedule_free_adamw({.rate = 0.02, .beta2 = 0.95, .lambda = 0.1, .warm_up = 10}));
  numpy.equals(
      "schedule_free_adamw_in_rate",
      FullGradient{} | ScheduleFreeAdamW{.rate = 0.02, .beta2 = 0.95, .lambda = 0.1, .warm_up = 10, .correction = RateCorrection::in_rate});
  numpy.equals("uniform_average", FullGradient{} | LearningRate{0.2} | UniformAverage{});
  numpy.equals("exponential_average", FullGradient{} | LearningRate{0.2} | ExponentialAverage{.decay = 0.9, .debias = true});
  numpy.all_met();
}
