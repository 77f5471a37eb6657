// SPDX-License-Identifier: MIT
#pragma once
// What `tensor_completion` can be asked for.

#include <string>
#include <tacit/completion/tensor_complete.hpp>
#include <tacit/data/tensor_file.hpp>
#include <tacit/io/provenance.hpp>
#include <vector>

struct Settings {
  std::string data, out = "tensor_completed", model = "auto", indices, budget = "180s";
  std::vector<Eigen::Index> shape;
  Eigen::Index rank = 0, depth = 0;  // 0: chosen on validation
  bool quiet = false;
  tacit::TensorCompletionSettings how;

  tacit::Provenance provenance() const {
    tacit::Provenance p;
    p.program = "tensor_completion";
    p.seed = how.seed;
    p.set("data", data.empty() ? "synthetic" : data).set("model", model).set("rank", rank).set("depth", depth).set("folds", how.folds);
    return p.set("repeats", how.repeats).set("validation", how.validation).set("budget", budget);
  }
};

/// The names of --model, in the order of tacit::TensorKind.
inline const std::vector<std::string> model_names = {"cp", "tucker", "tt", "hierarchical", "deep-cp", "deep-tucker", "deep-tt"};

/// A 25 x 20 x 15 tensor of Tucker rank 3 with noise, of which a fifth is observed.
tacit::TensorFile synthetic(const Settings& settings);
/// Fits everything; summary, report, completed tensor and model folder.
void run(const Settings& settings, const tacit::TensorFile& file);
/// The report of a run; `remarks` are its paragraphs.
void write_report(const std::string& path, const Settings& settings, const tacit::TensorFile& file,
                  const tacit::TensorCompletionResult& result, const std::vector<std::string>& remarks,
                  const tacit::Provenance& provenance);
/// Of a CP, how many of its components there are, where some have vanished.
std::string components_in_words(const tacit::TensorFit& fit);
