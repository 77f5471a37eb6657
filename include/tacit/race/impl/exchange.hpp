// SPDX-License-Identifier: MIT
#pragma once
// Problems written for other programs, and their runs read back (race/exchange.hpp), compiled once.

#include <algorithm>
#include <filesystem>

#include "../../core/compiled.hpp"
#include "../../data/npy.hpp"
#include "../../io/csv_reader.hpp"
#include "../../io/npy_writer.hpp"
#include "../../output/blocks.hpp"
#include "../exchange.hpp"

namespace tacit {

TACIT_INLINE std::vector<std::string> export_problem(const std::string& folder, const RaceProblem& problem, std::uint64_t seed) {
  const RaceInstance one = problem.make(seed);
  Provenance provenance{.program = "optimizer_race", .seed = seed};
  provenance.set("problem", problem.name);
  make_folder(folder);
  const auto path = [&](const std::string& name) { return (std::filesystem::path(folder) / name).string(); };
  std::vector<std::string> written{"problem.json", "theta.npy"};
  write_npy(path("theta.npy"), one.theta, provenance);
  const Layout& layout = one.problem.layout();
  save_blocks(folder, layout, one.theta, provenance);
  std::string blocks, arrays;
  for (const Block& block : layout) {
    std::string shape;
    for (const Index size : block.shape.sizes()) shape += (shape.empty() ? "" : ", ") + decimal(size);
    blocks += sentence(blocks.empty() ? "" : ",", "\n    {\"name\": ", json(block.name), ", \"shape\": [", shape,
                       "], \"offset\": ", block.offset, ", \"storage\": ", block.order == StorageOrder::row_major ? "\"C\"" : "\"F\"", "}");
    written.push_back(block.name + ".npy");
  }
  for (const RaceArray& array : one.arrays ? one.arrays() : std::vector<RaceArray>{}) {
    require(layout.size() == 0 || std::find(written.begin(), written.end(), array.name + ".npy") == written.end(),
            "export_problem: an array and a block of ", problem.name, " are both called '", array.name, "'");
    write_npy(path(array.name + ".npy"), array.values, provenance);
    arrays += (arrays.empty() ? "" : ", ") + json(array.name);
    written.push_back(array.name + ".npy");
  }
  auto ws = one.problem.workspace();
  Vector<double> g(one.problem.dimension());
  const double start = one.problem.value_and_gradient(one.theta, ws, g).objective;
  write_file(path("problem.json"), sentence("{\n  \"problem\": ", json(problem.name), ",\n  \"seed\": ", seed,
                                            ",\n  \"objective\": ", json(one.objective), ",\n  \"objective_at_start\": ", json(start),
                                            ",\n  \"floor\": ", json(one.floor), ",\n  \"parameters\": ", one.theta.size(),
                                            ",\n  \"blocks\": [", blocks, "\n  ],\n  \"arrays\": [", arrays, "]\n}\n"));
  return written;
}

TACIT_INLINE AddedCurve added_curve(const std::string& name, const std::string& csv, const std::string& thetas, const RaceProblem& problem,
                                    std::uint64_t seed, const RaceProtocol& protocol) {
  require(!thetas.empty(), "added_curve: ", csv,
          " comes without its parameters; the objective is computed here, from a file of them, rows x parameters");
  protocol.check();
  const RaceInstance one = problem.make(seed);
  const Table rows = read_csv_table(csv);
  const NpyArray theirs = read_npy(thetas);
  const auto fail = [](const std::string& file, const std::string& why) { throw std::runtime_error(file + ": " + why); };
  if (!rows.has("gradients")) fail(csv, "has no column 'gradients', the work up to each row");
  if (rows.rows() == 0) fail(csv, "has no rows");
  const Index P = one.problem.dimension();
  if (theirs.shape.order() != 2 || theirs.shape[0] != rows.rows() || theirs.shape[1] != P)
    fail(thetas, sentence("is ", theirs.shape, "; ", rows.rows(), " rows of ", csv, " and ", P, " parameters of ", problem.name,
                          " make it ", rows.rows(), " x ", P));
  const std::vector<double> work = rows.numbers("gradients"), losses = rows.has("loss") ? rows.numbers("loss") : std::vector<double>();
  AddedCurve curve{name, problem.name, seed};
  curve.reached.assign(protocol.targets.size(), RaceRun::never);
  curve.apart = losses.empty() ? std::nan("") : 0;
  auto ws = one.problem.workspace();
  Vector<double> theta = one.theta, g(P);
  const double start = one.problem.value_and_gradient(theta, ws, g).objective;
  double best = RaceRun::never;
  for (Index r = 0; r < rows.rows(); ++r) {
    const auto at = static_cast<std::size_t>(r);
    if (!(work[at] >= (r ? work[at - 1] : 0)))
      fail(csv, sentence("row ", r + 1, ": gradients is ", work[at], ", it starts at 0 or more and does not fall"));
    for (Index k = 0; k < P; ++k) theta[k] = theirs.values[theirs.at(std::vector<Index>{r, k})];
    const double f = theta.allFinite() ? one.problem.value_and_gradient(theta, ws, g).objective : RaceRun::never;
    const double relative = std::isfinite(f) ? (f - one.floor) / (start - one.floor) : RaceRun::never;
    best = std::min(best, relative);
    curve.curve.push_back({work[at], relative, best});
    if (!losses.empty() && std::isfinite(f)) curve.apart = std::max(curve.apart, std::abs(losses[at] - f) / std::max(std::abs(f), 1e-300));
    for (std::size_t k = 0; k < curve.reached.size(); ++k)
      if (curve.reached[k] == RaceRun::never && relative <= protocol.targets[k] && work[at] <= protocol.gradients)
        curve.reached[k] = work[at];
  }
  curve.validation_error = one.validation_error && theta.allFinite() ? one.validation_error(theta) : std::nan("");
  return curve;
}

}  // namespace tacit
