// SPDX-License-Identifier: MIT
// The options of the command line.
#include "options.hpp"

#include <tacit/io/number_in.hpp>
#include <tacit/version.hpp>

#include "../seconds_of.hpp"

using namespace tacit;

namespace {

/// One of a few words, each with what it sets.
using Choices = std::vector<std::pair<std::string, std::function<void()>>>;
void add_choice(CLI::App& app, const std::string& name, const Choices& choices, std::string help) {
  std::vector<std::string> words;
  for (const auto& [word, set] : choices) {
    help += (words.empty() ? ": " : ", ") + word;
    words.push_back(word);
  }
  const auto choose = [choices](const std::string& said) {
    for (const auto& [word, set] : choices)
      if (word == said) set();
  };
  app.add_option_function<std::string>(name, choose, help)->check(CLI::IsMember(words));
}
void add_list(CLI::App& app, const std::string& name, std::vector<std::string>& list, const std::string& help) {
  app.add_option(name, list, help)->delimiter(',')->allow_extra_args(false);
}

/// What the file is, and how a table or ratings are to be read, where what is found by itself is not what is meant.
void add_reading(ReadOptions& read, CLI::App& app) {
  CsvOptions& csv = read.csv;
  TripletOptions& ratings = read.triplets;
  const auto kind = [&](FileKind of) { return [&read, of] { read.kind = of; }; };
  add_choice(app, "--kind", {{"table", kind(FileKind::matrix)}, {"ratings", kind(FileKind::triplets)}, {"tensor", kind(FileKind::npy)}},
             "what the file is (tensor: NPY)");
  add_list(app, "--columns", ratings.columns, "ratings: the columns USER,ITEM,RATING, by their names or numbers from 1");
  const auto header = [&](Labels of) { return [&csv, &ratings, of] { csv.header = ratings.header = of; }; };
  add_choice(app, "--header", {{"yes", header(Labels::present)}, {"no", header(Labels::absent)}}, "whether the first line is a header");
  const auto row_labels = [&csv](const std::string& column) {
    if (column == "none") csv.row_labels = Labels::absent;
    else csv.label_column = column;
  };
  app.add_option_function<std::string>("--row-labels", row_labels, "the column of row labels, by its name or number from 1; none");
  add_list(app, "--missing", csv.missing, "further spellings of gaps, as in \"n.d.,-200\"; numbers by their value");
  add_list(app, "--text-columns", csv.text_columns, "columns that are no data, by name or number, as in \"site,3\"; they stay as they are");
  add_list(app, "--drop-columns", csv.drop_columns, "the same");
  const auto decimal = [&](char of) { return [&csv, of] { csv.decimal = of; }; };
  add_choice(app, "--decimal", {{"comma", decimal(',')}, {"point", decimal('.')}}, "decimal mark");
  const auto encoding = [&](Encoding of) { return [&csv, of] { csv.encoding = of; }; };
  add_choice(app, "--encoding", {{"utf-8", encoding(Encoding::utf8)}, {"latin-1", encoding(Encoding::latin1)}}, "of a text file");
  Choices separators;
  for (const auto& [word, of] :
       {std::pair("comma", ','), std::pair("semicolon", ';'), std::pair("tab", '\t'), std::pair("pipe", '|'), std::pair("blank", ' ')})
    separators.emplace_back(word, [&csv, &ratings, of = of] { ratings.separator = csv.separator = of; });
  add_choice(app, "--separator", separators, "between cells");
  const auto again = [&](Duplicates of, RowsAgain rows) {
    return [&csv, &ratings, of, rows] { ratings.duplicates = of, csv.duplicates = rows; };
  };
  add_choice(app, "--duplicates",
             {{"refuse", again(Duplicates::refuse, RowsAgain::refuse)},
              {"last", again(Duplicates::last, RowsAgain::last)},
              {"mean", again(Duplicates::mean, RowsAgain::mean)},
              {"keep", again(Duplicates::refuse, RowsAgain::keep)}},
             "ratings of the same pair, and rows of equal labels; rows also keep, as rows of their own");
}

/// The names of --model, in the order of TensorKind.
const std::vector<std::string> model_names = {"cp", "tucker", "tt", "hierarchical", "deep-cp", "deep-tucker", "deep-tt"};

void add_tensor_options(Settings& s, CLI::App& app) {
  app.add_flag("--zero-based")->description("the indices of coordinates begin at 0");
  app.add_flag("--one-based")->description("they begin at 1, as in .tns files");
  app.add_option("--shape", s.shape, "sizes of the modes, for coordinates; else the largest indices decide");
  app.add_option_function<std::string>(
      "--model",
      [&s](const std::string& name) {
        s.model = name;
        if (name == "auto") return;
        const auto at = std::find(model_names.begin(), model_names.end(), name);
        std::string known = "auto";
        for (const std::string& one : model_names) known += ", " + one;
        require(at != model_names.end(), "--model is '", name, "', known are ", known);
        s.how.kinds = {static_cast<TensorKind>(at - model_names.begin())};
      },
      "of tensors: auto (cp, tucker, tt and hierarchical), cp, tucker, tt, hierarchical, deep-cp, deep-tucker or deep-tt");
  app.add_option("--rank", s.rank, "of tensors, of every mode or cut; 0: chosen on validation")->capture_default_str();
  app.add_option("--depth", s.depth, "of the deep models of tensors; 0: 2 or 3, chosen on validation")->capture_default_str();
}

/// --range LOW HIGH as one argument: with single columns beside it, the option takes one.
std::vector<std::string> with_whole_ranges(int argc, char** argv) {
  std::vector<std::string> args(argv + 1, argv + argc);
  for (std::size_t k = 0; k + 1 < args.size(); ++k) {
    if (args[k] != "--range") continue;
    args[k] += "=" + args[k + 1];
    args.erase(args.begin() + static_cast<std::ptrdiff_t>(k) + 1);
    if (args[k].find(',') == args[k].npos && k + 1 < args.size() && number_in(args[k + 1])) {
      args[k] += "," + args[k + 1];
      args.erase(args.begin() + static_cast<std::ptrdiff_t>(k) + 1);
    }
  }
  std::reverse(args.begin(), args.end());  // as CLI11 wants them
  return args;
}
void add_range(Settings& s, const std::string& said) {
  const std::size_t equals = said.rfind('='), from = equals == said.npos ? 0 : equals + 1, comma = said.find(',', from);
  const auto low = comma != said.npos ? number_in(said.substr(from, comma - from)) : std::nullopt;
  const auto high = comma != said.npos ? number_in(said.substr(comma + 1)) : std::nullopt;
  require(low && high, "--range is '", said, "', it needs two numbers, as in 1,5, or a column with its own, as in age=0,120");
  const std::vector<double> bounds{*low, *high};
  require(bounds[0] < bounds[1], "--range is '", said, "', it needs its lower end first");
  if (equals != said.npos) s.column_ranges.emplace_back(said.substr(0, equals), bounds);
  else s.range = bounds;
}
void add_transform(Settings& s, const std::string& said) {
  using Which = TransformSettings::Which;
  const std::size_t equals = said.rfind('=');
  const std::string word = equals == said.npos ? said : said.substr(equals + 1);
  const std::vector<std::string> names{"auto", "none", "log", "logit"};
  const auto at = std::find(names.begin() + (equals == said.npos ? 0 : 1), names.end(), word);
  require(at != names.end(), "--transform is '", said,
          "', it needs to be auto, none, log, logit, or a column with one of the last three, as in dose=log");
  const auto which = static_cast<Which>(at - names.begin());
  if (equals == said.npos) s.transform = said, s.how.transform.all = which;
  else
    s.column_transforms.emplace_back(said.substr(0, equals), which == Which::log     ? TransformKind::log
                                                             : which == Which::logit ? TransformKind::logit
                                                                                     : TransformKind::none);
}
void add_columns(Settings& s, CLI::App& app) {
  app.add_option_function<std::vector<std::string>>(
         "--range",
         [&s](const std::vector<std::string>& all) {
           for (const auto& said : all) add_range(s, said);
         },
         "predictions are clipped to LOW,HIGH, or those of a column, as in age=0,120 (again for every column)")
      ->allow_extra_args(false);
  app.add_option_function<std::vector<std::string>>(
         "--transform",
         [&s](const std::vector<std::string>& all) {
           for (const auto& said : all) add_transform(s, said);
         },
         "columns by their logarithm or logit: auto (on validation entries), none, log or logit where values allow it, or a column, as in "
         "dose=log (again for every column)")
      ->allow_extra_args(false);
}

void set_scaling(Settings& s) {
  const std::vector<std::string> names{"auto", "none", "columns", "rows", "both"};
  const auto at = std::find(names.begin(), names.end(), s.scale);
  if (at != names.end()) {
    s.how.scaling = static_cast<Scaling>(at - names.begin());
    return;
  }
  for (std::size_t from = 0, to = 0; from <= s.scale.size(); from = to + 1) {
    to = std::min(s.scale.find(',', from), s.scale.size());
    const auto mode = whole_number_in(s.scale.substr(from, to - from));
    require(mode && *mode > 0, "--scale is '", s.scale,
            "', it needs to be auto, none, columns, rows, both, or numbers of modes, as in 1,3");
    s.how.scaled_modes.push_back(static_cast<Index>(*mode - 1));
  }
}

}  // namespace

