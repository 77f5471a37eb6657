// SPDX-License-Identifier: MIT
#pragma once
// What transforms that treat every entry alike cost: a step of  transform | LearningRate  from a gradient that is there, next = theta +
// update included,
// against one loop over the entries, written by hand, that keeps the last theta, too. Compiled with -fno-math-errno, without which that
// loop's roots would
// be taken one at a time. The limit is 1.3 at every number of parameters.

#include <tacit/optimizer/adadelta.hpp>
#include <tacit/optimizer/adagrad.hpp>
#include <tacit/optimizer/adamax.hpp>
#include <tacit/optimizer/adamw.hpp>
#include <tacit/optimizer/amsgrad.hpp>
#include <tacit/optimizer/clip_value.hpp>
#include <tacit/optimizer/lion.hpp>
#include <tacit/optimizer/nadam.hpp>
#include <tacit/optimizer/radam.hpp>
#include <tacit/optimizer/recipes.hpp>
#include <tacit/optimizer/rmsprop.hpp>
#include <tacit/optimizer/sign_descent.hpp>
#include <tacit/optimizer/signum.hpp>

#include <functional>

#include "measure.hpp"
#include "report.hpp"

namespace bench {

/// An oracle whose gradient stands still: nothing but the optimizer is left to measure.
struct StandingGradient {
  using scalar_type = double;
  struct Workspace {
    double gradients = 0;
  };
  tacit::Index parameters;
  tacit::Layout layout() const { return tacit::Layout().add("theta", {parameters}); }
};
struct FromStandingGradient {
  using stage = tacit::SourceTag;
  static constexpr std::string_view name = "FromStandingGradient";
  template <class Archive>
  void persist(Archive&) {}
  tacit::Nothing start(const StandingGradient&) const { return {}; }
  template <tacit::Scalar S>
  void draw(const StandingGradient&, StandingGradient::Workspace&, tacit::Step<S>&, tacit::Nothing&) const {}
};

/// The arrays that a rule written by hand may use.
struct ByHand {
  double *theta, *next, *m, *v, *w;
  const double* g;
  tacit::Index n;
  double t = 0;  ///< the step, from 1 on
};

template <class Transform, class Hand>
Figures entrywise(const Transform& transform, tacit::Index n, Hand&& hand) {
  using namespace tacit;
  const StandingGradient oracle{n};
  StandingGradient::Workspace ws;
  Random random(1, "entrywise");
  Step<double> step(n);
  for (Index k = 0; k < n; ++k) step.theta[k] = random.normal(), step.gradient[k] = random.normal();
  const auto chain = FromStandingGradient{} | transform | LearningRate{1e-9};
  auto state = chain.start(oracle);
  Vector<double> next(n);
  const auto ours = [&](long calls) {
    for (; calls > 0; --calls) {
      chain.step(oracle, ws, step, state);
      step.finish(next);
      step.theta.swap(next);
    }
  };
  Vector<double> theta = step.theta, last = theta, m = Vector<double>::Zero(n), v = m, w = m;
  const Vector<double> g = step.gradient;
  ByHand arrays{theta.data(), last.data(), m.data(), v.data(), w.data(), g.data(), n};
  const auto theirs = [&](long calls) {
    for (; calls > 0; --calls) ++arrays.t, hand(arrays), std::swap(arrays.theta, arrays.next);
  };
  return in_turns(ours, theirs, Effort{2e-3, 30});
}

inline void entrywise(Report& report) {
  using namespace tacit;
  const auto add = [&](const char* name, const auto& transform, const auto& hand) {
    for (const Index n : {1'000, 10'000, 100'000, 1'000'000}) {
      const Figures f = entrywise(transform, n, hand);
      report.add({sentence("entrywise, ", name, ", P=", n), "fused by hand", f.ours_us, f.theirs_us, none, 1.3});
    }
  };
  constexpr double eta = 1e-9, b1 = 0.9, b2 = 0.999, eps = 1e-8;
  add("heavy ball", HeavyBall{}, [](ByHand& a) {
    for (Index k = 0; k < a.n; ++k) a.m[k] = b1 * a.m[k] + a.g[k], a.next[k] = a.theta[k] - eta * a.m[k];
  });
  add("Adam", AdamScale{}, [](ByHand& a) {
    const double c1 = 1 / (1 - std::pow(b1, a.t)), c2 = 1 / (1 - std::pow(b2, a.t));
    for (Index k = 0; k < a.n; ++k) {
      a.m[k] = b1 * a.m[k] + (1 - b1) * a.g[k];
      a.v[k] = b2 * a.v[k] + (1 - b2) * a.g[k] * a.g[k];
      a.next[k] = a.theta[k] - eta * (c1 * a.m[k]) / (__builtin_sqrt(c2 * a.v[k]) + eps);
    }
  });
  add("AMSGrad", AmsGradScale{}, [](ByHand& a) {
    const double c1 = 1 / (1 - std::pow(b1, a.t)), c2 = 1 / (1 - std::pow(b2, a.t));
    for (Index k = 0; k < a.n; ++k) {
      a.m[k] = b1 * a.m[k] + (1 - b1) * a.g[k];
      a.v[k] = b2 * a.v[k] + (1 - b2) * a.g[k] * a.g[k];
      a.w[k] = a.w[k] > a.v[k] ? a.w[k] : a.v[k];
      a.next[k] = a.theta[k] - eta * (c1 * a.m[k]) / (__builtin_sqrt(c2 * a.w[k]) + eps);
    }
  });
  add("RMSProp", RmsScale{}, [](ByHand& a) {
    for (Index k = 0; k < a.n; ++k) {
      a.v[k] = 0.99 * a.v[k] + (1 - 0.99) * a.g[k] * a.g[k];
      a.next[k] = a.theta[k] - eta * a.g[k] / (__builtin_sqrt(a.v[k]) + eps);
    }
  });
  add("AdaDelta", AdaDeltaScale{}, [](ByHand& a) {
    for (Index k = 0; k < a.n; ++k) {
      a.v[k] = 0.9 * a.v[k] + (1 - 0.9) * a.g[k] * a.g[k];
      const double d = __builtin_sqrt(a.m[k] + 1e-6) / __builtin_sqrt(a.v[k] + 1e-6) * a.g[k];
      a.m[k] = 0.9 * a.m[k] + (1 - 0.9) * d * d;
      a.next[k] = a.theta[k] - eta * d;
    }
  });
  add("Lion", LionScale{}, [](ByHand& a) {
    for (Index k = 0; k < a.n; ++k) {
      const double mixed = b1 * a.m[k] + (1 - b1) * a.g[k];
      a.m[k] = 0.99 * a.m[k] + (1 - 0.99) * a.g[k];
      a.next[k] = a.theta[k] - eta * (static_cast<double>(mixed > 0) - static_cast<double>(mixed < 0));
    }
  });
  add("sign descent", SignScale{}, [](ByHand& a) {
    for (Index k = 0; k < a.n; ++k) a.next[k] = a.theta[k] - eta * (static_cast<double>(a.g[k] > 0) - static_cast<double>(a.g[k] < 0));
  });
  add("clipping of entries", ClipValue{.bound = 1}, [](ByHand& a) {
    for (Index k = 0; k < a.n; ++k) a.next[k] = a.theta[k] - eta * std::min(std::max(a.g[k], -1.0), 1.0);
  });
}

}  // namespace bench
