// SPDX-License-Identifier: MIT
// Races optimizers on problems (README, "The race"): every optimizer tuned in equally many trials, scored on fresh seeds.
//   optimizer_race --quick                                                         a look within two minutes
//   optimizer_race --add "muon({.rate = R, .mu = 0.9})"                            one more beside the ten
//   optimizer_race --only-atlas --atlas-rerun                                      which solution each finds, and what of it holds on fresh seeds
//   optimizer_race --problems "file(ratings.csv)" "matrix_completion({.depth = 4})"
//   optimizer_race --export-problem twin --problems "matrix_completion({.depth = 2})"        and back, from PyTorch:
//   optimizer_race --problems "matrix_completion({.depth = 2})" --add-curve theirs.csv --add-curve-thetas theirs.npy
#include <chrono>
#include <filesystem>
#include <iostream>
#include <tacit/io/csv_writer.hpp>
#include <tacit/race/exchange.hpp>
#include <tacit/race/tables.hpp>
#include <thread>

#include "options.hpp"
#include "page.hpp"

using namespace tacit;

namespace {

void export_problems(const Options& o) {
  for (std::size_t k = 0; k < o.problems.size(); ++k) {
    const std::string folder = o.problems.size() == 1 ? o.export_to : (std::filesystem::path(o.export_to) / std::to_string(k + 1)).string();
    const auto written = export_problem(folder, race_problem(o.problems[k]), o.protocol.fresh_seeds.front());
    std::cout << folder << ": " << o.problems[k] << ", seed " << o.protocol.fresh_seeds.front() << ", " << written.size() << " files\n";
  }
}

/// One line on the terminal, or a line a tenth of the way where nobody sees it change.
class ProgressLine {
 public:
  void operator()(const RaceProgress& now) {
    const double seconds = std::chrono::duration<double>(std::chrono::steady_clock::now() - started_).count();
    if (now.reused) ++reused_;
    const Index made = now.done - reused_;
    const auto tenth = 10 * now.done / now.total;
    if (tenth == tenth_ && seconds - shown_ < 30) return;
    tenth_ = tenth;
    shown_ = seconds;
    std::cerr << now.done << " of " << now.total << " runs";
    if (reused_ > 0) std::cerr << " (" << reused_ << " were there)";
    if (made > 0)
      std::cerr << ", about " << std::llround(seconds * static_cast<double>(now.total - now.done) / static_cast<double>(made)) << " s left";
    std::cerr << '\n';
  }

 private:
  std::chrono::steady_clock::time_point started_ = std::chrono::steady_clock::now();
  double shown_ = 0;
  Index reused_ = 0, tenth_ = 0;
};

void add_atlas(const Options& o, RacePage& page) {
  AtlasJob job;
  if (!o.atlas_optimizers.empty()) job.optimizers = o.atlas_optimizers;
  if (!o.atlas_problems.empty()) job.problems = o.atlas_problems;
  if (!o.atlas_seeds.empty()) job.settings.seeds = o.atlas_seeds;
  if (o.atlas_gradients > 0) job.settings.budget.gradients = o.atlas_gradients;
  if (o.quick) {  // a look
    job.settings.depths = {2, 3};
    job.settings.scales = {1e-2, 1};
    if (o.atlas_optimizers.empty()) job.optimizers = {"gradient_descent", "momentum", "adam", "lbfgs"};
    if (o.atlas_seeds.empty()) job.settings.seeds = {101, 102, 103};
    if (!(o.atlas_gradients > 0)) job.settings.budget.gradients = 2000;
  }
  job.rerun = o.atlas_rerun;
  job.folder = (std::filesystem::path(o.out) / "atlas").string();
  job.threads = o.threads;
  run_atlas(job, page);
}

void run(const Options& o, const std::string& command) {
  std::vector<Entrant> entrants;
  for (const std::string& text : o.optimizers) entrants.push_back(race_entrant(text));
  std::vector<RaceProblem> problems;
  for (const std::string& text : o.problems) problems.push_back(race_problem(text));
  std::vector<AddedCurve> curves;
  for (std::size_t k = 0; k < o.curves.size(); ++k) {
    std::size_t p = 0;
    while (!o.curve_problem.empty() && p < problems.size() && problems[p].name != o.curve_problem) ++p;
    require(p < problems.size(), "--add-curve-problem '", o.curve_problem, "' is none of the problems of this race");
    curves.push_back(
        added_curve(o.curve_names[k], o.curves[k], o.curve_thetas[k], problems[p], o.protocol.fresh_seeds.front(), o.protocol));
  }

  const auto started = std::chrono::steady_clock::now();
  ProgressLine line;
  const Race result = race(entrants, problems, o.protocol,
                           {.threads = o.threads, .folder = o.out, .progress = [&](const RaceProgress& now) { line(now); }});
  const double seconds = std::chrono::duration<double>(std::chrono::steady_clock::now() - started).count();

  const std::vector<std::string> written = write_race(o.out, result);
  const auto path = [&](const char* name) { return (std::filesystem::path(o.out) / name).string(); };
  if (!curves.empty()) write_csv(path("added.csv"), added_table(curves));
  // What differs from machine to machine and from call to call stands apart from the results.
  write_file(path("about.json"), sentence("{\"command\": ", json(command), ", \"compiler\": ", json(compiler_name()),
                                          ", \"cores\": ", std::thread::hardware_concurrency(), ", \"threads\": ", o.threads,
                                          ", \"seconds\": ", seconds, "}\n"));
  RacePage page = page_of(result, curves);
  if (o.atlas) add_atlas(o, page);
  write_page(o.out, "race.html", page, command);

  std::cout << race_results(result) << '\n';
  for (const std::string& remark : race_remarks(result)) std::cout << remark << '\n';
  for (const AddedCurve& curve : curves) {
    std::cout << curve.name << " on " << curve.problem << ", seed " << curve.seed << ": relative loss " << curve.curve.back().loss
              << " after " << curve.curve.back().gradients << " gradients";
    if (!std::isnan(curve.apart))
      std::cout << "; its own losses differ from those computed here by " << curve.apart << " at most, relative";
    std::cout << ". One run, untuned: it is drawn, not scored.\n";
  }
  std::cout << o.out << ": " << written.size() + 1 + !curves.empty() << " files, " << rounded(seconds, 3) << " s\n";
}

}  // namespace

int main(int argc, char** argv) try {
  const Options options = parse_options(argc, argv);
  std::string command;
  for (int k = 0; k < argc; ++k)
    command += (k ? " " : "") + (std::string(argv[k]).find(' ') == std::string::npos ? argv[k] : "\"" + std::string(argv[k]) + "\"");
  if (options.list) print_list();
  else if (!options.export_to.empty()) export_problems(options);
  else if (options.only_atlas) {
    RacePage page;
    page.title = "Atlas of optimizers";
    add_atlas(options, page);
    write_page(options.out, "atlas.html", page, command);  // the page of a race in this folder stays
    std::cout << options.out << ": atlas.html\n";
  } else run(options, command);
  return std::cout.flush() ? 0 : 1;
} catch (const std::exception& error) {
  std::cerr << "optimizer_race: " << error.what() << '\n';
  return 1;
}
