// SPDX-License-Identifier: MIT
#pragma once
// Rows of a long table that stand for all of them while methods and their settings are compared. Whether one method predicts better than another, and how large the errors
// are, is known from 5 x 10^5 entries to a part in a thousand, and what is learnt for a column from that many rows is nearly what all of them would teach; only the
// factors of the other rows are missing, which the closing fit, of everything, has. So a table of 10^5 x 50 is compared in a seventh of the time and memory.
// Rows are drawn in windows of neighbours, so that gaps which come in runs of rows, or belong to a part of the file, are there as they are in the whole.      O(m)

#include <optional>
#include <vector>

#include "../observation/split.hpp"
#include "../solver/scaling.hpp"
#include "completion_result.hpp"

namespace tacit::detail {

struct ComparedRows {
  Data<double> data;      ///< of these rows, numbered 0, 1, ...
  std::vector<Index> of;  ///< their numbers in the table
};

/// Whether the comparison may leave rows out: those of ratings, of short tables, with an order, features or scales of their own all count.
inline bool may_leave_out_rows(const Data<double>& data, const CompletionSettings& s, const ScalingChoice& scaling) {
  const Entries& where = data.where;
  const bool long_table = where.density() > 0.3 && static_cast<double>(s.compared_entries) * static_cast<double>(where.rows()) >=
                                                       20 * static_cast<double>(data.count()) * static_cast<double>(where.cols());
  bool of_rows = !s.features.none();
  for (const LineOrder& order : s.ordered) of_rows = of_rows || order.mode == 0;
  for (const Index mode : scaling.modes) of_rows = of_rows || mode == 0;
  return s.compared_entries > 0 && long_table && !of_rows && s.refit && s.holdout.kind == HoldoutKind::entries &&
         2 * data.count() > 3 * s.compared_entries;
}

/// Rows with about `most` entries, in a hundred windows or more.
inline ComparedRows compared_rows(const Data<double>& data, Index most, std::uint64_t seed) {
  const Entries& where = data.where;
  const double share = static_cast<double>(most) / static_cast<double>(data.count());
  const Index length = std::max<Index>(1, static_cast<Index>(share * static_cast<double>(where.rows()) / 100));
  const Index windows = (where.rows() + length - 1) / length;
  std::vector<char> in(static_cast<std::size_t>(windows), 0);
  Index count = 0;
  for (const Index w : shuffled(windows, seed)) {
    if (count >= most) break;
    in[static_cast<std::size_t>(w)] = 1;
    count += where.row_start()[std::min((w + 1) * length, where.rows())] - where.row_start()[w * length];
  }
  std::vector<Index> of;
  Entries::Indices row, col;
  std::vector<double> y;
  row.reserve(static_cast<std::size_t>(count)), col.reserve(static_cast<std::size_t>(count)), y.reserve(static_cast<std::size_t>(count));
  for (Index i = 0; i < where.rows(); ++i) {
    if (!in[static_cast<std::size_t>(i / length)] || where.row_start()[i] == where.row_start()[i + 1]) continue;
    for (Index k = where.row_start()[i]; k < where.row_start()[i + 1]; ++k)
      row.push_back(static_cast<std::int32_t>(of.size())), col.push_back(where.col()[k]), y.push_back(data.y[k]);
    of.push_back(i);
  }
  const auto rows = static_cast<Index>(of.size());
  return {{Entries(rows, where.cols(), std::move(row), std::move(col)), Eigen::Map<const Vector<double>>(y.data(), count)}, std::move(of)};
}

/// Entries of these rows by their numbers in the table.
inline TensorEntryList in_the_table(const TensorEntryList& at, const ComparedRows& rows, const Shape& table) {
  TensorEntryList all(table);
  all.resize(at.count());
  for (Index k = 0; k < at.count(); ++k) all.set(k, 0, rows.of[static_cast<std::size_t>(at.mode(0)[k])]), all.set(k, 1, at.mode(1)[k]);
  return all;
}

}  // namespace tacit::detail
