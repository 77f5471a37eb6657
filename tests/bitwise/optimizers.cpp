// SPDX-License-Identifier: MIT
// Every optimizer equals the loop that one would write by hand, to the last bit. Only |g| is Eigen's: its order of summation is not part of an optimizer.
#include <tacit/optimizer/recipes.hpp>
#include <tacit/train.hpp>

#include "example.hpp"

using namespace bitwise;

namespace {

constexpr Index steps = 50;

/// `step(t, theta, g)` makes one step by hand; the optimizer is to end where it ends.
template <class S, class Optimizer, class Hand>
void equals(const Optimizer& optimizer, Hand&& step) {
  const auto p = problem<S>();
  auto ws = p.workspace();
  Vector<S> by_hand = start<S>(), g(by_hand.size());
  for (Index t = 0; t < steps; ++t) {
    p.value_and_gradient(by_hand, ws, g);
    step(t, by_hand, g);
  }
  Vector<S> theta = start<S>();
  const auto outcome = train(p, theta, optimizer, {.iterations = steps});
  INFO(sentence(optimizer));
  CHECK(outcome.iterations == steps);
  CHECK(same_bits(theta, by_hand));
  CHECK_FALSE(same_bits(theta, start<S>()));
}

}  // namespace

TEMPLATE_TEST_CASE("gradient descent", "", float, double) {
  using S = TestType;
  equals<S>(gradient_descent({.rate = 0.3}), [](Index, Vector<S>& theta, const Vector<S>& g) {
    for (Index k = 0; k < theta.size(); ++k) theta[k] -= S(0.3) * g[k];
  });
}

TEMPLATE_TEST_CASE("heavy-ball momentum", "", float, double) {
  using S = TestType;
  std::vector<S> v(44, 0);
  equals<S>(momentum({.rate = 0.1, .beta = 0.8}), [&](Index, Vector<S>& theta, const Vector<S>& g) {
    for (Index k = 0; k < theta.size(); ++k) {
      S& velocity = v[static_cast<std::size_t>(k)];
      velocity = S(0.8) * velocity + g[k];
      theta[k] -= S(0.1) * velocity;
    }
  });
}

TEMPLATE_TEST_CASE("Nesterov momentum", "", float, double) {
  using S = TestType;
  std::vector<S> v(44, 0);
  equals<S>(FullGradient{} | Nesterov{.beta = 0.7} | LearningRate{0.1}, [&](Index, Vector<S>& theta, const Vector<S>& g) {
    for (Index k = 0; k < theta.size(); ++k) {
      S& velocity = v[static_cast<std::size_t>(k)];
      velocity = S(0.7) * velocity + g[k];
      theta[k] -= S(0.1) * (g[k] + S(0.7) * velocity);
    }
  });
}

namespace {
/// Adam as Kingma and Ba write it, with decay added to its direction (AdamW) where lambda is not 0.
auto adam_by_hand(double rate, double b1, double b2, double eps, double lambda) {
  return
      [=, m = std::vector<double>(44, 0), v = std::vector<double>(44, 0)](Index t, Vector<double>& theta, const Vector<double>& g) mutable {
        const double cm = 1 / (1 - std::pow(b1, static_cast<double>(t + 1))), cv = 1 / (1 - std::pow(b2, static_cast<double>(t + 1)));
        for (std::size_t k = 0; k < m.size(); ++k) {
          const auto at = static_cast<Index>(k);
          m[k] += (1 - b1) * (g[at] - m[k]);
          v[k] += (1 - b2) * (g[at] * g[at] - v[k]);
          double u = cm * m[k] / (std::sqrt(cv * v[k]) + eps);
          if (lambda != 0) u += lambda * theta[at];
          theta[at] -= rate * u;
        }
      };
}
}  // namespace

