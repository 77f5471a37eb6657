// SPDX-License-Identifier: MIT
#pragma once
// What the atlas runs on: a problem that can be made at any depth, start scale and seed, with what is needed to say which of its solutions was found.
//   atlas_completion   W = W_L ... W_1, square, on observed entries of a matrix of low rank, mean squares       (data/low_rank.hpp)
//   atlas_sensing      the same on Gaussian measurements
//   atlas_regression   x = u^L - v^L on Gaussian measurements of a sparse vector, mean of half squares; at L = 1 x itself, from zero (u - v at u = v)
// The start scale s is that of the product, so that it means the same at every depth: .product_scale of model/initial.hpp for matrices,
// u = v = s^(1/L) for vectors. A vector x is read as diag(x): its singular values are |x_i|, its nuclear norm is |x|_1.
// least_norm is the least nuclear norm of all that agrees with the data, with a certificate: minimum_nuclear_norm, or basis pursuit.
// Seeds set truth, observations and start; two depths or scales of one seed share truth and observations.

#include <cmath>
#include <functional>
#include <string>

#include "instance.hpp"

namespace tacit {

struct AtlasInstance {
  RaceInstance race;
  /// Of W, flat: relative error on what was not observed; empty: not known.
  std::function<double(const Vector<double>& values)> unseen_error = {};
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

struct AtlasMatrix {
  Index size = 20, rank = 2, observed = 160;
};
struct AtlasVector {
  Index size = 40, observed = 20, sparsity = 3;
};

AtlasProblem atlas_completion(const AtlasMatrix& of = {});
AtlasProblem atlas_sensing(const AtlasMatrix& of = {});
AtlasProblem atlas_regression(const AtlasVector& of = {});

}  // namespace tacit

#ifndef TACIT_COMPILED
#include "impl/atlas_problem.hpp"
#endif
