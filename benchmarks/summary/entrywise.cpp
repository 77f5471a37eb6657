// SPDX-License-Identifier: MIT
// What transforms that treat every entry alike cost: a step of  transform | LearningRate  from a gradient that is there, next = theta +
// update included, against one loop over the entries, written by hand, that keeps the last theta, too. This file is compiled with
// -fno-math-errno, without which the loops by hand would take roots one at a time.

#include <tacit/core/random.hpp>
#include <tacit/optimizer/adadelta.hpp>
#include <tacit/optimizer/adagrad.hpp>
#include <tacit/optimizer/adamax.hpp>
#include <tacit/optimizer/adamw.hpp>
#include <tacit/optimizer/amsgrad.hpp>
#include <tacit/optimizer/clip.hpp>
#include <tacit/optimizer/clip_value.hpp>
#include <tacit/optimizer/lion.hpp>
#include <tacit/optimizer/nadam.hpp>
#include <tacit/optimizer/radam.hpp>
#include <tacit/optimizer/rmsprop.hpp>
#include <tacit/optimizer/sign_descent.hpp>
#include <tacit/optimizer/signum.hpp>

#include "groups.hpp"
#include "measure.hpp"
#include "standing_gradient.hpp"

namespace bench {

namespace {

/// f(k) for all entries; they do not depend on each other, which the compiler cannot prove of five arrays.
template <class F>
void each(tacit::Index n, F f) {
#pragma GCC ivdep
  for (tacit::Index k = 0; k < n; ++k) f(k);
}

/// The arrays that a rule written by hand may use.
struct ByHand {
  double *theta, *next, *m, *v, *w;
  const double* g;
  tacit::Index n;
  double t = 0;        ///< the step, from 1 on
  double product = 1;  ///< NAdam's
};

template <class Transform, class Hand>
Figures entrywise(const Transform& transform, tacit::Index n, Hand&& hand) {
  using namespace tacit;
  const StandingGradient oracle{Layout().add("theta", {n})};
  StandingGradient::Workspace ws;
  Random random(1, "entrywise");
  Step<double> step(n);
  for (Index k = 0; k < n; ++k) step.theta[k] = random.normal(), step.gradient[k] = random.normal();
  const auto chain = FromStandingGradient{} | transform | LearningRate{1e-9};
  auto state = chain.start(oracle);
  Vector<double> next(n);
  const auto ours = [&](long calls) {
    for (; calls > 0; --calls) {
      step.lend(next);
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
  return in_turns(ours, theirs, Effort{1e-3, 16});
}

}  // namespace

void entrywise(Report& report) {
  using namespace tacit;
  const auto add = [&](const char* name, const auto& transform, const auto& hand) {
    for (const Index n : {1'000, 10'000, 100'000, 1'000'000}) {
      // Where arrays happen to lie is worth much of a step of a tenth of a microsecond: so they lie in several places, and the median ratio
      // counts.
      std::vector<Figures> places;
      std::vector<std::vector<char>> between;
      for (std::size_t place = 0; place < 5; ++place) {
        places.push_back(entrywise(transform, n, hand));
        between.emplace_back(1000 * place + 500);
      }
      const Figures f = median_by_ratio(places);
      report.add({sentence("entrywise, ", name, ", P=", n), "fused by hand", f.ours_us, f.theirs_us, none, 1.3});
    }
  };
  constexpr double eta = 1e-9, b1 = 0.9, b2 = 0.999, eps = 1e-8;
  add("heavy ball", HeavyBall{},
      [](ByHand& a) { each(a.n, [&](Index k) { a.m[k] = b1 * a.m[k] + a.g[k], a.next[k] = a.theta[k] - eta * a.m[k]; }); });
  add("Adam", AdamScale{}, [](ByHand& a) {
    const double c1 = 1 / (1 - std::pow(b1, a.t)), c2 = 1 / (1 - std::pow(b2, a.t));
    each(a.n, [&](Index k) {
      a.m[k] = b1 * a.m[k] + (1 - b1) * a.g[k];
      a.v[k] = b2 * a.v[k] + (1 - b2) * a.g[k] * a.g[k];
      a.next[k] = a.theta[k] - eta * (c1 * a.m[k]) / (__builtin_sqrt(c2 * a.v[k]) + eps);
    });
  });
  add("Nesterov", Nesterov{},
      [](ByHand& a) { each(a.n, [&](Index k) { a.m[k] = b1 * a.m[k] + a.g[k], a.next[k] = a.theta[k] - eta * (a.g[k] + b1 * a.m[k]); }); });
  add("AMSGrad", AmsGradScale{}, [](ByHand& a) {
    const double c1 = 1 / (1 - std::pow(b1, a.t)), c2 = 1 / (1 - std::pow(b2, a.t));
    each(a.n, [&](Index k) {
      a.m[k] = b1 * a.m[k] + (1 - b1) * a.g[k];
      a.v[k] = b2 * a.v[k] + (1 - b2) * a.g[k] * a.g[k];
      const double w = a.w[k], v = a.v[k], largest = w > v ? w : v;
      a.w[k] = largest;
      a.next[k] = a.theta[k] - eta * (c1 * a.m[k]) / (__builtin_sqrt(c2 * largest) + eps);
    });
  });
  add("RMSProp", RmsScale{}, [](ByHand& a) {
    each(a.n, [&](Index k) {
      a.v[k] = 0.99 * a.v[k] + (1 - 0.99) * a.g[k] * a.g[k];
      a.next[k] = a.theta[k] - eta * a.g[k] / (__builtin_sqrt(a.v[k]) + eps);
    });
  });
  add("AdaDelta", AdaDeltaScale{}, [](ByHand& a) {
    each(a.n, [&](Index k) {
      a.v[k] = 0.9 * a.v[k] + (1 - 0.9) * a.g[k] * a.g[k];
      const double d = __builtin_sqrt(a.m[k] + 1e-6) / __builtin_sqrt(a.v[k] + 1e-6) * a.g[k];
      a.m[k] = 0.9 * a.m[k] + (1 - 0.9) * d * d;
      a.next[k] = a.theta[k] - eta * d;
    });
  });
  add("Lion", LionScale{}, [](ByHand& a) {
    each(a.n, [&](Index k) {
      const double mixed = b1 * a.m[k] + (1 - b1) * a.g[k];
      a.m[k] = 0.99 * a.m[k] + (1 - 0.99) * a.g[k];
      a.next[k] = a.theta[k] - eta * (static_cast<double>(mixed > 0) - static_cast<double>(mixed < 0));
    });
  });
  add("sign descent", SignScale{}, [](ByHand& a) {
    each(a.n, [&](Index k) { a.next[k] = a.theta[k] - eta * (static_cast<double>(a.g[k] > 0) - static_cast<double>(a.g[k] < 0)); });
  });
  add("NAdam", NadamScale{}, [](ByHand& a) {
    const auto mu = [](double t) { return b1 * (1 - 0.5 * std::pow(0.96, t * 4e-3)); };
    const double now = mu(a.t), next = mu(a.t + 1);
    a.product *= now;
    const double cm = next / (1 - a.product * next), cg = (1 - now) / (1 - a.product), cv = 1 / (1 - std::pow(b2, a.t));
    each(a.n, [&](Index k) {
      a.m[k] = b1 * a.m[k] + (1 - b1) * a.g[k];
      a.v[k] = b2 * a.v[k] + (1 - b2) * a.g[k] * a.g[k];
      a.next[k] = a.theta[k] - eta * (cm * a.m[k] + cg * a.g[k]) / (__builtin_sqrt(cv * a.v[k]) + eps);
    });
  });
  add("RAdam", RadamScale{}, [](ByHand& a) {
    const double power = std::pow(b2, a.t), limit = 2 / (1 - b2) - 1, rho = limit - 2 * a.t * power / (1 - power),
                 c1 = 1 - std::pow(b1, a.t);
    if (rho > 5) {
      const double r = std::sqrt((rho - 4) * (rho - 2) * limit / ((limit - 4) * (limit - 2) * rho)), c = r * std::sqrt(1 - power) / c1;
      each(a.n, [&](Index k) {
        a.m[k] = b1 * a.m[k] + (1 - b1) * a.g[k];
        a.v[k] = b2 * a.v[k] + (1 - b2) * a.g[k] * a.g[k];
        a.next[k] = a.theta[k] - eta * c * a.m[k] / (__builtin_sqrt(a.v[k]) + eps);
      });
    } else {
      each(a.n, [&](Index k) {
        a.m[k] = b1 * a.m[k] + (1 - b1) * a.g[k];
        a.v[k] = b2 * a.v[k] + (1 - b2) * a.g[k] * a.g[k];
        a.next[k] = a.theta[k] - eta / c1 * a.m[k];
      });
    }
  });
  add("Adamax", AdamaxScale{}, [](ByHand& a) {
    const double c1 = 1 / (1 - std::pow(b1, a.t));
    each(a.n, [&](Index k) {
      const double w = b2 * a.v[k], now = __builtin_fabs(a.g[k]) + eps, largest = w > now ? w : now;
      a.m[k] = b1 * a.m[k] + (1 - b1) * a.g[k];
      a.v[k] = largest;
      a.next[k] = a.theta[k] - eta * c1 * a.m[k] / largest;
    });
  });
  add("AdaGrad", AdaGradScale{}, [](ByHand& a) {
    each(a.n, [&](Index k) {
      a.v[k] += a.g[k] * a.g[k];
      a.next[k] = a.theta[k] - eta * a.g[k] / (__builtin_sqrt(a.v[k]) + 1e-10);
    });
  });
  add("Signum", SignumScale{}, [](ByHand& a) {
    each(a.n, [&](Index k) {
      a.m[k] = b1 * a.m[k] + (1 - b1) * a.g[k];
      a.next[k] = a.theta[k] - eta * (static_cast<double>(a.m[k] > 0) - static_cast<double>(a.m[k] < 0));
    });
  });
  add("weight decay", WeightDecay{0.1},
      [](ByHand& a) { each(a.n, [&](Index k) { a.next[k] = a.theta[k] - eta * (a.g[k] + 0.1 * a.theta[k]); }); });
  add("clipping by the norm", Clip{1}, [](ByHand& a) {
    const double norm = Eigen::Map<const Eigen::VectorXd>(a.g, a.n).norm(), rate = eta * std::min(1.0, 1 / norm);
    each(a.n, [&](Index k) { a.next[k] = a.theta[k] - rate * a.g[k]; });
  });
  add("clipping of entries", ClipValue{.bound = 1},
      [](ByHand& a) { each(a.n, [&](Index k) { a.next[k] = a.theta[k] - eta * std::min(std::max(a.g[k], -1.0), 1.0); }); });
}

}  // namespace bench
