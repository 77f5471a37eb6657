// SPDX-License-Identifier: MIT
#include <tacit/compare/score_groups.hpp>
#include <tacit/core/random.hpp>

#include "catch.hpp"

using namespace tacit;

namespace {

/// Scores of four groups in ten parts; each group is `of_group` times as large, each group in each part by a factor of its own up to e^`of_part`.
struct Scores {
  std::vector<double> score;
  std::vector<std::int32_t> part;
  std::vector<Index> group;
  Scores(const std::vector<double>& of_group, double of_part) {
    Random random(1, "scores");
    for (std::int32_t p = 0; p < 10; ++p)
      for (std::size_t g = 0; g < of_group.size(); ++g) {
        const double common = std::exp(of_part * random.normal());
        for (int k = 0; k < 30; ++k)
          score.push_back(std::abs(random.normal()) * of_group[g] * common), part.push_back(p), group.push_back(static_cast<Index>(g));
      }
  }
  detail::GroupFactors factors() const {
    return {score, part, 10, 4, [this](std::size_t k) { return group[k]; }, 20};
  }
};

}  // namespace

TEST_CASE("groups have the factors that their errors have, each left out with its part") {
  const auto f = Scores({1, 1, 2, 4}, 0).factors();
  CHECK(std::abs(f.of[3] / f.of[0] - 4) < 0.6);
  CHECK(std::abs(f.of[2] / f.of[1] - 2) < 0.4);
  CHECK(f.of_without[0] != f.of_without[1199]);
}

TEST_CASE("errors that are alike in a part, and not in a group, give no factors") {
  const auto f = Scores({1, 1, 1, 1}, 0.7).factors();
  CHECK(f.of == Vector<double>::Ones(4));
}

TEST_CASE("quantiles of groups cover each group; one with two scores has about that of all, and too few scores promise nothing") {
  Scores s({1, 1, 3, 1}, 0);
  const auto q = detail::group_quantiles(s.score, 5, s.group, 0.9);
  for (Index g = 0; g < 4; ++g) {
    double inside = 0;
    for (std::size_t k = 0; k < s.score.size(); ++k) inside += s.group[k] == g && s.score[k] <= q[static_cast<std::size_t>(g)];
    CHECK(inside / 300 > 0.87);
    CHECK(inside / 300 < 0.96);
  }
  std::vector<double> sorted = s.score;
  std::sort(sorted.begin(), sorted.end());
  CHECK(std::abs(q[4] / sorted[1080] - 1) < 0.1);  // of a group without scores
  CHECK(std::isinf(detail::group_quantiles({1, 2, 3}, 1, {0, 0, 0}, 0.9)[0]));
}

TEST_CASE("calibration: quantiles of groups from one half hold as often on the other as they promise, at every coverage") {
  const Scores s({1, 1, 3, 1}, 0);
  const auto found = detail::calibration_of(s.score, s.group, 1);
  REQUIRE(found.size() == 19);
  for (const auto& [promised, held] : found) CHECK(std::abs(held - promised) < 0.06);
  CHECK(found[0][0] == 0.05);
  CHECK(detail::calibration_of({1, 2, 3}, {0, 0, 0}, 1).empty());
}
