// SPDX-License-Identifier: MIT
#pragma once
// Entrywise powers  f(x) = x^D  of real degree D >= 2 that also take negative x: a whole D is the plain power, any other sign(x) |x|^D, which is
// continuously differentiable. With  p_k(x) = x^(D-k)  (or |x|^(D-k), times sign(x) for even k) both read
//   f = p_1 x,   f' = D p_1,   f'' = D (D - 1) p_2.
// A whole degree costs D - 1 multiplications an entry, any other one power.

#include <cmath>

#include "scalar.hpp"

namespace tacit::detail {

template <Scalar S>
class EntrywisePower {
 public:
  explicit EntrywisePower(double degree) : degree_(degree), whole_(degree == std::floor(degree) && degree <= 16) {}

  double degree() const { return degree_; }
  /// Whether f is the plain power x^D.
  bool whole() const { return whole_; }
  /// D, and D (D - 1).
  S first() const { return static_cast<S>(degree_); }
  S second() const { return static_cast<S>(degree_ * (degree_ - 1)); }

  /// out = p_k(x), k = 1 or 2.
  void reduced(const S* x, Index count, int k, S* out) const {
    const Eigen::Map<const Eigen::Array<S, Eigen::Dynamic, 1>> from(x, count);
    Eigen::Map<Eigen::Array<S, Eigen::Dynamic, 1>> to(out, count);
    const double r = degree_ - k;
    if (!whole_) {
      to = from.abs().pow(static_cast<S>(r));
      if (k == 2) to = (from < S(0)).select(-to, to);
      return;
    }
    if (r == 0) return void(to.setOnes());
    to = from;
    for (int i = 1; i < static_cast<int>(r); ++i) to *= from;
  }

 private:
  double degree_;
  bool whole_;
};

}  // namespace tacit::detail
