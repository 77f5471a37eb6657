// SPDX-License-Identifier: MIT
#pragma once
// Razin, Maman, Cohen 2021, Implicit Regularization in Tensor Factorization: the experiments of the acceptance list, shared by tests and paper checks. At
// full size tensors of order 4, 10^4 entries, CP rank 5 and Frobenius norm 1, 2000 entries observed, a CP with R = 1000 components from Gaussian starts,
// GroupRMSprop (rate 1e-2) in single precision until the mean square error stays below 1e-8 for 51 checks, every 25 iterations, at most 30,000.

#include <tacit/data/low_rank_tensor.hpp>
#include <tacit/hook/components.hpp>
#include <tacit/hook/tensor.hpp>
#include <tacit/model/cp.hpp>
#include <tacit/tacit.hpp>

#include "components.hpp"

namespace razin2021 {

using namespace tacit;

/// Items 1 to 3.
struct Fit {
  Index iterations;
  double error, loss;
  std::vector<double> target;  ///< component norms of the truth, descending
  Rises rises;                 ///< of the six largest of the model

  bool recovered() const {
    bool all = error < 1e-2 && rises.final[5] < 0.02;
    for (std::size_t k = 0; k < 5; ++k) all = all && rises.final[k] > 0.1 && std::abs(rises.final[k] / target[k] - 1) < 0.02;
    return all;
  }
};

inline Fit complete(double start, std::uint64_t seed) {
  const CP<float> low({.shape = {10, 10, 10, 10}, .rank = 5}), model({.shape = {10, 10, 10, 10}, .rank = 1000});
  const LowRankTensor task{.observed = 2000, .norm = 1, .seed = seed};
  const auto [truth, seen] = low_rank_completion(low, task);
  const Problem problem(model, seen, MeanSquares{});
  Vector<float> theta = model.near_zero({.entry_std = start, .seed = seed});
  Trajectory norms(every_component());
  Trajectory end(error_to(truth));
  const auto outcome = train(problem, theta, group_rmsprop({.rate = 1e-2, .eps = 1e-6}), {.iterations = 30'000}, every(25, norms),
                             at_the_end(end), every(25, stop_when(loss_below(1e-8, 51))));
  const Vector<float> target = tacit::detail::largest(low.component_norms(low_rank_entries(low, task).truth), 5);
  return {outcome.iterations,
          end.last("relative_error"),
          static_cast<double>(outcome.loss),
          {target.begin(), target.end()},
          Rises::of(norms, 6)};
}

/// Order 3, 1000 entries, 400 observed, CP rank 3, R = 100: GroupRMSprop as at full size, in single precision.
struct SmallCP {
  double error;
  std::vector<double> target;
  Rises rises;

  SmallCP(double start, std::uint64_t seed) {
    const CP<float> low({.shape = {10, 10, 10}, .rank = 3}), model({.shape = {10, 10, 10}, .rank = 100});
    const LowRankTensor task{.observed = 400, .norm = 1, .seed = seed};
    const auto [truth, seen] = low_rank_completion(low, task);
    const Problem problem(model, seen, MeanSquares{});
    Vector<float> theta = model.near_zero({.entry_std = start, .seed = seed});
    Trajectory norms(every_component());
    Trajectory end(error_to(truth));
    train(problem, theta, group_rmsprop({.rate = 1e-2, .eps = 1e-6}), {.iterations = 3000}, every(25, norms), at_the_end(end));
    const Vector<float> largest = tacit::detail::largest(low.component_norms(low_rank_entries(low, task).truth), 3);
    error = end.last("relative_error");
    target.assign(largest.begin(), largest.end());
    rises = Rises::of(norms, 4);
  }
  bool recovered() const {
    bool all = error < 1e-2 && rises.final[3] < 0.02;
    for (std::size_t k = 0; k < 3; ++k) all = all && std::abs(rises.final[k] / target[k] - 1) < 0.02;
    return all;
  }
};

inline Data<double, TensorEntries> completion(const Shape& shape, std::uint64_t seed) {
  return low_rank_completion(CP<double>({.shape = shape, .rank = 2}), {.observed = shape.count() / 2, .norm = 2, .seed = seed}).seen;
}
/// Item 4: how far descent over the time 3 from a balanced start unbalances the components, at the rates 1e-3 and 1e-4.
struct Drift {
  double coarse, fine;
};
inline Drift unbalancing(const Shape& shape, std::uint64_t seed) {
  const CP<double> model({.shape = shape, .rank = 6});
  const Problem problem(model, completion(shape, seed), HalfSumOfSquares{});
  const Vector<double> start = model.balanced({.entry_std = 0.3, .seed = seed});
  const auto drift = [&](double rate) {
    Vector<double> theta = start;
    Trajectory end(unbalancedness);
    train(problem, theta, gradient_descent({.rate = rate}), {.iterations = std::lround(3 / rate)}, at_the_end(end));
    return end.last("unbalancedness");
  };
  return {drift(1e-3), drift(1e-4)};
}
/// Item 5: rates of change of component norms by central differences of what descent with a small rate records, against N gamma norm^(2 - 2/N) and the
/// formula of order N + 1; the largest relative differences while the rate is above 1e-3.
struct Growth {
  double worst = 0, worst_of_next_order = 0;
  Index compared = 0;
};
inline Growth growth(const Shape& shape, std::uint64_t seed) {
  const CP<double> model({.shape = shape, .rank = 4});
  const Problem problem(model, completion(shape, seed), HalfSumOfSquares{});
  Vector<double> theta = model.balanced({.entry_std = 0.2, .seed = seed});
  std::vector<Vector<double>> norms, pulls;  // pulls: gamma
  train(problem, theta, gradient_descent({.rate = 1e-4}), {.iterations = 100'000}, every(10, [&](const auto& now) {
          norms.push_back(now.model().component_norms(now.theta()));
          pulls.push_back(now.model().component_alignments(now.theta(), now.gradient()));
        }));
  const double N = static_cast<double>(model.order()), step = 10 * 1e-4;
  Growth found;
  for (std::size_t t = 1; t + 1 < norms.size() - 1; ++t)  // the closing record may be the last one again
    for (Index r = 0; r < model.rank(); ++r) {
      const auto formula = [&](double n) { return n * pulls[t][r] * std::pow(norms[t][r], 2 - 2 / n); };
      const double rate = (norms[t + 1][r] - norms[t - 1][r]) / (2 * step);
      if (std::abs(formula(N)) < 1e-3) continue;  // the end, where all rates vanish
      found.worst = std::max(found.worst, std::abs(rate / formula(N) - 1));
      found.worst_of_next_order = std::max(found.worst_of_next_order, std::abs(rate / formula(N + 1) - 1));
      ++found.compared;
    }
  return found;
}

}  // namespace razin2021
