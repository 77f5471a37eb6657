// SPDX-License-Identifier: MIT
#pragma once
// SOAP: Adam in the eigenbasis of Shampoo's two factors, block by block.  [Vyas et al. 2024, soap.py]
//   first gradient   L = (1 - b2) G G^T, R likewise;  Q_L, Q_R = their eigenvectors, descending;  no step, and the counter k stays 0
//   then             G' = Q_L^T G Q_R;  M <- b1 M + (1 - b1) G;  V <- b2 V + (1 - b2) G'^2;
//                    u = c Q_L [(Q_L^T M Q_R) / (sqrt V + eps)] Q_R^T  with  c = sqrt(1 - b2^k) / (1 - b1^k);
//                    L <- b2 L + (1 - b2) G G^T, R likewise;  every .every-th k, per side: columns of Q sorted by diag(Q^T L Q),
//                    V permuted alike, Q <- the orthonormal factor of L Q
// A basis of the kernel of L is no more than rounding, so a block makes no step until L and R have full numerical rank
// (.begin = SoapStart::full_rank). On one side of a block that is not square a full gradient never gets there; the run then stalls and says so.
// SoapStart::first_gradient begins at once, as the authors' program does, in a basis of the kernel that the machine chooses: two correct
// programs then differ. G G^T squares the condition number of G: digits beyond about 1e-7 belong to the machine. State: 2 numbers per
// parameter and 2 (m^2 + n^2) per block.

#include <algorithm>
#include <cmath>
#include <numeric>

#include "../core/orthonormal.hpp"
#include "../core/product.hpp"
#include "../core/symmetric_eigen.hpp"
#include "decay_after_step.hpp"
#include "full_gradient.hpp"
#include "learning_rate.hpp"
#include "matrix_blocks.hpp"
#include "momentum.hpp"

namespace tacit {

enum class SoapStart { full_rank, first_gradient };
template <>
inline constexpr std::array<const char*, 2> names_of<SoapStart>{"full_rank", "first_gradient"};

namespace detail {

/// One side of a block: its averaged Gram matrix, and the basis in which Adam works.
template <Scalar S>
struct SoapSide {
  Vector<S> gram, basis;  // n x n each
  SymmetricEigen<S> solver;
  Matrix<S> product;
  Vector<S> scales, tau;
  std::vector<Index> order;

  explicit SoapSide(Index n)
      : gram(Vector<S>::Zero(n * n)), basis(Vector<S>::Zero(n * n)), solver(n), product(n, n), scales(n), tau(n),
        order(static_cast<std::size_t>(n)) {}
  Index size() const { return scales.size(); }
  MatrixMap<S> L() { return {gram.data(), size(), size()}; }
  ConstMatrixMap<S> Q() const { return {basis.data(), size(), size()}; }

  /// Eigenvectors, descending; false where L is numerically singular.
  bool decompose() {
    solver.compute({gram.data(), size(), size()});
    const auto& values = solver.eigenvalues();
    MatrixMap<S>(basis.data(), size(), size()) = solver.eigenvectors().rowwise().reverse();
    return values[0] > static_cast<S>(size()) * std::numeric_limits<S>::epsilon() * values[size() - 1];
  }
  /// `order` sorts the columns of Q by diag(Q^T L Q), descending; then one step of orthogonal iteration.
  void refresh() {
    const Index n = size();
    const MatrixMap<S> LQ(product.data(), n, n);
    multiply<S>({gram.data(), n, n}, Q(), Write::set, LQ);
    for (Index j = 0; j < n; ++j) scales[j] = Q().col(j).dot(product.col(j));
    std::iota(order.begin(), order.end(), Index(0));
    std::sort(order.begin(), order.end(), [&](Index i, Index j) { return scales[i] != scales[j] ? scales[i] > scales[j] : i < j; });
    MatrixMap<S> Q_next(basis.data(), n, n);
    for (Index j = 0; j < n; ++j) Q_next.col(j) = product.col(order[static_cast<std::size_t>(j)]);  // L Q, sorted
    orthonormalise<S>(Q_next, tau);
  }
  template <class A>
  void persist(A& archive) {
    archive("gram", gram);
    archive("basis", basis);
  }
};

template <Scalar S>
struct SoapBlock {
  MatrixBlock where;
  SoapSide<S> left, right;
  Vector<S> M, V;
  Matrix<S> half, rotated, momentum;
  Index k = 0;
  bool begun = false;

