// SPDX-License-Identifier: MIT
// Gunasekar, Woodworth, Bhojanapalli, Neyshabur, Srebro 2017, Implicit Regularization in Matrix Factorization: a positive semidefinite 50 x 50 matrix of
// rank 2 and Frobenius norm 1 from 300 measurements A_i = sym(Gaussian)/sqrt(300), by descent on ||A(U U^T) - y||^2 (rate 0.02, at most 60,000
// steps, relative residual 1e-6) from a Gaussian U_0, against the minimum-trace solution. Three draws, seeds 1 ... 3.

#include <tacit/tacit.hpp>

#include <tacit/hook/spectrum.hpp>
#include <tacit/solver/nuclear_norm.hpp>

#include "check.hpp"

using namespace tacit;

namespace {

struct Start {
  double ratio, effective_rank, residual;  ///< ||X||_* over the minimum, of X, ||A(X) - y|| / ||y||
  Index iterations;
};
struct Draw {
  std::vector<Start> starts;  ///< from ||U_0||_F = 1, 1e-2, 1e-4
};

Data<double, LinearMap<double>> sensing(std::uint64_t seed) {
  const Index n = 50, m = 300;
  Matrix<double> X = low_rank_completion({.rows = n, .cols = n, .rank = 2, .observed = 1, .seed = seed, .symmetric = true}).truth;
  X /= X.norm();
  Random random(seed, "measurements");
  std::vector<Matrix<double>> A;
  Vector<double> y(m);
  for (Index k = 0; k < m; ++k) {
    Matrix<double> G(n, n);
    for (double& entry : G.reshaped()) entry = random.normal();
    A.push_back((G + G.transpose()) / (2 * std::sqrt(static_cast<double>(m))));
    y[k] = A.back().cwiseProduct(X).sum();
  }
  return {LinearMap<double>(A), y};
}

Start recover(const Data<double, LinearMap<double>>& data, double least, double norm, std::uint64_t seed) {
  const SymmetricMatrix<double> model({.size = 50, .width = 50});
  const Problem problem(model, data, SumOfSquares{});
  Vector<double> theta = model.near_zero({.factor_norm = norm, .seed = seed});
  Trajectory end(nuclear_norm, effective_rank);
  const double size = data.y.squaredNorm();
  const auto outcome =
      train(problem, theta, gradient_descent({.rate = 2e-2}), {.iterations = 60'000}, at_the_end(end), stop_when(loss_below(1e-12 * size)));
  return {end.last("nuclear_norm") / least, end.last("effective_rank"), std::sqrt(outcome.loss / size), outcome.iterations};
}

std::vector<Draw> sensing_draws() {
  const auto tasks = in_parallel(3, [](int k) { return sensing(static_cast<std::uint64_t>(k) + 1); });
  const auto least = in_parallel(3, [&](int k) { return minimum_trace_psd(tasks[static_cast<std::size_t>(k)]); });
  const double norms[] = {1e-4, 1e-2, 1};  // the long runs first
  const auto runs = in_parallel(9, [&](int k) {
    const auto draw = static_cast<std::size_t>(k % 3);
    return recover(tasks[draw], least[draw].norm, norms[k / 3], draw + 1);
  });
  std::vector<Draw> draws;
  for (std::size_t k = 0; k < 3; ++k) draws.push_back({{runs[k + 6], runs[k + 3], runs[k]}});
  return draws;
}

template <class F>
std::vector<double> at(const std::vector<Draw>& draws, std::size_t start, F f) {
  return column(draws, [&](const Draw& draw) { return static_cast<double>(f(draw.starts[start])); });
}
double ratio_of(const Start& s) { return s.ratio; }
double rank_of(const Start& s) { return s.effective_rank; }

}  // namespace

std::vector<Check> gunasekar2017() {
  const auto draws = shared(sensing_draws);
  return {
      {"gunasekar2017/1", "||U_0||_F = 1e-2: nuclear norm over the minimum below 1.01, effective rank below 2.3",
       [=]() -> Finding {
         const auto ratios = at(draws(), 1, ratio_of), ranks = at(draws(), 1, rank_of);
         const auto residuals = at(draws(), 1, [](const Start& s) { return s.residual; });
         return {largest(ratios) < 1.01 && largest(ranks) < 2.3,
                 "ratios " + list(ratios) + "; effective ranks " + list(ranks) + "; relative residuals " + list(residuals)};
       }},
      {"gunasekar2017/2", "||U_0||_F = 1, same instances: ratio above 1.3",
       [=]() -> Finding {
         const auto ratios = at(draws(), 0, ratio_of);
         return {smallest(ratios) > 1.3,
                 "ratios " + list(ratios) + "; iterations " + list(at(draws(), 0, [](const Start& s) { return s.iterations; }))};
       }},
      {"gunasekar2017/3", "the effective rank falls over ||U_0||_F = 1, 1e-2, 1e-4",
       [=]() -> Finding {
         bool falls = true;
         std::string ranks;
         for (const Draw& draw : draws()) {
           falls = falls && draw.starts[0].effective_rank > draw.starts[1].effective_rank &&
                   draw.starts[1].effective_rank > draw.starts[2].effective_rank;
           ranks += (ranks.empty() ? "" : ", ") + list(column(draw.starts, rank_of));
         }
         return {falls, ranks + "; ratios at 1e-4 " + list(at(draws(), 2, ratio_of))};
       }},
  };
}
