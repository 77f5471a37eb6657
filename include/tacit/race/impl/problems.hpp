// SPDX-License-Identifier: MIT
#pragma once
// The table of problems of a race (race/instance.hpp): those of data/named_problem.hpp with what they know of the truth, and
//   classification     DeepMatrix on Gaussian features, labels by a teacher of low rank, cross-entropy
//   power_regression   DeepMatrix of one output on Gaussian features, mean of |z - y|^p / p; p = 4 is that of Arora et al. 2018
//   file               DeepMatrix on the observed entries of a file (data/read.hpp) less a share held out, standardised by mean and
//                      deviation of the others

#include "../../core/compiled.hpp"
#include "../../data/named_problem.hpp"
#include "../../data/read.hpp"
#include "../../observation/split.hpp"
#include "feature_problems.hpp"

namespace tacit {

namespace detail {

/// Every row a measurement, of numbers in the order in which a matrix stands in memory.
inline Matrix<double> rows_of(const Matrix<double>& columns) { return columns.transpose(); }
inline Matrix<double> table_of_entries(const Data<double>& seen) {
  Matrix<double> table(seen.count(), 3);
  for (Index k = 0; k < seen.count(); ++k)
    table.row(k) << static_cast<double>(seen.where.row()[k]), static_cast<double>(seen.where.col()[k]), seen.y[k];
  return table;
}

struct RaceMatrix : NamedMatrix {
  RaceInstance instance() const {
    const DeepMatrix<double> deep = model<double>();
    if (sensing) {
      SensingTask<double> made = low_rank_sensing<double>(task());
      auto data = std::make_shared<const Data<double, LinearMap<double>>>(std::move(made.seen));
      RaceInstance one{AnyProblem<double>(Problem(deep, data, MeanSquares{})), start<double>()};
      one.validation_error = relative_error(one.problem, made.truth.reshaped());
      one.measured = data;
      one.objective = sentence("mean over k of (<A_k, W> - y_k)^2, ", race_product_words, "; row k of A is A_k, first index fastest");
      one.arrays = [data, truth = made.truth] {
        return std::vector<RaceArray>{{"A", rows_of(data->where.matrix())}, {"y", data->y}, {"truth", truth}};
      };
      return one;
    }
    CompletionTask<double> made = low_rank_completion<double>(task());
    auto data = std::make_shared<const Data<double>>(std::move(made.seen));
    Vector<double> seen = Vector<double>::Zero(rows * cols);
    for (Index k = 0; k < data->count(); ++k) seen[data->where.row()[k] + rows * data->where.col()[k]] = 1;
    RaceInstance one{AnyProblem<double>(Problem(deep, data, MeanSquares{})), start<double>()};
    if (data->count() < rows * cols) one.validation_error = relative_error(one.problem, made.truth.reshaped(), seen);
    one.entries = data;
    one.objective = sentence("mean over k of (W[i_k, j_k] - y_k)^2, ", race_product_words, "; row k of entries is i_k, j_k, y_k");
    one.arrays = [data, truth = made.truth] { return std::vector<RaceArray>{{"entries", table_of_entries(*data)}, {"truth", truth}}; };
    return one;
  }
};

struct RaceTensor : NamedTensor {
  RaceInstance instance() const {
    TensorTask<double> made = task<double>();
    auto data = std::make_shared<const Data<double, TensorEntries>>(std::move(made.seen));
    Vector<double> seen = Vector<double>::Zero(made.truth.values.size());
    Matrix<double> table(data->count(), order + 1);
    for (Index k = 0; k < data->count(); ++k) {
      Index at = 0;
      for (Index n = order; n-- > 0;) at = at * size + data->where.mode(n)[k];
      seen[at] = 1;
      for (Index n = 0; n < order; ++n) table(k, n) = static_cast<double>(data->where.mode(n)[k]);
      table(k, order) = data->y[k];
    }
    RaceInstance one{AnyProblem<double>(Problem(model<double>(), data, MeanSquares{})), start<double>()};
    if (data->count() < seen.size()) one.validation_error = relative_error(one.problem, made.truth.values, seen);
    one.objective = sentence("mean over k of (W[i_k] - y_k)^2; row k of entries is the index i_k, then y_k; W of ", one.problem.model());
    one.arrays = [table, truth = made.truth.values] { return std::vector<RaceArray>{{"entries", table}, {"truth", truth}}; };
    return one;
  }
};

struct RaceDiagonal : NamedDiagonal {
  RaceInstance instance() const {
    auto data = std::make_shared<const Data<double, LinearMap<double>>>(task<double>());
    const DiagonalNet<double> net({.size = size, .depth = depth});
    Vector<double> truth = Vector<double>::Zero(size);
    truth.head(sparsity).setConstant(1 / std::sqrt(static_cast<double>(sparsity)));
    require(std::isfinite(scale) && scale > 0, "problem: .scale is ", scale, ", it needs to be positive and finite");
    RaceInstance one{AnyProblem<double>(Problem(net, data, HalfMeanSquares{})), Vector<double>::Constant(2 * size, scale)};
    one.validation_error = relative_error(one.problem, truth);
    one.objective = sentence("half the mean over k of (<A_k, w> - y_k)^2, w = u^D - v^D entrywise, D = ", depth, "; theta is u, then v");
    one.arrays = [data, truth] { return std::vector<RaceArray>{{"A", rows_of(data->where.matrix())}, {"y", data->y}, {"truth", truth}}; };
    return one;
  }
};

struct RaceFile {
  std::string path;
  Index mode = 0, depth = 2, width = 10;
  double product_scale = 1e-2, held_out = 0.1;
  std::uint64_t seed = 1;
  std::shared_ptr<const Data<double>> read = {};

