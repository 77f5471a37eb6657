// SPDX-License-Identifier: MIT
#pragma once
// Completion without options: k folds; in each, every method is tuned on validation entries of the training part and tested on the fold, which nothing
// else has seen. Among the deep factorizations the one with the lowest mean validation error is chosen (never by a test entry); it is then tuned once more and
// fitted to everything. Baselines stand beside it, tuned on the same entries. No fold and no method is dropped, unless the time budget is over: folds
// that not all methods have finished do not count, and the result says how many did.
//
//   auto result = complete(data);   std::cout << result.table();   result.fit.predict(entries);   result.width: half an interval

#include <chrono>
#include <functional>
#include <mutex>

#include "../baseline/nearest_neighbours.hpp"
#include "../baseline/soft_impute.hpp"
#include "../baseline/tune_als.hpp"
#include "../observation/split.hpp"
#include "../output/table.hpp"
#include "../sweep/pool.hpp"
#include "conformal.hpp"
#include "deep_fit.hpp"
#include "ratings_fit.hpp"

namespace tacit {

struct CompletionSettings {
  Index folds = 5, repeats = 1;  ///< repeats draw new folds
  double validation = 0.1;       ///< of each training part
  double budget = 60;            ///< seconds for the folds: half of them go to our fits, which end early where that is too little; one fold is
                                 ///< always finished; the closing fit comes on top. Results depend on the machine where time runs out, else not
  std::vector<Index> depths = {2, 3};
  Index width = 0;               ///< of hidden layers; 0: min(n1, n2, 100)
  bool baselines = true;
  double coverage = 0.9;         ///< of the intervals
  std::uint64_t seed = 1;
  int threads = 0;               ///< 0: all cores
  bool deterministic = true;     ///< false: descent on ratings takes blocks as they come, a little faster, and never twice with the same digits
};

/// How one method did.
struct MethodResult {
  std::string name;
  bool ours = false, chosen = false;
  double rmse = 0, standard_error = 0;                        ///< on the test folds: mean, and standard deviation over sqrt(folds); of one fold, by its entries
  double difference = 0, difference_error = 0;                ///< paired with the chosen method: mean of (this - chosen), and its standard error
  double validation_rmse = 0;
  std::vector<double> of_folds = {};
  std::string settings = {};                                  ///< of the first fold
  double seconds = 0;                                         ///< of all folds together
};

struct CompletionResult {
  std::vector<MethodResult> methods;
  Index folds = 0, folds_asked = 0;  ///< finished, and asked for
  DeepFit fit;
  std::vector<double> absolute_errors;  ///< of the chosen method on test folds
  double width = 0;                  ///< half an interval of the asked coverage
  Vector<double> tested_y, tested_z; ///< what the chosen method predicted on test folds,
  std::vector<Entry> tested_at;      ///< and where
  std::vector<std::string> left_out; ///< methods that one fold alone would keep busy beyond the budget

