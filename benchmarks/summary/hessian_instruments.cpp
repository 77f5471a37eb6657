// SPDX-License-Identifier: MIT
// The Hessian's instruments: how many Hessian-vector products they take (rows against "1 product"), what recording the sharpness costs a
// run, the trace against Hutchinson's estimate on the Hessians of a run, and a product against PyTorch's double backward.

#include <tacit/analysis/eigenpairs.hpp>
#include <tacit/analysis/hessian.hpp>
#include <tacit/analysis/spectral_density.hpp>
#include <tacit/analysis/trace.hpp>
#include <tacit/any_problem.hpp>
#include <tacit/hook/hessian.hpp>
#include <tacit/hook/schedule.hpp>
#include <tacit/hook/trajectory.hpp>
#include <tacit/optimizer/recipes.hpp>
#include <tacit/train.hpp>

#include <algorithm>

#include "groups.hpp"
#include "measure.hpp"
#include "peer.hpp"
#include "plain_loop.hpp"

namespace bench {

using namespace tacit;

void hessian_instruments(Report& report, Torch& torch) {
  const Completion<double> task(100, 3, 0.2);
  const Problem problem(task.model, task.seen, MeanSquares{});
  const AnyProblem<double> any(problem);
  const std::string at = ", n=100 depth 3, 20 %";
  const auto count = [&](const std::string& name, Index products, double limit) {
    report.add({name + at, "1 product", static_cast<double>(products), 1, none, limit});
  };
  const HessianOperator hessian(any, task.theta);
  count("sharpness to 3 digits, cold", top_eigenpairs(hessian, 1, {.tolerance = 1e-3}).products, 60);
  count("ten eigenpairs to 1e-6", top_eigenpairs(hessian, 10, {.tolerance = 1e-6}).products, 250);
  count("spectral density, 64 nodes, 10 probes", spectral_density(hessian).products, 700);

  detail::TrackedPairs pairs("sharpness", 1, {});
  std::vector<Index> products;
  std::vector<double> ratios, of_gauss_newton;  // whose trace is the same
  Vector<double> theta = task.theta;
  train(any, theta, group_rmsprop({.rate = 1e-2, .eps = 1e-6}), {.iterations = 4000}, every(100, [&](const auto& now) {
          products.push_back(pairs.at(now).products());
          if (now.iteration() % 200 || now.closing() || ratios.size() == 20) return;
          const detail::SnapshotHessian<AnyProblem<double>> H{now};
          const HessianOperator C(any, now.theta(), HessianPart::gauss_newton);
          const double plain = hessian_trace(H, {.method = TraceMethod::hutchinson}).standard_error;
          ratios.push_back(hessian_trace(H).standard_error / plain);
          of_gauss_newton.push_back(hessian_trace(C).standard_error / plain);
        }));
  std::sort(products.begin() + 1, products.end());
  count("sharpness to 3 digits, warm, median of 40 calls in 4000 steps", products[products.size() / 2], 10);
  count("the same, where the spectrum changes most between two calls", products.back(), none);
  const auto median = [](std::vector<double>& x) { return std::sort(x.begin(), x.end()), x[x.size() / 2]; };
  const std::string error = "standard error of the trace, 60 products, median of 20 Hessians ";
  report.add({error + "along that run, flat spectra", "Hutchinson", none, none, median(ratios)});
  report.add({error + "along that run, of the Gauss-Newton part", "Hutchinson", none, none, median(of_gauss_newton)});
  report.add({"the same, its least", "Hutchinson", none, none, of_gauss_newton.front()});
  ratios.clear();
  for (std::uint64_t seed = 1; seed <= 20; ++seed) {  // few observations: at a solution the Hessian has no higher rank
    const auto [truth, seen] = low_rank_completion({.rows = 20, .cols = 20, .rank = 1, .observed = 25, .seed = seed});
    const AnyProblem<double> small(Problem(DeepMatrix<double>({20, 20, 20}), seen, MeanSquares{}));
    Vector<double> start = DeepMatrix<double>({20, 20, 20}).near_zero({.product_scale = 1, .seed = seed});
    train(small, start, adam({.rate = 1e-2}), {.iterations = 2000});
    const HessianOperator H(small, start);
    ratios.push_back(hessian_trace(H).standard_error / hessian_trace(H, {.method = TraceMethod::hutchinson}).standard_error);
  }
  report.add({error + "at solutions of 25 observations, P = 800", "Hutchinson", none, none, median(ratios), 0.5});

  Trajectory history(sharpness());
  Run watched(problem, task.theta, gradient_descent({.rate = 1e-3}), every(100, history));
  Run blind(problem, task.theta, gradient_descent({.rate = 1e-3}));
  watched.advance(100), blind.advance(100);
  const auto f = in_turns([&](long k) { watched.advance(100 * k); }, [&](long k) { blind.advance(100 * k); }, Effort{2e-1, 12});
  report.add({"recording the sharpness every 100 steps" + at, "no hook", f.ours_us / 100, f.theirs_us / 100, none, 1.25});

  const std::string name = "Hessian-vector product" + at, theirs = "PyTorch, double backward";
  if (!torch.ready()) return report.add({.name = name, .theirs = theirs, .limit = 0.5, .skipped = torch.says()});
  auto ws = problem.workspace();
  Vector<double> v = task.theta, hv = task.theta, g = task.theta;
  problem.value_and_gradient(task.theta, ws, g);
  const auto product = [&](long k) {
    for (; k > 0; --k) problem.hessian_times(task.theta, v, ws, hv);  // with its gradient, as theirs is
  };
  const long calls = calls_for(product, 5e-3);
  std::vector<double> ours, back;
  for (int block = 0; block < 20; ++block) {
    ours.push_back(block_us(product, calls));
    back.push_back(std::min(torch.block_us("hessian_index double 100 3 0.2"), torch.block_us("hessian_mask double 100 3 0.2")));
  }
  report.add({name, theirs, lower_quartile(ours), lower_quartile(back), none, 0.5});
}

}  // namespace bench
