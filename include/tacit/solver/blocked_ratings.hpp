// SPDX-License-Identifier: MIT
#pragma once
// Ratings in the order in which descent rating by rating visits them. Rows and columns are each cut into B ranges of as many ratings, which makes B^2
// blocks; a block's ratings lie together, in drawn order. Blocks of different row and column ranges share nothing that such a descent writes, so threads work on
// them side by side. B = sqrt(m / 5000), at most 32: it depends on the number of ratings, never on the number of threads. O(m); 12 bytes a rating.

#include <numeric>
#include <span>
#include <vector>

#include "../core/random.hpp"
#include "../observation/data.hpp"

namespace tacit {

class BlockedRatings {
 public:
  struct Rating {
    std::int32_t row, col;
    float y;  ///< three quarters of the memory of a double; 6e-8 relative is far below the noise of any rating
  };

  /// Of (y - mean) / scale.
  explicit BlockedRatings(const Data<double>& data, std::uint64_t seed = 1, double mean = 0, double scale = 1)
      : rows_(data.where.rows()), cols_(data.where.cols()) {
    require(data.weight.size() == 0, "BlockedRatings: the data carry weights, which descent rating by rating does not use; leave them out");
    const Entries& where = data.where;
    const auto side = static_cast<Index>(std::sqrt(static_cast<double>(where.count()) / 5000));
    side_ = std::max<Index>(1, std::min<Index>({side, 32, rows_, cols_}));
    const auto of_row = ranges(where.row_start(), rows_), of_col = ranges(where.col_start(), cols_);
    row_range_ = borders(of_row), col_range_ = borders(of_col);
    const auto block = [&](Index k) {
      return static_cast<std::size_t>(of_row[static_cast<std::size_t>(where.row()[k])] * side_ +
                                      of_col[static_cast<std::size_t>(where.col()[k])]);
    };
    first_.assign(static_cast<std::size_t>(side_ * side_) + 1, 0);
    for (Index k = 0; k < data.count(); ++k) ++first_[block(k) + 1];
    std::partial_sum(first_.begin(), first_.end(), first_.begin());
    std::vector<std::size_t> next(first_.begin(), first_.end() - 1);
    ratings_.resize(static_cast<std::size_t>(data.count()));
    for (Index k = 0; k < data.count(); ++k)
      ratings_[next[block(k)]++] = {where.row()[k], where.col()[k], static_cast<float>((data.y[k] - mean) / scale)};
    Random random(seed, "ratings");
    for (std::size_t b = 0; b + 1 < first_.size(); ++b) {
      std::span<Rating> inside(ratings_.data() + first_[b], ratings_.data() + first_[b + 1]);
      random.shuffle(inside);
    }
    row_counts_ = counts(where.row_start(), rows_);
    col_counts_ = counts(where.col_start(), cols_);
  }

  Shape shape() const { return {rows_, cols_}; }
  Index count() const { return static_cast<Index>(ratings_.size()); }
  /// B
  Index side() const { return side_; }
  std::span<const Rating> block(Index row_range, Index col_range) const {
    const auto b = static_cast<std::size_t>(row_range * side_ + col_range);
    return {ratings_.data() + first_[b], ratings_.data() + first_[b + 1]};
  }
  /// Range a are the rows row_range()[a] ... row_range()[a + 1] - 1; columns alike.
  const std::vector<Index>& row_range() const { return row_range_; }
  const std::vector<Index>& col_range() const { return col_range_; }
  /// How many ratings every row (column) has.
  const Vector<double>& row_counts() const { return row_counts_; }
  const Vector<double>& col_counts() const { return col_counts_; }

 private:
  /// The range that each line falls into, by the place of the middle one of its ratings.
  std::vector<std::int32_t> ranges(const Index* start, Index lines) const {
    std::vector<std::int32_t> of(static_cast<std::size_t>(lines));
    for (Index i = 0; i < lines; ++i)
      of[static_cast<std::size_t>(i)] =
          static_cast<std::int32_t>(std::min(side_ - 1, (start[i] + start[i + 1]) / 2 * side_ / start[lines]));
    return of;
  }
  std::vector<Index> borders(const std::vector<std::int32_t>& of) const {
    std::vector<Index> first(static_cast<std::size_t>(side_) + 1, 0);
    for (const std::int32_t range : of) ++first[static_cast<std::size_t>(range) + 1];
    std::partial_sum(first.begin(), first.end(), first.begin());
    return first;
  }
  static Vector<double> counts(const Index* start, Index lines) {
    Vector<double> count(lines);
    for (Index i = 0; i < lines; ++i) count[i] = static_cast<double>(start[i + 1] - start[i]);
    return count;
  }

  Index rows_, cols_, side_ = 1;
  std::vector<Rating> ratings_;
  std::vector<Index> row_range_, col_range_;
  std::vector<std::size_t> first_;  // of each block, row range by row range, and the end
  Vector<double> row_counts_, col_counts_;
};

}  // namespace tacit
