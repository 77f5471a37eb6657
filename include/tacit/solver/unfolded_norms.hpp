// SPDX-License-Identifier: MIT
#pragma once
// A tensor completed under one penalty on all of its unfoldings at once, W_(n) the matrix of mode n against the others:
//   min over W  1/2 sum_observed (y - W)^2 + lambda / d  sum_n |W_(n)|_*,r_n,
// |A|_*,r the sum of the singular values of A but the r largest. r_n = 0: the sum of nuclear norms, which is convex. r_n = ceil(free times
// the smaller side of W_(n)): the truncated nuclear norm, which leaves large singular values alone; there the steps end near a stationary
// point, not at the minimum, and go on moving by a few percent. By ADMM: a copy M_n of W for each unfolding, whose singular values are shrunk; W is the mean of the copies where
// nothing is observed; step sizes balance the two residuals. It ends when both are below `tolerance` relative to what they compare. At the
// end W is projected onto the spaces of the singular vectors of the M_n, which makes it a Tucker tensor with orthonormal factors.
// The tensor is dense: (2 d + 2) copies. Cost of an iteration: sum_n 4 size m_n + 10 m_n^3 flops, m_n the smaller side of W_(n).
//   unfolded_norms        one lambda                 tune_unfolded_norms   lambda and `free` chosen on validation, centred or not
// Source: Liu, Musialski, Wonka & Ye 2013 (HaLRTC, here with noise); Tomioka, Hayashi & Kashima 2010; truncated: Chen, Yang & Sun 2020.

#include "../core/budget.hpp"
#include "../core/tensor.hpp"
#include "means.hpp"

namespace tacit {

struct UnfoldedNormsSettings {
  double lambda = 0;        ///< in units of y; needs to be given
  double free = 0;          ///< the share of singular values without penalty, in [0, 1)
  double tolerance = 1e-5;  ///< of both residuals of ADMM, relative
  Index iterations = 2000;  ///< at most
  Centre centre = {};       ///< subtracted from y before, added to predictions
};

struct UnfoldedNorms {
  Tensor<double> core;            ///< r_1 x ... x r_d
  std::vector<Matrix<double>> U;  ///< n_n x r_n, orthonormal columns; W = core x_1 U_1 ... x_d U_d
  Centre centre;
  double lambda = 0, free = 0;
  double objective = 0;  ///< at W
  Index iterations = 0;  ///< over the whole path
  bool converged = false;

  std::string name() const;
  /// All of W, without its centre.
  Tensor<double> dense() const;
  Vector<double> predict(const TensorEntries& at) const;
};

/// Above this many entries, observed or not, it is refused.
inline constexpr double unfolded_norms_limit = 4e6;

UnfoldedNorms unfolded_norms(const Data<double, TensorEntries>& train, const UnfoldedNormsSettings& settings);

struct UnfoldedNormsPath {
  double factor = 0.5;     ///< from one lambda to the next
  double smallest = 1e-4;  ///< the last lambda, relative to the first, the largest singular value of an unfolding with zeros for gaps
  std::vector<double> free = {0, 0.05, 0.1, 0.2, 0.3};  ///< ascending; from the middle one up, or else down, while it helps
  Index patience = 2;                                   ///< lambdas in a row without an improvement after which a path ends
  double tolerance = 1e-3;
  Index iterations = 100;  ///< at most, at each lambda
  bool centred = true;     ///< try y minus the best means of tune_means, too, at the first share of free values
  double seconds = std::numeric_limits<double>::infinity();
  Pace pace = {};  ///< what `seconds` are counted in
};

/// Paths of lambdas downwards, each fit starting from the last one; the one with the smallest validation error.
Tuned<UnfoldedNorms, Trial> tune_unfolded_norms(const Data<double, TensorEntries>& train, const Data<double, TensorEntries>& validation,
                                                const UnfoldedNormsPath& path = {});
/// The chosen lambda, `free` and means on other data, by a short path of its own.
UnfoldedNorms refit(const UnfoldedNorms& chosen, const Data<double, TensorEntries>& data, const UnfoldedNormsPath& path = {});

namespace detail {

/// Multiplications of an iteration; products of matrices run at about ten times the rate that a second of counted work stands for
/// (core/budget.hpp).
inline double unfolded_norms_work(const Shape& shape) {
  double work = 0;
  for (const Index n : shape.sizes()) {
    const double smaller = std::min(static_cast<double>(n), shape.size() / static_cast<double>(n));
    work += 2 * shape.size() * smaller / 10 + 2 * smaller * smaller * smaller;
  }
  return work + 6 * static_cast<double>(shape.order()) * shape.size();
}

}  // namespace detail
}  // namespace tacit

#ifndef TACIT_COMPILED
#include "impl/unfolded_norms.hpp"
#endif
