// SPDX-License-Identifier: MIT
#pragma once
// The small completion problem that optimizers and runs are compared on, bit for bit.

#include <tacit/core/random.hpp>
#include <tacit/problem.hpp>

#include <limits>

#include "catch.hpp"

namespace bitwise {

using namespace tacit;

template <class S>
Vector<S> normal(Index size, std::uint64_t seed, double std_dev) {
  Random random(seed, "bitwise");
  Vector<S> x(size);
  for (Index k = 0; k < size; ++k) x[k] = static_cast<S>(std_dev * random.normal());
  return x;
}
/// 23 of the entries of a 5 x 6 matrix.
template <class S>
Data<S> data() {
  Entries::Indices row, col;
  for (std::int32_t i = 0; i < 5; ++i)
    for (std::int32_t j = 0; j < 6; ++j)
      if ((3 * i + j) % 4 != 0) row.push_back(i), col.push_back(j);
  const auto m = static_cast<Index>(row.size());
  return observed<S>(5, 6, row, col, normal<S>(m, 1, 1));
}
template <class S>
auto problem() {
  return Problem(DeepMatrix<S>({6, 4, 5}), data<S>(), MeanSquares{});
}
template <class S>
Vector<S> start() {
  return normal<S>(4 * 6 + 5 * 4, 2, 0.4);
}

/// Equal bytes: 0 and -0 differ, NaN equals itself.
template <class S>
bool same_bits(const Vector<S>& a, const Vector<S>& b) {
  return a.size() == b.size() && std::memcmp(a.data(), b.data(), sizeof(S) * static_cast<std::size_t>(a.size())) == 0;
}

}  // namespace bitwise
