// SPDX-License-Identifier: MIT
#pragma once
// Training one job, whatever the problem's terms are: optimizer by name, hooks, checkpoint, and what is reported of the end.

#include <filesystem>
#include <iostream>
#include <tacit/hook/checkpoint.hpp>
#include <tacit/hook/spectrum.hpp>
#include <tacit/output/trajectory_table.hpp>
#include <tacit/tacit.hpp>

#include "job.hpp"
#include "optimizer.hpp"

inline tacit::Vector<double> starting_theta(const Job& job, const tacit::DeepMatrix<double>& model) {
  const Settings& s = job.settings;
  if (s.init == "gaussian" || s.init == "uniform")
    return model.near_zero({.product_scale = s.scale,
                            .distribution = s.init == "uniform" ? tacit::Distribution::uniform : tacit::Distribution::gaussian,
                            .seed = s.seed});
  if (s.init == "identity") return model.identity({.product_scale = s.scale});
  if (s.init == "orthogonal") return model.orthogonal({.product_scale = s.scale, .seed = s.seed});
  tacit::require(s.init == "balanced", "matrix_completion: there is no initialisation '", s.init, "'");
  return balanced_theta(job, model);
}

/// Spectral figures of W at one theta.
struct Spectrum {
  double effective_rank, nuclear_norm;
  Spectrum(const tacit::DeepMatrix<double>& model, const tacit::Vector<double>& theta) {
    tacit::SpectrumWorkspace<double> ws;
    tacit::Vector<double> sigma;
    if (model.depth() == 1) {
      tacit::singular_values(tacit::Matrix<double>(model.layer(theta, 0)), ws, sigma);
    } else {
      tacit::Matrix<double> left, right;
      model.split(theta, left, right);
      tacit::singular_values_of_product(left, right, ws, sigma);
    }
    effective_rank = tacit::effective_rank_of(sigma);
    nuclear_norm = sigma.sum();
  }
};

/// Whether a hundred spectra along the run take seconds: those of factors do, and those of matrices up to some 500 x 500. A synthetic task is all
/// about its spectrum and records it always.
inline bool records_spectrum(const Job& job, const tacit::DeepMatrix<double>& model) {
  const double small = static_cast<double>(std::min(model.rows(), model.cols())),
               large = static_cast<double>(std::max(model.rows(), model.cols()));
  return job.truth || 2 * static_cast<double>(model.bottleneck()) <= small || small * small * large <= 2e8;
}

template <class P>
Result train_job(const Job& job, const P& problem) {
  using namespace tacit;
  const Settings& s = job.settings;
  const auto& model = problem.model();
  const auto held_out = [&] { return rmse_on("validation_rmse", model, job.validation ? *job.validation : *job.train); };
  // A synthetic run is judged against the truth; one on real data by validation, in place of the error to a truth.
  const bool synthetic = job.truth != nullptr;
  const auto error = probe(synthetic ? "relative_error" : "validation_rmse",
                           [truth = job.truth, norm = synthetic ? job.truth->norm() : 1, rmse = held_out()](const auto& now) mutable {
                             return truth ? (now.end_to_end() - *truth).norm() / norm : rmse(now);
                           });
  const bool spectral = records_spectrum(job, model);
  const auto if_spectral = [spectral](const auto& figure) {
    return probe(figure.name(), [spectral, figure](const auto& now) { return spectral ? figure(now) : std::nan(""); });
  };
  const Index listed = std::min<Index>({10, model.rows(), model.cols()});
  const auto largest = probe("sigma", [spectral, listed](const auto& now) -> Vector<double> {
    if (!spectral) return Vector<double>::Constant(listed, std::nan(""));
    return singular_values(listed)(now);
  });
  Trajectory history(loss, objective, gradient_norm, error, if_spectral(effective_rank), if_spectral(nuclear_norm), largest, rate,
                     flow_time);
  auto best = keep_best(held_out());
  const double settled = s.plateau > 0 ? s.plateau
                         : synthetic   ? 1e-9
                                       : 1e-7;  // deep factorizations pass saddles where less than 1e-5 changes
  const Index patience = s.patience > 0 ? s.patience : s.iterations + 1;
  const Index checks = synthetic ? s.iterations + 1 : 5;  // validation is looked at every fifth iteration
  const auto interrupted = [](const auto&) { return interrupt_requested(); };
  Run run(problem, starting_theta(job, model), optimizer_of(s), log_spaced(150, history), every(checks, best),
          stop_when(loss_below(s.tolerance)), stop_when(plateau({.calls = 100, .relative = settled, .below = 0.5})),
          every(checks, stop_when(worse_on(held_out(), patience))), stop_if("interrupted", interrupted));
  if (s.resume && std::filesystem::exists(job.checkpoint())) run.load(job.checkpoint());
  if (run.iteration() == 0 || run.why() == "interrupted") run.advance(s.iterations - run.iteration());
  Result result;
  result.depth = job.depth;
  const bool cut_off = run.reason() == Reason::stopped_by_hook && run.why() == "interrupted";
  try {
    run.save(job.checkpoint());
  } catch (const std::runtime_error& full) {  // the disk: what was trained is still reported
    if (cut_off) throw;
    result.unsaved = full.what();
  }
  if (cut_off) {
    result.interrupted = true;
    return result;
  }
  result.outcome = run.finish();
  result.trajectory = table_of(history);
  result.theta = run.theta();
  result.relative_error = synthetic ? history.last("relative_error") : 0;
  if (!synthetic && best.theta().size() > 0) {
    result.theta = best.theta();
    result.validation_rmse = best.value();
    result.best_iteration = best.iteration();
  }
  if (spectral) {
    const Spectrum of(model, result.theta);
    result.effective_rank = of.effective_rank;
    result.nuclear_norm = of.nuclear_norm;
  }
  return result;
}
