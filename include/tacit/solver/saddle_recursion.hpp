// SPDX-License-Identifier: MIT
#pragma once
// The saddles that the gradient flow of a diagonal net of depth 2 on  L = 1/2 |A x - y|^2  visits as its start alpha vanishes, and the times at which it
// jumps from one to the next, without integrating the flow.                                        [Pesme & Flammarion 2023, their algorithm, like LARS]
// Time is accelerated,  tau = t / ln(1/alpha)  for  x = (w_+^2 - w_-^2) / 2,  w_+ = w_- = alpha;  for the library's x = u^2 - v^2 from u = v = alpha,
// tau = 2 t / ln(1/alpha) (model/diagonal_net.hpp; c L has the times tau / c). With  s(tau) = -integral of grad L,  from (tau, x, s) = 0 until grad L = 0:
//   delta = the smallest at which a coordinate with g_i != 0, g = grad L(x), has |s_i - delta g_i| = 1;  tau += delta,  s -= delta g;
//   x     = the minimiser of L with  x_i s_i >= 0  where |s_i| = 1  and  x_i = 0  elsewhere, by nonnegative least squares [Lawson & Hanson 1974].
// Coordinates enter, and may leave again. The first jump is at 1 / max_i |A^T y|_i. Where the last saddle fits the data, s is a certificate that it is a
// minimiser of the l1 norm: |s_i| <= 1, s_i = sign(x_i) where x_i != 0, s in the row space of A.
// Where the minimiser is not unique (more coordinates at |s_i| = 1 than rows), the paper leaves open which one the flow takes: the path goes on from one of
// them, and `why` says so. Cost: a jump takes some QR decompositions of the columns at |s_i| = 1, 2 m k^2 flops each, and 4 m d.
//
//   for (const Saddle& saddle : saddle_recursion(A, y).list) std::cout << saddle;

#include <ostream>
#include <vector>

#include "../observation/data.hpp"
#include "../observation/linear_map.hpp"

namespace tacit {

struct SaddleRecursionSettings {
  double tolerance = 1e-12;  ///< gradients up to this times |A^T y|_inf count as zero, times that agree to this as one
  Index jumps = 10'000;      ///< at most so many
};

struct Saddle {
  double time = 0;  ///< tau at which the flow jumps here; 0 for the start
  Vector<double> x, s;
  double loss = 0;     ///< 1/2 |A x - y|^2
  Index entered = -1;  ///< the coordinate that reached |s_i| = 1 at that time, the first where several do; -1 for the start
  double drive = 0;    ///< |g_i| of that coordinate at the saddle before, how fast it came

  /// Coordinates that are not zero.
  Index active() const { return (x.array() != 0).count(); }
  friend std::ostream& operator<<(std::ostream& out, const Saddle& saddle) {
    return out << "tau = " << saddle.time << ": loss " << saddle.loss << ", " << saddle.active() << " active, x = " << saddle.x.transpose()
               << '\n';
  }
};

struct SaddlePath {
  std::vector<Saddle> list;  ///< the start first
  bool arrived = false;      ///< the gradient at the last one is zero
  double gradient = 0;       ///< |A^T (A x - y)|_inf there
  std::string why;           ///< what is open; empty where nothing is

  Index jumps() const { return static_cast<Index>(list.size()) - 1; }
  const Saddle& last() const { return list.back(); }
  friend std::ostream& operator<<(std::ostream& out, const SaddlePath& path) {
    for (const Saddle& saddle : path.list) out << saddle;
    return path.why.empty() ? out : out << path.why << '\n';
  }
};

/// Throws std::invalid_argument where sizes differ, numbers are not finite, or a setting is not positive.
SaddlePath saddle_recursion(const Matrix<double>& A, const Vector<double>& y, const SaddleRecursionSettings& settings = {});

/// The same for a problem's data: linear measurements of a vector, half their sum of squares.
template <Scalar S>
SaddlePath saddle_recursion(const Data<S, LinearMap<S>>& data, const SaddleRecursionSettings& settings = {}) {
  require(data.weight.size() == 0, "saddle_recursion: the data carry weights, the recursion has none; scale the rows of A and y instead");
  return saddle_recursion(data.where.matrix().leftCols(data.count()).transpose().template cast<double>(), data.y.template cast<double>(),
                          settings);
}

}  // namespace tacit

#ifndef TACIT_COMPILED
#include "impl/saddle_recursion.hpp"
#endif