Settings parse(const std::string& program, int argc, char** argv, CLI::App& app) {
  Settings s;
  s.program = program;
  s.tensors = program == "tensor_completion";
  s.out = s.tensors ? "tensor_completed" : "completed";
  app.set_version_flag("--version", std::string(version));
  app.add_option(
      "data", s.data,
      "CSV with gaps, rating triplets, NPY (NaN: missing), or coordinates of a tensor (.tns, sptensor); .gz where built with zlib");
  app.add_option("--data", s.data, "the same");
  app.add_option("--output,--out", s.out, "folder for everything that is written")->capture_default_str();
  app.add_option("--budget", s.budget,
                 "time for choosing between methods, as in 60s or 2min; of a matrix 60s if not told, of a tensor 180s");
  app.add_option("--folds", s.how.folds, "folds of the comparison")->capture_default_str();
  app.add_option("--test", s.test,
                 "instead of folds: a file of ratings, or coordinates, to test on (u1.base and u1.test); ids as in the data");
  app.add_option("--folds-file", s.folds_file, "instead of drawn folds: row, column (or indices), fold for entries of the data");
  app.add_option("--repeats", s.how.repeats, "with new folds each")->capture_default_str();
  app.add_option("--validation", s.how.validation, "share of each training part that methods are tuned on")->capture_default_str();
  app.add_option("--holdout", s.holdout,
                 "what folds are made of: entries, rows, columns, slices:MODE, fibres:MODE, runs:MODE or runs:MODE:LENGTH (along a mode in "
                 "order, as "
                 "time), blocks, or a file of places to test on once; modes count from 1")
      ->capture_default_str();
  app.add_option("--compare-entries", s.how.compared_entries,
                 "of a long table: methods are compared on rows with about so many entries, then fitted to all; 0: compared on all")
      ->capture_default_str();
  app.add_option("--interval", s.how.coverage, "coverage of the intervals")->capture_default_str();
  add_columns(s, app);
  add_reading(s.read, app);
  app.add_option("--scale", s.scale,
                 "a scale for each of the columns, rows, both, or none, or for the slices of modes, as in 2 or 1,3; auto: chosen "
                 "on validation entries")
      ->capture_default_str();
  app.add_option("--ordered", s.ordered,
                 "modes whose order means something, so that neighbours are alike: rows, columns, or numbers of modes, as in 1,3; none; "
                 "auto: those of a "
                 "table whose labels are dates, times or numbers in even steps")
      ->capture_default_str();
  app.add_option("--depths", s.how.depths, "of a matrix: depths to try")->capture_default_str();
  app.add_option("--width", s.how.width, "of hidden layers; 0: chosen, at most 100")->capture_default_str();
  CLI::Option* mode =
      app.add_option("--mode", s.read.mode, "an NPY array of higher order as a matrix: the mode, from 0, whose index numbers the rows");
  add_tensor_options(s, app);
  app.add_option("--seed", s.how.seed, "of folds and starts")->capture_default_str();
  app.add_option("--threads", s.how.threads, "0: all cores")->capture_default_str();
  app.add_option("--row-features", s.row_features,
                 "CSV of what else is known of the rows: ids in the first column, numbers or words in the others");
  app.add_option("--column-features", s.column_features, "the same of the columns");
  app.add_option("--save", s.save, "keep the model in this folder: NPY factors and model.json");
  app.add_option("--load", s.load, "use the model of this folder instead of fitting one");
  app.add_option("--predict", s.pairs, "CSV of row, column pairs, or of indices, to predict");
  app.add_option("--new-rows", s.new_rows,
                 "CSV of new rows with gaps, or ratings of new users, to be folded in; of a tensor, NPY or coordinates of new slices");
  app.add_option("--new-mode", s.new_mode, "of a tensor: the mode, from 1, that the new slices are of")->capture_default_str();
  app.add_option("--gaps", s.gaps, "gaps.csv is written for at most so many gaps")->capture_default_str();
  app.add_flag("!--fast", s.how.deterministic,
               "ratings: threads take blocks as they come, a little faster, and no two runs have the same digits");
  app.add_flag("!--no-refit", s.how.refit, "keep the closing fit of the training part instead of making it once more on everything");
  app.add_flag("!--no-stack", s.how.stack, "leave the weighted average of methods out");
  app.add_flag("!--no-baselines", s.how.baselines, "leave the other methods out");
  app.add_flag("!--no-race", s.how.race, "every method on every fold: none is left out after the first");
  app.add_flag("--quiet", s.quiet, "print the table only");
  app.parse(with_whole_ranges(argc, argv));
  s.unfold = mode->count() > 0;
  const auto given = [&](std::initializer_list<const char*> names) {
    std::string all;
    for (const std::string name : names)
      if (app.count(name) > 0) all += (all.empty() ? "" : ", ") + name;
    return all;
  };
  s.for_tables = given({"--columns", "--header", "--row-labels", "--missing", "--text-columns", "--drop-columns", "--decimal", "--encoding",
                        "--separator", "--duplicates"});
  s.for_tensors = given({"--zero-based", "--one-based", "--shape", "--model", "--rank", "--depth"});
  const std::string for_fits = given({"--interval", "--transform", "--scale", "--ordered", "--holdout"});
  require(s.load.empty() || for_fits.empty(), for_fits, ": said when a model is fitted; that of --load is as it was saved");
  const bool zero = app.count("--zero-based") > 0, one = app.count("--one-based") > 0;
  require(!(zero && one), "--zero-based and --one-based are both given");
  s.indices = zero ? "zero" : one ? "one" : "";
  require(!s.out.empty(), "--output is empty, it needs to name a folder");
  require(s.shape.empty() || !s.data.empty(), "--shape is for coordinates, and no file is given");
  require(s.rank >= 0, "--rank is ", s.rank, ", it needs to be at least 1, or 0 for a choice on validation");
  require(s.depth >= 0, "--depth is ", s.depth, ", it needs to be at least 1, or 0 for a choice on validation");
  require(s.depth == 0 || s.model.rfind("deep-", 0) == 0, "--depth is for the deep models, --model is ", s.model);
  if (s.rank > 0) s.how.ranks = {s.rank};
  if (s.depth > 0) s.how.depths = {s.depth};
  if (!s.budget.empty()) s.how.budget = seconds_of(s.budget);
  s.read.triplets.missing = s.read.csv.missing;
  s.read.triplets.decimal = s.read.csv.decimal;
  set_scaling(s);
  require(!s.data.empty() + !s.load.empty() == 1 || (s.tensors && s.load.empty()),
          "give either a FILE to complete or --load FOLDER (--help lists all options)");
  require(s.load.empty() || !s.pairs.empty() || !s.new_rows.empty(), "--load needs something to do: --predict or --new-rows");
  require(s.load.empty() || (s.column_features.empty() && (s.row_features.empty() || !s.new_rows.empty())),
          "--row-features and --column-features are for fitting, a model of --load has what it learnt of them; --row-features is for its "
          "--new-rows, too");
  require(s.read.triplets.columns.empty() || s.read.triplets.columns.size() == 3, "--columns needs three: USER,ITEM,RATING; got ",
          s.read.triplets.columns.size());
  require(s.read.triplets.columns.empty() || (s.read.kind != FileKind::matrix && s.read.kind != FileKind::npy),
          "--columns says which column of ratings is which; --kind says that there are none");
  require(s.test.empty() || s.folds_file.empty(), "--test and --folds-file are two protocols, give one");
  require((s.test.empty() && s.folds_file.empty()) || s.holdout == "entries",
          "--holdout and a protocol of one's own both say what to test on, give one");
  require(s.how.coverage > 0 && s.how.coverage < 1, "--interval is ", s.how.coverage, ", it needs to lie between 0 and 1");
  return s;
}
