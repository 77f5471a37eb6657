// SPDX-License-Identifier: MIT
#pragma once
// Evaluation protocols as files: which entries are tested on, by whom each comparison is to be done in the same way.
//   read_test_file    a second file of ratings, as MovieLens' u1.base and u1.test: one train and test pair. Rows and columns that only the test file
//                     knows are appended, without a training entry.
//   read_folds_file   triplets row id, column id, fold, for entries of the data: each fold (any numbers) is tested on what all other entries train. Entries
//                     without a fold are always trained on.
// Ids are the labels of the data, or indices from 0 where there are none. What does not fit is refused, naming the entry.                      O(m log m)

#include <map>

#include "../observation/split.hpp"
#include "triplets.hpp"

namespace tacit {

/// The data, which test-only rows and columns may have made larger, and the parts that the file says.
struct Protocol {
  MatrixFile file;
  std::vector<TrainTest<double>> folds;
};

namespace detail {

/// Ids to indices of one side; ids that are new are appended where that is allowed.
class SideIds {
 public:
  SideIds(std::vector<std::string>& labels, Index count) : labels_(labels), count_(count) {
    for (std::size_t k = 0; k < labels.size(); ++k) known_[labels[k]] = static_cast<std::int32_t>(k);
  }
  /// -1: not known.
  std::int32_t find(const std::string& id) const {
    std::int64_t index = -1;
    if (labels_.empty()) return parse_integer(id, index) && index >= 0 && index < count_ ? static_cast<std::int32_t>(index) : -1;
    const auto at = known_.find(id);
    return at == known_.end() ? -1 : at->second;
  }
  std::int32_t find_or_add(const std::string& id, const std::string& path) {
    std::int32_t at = find(id);
    if (at >= 0) return at;
    if (labels_.empty())
      throw std::runtime_error(sentence(path, ": '", id, "' is not an index below ", count_, ", and the data have no labels"));
    at = known_[id] = static_cast<std::int32_t>(count_++);
    labels_.push_back(id);
    return at;
  }
  Index count() const { return count_; }

 private:
  std::vector<std::string>& labels_;
  Index count_;
  std::map<std::string, std::int32_t> known_;
};

/// The index of entry (i, j) in the data; -1: it is not observed.
inline Index place_of(const Entries& where, std::int32_t i, std::int32_t j) {
  if (i >= where.rows()) return -1;
  const std::int32_t *first = where.col() + where.row_start()[i], *last = where.col() + where.row_start()[i + 1];
  const std::int32_t* at = std::lower_bound(first, last, j);
  return at != last && *at == j ? static_cast<Index>(at - where.col()) : -1;
}
inline std::string entry_text(const MatrixFile& of, Index k) {
  const Entry at = of.data.where[k];
  return sentence("row ", of.row_labels[static_cast<std::size_t>(at.row)], ", column ", of.col_labels[static_cast<std::size_t>(at.col)]);
}

}  // namespace detail

inline Protocol read_test_file(MatrixFile train, const std::string& path, const TripletOptions& options = {}) {
  MatrixFile test = read_triplets(path, options);
  detail::SideIds rows(train.row_labels, train.data.where.rows()), cols(train.col_labels, train.data.where.cols());
  std::vector<std::int32_t> row_at, col_at;
  for (const std::string& id : test.row_labels) row_at.push_back(rows.find_or_add(id, path));
  for (const std::string& id : test.col_labels) col_at.push_back(cols.find_or_add(id, path));
  const Entries& where = test.data.where;
  Entries::Indices row, col;
  for (Index k = 0; k < where.count(); ++k) {
    row.push_back(row_at[static_cast<std::size_t>(where.row()[k])]);
    col.push_back(col_at[static_cast<std::size_t>(where.col()[k])]);
    if (detail::place_of(train.data.where, row.back(), col.back()) >= 0)
      throw std::runtime_error(path + ": " + detail::entry_text(test, k) + " is an entry of the training data, too");
  }
  Data<double> tested = observed<double>(rows.count(), cols.count(), std::move(row), std::move(col), std::move(test.data.y));
  if (train.data.where.shape() != tested.where.shape()) {
    const Entries& old = train.data.where;
    Entries grown(rows.count(), cols.count(), {old.row(), old.row() + old.count()}, {old.col(), old.col() + old.count()});
    train.data = Data<double>(std::move(grown), std::move(train.data.y));
  }
  std::vector<TrainTest<double>> folds{{train.data, std::move(tested)}};
  return {std::move(train), std::move(folds)};
}

inline Protocol read_folds_file(MatrixFile file, const std::string& path) {
  const MatrixFile given = read_triplets(path);
  const detail::SideIds rows(file.row_labels, file.data.where.rows()), cols(file.col_labels, file.data.where.cols());
  std::map<double, Index> number;  // folds in their order, from 1; 0 is none
  for (Index k = 0; k < given.data.count(); ++k) number[given.data.y[k]] = 0;
  Index folds = 0;
  for (auto& [name, n] : number) n = ++folds;
  std::vector<Index> part(static_cast<std::size_t>(file.data.count()), 0);
  for (Index k = 0; k < given.data.count(); ++k) {
    const Entry at = given.data.where[k];
    const std::int32_t i = rows.find(given.row_labels[static_cast<std::size_t>(at.row)]),
                       j = cols.find(given.col_labels[static_cast<std::size_t>(at.col)]);
    const Index place = i < 0 || j < 0 ? -1 : detail::place_of(file.data.where, i, j);
    if (place < 0) throw std::runtime_error(path + ": " + detail::entry_text(given, k) + " is not an entry of the data");
    part[static_cast<std::size_t>(place)] = number[given.data.y[k]];
  }
  Protocol protocol{std::move(file), {}};
  std::vector<Index> tested(part.size());
  for (Index f = 1; f <= folds; ++f) {
    std::transform(part.begin(), part.end(), tested.begin(), [f](Index p) { return Index(p == f); });
    protocol.folds.push_back({detail::part_of("read_folds_file", protocol.file.data, tested, 0, "train"),
                              detail::part_of("read_folds_file", protocol.file.data, tested, 1, "test")});
  }
  return protocol;
}

}  // namespace tacit
