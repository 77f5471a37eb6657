// SPDX-License-Identifier: MIT
// The synthetic job: how deep factorizations and the minimum nuclear norm recover a low-rank matrix from few entries.  [Arora et al. 2019, Figures 1, 2]
#include "synthetic.hpp"

#include <chrono>
#include <iostream>
#include <tacit/core/singular_values.hpp>
#include <tacit/data/low_rank.hpp>
#include <tacit/hook/spectrum.hpp>
#include <tacit/solver/nuclear_norm.hpp>

#include "report.hpp"

using namespace tacit;

bool synthetic_job(Settings s) {
  if (s.width == 0) s.width = std::min(s.rows, s.cols);
  const auto task =
      low_rank_completion({.rows = s.rows, .cols = s.cols, .rank = s.rank, .observed = s.observed, .seed = s.seed, .noise_std = s.noise});
  const auto train = std::make_shared<const Data<double>>(task.seen);
  std::vector<Job> jobs;
  for (Index depth : s.depths) jobs.push_back({s, depth, train, nullptr, &task.truth});

  MinimumNorm convex;
  double convex_seconds = 0;
  const auto beside = [&] {
    const auto started = std::chrono::steady_clock::now();
    convex = minimum_nuclear_norm(*train, {});
    convex_seconds = std::chrono::duration<double>(std::chrono::steady_clock::now() - started).count();
  };
  const std::vector<Result> results = run_all(jobs, s.baseline ? std::function<void()>(beside) : nullptr, s);
  for (const Result& result : results)
    if (result.interrupted) return false;

  SpectrumWorkspace<double> ws;
  Vector<double> sigma;
  singular_values(task.truth, ws, sigma);
  const double true_rank = effective_rank_of(sigma), true_norm = sigma.sum();
  Findings report{s,
                  s.provenance(),
                  sentence(s.rows, " x ", s.cols, ", rank ", s.rank, ", ", s.observed, " observed entries (",
                           std::round(1000 * task.seen.where.density()) / 10, " %), seed ", s.seed, ", start at product scale ", s.scale,
                           ", ", s.optimizer),
                  {},
                  Table({"method", "depth", "iterations", "reason", "train_loss", "relative_error", "effective_rank", "nuclear_norm",
                         "seconds", "truth_effective_rank", "truth_nuclear_norm"}),
                  results};
  for (const Result& r : results) {
    const std::string why = r.outcome.why.empty() ? to_string(r.outcome.reason) : sentence(r.outcome.reason, ": ", r.outcome.why);
    report.summary.add({sentence("depth ", r.depth), r.depth, r.outcome.iterations, why, r.outcome.loss, r.relative_error, r.effective_rank,
                        r.nuclear_norm, r.outcome.seconds, true_rank, true_norm});
    if (r.depth > 1 && r.relative_error > 0.3)
      report.remarks.push_back(sentence(
          "Depth ", r.depth,
          r.outcome.loss <= s.tolerance ? " fits the observed entries by another matrix than the truth" : " is stuck at a wrong solution",
          ": relative error ", r.relative_error, " at training loss ", r.outcome.loss, "."));
  }
  if (s.baseline) {
    singular_values(convex.X, ws, sigma);
    Vector<double> z(train->count());
    detail::sample<double>(train->where, convex.X.data(), Write::set, z);
    report.summary.add({"minimum nuclear norm", Cell(), convex.iterations,
                        convex.reason == MinimumNorm::Reason::converged ? "certified: relative gap " + rounded(convex.gap, 2)
                                                                        : "reached limit: relative gap " + rounded(convex.gap, 2),
                        (z - train->y).squaredNorm() / static_cast<double>(z.size()), (convex.X - task.truth).norm() / task.truth.norm(),
                        effective_rank_of(sigma), sigma.sum(), convex_seconds, true_rank, true_norm});
    report.remarks.push_back(sentence(convex));
  }
  report.remarks.push_back(
      sentence("The truth has effective rank ", rounded(true_rank, 4), " and nuclear norm ", rounded(true_norm, 6), "."));
  const auto missing = unobserved(train->where);
  if (!missing.rows.empty() || !missing.cols.empty())
    report.remarks.push_back(sentence("Warning: nothing can be known about rows and columns without an observed entry",
                                      missing.rows.empty() ? "" : "; rows " + list_of(missing.rows),
                                      missing.cols.empty() ? "" : "; columns " + list_of(missing.cols), " (from 0)."));

  conclude(report);
  return true;
}
