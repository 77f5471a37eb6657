// SPDX-License-Identifier: MIT
#pragma once
// Rating triplets, a line each:  row id, column id, value[, anything else].  Divided by tabs (MovieLens' u.data), commas (ratings.csv), "::"
// (ratings.dat), semicolons or blanks; a first line of which none of the first three cells is a number is a header. Ids become indices:
//   Ids::labels      each different id is a row (column); numeric ids sorted as numbers, others as text; the ids are kept as labels
//   Ids::zero_based  the ids are the indices 0 ... n - 1;   Ids::one_based  they are 1 ... n;   n from the settings or the largest id
// A pair that comes twice is refused, naming both lines; between semicolons and tabs values may have decimal commas. One read of the file, O(m) but for
// sorting the different ids. Memory at the peak: the text and 16 bytes a line, or 40 bytes a line while sorting; what stays is 24 bytes a line.

#include <algorithm>
#include <deque>
#include <numeric>
#include <string>
#include <string_view>
#include <unordered_map>
#include <vector>

#include "csv.hpp"
#include "file.hpp"

namespace tacit {

enum class Ids { labels, zero_based, one_based };

struct TripletOptions {
  char separator = 0;  ///< 0: found in the first line; ':' stands for "::", ' ' for any run of blanks
  Labels header = Labels::detect;
  Ids ids = Ids::labels;
  Index rows = 0, cols = 0;  ///< sizes for zero- and one-based ids; 0: the largest id decides
};

namespace detail {

/// The ids of one column, numbered as they first appear, and sorted at the end. Ids are integers until one turns up that is not; then all are text.
class IdColumn {
 public:
  explicit IdColumn(std::size_t lines) : table_limit_(std::max<std::size_t>(4 * lines, 1 << 16)) { index_.reserve(lines); }

  void push(std::string_view cell) {
    std::int64_t number = 0;
    if (integers_ && !parse_integer(cell, number)) become_text();
    index_.push_back(integers_ ? number_of(number) : number_of(cell));
  }

  /// Indices in the order of the sorted ids, and the ids as labels.
  Entries::Indices rank(std::vector<std::string>& labels) {
    const std::size_t count = integers_ ? integers_known_.size() : texts_.size();
    std::vector<std::int32_t> sorted(count), place(count);
    std::iota(sorted.begin(), sorted.end(), 0);
    const auto at = [](auto& items, std::int32_t k) -> auto& { return items[static_cast<std::size_t>(k)]; };
    std::sort(sorted.begin(), sorted.end(), [&](std::int32_t a, std::int32_t b) {
      return integers_ ? at(integers_known_, a) < at(integers_known_, b) : at(texts_, a) < at(texts_, b);
    });
    labels.reserve(count);
    for (std::int32_t k : sorted) {
      at(place, k) = static_cast<std::int32_t>(labels.size());
      labels.push_back(integers_ ? std::to_string(at(integers_known_, k)) : label_text(at(texts_, k)));
    }
    for (std::int32_t& k : index_) k = at(place, k);
    return std::move(index_);
  }

 private:
  /// Small ids are looked up in a table, others hashed.
  std::int32_t number_of(std::int64_t id) {
    const auto fresh = static_cast<std::int32_t>(integers_known_.size());
    std::int32_t* known = nullptr;
    if (id >= 0 && static_cast<std::uint64_t>(id) < table_limit_) {
      const auto k = static_cast<std::size_t>(id);
      if (k >= table_.size()) table_.resize(std::min(table_limit_, std::max(k + 1, 2 * table_.size())), -1);
      known = &table_[k];
    } else {
      known = &hashed_.emplace(id, -1).first->second;
    }
    if (*known < 0) {
      *known = fresh;
      integers_known_.push_back(id);
    }
    return *known;
  }
  std::int32_t number_of(std::string_view id) {
    const auto [at, fresh] = text_numbers_.emplace(id, static_cast<std::int32_t>(texts_.size()));
    if (fresh) texts_.push_back(id);
    return at->second;
  }
  void become_text() {
    integers_ = false;
    for (std::int64_t id : integers_known_) number_of(spelled_.emplace_back(std::to_string(id)));  // as the file had them: parse_integer
    table_ = {};
    hashed_ = {};
    integers_known_ = {};
  }

  std::size_t table_limit_;
  Entries::Indices index_, table_;
  bool integers_ = true;
  std::vector<std::int64_t> integers_known_;
  std::unordered_map<std::int64_t, std::int32_t> hashed_;
  std::unordered_map<std::string_view, std::int32_t> text_numbers_;  // views into the file's text and spelled_
  std::vector<std::string_view> texts_;
  std::deque<std::string> spelled_;
};

/// Ids that are indices already, from `base` on, checked against n (0: the largest decides).
class IndexColumn {
 public:
  IndexColumn(std::size_t lines, std::int64_t base, Index n) : base_(base), end_(n > 0 ? n : INT32_MAX), n_(n) { index_.reserve(lines); }

