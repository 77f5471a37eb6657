// SPDX-License-Identifier: MIT
#pragma once
// The ids of rows or columns in a file of triplets: IdColumn numbers whatever ids there are (labels), IndexColumn takes them as the indices they are.
// An id is a whole number as long as all of its column are: one with a leading zero ("01001"), a letter ("082882583X") or more than 18 digits makes the
// whole column text, so that 1 and 01 stay two ids and every label is what the file has.        O(1) an id, but for sorting the different ones at the end

#include <algorithm>
#include <deque>
#include <numeric>
#include <string>
#include <string_view>
#include <unordered_map>
#include <vector>

#include "matrix_file.hpp"

namespace tacit::detail {

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

}  // namespace tacit::detail
