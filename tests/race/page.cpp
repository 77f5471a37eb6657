// SPDX-License-Identifier: MIT
#include <tacit/output/report_sortable.hpp>
#include <tacit/race/page.hpp>

#include <cmath>

#include "../data/scratch.hpp"
#include "catch.hpp"

using namespace tacit;
using scratch::mentions;

namespace page_tests {

std::size_t count(const std::string& text, const std::string& part) {
  std::size_t n = 0;
  for (std::size_t at = text.find(part); at != std::string::npos; at = text.find(part, at + part.size())) ++n;
  return n;
}
/// Two entrants on one problem; one of them diverges on every seed.
RacePage small() {
  RacePage page;
  page.results = Table({"rank", "entrant", "score", "diverged"});
  page.results.add({1, "adam", 0.9, 0}).add({2, "wild", 0.0, 3});
  page.runs = Table({"problem", "entrant", "seed", "reason", "gradients", "final_loss"});
  page.seconds = Table({"problem", "entrant", "seed", "seconds"});
  page.bands = Table({"problem", "entrant", "gradients", "best", "best_low", "best_high"});
  for (const char* name : {"adam", "wild"}) {
    const bool wild = name[0] == 'w';
    for (int seed = 101; seed <= 103; ++seed) {
      page.runs.add({"p", name, seed, wild ? "diverged" : "reached limit", 100.0, wild ? INFINITY : 1e-7});
      page.seconds.add({"p", name, seed, 2.0});
    }
    for (const double at : {1.0, 10.0, 100.0})
      page.bands.add({"p", name, at, wild ? 1.0 : 1 / at, wild ? 1.0 : 0.5 / at, wild ? 1.0 : 2 / at});
  }
  page.profiles = Table({"target", "entrant", "tau", "share"});
  for (const char* name : {"adam", "wild"})
    for (const double tau : {1.0, 2.0, 4.0}) page.profiles.add({0.01, name, tau, name[0] == 'a' ? 1.0 : 0.0});
  page.atlas =
      Table({"problem", "depth", "scale", "optimizer", "seed", "value", "on_edge", "reached", "reached_at", "work", "ended", "finite"});
  for (const char* moment : {"target_", "end_"})
    for (const char* quantity : {"relative_loss", "effective_rank", "nuclear_ratio", "schatten", "unseen_error", "sharpness", "edge",
                                 "path_norm", "balancedness", "l1"})
      page.atlas.add_column(std::string(moment) + quantity, std::vector<double>());
  for (const char* name : {"adam", "wild", "never"})
    for (const int depth : {1, 2})
      for (const double scale : {0.1, 1.0})
        for (int seed = 101; seed <= 103; ++seed) {
          const bool reached = name[0] == 'a' || (name[0] == 'w' && seed == 101);
          std::vector<Cell> row{"p({.size = 3})", depth, scale, name, seed, 0.1, 0, reached ? 1 : 0, reached ? Cell(10.0) : Cell(), 100.0,
                                "reached limit",  1};
          for (int k = 0; k < 20; ++k) row.push_back(k % 10 == 9 ? Cell() : Cell(1.0 + depth + seed % 10));
          page.atlas.add(row);
        }
  page.made = {{"command", "optimizer_race --quick"}};
  page.protocol = {{"trials", 9}};
  return page;
}

TEST_CASE("the page holds every run, those that diverged and those that never reached the target, too") {
  const RacePage page = small();
  const std::string text = race_page(page);
  CHECK(count(text, "<td class=\"t\">diverged</td>") == 3);
  CHECK(mentions(text, "6 runs on fresh seeds"));
  CHECK(mentions(text, "36 runs, 16 of which reached the target loss"));
  // One row a run, in two tables of all runs.
  const std::size_t race_runs = text.find("<h2>All runs</h2>"), atlas_runs = text.find("<h2>All runs of the atlas</h2>");
  REQUIRE(race_runs != std::string::npos);
  REQUIRE(atlas_runs != std::string::npos);
  const auto rows_of = [&](std::size_t from) {
    const std::size_t body = text.find("<tbody>", from), end = text.find("</tbody>", body);
    return count(text.substr(body, end - body), "<tr>");
  };
  CHECK(rows_of(race_runs) == 6);
  CHECK(rows_of(atlas_runs) == 36);
  CHECK(mentions(text, "never</td>"));  // the final loss of the diverged runs
  for (const char* outside : {"src=", "href=\"h", "@import", "fetch(", "https:"}) {
    INFO(outside);
    CHECK_FALSE(mentions(text, outside));
  }
  CHECK(mentions(text, "optimizer_race --quick"));
}

TEST_CASE(
    "heat maps show medians over the seeds that reached the target, mark what not all or none reached, and are left out where the model "
    "has no such quantity") {
  const RacePage page = small();
  const auto figures = race_figures(page);
  const auto named = [&](const std::string& name) {
    for (const auto& [of, svg] : figures)
      if (of == name) return svg;
    return std::string();
  };
  const std::string rank = named("atlas_target_effective_rank_p");
  REQUIRE_FALSE(rank.empty());
  CHECK(mentions(rank, "adam, depth 1, 0.1: 4</title>"));  // seeds 101 to 103: 3, 4, 5
  CHECK(mentions(rank, "adam, depth 2, 1: 5</title>"));
  CHECK(mentions(rank, "wild, depth 2, 1: 4 (not all seeds reached the target)</title>"));
  CHECK(mentions(rank, "never, depth 2, 1: 5 (no seed reached the target: at the end)</title>"));
  CHECK(count(rank, "*</text>") == 4);
  CHECK(count(rank, "\u2020</text>") == 4);
  CHECK(named("atlas_target_l1_p").empty());
  CHECK_FALSE(named("curves_1_work").empty());
  CHECK_FALSE(named("profile_0.01").empty());
  for (const auto& [name, svg] : figures) {
    INFO(name);
    CHECK(svg.rfind("<svg xmlns=\"http://www.w3.org/2000/svg\"", 0) == 0);
    CHECK_FALSE(mentions(svg, "nan"));
    CHECK(count(svg, "<g") == count(svg, "</g>"));
  }
}

TEST_CASE("curves by seconds are curves by work times the seconds of a gradient equivalent") {
  const RacePage page = small();
  std::string work, seconds;
  for (const auto& [name, svg] : race_figures(page)) {
    if (name == "curves_1_work") work = svg;
    if (name == "curves_1_seconds") seconds = svg;
  }
  // A constant factor on a logarithmic axis moves nothing but the ticks.
  const auto path = [](const std::string& svg) { return svg.substr(svg.find("<g data-series"), 600); };
  CHECK(path(work) == path(seconds));
  CHECK(mentions(work, ">gradient equivalents</text>"));
  CHECK(mentions(seconds, ">seconds</text>"));
}

TEST_CASE("cells of a sortable table carry their exact values, and what is missing is said") {
  Table table({"name", "x"});
  table.add({"<a>", 0.123456789}).add({"b", Cell()}).add({"c", INFINITY});
  const std::string text = detail::sortable_table(table);
  CHECK(mentions(text, "<td data-v=\"0.123456789\">0.1235</td>"));
  CHECK(mentions(text, "<td class=\"t\">&lt;a&gt;</td>"));
  CHECK(mentions(text, "<td>\u2013</td>"));
  CHECK(mentions(text, "<td data-v=\"Infinity\">never</td>"));
  CHECK(count(text, "<tr>") == 4);
}

}  // namespace page_tests
