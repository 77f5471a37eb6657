// SPDX-License-Identifier: MIT
#pragma once
// The k largest singular values of a matrix that changes little between calls, by subspace iteration on a block of k + p vectors that is kept from call
// to call:  Y = W V,  rotate the columns of Y (and V) until they are orthogonal: theta_j = |y_j|, u_j = y_j / theta_j;  V <- orth(W^T U).
// Residuals |W^T u_j - theta_j v_j| bound the error of theta_j; the error itself is about their square over the gap. The error shrinks by
// (sigma_{k+p+1} / sigma_k)^2 an iteration of 4 m n (k + p) flops.  [Rutishauser 1969; Halko, Martinsson & Tropp 2011; rotations: Hestenes 1958]

#include "product.hpp"
#include "singular_values.hpp"

#include <random>

namespace tacit {

struct TopSettings {
  Index count = 10;
  Index oversampling = 8;
  int iterations = 30;      // at most
  double tolerance = 1e-8;  // on the residuals, relative to theta_1; at least 64 units of rounding
};

struct TopOutcome {
  bool converged = false;    // every residual below tolerance, or all values from the full solver
  bool full_solver = false;  // the block was too wide, or did not converge
  int iterations = 0;
};

/// The basis that the next call starts from, and the buffers. No allocation after the first call of the same shape and settings.
template <Scalar S>
struct TopSpectrumWorkspace {
  Matrix<S> right, image, back;    // V, then Y and U, then W^T U
  Vector<S> theta, residual, all;  // of the whole block, descending; residual of the last call's last iteration
  std::minstd_rand random{1};
  SpectrumWorkspace<S> full;
};

namespace detail {

template <Scalar S>
class TopIteration {
 public:
  explicit TopIteration(TopSpectrumWorkspace<S>& workspace) : ws(workspace) {}

  /// A new basis, or the last one with its last column drawn anew, so that a direction that grows from nothing is seen.
  void start(Index rows, Index cols, Index block, bool redraw) {
    const bool fresh = ws.right.rows() != cols || ws.right.cols() != block || ws.image.rows() != rows || !ws.right.allFinite();
    ws.right.resize(cols, block);
    ws.image.resize(rows, block);
    ws.back.resize(cols, block);
    ws.theta.resize(block);
    ws.residual.setConstant(block, std::numeric_limits<S>::infinity());
    for (Index j = fresh ? 0 : block - Index(redraw); j < block; ++j) draw(j);
    orthonormalize();
  }

  /// Rotates pairs of columns of Y = image until all are orthogonal, V along with them, and sorts by length. False where a number is not finite.
  bool rotate() {
    auto& Y = ws.image;
    auto& V = ws.right;
    const Index block = Y.cols();
    const S nil = 8 * std::numeric_limits<S>::epsilon();
    bool rotated = true;
    for (int sweep = 0; rotated && sweep < 30; ++sweep) {
      rotated = false;
      for (Index p = 0; p < block; ++p)
        for (Index q = p + 1; q < block; ++q) {
          const S a = Y.col(p).squaredNorm(), b = Y.col(q).squaredNorm(), c = Y.col(p).dot(Y.col(q));
          if (!(std::abs(c) > nil * std::sqrt(a * b))) continue;
          rotated = true;
          const S zeta = (b - a) / (2 * c), t = std::copysign(1 / (std::abs(zeta) + std::sqrt(1 + zeta * zeta)), zeta);
          const S cosine = 1 / std::sqrt(1 + t * t), sine = cosine * t;
          turn(Y.col(p).data(), Y.col(q).data(), Y.rows(), cosine, sine);
          turn(V.col(p).data(), V.col(q).data(), V.rows(), cosine, sine);
        }
    }
    for (Index j = 0; j < block; ++j) ws.theta[j] = Y.col(j).norm();
    for (Index j = 0; j < block; ++j) {
      Index largest = j;
      for (Index i = j + 1; i < block; ++i)
        if (ws.theta[i] > ws.theta[largest]) largest = i;
      if (largest == j) continue;
      std::swap(ws.theta[j], ws.theta[largest]);
      std::swap_ranges(Y.col(j).data(), Y.col(j).data() + Y.rows(), Y.col(largest).data());
      std::swap_ranges(V.col(j).data(), V.col(j).data() + V.rows(), V.col(largest).data());
    }
    return ws.theta.allFinite();
  }

  /// U, in place of Y.
  void normalize_image() {
    for (Index j = 0; j < ws.image.cols(); ++j)
      if (ws.theta[j] > 0) ws.image.col(j) *= 1 / ws.theta[j];
  }

