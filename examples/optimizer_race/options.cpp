// SPDX-License-Identifier: MIT
// The options of optimizer_race, and what it races unless told otherwise.
#include "options.hpp"

#include <CLI/CLI.hpp>
#include <iostream>
#include <tacit/optimizer/named_optimizers.hpp>
#include <tacit/race/instance.hpp>
#include <tacit/version.hpp>

namespace {

// Its own tolerances would end runs before the last target.
const std::string lbfgs = "lbfgs({.gradient_tolerance = 1e-12, .change_tolerance = 1e-15})";
const std::vector<std::string> default_optimizers{"gradient_descent", "momentum",     "nesterov", "adam",   "rmsprop",
                                                  "group_rmsprop",    "sign_descent", "muon",     "polyak", lbfgs};
const std::vector<std::string> default_problems{
    "matrix_completion({.rows = 30, .cols = 30, .rank = 2, .observed = 400, .depth = 2, .product_scale = 1e-2})",
    "matrix_completion({.rows = 30, .cols = 30, .rank = 2, .observed = 400, .depth = 3, .product_scale = 1e-2})",
    "matrix_completion({.rows = 30, .cols = 30, .rank = 4, .observed = 500, .depth = 2, .product_scale = 1e-2, .condition = 100})",
    "tensor_completion({.kind = hierarchical, .order = 4, .size = 6, .rank = 5, .truth_rank = 2, .observed = 400, .entry_std = 0.4})",
    "diagonal_regression({.size = 100, .observed = 40, .sparsity = 5, .scale = 0.1})",
    "classification({.samples = 200, .features = 20, .classes = 4, .depth = 2})"};
const std::vector<std::string> quick_optimizers{"gradient_descent", "momentum", "adam", "muon", lbfgs};

void be_quick(tacit::RaceProtocol& protocol) {
  protocol.trials = 5;
  protocol.grid = 3;
  protocol.tuning_seeds = {1};
  protocol.fresh_seeds = {101, 102, 103};
  protocol.quorum = 2;
  protocol.gradients = 500;
  protocol.targets = {1e-1, 1e-2, 1e-4};
}

}  // namespace

