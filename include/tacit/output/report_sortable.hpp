// SPDX-License-Identifier: MIT
#pragma once
// Tables that are sorted by a click on a column's head, by a few lines of script of their own, and the style and script of small charts:
// the switch between logarithmic and linear axes and legends that hide a colour in their whole section. Without the script everything is
// shown, in the order of the table. Numbers sort as numbers whatever they look like: each cell carries its value. What is missing sorts
// last, both ways.

#include <string>
#include <string_view>
#include <vector>

#include "../io/table.hpp"
#include "report_axis.hpp"

namespace tacit::detail {

/// All rows; with `columns`, of these columns alone and in that order. Numbers to `digits` digits.
inline std::string sortable_table(const Table& table, std::string_view caption = {}, std::vector<std::string> columns = {},
                                  int digits = 4) {
  if (columns.empty())
    for (Index c = 0; c < table.cols(); ++c) columns.push_back(table.name(c));
  std::string out = "<div class=\"scroll\"><table class=\"sortable\">";
  if (!caption.empty()) out += "<caption>" + html(caption) + "</caption>";
  std::vector<char> text;
  out += "<thead><tr>";
  for (const std::string& name : columns) {
    bool is_text = false;
    for (Index c = 0; c < table.cols(); ++c) is_text = is_text || (table.name(c) == name && table.is_text(c));
    text.push_back(is_text);
    std::string words = name;
    for (char& c : words)
      if (c == '_') c = ' ';
    out += std::string("<th") + (is_text ? " class=\"t\"" : "") + "><button type=\"button\">" + html(words) + "</button></th>";
  }
  out += "</tr></thead><tbody>\n";
  for (Index r = 0; r < table.rows(); ++r) {
    out += "<tr>";
    for (std::size_t c = 0; c < columns.size(); ++c) {
      const Cell cell = table.at(r, columns[c]);
      if (cell.is_missing()) out += "<td>\u2013</td>";
      else if (text[c]) out += "<td class=\"t\">" + html(cell.text()) + "</td>";
      else if (std::isinf(cell.number()))
        out += std::string("<td data-v=\"") + (cell.number() > 0 ? "Infinity\">never" : "-Infinity\">\u2212\u221E") + "</td>";
      else
        out +=
            "<td data-v=\"" + cell.text() + "\">" + with_minus(cell.is_integer() ? cell.text() : rounded(cell.number(), digits)) + "</td>";
    }
    out += "</tr>\n";
  }
  return out + "</tbody></table></div>\n";
}

inline constexpr const char* sortable_style = R"css(
html { scroll-padding-top: 8px; }
.columns { display: grid; grid-template-columns: repeat(auto-fill, minmax(min(100%, 430px), 1fr)); gap: 4px 24px; }
.columns.wide { grid-template-columns: 1fr; }
.columns figure { margin: .6em 0 .8em; }
.small .plot text { font-size: 13px; }
.small .plot .label { font-size: 13.5px; }
.series path.band { stroke: none; opacity: .14; }
.linear svg.log, body:not(.linear) svg.lin { display: none; }
.off { display: none; }
figure.heat { max-width: none; margin: .8em 0 1.2em; }
.heat text { font-size: 12px; fill: #1c1c1c; font-variant-numeric: tabular-nums; }
.legend.shared { margin-left: 0; position: sticky; top: 0; background: rgba(255,255,255,.95); padding: 4px 0; z-index: 1; }
.switch { font: inherit; font-size: 14px; padding: 3px 10px; border: 1px solid #999; border-radius: 4px; background: #fff; cursor: pointer; }
th button { font: inherit; font-weight: 600; color: inherit; background: none; border: 0; padding: 0; cursor: pointer; white-space: nowrap; }
th[aria-sort] button { text-decoration: underline; }
th[aria-sort=ascending] button::after { content: " \25B2"; font-size: .75em; }
th[aria-sort=descending] button::after { content: " \25BC"; font-size: .75em; }
details { margin: .8em 0; }
summary { cursor: pointer; font-weight: 600; }
table.settings td { white-space: normal; overflow-wrap: anywhere; vertical-align: top; }
table.settings td:first-child { min-width: 7em; max-width: 34em; }
table.settings td:last-child { min-width: 9em; max-width: 40em; }
ul.words { padding-left: 1.2em; max-width: 62em; }
ul.words li { margin: .35em 0; overflow-wrap: anywhere; }
.sortable td { vertical-align: top; }
.sortable td.t { white-space: normal; overflow-wrap: break-word; max-width: min(24em, 52vw); }
figure.heat .scroll { margin: .3em 0 .4em; }
@media (max-width: 500px) { body { padding: 14px 12px 32px; font-size: 15px; } .legend button { font-size: 13px; padding: 1px 3px; } .legend.shared { position: static; } }
)css";

inline constexpr const char* sortable_script = R"js(
for (const table of document.querySelectorAll("table.sortable")) table.querySelectorAll("th").forEach((head, c) => head.firstChild.addEventListener("click", () => {
  const up = head.getAttribute("aria-sort") !== "ascending", body = table.tBodies[0];
  table.querySelectorAll("th").forEach(other => other.removeAttribute("aria-sort"));
  head.setAttribute("aria-sort", up ? "ascending" : "descending");
  const value = row => { const cell = row.cells[c], v = cell.dataset.v; return v !== undefined ? +v : cell.textContent === "\u2013" ? null : cell.textContent; };
  const rows = [...body.rows].map((row, k) => [value(row), k, row]);
  rows.sort((a, b) => a[0] === b[0] ? a[1] - b[1] : a[0] === null ? 1 : b[0] === null ? -1 : (a[0] < b[0] ? -1 : 1) * (up ? 1 : -1));
  body.append(...rows.map(row => row[2]));
}));
for (const button of document.querySelectorAll(".switch")) button.addEventListener("click", () => {
  const linear = document.body.classList.toggle("linear");
  document.querySelectorAll(".switch").forEach(one => one.textContent = linear ? "Axes: linear (switch to logarithmic)" : "Axes: logarithmic (switch to linear)");
});
for (const button of document.querySelectorAll(".legend.shared button")) button.addEventListener("click", () => {
  const off = button.getAttribute("aria-pressed") === "true";
  button.setAttribute("aria-pressed", String(!off));
  button.closest("section").querySelectorAll('.series [data-series="' + button.dataset.series + '"]').forEach(one => one.classList.toggle("off", off));
});
)js";

}  // namespace tacit::detail