  S largest_residual(Index count) {
    for (Index j = 0; j < ws.back.cols(); ++j) ws.residual[j] = (ws.back.col(j) - ws.theta[j] * ws.right.col(j)).norm();
    return ws.residual.head(count).maxCoeff();
  }

  /// V <- orth(V), twice through Gram and Schmidt; columns that vanish are drawn anew.
  void orthonormalize() {
    auto& V = ws.right;
    for (Index j = 0; j < V.cols(); ++j)
      for (int attempt = 0; attempt < 4; ++attempt) {
        const S before = V.col(j).norm();
        for (int pass = 0; pass < 2; ++pass)
          for (Index i = 0; i < j; ++i) V.col(j) -= V.col(i).dot(V.col(j)) * V.col(i);
        const S after = V.col(j).norm();
        if (after > 64 * std::numeric_limits<S>::epsilon() * before) {
          V.col(j) *= 1 / after;
          break;
        }
        draw(j);
      }
  }

 private:
  void draw(Index j) {
    for (S& value : ws.right.col(j)) value = S(ws.random()) / S(std::minstd_rand::max()) - S(0.5);
  }
  static void turn(S* x, S* y, Index n, S cosine, S sine) {
    for (Index i = 0; i < n; ++i) {
      const S xi = x[i], yi = y[i];
      x[i] = cosine * xi - sine * yi;
      y[i] = sine * xi + cosine * yi;
    }
  }

  TopSpectrumWorkspace<S>& ws;
};

}  // namespace detail

/// sigma <- the min(settings.count, m, n) largest singular values, descending, of the m x n matrix W behind two functions:
/// times(X, Y) writes Y = W X, transposed_times(X, Y) writes Y = W^T X; Y has its size. Where the outcome says not converged, ws.residual tells how far
/// each value may be off. NaN where a product is not finite. Entries of W should lie well inside the square root of the range of S.
template <Scalar S, class Times, class TransposedTimes>
TopOutcome top_singular_values(Index rows, Index cols, Times&& times, TransposedTimes&& transposed_times, const TopSettings& settings,
                               TopSpectrumWorkspace<S>& ws, Vector<S>& sigma) {
  const Index all = std::min(rows, cols), count = std::min(settings.count, all), block = std::min(count + settings.oversampling, all);
  TopOutcome outcome;
  sigma.setZero(count);
  if (count == 0) return {.converged = true};
  const S tolerance = std::max(S(settings.tolerance), 64 * std::numeric_limits<S>::epsilon());
  detail::TopIteration<S> iteration(ws);
  iteration.start(rows, cols, block, block > count);
  while (!outcome.converged && outcome.iterations < settings.iterations) {
    ++outcome.iterations;
    times(std::as_const(ws.right), ws.image);
    if (!iteration.rotate()) {
      detail::fill_not_a_number(sigma, count);  // and the next call starts afresh
      return outcome;
    }
    iteration.normalize_image();
    transposed_times(std::as_const(ws.image), ws.back);
    outcome.converged = iteration.largest_residual(count) <= tolerance * ws.theta[0];
    ws.right.swap(ws.back);
    iteration.orthonormalize();
  }
  sigma = ws.theta.head(count);
  return outcome;
}

/// The same for a dense W. The full solver steps in where the block would be wider than a third of W, or has not converged in as many
/// iterations as cost about what the full solver costs: without a gap behind the block, subspace iteration is the slower one.
template <Scalar S>
TopOutcome top_singular_values(detail::MatrixIn<S> W, const TopSettings& settings, TopSpectrumWorkspace<S>& ws, Vector<S>& sigma) {
  const Index all = std::min(W.rows(), W.cols()), count = std::min(settings.count, all);
  TopOutcome outcome;
  if (3 * (count + settings.oversampling) <= all) {
    const auto times = [&](const Matrix<S>& X, Matrix<S>& Y) { Y.noalias() = W * X; };
    const auto transposed_times = [&](const Matrix<S>& X, Matrix<S>& Y) { Y.noalias() = W.transpose() * X; };
    TopSettings within_reason = settings;
    within_reason.iterations = int(std::min(Index(settings.iterations), std::max(Index(3), all / (4 * (count + settings.oversampling)))));
    outcome = top_singular_values<S>(W.rows(), W.cols(), times, transposed_times, within_reason, ws, sigma);
    if (outcome.converged) return outcome;
  }
  singular_values(W, ws.full, ws.all);
  sigma = ws.all.head(count);
  ws.residual.setZero(outcome.iterations > 0 ? ws.residual.size() : count);
  outcome.full_solver = true;
  outcome.converged = !sigma.array().isNaN().any();
  return outcome;
}

}  // namespace tacit
