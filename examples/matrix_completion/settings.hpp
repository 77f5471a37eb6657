// SPDX-License-Identifier: MIT
#pragma once
// What the main job can be asked for. Every value lands in the provenance of every output.

#include <cstdint>
#include <string>
#include <tacit/io/provenance.hpp>
#include <vector>

struct Settings {
  // the matrix
  std::string data;       // a file; empty: a synthetic task
  Eigen::Index mode = 0;  // of a tensor in NPY: the mode whose index numbers the rows
  double test = 0.1, validation = 0.1;
  bool center = true;  // subtract the training mean
  Eigen::Index rows = 100, cols = 100, rank = 5, observed = 2000;
  double noise = 0;
  // the model
  std::vector<Eigen::Index> depths;
  Eigen::Index width = 0;  // of the hidden layers; 0: full for a synthetic task, at most 100 for data
  std::string init = "gaussian";
  double scale = 1e-4;
  // the training
  std::string optimizer = "sharpness";
  double rate = 0;  // 0: the optimizer's own default
  Eigen::Index batch = 0;
  double gradient_lambda = 0.1;
  std::string penalty = "none";
  double lambda = 0;
  double tolerance = 1e-6;      // on the training loss
  double plateau = 0;           // relative change over 100 steps below which a run counts as settled; 0: the job's default
  Eigen::Index patience = 200;  // checks without improvement on validation data; 0: off
  Eigen::Index iterations = 100'000;
  std::uint64_t seed = 1;
  // the program
  int threads = 0;
  std::string out = "out";
  bool resume = false, quiet = false, baseline = true;

  tacit::Provenance provenance() const {
    tacit::Provenance p;
    p.program = "matrix_completion";
    p.seed = seed;
    std::string list;
    for (Eigen::Index d : depths) list += (list.empty() ? "" : " ") + std::to_string(d);
    if (data.empty()) p.set("rows", rows).set("cols", cols).set("rank", rank).set("observed", observed).set("noise", noise);
    else p.set("data", data).set("mode", mode).set("test", test).set("validation", validation).set("center", center ? "mean" : "none");
    p.set("depths", list).set("width", width).set("init", init).set("scale", scale).set("optimizer", optimizer).set("rate", rate);
    p.set("batch", batch).set("gradient_lambda", gradient_lambda).set("penalty", penalty).set("lambda", lambda).set("tolerance", tolerance);
    p.set("plateau", plateau).set("patience", patience).set("iterations", iterations).set("baseline", baseline ? "yes" : "no");
    return p;
  }
};
