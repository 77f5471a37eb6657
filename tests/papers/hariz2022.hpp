// SPDX-License-Identifier: MIT
#pragma once
// Hariz, Kadri, Ayache, Moakher, Artieres 2022, Implicit Regularization with Polynomial Growth in Deep Tensor Factorization, and the program of Hariz et al.
// 2024. Targets of item 5 are theirs: 10 x 10 x 10, multilinear rank (3, 3, 3), some entries observed; a full-rank Tucker whose factors have a chain of L
// matrices a column, balanced starts. The experiments of the acceptance list, shared by tests and paper checks.

#include <tacit/data/truncated_tucker.hpp>
#include <tacit/hook/components.hpp>
#include <tacit/hook/growth_exponent.hpp>
#include <tacit/model/deep_cp.hpp>
#include <tacit/model/deep_tensor_train.hpp>
#include <tacit/model/deep_tucker.hpp>
#include <tacit/optimizer/gradient_flow.hpp>
#include <tacit/optimizer/sign_descent.hpp>
#include <tacit/tacit.hpp>

#include "differences.hpp"

namespace hariz2022 {

using namespace tacit;

inline Vector<double> normal_vector(Index size, std::uint64_t seed) {
  Random random(seed, "hariz2022");
  Vector<double> x(size);
  for (double& value : x) value = random.normal();
  return x;
}
inline auto completion(const Shape& shape, std::uint64_t seed) {
  return low_rank_completion(CP<double>({.shape = shape, .rank = 2}), {.observed = shape.count() * 7 / 10, .norm = 3, .seed = seed}).seen;
}

/// Every block s times an isometry: all matrices of a chain, and the ends of any two chains, are balanced.
template <class M>
Vector<double> isometries(const M& model, double s, std::uint64_t seed) {
  Random random(seed, "isometries");
  Vector<double> theta(model.parameter_count());
  for (Index l = 0; l < model.layout().size(); ++l) {
    auto block = model.layout().matrix(theta, l);
    block = s * tacit::detail::random_isometry<double>(block.rows(), block.cols(), random);
  }
  return theta;
}
/// |what a chain meets in the core|^2 - |W|_F^2 of every matrix of the chain: slice j of mode i for the chain of a column, all of G for that of a mode.
inline Vector<double> norm_differences(const DeepTucker<double>& model, const Vector<double>& theta) {
  std::vector<double> all;
  Index block = 1;  // after the core
  for (Index n = 0; n < model.order(); ++n) {
    const Vector<double> squares = model.shallow().slice_norms(model.factors(theta), n).cwiseAbs2();
    for (Index j = 0; j < (model.wiring() == Wiring::per_mode ? 1 : model.rank(n)); ++j)
      for (Index k = 0; k < model.depth(n); ++k)
        all.push_back((model.wiring() == Wiring::per_mode ? squares.sum() : squares[j]) -
                      model.layout().flat(theta, block++).squaredNorm());
  }
  require(block == model.layout().size(), "norm_differences: ", block, " blocks of ", model.layout().size());
  return Eigen::Map<const Vector<double>>(all.data(), static_cast<Index>(all.size()));
}

/// Item 1: the largest entry of `measure`, which is zero at the start, after descent over the time 3, or by signs over 0.3, at the rates 5e-4 and 5e-5.
struct Drift {
  double at_start, coarse, fine;
  bool descended;
};
enum class Descent { plain, by_signs };
template <class M, class Measure>
Drift drift(const M& model, const Vector<double>& start, std::uint64_t seed, Descent rule, Measure&& measure) {
  const Problem problem(model, completion(model.shape(), seed), HalfSumOfSquares{});
  auto ws = problem.workspace();
  const double before = problem.value(start, ws).objective;
  bool descended = true;
  const auto moved = [&](double rate) {
    Vector<double> theta = start;
    const auto outcome = rule == Descent::plain
                             ? train(problem, theta, gradient_descent({.rate = rate}), {.iterations = std::lround(3 / rate)})
                             : train(problem, theta, sign_descent({.rate = rate}), {.iterations = std::lround(0.3 / rate)});
    descended = descended && outcome.loss < before;
    return measure(theta).cwiseAbs().maxCoeff();
  };
  const double coarse = moved(5e-4), fine = moved(5e-5);
  return {measure(start).cwiseAbs().maxCoeff(), coarse, fine, descended};
}
inline Drift drift_of(const DeepCP<double>& model, std::uint64_t seed, Descent rule = Descent::plain) {
  return drift(model, isometries(model, 0.9, seed), seed, rule, [&](const Vector<double>& theta) { return model.invariants(theta); });
}
inline Drift drift_of(const DeepTucker<double>& model, std::uint64_t seed, Descent rule = Descent::plain) {
  return drift(model, model.balanced({.entry_std = 0.3, .seed = seed}), seed, rule,
               [&](const Vector<double>& theta) { return norm_differences(model, theta); });
}

/// Item 2: the relative difference of the gradient at `further` times a point from central differences at the point itself.
template <class M>
double gradient_error(const M& model, std::uint64_t seed, double further) {
  const Problem problem(model, completion(model.shape(), seed), MeanSquares{});
  const Vector<double> theta = 0.5 * normal_vector(model.parameter_count(), seed + 1),
                       differences = papers::central_differences(problem, theta);
  Vector<double> g(theta.size());
  auto ws = problem.workspace();
  problem.value_and_gradient(further * theta, ws, g);
  return (g - differences).norm() / g.norm();
}

/// Item 3: descent on a whole tensor of CP rank 2 from a start, balanced if it is said to be, until its largest component has gone from 4 % to half of the norm.
template <class M>
PowerLaw growth_of_the_largest(const M& model, Vector<double> theta, std::uint64_t seed, bool balanced = true) {
  const auto truth = low_rank_completion(CP<double>({.shape = model.shape(), .rank = 2}), {.observed = 1, .norm = 1, .seed = seed}).truth;
  const Problem problem(model, fully_observed(truth), HalfSumOfSquares{});
  require((model.invariants(theta).cwiseAbs().maxCoeff() < 1e-14) == balanced, "growth_of_the_largest: the balance of the start");
  GrowthExponent growth(component_growth, {.from = 0.04, .to = 0.5});
  train(problem, theta, gradient_descent({.rate = 2e-3}), {.iterations = 300'000}, every(20, growth),
        every(20, stop_if("grown", [&](const auto& now) { return now.model().component_norms(now.theta()).maxCoeff() > 0.5; })));
  return growth.fit();
}
/// A CP of order 3 with four components.
inline PowerLaw growth_of_cp(std::uint64_t seed) {
  const CP<double> model({.shape = {6, 6, 6}, .rank = 4});
  return growth_of_the_largest(model, model.balanced({.entry_std = 0.05, .seed = seed}), seed);
}
/// The same with the factors of the first mode times 10, those of the second over 10: components as large, not balanced. Then the first factor hardly moves, and
/// the others grow as in a matrix, with the power 1.
inline PowerLaw growth_of_unbalanced_cp(std::uint64_t seed) {
  const CP<double> model({.shape = {6, 6, 6}, .rank = 4});
  Vector<double> theta = model.balanced({.entry_std = 0.05, .seed = seed});
  model.layout().flat(theta, 0) *= 10;
  model.layout().flat(theta, 1) /= 10;
  return growth_of_the_largest(model, theta, seed, false);
}
/// One component, its factors chains of L.
inline PowerLaw growth_of_chains(Index depth, std::uint64_t seed) {
  const DeepCP<double> model({.shape = {6, 6, 6}, .rank = 1, .depths = {depth}});
  return growth_of_the_largest(model, isometries(model, std::pow(0.03, 1.0 / static_cast<double>(3 * depth)), seed), seed);
}

/// Item 4: the relative difference of a deep model from the shallow one with chains of identities, or of `scale` times identities, put where the names of
/// the blocks say.
template <class M>
double difference_from_shallow(const M& model, std::uint64_t seed, double scale = 1) {
  const auto& shallow = model.shallow();
  const Vector<double> phi = normal_vector(shallow.parameter_count(), seed);
  Vector<double> theta(model.parameter_count());
  Index chains = 0;
  for (Index l = 0, column = 0; l < model.layout().size(); ++l) {
    const std::string& name = model.layout()[l].name;
    if (name.find("_M") != std::string::npos) {
      model.layout().matrix(theta, l).setIdentity();
      model.layout().flat(theta, l) *= scale;
      ++chains;
    } else if (const std::size_t underscore = name.find('_'); underscore != std::string::npos) {  // U1_2: a column
      const Index mode = name[1] - '0';
      column = std::stol(name.substr(underscore + 1)) - 1;
      model.layout().flat(theta, l) = shallow.layout().matrix(phi, mode).col(column);
    } else {
      for (Index k = 0; k < shallow.layout().size(); ++k)
        if (shallow.layout()[k].name == name) model.layout().flat(theta, l) = shallow.layout().flat(phi, k);
    }
  }
  require(chains > 0, "difference_from_shallow: a model without chains");
  const AllEntries all(model.shape());
  Vector<double> W(model.shape().count()), expected(W.size());
  auto ws = model.workspace(all);
  auto shallow_ws = shallow.workspace(all);
  model.evaluate(theta, all, ws, W);
  shallow.evaluate(phi, all, shallow_ws, expected);
  return (W - expected).norm() / expected.norm();
}

/// The four deep models with chains of this length.
inline std::vector<double> differences_from_shallow(Index depth, std::uint64_t seed, double scale = 1) {
  return {difference_from_shallow(DeepCP<double>({.shape = {4, 3, 5}, .rank = 3, .depths = {depth}}), seed, scale),
          difference_from_shallow(DeepTucker<double>({.shape = {4, 3, 5}, .ranks = {2, 3, 4}, .depths = {depth}}), seed, scale),
          difference_from_shallow(
              DeepTucker<double>({.shape = {4, 3, 5}, .ranks = {2, 3, 4}, .depths = {depth}, .wiring = Wiring::per_column}), seed, scale),
          difference_from_shallow(DeepTensorTrain<double>({.shape = {4, 3, 5}, .ranks = {3, 2}, .depths = {depth}}), seed, scale)};
}
inline std::vector<double> gradient_errors(Index depth, std::uint64_t seed, double further = 1) {
  return {gradient_error(DeepCP<double>({.shape = {4, 3, 2}, .rank = 3, .depths = {depth}}), seed, further),
          gradient_error(DeepTucker<double>({.shape = {4, 3, 2}, .ranks = {2, 3, 2}, .depths = {depth}}), seed, further),
          gradient_error(DeepTucker<double>({.shape = {4, 3, 2}, .ranks = {2, 3, 2}, .depths = {depth}, .wiring = Wiring::per_column}),
                         seed, further),
          gradient_error(DeepTensorTrain<double>({.shape = {4, 3, 2}, .ranks = {3, 2}, .depths = {depth}}), seed, further)};
}

/// Item 5.
struct RunEnd {
  Index iterations;
  double loss = 0;
};
struct CoreRun {
  double unobserved, observed;  ///< mean square errors
  Index slices;                 ///< of the core, above 0.1
};
template <class Optimizer>
CoreRun complete(Index depth, Index count, double entry_std, const Optimizer& optimizer, const RunEnd& until, std::uint64_t seed) {
  const auto [truth, seen] = slice_normalised_completion({.shape = {10, 10, 10}, .ranks = {3, 3, 3}, .observed = count, .seed = seed});
  Tensor<double> rest = truth;
  for (Index k = 0; k < seen.count(); ++k) rest({seen.where.mode(0)[k], seen.where.mode(1)[k], seen.where.mode(2)[k]}) = std::nan("");
  const DeepTucker<double> model({.shape = {10, 10, 10}, .ranks = {10}, .depths = {depth}, .wiring = Wiring::per_column});
  const Problem problem(model, seen, MeanSquares{});
  Vector<double> theta = model.balanced({.entry_std = entry_std, .seed = seed});
  Trajectory end(rmse_on("unobserved_rmse", model, observed(rest)), slice_count(0, 0.1));
  const auto outcome =
      train(problem, theta, optimizer, {.iterations = until.iterations}, at_the_end(end), every(1, stop_when(loss_below(until.loss))));
  return {std::pow(end.last("unobserved_rmse"), 2), outcome.loss, static_cast<Index>(end.last("slice_count_0_0.1"))};
}
/// s_0 L ln(L + 1) with s_0 = 5e-4.
inline double their_start(Index depth) { return 5e-4 * static_cast<double>(depth) * std::log(static_cast<double>(depth) + 1); }

}  // namespace hariz2022
