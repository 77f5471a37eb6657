// SPDX-License-Identifier: MIT
#pragma once
// Squared losses in the five normalisations that the papers use; a factor 2 in the loss is a factor 2 in time, so the name says which:
//   SumOfSquares      sum_k w_k (z_k - y_k)^2            [Gunasekar et al. 2017]
//   HalfSumOfSquares  1/2 of that                        [Razin & Cohen 2020, matrix part; Chou et al. 2024 with all entries]
//   MeanSquares       1/m of that                        [Arora et al. 2019; Zhao 2022]
//   HalfMeanSquares   1/(2m) of that                     [Gidel et al. 2019, up to the normalisation of their rows]
//   QuarterMeanSquares  1/(4m) of that                   [Karakida et al. 2023, diagonal nets]
//   HalfMeanRegression  1/(2n) of that, n samples of any number of outputs each (observation/features.hpp)        [Gidel et al. 2019]
// The weights w_k (1 where there are none) multiply each entry's part; m counts entries, whatever they weigh. On a minibatch of b
// entries a mean is over the batch and a sum is scaled by m/b: both are unbiased.

#include "../core/scalar.hpp"

namespace tacit {

/// mean_of_samples: the sum over the outputs of a sample, the mean over samples; elsewhere the same as mean.
enum class Reduction { sum, mean, mean_of_samples };

namespace detail {
/// The factor in front of sum_k: count observations, or samples of so many `parts` each, are at hand out of total.
template <Scalar S>
S reduction_scale(Reduction reduction, Index count, Index total, Index parts = 1) {
  if (reduction == Reduction::sum) return static_cast<S>(total) / static_cast<S>(count);
  return S(1) / static_cast<S>(reduction == Reduction::mean ? count * parts : count);
}
}  // namespace detail

/// scale * Half * sum_k w_k (z_k - y_k)^2. An empty weight vector means all one.
template <bool half, Reduction reduced>
struct Squares {
  static constexpr Reduction reduction = reduced;
  static constexpr Index polynomial_degree = 2;  ///< in z

  static const char* name() {
    if constexpr (reduced == Reduction::mean_of_samples) return half ? "HalfMeanRegression" : "MeanRegression";
    else if constexpr (reduced == Reduction::sum) return half ? "HalfSumOfSquares" : "SumOfSquares";
    else return half ? "HalfMeanSquares" : "MeanSquares";
  }

  /// Returns the loss; slope_k = d loss / d z_k.
  template <Scalar S>
  S value_and_slope(In<S> z, In<S> y, In<S> weight, S scale, Out<S> slope) const {
    const S factor = half ? scale : 2 * scale;
    if (weight.size() == 0) {
      slope = factor * (z - y);
      return slope.dot(z - y) / 2;
    }
    slope = factor * weight.cwiseProduct(z - y);
    return slope.dot(z - y) / 2;
  }
  /// out = l''(z) dz.
  template <Scalar S>
  void curvature_times(In<S>, In<S>, In<S> weight, S scale, In<S> dz, Out<S> out) const {
    const S factor = half ? scale : 2 * scale;
    if (weight.size() == 0) out = factor * dz;
    else out = factor * weight.cwiseProduct(dz);
  }
};

using SumOfSquares = Squares<false, Reduction::sum>;
using HalfSumOfSquares = Squares<true, Reduction::sum>;
using MeanSquares = Squares<false, Reduction::mean>;
using HalfMeanSquares = Squares<true, Reduction::mean>;
using HalfMeanRegression = Squares<true, Reduction::mean_of_samples>;

struct QuarterMeanSquares {
  static constexpr Reduction reduction = Reduction::mean;
  static const char* name() { return "QuarterMeanSquares"; }
  template <Scalar S>
  S value_and_slope(In<S> z, In<S> y, In<S> weight, S scale, Out<S> slope) const {
    return HalfMeanSquares{}.value_and_slope<S>(z, y, weight, scale / 2, slope);
  }
  template <Scalar S>
  void curvature_times(In<S> z, In<S> y, In<S> weight, S scale, In<S> dz, Out<S> out) const {
    HalfMeanSquares{}.curvature_times<S>(z, y, weight, scale / 2, dz, out);
  }
};

}  // namespace tacit
