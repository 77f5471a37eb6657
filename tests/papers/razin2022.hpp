// SPDX-License-Identifier: MIT
#pragma once
// Razin, Maman, Cohen 2022, Implicit Regularization in Hierarchical Tensor Factorization and Deep Convolutional Neural Networks: completion of 2048 of 4096
// entries by a deep matrix (64 x 64, rank 5, depth 3), a CP (order 3, dimension 16, rank 5, R = 256) and a hierarchical factorization (order 4, dimension 8,
// ranks 5, widths 512), each target of Frobenius norm 64, in single precision from Gaussian starts of 1e-3, 1e-3 and 1e-2 by GroupRMSprop (rate 1e-2); a
// small hierarchical factorization; and what its contraction is. The experiments of the acceptance list, shared by tests and paper checks.

#include <tacit/data/low_rank_tensor.hpp>
#include <tacit/hook/components.hpp>
#include <tacit/hook/spectrum.hpp>
#include <tacit/hook/tensor.hpp>
#include <tacit/hook/unfoldings.hpp>
#include <tacit/model/hierarchical_tensor.hpp>
#include <tacit/tacit.hpp>

#include "components.hpp"
#include "differences.hpp"

namespace razin2022 {

using namespace tacit;

struct TreeRun {
  Index iterations;
  double error, loss;
  Rises rises;
};
template <class P, class History, class Truth>
TreeRun follow(const P& problem, Vector<float> theta, History history, const Truth& truth, Index iterations, double tolerance) {
  Trajectory end(error_to(truth));
  const auto outcome = train(problem, theta, group_rmsprop({.rate = 1e-2, .eps = 1e-6}), {.iterations = iterations}, every(25, history),
                             at_the_end(end), every(25, stop_when(loss_below(tolerance, 101))));
  return {outcome.iterations, end.last("relative_error"), static_cast<double>(outcome.loss), Rises::of(history, 6)};
}

inline TreeRun matrix(std::uint64_t seed) {
  const auto [truth, seen] = low_rank_completion<float>({.rows = 64, .cols = 64, .rank = 5, .observed = 2048, .seed = seed});
  const DeepMatrix<float> model({64, 64, 64, 64});
  return follow(Problem(model, seen, MeanSquares{}), model.near_zero({.entry_std = 1e-3, .seed = seed}), Trajectory(singular_values(6)),
                truth, 5500, 0);
}
inline TreeRun cp(std::uint64_t seed) {
  const auto [truth, seen] =
      low_rank_completion(CP<float>({.shape = {16, 16, 16}, .rank = 5}), {.observed = 2048, .norm = 64, .seed = seed});
  const CP<float> model({.shape = {16, 16, 16}, .rank = 256});
  return follow(Problem(model, seen, MeanSquares{}), model.near_zero({.entry_std = 1e-3, .seed = seed}), Trajectory(every_component()),
                truth, 7500, 5e-5);
}
inline TreeRun hierarchical(std::uint64_t seed, Index iterations) {
  const auto [truth, seen] = low_rank_completion(HierarchicalTensor<float>({.shape = {8, 8, 8, 8}, .widths = {5, 5}}),
                                                 {.observed = 2048, .norm = 64, .seed = seed});
  const HierarchicalTensor<float> model({.shape = {8, 8, 8, 8}, .widths = {512, 512}});
  return follow(Problem(model, seen, MeanSquares{}), model.near_zero({.entry_std = 1e-2, .seed = seed}),
                Trajectory(every_local_component({0, 1})), truth, iterations, 5e-5);
}
inline Vector<double> normal_vector(Index size, std::uint64_t seed) {
  Random random(seed, "razin2022");
  Vector<double> x(size);
  for (double& value : x) value = random.normal();
  return x;
}
/// Order 4, pooled in pairs; the tree says which.
inline HierarchicalTensor<double> small(Pooling pooling) {
  return HierarchicalTensor<double>({.shape = {2, 3, 4, 2}, .widths = {3, 2}, .tree = perfect_tree(4, 2, pooling)});
}
inline Vector<double> tensor_of(const HierarchicalTensor<double>& model, const Vector<double>& theta) {
  const AllEntries all(model.shape());
  auto ws = model.workspace(all);
  Vector<double> W(model.shape().count());
  model.evaluate(theta, all, ws, W);
  return W;
}

/// Order 4, dimension 4, widths 32, ranks 2, 192 of 256 entries observed, entries of size 1: otherwise as at full size.
struct SmallTree {
  double error, gap = 0;  ///< gap: the largest difference between the effective ranks of W and of the truth, over the nodes below the root
  Rises rises;            ///< of the local components above modes 0 and 1

