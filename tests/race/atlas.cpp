// SPDX-License-Identifier: MIT
#include <tacit/race/atlas.hpp>

#include "../data/scratch.hpp"
#include "catch.hpp"

using namespace tacit;
using scratch::error_of;
using scratch::mentions;

namespace atlas_tests {

AtlasSettings tiny() {
  AtlasSettings settings;
  settings.depths = {1, 2};
  settings.scales = {0.01, 1};
  settings.seeds = {101, 102, 103};
  settings.trials = 4, settings.grid = 3;
  settings.budget.gradients = 300;
  settings.budget.target = 1e-2;
  settings.budget.settled = 1e-4;
  return settings;
}
std::vector<Entrant> two() { return {race_entrant("gradient_descent"), race_entrant("adam({.rate = R, .beta1 = 0.5})")}; }
std::vector<AtlasProblem> problems() {
  return {atlas_problem("matrix_completion({.rows = 6, .cols = 6, .rank = 1, .observed = 24})"),
          atlas_problem("diagonal_regression({.size = 10, .observed = 6, .sparsity = 2})")};
}
std::string file_of(const scratch::Folder& folder, const char* name) { return scratch::get(folder / name); }

TEST_CASE("an atlas has a row for every run, and is the same byte for byte at one thread and at two, killed in between or not") {
  scratch::Folder one, other, store;
  const Atlas first = atlas(two(), problems(), tiny(), {.threads = 1});
  CHECK(first.runs.rows() == 2 * 2 * 2 * 2 * 3);
  write_atlas(one.path().string(), first);

  Index done = 0;  // it is killed after five cells of sixteen
  const auto stop = [&](const AtlasProgress&) {
    if (++done == 5) throw std::runtime_error("killed");
  };
  CHECK(mentions(error_of([&] { atlas(two(), problems(), tiny(), {.threads = 2, .folder = store.path().string(), .progress = stop}); }),
                 "killed"));
  Index reused = 0;
  const Atlas second =
      atlas(two(), problems(), tiny(),
            {.threads = 2, .folder = store.path().string(), .progress = [&](const AtlasProgress& now) { reused += now.reused; }});
  CHECK(reused >= 5);
  CHECK(reused < 16);
  write_atlas(other.path().string(), second);
  CHECK(file_of(one, "atlas.csv") == file_of(other, "atlas.csv"));
  CHECK(file_of(one, "atlas.json") == file_of(other, "atlas.json"));

  // Depth 1 of the vector starts from zero at every scale: the same runs.
  Index compared = 0;
  for (Index r = 0; r < first.runs.rows(); ++r)
    for (Index s = 0; s < r; ++s) {
      const auto same = [&](const char* column) { return first.runs.at(r, column).text() == first.runs.at(s, column).text(); };
      if (!mentions(first.runs.at(r, "problem").text(), "diagonal") || first.runs.at(r, "depth").number() != 1 || same("scale")) continue;
      if (!same("problem") || !same("depth") || !same("optimizer") || !same("seed")) continue;
      ++compared;
      CHECK(same("end_l1"));
      CHECK(same("value"));
    }
  CHECK(compared == 2 * 3);
  for (Index r = 0; r < first.runs.rows(); ++r) {
    INFO(r);
    CHECK(first.runs.at(r, "end_nuclear_ratio").number() > 0);
    if (first.runs.at(r, "reached").number() == 1) CHECK(first.runs.at(r, "target_relative_loss").number() <= 1e-2);
    else CHECK(first.runs.at(r, "target_effective_rank").text() == first.runs.at(r, "end_effective_rank").text());
  }
}

TEST_CASE("an optimizer that does not run on a problem stays in the atlas, with its reason") {
  AtlasSettings settings = tiny();
  settings.depths = {2}, settings.scales = {0.1};
  const Atlas found = atlas({race_entrant("scaled_gd")}, {problems()[1]}, settings, {.threads = 1});
  REQUIRE(found.runs.rows() == 3);
  for (Index r = 0; r < 3; ++r) {
    CHECK(found.runs.at(r, "ended").text() == "refused");
    CHECK_FALSE(found.runs.at(r, "refusal").text().empty());
    CHECK(found.runs.at(r, "reached").number() == 0);
    CHECK(found.runs.at(r, "end_effective_rank").is_missing());
  }
}

TEST_CASE("an atlas of nothing, of something twice, or of what nobody knows is refused with a sentence") {
  CHECK(error_of([] { atlas({}, problems(), tiny()); }) == "atlas: there are no entrants");
  CHECK(error_of([] { atlas(two(), {}, tiny()); }) == "atlas: there are no problems");
  CHECK(mentions(error_of([] {
                   atlas({two()[0], two()[0]}, problems(), tiny());
                 }),
                 "'gradient_descent' is there twice among the entrants"));
  AtlasSettings settings = tiny();
  settings.grid = 0;
  CHECK(mentions(error_of([&] { atlas(two(), problems(), settings); }), "an empty grid finds nothing"));
  settings = tiny();
  settings.scales = {};
  CHECK(mentions(error_of([&] { atlas(two(), problems(), settings); }), ".scales is empty"));
  CHECK(mentions(error_of([] { atlas_problem("classification"); }), "there are matrix_completion, matrix_sensing and diagonal_regression"));
  CHECK(mentions(error_of([] { atlas_problem("matrix_completion({.depth = 3})"); }), ".depth is set by the atlas itself"));
  CHECK(mentions(error_of([] { atlas_problem("matrix_completion({.rowz = 3})"); }), "rowz"));
}

TEST_CASE("an atlas is said in words, and its claims are asked again on other seeds") {
  AtlasSettings settings = tiny();
  settings.depths = {2}, settings.scales = {0.01};
  const auto made = [&](std::vector<std::uint64_t> seeds) {
    settings.seeds = std::move(seeds);
    return atlas(two(), {problems()[0]}, settings, {.threads = 1}).runs;
  };
  const auto families = atlas_families(made({101, 102, 103, 104}), "gradient_descent");
  REQUIRE(families.size() == 2 * atlas_compared().size());
  const std::vector<std::string> words = atlas_in_words(families, 0.999);
  REQUIRE_FALSE(words.empty());
  CHECK(mentions(words.front(), "comparisons with gradient_descent"));
  const Table again = atlas_rerun(families, made({201, 202, 203, 204}), 0.999);
  std::size_t claims = 0;
  for (const auto& family : families) claims += claimed(family, 0.999).size();
  CHECK(again.rows() == static_cast<Index>(claims));
}

}  // namespace atlas_tests