  explicit SoapBlock(const MatrixBlock& block)
      : where(block), left(block.rows), right(block.cols), M(Vector<S>::Zero(block.count())), V(Vector<S>::Zero(block.count())),
        half(block.rows, block.cols), rotated(block.rows, block.cols), momentum(block.rows, block.cols) {}
  template <class A>
  void persist(A& archive) {
    archive("left", left);
    archive("right", right);
    archive("M", M);
    archive("V", V);
    archive("k", k);
    archive("begun", begun);
  }
  void accumulate(ConstMatrixMap<S> G, S b2) {
    left.gram *= b2;
    right.gram *= b2;
    half = std::sqrt(1 - b2) * G;
    const ConstMatrixMap<S> scaled(half.data(), half.rows(), half.cols());
    multiply_nt<S>(scaled, scaled, Write::add, left.L());
    multiply_tn<S>(scaled, scaled, Write::add, right.L());
  }
  /// to = Q_L^T from Q_R
  void rotate(ConstMatrixMap<S> from, Matrix<S>& to) {
    const Index m = where.rows, n = where.cols;
    multiply_tn<S>(left.Q(), from, Write::set, {half.data(), m, n});
    multiply<S>({half.data(), m, n}, right.Q(), Write::set, {to.data(), m, n});
  }
  /// to = Q_L from Q_R^T
  void rotate_back(const Matrix<S>& from, MatrixMap<S> to) {
    const Index m = where.rows, n = where.cols;
    multiply<S>(left.Q(), {from.data(), m, n}, Write::set, {half.data(), m, n});
    multiply_nt<S>({half.data(), m, n}, right.Q(), Write::set, to);
  }
  void refresh() {
    left.refresh();
    right.refresh();
    const ConstMatrixMap<S> old(V.data(), where.rows, where.cols);
    for (Index j = 0; j < where.cols; ++j)
      for (Index i = 0; i < where.rows; ++i)
        rotated(i, j) = old(left.order[static_cast<std::size_t>(i)], right.order[static_cast<std::size_t>(j)]);
    MatrixMap<S>(V.data(), where.rows, where.cols) = rotated;
  }
};

}  // namespace detail

struct Soap {
  using stage = TransformTag;
  static constexpr std::string_view name = "Soap";
  double beta1 = 0.95, beta2 = 0.95, eps = 1e-8;
  Index every = 10;
  SoapStart begin = SoapStart::full_rank;
  HigherOrder higher_order = HigherOrder::unfold;

  template <class A>
  void persist(A& archive) {
    archive("beta1", beta1);
    archive("beta2", beta2);
    archive("eps", eps);
    archive("every", every);
    archive("begin", begin);
    archive("higher_order", higher_order);
  }

  template <Scalar S>
  struct State {
    std::vector<detail::SoapBlock<S>> blocks;
    Index waited = 0;  ///< full gradients in a row with which no block could begin
    template <class A>
    void persist(A& archive) {
      for (auto& block : blocks) archive("block", block);
      archive("waited", waited);
    }
  };
  template <Scalar S>
  State<S> start(const Layout& layout) const {
    detail::require_decay("Soap", "beta1", beta1);
    detail::require_decay("Soap", "beta2", beta2);
    require(eps > 0, "Soap: .eps is ", eps, ", it needs to be positive");
    require(every > 0, "Soap: .every is ", every, ", it needs to be at least 1");
    State<S> state;
    for (const MatrixBlock& block : matrix_blocks(layout, "Soap", higher_order)) state.blocks.emplace_back(block);
    return state;
  }
  template <Scalar S>
  void apply(Step<S>& step, State<S>& state) const {
    Vector<S>& update = step.own();
    bool moved = false;
    for (detail::SoapBlock<S>& block : state.blocks) {
      moved = moved || block.begun;
      advance(block, block.where.in(update));
    }
    state.waited = moved || !step.full ? 0 : state.waited + 1;
    if (state.waited < 2) return;
    for (const detail::SoapBlock<S>& block : state.blocks)
      if (block.begun) return;
    step.stall(
        "Soap: no block's gradients have full rank, and while nothing moves they never will; .begin = SoapStart::first_gradient "
        "starts all the same, in a basis of the kernel that rounding errors choose");
  }

 private:
  template <Scalar S>
  void advance(detail::SoapBlock<S>& block, MatrixMap<S> G) const {
    const S b1 = static_cast<S>(beta1), b2 = static_cast<S>(beta2);
    const ConstMatrixMap<S> seen(G.data(), G.rows(), G.cols());
    if (!block.begun) {
      block.accumulate(seen, b2);
      const bool full = block.left.decompose(), also = block.right.decompose();
      block.begun = (full && also) || begin == SoapStart::first_gradient;
      return void(G.setZero());
    }
    ++block.k;
    const double k = static_cast<double>(block.k);
    const S c = static_cast<S>(std::sqrt(1 - std::pow(beta2, k)) / (1 - std::pow(beta1, k)));
    block.rotate(seen, block.rotated);
    const ConstMatrixMap<S> g(G.data(), G.rows(), G.cols());
    MatrixMap<S> M(block.M.data(), G.rows(), G.cols()), V(block.V.data(), G.rows(), G.cols());
    M = b1 * M + (1 - b1) * g;
    V = b2 * V + (1 - b2) * block.rotated.cwiseAbs2();
    block.rotate({M.data(), G.rows(), G.cols()}, block.momentum);
    block.accumulate(seen, b2);
    block.momentum.array() *= c / (V.array().sqrt() + static_cast<S>(eps));
    block.rotate_back(block.momentum, G);
    if (block.k % every == 0) block.refresh();
  }
};

struct SoapSettings {
  double rate = 3e-3, beta1 = 0.95, beta2 = 0.95, eps = 1e-8, weight_decay = 0.01;
  Index every = 10;
  SoapStart begin = SoapStart::full_rank;
  HigherOrder higher_order = HigherOrder::unfold;
};
/// SOAP with its authors' defaults; the decay comes after the step.
inline auto soap(SoapSettings o = {}) {
  return FullGradient{} | Soap{o.beta1, o.beta2, o.eps, o.every, o.begin, o.higher_order} | LearningRate{ConstantRate{o.rate}} |
         DecayAfterStep{o.weight_decay};
}

}  // namespace tacit
