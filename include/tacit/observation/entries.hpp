// SPDX-License-Identifier: MIT
#pragma once
// Observed entries Omega of a matrix:  z_k = W(i_k, j_k),  k = 0 ... m - 1. The mask stands apart from the values: zeros are data.
//
//   EntryList  indices in any order, nothing else: what a minibatch is gathered into
//   Entries    sorted by row, then column, without duplicates, and indexed both ways, so that products which touch only
//              observed entries run over rows (for W_N) and over columns (for the rest) and write each result once
//
// Indices take 32 bits. Memory of Entries: 16 bytes an entry plus 8 a row and a column. Construction O(m + rows + cols).

#include <algorithm>
#include <cstdint>
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
  Entries(Index rows, Index cols, Indices row, Indices col) : rows_(rows), cols_(cols), row_(std::move(row)), col_(std::move(col)) {
    require(rows > 0 && cols > 0, "Entries: the matrix is ", rows, " x ", cols, ", both sizes need to be at least 1");
    require(rows <= INT32_MAX && cols <= INT32_MAX, "Entries: the matrix is ", rows, " x ", cols, ", indices take 32 bits");
    require(row_.size() == col_.size(), "Entries: got ", row_.size(), " row and ", col_.size(), " column indices");
    require(!row_.empty(), "Entries: no entry of the ", rows, " x ", cols, " matrix is observed");
    for (std::size_t k = 0; k < row_.size(); ++k) {
      require(row_[k] >= 0 && row_[k] < rows && col_[k] >= 0 && col_[k] < cols, "Entries: observation ", k, " is at (", row_[k], ", ",
              col_[k], "), outside the ", rows, " x ", cols, " matrix (indices start at 0)");
      if (k == 0) continue;
      require(row_[k] != row_[k - 1] || col_[k] != col_[k - 1], "Entries: (", row_[k], ", ", col_[k], ") is observed twice");
      require(row_[k] > row_[k - 1] || (row_[k] == row_[k - 1] && col_[k] > col_[k - 1]), "Entries: observation ", k, " at (", row_[k],
              ", ", col_[k], ") comes after (", row_[k - 1], ", ", col_[k - 1],
              "); sort by row, then column, or build a Data, which sorts");
    }
    index();
  }

  Index rows() const { return rows_; }
  Index cols() const { return cols_; }
  Shape shape() const { return {rows_, cols_}; }
  /// m = |Omega|.
  Index count() const { return static_cast<Index>(row_.size()); }
  double density() const { return static_cast<double>(count()) / (static_cast<double>(rows_) * static_cast<double>(cols_)); }
  Entry operator[](Index k) const { return {row_[static_cast<std::size_t>(k)], col_[static_cast<std::size_t>(k)]}; }

  const std::int32_t* row() const { return row_.data(); }
  const std::int32_t* col() const { return col_.data(); }
  const std::int32_t* mode(Index n) const { return n == 0 ? row() : col(); }
  /// Entries row_start()[i] ... row_start()[i + 1] - 1 are those of row i.
  const Index* row_start() const { return row_start_.data(); }
  /// Column j holds by_col()[s] for s = col_start()[j] ... col_start()[j + 1] - 1: where in z, and row_by_col()[s]: which row.
  const Index* col_start() const { return col_start_.data(); }
  const std::int32_t* by_col() const { return by_col_.data(); }
  const std::int32_t* row_by_col() const { return row_by_col_.data(); }

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
    for (Index k = 0; k < count; ++k) {
      const auto at = static_cast<std::size_t>(which[k]);
      into.set(k, row_[at], col_[at]);
    }
  }

  std::string where(Index k) const { return sentence("entry (", (*this)[k].row, ", ", (*this)[k].col, ")"); }

  template <class Archive>
  void persist(Archive& archive) {
    archive("rows", rows_);
    archive("cols", cols_);
    archive("row", row_);
    archive("col", col_);
    archive("path", path_);  // results through another path agree to rounding, not bit for bit
  }

 private:
  void index() {
    require(row_.size() <= static_cast<std::size_t>(INT32_MAX), "Entries: ", row_.size(), " observations, positions take 32 bits");
    row_start_.assign(static_cast<std::size_t>(rows_) + 1, 0);
    col_start_.assign(static_cast<std::size_t>(cols_) + 1, 0);
    for (std::int32_t i : row_) ++row_start_[static_cast<std::size_t>(i) + 1];
    for (std::int32_t j : col_) ++col_start_[static_cast<std::size_t>(j) + 1];
    std::partial_sum(row_start_.begin(), row_start_.end(), row_start_.begin());
    std::partial_sum(col_start_.begin(), col_start_.end(), col_start_.begin());
    by_col_.resize(row_.size());
    row_by_col_.resize(row_.size());
    std::vector<Index> next(col_start_.begin(), col_start_.end() - 1);
    for (std::size_t k = 0; k < row_.size(); ++k) {
      const auto slot = static_cast<std::size_t>(next[static_cast<std::size_t>(col_[k])]++);
      by_col_[slot] = static_cast<std::int32_t>(k);
      row_by_col_[slot] = row_[k];
    }
  }

  Index rows_, cols_;
  Indices row_, col_, by_col_, row_by_col_;
  std::vector<Index> row_start_, col_start_;
  Path path_ = Path::automatic;
};

}  // namespace tacit
