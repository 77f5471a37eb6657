// SPDX-License-Identifier: MIT
#include <tacit/core/random.hpp>
#include <tacit/race/beliefs.hpp>

#include "catch.hpp"

using namespace tacit;
using Catch::Matchers::WithinAbs;

namespace beliefs_tests {

/// Gradient descent and Adam at two depths, two scales, five seeds; the rank of Adam times exp(effect), a larger start times exp(start).
Table two(double effect, double start) {
  Table table({"problem", "depth", "scale", "optimizer", "seed", "reached", "finite", "target_effective_rank", "end_edge"});
  Random random(5, "beliefs");
  for (const int depth : {1, 2})
    for (const double scale : {0.01, 1.0})
      for (int seed = 1; seed <= 5; ++seed) {
        const double shared = 2 + random.uniform();
        for (const char* name : {"gradient_descent", "adam"})
          table.add({"p", depth, scale, name, seed, 1, 1,
                     shared * std::exp((name[0] == 'a' ? effect : 0) + (scale == 1 ? start : 0) + 0.02 * random.normal()),
                     (depth == 1 ? 1.02 : 0.3) * std::exp(0.02 * random.normal())});
      }
  return table;
}
Index count(const std::vector<Evidence>& all, Evidence::Verdict verdict) {
  return std::count_if(all.begin(), all.end(), [&](const Evidence& one) { return one.verdict == verdict; });
}
Belief adam_is_not_lower() {
  PairedSettings settings{.quantity = "target_effective_rank"};
  settings.where = "reached";
  return belief_of_factor("Adam is not lower.", "optimizer", {"gradient_descent", "adam"}, settings, 0, INFINITY);
}

using Verdict = Evidence::Verdict;

TEST_CASE("a belief holds where it is planted, fails where the opposite is, and is open where there is nothing") {
  const auto holds = ask(adam_is_not_lower(), two(0.3, 0)), fails = ask(adam_is_not_lower(), two(-0.3, 0)),
             open = ask(adam_is_not_lower(), two(0, 0));
  REQUIRE(holds.size() == 4);
  CHECK(count(holds, Verdict::holds) == 4);
  CHECK(count(fails, Verdict::fails) == 4);
  CHECK(count(open, Verdict::fails) == 0);
  const std::string words = in_words(fails[0]);
  INFO(words);
  CHECK(words.find("p, depth 1, start scale 0.01: effective rank of adam over that of gradient_descent is 0.7") == 0);
}

TEST_CASE("the common beliefs look at the cells that they speak of, and at nobody else's") {
  const Table table = [] {
    Table full = two(0, -0.4);
    for (const char* more : {"target_unseen_error", "target_sharpness", "target_nuclear_ratio", "target_path_norm"})
      full.add_column(more, std::vector<double>(static_cast<std::size_t>(full.rows()), 1.0));
    return full;
  }();
  const Table asked = ask_all(common_beliefs({"1", "2"}, {"0.01", "1"}), table);
  Index starts = 0, edges = 0, at_edge = 0;
  for (Index r = 0; r < asked.rows(); ++r) {
    const std::string belief = asked.at(r, "belief").text(), verdict = asked.at(r, "verdict").text();
    if (belief == "A larger start ends at an effective rank that is no lower.") {
      ++starts;
      CHECK(verdict == "fails");
    }
    if (belief.find("edge of stability") != std::string::npos) {
      ++edges;
      const bool first = asked.at(r, "cell").text().find("depth 1") != std::string::npos;
      CHECK(verdict == (first ? "holds" : "fails"));
      at_edge += first;
    }
  }
  CHECK(starts == 4);  // two optimizers at two depths
  CHECK(edges == 4);
  CHECK(at_edge == 2);
}

TEST_CASE("rank correlations by hand") {
  CHECK_THAT(detail::rank_correlation({1, 2, 3, 4, 5}, {2, 4, 6, 8, 100}), WithinAbs(1, 1e-15));
  CHECK_THAT(detail::rank_correlation({1, 2, 3, 4, 5}, {5, 4, 3, 2, 1}), WithinAbs(-1, 1e-15));
  // 1 - 6 sum d^2 / (n (n^2 - 1)), d = (0, 1, 1, 0): 1 - 12 / 60
  CHECK_THAT(detail::rank_correlation({1, 2, 3, 4}, {10, 30, 20, 40}), WithinAbs(0.8, 1e-15));
  CHECK(std::isnan(detail::rank_correlation({1, 2}, {3, 3})));
}

}  // namespace beliefs_tests
