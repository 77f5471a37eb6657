// SPDX-License-Identifier: MIT
#pragma once
// What each column of a table is, by all of its cells: data, row labels, or carried along as it is. A column that holds text is text; but
// where nearly all cells are numbers (one text, or less than 5 % and at most 20, or a majority of numbers among which no more than three
// different texts stand, or of numbers with decimals) it is refused with the first such cell, since a misprint or an unknown spelling of a
// gap is likelier, unless it is the first column and its numbers are whole: ids.
//   row labels   the first column, if it holds text, or stands under an empty cell of the header, or if under a header its numbers are in
//                even steps (as no other column is), or whole, all different and called id, name, year, ...; where its texts repeat, together
//                with the columns of text next to it; texts of which more than half repeat are no labels
//   carried      all other columns of text, ids and codes by their names (zip_code) or leading zeros (00501), columns without a name and a
//                number, and those that the options name
// Numbers that are parts of a date (year, quarter) join labels that repeat.
// Values below a limit of detection (<0.5) are refused in columns of numbers: they are neither a number nor a gap.

#include <algorithm>
#include <string>
#include <string_view>
#include <unordered_set>
#include <vector>

#include "column_kinds.hpp"
#include "label_time.hpp"

namespace tacit::detail {

struct TableRoles {
  bool header = false;
  std::vector<std::size_t> labels, data, carried;  ///< columns
  std::vector<std::size_t> perhaps_numbers;        ///< of the carried ones, whose texts all begin as numbers and that nobody called text
  bool labels_differ = false;                      ///< all label texts are known to be different
  std::vector<std::string> label_texts;            ///< of the rows, where there are labels
  std::vector<std::string> remarks;
};

/// Whether labels that are not empty differ; false also where only their hashes do not. Sorted hashes take half the time of a table of texts.
inline bool surely_different(const std::vector<std::string>& labels) {
  std::vector<std::size_t> hashes;
  hashes.reserve(labels.size());
  for (const std::string& label : labels)
    if (!label.empty()) hashes.push_back(std::hash<std::string_view>{}(label));
  std::sort(hashes.begin(), hashes.end());
  return std::adjacent_find(hashes.begin(), hashes.end()) == hashes.end();
}

class RoleFinder : ColumnKinds {
 public:
  RoleFinder(TableScan& scan, const CsvOptions& options) : ColumnKinds(scan, options) {}

  TableRoles find() {
    for (const std::string& name : options_.text_columns) named_[column_called(name, "--text-columns")] = true;
    for (const std::string& name : options_.drop_columns) dropped_[column_called(name, "--drop-columns")] = true;
    std::size_t label = 0;
    if (!options_.label_column.empty()) label = column_called(options_.label_column, "--row-labels");
    std::vector<bool> numeric(scan_.width);
    for (std::size_t c = 0; c < scan_.width; ++c) numeric[c] = !holds_text(c) && !dropped_[c];
    if (!options_.label_column.empty()) numeric[label] = false;
    header_ = roles_.header =
        options_.header == Labels::present ||
        (options_.header == Labels::detect && (by_name_ || scan_.top.no_corner || first_is_header(scan_, numeric, roles_.remarks)));
    if (!roles_.header) scan_.take_first();
    else scan_.drop_empty_tail();
    rows_ = scan_.rows() - (roles_.header ? 1 : 0);
    if (rows_ == 0) scan_.file.fail("holds a header line and no row of numbers");
    if (!options_.label_column.empty()) set_labels({label});
    else find_labels();
    std::vector<bool> taken(scan_.width, false);
    for (std::size_t c : roles_.labels) taken[c] = true;
    for (std::size_t c = 0; c < scan_.width; ++c)
      if (!taken[c])
        (holds_text(c) || dropped_[c] || is_blank(c) || c == repeated_ids_ || is_code(c) ? roles_.carried : roles_.data).push_back(c);
    for (std::size_t c : roles_.carried)
      if (perhaps_numbers(c)) roles_.perhaps_numbers.push_back(c);
    check_data();
    return std::move(roles_);
  }

  /// As options call a column: by its name, or by its number from 1.
  static std::string name(const TableScan& scan, bool header, std::size_t c) {
    const std::string label = header ? label_text(scan.first[c]) : "";
    return label.empty() ? std::to_string(c + 1) : label;
  }

