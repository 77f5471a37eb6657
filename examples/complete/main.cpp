// SPDX-License-Identifier: MIT
// A matrix full of gaps, or a file of ratings, completed by one command:  complete FILE
#include <CLI/CLI.hpp>
#include <filesystem>
#include <iostream>
#include <tacit/version.hpp>

#include "../seconds_of.hpp"
#include "settings.hpp"

namespace {

/// How ratings are to be read, and which of both a file is.
void add_ratings_options(tacit::ReadOptions& read, CLI::App& app) {
  using tacit::FileKind;
  app.add_option_function<std::string>(
         "--kind",
         [&read](const std::string& kind) {
           read.kind = kind == "table" ? FileKind::matrix : kind == "ratings" ? FileKind::triplets : FileKind::npy;
         },
         "what the file is: table, ratings, tensor (NPY)")
      ->check(CLI::IsMember({"table", "ratings", "tensor"}));
  app.add_option("--columns", read.triplets.columns, "ratings: the columns USER,ITEM,RATING, by their names or numbers from 1")
      ->delimiter(',')
      ->allow_extra_args(false);
}

/// How a table is to be read, where what is found by itself is not what is meant.
void add_table_options(tacit::ReadOptions& read, CLI::App& app) {
  using tacit::Labels;
  tacit::CsvOptions& csv = read.csv;
  app.add_option_function<std::string>(
         "--header",
         [&read](const std::string& says) { read.csv.header = read.triplets.header = says == "yes" ? Labels::present : Labels::absent; },
         "whether the first line is a header: yes, no")
      ->check(CLI::IsMember({"yes", "no"}));
  app.add_option_function<std::string>(
      "--row-labels",
      [&csv](const std::string& column) {
        if (column == "none") csv.row_labels = Labels::absent;
        else csv.label_column = column;
      },
      "the column of row labels, by its name or number from 1; none");
  app.add_option("--missing", csv.missing, "further spellings of gaps, as in \"n.d.,-200\"; numbers by their value")
      ->delimiter(',')
      ->allow_extra_args(false);
  app.add_option("--text-columns", csv.text_columns, "columns that are no data, by name or number, as in \"site,3\"; they stay as they are")
      ->delimiter(',')
      ->allow_extra_args(false);
  app.add_option("--drop-columns", csv.drop_columns, "the same")->delimiter(',')->allow_extra_args(false);
  app.add_option_function<std::string>(
         "--decimal", [&csv](const std::string& mark) { csv.decimal = mark == "comma" ? ',' : '.'; }, "decimal mark: comma, point")
      ->check(CLI::IsMember({"comma", "point"}));
  app.add_option_function<std::string>(
         "--encoding",
         [&csv](const std::string& name) { csv.encoding = name == "utf-8" ? tacit::Encoding::utf8 : tacit::Encoding::latin1; },
         "of a text file: utf-8, latin-1")
      ->check(CLI::IsMember({"utf-8", "latin-1"}));
  app.add_option_function<std::string>(
         "--separator",
         [&read, &csv](const std::string& name) {
           read.triplets.separator = csv.separator = name == "comma"       ? ','
                                                     : name == "semicolon" ? ';'
                                                     : name == "tab"       ? '\t'
                                                     : name == "pipe"      ? '|'
                                                                           : ' ';
         },
         "between cells: comma, semicolon, tab, pipe, blank")
      ->check(CLI::IsMember({"comma", "semicolon", "tab", "pipe", "blank"}));
  app.add_option_function<std::string>(
         "--duplicates",
         [&read, &csv](const std::string& how) {
           using tacit::Duplicates;
           using tacit::RowsAgain;
           read.triplets.duplicates = how == "last" ? Duplicates::last : how == "mean" ? Duplicates::mean : Duplicates::refuse;
           csv.duplicates = how == "last"   ? RowsAgain::last
                            : how == "mean" ? RowsAgain::mean
                            : how == "keep" ? RowsAgain::keep
                                            : RowsAgain::refuse;
         },
         "ratings of the same pair, and rows of equal labels: refuse, last, mean; rows also keep, as rows of their own")
      ->check(CLI::IsMember({"refuse", "last", "mean", "keep"}));
}

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
  add_ratings_options(s.read, app);
  add_table_options(s.read, app);
  app.add_option("--scale", s.scale, "a scale for each of the columns, rows, both, or none; auto: chosen on validation entries")
      ->check(CLI::IsMember({"auto", "none", "columns", "rows", "both"}))
      ->capture_default_str();
  app.add_option("--depths", s.how.depths, "depths to try")->capture_default_str();
  app.add_option("--width", s.how.width, "of hidden layers; 0: chosen, at most 100")->capture_default_str();
  app.add_option("--mode", s.read.mode, "of an NPY tensor: the mode whose index numbers the rows")->capture_default_str();
  app.add_option("--seed", s.how.seed, "of folds and starts")->capture_default_str();
  app.add_option("--threads", s.how.threads, "0: all cores")->capture_default_str();
  app.add_option("--save", s.save, "keep the model in this folder: NPY factors and model.json");
  app.add_option("--load", s.load, "use the model of this folder instead of fitting one");
  app.add_option("--predict", s.pairs, "CSV of row, column pairs to predict");
  app.add_option("--new-rows", s.new_rows, "CSV of new rows with gaps, or ratings of new users, to be folded in");
  app.add_option("--gaps", s.gaps, "gaps.csv is written for at most so many gaps")->capture_default_str();
  app.add_flag("!--fast", s.how.deterministic,
               "ratings: threads take blocks as they come, a little faster, and no two runs have the same digits");
  app.add_flag("!--no-refit", s.how.refit, "keep the closing fit of the training part instead of making it once more on everything");
  app.add_flag("!--no-baselines", s.how.baselines, "leave the other methods out");
  app.add_flag("--quiet", s.quiet, "print the table only");
  app.parse(argc, argv);
  s.how.budget = seconds_of(s.budget);
  s.read.triplets.missing = s.read.csv.missing;
  s.read.triplets.decimal = s.read.csv.decimal;
  s.how.scaling = s.scale == "none"      ? tacit::Scaling::none
                  : s.scale == "columns" ? tacit::Scaling::columns
                  : s.scale == "rows"    ? tacit::Scaling::rows
                  : s.scale == "both"    ? tacit::Scaling::both
                                         : tacit::Scaling::automatic;
  tacit::require(!s.data.empty() != !s.load.empty(), "give either a FILE to complete or --load FOLDER (--help lists all options)");
  tacit::require(s.load.empty() || !s.pairs.empty() || !s.new_rows.empty(), "--load needs something to do: --predict or --new-rows");
  tacit::require(s.read.triplets.columns.empty() || s.read.triplets.columns.size() == 3, "--columns needs three: USER,ITEM,RATING; got ",
                 s.read.triplets.columns.size());
  tacit::require(s.read.triplets.columns.empty() || (s.read.kind != tacit::FileKind::matrix && s.read.kind != tacit::FileKind::npy),
                 "--columns says which column of ratings is which; --kind says that there are none");
  tacit::require(s.test.empty() || s.folds_file.empty(), "--test and --folds-file are two protocols, give one");
  tacit::require((s.test.empty() && s.folds_file.empty()) || s.holdout == "entries",
                 "--holdout and a protocol of one's own both say what to test on, give one");
  tacit::require(s.range.empty() || s.range[0] < s.range[1], "--range needs its lower end first");
  tacit::require(s.how.coverage > 0 && s.how.coverage < 1, "--interval is ", s.how.coverage, ", it needs to lie between 0 and 1");
  return s;
}

