// SPDX-License-Identifier: MIT
#pragma once
// What might be meant otherwise in a table: one number that stands for gaps, such as -200 or 9999, columns that count the rows or hold parts
// of a date, rows of totals; and the line on how the table was read.

#include <algorithm>
#include <cmath>
#include <limits>
#include <map>
#include <string>
#include <vector>

#include "../io/number.hpp"
#include "table_roles.hpp"

namespace tacit::detail {

/// A number that stands for gaps, as it seems: at least three times in the data, at the edge of its columns, and either of nothing but 9s (-99.9, 99999), the end of
/// the integers of a machine (-32768, 65535), or round and negative (-200), and ten times (below) or five times (above) as far out as the next one there; or a million
/// times as far out, of at least 10^15 (1e+20, 9.96921e+36).
inline void remark_on_sentinels(const TableScan& scan, const TableRoles& roles, std::vector<std::string>& remarks) {
  struct Stands {
    Index count = 0, columns = 0;
    double next = 0;
  };
  std::map<double, Stands> found;
  const Index top = roles.header ? 1 : 0;
  for (std::size_t c : roles.data) {
    constexpr double far = std::numeric_limits<double>::infinity();
    struct Edge {
      double first = far, second = far;
      Index count = 0;
      void see(double x) {
        if (x < first) second = first, first = x, count = 1;
        else if (x == first) ++count;
        else if (x < second) second = x;
      }
    } low, high;
    for (Index i = top; i < scan.rows(); ++i)
      if (const double x = scan.at(i, c); !std::isnan(x)) low.see(x), high.see(-x);
    const auto suspect = [&](double x, double next, Index count, bool below) {
      const std::string digits = shortest(std::abs(x));
      if (!std::isfinite(next)) return;
      const auto nines = digits.find_first_not_of("9.") == digits.npos ? std::count(digits.begin(), digits.end(), '9') : 0;
      const double bits = std::log2(std::abs(x) + (x > 0 ? 1 : 0));
      const bool integers_end = bits == 15 || bits == 16 || bits == 31 || bits == 32 || bits == 63 || bits == 64;
      const bool round = below && is_whole(x) && (std::fmod(x, 100) == 0 || x == -9);
      const bool out = below ? x <= -9 && next >= x / 10 : x > 0 && next <= x / 5;
      const bool far_out = std::abs(x) >= 1e15 && (below ? next >= x / 1e6 : next <= x / 1e6);
      if (!far_out && !(out && (nines >= (below ? 2 : 3) || integers_end || round))) return;
      Stands& of = found[x];
      of.next = of.columns == 0 ? next : below ? std::min(of.next, next) : std::max(of.next, next);
      of.count += count;
      ++of.columns;
    };
    suspect(low.first, low.second, low.count, true);
    suspect(-high.first, -high.second, high.count, false);
  }
  for (const auto& [x, of] : found)
    if (of.count >= 3)
      remarks.push_back(sentence(shortest(x), " stands in the data ", of.count, " times, and nothing else in ",
                                 of.columns == 1 ? "its column" : "its columns", " is ", x < 0 ? "below " : "above ", shortest(of.next),
                                 ": if it means missing, say --missing ", shortest(x), "."));
}

/// 'a', 'b', ... and how many more.
inline std::string listed_columns(const TableScan& scan, const TableRoles& roles, const std::vector<std::size_t>& columns) {
  std::string text;
  for (std::size_t k = 0; k < std::min<std::size_t>(columns.size(), 6); ++k) {
    const std::string name = roles.header ? label_text(scan.first[columns[k]]) : "";
    text += (k ? ", " : "") + (name.empty() ? std::to_string(columns[k] + 1) : "'" + name + "'");
  }
  return text + (columns.size() > 6 ? sentence(" and ", columns.size() - 6, " more") : "");
}

/// As in  table, comma-separated, header, first column = labels, text column 'Date' carried along, missing spelled NA, empty.
inline std::string table_in_words(const TableScan& scan, const TableRoles& roles, NumberStyle style) {
  std::string words = "table, " + separator_name(scan.separator) + "-separated";
  const auto add = [&](const std::string& more) { words += more.empty() ? "" : ", " + more; };
  if (scan.file.encoding() == Encoding::latin1) add("Latin-1");
  add(!roles.header          ? "no header"
      : scan.top.lines_above ? sentence("header on line ", scan.lines[0])
      : scan.top.no_corner   ? "header without a corner"
                             : "header");
  if (roles.labels.empty()) add("no row labels");
  else if (roles.labels.size() == 1 && roles.labels[0] == 0) add("first column = labels");
  else add((roles.labels.size() > 1 ? "columns " : "column ") + listed_columns(scan, roles, roles.labels) + " = labels");
  if (style.decimal == ',') add("decimal comma");
  if (style.thousands) add(style.thousands == ',' ? "commas between thousands" : "points between thousands");
  std::vector<std::size_t> text, other;
  for (std::size_t c : roles.carried) (scan.columns[c].text + scan.columns[c].booleans > 0 ? text : other).push_back(c);
  for (const auto& [kind, which] : {std::pair("text column", &text), std::pair("column", &other)})
    if (!which->empty()) add(kind + std::string(which->size() > 1 ? "s " : " ") + listed_columns(scan, roles, *which) + " carried along");
  if (scan.top.lines_above)
    add(sentence(scan.top.lines_above, scan.top.lines_above > 1 ? " lines" : " line", " above the table passed over"));
  if (scan.passed_over)
    add(sentence(scan.passed_over, scan.passed_over > 1 ? " lines" : " line", " between or below the rows passed over"));
  std::uint32_t spelled = 0;
  for (std::size_t c : roles.data) spelled |= scan.columns[c].spelled;
  std::string gaps;
  for (std::size_t k = 0; k < scan.spellings.size(); ++k)
    if (spelled >> k & 1u) gaps += (gaps.empty() ? "missing spelled " : ", ") + (scan.spellings[k].empty() ? "empty" : scan.spellings[k]);
  add(gaps);
  return words;
}

/// Columns and rows that are data to the reader and might be something else: parts of a date, a count of the rows, a line of totals.
inline void remark_on_ids(const TableScan& scan, const TableRoles& roles, std::vector<std::string>& remarks) {
  const Index top = roles.header ? 1 : 0, rows = scan.rows() - top;
  std::vector<std::size_t> calendar, counting;
  for (std::size_t c : roles.data) {
    if (!roles.header) break;
    const auto all = [&](auto holds) {
      for (Index i = 0; i < rows; ++i)
        if (!holds(scan.at(i + top, c), static_cast<double>(i))) return false;
      return true;
    };
    const double first = scan.at(top, c);
    const bool counts = rows >= 10 && (first == 0 || first == 1) && all([&](double x, double i) { return x == first + i; });
    if (counts) counting.push_back(c);
    else if (names_calendar(label_text(scan.first[c])) && all([](double x, double) { return std::isnan(x) || is_whole(x); }))
      calendar.push_back(c);
  }
  const auto remark = [&](const std::vector<std::size_t>& which, const char* what) {
    if (which.empty()) return;
    const bool many = which.size() > 1;
    remarks.push_back(sentence(many ? "Columns " : "Column ", listed_columns(scan, roles, which), many ? " are " : " is ", what,
                               " and read as data; to leave ", many ? "them as they are" : "it as it is", ", say --text-columns ",
                               RoleFinder::name(scan, true, which[0]), many ? ",..." : "", "."));
  };
  remark(counting, "a count of the rows");
  remark(calendar, "part of a date");
  for (std::size_t k = 0; k < roles.label_texts.size(); ++k) {
    if (roles.label_texts[k].size() > 11) continue;
    const std::string label = lower(roles.label_texts[k]);
    for (const char* word : {"total", "totals", "grand total", "sum", "overall", "gesamt", "insgesamt", "summe"})
      if (label == word) {
        remarks.push_back(sentence("Row '", roles.label_texts[k], "' is read as a row like all others; if it sums them up, take it out."));
        return;
      }
  }
}

/// What was read as numbers though it is written otherwise.
inline void remark_on_readings(const TableScan& scan, const TableRoles& roles, std::vector<std::string>& remarks) {
  std::vector<std::size_t> booleans, units;
  for (std::size_t c : roles.data) {
    if (scan.columns[c].booleans) booleans.push_back(c);
    if (scan.columns[c].units) units.push_back(c);
  }
  const auto columns = [&](const std::vector<std::size_t>& which) {
    return (which.size() > 1 ? "columns " : "column ") + listed_columns(scan, roles, which);
  };
  if (!booleans.empty())
    remarks.push_back("TRUE and FALSE are read as 1 and 0 in " + columns(booleans) + ", and gaps are filled with numbers in between.");
  if (!units.empty())
    remarks.push_back(sentence("'", scan.columns[units[0]].first_unit.cell,
                               "' is read as a number without its unit, and gaps are filled with the unit, in ", columns(units), "."));
  if (const auto& text = roles.perhaps_numbers; !text.empty())
    remarks.push_back(sentence("The cells of ", columns(text), " begin as numbers and are none ('",
                               scan.columns[text[0]].first_text.cell.substr(0, 40), "' on line ", scan.columns[text[0]].first_text.line,
                               "), so that ", text.size() > 1 ? "they are" : "it is",
                               " carried along as text; write plain numbers to have ", text.size() > 1 ? "them" : "it", " completed."));
  remark_on_ids(scan, roles, remarks);
  if (scan.top.lines_above) remarks.push_back(sentence("The table begins on line ", scan.lines[0], "; what stands above it is not read."));
}

}  // namespace tacit::detail
