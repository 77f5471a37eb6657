// SPDX-License-Identifier: MIT
// Hariz, Kadri, Ayache, Moakher, Artieres 2022, Implicit Regularization with Polynomial Growth in Deep Tensor Factorization, with the settings of Hariz et al.
// 2024: 10 x 10 x 10 targets of multilinear rank (3, 3, 3), 700 entries observed, a full-rank Tucker whose factors have a chain of L matrices a column, balanced
// starts of size s L ln(L + 1) with s = 5e-4, Adam (rate 5e-4, batches of 128).

#include <tacit/data/truncated_tucker.hpp>
#include <tacit/hook/components.hpp>
#include <tacit/hook/growth_exponent.hpp>
#include <tacit/model/deep_cp.hpp>
#include <tacit/model/deep_tucker.hpp>
#include <tacit/tacit.hpp>

#include "check.hpp"

using namespace tacit;

namespace {

/// How far descent over a fixed time takes what the flow conserves, at one rate relative to a tenth of it.
template <class M>
double drift_ratio(const M& model, const Vector<double>& start, std::uint64_t seed) {
  const auto seen = low_rank_completion(CP<double>({.shape = model.shape(), .rank = 2}), {.observed = model.shape().count() * 7 / 10, .norm = 3, .seed = seed}).seen;
  const Problem problem(model, seen, HalfSumOfSquares{});
  const Vector<double> before = model.invariants(start);
  const auto drift = [&](double rate) {
    Vector<double> theta = start;
    train(problem, theta, gradient_descent({.rate = rate}), {.iterations = std::lround(3 / rate)});
    return (model.invariants(theta) - before).cwiseAbs().maxCoeff();
  };
  return drift(5e-4) / drift(5e-5);
}
/// All blocks s times an isometry: balanced in every sense.
Vector<double> isometries(const DeepCP<double>& model, double s, std::uint64_t seed) {
  Random random(seed, "isometries");
  Vector<double> theta(model.parameter_count());
  for (Index l = 0; l < model.layout().size(); ++l) {
    auto block = model.layout().matrix(theta, l);
    block = s * tacit::detail::random_isometry<double>(block.rows(), block.cols(), random);
  }
  return theta;
}
/// The one component of a CP of order 3 whose factors are chains of L.
PowerLaw growth(Index depth, std::uint64_t seed) {
  const DeepCP<double> model({.shape = {6, 6, 6}, .rank = 1, .depths = {depth}});
  const auto truth = low_rank_completion(CP<double>({.shape = {6, 6, 6}, .rank = 2}), {.observed = 1, .norm = 1, .seed = seed}).truth;
  const Problem problem(model, fully_observed(truth), HalfSumOfSquares{});
  Vector<double> theta = isometries(model, std::pow(0.03, 1.0 / static_cast<double>(3 * depth)), seed);
  GrowthExponent exponent(component_growth, {.from = 0.04, .to = 0.5});
  train(problem, theta, gradient_descent({.rate = 2e-3}), {.iterations = 300'000}, every(20, exponent),
        every(20, stop_if("grown", [](const auto& now) { return now.model().component_norms(now.theta()).maxCoeff() > 0.5; })));
  return exponent.fit();
}

struct Completion {
  double unobserved, observed;  ///< mean square errors
  Index slices;                 ///< of the core, above 0.1
};
Completion complete(Index depth, std::uint64_t seed) {
  const auto [truth, seen] = slice_normalised_completion({.shape = {10, 10, 10}, .ranks = {3, 3, 3}, .observed = 700, .seed = seed});
  Tensor<double> rest = truth;
  for (Index k = 0; k < seen.count(); ++k) rest({seen.where.mode(0)[k], seen.where.mode(1)[k], seen.where.mode(2)[k]}) = std::nan("");
  const DeepTucker<double> model({.shape = {10, 10, 10}, .ranks = {10}, .depths = {depth}, .wiring = Wiring::per_column});
  const Problem problem(model, seen, MeanSquares{});
  const double L = static_cast<double>(depth);
  Vector<double> theta = model.balanced({.entry_std = 5e-4 * L * std::log(L + 1), .seed = seed});
  Trajectory end(rmse_on("unobserved_rmse", model, observed(rest)), slice_count(0, 0.1));
  const auto outcome = train(problem, theta, MinibatchGradient{128, seed} | AdamScale{} | LearningRate{5e-4}, {.iterations = 60'000}, at_the_end(end));
  return {std::pow(end.last("unobserved_rmse"), 2), outcome.loss, static_cast<Index>(end.last("slice_count_0_0.1"))};
}

}  // namespace

std::vector<Check> hariz2022() {
  return {
      {"hariz2022/1", "drift of balancedness at ten times the rate: 10 +- 1 times, deep CP and deep Tucker in both wirings, L = 2, 3",
       []() -> Finding {
         std::vector<double> ratios;
         for (std::uint64_t seed = 1; seed <= 3; ++seed)
           for (const Index depth : {2, 3}) {
             const DeepCP<double> cp({.shape = {5, 4, 3}, .rank = 3, .depths = {depth}});
             ratios.push_back(drift_ratio(cp, isometries(cp, 0.9, seed), seed));
             for (const Wiring wiring : {Wiring::per_mode, Wiring::per_column}) {
               const DeepTucker<double> tucker({.shape = {5, 4, 3}, .ranks = {3}, .depths = {depth}, .wiring = wiring});
               ratios.push_back(drift_ratio(tucker, tucker.balanced({.entry_std = 0.3, .seed = seed}), seed));
             }
           }
         return {smallest(ratios) > 9 && largest(ratios) < 11, "ratios " + list(ratios)};
       }},
      {"hariz2022/3", "growth exponent of a balanced component of order 3: 2 - 2/(3 L) +- 0.03 for chains of L = 1, 2, 3",
       []() -> Finding {
         bool holds = true;
         std::string measured;
         for (const Index depth : {1, 2, 3})
           for (std::uint64_t seed = 1; seed <= 3; ++seed) {
             const PowerLaw fit = growth(depth, seed);
             holds = holds && std::abs(fit.exponent - (2 - 2.0 / static_cast<double>(3 * depth))) <= 0.03;
             measured += sentence(measured.empty() ? "" : "; ", "L = ", depth, ": ", std::to_string(fit.exponent), " +- ", figure(fit.standard_error));
           }
         return {holds, measured};
       }},
      {"hariz2022/5", "deep Tucker with L = 2 against L = 1: median error on unobserved entries lower, three draws",
       []() -> Finding {
         const auto runs = in_parallel(6, [](int k) { return complete(k / 3 + 1, static_cast<std::uint64_t>(k % 3) + 1); });
         const std::vector<Completion> plain(runs.begin(), runs.begin() + 3), deep(runs.begin() + 3, runs.end());
         const auto error = [](const Completion& run) { return run.unobserved; };
         const auto described = [&](const std::vector<Completion>& three) {
           return sentence(list(column(three, error)), " (median ", figure(median(column(three, error))), "), observed ",
                           list(column(three, [](const Completion& run) { return run.observed; })), ", slices of the core above 0.1: ",
                           list(column(three, [](const Completion& run) { return run.slices; })));
         };
         return {median(column(deep, error)) < median(column(plain, error)), "L = 2: " + described(deep) + "; L = 1: " + described(plain)};
       }},
  };
}
