// SPDX-License-Identifier: MIT
// A matrix full of gaps, or a file of ratings, completed by one command:  complete FILE
#include <CLI/CLI.hpp>
#include <filesystem>
#include <iostream>
#include <tacit/version.hpp>

#include "../seconds_of.hpp"
#include "settings.hpp"

namespace {

Settings parse(int argc, char** argv, CLI::App& app) {
  Settings s;
  app.set_version_flag("--version", std::string(tacit::version));
  app.add_option("data", s.data, "CSV with gaps, rating triplets, or NPY (NaN: missing); .gz where built with zlib");
  app.add_option("--data", s.data, "the same");
  app.add_option("--output,--out", s.out, "folder for everything that is written")->capture_default_str();
  app.add_option("--budget", s.budget, "time for choosing between methods, as in 60s or 2min")->capture_default_str();
  app.add_option("--folds", s.how.folds, "folds of the comparison")->capture_default_str();
  app.add_option("--test", s.test, "instead of folds: a file of ratings to test on (u1.base and u1.test); ids as in the data");
  app.add_option("--folds-file", s.folds_file, "instead of drawn folds: triplets row, column, fold for entries of the data");
  app.add_option("--repeats", s.how.repeats, "with new folds each")->capture_default_str();
  app.add_option("--validation", s.how.validation, "share of each training part that methods are tuned on")->capture_default_str();
  app.add_option("--holdout", s.holdout, "what folds are made of: entries, rows, blocks, or a CSV of row, column pairs to test on once")
      ->capture_default_str();
  app.add_option("--interval", s.how.coverage, "coverage of the intervals")->capture_default_str();
  app.add_option("--range", s.range, "predictions are clipped to LOW HIGH")->expected(2);
  app.add_option("--scale", s.scale, "a scale for each of the columns, rows, both, or none; auto: chosen on validation entries")
      ->check(CLI::IsMember({"auto", "none", "columns", "rows", "both"}))
      ->capture_default_str();
  app.add_option("--depths", s.how.depths, "depths to try")->capture_default_str();
  app.add_option("--width", s.how.width, "of hidden layers; 0: chosen, at most 100")->capture_default_str();
  app.add_option("--mode", s.mode, "of an NPY tensor: the mode whose index numbers the rows")->capture_default_str();
  app.add_option("--seed", s.how.seed, "of folds and starts")->capture_default_str();
  app.add_option("--threads", s.how.threads, "0: all cores")->capture_default_str();
  app.add_option("--save", s.save, "keep the model in this folder: NPY factors and model.json");
  app.add_option("--load", s.load, "use the model of this folder instead of fitting one");
  app.add_option("--predict", s.pairs, "CSV of row, column pairs to predict");
  app.add_option("--new-rows", s.new_rows, "CSV of new rows with gaps, to be folded in");
  app.add_flag("!--fast", s.how.deterministic,
               "ratings: threads take blocks as they come, a little faster, and no two runs have the same digits");
  app.add_flag("!--no-refit", s.how.refit, "keep the closing fit of the training part instead of making it once more on everything");
  app.add_flag("!--no-baselines", s.how.baselines, "leave the other methods out");
  app.add_flag("--quiet", s.quiet, "print the table only");
  app.parse(argc, argv);
  s.how.budget = seconds_of(s.budget);
  s.how.scaling = s.scale == "none"      ? tacit::Scaling::none
                  : s.scale == "columns" ? tacit::Scaling::columns
                  : s.scale == "rows"    ? tacit::Scaling::rows
                  : s.scale == "both"    ? tacit::Scaling::both
                                         : tacit::Scaling::automatic;
  tacit::require(!s.data.empty() != !s.load.empty(), "give either a FILE to complete or --load FOLDER (--help lists all options)");
  tacit::require(s.load.empty() || !s.pairs.empty() || !s.new_rows.empty(), "--load needs something to do: --predict or --new-rows");
  tacit::require(s.test.empty() || s.folds_file.empty(), "--test and --folds-file are two protocols, give one");
  tacit::require((s.test.empty() && s.folds_file.empty()) || s.holdout == "entries",
                 "--holdout and a protocol of one's own both say what to test on, give one");
  tacit::require(s.range.empty() || s.range[0] < s.range[1], "--range needs its lower end first");
  tacit::require(s.how.coverage > 0 && s.how.coverage < 1, "--interval is ", s.how.coverage, ", it needs to lie between 0 and 1");
  return s;
}

}  // namespace

int main(int argc, char** argv) {
  CLI::App app("Completes a matrix with gaps, or ratings: several methods on held-out folds, the best deep factorization on everything.");
  try {
    const Settings s = parse(argc, argv, app);
    tacit::make_folder(s.out);
    Predictor by = [&]() -> Predictor {
      if (s.load.empty()) return fit(s);
      auto saved = tacit::load_model(s.load);
      double width = 0;
      for (const auto& [name, cell] : saved.info.provenance.all())
        if (name == "interval_width") width = cell.number();
      return {saved.model, saved.theta, saved.info, width};
    }();
    if (!s.save.empty()) tacit::save_model(s.save, by.model, by.theta, by.info);
    if (!s.pairs.empty()) predict_pairs(s, by);
    if (!s.new_rows.empty()) predict_new_rows(s, by);
    return 0;
  } catch (const CLI::ParseError& e) {
    return app.exit(e);
  } catch (const std::exception& e) {
    const std::string what = e.what();
    std::cerr << (what.rfind("complete: ", 0) == 0 ? "" : "complete: ") << what << '\n';
    return 1;
  }
}
