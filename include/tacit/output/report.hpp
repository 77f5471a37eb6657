// SPDX-License-Identifier: MIT
#pragma once
// Report: one HTML file that holds everything a run has to show: text, tables, settings and line charts that answer to the mouse (values on
// hover, series switched in the legend). Self-contained: no other file, no network; opens in any browser, prints, and can be mailed.
//
//   Report report("Depth and rank");
//   report.text("Completion of a 100 x 100 matrix of rank 5 from 2000 entries.").table(summary, "End of each run");
//   report.chart({.title = "Effective rank", .x_label = "iteration", .y_label = "effective rank (1)"}, curves(table, "iteration", "rank", {"depth"}));
//   report.settings(provenance).write("out/report.html");

#include <string>
#include <string_view>
#include <vector>

#include "../io/atomic_file.hpp"
#include "../io/provenance.hpp"
#include "report_chart.hpp"
#include "report_page.hpp"

namespace tacit {

class Report {
 public:
  explicit Report(std::string title) : title_(std::move(title)) {}

  Report& heading(std::string_view text) { return put("<h2>" + detail::html(text) + "</h2>\n"); }
  /// A paragraph.
  Report& text(std::string_view text) { return put("<p>" + detail::html(text) + "</p>\n"); }

  /// All rows of the table; numbers rounded to six digits.
  Report& table(const Table& table, std::string_view caption = {}) {
    std::string out = "<div class=\"scroll\"><table>";
    if (!caption.empty()) out += "<caption>" + detail::html(caption) + "</caption>";
    out += "<thead><tr>";
    const auto open = [&](const char* tag, Index c) { return std::string("<") + tag + (table.is_text(c) ? " class=\"t\">" : ">"); };
    for (Index c = 0; c < table.cols(); ++c) out += open("th", c) + detail::html(table.name(c)) + "</th>";
    out += "</tr></thead><tbody>\n";
    for (Index r = 0; r < table.rows(); ++r) {
      out += "<tr>";
      for (Index c = 0; c < table.cols(); ++c) out += open("td", c) + shown(table.at(r, c)) + "</td>";
      out += "</tr>\n";
    }
    return put(out + "</tbody></table></div>\n");
  }

  /// A line chart; every series has as many x as y values.
  Report& chart(const Chart& chart, const std::vector<Series>& series) { return put(detail::chart_html(chart, series)); }

  /// HTML that was made elsewhere, as it is; style and script that it needs.
  Report& piece(const std::string& html) { return put(html); }
  Report& extras(const std::string& style, const std::string& script) {
    style_ += style;
    script_ += script;
    return *this;
  }

  /// What it takes to make this again.
  Report& settings(const Provenance& provenance) {
    std::string out = "<h2>Settings</h2>\n<div class=\"scroll\"><table class=\"settings\"><tbody>\n";
    for (const auto& [name, cell] : provenance.all())
      out += "<tr><td class=\"t\">" + detail::html(name) + "</td><td class=\"t\">" +
             detail::html(cell.is_text() || cell.is_integer() ? cell.text() : shortest(cell.number())) + "</td></tr>\n";
    return put(out + "</tbody></table></div>\n");
  }

  /// The whole page.
  std::string page() const {
    const Provenance here;
    return "<!DOCTYPE html>\n<html lang=\"en\"><head><meta charset=\"utf-8\"><meta name=\"viewport\" content=\"width=device-width, "
           "initial-scale=1\">\n<title>" +
           detail::html(title_) + "</title>\n<link rel=\"icon\" href=\"data:,\">\n<style>" + detail::report_style + style_ +
           "</style></head>\n<body>\n<h1>" + detail::html(title_) + "</h1>\n" + body_ + "<footer>Written by Tacit " + here.version + " (" +
           detail::html(here.compiler) + ")</footer>\n<script>" + detail::report_script + script_ + "</script>\n</body></html>\n";
  }
  /// Writes it, whole or not at all (atomic_file.hpp).
  void write(const std::string& path) const { write_file(path, page()); }

 private:
  Report& put(const std::string& piece) {
    body_ += piece;
    return *this;
  }
  static std::string shown(const Cell& cell) {
    if (cell.is_missing()) return "\u2013";
    if (cell.is_text() || cell.is_integer()) return detail::html(cell.text());
    return detail::with_minus(rounded(cell.number()));
  }

  std::string title_, body_, style_, script_;
};

}  // namespace tacit
