// SPDX-License-Identifier: MIT
// What the library writes, and what reads it:  ./write_outputs [folder]
//   runs.csv         pandas.read_csv("runs.csv")                  runs.csv.meta.json: version, compiler, seed, settings; likewise beside the others
//   runs.jsonl       pandas.read_json("runs.jsonl", lines=True)
//   runs.json        pandas.read_json("runs.json")
//   truth.npy        numpy.load("truth.npy")
//   truth.csv        pandas.read_csv("truth.csv", index_col=0)
//   start/W1.npy     numpy.load, torch.from_numpy: named blocks of theta
//   report.html      any browser
#include <iostream>
#include <tacit/data/low_rank.hpp>
#include <tacit/io/csv_writer.hpp>
#include <tacit/io/jsonl_writer.hpp>
#include <tacit/output/blocks.hpp>
#include <tacit/output/report.hpp>

using namespace tacit;

int main(int argc, char** argv) try {
  const std::string folder = argc > 1 ? argv[1] : "write_outputs";
  make_folder(folder);
  const LowRank task{.rows = 6, .cols = 4, .rank = 2, .observed = 12, .seed = 1};
  const auto [truth, seen] = low_rank_completion(task);

  Provenance provenance{.program = "write_outputs"};
  provenance.seed = task.seed;
  provenance.set("rows", task.rows).set("cols", task.cols).set("rank", task.rank).set("observed", task.observed);

  Table runs({"depth", "iteration", "loss", "reason"});
  for (int depth = 2; depth <= 3; ++depth)
    for (int k = 0; k <= 5; ++k) runs.add({depth, 100 * k, std::exp(-k * depth) / 3, k < 5 ? "" : "small, \"enough\""});
  runs.add({4, 0, Cell(), "diverged"});

  write_csv(folder + "/runs.csv", runs, provenance);
  write_jsonl(folder + "/runs.jsonl", runs, provenance);
  write_json(folder + "/runs.json", runs, provenance);
  write_npy(folder + "/truth.npy", truth, provenance);
  write_npy(folder + "/loss32.npy", seen.y.cast<float>(), provenance);
  write_csv(folder + "/truth.csv", truth, {.cols = {"a", "b", "c", "d"}}, provenance);

  Layout layout;
  layout.add("W1", {3, 4}).add("W2", {6, 3}, StorageOrder::row_major);
  save_blocks(folder + "/start", layout, Vector<double>(Vector<double>::LinSpaced(layout.parameter_count(), 0, 29)), provenance);

  Report report("What the library writes");
  report.text("Two runs that never took place.").table(runs, "All rows").settings(provenance);
  report.chart({.title = "Loss", .x_label = "iteration", .y_label = "loss (1)", .log_y = true},
               curves(runs, "iteration", "loss", {"depth"}));
  report.write(folder + "/report.html");
  std::cout << runs << "written to " << folder << '\n';
} catch (const std::exception& error) {
  std::cerr << error.what() << '\n';
  return 1;
}