  explicit SmallTree(std::uint64_t seed) {
    const HierarchicalTensor<float> low({.shape = {4, 4, 4, 4}, .widths = {2, 2}}), model({.shape = {4, 4, 4, 4}, .widths = {32, 32}});
    const auto [truth, seen] = low_rank_completion(low, {.observed = 192, .norm = 16, .seed = seed});
    const Problem problem(model, seen, MeanSquares{});
    Vector<float> theta = model.near_zero({.entry_std = 2e-2, .seed = seed});
    Trajectory norms(every_local_component({0, 1}));
    Trajectory end(error_to(truth), hierarchical_effective_ranks());
    train(problem, theta, group_rmsprop({.rate = 1e-2, .eps = 1e-6}), {.iterations = 30'000}, every(25, norms), at_the_end(end),
          every(25, stop_when(loss_below(5e-5, 51))));
    error = end.last("relative_error");
    rises = Rises::of(norms, 3);
    SpectrumWorkspace<float> ws;
    Matrix<float> unfolded;
    Vector<float> sigma;
    Index column = 1;
    for (const std::vector<Index>& modes : std::vector<std::vector<Index>>{{0}, {1}, {0, 1}, {2}, {3}, {2, 3}}) {  // children first
      matricise(truth.shape, truth.values.data(), modes, unfolded);
      singular_values(unfolded, ws, sigma);
      gap = std::max(gap, std::abs(end.last(sentence("hierarchical_effective_rank_", column++)) - effective_rank_of(sigma)));
    }
  }
};

/// Item 4: the largest difference between the contraction and the sum over all its indices, which takes the modes in the pairs of `summed`, relative to the
/// largest entry.
inline double contraction_error(Pooling pooling, Pooling summed, std::uint64_t seed) {
  const auto model = small(pooling);
  const Vector<double> theta = normal_vector(model.parameter_count(), seed), W = tensor_of(model, theta);
  // Blocks: A1 ... A4, B of the nodes over pairs, o.
  const auto A = [&](Index n, Index i, Index r) { return model.block(theta, n)(i, r); };
  const Index pair[2][2] = {{0, summed == Pooling::neighbours ? 1 : 2}, {summed == Pooling::neighbours ? 2 : 1, 3}};
  const Shape shape = model.shape();
  Index at = 0;
  double error = 0;
  Index i[4];
  for (i[3] = 0; i[3] < shape[3]; ++i[3])
    for (i[2] = 0; i[2] < shape[2]; ++i[2])
      for (i[1] = 0; i[1] < shape[1]; ++i[1])
        for (i[0] = 0; i[0] < shape[0]; ++i[0]) {
          double sum = 0;
          for (Index q = 0; q < 2; ++q)
            for (Index r = 0; r < 3; ++r)
              for (Index s = 0; s < 3; ++s)
                sum += model.block(theta, 6)(q, 0) * model.block(theta, 4)(r, q) * A(pair[0][0], i[pair[0][0]], r) *
                       A(pair[0][1], i[pair[0][1]], r) * model.block(theta, 5)(s, q) * A(pair[1][0], i[pair[1][0]], s) *
                       A(pair[1][1], i[pair[1][1]], s);
          error = std::max(error, std::abs(W[at++] - sum));
        }
  return error / W.cwiseAbs().maxCoeff();
}
/// The largest difference of the gradient at `further` times a point from central differences there, at the point itself, relative to its largest entry.
inline double gradient_error(Pooling pooling, std::uint64_t seed, double further = 1) {
  const auto model = small(pooling);
  const auto seen = low_rank_completion(model, {.observed = 30, .norm = 5, .seed = seed}).seen;
  const Problem problem(model, seen, MeanSquares{});
  const Vector<double> theta = normal_vector(model.parameter_count(), seed + 1);
  Vector<double> g(theta.size());
  auto ws = problem.workspace();
  problem.value_and_gradient(further * theta, ws, g);
  return (g - papers::central_differences(problem, theta)).lpNorm<Eigen::Infinity>() / g.lpNorm<Eigen::Infinity>();
}
/// Item 5: the largest relative difference of W of all parameters times c from c^power W, c = 0.5, -1, 1.7.
inline double scaling_error(Pooling pooling, int power, std::uint64_t seed) {
  const auto model = small(pooling);
  const Vector<double> theta = normal_vector(model.parameter_count(), seed), W = tensor_of(model, theta);
  double worst = 0;
  for (const double c : {0.5, -1.0, 1.7})
    worst = std::max(worst, (tensor_of(model, c * theta) - std::pow(c, power) * W).norm() / (std::abs(std::pow(c, power)) * W.norm()));
  return worst;
}

}  // namespace razin2022