 private:
  /// 3.5 kg, 3,45,678, 3-8; but neither dates nor codes, nor a few words that repeat (1st, 2nd).
  bool perhaps_numbers(std::size_t c) const {
    const ColumnCount& n = scan_.columns[c];
    LabelTime ignored;
    return n.text > 3 && n.begun_as_number == n.text && n.texts.size() == 4 && !named_[c] && !dropped_[c] &&
           !(header_ && names_codes(label_text(scan_.first[c]))) && !LabelTimeReader(label_text(n.first_text.cell)).read(ignored);
  }
  std::size_t column_called(const std::string& name, const char* option) {
    if (options_.header != Labels::absent)
      for (std::size_t c = 0; c < scan_.width; ++c)
        if (label_text(scan_.first[c]) == name) {
          std::int64_t ignored = 0;
          by_name_ |= !parse_integer(name, ignored);
          return c;
        }
    std::int64_t number = 0;
    if (!parse_integer(name, number) || number < 1 || number > static_cast<std::int64_t>(scan_.width))
      scan_.file.fail(scan_.lines[0], sentence("has no column called '", name, "', which ", option,
                                               " names; columns also have numbers from 1 to ", scan_.width));
    return static_cast<std::size_t>(number - 1);
  }

  void find_labels() {
    if (options_.row_labels == Labels::absent || dropped_[0]) return;
    if (options_.row_labels == Labels::present || scan_.top.no_corner) return set_labels({0});
    if (holds_text(0)) return find_text_labels();
    if (!roles_.header) {
      if (const std::vector<double> ids = column(0); ids.size() >= 5 && scan_.width > 2 && in_even_steps(ids) && !others_in_even_steps())
        roles_.remarks.push_back(sentence("Column 1 counts ", ids[0], ", ", ids[1], ", ", ids[2],
                                          ", ... and is read as data; if it is labels, say --row-labels 1."));
      return;
    }
    if (is_blank(0)) return;  // the frame of | a | b |
    if (scan_.first[0].empty()) return set_labels({0});
    bool others = false;
    for (std::size_t c = 1; c < scan_.width; ++c) others = others || (!holds_text(c) && !dropped_[c] && !is_blank(c));
    if (!others) return;
    if (scan_.columns[0].missing + scan_.columns[0].units + scan_.columns[0].booleans > 0) return;
    const std::vector<double> ids = column(0);
    const bool different = are_different(ids);
    const std::string called = label_text(scan_.first[0]);
    if (different && ((names_ids(called) && whole(0)) || (ids.size() >= 3 && in_even_steps(ids) && !others_in_even_steps())))
      return set_labels({0});
    if (different || !whole(0)) return;
    if ((is_calendar(0) || names_codes(called)) && join_calendar()) return;
    if (!(names_time(lower(called)) || ends_in_id(called))) return;
    set_labels({0});
    if (2 * count_different() >= roles_.label_texts.size() || options_.duplicates != RowsAgain::refuse) return;
    roles_.labels.clear();
    roles_.label_texts.clear();
    repeated_ids_ = 0;
  }
  /// The first column and the parts of a date beside it, if they name all rows together: year and quarter, patient and day.
  bool join_calendar() {
    std::vector<std::size_t> joined{0};
    for (std::size_t c = 1; c < scan_.width && is_calendar(c) && options_.duplicates == RowsAgain::refuse; ++c) {
      joined.push_back(c);
      set_labels(joined);
      roles_.labels_differ = count_different() == roles_.label_texts.size();
      if (roles_.labels_differ) return true;
    }
    roles_.labels.clear();
    roles_.label_texts.clear();
    return false;
  }
  void find_text_labels() {
    std::size_t most = 1;
    while (most < scan_.width && holds_text(most) && !dropped_[most]) ++most;
    set_labels({0});
    std::size_t different = count_different();
    roles_.labels_differ = different == roles_.label_texts.size();
    join(1, most, different);
    if (different < roles_.label_texts.size()) {  // with parts of a date, if these tell all rows apart
      TableRoles before = roles_;
      std::size_t with_dates = different, end = most;
      while (end < scan_.width && (is_calendar(end) || holds_text(end)) && !dropped_[end]) ++end;
      join(most, end, with_dates);
      if (with_dates == roles_.label_texts.size()) different = with_dates;
      else roles_ = std::move(before);
    }
    if (2 * different >= roles_.label_texts.size() || options_.duplicates != RowsAgain::refuse) return;
    roles_.labels.clear();  // a category
    roles_.label_texts.clear();
  }
  /// Columns from ... end - 1 become part of the labels, one by one, each if it tells more rows apart.
  void join(std::size_t from, std::size_t end, std::size_t& different) {
    for (std::size_t c = from; c < end && different < roles_.label_texts.size(); ++c) {
      TableRoles before = roles_;
      std::vector<std::size_t> joined = roles_.labels;
      joined.push_back(c);
      set_labels(std::move(joined));
      if (const std::size_t now = count_different(); now > different) different = now;
      else roles_ = std::move(before);
    }
  }
  std::size_t count_different() const {
    if (surely_different(roles_.label_texts)) return roles_.label_texts.size();
    std::size_t unnamed = 0;
    std::unordered_set<std::string_view> known;
    for (const std::string& text : roles_.label_texts) text.empty() ? static_cast<void>(++unnamed) : static_cast<void>(known.insert(text));
    return known.size() + unnamed;
  }
  std::vector<double> column(std::size_t c) const {
    std::vector<double> x;
    for (Index i = scan_.rows() - rows(); i < scan_.rows(); ++i) x.push_back(scan_.at(i, c));
    return x;
  }
  bool others_in_even_steps() const {
    for (std::size_t c = 1; c < scan_.width; ++c)
      if (!holds_text(c) && in_even_steps(column(c))) return true;
    return false;
  }
  void set_labels(std::vector<std::size_t> columns) {
    roles_.label_texts.clear();
    const auto top = static_cast<std::size_t>(roles_.header ? 1 : 0);
    if (columns.size() == 1 && columns[0] == 0) {
      for (std::size_t k = top; k < scan_.ids.size(); ++k) roles_.label_texts.push_back(label_text(scan_.ids[k]));
    } else {  // another column, or several: once more through the lines
      std::vector<std::string_view> cells;
      scan_.file.rewind();
      for (std::size_t k = top; k < scan_.lines.size() && scan_.file.next();) {
        scan_.file.split(scan_.separator, cells);
        if (scan_.file.line() != scan_.lines[k]) continue;
        std::string text;
        for (std::size_t c : columns) text += (text.empty() ? "" : " ") + label_text(cells[c]);
        roles_.label_texts.push_back(std::move(text));
        ++k;
      }
    }
    roles_.labels = std::move(columns);
  }