  template <class Archive>
  void persist(Archive& archive) {
    archive("path", path);
    archive("mode", mode);
    archive("depth", depth);
    archive("width", width);
    archive("product_scale", product_scale);
    archive("held_out", held_out);
    archive("seed", seed);
  }
  /// What cannot be read is refused before anything runs.
  void prepare() {
    require(!path.empty(), "file: no path is given; write  file(ratings.csv)");
    read = std::make_shared<const Data<double>>(read_observed(path, {.mode = mode}).data);
  }
  RaceInstance instance() const {
    require(depth >= 1 && width >= 1, "file: .depth is ", depth, " and .width ", width, ", they need to be at least 1");
    auto [train, test] = hold_out_entries(*read, {.test = held_out, .seed = seed, .cover = true});
    const double mean = train.y.mean(), deviation = std::sqrt((train.y.array() - mean).square().mean());
    require(deviation > 0, path, ": all entries are ", mean, ", there is nothing to learn");
    train.y = ((train.y.array() - mean) / deviation).matrix();
    test.y = ((test.y.array() - mean) / deviation).matrix();
    std::vector<Index> widths(static_cast<std::size_t>(depth) + 1, width);
    widths.front() = train.where.cols();
    widths.back() = train.where.rows();
    const DeepMatrix<double> deep(widths);
    auto data = std::make_shared<const Data<double>>(std::move(train));
    RaceInstance one{AnyProblem<double>(Problem(deep, data, MeanSquares{})),
                     deep.near_zero({.product_scale = product_scale, .seed = seed})};
    one.validation_error = [problem = AnyProblem<double>(Problem(deep, test, MeanSquares{})),
                            size = test.y.squaredNorm()](In<double> theta) {
      auto ws = problem.workspace();
      return std::sqrt(problem.value(theta, ws).loss * static_cast<double>(problem.target_count()) / size);
    };
    one.entries = data;
    one.objective = sentence("mean over k of (W[i_k, j_k] - y_k)^2, ", race_product_words, "; row k of entries is i_k, j_k, y_k; y = (x - ",
                             mean, ") / ", deviation);
    one.arrays = [data, test = test] {
      return std::vector<RaceArray>{{"entries", table_of_entries(*data)}, {"held_out", table_of_entries(test)}};
    };
    return one;
  }
};

template <class F>
void each_race_problem(F&& f) {
  f("matrix_completion", RaceMatrix{});
  f("matrix_sensing", RaceMatrix{{.observed = 1000, .sensing = true}});
  f("tensor_completion", RaceTensor{});
  f("diagonal_regression", RaceDiagonal{});
  f("classification", RaceClassification{});
  f("power_regression", RacePower{});
  f("file", RaceFile{});
}

/// "file(PATH)" and "file(PATH, .depth = 2)" as settings.
inline std::string settings_of_file(const std::string& text) {
  std::string_view inside = without_space(std::string_view(text).substr(text.find("file") + 4));
  require(inside.size() > 2 && inside.front() == '(' && inside.back() == ')', "file: no path is given; write  file(ratings.csv)");
  inside = without_space(inside.substr(1, inside.size() - 2));
  if (inside.front() == '{' || inside.front() == '.') {
    const std::size_t setting = inside.find_first_not_of("{ ");
    const std::string_view first = inside.substr(std::min(setting, inside.size()));
    if (first.starts_with(".path") || inside.front() == '{') return split_named("file(" + std::string(inside) + ")").second;
  }
  const std::size_t comma = inside.find(", .");
  return ".path = " + std::string(inside.substr(0, comma)) + std::string(comma == inside.npos ? "" : inside.substr(comma));
}

}  // namespace detail

TACIT_INLINE std::vector<std::string> race_problem_names() {
  std::vector<std::string> names;
  detail::each_race_problem([&](const char* name, const auto&) { names.emplace_back(name); });
  return names;
}
TACIT_INLINE std::vector<SettingText> race_problem_settings(const std::string& name) {
  std::vector<SettingText> settings;
  detail::each_race_problem([&](const char* known, auto task) {
    if (name != known) return;
    SettingsList list;
    task.persist(list);
    settings = list.items();
  });
  return settings;
}
TACIT_INLINE RaceProblem race_problem(const std::string& text) {
  const std::string_view trimmed = detail::without_space(text);
  const std::string name(trimmed.substr(0, trimmed.find_first_of("({ .")));
  RaceProblem problem{std::string(trimmed), {}};
  detail::each_race_problem([&](const char* known, auto task) {
    if (name != known) return;
    SettingsText settings(name == "file" ? detail::settings_of_file(std::string(trimmed)) : detail::split_named(text).second, name);
    task.persist(settings);
    settings.require_all_used();
    if constexpr (requires { task.prepare(); }) task.prepare();
    problem.make = [task](std::uint64_t seed) {
      auto seeded = task;
      seeded.seed = seed;
      return seeded.instance();
    };
  });
  require(static_cast<bool>(problem.make), "there is no problem '", name, "'; the nearest are ", nearest_names(name, race_problem_names()));
  return problem;
}

}  // namespace tacit
