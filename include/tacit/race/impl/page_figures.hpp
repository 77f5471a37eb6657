// SPDX-License-Identifier: MIT
#pragma once
// What the page of a race draws (race/page.hpp): its tables turned into charts with bands, profiles and heat maps.

#include <algorithm>
#include <cmath>

#include "../../output/report_bands.hpp"
#include "../../output/report_heat_map.hpp"
#include "../beliefs.hpp"
#include "../page.hpp"

namespace tacit {

namespace detail {

/// The values of a text column, each once, in order of appearance.
inline std::vector<std::string> distinct(const Table& table, const std::string& column) {
  std::vector<std::string> names;
  for (Index r = 0; r < table.rows(); ++r) {
    std::string name = table.at(r, column).text();
    if (std::find(names.begin(), names.end(), name) == names.end()) names.push_back(std::move(name));
  }
  return names;
}
inline double median_of(std::vector<double> values) {
  std::erase_if(values, [](double v) { return std::isnan(v); });
  if (values.empty()) return std::nan("");
  std::sort(values.begin(), values.end());
  const std::size_t n = values.size();
  return n % 2 ? values[n / 2] : 0.5 * (values[n / 2 - 1] + values[n / 2]);
}

/// Entrants in the order of their results, those that only the curves know behind them: the colours of the page.
inline std::vector<std::string> page_entrants(const RacePage& page) {
  std::vector<std::string> names = page.results.rows() ? distinct(page.results, "entrant") : std::vector<std::string>();
  for (const Table* table : {&page.bands, &page.added})
    if (table->rows())
      for (std::string& name : distinct(*table, "entrant"))
        if (std::find(names.begin(), names.end(), name) == names.end()) names.push_back(std::move(name));
  return names;
}
inline std::size_t place_of(const std::vector<std::string>& names, const std::string& name) {
  return static_cast<std::size_t>(std::find(names.begin(), names.end(), name) - names.begin());
}

/// Median seconds of a gradient equivalent of an entrant on a problem.
inline double seconds_per_gradient(const RacePage& page, const std::string& problem, const std::string& entrant) {
  std::vector<double> rates;
  for (Index r = 0; r < page.seconds.rows(); ++r) {
    if (page.seconds.at(r, "problem").text() != problem || page.seconds.at(r, "entrant").text() != entrant) continue;
    for (Index k = 0; k < page.runs.rows(); ++k)
      if (page.runs.at(k, "problem").text() == problem && page.runs.at(k, "entrant").text() == entrant &&
          page.runs.at(k, "seed").text() == page.seconds.at(r, "seed").text() && page.runs.at(k, "gradients").number() > 0)
        rates.push_back(page.seconds.at(r, "seconds").number() / page.runs.at(k, "gradients").number());
  }
  return median_of(rates);
}

struct PageFigure {
  std::string name;  ///< of its file
  BandChart chart;
  std::vector<BandSeries> series;
};

inline std::vector<PageFigure> curve_figures(const RacePage& page, const std::vector<std::string>& entrants) {
  std::vector<PageFigure> figures;
  if (!page.bands.rows()) return figures;
  for (const std::string& problem : distinct(page.bands, "problem")) {
    PageFigure work{
        "curves_" + std::to_string(figures.size() / 2 + 1) + "_work",
        {.title = problem, .x_label = "gradient equivalents", .y_label = "relative loss (best so far)", .log_x = true, .least = 1e-16},
        {}};
    for (Index r = 0; r < page.bands.rows(); ++r) {
      if (page.bands.at(r, "problem").text() != problem) continue;
      const std::string entrant = page.bands.at(r, "entrant").text();
      auto at = std::find_if(work.series.begin(), work.series.end(), [&](const BandSeries& s) { return s.name == entrant; });
      if (at == work.series.end()) {
        work.series.push_back({entrant, {}, {}, {}, {}, place_of(entrants, entrant)});
        at = work.series.end() - 1;
      }
      at->x.push_back(page.bands.at(r, "gradients").number());
      at->y.push_back(page.bands.at(r, "best").number());
      at->low.push_back(page.bands.at(r, "best_low").number());
      at->high.push_back(page.bands.at(r, "best_high").number());
    }
    PageFigure time = work;
    time.name.replace(time.name.size() - 4, 4, "seconds");
    time.chart.x_label = "seconds";
    for (BandSeries& s : time.series) {
      const double each = seconds_per_gradient(page, problem, s.name);
      for (double& x : s.x) x *= each;
    }
    for (Index r = 0; r < page.added.rows(); ++r) {  // their seconds are those of another program, and are not drawn
      if (page.added.at(r, "problem").text() != problem) continue;
      const std::string name = page.added.at(r, "entrant").text();
      auto at = std::find_if(work.series.begin(), work.series.end(), [&](const BandSeries& s) { return s.name == name; });
      if (at == work.series.end()) {
        work.series.push_back({name, {}, {}, {}, {}, place_of(entrants, name)});
        at = work.series.end() - 1;
      }
      at->x.push_back(page.added.at(r, "gradients").number());
      at->y.push_back(page.added.at(r, "best").number());
    }
    figures.push_back(std::move(work));
    figures.push_back(std::move(time));
  }
  return figures;
}

inline std::vector<PageFigure> profile_figures(const RacePage& page, const std::vector<std::string>& entrants) {
  std::vector<PageFigure> figures;
  if (!page.profiles.rows()) return figures;
  for (const std::string& target : distinct(page.profiles, "target")) {
    PageFigure one{"profile_" + target,
                   {.title = "Relative loss " + target,
                    .x_label = "work over that of the quickest, tau",
                    .y_label = "share of problems and seeds",
                    .log_x = true,
                    .both = false},
                   {}};
    for (Index r = 0; r < page.profiles.rows(); ++r) {
      if (page.profiles.at(r, "target").text() != target) continue;
      const std::string entrant = page.profiles.at(r, "entrant").text();
      if (one.series.empty() || one.series.back().name != entrant)
        one.series.push_back({entrant, {}, {}, {}, {}, place_of(entrants, entrant), true});
      one.series.back().x.push_back(page.profiles.at(r, "tau").number());
      one.series.back().y.push_back(page.profiles.at(r, "share").number());
    }
    figures.push_back(std::move(one));
  }
  return figures;
}

struct PageHeatMap {
  std::string name;
  HeatMap map;
};

/// One a quantity and problem, of the medians over those seeds that reached the target (or stayed finite): a star where that are not all,
/// a dagger where it is nobody, and the median is of what they had at the end.
inline std::vector<PageHeatMap> atlas_maps(const Table& atlas, const std::string& moment, const std::string& quantity) {
  std::vector<PageHeatMap> maps;
  const std::string column = moment + quantity, mark = moment == "target_" ? "reached" : "finite";
  const std::vector<std::string> rows = distinct(atlas, "optimizer"), depths = distinct(atlas, "depth"), scales = distinct(atlas, "scale");
  for (const std::string& problem : distinct(atlas, "problem")) {
    PageHeatMap one{"atlas_" + column + "_" + short_name(problem),
                    {.title = short_name(problem), .rows = rows, .col_label = "columns: start scale"}};
    one.map.star = mark == "reached" ? "not all seeds reached the target" : "not all seeds stayed finite";
    one.map.dagger = mark == "reached" ? "no seed reached the target: at the end" : "no seed stayed finite: the last that was";
    std::vector<std::vector<double>> values(rows.size() * depths.size() * scales.size()), others(values.size());
    one.map.marked.assign(values.size(), 0);
    for (const std::string& depth : depths) {
      one.map.groups.push_back("depth " + depth);
      one.map.cols.insert(one.map.cols.end(), scales.begin(), scales.end());
    }
    for (Index r = 0; r < atlas.rows(); ++r) {
      if (atlas.at(r, "problem").text() != problem) continue;
      const std::size_t at =
          (place_of(rows, atlas.at(r, "optimizer").text()) * depths.size() + place_of(depths, atlas.at(r, "depth").text())) *
              scales.size() +
          place_of(scales, atlas.at(r, "scale").text());
      (number_or_nan(atlas, r, mark) == 1 ? values : others)[at].push_back(number_or_nan(atlas, r, column));
    }
    bool anything = false;
    for (std::size_t k = 0; k < values.size(); ++k) {
      one.map.marked[k] = others[k].empty() ? 0 : values[k].empty() ? 2 : 1;
      one.map.values.push_back(median_of(values[k].empty() ? others[k] : values[k]));
      anything = anything || std::isfinite(one.map.values.back());
    }
    if (anything) maps.push_back(std::move(one));
  }
  return maps;
}
inline const std::vector<std::string>& page_quantities() {
  static const std::vector<std::string> names{"effective_rank", "nuclear_ratio", "schatten",     "unseen_error", "sharpness",
                                              "edge",           "path_norm",     "balancedness", "l1",           "relative_loss"};
  return names;
}

}  // namespace detail
}  // namespace tacit
