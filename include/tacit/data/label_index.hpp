// SPDX-License-Identifier: MIT
#pragma once
// Rows or columns by their labels, or by their numbers from 0 where there are no labels.  O(1) a look-up; the labels are referred to, not copied.

#include <string>
#include <string_view>
#include <unordered_map>
#include <vector>

#include "matrix_file.hpp"

namespace tacit {

class LabelIndex {
 public:
  LabelIndex(const std::vector<std::string>& labels, Index count) : labels_(labels), count_(count) {
    for (std::size_t k = 0; k < labels.size(); ++k) known_.emplace(labels[k], static_cast<Index>(k));
  }

  /// -1: not known.
  Index find(std::string_view id) const {
    if (!labels_.empty()) {
      const auto at = known_.find(id);
      return at == known_.end() ? -1 : at->second;
    }
    std::int64_t index = -1;
    return detail::parse_integer(id, index) && index >= 0 && index < count_ ? static_cast<Index>(index) : -1;
  }
  /// The known id that an unknown one was perhaps meant to be: 3 for 3.0 (as pandas writes ids where some are missing), 007 or " 3"; empty: none.
  std::string meant(std::string_view id) const {
    std::string_view text = detail::trimmed(id);
    const std::size_t point = text.find('.');
    if (point != std::string_view::npos && text.find_first_not_of('0', point + 1) == std::string_view::npos) text = text.substr(0, point);
    for (;; text.remove_prefix(1)) {
      if (text != id && !text.empty() && find(text) >= 0) return std::string(text);
      if (text.size() < 2 || text[0] != '0') return {};
    }
  }
  /// Whether all ids are whole numbers, so that a word is no id but a header.
  bool all_numbers() const {
    std::int64_t ignored = 0;
    for (const std::string& label : labels_)
      if (!detail::parse_integer(label, ignored)) return false;
    return true;
  }
  const std::vector<std::string>& labels() const { return labels_; }
  Index count() const { return count_; }

 private:
  const std::vector<std::string>& labels_;
  Index count_;
  std::unordered_map<std::string_view, Index> known_;
};

}  // namespace tacit