  const MethodResult& chosen() const {
    return *std::find_if(methods.begin(), methods.end(), [](const MethodResult& m) { return m.chosen; });
  }
  Table table() const {
    Table t({"method", "rmse", "standard_error", "chosen", "settings", "difference", "difference_error", "validation_rmse", "folds", "seconds"});
    for (const MethodResult& m : methods)
      t.add({m.name, m.rmse, m.standard_error, m.chosen ? "yes" : "", m.settings, m.difference, m.difference_error, m.validation_rmse, folds, m.seconds});
    return t;
  }
};

namespace detail {

struct Fitted {
  std::string settings;
  double validation_rmse;
  std::function<Vector<double>(const Entries&)> predict;
};
struct Method {
  std::string name;
  bool ours;
  std::function<Fitted(const Data<double>& train, const Data<double>& validation, std::uint64_t seed)> tune;
  /// Of ours: tuned in the same way, then fitted to everything.
  std::function<DeepFit(const Data<double>& train, const Data<double>& validation, const Data<double>& all)> close = {};
};

template <class Fit, class Trial>
Fitted forget_type(Tuned<Fit, Trial> tuned, std::string settings) {
  const auto fit = std::make_shared<const Fit>(std::move(tuned.fit));
  return {std::move(settings), tuned.validation_rmse, [fit](const Entries& at) { return fit->predict(at); }};
}
inline Fitted fixed(Means means, const Data<double>& validation) {
  const double error = rmse(means.predict(validation.where), validation.y);
  return {"closed form", error, [means = std::move(means)](const Entries& at) { return means.predict(at); }};
}

inline DeepGrid grid_of(const CompletionSettings& s, Index depth, std::uint64_t seed) {
  DeepGrid grid;
  grid.depth = depth;
  grid.width = s.width;
  grid.seed = seed;
  const double threads = s.threads > 0 ? s.threads : std::max(1u, std::thread::hardware_concurrency());
  grid.seconds = 0.5 * s.budget * threads / static_cast<double>(s.folds * s.repeats * static_cast<Index>(s.depths.size()));
  return grid;
}

/// Many entries of a sparse matrix: there, descent rating by rating with trained biases (ratings_fit.hpp) takes the place of descent on all of them.
inline bool like_ratings(const Entries& where) { return where.count() >= 10'000 && where.density() <= 0.3; }

/// Nearest neighbours, ALS and SoftImpute need some 30 s to be tuned on a million entries: where one fold is more than the budget, they are left out.
inline bool too_slow(const CompletionSettings& s, const Entries& where) { return 3e-5 * static_cast<double>(where.count()) > s.budget && where.count() > 100'000; }

inline RatingsGrid ratings_grid_of(const CompletionSettings& s, Index depth, std::uint64_t seed, int threads) {
  RatingsGrid grid;
  grid.depth = depth;
  grid.width = s.width;
  grid.seed = seed;
  grid.seconds = grid_of(s, depth, seed).seconds;
  grid.threads = threads;
  grid.deterministic = s.deterministic;
  return grid;
}

inline std::vector<Method> methods_of(const CompletionSettings& s, const Entries& where) {
  std::vector<Method> methods;
  using D = const Data<double>&;
  const bool ratings = like_ratings(where);
  for (Index depth : s.depths) {
    if (ratings && (depth == 2 || depth == 3)) {
      methods.push_back({sentence("depth ", depth, " + biases"), true, [s, depth](D train, D validation, std::uint64_t seed) {
                           auto tuned = tune_ratings(train, validation, ratings_grid_of(s, depth, seed, 1));
                           std::string settings = tuned.fit.settings();
                           return forget_type(std::move(tuned), std::move(settings));
                         }, [s, depth](D train, D validation, D all) -> DeepFit {
                           const RatingsGrid grid = ratings_grid_of(s, depth, s.seed, s.threads);
                           return refit(tune_ratings(train, validation, grid).fit, all, grid);
                         }});
      continue;
    }
    methods.push_back({sentence("depth ", depth), true, [s, depth](D train, D validation, std::uint64_t seed) {
                         auto tuned = tune_deep(train, validation, grid_of(s, depth, seed));
                         std::string settings = tuned.fit.settings();
                         return forget_type(std::move(tuned), std::move(settings));
                       }, [s, depth](D train, D validation, D all) {
                         const DeepGrid grid = grid_of(s, depth, s.seed);
                         return refit(tune_deep(train, validation, grid).fit, all, grid);
                       }});
  }
  if (!s.baselines) return methods;
  methods.push_back({"global mean", false, [](D train, D validation, std::uint64_t) { return fixed(global_mean(train), validation); }});
  methods.push_back({"row + column means", false, [](D train, D validation, std::uint64_t) { return fixed(row_and_column_means(train), validation); }});
  if (too_slow(s, where)) return methods;
  methods.push_back({"nearest neighbours", false, [](D train, D validation, std::uint64_t) {
                       auto tuned = tune_nearest_neighbours(train, validation);
                       std::string settings = tuned.fit.name();
                       return forget_type(std::move(tuned), std::move(settings));
                     }});
  methods.push_back({"ALS", false, [](D train, D validation, std::uint64_t seed) {
                       auto tuned = tune_als(train, validation, {.seed = seed});
                       std::string settings = tuned.fit.name();
                       return forget_type(std::move(tuned), std::move(settings));
                     }});
  methods.push_back({"SoftImpute", false, [](D train, D validation, std::uint64_t seed) {
                       auto tuned = tune_soft_impute(train, validation, {.seed = seed});
                       std::string settings = tuned.fit.name();
                       return forget_type(std::move(tuned), std::move(settings));
                     }});
  return methods;
}

/// One method on one fold; empty predictions: the budget was over before it began.
struct FoldOutcome {
  double validation_rmse = 0, test_rmse = 0, seconds = 0;
  std::string settings;
  Vector<double> z;
};

inline double mean_of(const std::vector<double>& x) { return std::accumulate(x.begin(), x.end(), 0.0) / static_cast<double>(x.size()); }
/// Standard error of the mean; NaN for one number.
inline double error_of(const std::vector<double>& x) {
  const double mean = mean_of(x), n = static_cast<double>(x.size());
  double squares = 0;
  for (double v : x) squares += (v - mean) * (v - mean);
  return std::sqrt(squares / (n - 1) / n);
}

}  // namespace detail

/// `folds`: train and test parts to compare the methods on, drawn as the settings say where none are given. The closing fit is to `data`.
inline CompletionResult complete(const Data<double>& data, const CompletionSettings& s = {}, std::vector<TrainTest<double>> folds = {}) {
  using Clock = std::chrono::steady_clock;
  require(s.folds >= 2 && s.repeats >= 1, "complete: ", s.folds, " folds and ", s.repeats, " repeats, at least 2 and 1 are needed");
  require(s.budget > 0, "complete: the budget is ", s.budget, " s, it needs to be positive");
  require(!s.depths.empty(), "complete: no depth is given");
  require(data.count() >= 3 * s.folds, "complete: ", data.count(), " observed entries are too few for ", s.folds, " folds with validation entries");
  const bool given = !folds.empty();
  const auto methods = detail::methods_of(s, data.where);
  const auto started = Clock::now();
  const auto elapsed = [&] { return std::chrono::duration<double>(Clock::now() - started).count(); };

  for (Index r = 0; r < s.repeats && !given; ++r)
    for (auto& fold : k_folds(data, {.folds = s.folds, .seed = s.seed + static_cast<std::uint64_t>(r)})) folds.push_back(std::move(fold));
  const Index count = static_cast<Index>(folds.size()), width = static_cast<Index>(methods.size());
  std::vector<detail::FoldOutcome> outcomes(static_cast<std::size_t>(count * width));
  detail::on_threads(count * width, static_cast<unsigned>(s.threads), [&](Index job) {
    if (elapsed() > s.budget && (job >= width || s.budget < 1)) return;  // one fold at least
    const auto& fold = folds[static_cast<std::size_t>(job / width)];
    const auto& method = methods[static_cast<std::size_t>(job % width)];
    const std::uint64_t seed = s.seed + static_cast<std::uint64_t>(job / width);
    const auto parts = hold_out_entries(fold.train, {.test = s.validation, .seed = seed});
    const double before = elapsed();
    const detail::Fitted fitted = method.tune(parts.train, parts.test, seed);
    detail::FoldOutcome& outcome = outcomes[static_cast<std::size_t>(job)];
    outcome = {fitted.validation_rmse, 0, 0, fitted.settings, fitted.predict(fold.test.where)};
    outcome.test_rmse = detail::rmse(outcome.z, fold.test.y);
    outcome.seconds = elapsed() - before;
  });

  CompletionResult result;
  if (s.baselines && detail::too_slow(s, data.where)) result.left_out = {"nearest neighbours", "ALS", "SoftImpute"};
  result.folds_asked = count;
  std::vector<Index> finished;
  for (Index f = 0; f < count; ++f) {
    bool whole = true;
    for (Index m = 0; m < width; ++m) whole = whole && outcomes[static_cast<std::size_t>(f * width + m)].z.size() > 0;
    if (whole) finished.push_back(f);
  }
  result.folds = static_cast<Index>(finished.size());
  require(result.folds >= 1, "complete: the budget of ", s.budget, " s is too small, not one of ", count, " folds was finished by all ", width, " methods");

  for (Index m = 0; m < width; ++m) {
    MethodResult row;
    row.name = methods[static_cast<std::size_t>(m)].name;
    row.ours = methods[static_cast<std::size_t>(m)].ours;
    std::vector<double> validation;
    for (Index f : finished) {
      const auto& outcome = outcomes[static_cast<std::size_t>(f * width + m)];
      row.of_folds.push_back(outcome.test_rmse);
      validation.push_back(outcome.validation_rmse);
      row.seconds += outcome.seconds;
      if (row.settings.empty()) row.settings = outcome.settings;
    }
    row.rmse = detail::mean_of(row.of_folds);
    row.standard_error = detail::error_of(row.of_folds);  // NaN for one fold, whose entries say more below
    row.validation_rmse = detail::mean_of(validation);
    result.methods.push_back(std::move(row));
  }
  std::size_t winner = 0;
  for (std::size_t m = 1; m < result.methods.size(); ++m)
    if (result.methods[m].ours && result.methods[m].validation_rmse < result.methods[winner].validation_rmse) winner = m;
  result.methods[winner].chosen = true;
  for (MethodResult& row : result.methods) {
    std::vector<double> difference;
    for (std::size_t f = 0; f < row.of_folds.size(); ++f) difference.push_back(row.of_folds[f] - result.methods[winner].of_folds[f]);
    row.difference = detail::mean_of(difference);
    row.difference_error = detail::error_of(difference);
  }
  if (result.folds == 1) {  // mean squares, and so their roots, vary from draw to draw of the test entries
    const Vector<double>& y = folds[static_cast<std::size_t>(finished[0])].test.y;
    const auto squares = [&](std::size_t m) -> Vector<double> {
      return (outcomes[static_cast<std::size_t>(finished[0] * width) + m].z - y).array().square();
    };
    const auto error = [](const Vector<double>& x, double roots) {
      const auto n = static_cast<double>(x.size());
      return std::sqrt((x.array() - x.mean()).square().sum() / (n - 1) / n) / roots;
    };
    for (std::size_t m = 0; m < result.methods.size(); ++m) {
      MethodResult& row = result.methods[m];
      row.standard_error = error(squares(m), 2 * row.rmse);
      row.difference_error = error(squares(m) - squares(winner), row.rmse + result.methods[winner].rmse);
    }
  }

  Index tested = 0;
  for (Index f : finished) tested += folds[static_cast<std::size_t>(f)].test.count();
  result.tested_y.resize(tested);
  result.tested_z.resize(tested);
  tested = 0;
  for (Index f : finished) {
    const auto& test = folds[static_cast<std::size_t>(f)].test;
    result.tested_y.segment(tested, test.count()) = test.y;
    result.tested_z.segment(tested, test.count()) = outcomes[static_cast<std::size_t>(f * width + static_cast<Index>(winner))].z;
    tested += test.count();
    for (Index k = 0; k < test.count(); ++k) result.tested_at.push_back(test.where[k]);
  }
  for (Index k = 0; k < tested; ++k) result.absolute_errors.push_back(std::abs(result.tested_y[k] - result.tested_z[k]));
  result.width = conformal_width(result.absolute_errors, s.coverage);

  // The closing fit: tuned once more with all folds, then fitted to everything.
  const auto parts = hold_out_entries(data, {.test = s.validation, .seed = s.seed});
  result.fit = methods[winner].close(parts.train, parts.test, data);
  return result;
}

}  // namespace tacit