  void push(const TextFile& file, Index column, std::string_view cell) {
    std::int64_t number = 0;
    if (!parse_integer(cell, number)) file.fail(file.line(), column, "'" + std::string(cell) + "' is not an index");
    if (number < base_ || number - base_ >= end_)
      file.fail(file.line(), column,
                sentence("index ", number, " is out of range, it needs to lie in ", base_, " ... ", end_ - 1 + base_, " (indices begin at ",
                         base_, ")"));
    largest_ = std::max(largest_, number - base_);
    index_.push_back(static_cast<std::int32_t>(number - base_));
  }
  Index size() const { return n_ > 0 ? n_ : largest_ + 1; }
  Entries::Indices take() { return std::move(index_); }

 private:
  std::int64_t base_, end_, largest_ = -1;
  Index n_;
  Entries::Indices index_;
};

inline MatrixFile parse_triplets(TextFile& file, const TripletOptions& options) {
  std::vector<std::string_view> cells;
  file.next();
  const char separator = options.separator ? options.separator : find_separator(file.current());
  file.split(separator, cells);
  CellReader reader(separator);
  const std::size_t width = cells.size();
  const Index top_line = file.line();
  if (width < 3)
    file.fail(top_line, sentence("has ", width, width == 1 ? " column" : " columns", ", triplets need three: row, column, value"));
  cells.resize(3);
  const bool header = options.header == Labels::present || (options.header == Labels::detect && is_header(cells, reader));
  if (!header) file.rewind();

  const bool labels = options.ids == Ids::labels;
  const std::int64_t base = options.ids == Ids::one_based ? 1 : 0;
  const std::size_t lines = file.count_lines();
  IdColumn row_ids(labels ? lines : 0), col_ids(labels ? lines : 0);
  IndexColumn row_indices(labels ? 0 : lines, base, options.rows), col_indices(labels ? 0 : lines, base, options.cols);
  Vector<double> y(static_cast<Index>(lines));
  Index m = 0;
  for (; file.next(); ++m) {
    file.split(separator, cells);
    if (cells.size() != width) fail_width(file, separator, cells, width, top_line);
    for (std::size_t c : {0u, 1u})
      if (cells[c].empty()) file.fail(file.line(), static_cast<Index>(c) + 1, "an id is missing");
    if (!reader.read(file, 3, cells[2], y[m])) file.fail_number(Number::missing, 3, cells[2]);
    if (labels) {
      row_ids.push(cells[0]);
      col_ids.push(cells[1]);
    } else {
      row_indices.push(file, 1, cells[0]);
      col_indices.push(file, 2, cells[1]);
    }
  }
  if (m == 0) file.fail("holds a header line and no rating");
  y.conservativeResize(m);

  std::vector<std::string> row_labels, col_labels;
  Entries::Indices row = labels ? row_ids.rank(row_labels) : row_indices.take(),
                   col = labels ? col_ids.rank(col_labels) : col_indices.take();
  file.take_bytes();  // ids are labels by now: the sort has the text's memory to itself
  const Index rows = labels ? static_cast<Index>(row_labels.size()) : row_indices.size();
  const Index cols = labels ? static_cast<Index>(col_labels.size()) : col_indices.size();
  {
    const std::vector<std::uint32_t> order = sort_entries(rows, cols, row, col);
    const auto name = [&](const std::vector<std::string>& names, std::int32_t k) {
      return labels ? names[static_cast<std::size_t>(k)] : std::to_string(k + base);
    };
    const Index first_line = top_line + (header ? 1 : 0);
    for (std::size_t s = 1; s < order.size(); ++s)
      if (row[s] == row[s - 1] && col[s] == col[s - 1])
        file.fail(first_line + order[s], sentence("row ", name(row_labels, row[s]), ", column ", name(col_labels, col[s]),
                                                  " comes a second time, first on line ", first_line + order[s - 1]));
    if (!order.empty()) reorder(order, y);
  }
  const std::string decimals = reader.decimals_in_words();
  return {observed<double>(rows, cols, std::move(row), std::move(col), std::move(y)), std::move(row_labels), std::move(col_labels),
          sentence("triplets, ", separator_name(separator), "-separated, ", decimals, decimals.empty() ? "" : ", ",
                   header ? "with" : "without", " a header line")};
}

inline void check(const TripletOptions& options) {
  require(options.rows >= 0 && options.cols >= 0, "read_triplets: the sizes are ", options.rows, " x ", options.cols);
  require(options.ids != Ids::labels || (options.rows == 0 && options.cols == 0),
          "read_triplets: sizes are given for zero- and one-based ids; "
          "with Ids::labels the different ids decide");
}

}  // namespace detail

inline MatrixFile read_triplets(const std::string& path, const TripletOptions& options = {}) {
  detail::check(options);
  detail::TextFile file(path);
  return detail::parse_triplets(file, options);
}

}  // namespace tacit
