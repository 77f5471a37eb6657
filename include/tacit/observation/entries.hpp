// SPDX-License-Identifier: MIT
#pragma once
// Observed entries Omega of a matrix:  z_k = W(i_k, j_k),  k = 0 ... m - 1. The mask stands apart from the values: zeros are data.
//
//   EntryList  indices in any order, nothing else: what a minibatch is gathered into
//   Entries    sorted by row, then column, without duplicates, and indexed both ways, so that products which touch only
//              observed entries run over rows (for W_N) and over columns (for the rest) and write each result once
//
// Indices take 32 bits. Memory of Entries: 8 bytes an entry plus 8 a row and a column, and 8 bytes an entry more for the index by columns, which is made when it
// is first asked for. Copies share all of it, so that the same places with other values cost nothing. Construction O(m + rows + cols).

#include <algorithm>
#include <atomic>
#include <cstdint>
#include <memory>
#include <mutex>
#include <numeric>
#include <string>
#include <vector>

#include "../core/shape.hpp"

namespace tacit {

/// How a model reaches the observed entries: through the whole W (matrix products), entry by entry, or by what the density favours. A tensor has a third way,
/// between these: the products of the modes before and after its middle, halves, are formed, and met at the observed entries only.
enum class Path { automatic, dense, per_entry, halves };

/// Observed entries of matrices or tensors: the index of mode n of each; of a matrix, mode 0 are the rows, mode 1 the columns.
template <class O>
concept IndexedEntries = requires(const O at) {
  at.mode(Index(0));
  at.shape();
};

struct Entry {
  Index row, col;
  bool operator==(const Entry&) const = default;
};

class EntryList {
 public:
  EntryList(Index rows, Index cols) : rows_(rows), cols_(cols) {}

  Index rows() const { return rows_; }
  Index cols() const { return cols_; }
  Shape shape() const { return {rows_, cols_}; }
  Index count() const { return static_cast<Index>(row_.size()); }
  Entry operator[](Index k) const { return {row_[static_cast<std::size_t>(k)], col_[static_cast<std::size_t>(k)]}; }
  const std::int32_t* row() const { return row_.data(); }
  const std::int32_t* col() const { return col_.data(); }

  void reserve(Index count) {
    row_.reserve(static_cast<std::size_t>(count));
    col_.reserve(static_cast<std::size_t>(count));
  }
  void resize(Index count) {
    row_.resize(static_cast<std::size_t>(count));
    col_.resize(static_cast<std::size_t>(count));
  }
  void set(Index k, Index row, Index col) {
    row_[static_cast<std::size_t>(k)] = static_cast<std::int32_t>(row);
    col_[static_cast<std::size_t>(k)] = static_cast<std::int32_t>(col);
  }

 private:
  Index rows_, cols_;
  std::vector<std::int32_t> row_, col_;
};

class Entries {
 public:
  using Indices = std::vector<std::int32_t>;

  /// Entries that are sorted by row, then column; throws where they are not, where one is out of range or there twice, and where
  /// there is none. Data (observation/data.hpp) sorts entries and values together.
  Entries(Index rows, Index cols, Indices row, Indices col) : rows_(rows), cols_(cols) {
    require(rows > 0 && cols > 0, "Entries: the matrix is ", rows, " x ", cols, ", both sizes need to be at least 1");
    require(rows <= INT32_MAX && cols <= INT32_MAX, "Entries: the matrix is ", rows, " x ", cols, ", indices take 32 bits");
    require(row.size() == col.size(), "Entries: got ", row.size(), " row and ", col.size(), " column indices");
    require(!row.empty(), "Entries: no entry of the ", rows, " x ", cols, " matrix is observed");
    for (std::size_t k = 0; k < row.size(); ++k) {
      require(row[k] >= 0 && row[k] < rows && col[k] >= 0 && col[k] < cols, "Entries: observation ", k, " is at (", row[k], ", ", col[k],
              "), outside the ", rows, " x ", cols, " matrix (indices start at 0)");
      if (k == 0) continue;
      require(row[k] != row[k - 1] || col[k] != col[k - 1], "Entries: (", row[k], ", ", col[k], ") is observed twice");
      require(row[k] > row[k - 1] || (row[k] == row[k - 1] && col[k] > col[k - 1]), "Entries: observation ", k, " at (", row[k], ", ",
              col[k], ") comes after (", row[k - 1], ", ", col[k - 1], "); sort by row, then column, or build a Data, which sorts");
    }
    require(row.size() <= static_cast<std::size_t>(INT32_MAX), "Entries: ", row.size(), " observations, positions take 32 bits");
    lists_ = std::make_shared<Lists>();
    lists_->row = std::move(row), lists_->col = std::move(col);
    lists_->row_start = starts(lists_->row, rows);
    lists_->col_start = starts(lists_->col, cols);
  }

