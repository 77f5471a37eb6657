// SPDX-License-Identifier: MIT
#pragma once
// The page of a race (race/page.hpp), compiled once.

#include "../../core/compiled.hpp"
#include "../../output/report.hpp"
#include "../../output/report_sortable.hpp"
#include "page_figures.hpp"

namespace tacit {

namespace detail {

inline std::string settings_table(const char* heading, const NamedCells& cells) {
  if (cells.empty()) return "";
  std::string out = sentence("<h3>", heading, "</h3>\n<div class=\"scroll\"><table class=\"settings\"><tbody>\n");
  for (const auto& [name, cell] : cells)
    out += "<tr><td class=\"t\">" + html(name) + "</td><td class=\"t\">" +
           html(cell.is_text() || cell.is_integer() ? cell.text() : shortest(cell.number())) + "</td></tr>\n";
  return out + "</tbody></table></div>\n";
}
inline std::string word_list(const std::vector<std::string>& words) {
  std::string out = "<ul class=\"words\">\n";
  for (const std::string& one : words) out += "<li>" + html(one) + "</li>\n";
  return out + "</ul>\n";
}
inline std::string paragraph(const std::string& text) { return "<p>" + html(text) + "</p>\n"; }

inline std::string race_sections(const RacePage& page) {
  std::string out;
  const std::vector<std::string> entrants = page_entrants(page);
  if (page.results.rows()) {
    out += "<section><h2>Results</h2>\n" + sortable_table(page.results, "On fresh seeds; a click on a head sorts");
    out += paragraph(
        "score: the mean over targets of the integral of the performance profile up to tau max, 1 for who is always first. solved: targets "
        "on problems that "
        "the quorum of seeds and the median reached. Runs that diverged count as not reaching.");
    if (!page.remarks.empty()) out += "<h3>To know before reading on</h3>\n" + word_list(page.remarks);
    if (page.seconds_scores.rows())
      out += "<details><summary>The same scores by seconds</summary>\n" + sortable_table(page.seconds_scores) + "</details>\n";
    out += "</section>\n";
  }
  const std::vector<PageFigure> curves = curve_figures(page, entrants), profiles = profile_figures(page, entrants);
  const char* button = "<p><button type=\"button\" class=\"switch\">Axes: logarithmic (switch to linear)</button></p>\n";
  if (!curves.empty()) {
    out += "<section><h2>Loss curves</h2>\n" +
           paragraph(
               "Best relative loss so far; the line is the median over fresh seeds, the band goes from the lower to the upper quartile. By "
               "gradient "
               "equivalents, and by seconds of this machine.") +
           button + band_legend(entrants) + "<div class=\"columns\">\n";
    for (const PageFigure& one : curves) out += band_figure(one.chart, one.series);
    out += "</div></section>\n";
  }
  if (!profiles.empty()) {
    out += "<section><h2>Performance profiles</h2>\n" +
           paragraph(
               "The share of pairs of problem and seed on which an optimizer reached the target with at most tau times the work of the "
               "quickest.") +
           band_legend(entrants) + "<div class=\"columns\">\n";
    for (const PageFigure& one : profiles) out += band_figure(one.chart, one.series);
    out += "</div></section>\n";
  }
  if (page.cells.rows())
    out += "<section><h2>By problem</h2>\n" +
           sortable_table(page.cells, "What was chosen on tuning seeds, and what it reached on fresh ones") + "</section>\n";
  if (page.runs.rows())
    out += "<section><h2>All runs</h2>\n<details><summary>" + std::to_string(page.runs.rows()) + " runs on fresh seeds</summary>\n" +
           sortable_table(page.runs) + "</details></section>\n";
  return out;
}

inline std::string atlas_sections(const RacePage& page) {
  if (!page.atlas.rows()) return "";
  Index reached = 0;
  for (Index r = 0; r < page.atlas.rows(); ++r) reached += number_or_nan(page.atlas, r, "reached") == 1;
  std::string out =
      "<section><h2>Atlas: which solution</h2>\n" +
      paragraph(
          sentence(page.atlas.rows(), " runs, ", reached,
                   " of which reached the target loss. Medians over seeds, at equal training loss and, "
                   "folded in, at the end of the budget. A star: not all seeds reached the target (or stayed finite), and the median is "
                   "of those that did. A dagger: none did, and what they had at the end stands there, which the colours leave aside. "
                   "Hatched: the model has no such quantity."));
  for (const std::string& problem : distinct(page.atlas, "problem")) out += paragraph(short_name(problem) + ": " + problem);
  for (const std::string& quantity : page_quantities()) {
    const std::vector<PageHeatMap> target = atlas_maps(page.atlas, "target_", quantity), end = atlas_maps(page.atlas, "end_", quantity);
    if (target.empty() && end.empty()) continue;
    std::string what = quantity_in_words(quantity).what;
    what[0] = static_cast<char>(std::toupper(static_cast<unsigned char>(what[0])));
    out += "<h3>" + html(what) + "</h3>\n<div class=\"columns wide\">";
    for (const PageHeatMap& one : target) out += heat_map_figure(one.map);
    out += "</div><details><summary>" + html(what) + " at the end of the budget</summary><div class=\"columns wide\">";
    for (const PageHeatMap& one : end) out += heat_map_figure(one.map);
    out += "</div></details>\n";
  }
  out += "</section>\n";
  if (!page.words.empty()) out += "<section><h2>What differs beyond the noise of seeds</h2>\n" + word_list(page.words) + "</section>\n";
  if (page.beliefs.rows()) {
    std::vector<std::string> surprises;
    Table counts({"belief", "holds", "open", "fails"});
    for (const std::string& belief : distinct(page.beliefs, "belief")) {
      Index held = 0, open = 0, failed = 0;
      std::vector<std::pair<double, std::string>> cells;
      for (Index r = 0; r < page.beliefs.rows(); ++r) {
        if (page.beliefs.at(r, "belief").text() != belief) continue;
        const std::string verdict = page.beliefs.at(r, "verdict").text();
        held += verdict == "holds", open += verdict == "open", failed += verdict == "fails";
        if (verdict == "fails") cells.emplace_back(page.beliefs.at(r, "p").number(), page.beliefs.at(r, "words").text());
      }
      counts.add({belief, held, open, failed});
      std::stable_sort(cells.begin(), cells.end(), [](const auto& a, const auto& b) { return a.first < b.first; });
      for (std::size_t k = 0; k < cells.size() && k < 3; ++k)
        surprises.push_back((k ? "" : "Fails: " + belief + " ") + cells[k].second +
                            (k == 2 && cells.size() > 3 ? sentence(" ... and in ", cells.size() - 3, " more cells.") : "."));
    }
    out += "<section><h2>Surprises</h2>\n" +
           paragraph(
               "Common beliefs, each asked in every cell: it fails where the opposite stands out of the noise of seeds "
               "(Holm over its cells, 5 %).") +
           sortable_table(counts) +
           (surprises.empty() ? paragraph("None: no belief fails beyond noise in any cell.") : word_list(surprises)) +
           "<details><summary>All " + std::to_string(page.beliefs.rows()) + " cells</summary>\n" +
           sortable_table(page.beliefs, {}, {"belief", "cell", "x", "low", "high", "p", "verdict"}) + "</details></section>\n";
  }
  if (page.rerun.rows()) {
    Index held = 0;
    for (Index r = 0; r < page.rerun.rows(); ++r) held += page.rerun.at(r, "verdict").text() == "held";
    out += "<section><h2>The claims on fresh seeds</h2>\n" +
           paragraph(sentence(held, " of ", page.rerun.rows(), " claims held: the same direction, beyond noise.")) +
           "<details><summary>Each claim</summary>\n" +
           sortable_table(page.rerun, {}, {"verdict", "first", "second", "second_low", "second_high", "seeds", "p", "claim"}) +
           "</details></section>\n";
  }
  out += "<section><h2>All runs of the atlas</h2>\n<details><summary>" + std::to_string(page.atlas.rows()) + " runs</summary>\n" +
         sortable_table(page.atlas, {},
                        {"problem",
                         "depth",
                         "scale",
                         "optimizer",
                         "seed",
                         "value",
                         "on_edge",
                         "reached",
                         "reached_at",
                         "work",
                         "ended",
                         "target_effective_rank",
                         "target_nuclear_ratio",
                         "target_unseen_error",
                         "target_sharpness",
                         "end_relative_loss",
                         "end_effective_rank",
                         "end_nuclear_ratio",
                         "end_unseen_error",
                         "end_sharpness"}) +
         "</details></section>\n";
  return out;
}

}  // namespace detail

TACIT_INLINE std::string race_page(const RacePage& page) {
  Report report(page.title);
  report.piece(detail::race_sections(page) + detail::atlas_sections(page) + "<section><h2>Made by</h2>\n" +
               detail::settings_table("Protocol", page.protocol) + detail::settings_table("Machine and command", page.made) +
               "</section>\n");
  report.extras(detail::sortable_style, detail::sortable_script);
  return report.page();
}

TACIT_INLINE std::vector<std::pair<std::string, std::string>> race_figures(const RacePage& page) {
  std::vector<std::pair<std::string, std::string>> figures;
  const std::string style =
      "<style>text{font:13px system-ui,Arial,sans-serif;fill:#333}.grid line{stroke:#dcdcdc}.frame{fill:none;stroke:#888}.series "
      "path{fill:none;stroke-width:1.8}"
      ".series path.band{stroke:none;opacity:.14}.heat text,text.heat{font-size:12px}</style>";
  const auto add = [&](const std::string& name, std::string svg) {
    svg.insert(svg.find('>') + 1, style);
    svg.insert(4, " xmlns=\"http://www.w3.org/2000/svg\"");
    figures.emplace_back(name, std::move(svg));
  };
  const std::vector<std::string> entrants = detail::page_entrants(page);
  for (const detail::PageFigure& one : detail::curve_figures(page, entrants)) add(one.name, detail::band_svg(one.chart, one.series, true));
  for (const detail::PageFigure& one : detail::profile_figures(page, entrants))
    add(one.name, detail::band_svg(one.chart, one.series, false));
  if (page.atlas.rows())
    for (const char* moment : {"target_", "end_"})
      for (const std::string& quantity : detail::page_quantities())
        for (const detail::PageHeatMap& one : detail::atlas_maps(page.atlas, moment, quantity))
          add(one.name, detail::heat_map_svg(one.map));
  return figures;
}

}  // namespace tacit
