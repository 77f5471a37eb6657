// SPDX-License-Identifier: MIT
#pragma once
// Probe: by how much the loss rises under Gaussian perturbations of the weights,
//   expected_sharpness = E L(theta + u) - L(theta),   u ~ N(0, s^2 I),
// with its standard error, expected_sharpness_error, and what a PAC-Bayes bound trades it against, perturbation_kl = |theta|^2 / (2 s^2).  [Neyshabur 2017]
// For small s it is (s^2 / 2) tr H. Estimated from pairs u, -u, whose mean has no part that is odd in u, the same at every call.
//
//   Trajectory history(loss, expected_sharpness(problem, {.std_dev = 0.01}));
//
// A call costs 2 pairs values of the loss, in a workspace of its own; watching does not count as work.

#include <array>

#include "../core/random.hpp"
#include "probe.hpp"

namespace tacit {

struct ExpectedSharpnessSettings {
  double std_dev;  ///< s
  Index pairs = 20;
  std::uint64_t seed = 1;  ///< of the perturbations, stream (seed, "expected_sharpness")
};

/// The probe has a copy of the problem, which shares its data.
template <class P>
auto expected_sharpness(const P& problem, const ExpectedSharpnessSettings& settings) {
  using S = typename P::scalar_type;
  require(std::isfinite(settings.std_dev) && settings.std_dev > 0, "expected_sharpness: .std_dev is ", settings.std_dev,
          ", it needs to be positive and finite");
  require(settings.pairs >= 2, "expected_sharpness: .pairs is ", settings.pairs, ", a standard error needs at least 2");
  return probe("expected_sharpness", {"expected_sharpness", "expected_sharpness_error", "perturbation_kl"},
               [problem, settings, ws = problem.workspace(), u = Vector<S>(problem.dimension()),
                moved = Vector<S>(problem.dimension())](const auto& now) mutable {
                 require(now.theta().size() == problem.dimension(), "expected_sharpness: its problem has ", problem.dimension(),
                         " parameters, theta ", now.theta().size());
                 const auto loss_of = [&] {
                   if constexpr (requires { problem.value(moved, ws); }) return static_cast<double>(problem.value(moved, ws).loss);
                   else return static_cast<double>(problem.value_and_gradient(Vector<S>(moved), ws, moved).loss);
                 };
                 Random random(settings.seed, "expected_sharpness");
                 const double here = static_cast<double>(now.loss()), n = static_cast<double>(settings.pairs);
                 std::vector<double> rises;
                 double mean = 0, scatter = 0;
                 for (Index k = 0; k < settings.pairs; ++k) {
                   for (S& entry : u) entry = static_cast<S>(settings.std_dev * random.normal());
                   moved = now.theta() + u;
                   const double ahead = loss_of();
                   moved = now.theta() - u;
                   rises.push_back((ahead + loss_of()) / 2 - here);
                   mean += rises.back() / n;
                 }
                 for (const double rise : rises) scatter += (rise - mean) * (rise - mean) / (n - 1);
                 const double size = static_cast<double>(now.parameter_norm()) / settings.std_dev;
                 return std::array<double, 3>{mean, std::sqrt(scatter / n), size * size / 2};
               });
}

}  // namespace tacit
