// SPDX-License-Identifier: MIT
#pragma once
// A stack: predictions of several methods, averaged with weights,   z = sum_m w_m z_m,   w >= 0,  sum_m w_m = 1,   of the least squared error on entries that none of
// them was fitted to. With residuals e_m = z_m - y on these entries and R_ab = <e_a, e_b> the error is w^T R w, whatever the number of entries, and among all sets of at
// most `most` methods the best one is found exactly: inside a set w is proportional to R^-1 1, and sets where that is not positive have their minimum in a smaller one.
// One more method enters only if it lowers the squared error by `gain`: each costs a fit to everything.
// Which entries: of several folds, a fold is predicted with the weights of all other folds, so that its error is one of entries that the weights have not seen; what is
// fitted to everything has the weights of all folds together. Of one fold they are those of its validation entries.
// Cost: R from predictions that are there already, M^2 flops an entry; M^most small systems.
// Source: Wolpert 1992; Breiman 1996 (weights that are not negative); Bates & Granger 1969.

#include <cmath>
#include <limits>
#include <string>
#include <vector>

#include "../fit/estimator.hpp"
#include "../fit/weighted_sum.hpp"
#include "../solver/als_sweep.hpp"

namespace tacit::detail {

struct StackWeights {
  std::vector<std::size_t> members = {};  ///< none: no method has finite residuals
  Vector<double> weights = {};
  double squares = std::numeric_limits<double>::infinity();  ///< w^T R w
};

/// The best weights for R. Methods that were left out, or may not enter, have NaN on its diagonal.
inline StackWeights stack_weights(const Matrix<double>& R, std::size_t most = 3, double gain = 0.01) {
  StackWeights best;
  for (std::size_t size = 1; size <= most; ++size) {
    StackWeights of_size;
    std::vector<std::size_t> set;
    const auto attempt = [&] {
      const auto k = static_cast<Index>(set.size());
      Matrix<double> G(k, k);
      for (Index a = 0; a < k; ++a)
        for (Index b = 0; b < k; ++b)
          G(a, b) = R(static_cast<Index>(set[static_cast<std::size_t>(a)]), static_cast<Index>(set[static_cast<std::size_t>(b)]));
      const double scale = G.diagonal().maxCoeff();
      Vector<double> w = Vector<double>::Ones(k);
      if (scale > 0) {
        Matrix<double> factor = G / scale;
        solve_normal_equations(factor, w.data());
      } else if (k > 1) return;
      if (!(w.minCoeff() > 0) || !w.allFinite()) return;
      w /= w.sum();
      double squares = 0;
      for (Index a = 0; a < k; ++a)
        for (Index b = 0; b < k; ++b) squares += w[a] * G(a, b) * w[b];
      if (squares < of_size.squares) of_size = {set, w, squares};
    };
    const auto grow = [&](const auto& self, std::size_t from) -> void {
      if (set.size() == size) return attempt();
      for (std::size_t m = from; m < static_cast<std::size_t>(R.rows()); ++m) {
        if (!std::isfinite(R(static_cast<Index>(m), static_cast<Index>(m)))) continue;
        set.push_back(m);
        self(self, m + 1);
        set.pop_back();
      }
    };
    grow(grow, 0);
    if (of_size.squares < (1 - gain) * best.squares || best.members.empty()) best = std::move(of_size);
  }
  return best;
}

/// R of these residuals; an empty one belongs to a method that cannot enter.
inline Matrix<double> residual_products(const std::vector<Vector<double>>& residuals) {
  const auto count = static_cast<Index>(residuals.size());
  Matrix<double> R = Matrix<double>::Constant(count, count, std::nan(""));
  const auto of = [&](Index m) -> const Vector<double>& { return residuals[static_cast<std::size_t>(m)]; };
  for (Index a = 0; a < count; ++a)
    for (Index b = 0; b <= a; ++b)
      if (of(a).size() && of(b).size()) R(a, b) = R(b, a) = of(a).dot(of(b));
  return R;
}

/// As in  0.62 depth 2, averaged + 0.38 nearest neighbours.
template <class O>
std::string stack_in_words(const StackWeights& stack, const std::vector<Estimator<O>>& methods) {
  std::string text;
  for (std::size_t k = 0; k < stack.members.size(); ++k)
    text += sentence(k ? " + " : "", rounded(stack.weights[static_cast<Index>(k)], 2), " (", methods[stack.members[k]].name, ")");
  return text;
}

/// The stack as a method that can be fitted to everything: every member is, and the weights stay.
template <class O>
Estimator<O> stacked(const StackWeights& stack, const std::vector<Estimator<O>>& methods) {
  using D = const Data<double, O>&;
  std::vector<Estimator<O>> members;
  for (const std::size_t m : stack.members) members.push_back(methods[m]);
  Estimator<O> method;
  method.name = "stack";
  method.ours = false;
  method.kind = MethodKind::stack;
  method.close = [members, weights = stack.weights, told = stack_in_words(stack, methods)](D train, D validation, D all, std::uint64_t seed,
                                                                                           bool again, double seconds) {
    std::vector<Closing<O>> closings;
    std::vector<FitOf<O>> fits;
    for (const Estimator<O>& member : members) {
      closings.push_back(member.close(train, validation, all, seed, again, seconds / static_cast<double>(members.size())));
      fits.push_back(std::move(closings.back().fit));
    }
    Closing<O> closing{weighted_sum(fits, weights, told)};
    closing.refitted = [closings, weights](D part, const O& at) {
      Vector<double> z = Vector<double>::Zero(at.count());
      for (std::size_t m = 0; m < closings.size(); ++m) z += weights[static_cast<Index>(m)] * closings[m].refitted(part, at);
      return z;
    };
    closing.anew = [closings, weights, told](D part) {
      std::vector<FitOf<O>> parts;
      for (const Closing<O>& one : closings) parts.push_back(one.anew(part));
      return weighted_sum(parts, weights, told);
    };
    return closing;
  };
  return method;
}

}  // namespace tacit::detail
