// SPDX-License-Identifier: MIT
#pragma once
// Rows and columns by their labels, or by their numbers from 0 where there are none; and files of pairs.
#include <map>
#include <string>
#include <tacit/data/csv.hpp>
#include <vector>

/// Labels to indices.
class Lines {
 public:
  Lines(const std::vector<std::string>& labels, Eigen::Index count) : labelled_(!labels.empty()), count_(count) {
    for (std::size_t k = 0; k < labels.size(); ++k) known_[labels[k]] = static_cast<Eigen::Index>(k);
  }
  /// -1: not known.
  Eigen::Index find(const std::string& text) const {
    if (labelled_) {
      const auto at = known_.find(text);
      return at == known_.end() ? -1 : at->second;
    }
    std::int64_t index = -1;
    return tacit::detail::parse_integer(text, index) && index >= 0 && index < count_ ? static_cast<Eigen::Index>(index) : -1;
  }

 private:
  bool labelled_;
  Eigen::Index count_;
  std::map<std::string, Eigen::Index> known_;
};

struct Pair {
  std::string row, col;
  tacit::Entry at;
};
struct Pairs {
  std::vector<Pair> known;
  Eigen::Index unknown = 0;  ///< left out, each told on std::cerr
};

/// The first two columns of a CSV. A first line that names nothing known is a header. Refused: a file that names no known pair.
Pairs read_pairs(const std::string& path, const Lines& rows, const Lines& cols);
