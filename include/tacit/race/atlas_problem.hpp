// SPDX-License-Identifier: MIT
#pragma once
// What the atlas runs on: a problem of a race (instance.hpp) that can be made at any depth L and start scale s.
//
//   atlas_problem("matrix_completion({.rows = 20, .cols = 20, .rank = 2, .observed = 160})")        W = W_L ... W_1
//   atlas_problem("diagonal_regression({.size = 40, .observed = 20, .sparsity = 3})")     x = u^L - v^L;  at L = 1 x itself, from zero
//
// s is the scale of the product, so that it means the same at every depth: .product_scale of model/initial.hpp for matrices, u = v =
// s^(1/L) for vectors. A vector x is read as diag(x): its singular values are |x_i|, its nuclear norm is |x|_1. Two depths or scales of
// one seed share truth and observations. least_norm is the least nuclear norm of all that agrees with the data, with its certificate:
// minimum_nuclear_norm, or basis pursuit.

#include <cmath>
#include <functional>
#include <string>

#include "instance.hpp"

namespace tacit {

struct AtlasInstance {
  RaceInstance race;
  bool diagonal = false;  ///< W is a vector x, read as diag(x)
};

/// No W that agrees with the data has a nuclear norm below `lower`; one has `norm`.
struct LeastNorm {
  double norm = std::nan(""), lower = std::nan("");
};

struct AtlasProblem {
  std::string name;  ///< with its settings: what a stored atlas is compared by
  std::function<AtlasInstance(Index depth, double scale, std::uint64_t seed)> make;
  std::function<LeastNorm(std::uint64_t seed)> least_norm;  ///< empty: not known
};

/// Of matrix_completion, matrix_sensing or diagonal_regression. Throws std::invalid_argument for others, for settings that are not known,
/// and for .depth, .product_scale, .scale or .seed in the text, which are the atlas's own.
AtlasProblem atlas_problem(const std::string& text);

}  // namespace tacit

#ifndef TACIT_COMPILED
#include "impl/atlas_problem.hpp"
#endif
