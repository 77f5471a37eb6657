// SPDX-License-Identifier: MIT
#pragma once
// The law of noise that sources and transforms add: each number of mean 0 and variance 1, from the run's own stream.

#include "../core/random.hpp"
#include "../core/settings.hpp"

namespace tacit {

enum class NoiseLaw { signs, normal };  ///< +1 or -1 with equal chances, or N(0, 1)
template <>
inline constexpr std::array names_of<NoiseLaw>{"signs", "normal"};

namespace detail {
/// The first `count` entries of out.
template <Scalar S>
void fill_noise(Random& random, NoiseLaw law, double scale, Index count, Vector<S>& out) {
  for (Index k = 0; k < count; ++k)
    out[k] = static_cast<S>(scale * (law == NoiseLaw::normal ? random.normal() : random.below(2) ? 1.0 : -1.0));
}
/// A vector of noise and its stream; the vector is drawn anew at every step.
template <Scalar S>
struct NoiseState {
  Random random;
  Vector<S> noise, buffer = {};
  template <class Archive>
  void persist(Archive& archive) {
    archive("random", random);
  }
};
}  // namespace detail

}  // namespace tacit
