// SPDX-License-Identifier: MIT
#pragma once
// What a single column of a table holds, by its cells and its name: text, whole numbers, ids or codes, parts of a date, nothing at all.
// table_roles.hpp tells the rules, and makes labels and data of them.                                                   O(rows) a question

#include <vector>

#include "table_header.hpp"

namespace tacit::detail {

class ColumnKinds {
 protected:
  ColumnKinds(TableScan& scan, const CsvOptions& options)
      : scan_(scan), options_(options), named_(scan.width, false), dropped_(scan.width, false) {}

  Index rows() const { return rows_ ? rows_ : scan_.rows() - 1; }
  /// How many cells are numbers of the column's kind, and how many are not.
  std::pair<Index, Index> numbers_and_others(std::size_t c) const {
    const ColumnCount& n = scan_.columns[c];
    const Index plain = scan_.numbers(c, rows()) + n.limits + n.not_finite;
    if (plain + n.units == 0) return n.text ? std::pair<Index, Index>(0, n.text + n.booleans) : std::pair<Index, Index>(n.booleans, 0);
    return plain >= n.units ? std::pair(plain, n.units + n.booleans + n.text) : std::pair(n.units, plain + n.booleans + n.text);
  }
  bool few_others(std::size_t c) const {
    const auto [numbers, others] = numbers_and_others(c);
    if (numbers == 0 || others == 0) return false;
    const std::size_t kinds = scan_.columns[c].texts.size();
    if (numbers >= others && c > 0 && !whole(c)) return true;  // measured
    return others == 1 || (others <= 20 && 20 * others < numbers + others) || (numbers >= others && kinds <= 3);
  }
  bool holds_text(std::size_t c) const {
    if (named_[c]) return true;
    const ColumnCount& n = scan_.columns[c];
    const auto [numbers, others] = numbers_and_others(c);
    if (others == 0 && n.zero_led && n.units == 0 && leading_zeros(c)) return true;
    if (others == 0) return n.limits > 0 && n.limits == numbers;
    return !few_others(c) || (c == 0 && n.units == 0 && whole(0));
  }
  bool whole(std::size_t c) const {
    for (Index i = scan_.rows() - rows(); i < scan_.rows(); ++i)
      if (const double x = scan_.at(i, c); !std::isnan(x) && !is_whole(x)) return false;
    return true;
  }
  /// Whole numbers of which some have leading zeros, in a file where others have none: codes, such as 00501.
  bool leading_zeros(std::size_t c) const {
    if (options_.row_labels == Labels::absent || scan_.width < 2 || !whole(c)) return false;
    for (std::size_t other = 0; other < scan_.width; ++other)
      if (scan_.numbers(other, rows()) > 0 && !(scan_.columns[other].zero_led && whole(other))) return true;
    return false;
  }
  /// Numbers that are ids or codes by the column's name.
  bool is_code(std::size_t c) const {
    const ColumnCount& n = scan_.columns[c];
    return header_ && options_.row_labels != Labels::absent && n.units + n.booleans == 0 && numbers_and_others(c).second == 0 &&
           names_codes(label_text(scan_.first[c])) && whole(c);
  }
  /// Part of a date, in each row.
  bool is_calendar(std::size_t c) const {
    const ColumnCount& n = scan_.columns[c];
    return header_ && !dropped_[c] && scan_.numbers(c, rows()) == rows() && n.units == 0 && names_calendar(label_text(scan_.first[c])) &&
           whole(c);
  }
  /// Neither a name nor anything else: what spreadsheets leave behind the last column.
  bool is_blank(std::size_t c) const {
    return scan_.columns[c].missing == rows() && scan_.columns[c].all_empty && scan_.width > 2 &&
           (header_ ? scan_.first[c].empty() : c + 1 == scan_.width);
  }

  TableScan& scan_;
  const CsvOptions& options_;
  std::vector<bool> named_, dropped_;  ///< by the options: text, to be left out
  bool header_ = false;
  Index rows_ = 0;  ///< 0: not known yet
};

}  // namespace tacit::detail
