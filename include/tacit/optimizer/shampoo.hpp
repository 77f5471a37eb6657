// SPDX-License-Identifier: MIT
#pragma once
// Shampoo: each block's gradient is preconditioned on every mode by a root of the sum of the Gram matrices seen so far.  [Gupta, Koren &
// Singer 2018]
//   matrix G    L <- L + G G^T,  R <- R + G^T G  (both start at eps I);   u = L^(-1/4) G R^(-1/4)
//   order K     one factor per mode, from the mode's unfolding of the raw gradient, exponent -1/(2K); a vector has one, with exponent -1/2
// The roots are recomputed when (t - 1) mod .root_every = 0, after adding. eps = 0: directions never seen stay zero. At eps -> 0 and full
// rank the first step is the polar factor. Plain sums: no exponential average, no grafting. State 2 sum_k n_k^2 per block of n_1 x ... x
// n_K; a root costs about 25 n_k^3.

#include <algorithm>
#include <cmath>
#include <limits>
#include <vector>

#include "../core/product.hpp"
#include "../core/symmetric_eigen.hpp"
#include "full_gradient.hpp"
#include "learning_rate.hpp"

namespace tacit {

struct Shampoo {
  using stage = TransformTag;
  static constexpr std::string_view name = "Shampoo";
  double eps = 1e-4;
  Index root_every = 1;

  template <class A>
  void persist(A& archive) {
    archive("eps", eps);
    archive("root_every", root_every);
  }

  /// One mode of one block: seen column-major, the block is left x size x right.
  struct Mode {
    Index block, offset, left, size, right;  ///< offset of the block in theta
    Index modes;                             ///< K of the block
    Index at;                                ///< where its matrices stand in the state
  };
  template <Scalar S>
  struct State {
    std::vector<Mode> modes;
    std::vector<detail::SymmetricEigen<S>> solvers;
    std::vector<Matrix<S>> vectors;
    Vector<S> statistics, roots, other;
    Index t = 0;
    template <class A>
    void persist(A& archive) {
      archive("statistics", statistics);
      archive("roots", roots);
      archive("t", t);
    }
  };
  template <Scalar S>
  State<S> start(const Layout& layout) const {
    require(eps >= 0, "Shampoo: .eps is ", eps, ", it needs to be at least 0");
    require(root_every > 0, "Shampoo: .root_every is ", root_every, ", it needs to be at least 1");
    State<S> state;
    Index at = 0;
    for (Index l = 0; l < layout.size(); ++l) {
      const Block& block = layout[l];
      std::vector<Index> sizes = block.shape.sizes();
      if (sizes.empty()) sizes = {1};
      if (block.order == StorageOrder::row_major) std::reverse(sizes.begin(), sizes.end());
      Index left = 1;
      for (const Index n : sizes) {
        state.modes.push_back({l, block.offset, left, n, block.count / left / n, static_cast<Index>(sizes.size()), at});
        state.solvers.emplace_back(n);
        state.vectors.emplace_back(n, n);
        left *= n;
        at += n * n;
      }
    }
    state.statistics = Vector<S>::Zero(at);
    state.roots = Vector<S>::Zero(at);
    state.other = Vector<S>::Zero(layout.parameter_count());
    for (const Mode& mode : state.modes) matrix(state.statistics, mode).diagonal().setConstant(static_cast<S>(eps));
    return state;
  }
  template <Scalar S>
  void apply(Step<S>& step, State<S>& state) const {
    Vector<S>& update = step.own();
    for (const Mode& mode : state.modes) add_gram<S>(mode, update.data() + mode.offset, matrix(state.statistics, mode));
    const bool renew = state.t++ % root_every == 0;
    for (std::size_t k = 0; k < state.modes.size(); ++k) {
      const Mode& mode = state.modes[k];
      if (renew) take_root<S>(mode, state.solvers[k], state.vectors[k], matrix(state.statistics, mode), matrix(state.roots, mode));
      const Index count = mode.left * mode.size * mode.right;
      precondition<S>(mode, state.roots.data() + mode.at, update.data() + mode.offset, state.other.data() + mode.offset);
      std::copy_n(state.other.data() + mode.offset, count, update.data() + mode.offset);
    }
  }

 private:
  template <Scalar S>
  static MatrixMap<S> matrix(Vector<S>& of, const Mode& mode) {
    return {of.data() + mode.at, mode.size, mode.size};
  }
  /// L += (unfolding at this mode) (its transpose)
  template <Scalar S>
  static void add_gram(const Mode& mode, const S* G, MatrixMap<S> L) {
    if (mode.left == 1) {
      const ConstMatrixMap<S> whole(G, mode.size, mode.right);
      return detail::multiply_nt<S>(whole, whole, Write::add, L);
    }
    for (Index r = 0; r < mode.right; ++r) {
      const ConstMatrixMap<S> slab(G + r * mode.left * mode.size, mode.left, mode.size);
      detail::multiply_tn<S>(slab, slab, Write::add, L);
    }
  }
  template <Scalar S>
  void take_root(const Mode& mode, detail::SymmetricEigen<S>& solver, Matrix<S>& vectors, MatrixMap<S> L, MatrixMap<S> root) const {
    solver.compute({L.data(), mode.size, mode.size});
    const auto& values = solver.eigenvalues();
    const S nil = std::max<S>(0, values[mode.size - 1]) * static_cast<S>(mode.size) * std::numeric_limits<S>::epsilon();
    for (Index i = 0; i < mode.size; ++i) {
      const S value = std::max(values[i], static_cast<S>(eps));  // rounding may have taken it below what every L contains
      const S power = eps > 0 || value > nil ? std::pow(value, static_cast<S>(-0.25 / static_cast<double>(mode.modes))) : S(0);
      vectors.col(i) = power * solver.eigenvectors().col(i);
    }
    const ConstMatrixMap<S> half(vectors.data(), mode.size, mode.size);
    detail::multiply_nt<S>(half, half, Write::set, root);  // (V d^(-1/4K)) (V d^(-1/4K))^T
  }
  template <Scalar S>
  static void precondition(const Mode& mode, const S* root, const S* from, S* to) {
    const ConstMatrixMap<S> R(root, mode.size, mode.size);
    if (mode.left == 1) return detail::multiply<S>(R, {from, mode.size, mode.right}, Write::set, {to, mode.size, mode.right});
    for (Index r = 0; r < mode.right; ++r) {
      const Index at = r * mode.left * mode.size;
      detail::multiply<S>({from + at, mode.left, mode.size}, R, Write::set, {to + at, mode.left, mode.size});
    }
  }
};

struct ShampooSettings {
  double rate = 0.1, eps = 1e-4;
  Index root_every = 1;
};
inline auto shampoo(ShampooSettings o = {}) { return FullGradient{} | Shampoo{o.eps, o.root_every} | LearningRate{ConstantRate{o.rate}}; }

}  // namespace tacit
