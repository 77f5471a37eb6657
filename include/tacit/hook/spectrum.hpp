// SPDX-License-Identifier: MIT
#pragma once
// Probes on the singular values sigma_1 >= sigma_2 >= ... of W(theta). They are computed once per Snapshot, by the values-only solver of
// core/singular_values.hpp; for a model whose hidden width is at most half of min(n1, n2), from its factors, without W: then only
// the first `width` values are listed, the others are zero.
//   nuclear_norm     sum sigma            spectral_norm      sigma_1            schatten(p)       (sum sigma^p)^(1/p)
//   schatten_sum     sum sigma^(2/N)      effective_rank     exp(-sum p ln p), p = sigma / sum sigma          [Roy & Vetterli 2007]
//   effective_rank_eps   the same with ln(p + 1e-10)         [Arora et al. 2019; Zhao 2022]
//   stable_rank      |W|_F^2 / sigma_1^2  numerical_rank(t)  how many sigma > t (absolute)
//   nuclear_over_frobenius, nuclear_over_spectral, smallest_singular_value, singular_values(k), all_singular_values

#include <algorithm>
#include <cmath>

#include "../core/singular_values.hpp"
#include "../core/singular_values_of_product.hpp"
#include "probe.hpp"

namespace tacit {

/// All min(n1, n2) singular values at this theta, or as many as the model's bottleneck lets be nonzero; descending.
template <class P>
const auto& sigma(const Snapshot<P>& now) {
  using S = typename P::scalar_type;
  auto& memo = now.memo();
  if (memo.has_sigma) return memo.sigma;
  if (!memo.spectrum) memo.spectrum = std::make_shared<SpectrumWorkspace<S>>();
  const Shape shape = now.shape();
  bool thin = false;
  if constexpr (requires { now.model().split(now.theta(), memo.left, memo.right); })
    thin = 2 * now.model().bottleneck() <= std::min(shape.rows(), shape.cols());
  if (thin) {
    if constexpr (requires { now.model().split(now.theta(), memo.left, memo.right); })
      now.model().split(now.theta(), memo.left, memo.right);
    singular_values_of_product(memo.left, memo.right, *memo.spectrum, memo.sigma);
  } else {
    singular_values(now.unfolding(0), *memo.spectrum, memo.sigma);
  }
  memo.has_sigma = true;
  return memo.sigma;
}

/// exp of the entropy of sigma / sum sigma, zeros dropped; eps > 0 adds eps inside the logarithm instead. 0 for a zero matrix.
template <Scalar S>
double effective_rank_of(const Vector<S>& sigma, double eps = 0) {
  const double sum = sigma.template cast<double>().sum();
  if (!(sum > 0)) return sum == 0 ? 0 : std::nan("");
  double entropy = 0;
  for (Index k = 0; k < sigma.size(); ++k) {
    const double p = static_cast<double>(sigma[k]) / sum;
    if (p > 0) entropy -= p * std::log(p + eps);
  }
  return std::exp(entropy);
}

namespace detail {
double degree_of(const auto& model) {
  if constexpr (requires { model.degree(); }) return static_cast<double>(model.degree());
  else return refuse_model<double>("schatten_sum", "degree()");
}
template <Scalar S>
double power_sum(const Vector<S>& sigma, double p) {
  double sum = 0;
  for (Index k = 0; k < sigma.size(); ++k)
    if (sigma[k] > 0) sum += std::pow(static_cast<double>(sigma[k]), p);
  return sum;
}
/// |W|_F from the singular values.
template <Scalar S>
double frobenius_of(const Vector<S>& sigma) {
  return static_cast<double>(norm(sigma));
}
}  // namespace detail

#define TACIT_SPECTRUM_PROBE(id, expression)  \
  namespace detail {                          \
  struct id##_definition {                    \
    static constexpr const char* name = #id;  \
    static double of(const auto& now) {       \
      const auto& s = sigma(now);             \
      return static_cast<double>(expression); \
    }                                         \
  };                                          \
  }                                           \
  inline constexpr detail::FixedProbe<detail::id##_definition> id {}

TACIT_SPECTRUM_PROBE(nuclear_norm, s.sum());
TACIT_SPECTRUM_PROBE(spectral_norm, s[0]);
TACIT_SPECTRUM_PROBE(schatten_sum, detail::power_sum(s, 2.0 / detail::degree_of(now.model())));
TACIT_SPECTRUM_PROBE(effective_rank, effective_rank_of(s));
TACIT_SPECTRUM_PROBE(effective_rank_eps, effective_rank_of(s, 1e-10));
TACIT_SPECTRUM_PROBE(stable_rank, std::pow(detail::frobenius_of(s) / static_cast<double>(s[0]), 2));
TACIT_SPECTRUM_PROBE(nuclear_over_frobenius, static_cast<double>(s.sum()) / detail::frobenius_of(s));
TACIT_SPECTRUM_PROBE(nuclear_over_spectral, s.sum() / s[0]);
/// sigma_min(n1, n2): zero where a bottleneck makes it so.
TACIT_SPECTRUM_PROBE(smallest_singular_value, s.size() < std::min(now.shape().rows(), now.shape().cols()) ? 0 : s[s.size() - 1]);
#undef TACIT_SPECTRUM_PROBE

/// (sum sigma^p)^(1/p), p > 0: a norm for p >= 1, a quasi-norm below.
inline auto schatten(double p) {
  require(p > 0, "schatten: p is ", p, ", it needs to be positive");
  return probe(sentence("schatten_", p), [p](const auto& now) { return detail::p_norm(sigma(now), p); });
}
/// How many singular values exceed the absolute threshold.
inline auto numerical_rank(double threshold) {
  return probe(sentence("numerical_rank_", threshold), [threshold](const auto& now) {
    const auto& s = sigma(now);
    return static_cast<double>(std::count_if(s.begin(), s.end(), [&](auto v) { return static_cast<double>(v) > threshold; }));
  });
}
/// The k largest singular values: columns sigma_1 ... sigma_k (as many as W can have).
inline auto singular_values(Index k) {
  require(k > 0, "singular_values: k is ", k, ", it needs to be at least 1");
  return probe("sigma", [k](const auto& now) {
    const auto& s = sigma(now);
    return s.head(std::min(k, s.size())).eval();
  });
}
inline auto all_singular_values() {
  return probe(
      "sigma", [](const auto& now) -> const auto& { return sigma(now); });
}

}  // namespace tacit