  Index rows() const { return rows_; }
  Index cols() const { return cols_; }
  Shape shape() const { return {rows_, cols_}; }
  /// m = |Omega|.
  Index count() const { return static_cast<Index>(lists_->row.size()); }
  double density() const { return static_cast<double>(count()) / (static_cast<double>(rows_) * static_cast<double>(cols_)); }
  Entry operator[](Index k) const { return {row()[k], col()[k]}; }

  const std::int32_t* row() const { return lists_->row.data(); }
  const std::int32_t* col() const { return lists_->col.data(); }
  const std::int32_t* mode(Index n) const { return n == 0 ? row() : col(); }
  /// Entries row_start()[i] ... row_start()[i + 1] - 1 are those of row i.
  const Index* row_start() const { return lists_->row_start.data(); }
  /// Column j holds by_col()[s] for s = col_start()[j] ... col_start()[j + 1] - 1: where in z, and row_by_col()[s]: which row. The first call makes
  /// both, on whichever thread it is.
  const Index* col_start() const { return lists_->col_start.data(); }
  const std::int32_t* by_col() const { return by_columns().by_col.data(); }
  const std::int32_t* row_by_col() const { return by_columns().row_by_col.data(); }

  Path path() const { return path_; }
  /// The same entries, reached in another way; results agree to rounding.
  Entries through(Path path) const {
    Entries copy = *this;
    copy.path_ = path;
    return copy;
  }

  using batch_type = EntryList;
  EntryList batch() const { return EntryList(rows_, cols_); }
  void gather(const Index* which, Index count, EntryList& into) const {
    into.resize(count);
    for (Index k = 0; k < count; ++k) into.set(k, row()[which[k]], col()[which[k]]);
  }

  std::string where(Index k) const { return sentence("entry (", (*this)[k].row, ", ", (*this)[k].col, ")"); }

  /// For fingerprints: entries are never read back from an archive.
  template <class Archive>
  void persist(Archive& archive) {
    archive("rows", rows_);
    archive("cols", cols_);
    archive("row", lists_->row);
    archive("col", lists_->col);
    archive("path", path_);  // results through another path agree to rounding, not bit for bit
  }

 private:
  struct Lists {
    Indices row, col, by_col, row_by_col;
    std::vector<Index> row_start, col_start;
    std::mutex making;
    std::atomic<bool> by_columns = false;  ///< by_col and row_by_col are there
  };

  static std::vector<Index> starts(const Indices& line, Index lines) {
    std::vector<Index> start(static_cast<std::size_t>(lines) + 1, 0);
    for (std::int32_t i : line) ++start[static_cast<std::size_t>(i) + 1];
    std::partial_sum(start.begin(), start.end(), start.begin());
    return start;
  }
  const Lists& by_columns() const {
    Lists& lists = *lists_;
    if (lists.by_columns.load(std::memory_order_acquire)) return lists;
    const std::scoped_lock lock(lists.making);
    if (lists.by_columns.load(std::memory_order_relaxed)) return lists;
    lists.by_col.resize(lists.row.size());
    lists.row_by_col.resize(lists.row.size());
    std::vector<Index> next(lists.col_start.begin(), lists.col_start.end() - 1);
    for (std::size_t k = 0; k < lists.row.size(); ++k) {
      const auto slot = static_cast<std::size_t>(next[static_cast<std::size_t>(lists.col[k])]++);
      lists.by_col[slot] = static_cast<std::int32_t>(k);
      lists.row_by_col[slot] = lists.row[k];
    }
    lists.by_columns.store(true, std::memory_order_release);
    return lists;
  }

  Index rows_, cols_;
  std::shared_ptr<Lists> lists_;
  Path path_ = Path::automatic;
};

}  // namespace tacit
