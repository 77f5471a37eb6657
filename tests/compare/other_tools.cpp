// SPDX-License-Identifier: MIT
// The sentence that a factorization is not the tool: where curved tables say so, never where the truth has low rank.
#include <tacit/compare/other_tools.hpp>

#include <tacit/compare/complete.hpp>
#include <tacit/compare/impl/compare.hpp>
#include <tacit/compare/impl/methods.hpp>
#include <tacit/data/low_rank.hpp>
#include <tacit/output/model_files.hpp>

#include "../data/scratch.hpp"
#include "catch.hpp"

using namespace tacit;

namespace {

/// Rows of points (u, v) of a square; the columns are u, v, their squares and product and other curves of both, with noise.
Data<double> curved(Index rows, std::uint64_t seed) {
  Random random(seed, "curved");
  Entries::Indices row, col;
  std::vector<double> y;
  for (std::int32_t i = 0; i < rows; ++i) {
    const double u = 2 * random.uniform() - 1, v = 2 * random.uniform() - 1;
    const double x[] = {u, v, 3 * u * u - 1, 3 * v * v - 1, 3 * u * v, 1.5 * u * u - 1.5 * v * v, u + v * v, v - u * v};
    for (std::int32_t j = 0; j < 8; ++j)
      if (random.uniform() < 0.8) row.push_back(i), col.push_back(j), y.push_back(x[j] + 0.1 * random.normal());
  }
  return observed<double>(rows, 8, row, col, Eigen::Map<const Vector<double>>(y.data(), static_cast<Index>(y.size())));
}
CompletionSettings in_a_moment() {
  CompletionSettings s;
  s.folds = 3;
  s.threads = 2;
  s.budget = 100;
  s.pace.counted = true;
  s.stack = false;
  return s;
}
CompletionResult of(const Data<double>& data, const std::vector<std::string>& names) {
  const CompletionSettings s = in_a_moment();
  std::vector<tacit::detail::Estimator<Entries>> kept;
  for (auto& method : tacit::detail::estimators_of(s, data, 30))
    if (std::find(names.begin(), names.end(), method.name) != names.end()) kept.push_back(std::move(method));
  return tacit::detail::compared(data, s, {}, {}, kept);
}
MethodResult method(const char* name, MethodKind kind, std::vector<double> errors) {
  MethodResult m;
  m.name = name;
  m.kind = kind;
  m.rmse = tacit::detail::mean_of(errors);
  m.of_folds = std::move(errors);
  return m;
}

}  // namespace

TEST_CASE(
    "a curved table: regressions of columns are chosen, saved, have intervals, and the sentence says that a factorization is not the "
    "tool") {
  const Data<double> data = curved(300, 1);
  const CompletionResult r = of(data, {"depth 2, averaged", "ALS", "column regressions"});
  REQUIRE(r.methods.size() == 3);
  CHECK(r.chosen().name == "column regressions");
  CHECK(r.chosen().settings.find("products") != std::string::npos);
  const std::string sentence = another_tool(r.methods, r.folds, r.spread);
  INFO(sentence);
  CHECK(sentence.find("A factorization is not the tool for these data: of the variance of entries that no method had seen, column "
                      "regressions explain ") == 0);
  CHECK(sentence.find("relations between columns explain.") != std::string::npos);
  const scratch::Folder folder;
  save_model(folder / "model", *r.fit.model, r.fit.theta, {.centre = r.fit.centre.with_positive_scale(), .half_widths = r.half_widths});
  CHECK(load_model(folder / "model").predict(data.where) == r.fit.predict(data.where));
  CHECK(r.width > 0.1);
  CHECK(r.width < 0.8);
}

TEST_CASE("a table of low rank: no such sentence") {
  const auto task = low_rank_completion({.rows = 300, .cols = 8, .rank = 2, .observed = 1900, .seed = 1, .noise_std = 0.3});
  const CompletionResult r = of(task.seen, {"depth 2, averaged", "ALS", "column regressions", "nearest neighbours"});
  REQUIRE(r.methods.size() == 4);
  CHECK(another_tool(r.methods, r.folds, r.spread).empty());
}

TEST_CASE("the sentence stands beyond chance and above its margin alone") {
  using enum MethodKind;
  const std::vector<double> best{0.6, 0.62, 0.61}, clear{0.4, 0.41, 0.42}, unsure{0.3, 0.62, 0.3}, near{0.58, 0.6, 0.59};
  const auto told = [](const std::vector<double>& low, const std::vector<double>& other, MethodKind kind, double spread = 1) {
    return another_tool(
        {method("means", MethodKind::low_rank, {2, 2, 2}), method("ALS", MethodKind::low_rank, low), method("others", kind, other)}, 3,
        spread);
  };
  CHECK(told(best, clear, neighbours).find("others explain 83.2 %, and the best factorization (ALS) 62.8 %") != std::string::npos);
  CHECK(told(best, clear, features).find("side features explain.") != std::string::npos);
  CHECK(told(best, unsure, neighbours).empty());
  CHECK(told(best, near, neighbours).empty());
  CHECK(told(best, clear, stack).empty());
  CHECK(told(best, clear, neighbours, 10).empty());  // the factorization explains nearly all
  CHECK(told(clear, best, neighbours).empty());
  // Of one fold, by its entries, where one of the two was chosen.
  std::vector<MethodResult> one{method("ALS", low_rank, {0.6}), method("others", neighbours, {0.4})};
  CHECK(another_tool(one, 1, 1).empty());
  one[1].chosen = true, one[0].difference = 0.2, one[0].difference_error = 0.02;
  CHECK_FALSE(another_tool(one, 1, 1).empty());
  one[0].difference_error = 0.2;
  CHECK(another_tool(one, 1, 1).empty());
}