  void check_data() const {
    if (roles_.data.empty()) {
      std::size_t shown = scan_.width;  // the first of text, but rather one of numbers with marks, as in 3.7* or (3.7)
      bool marked = false;
      for (std::size_t c = 0; c < scan_.width && !marked; ++c) {
        if (!scan_.columns[c].first_text.line) continue;
        const std::string_view cell = scan_.columns[c].first_text.cell;
        marked = cell.size() < 20 && begins_as_number(cell.substr(std::min(cell.find_first_not_of("([{<>=~*'"), cell.size())));
        if (marked || shown == scan_.width) shown = c;
      }
      if (shown == scan_.width) scan_.file.fail("holds row labels and no column of numbers");
      const Place& text = scan_.columns[shown].first_text;
      scan_.file.fail(sentence("holds no column of numbers: column ", shown + 1, " holds text, '", text.cell.substr(0, 40), "' on line ",
                               text.line, scan_.width == 1 ? "; it has a single column" : "",
                               marked ? "; a number is read where nothing but its unit stands beside it in the whole column" : ""));
    }
    Index line = 0, at = 0;
    std::string why;
    const auto consider = [&](const Place& place, std::size_t c, const std::string& text) {
      if (place.line && (line == 0 || place.line < line)) {
        line = place.line;
        at = static_cast<Index>(c) + 1;
        why = text;
      }
    };
    for (std::size_t c : roles_.data) {
      const ColumnCount& n = scan_.columns[c];
      const std::string called = name(scan_, roles_.header, c);
      if (n.not_finite) consider(n.first_not_finite, c, TextFile::why_no_number(n.status, n.first_not_finite.cell));
      if (n.limits)
        consider(
            n.first_limit, c,
            sentence("'", n.first_limit.cell, "' is a limit, neither a number nor a gap; write a number in its place, or say --missing \"",
                     n.first_limit.cell, "\" to have it filled, or --text-columns ", called, " to leave the column as it is"));
      const auto [numbers, others] = numbers_and_others(c);
      if (others == 0) continue;
      const bool unit = n.units > 0 && n.text + n.booleans == 0;
      const Place& place = unit ? n.first_unit : n.first_text;
      if (!place.line) continue;
      const bool again = roles_.header && place.cell == scan_.first[c];
      consider(place, c,
               TextFile::why_no_number(Number::not_a_number, place.cell) +
                   (unit    ? sentence(" as the ", scan_.numbers(c, rows()), " without '", n.unit, "' in its column; write them alike")
                    : again ? "; it is the column's name: the header comes a second time"
                            : sentence(others > 1 ? sentence(" (one of ", others, " in the column)") : "",
                                       "; if it means missing, say --missing \"", place.cell.substr(0, 40),
                                       "\", if the column is no data --text-columns ", called)));
    }
    std::size_t same = 0;
    for (std::size_t c : roles_.data) same += scan_.columns[c].text == 1 && scan_.columns[c].first_text.line == line;
    if (line && same > 1 && 2 * same > roles_.data.size() && line == scan_.lines[1])
      why = TextFile::why_no_number(Number::not_a_number, scan_.columns[static_cast<std::size_t>(at) - 1].first_text.cell) +
            "; the line holds words where the lines below hold numbers: a second header line? Take it out";
    if (line) scan_.file.fail(line, at, why);
  }

  TableRoles roles_;
  bool by_name_ = false;
  std::size_t repeated_ids_ = std::string::npos;
};

}  // namespace tacit::detail