/// A range other than the one that a model was saved with, or the first.
void set_range(tacit::ModelInfo& info, double low, double high) {
  info.low = low, info.high = high;
  for (const auto& [name, bound] : {std::pair("low", low), std::pair("high", high)}) {
    bool known = false;
    for (auto& [setting, cell] : info.provenance.settings)
      if (setting == name) cell = bound, known = true;
    if (!known) info.provenance.set(name, bound);
  }
}

}  // namespace

int main(int argc, char** argv) {
  CLI::App app("Completes a matrix with gaps, or ratings: several methods on held-out folds, the best deep factorization on everything.");
  try {
    Settings s = parse(argc, argv, app);
    tacit::ResultFolder out(s.out, "complete", result_names);
    Predictor by = [&]() -> Predictor {
      if (s.load.empty()) return fit(s, out);
      auto saved = tacit::load_model(s.load);
      double width = 0;
      for (const auto& [name, cell] : saved.info.provenance.all())
        if (name == "interval_width") width = cell.number();
      return {saved.model, saved.theta, saved.info, width};
    }();
    if (s.range.empty() && by.info.low && by.info.high) s.range = {*by.info.low, *by.info.high};
    else if (s.low()) set_range(by.info, *s.low(), *s.high());
    if (!s.save.empty()) tacit::save_model(s.save, by.model, by.theta, by.info);
    if (!s.pairs.empty()) predict_pairs(s, by, out);
    if (!s.new_rows.empty()) predict_new_rows(s, by, out);
    for (const std::string& name : out.remove_old(by.info.provenance))
      std::cerr << s.out << '/' << name << " was of another run and is removed\n";
    return 0;
  } catch (const CLI::ParseError& e) {
    return app.exit(e);
  } catch (const std::exception& e) {
    const std::string what = e.what();
    std::cerr << (what.rfind("complete: ", 0) == 0 ? "" : "complete: ") << what << '\n';
    return 1;
  }
}
