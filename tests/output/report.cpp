// SPDX-License-Identifier: MIT
#include <tacit/output/report.hpp>

#include "../data/scratch.hpp"
#include "catch.hpp"

using namespace tacit;
using scratch::mentions;

TEST_CASE("a report holds its parts in their order, escaped, and nothing from elsewhere") {
  scratch::Folder folder;
  Table table({"depth", "why", "error"});
  table.add({2, "<stalled>", 1.0 / 3}).add({3, "ok", Cell()}).add({4, "ok", -1e-9});
  Provenance provenance{.program = "demo"};
  provenance.seed = 5;
  provenance.set("rate", 1e-3).set("init", "identity");
  Report report("Ranks & norms");
  report.text("First <b>paragraph</b>.").heading("Ends").table(table, "End of each run");
  report.chart({.title = "Loss", .x_label = "iteration", .y_label = "error (1)"}, {{"a", {0, 1}, {1, 2}}});
  report.settings(provenance).write(folder / "report.html");
  const std::string page = scratch::get(folder / "report.html");
  CHECK(page == report.page());
  CHECK(folder.files() == 1);
  std::size_t at = 0;
  for (const char* part : {"<!DOCTYPE html>", "<meta charset=\"utf-8\">", "<title>Ranks &amp; norms</title>", "<h1>Ranks &amp; norms</h1>",
                           "<p>First &lt;b&gt;paragraph&lt;/b&gt;.</p>", "<h2>Ends</h2>", "<caption>End of each run</caption>",
                           "<th>depth</th><th class=\"t\">why</th><th>error</th>",
                           "<tr><td>2</td><td class=\"t\">&lt;stalled&gt;</td><td>0.333333</td></tr>", "<td>\u2013</td>",
                           "<td>\xE2\x88\x92"
                           "1e-09</td>",
                           "<figcaption>Loss</figcaption>", "<h2>Settings</h2>", "<td class=\"t\">program</td><td class=\"t\">demo</td>",
                           "<td class=\"t\">seed</td><td class=\"t\">5</td>", "<td class=\"t\">rate</td><td class=\"t\">0.001</td>",
                           "<td class=\"t\">init</td><td class=\"t\">identity</td>", "<footer>Written by Tacit ", "</html>"}) {
    const std::size_t found = page.find(part, at);
    INFO(part);
    REQUIRE(found != std::string::npos);
    at = found;
  }
  for (const char* outside : {"src=", "href=\"h", "url(", "@import", "fetch(", "https:"}) {
    INFO(outside);
    CHECK_FALSE(mentions(page, outside));
  }
}

TEST_CASE("the script draws where the chart was drawn") {
  const std::string script = detail::report_script;
  using P = detail::PlotArea;
  CHECK(mentions(script, "left = " + shortest(P::left) + ", right = " + shortest(P::right) + ", top = " + shortest(P::top) +
                             ", bottom = " + shortest(P::bottom)));
  CHECK(mentions(script, shortest(P::width) + " / box.width"));
}

TEST_CASE("a report that cannot be written says so and leaves the old one") {
  scratch::Folder folder;
  const std::string path = folder / "no/report.html";
  CHECK(mentions(scratch::file_error_of(path, [&] { Report("x").write(path); }), ": cannot be written: No such file or directory"));
}