TEST_CASE("Adam and AdamW") {  // in float, Eigen's square root differs from the standard one by its last bit
  equals<double>(adam({.rate = 0.01}), adam_by_hand(0.01, 0.9, 0.999, 1e-8, 0));
  equals<double>(adam({.rate = 0.02, .beta1 = 0.5, .beta2 = 0.9, .eps = 1e-3}), adam_by_hand(0.02, 0.5, 0.9, 1e-3, 0));
  equals<double>(FullGradient{} | AdamScale{} | WeightDecay{0.1} | LearningRate{0.01}, adam_by_hand(0.01, 0.9, 0.999, 1e-8, 0.1));
}

TEMPLATE_TEST_CASE("GroupRMSprop", "", float, double) {
  using S = TestType;
  double v = 0;
  equals<S>(group_rmsprop({.rate = 0.05, .eps = 1e-4, .decay = 0.9}), [&](Index t, Vector<S>& theta, const Vector<S>& g) {
    v = 0.9 * v + (1 - 0.9) * static_cast<double>(g.squaredNorm());
    const double s = std::sqrt(v / (1 - std::pow(0.9, static_cast<double>(t + 1)))) + 1e-4;
    const S step = S(1 / s) * S(0.05);
    for (Index k = 0; k < theta.size(); ++k) theta[k] -= step * g[k];
  });
}

TEST_CASE("clipping, which some steps meet and others do not") {
  int clipped = 0;
  equals<double>(FullGradient{} | Clip{.norm = 0.2} | LearningRate{0.5}, [&](Index, Vector<double>& theta, const Vector<double>& g) {
    const double length = g.norm(), factor = length > 0.2 ? 0.2 / length : 1;
    clipped += factor != 1;
    for (Index k = 0; k < theta.size(); ++k) theta[k] -= factor * 0.5 * g[k];
  });
  CHECK(clipped > 5);
  CHECK(clipped < steps - 5);
}

TEST_CASE("weight decay before a momentum") {
  std::vector<double> v(44, 0);
  equals<double>(FullGradient{} | WeightDecay{0.3} | HeavyBall{} | LearningRate{0.1},
                 [&](Index, Vector<double>& theta, const Vector<double>& g) {
                   for (Index k = 0; k < theta.size(); ++k) {
                     double& velocity = v[static_cast<std::size_t>(k)];
                     velocity = 0.9 * velocity + (g[k] + 0.3 * theta[k]);
                     theta[k] -= 0.1 * velocity;
                   }
                 });
}

namespace {
template <class Schedule, class Rate>
void scheduled(Schedule schedule, Rate&& rate) {
  equals<double>(FullGradient{} | LearningRate{schedule}, [&](Index t, Vector<double>& theta, const Vector<double>& g) {
    for (Index k = 0; k < theta.size(); ++k) theta[k] -= rate(t) * g[k];
  });
}
}  // namespace

TEST_CASE("rates by schedule") {
  scheduled(step_rate({.rate = 0.4, .factor = 0.5, .every = 20}), [](Index t) { return t < 20 ? 0.4 : t < 40 ? 0.2 : 0.1; });
  scheduled(cosine({.rate = 0.4, .final = 0.1, .iterations = 30}),
            [](Index t) { return t >= 30 ? 0.1 : 0.1 + (0.4 - 0.1) * (1 + std::cos(std::numbers::pi * static_cast<double>(t) / 30)) / 2; });
  scheduled(warm_up(10, 0.3), [](Index t) { return t < 10 ? 0.3 * static_cast<double>(t + 1) / 10 : 0.3; });
  scheduled([](Index t) { return 0.3 / static_cast<double>(1 + t); }, [](Index t) { return 0.3 / static_cast<double>(1 + t); });
}

TEST_CASE("the gradient penalty") {
  const auto p = problem<double>();
  auto ws = p.workspace();
  Vector<double> hg(44);
  equals<double>(gradient_regularized({.rate = 0.1, .lambda = 0.7}), [&](Index, Vector<double>& theta, const Vector<double>& g) {
    p.hessian_times(theta, g, ws, hg);
    for (Index k = 0; k < theta.size(); ++k) theta[k] -= 0.1 * (g[k] + 0.7 * hg[k]);
  });
}