Options parse_options(int argc, char** argv) {
  CLI::App app("Races optimizers on problems under one protocol: equal trials, fresh seeds, performance profiles.");
  app.set_version_flag("--version", std::string(tacit::version));
  Options o;
  double gradients = 0, seconds = 0, tau = 0;
  Eigen::Index trials = 0, grid = 0, quorum = 0;
  std::vector<double> targets;
  std::vector<std::uint64_t> seeds, tuning;
  app.add_flag("--quick", o.quick, "5 optimizers, 3 problems, 5 trials, 3 seeds, 500 gradients: a look within two minutes");
  app.add_flag("--list", o.list, "names and settings of optimizers and problems, and nothing else");
  app.add_option("--optimizers", o.optimizers, "who races, instead of the ten: \"adam\" \"momentum({.rate = R, .beta = 0.9|0.99})\"")
      ->group("Race");
  app.add_option("--add", o.added, "who races, too; R marks the setting that is searched, | separates alternatives of another")
      ->group("Race");
  app.add_option("--problems", o.problems, "on what: \"matrix_completion({.depth = 3})\" \"file(ratings.csv)\"")->group("Race");
  app.add_option("--trials", trials, "trials of every optimizer on every problem")->group("Protocol");
  app.add_option("--grid", grid, "of these on the first log grid")->group("Protocol");
  app.add_option("--gradients", gradients, "budget of a run in gradient equivalents")->group("Protocol");
  app.add_option("--seconds", seconds, "budget of a run in seconds; results then depend on the machine")->group("Protocol");
  app.add_option("--targets", targets, "relative losses to reach, falling")->group("Protocol");
  app.add_option("--seeds", seeds, "fresh seeds, on which scores are made")->group("Protocol");
  app.add_option("--tuning-seeds", tuning, "seeds on which settings are chosen")->group("Protocol");
  app.add_option("--quorum", quorum, "so many fresh seeds make a problem solved")->group("Protocol");
  app.add_option("--tau-max", tau, "where performance profiles end")->group("Protocol");
  app.add_option("--export-problem", o.export_to,
                 "write data, start and settings of the problems to this folder, for other programs, and end")
      ->group("Other programs");
  app.add_option("--add-curve", o.curves, "a run made elsewhere: CSV with a column `gradients`")->group("Other programs");
  app.add_option("--add-curve-thetas", o.curve_thetas, "its parameters at each row: NPY, rows x parameters")->group("Other programs");
  app.add_option("--add-curve-name", o.curve_names, "what it is called")->group("Other programs");
  app.add_option("--add-curve-problem", o.curve_problem, "which of the problems it was made on; else the first one")
      ->group("Other programs");
  app.add_flag("--atlas", o.atlas, "and which solution each finds: depths 1 to 4, three start scales, five seeds, in the folder atlas")
      ->group("Atlas");
  app.add_flag("--only-atlas", o.only_atlas, "the atlas, without a race")->group("Atlas");
  app.add_flag("--atlas-rerun", o.atlas_rerun, "asks its claims again on other seeds")->group("Atlas");
  app.add_option("--atlas-optimizers", o.atlas_optimizers, "instead of the twelve; all are compared with the first one")->group("Atlas");
  app.add_option("--atlas-problems", o.atlas_problems, "matrix_completion, matrix_sensing, diagonal_regression, with settings")
      ->group("Atlas");
  app.add_option("--atlas-seeds", o.atlas_seeds, "fresh seeds")->group("Atlas");
  app.add_option("--atlas-gradients", o.atlas_gradients, "budget of a run in gradient equivalents")->group("Atlas");
  app.add_option("--threads", o.threads, "0: one for each core")->group("Program");
  app.add_option("--out,--output", o.out, "folder of results, and of finished runs: a race that was killed goes on there")
      ->group("Program");
  try {
    app.parse(argc, argv);
  } catch (const CLI::ParseError& error) {
    std::exit(app.exit(error));
  }
  o.atlas = o.atlas || o.only_atlas || o.atlas_rerun;
  for (const char* option : {"--optimizers", "--add", "--problems", "--trials", "--grid", "--gradients", "--seconds", "--targets",
                             "--seeds", "--tuning-seeds", "--quorum", "--tau-max", "--add-curve"})
    tacit::require(!o.only_atlas || app.count(option) == 0, option, ": of a race, and --only-atlas runs none");
  for (const char* option : {"--atlas-optimizers", "--atlas-problems", "--atlas-seeds", "--atlas-gradients"})
    tacit::require(o.atlas || app.count(option) == 0, option, ": of an atlas; --atlas or --only-atlas asks for one");
  const bool quick_problems = o.quick && o.problems.empty();
  if (o.quick) be_quick(o.protocol);
  if (o.optimizers.empty()) o.optimizers = o.quick ? quick_optimizers : default_optimizers;
  if (o.problems.empty()) o.problems = default_problems;
  if (quick_problems) o.problems = {default_problems[0], default_problems[2], default_problems[4]};
  o.optimizers.insert(o.optimizers.end(), o.added.begin(), o.added.end());
  const auto given = [&](const char* option) { return app.count(option) > 0; };
  if (given("--trials")) o.protocol.trials = trials;
  if (given("--grid")) o.protocol.grid = grid;
  if (given("--gradients")) o.protocol.gradients = gradients;
  if (given("--seconds")) o.protocol.seconds = seconds;
  if (given("--targets")) o.protocol.targets = targets;
  if (given("--seeds")) o.protocol.fresh_seeds = seeds;
  if (given("--tuning-seeds")) o.protocol.tuning_seeds = tuning;
  if (given("--quorum")) o.protocol.quorum = quorum;
  else o.protocol.quorum = std::min(o.protocol.quorum, static_cast<Eigen::Index>(o.protocol.fresh_seeds.size()));
  if (given("--tau-max")) o.protocol.tau_max = tau;
  o.protocol.check();
  tacit::require(o.curve_thetas.size() == o.curves.size(), "--add-curve is given ", o.curves.size(), " times and --add-curve-thetas ",
                 o.curve_thetas.size(), ": a curve comes with its parameters, from which the loss is computed here");
  tacit::require(o.curve_names.empty() || o.curve_names.size() == o.curves.size(), "--add-curve-name is given ", o.curve_names.size(),
                 " times for ", o.curves.size(), " curves");
  for (std::size_t k = o.curve_names.size(); k < o.curves.size(); ++k) o.curve_names.push_back(o.curves[k]);
  return o;
}

void print_list() {
  const auto print = [](const std::string& name, const std::vector<tacit::SettingText>& settings) {
    std::cout << "  " << name << "({";
    const char* comma = "";
    for (const tacit::SettingText& setting : settings) {
      std::cout << comma << '.' << setting.name << " = " << (setting.text.empty() || setting.text == "nan" ? "..." : setting.text);
      comma = ", ";
    }
    std::cout << "})\n";
  };
  std::cout << "problems\n";
  for (const std::string& name : tacit::race_problem_names()) print(name, tacit::race_problem_settings(name));
  std::cout << "optimizers\n";
  for (const std::string& name : tacit::optimizer_names()) print(name, tacit::optimizer_settings(name));
}
