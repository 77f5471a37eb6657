// SPDX-License-Identifier: MIT
// Vasudeva, Deora, Zhao, Sharan & Thrampoulidis 2025, How Muon's Spectral Design Benefits Generalization: A Study on Imbalanced Data; with the norm-matched
// control of Beneventano, Abdelmoneum & Poggio 2026 and the conserved quantity of Rhee, Simon & Karkada 2026. Items of the acceptance list.
#include "vasudeva2025_identities.hpp"

#include "catch.hpp"

namespace vasudeva2025 {

TEST_CASE(
    "vasudeva2025/1: spectral descent moves every class at one speed until it is learned, plain descent at its own; closed forms of both") {
  const double rate = 1e-3;
  for (const auto& [mu, sigma] : {std::pair{1.0, 1.0}, {2.0, 0.5}}) {
    const Deviations off = deviations(mu, sigma, rate);
    CHECK(off.spectral < rate * (1 + 1e-9));
    CHECK(off.gradient < 1e-12);
    CHECK(off.gradient_from_spectral > 0.1);  // the control
  }
}
TEST_CASE(
    "vasudeva2025/2: times to 99 % differ by 2^(1/L) under spectral descent, the rarest class first; by more than 2 under plain descent, "
    "the rarest last") {
  for (const Index depth : {1, 2, 3, 4}) {
    CAPTURE(depth);
    const Vector<double> spectral = saturation_times(depth, Rule::spectral, 1e-4, depth == 1 ? 0 : 1e-12);
    CHECK(std::abs(spectral[0] / spectral[2] - std::pow(2, 1 / static_cast<double>(depth))) < 1e-3);
    CHECK(spectral[1] > spectral[2]);
    if (depth == 1) continue;
    const Vector<double> gradient = saturation_times(depth, Rule::gradient, 0.05, 0.05);
    CHECK(gradient[2] / gradient[0] > 2);
    CHECK(gradient[1] < gradient[2]);
  }
}
TEST_CASE(
    "vasudeva2025/3: on samples, too, spectral descent learns the rarest class as fast as the most common one; plain and normalised "
    "descent do not") {
  for (const std::uint64_t seed : {0, 1, 2, 3, 4, 5}) {
    CAPTURE(seed);
    CHECK(growth(Rule::spectral, 1, seed).relative >= 0.98);
    CHECK(growth(Rule::spectral, 2, seed).relative >= 0.95);
    for (const Rule rule : {Rule::gradient, Rule::normalised}) {
      CHECK(growth(rule, 1, seed).relative <= 0.2);
      CHECK(growth(rule, 2, seed).relative <= 0.01);
    }
  }
}
TEST_CASE(
    "vasudeva2025/4: from small Gaussian factors spectral descent learns the modes at (sigma / 2)^(1/L), the smallest first; plain descent "
    "the largest first") {
  const Vector<double> sigma{{4, 2, 1}};
  for (const Index depth : {2, 3})
    for (const std::uint64_t seed : {0, 1, 2, 3, 4, 5}) {
      CAPTURE(depth, seed);
      const Vector<double> spectral = half_times(sigma, Rule::spectral, depth, 1e-3, seed),
                           gradient = half_times(sigma, Rule::gradient, depth, 1e-2, seed);
      for (Index i = 0; i < 3; ++i) CHECK(std::abs(spectral[i] / std::pow(sigma[i] / 2, 1 / static_cast<double>(depth)) - 1) < 0.04);
      CHECK((spectral[2] < spectral[1] && spectral[1] < spectral[0]));
      CHECK((gradient[0] < gradient[1] && gradient[1] < gradient[2]));
    }
}
TEST_CASE(
    "vasudeva2025/5: completion of depth 3 by spectral descent loses the bias to low rank; steps of the same norm along the gradient keep "
    "it") {
  for (const std::uint64_t seed : {0, 1, 2, 3, 4}) {
    CAPTURE(seed);
    const Completed spectral = completion(Completion::spectral, 3, seed), gradient = completion(Completion::gradient, 3, seed),
                    matched = completion(Completion::norm_matched, 3, seed);
    CHECK(std::max({spectral.loss, gradient.loss, matched.loss}) <= 1e-4);
    CHECK(spectral.effective_rank > 10);
    CHECK(spectral.error > 0.8);
    for (const Completed& control : {gradient, matched}) {
      CHECK(control.effective_rank < 2.1);
      CHECK(control.error < 0.02);
    }
  }
}
TEST_CASE("vasudeva2025/6: five Newton-Schulz steps leave singular values in [0.6, 1.25], and not at 1; the polar factor is orthogonal") {
  for (std::uint64_t seed = 1; seed <= 20; ++seed) {
    const Orthogonalised found = orthogonalised(seed);
    CHECK(found.largest < 1.25);
    CHECK(found.least > 0.6);
    CHECK(found.off_one > 0.05);  // the control
    CHECK(found.off_map < 1e-12);
    CHECK(found.not_orthogonal < 1e-12);
    CHECK(found.off_UVt < 1e-12);
  }
}
TEST_CASE(
    "vasudeva2025, theorem: up to the time at which the rarest class is learned, class losses under spectral descent are lower by a "
    "multiple of mu t; later not") {
  for (const std::uint64_t seed : {0, 1, 2, 3, 4, 5}) {
    CAPTURE(seed);
    const Mixture mixture = theorem_mixture(seed);
    const TheoremGaps gaps = theorem_gaps(mixture);
    CHECK(gaps.gradient.minority >= 0.25);
    CHECK(gaps.gradient.balanced >= 0.5);
    CHECK(gaps.normalised.minority >= 0.5);
    // Of the balanced loss under normalised descent no bound is known to us but this, which follows from |W|_F <= t and the conditions.
    CHECK(gaps.normalised.balanced >= 1 - 1 / std::sqrt(static_cast<double>(mixture.classes())) - 1.0 / 6);
    CHECK(std::max(std::abs(gaps.late.minority), std::abs(gaps.late.balanced)) < 1e-6);  // the control
  }
}
TEST_CASE("vasudeva2025: class losses of samples, by groups, are those of the formula") { CHECK(off_class_losses(3) < 0.03); }
TEST_CASE(
    "rhee2026: two aligned factors: spectral descent keeps the difference of the roots of their Gram matrices, plain descent that of the "
    "Gram matrices") {
  const Drift spectral = drift(Rule::spectral, 1e-3, 7), gradient = drift(Rule::gradient, 1e-3, 7), finer = drift(Rule::gradient, 1e-4, 7);
  CHECK(spectral.roots < 1e-12);
  CHECK(spectral.squares > 0.1);
  CHECK(gradient.squares < 1e-2);
  CHECK(std::abs(gradient.squares / finer.squares - 10) < 0.5);  // kept by the flow, up to the rate
  CHECK(gradient.roots > 0.1);
}

}  // namespace vasudeva2025
