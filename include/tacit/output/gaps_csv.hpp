// SPDX-License-Identifier: MIT
#pragma once
// Every gap of a matrix or tensor with its prediction and interval as CSV, written line by line as they are predicted: memory is that of some 10^5 gaps, whatever their
// number.  write_gaps(path, seen, labels, predict)  asks  predict(at)  for the entries of each chunk, which returns the columns prediction, low and high.

#include <string>
#include <vector>

#include "../io/csv_writer.hpp"
#include "../observation/tensor_data.hpp"

namespace tacit {

/// Predictions at some entries, and where the truth is expected.
struct Predicted {
  Vector<double> prediction, low, high;
};

/// How many entries are not observed; a double, since there may be more than 2^63.
template <IndexedEntries O>
double count_gaps(const O& seen) {
  const Shape& shape = seen.shape();
  return shape.size() - static_cast<double>(seen.count());
}

namespace detail {

/// Labels as CSV cells, or numbers from 0 where there are none.
inline std::string csv_label(const std::vector<std::string>& labels, Index k) {
  return csv(labels.empty() ? Cell(k) : Cell(labels[static_cast<std::size_t>(k)]));
}

}  // namespace detail

/// What a place is called in files: by labels where a mode has some, else by numbers from `base`.
struct PlaceNames {
  std::vector<std::vector<std::string>> labels = {};  ///< of every mode, or empty
  Index base = 0;

  /// row,column or mode_1,mode_2,...
  static std::string header(Index order, bool matrix) {
    std::string text = matrix ? "row,column" : "";
    for (Index n = 0; !matrix && n < order; ++n) text += sentence(n ? ",mode_" : "mode_", n + 1);
    return text;
  }
  std::string text(Index n, Index i) const {
    const auto m = static_cast<std::size_t>(n);
    return m < labels.size() && !labels[m].empty() ? labels[m][static_cast<std::size_t>(i)] : std::to_string(i + base);
  }
  std::string cell(Index n, Index i) const {
    static const std::vector<std::string> none;
    const auto m = static_cast<std::size_t>(n);
    return m < labels.size() && !labels[m].empty() ? detail::csv_label(labels[m], i) : detail::csv_label(none, i + base);
  }
  template <class IndexOf>
  std::string cells(Index order, const IndexOf& index_of) const {
    std::string text = cell(0, index_of(0));
    for (Index n = 1; n < order; ++n) text += "," + cell(n, index_of(n));
    return text;
  }
};

namespace detail {

/// Entries from sorted indices of every mode.
template <IndexedEntries O>
O entries_at(const Shape& shape, std::vector<std::vector<std::int32_t>> index) {
  if constexpr (std::is_same_v<O, Entries>) return Entries(shape[0], shape[1], std::move(index[0]), std::move(index[1]));
  else return TensorEntries(shape, std::move(index));
}

}  // namespace detail

/// Writes row,column,prediction,low,high, or mode_1,...,prediction,low,high, and `path`.meta.json.                O(entries) beside the predictions
template <IndexedEntries O, class Predict>
void write_gaps(const std::string& path, const O& seen, const PlaceNames& names, Predict predict, const Provenance& provenance = {},
                Index chunk = 100'000) {
  AtomicFile file(path);
  const Shape& shape = seen.shape();
  const Index order = shape.order(), last = shape[order - 1];
  file.write(PlaceNames::header(order, std::is_same_v<O, Entries>) + ",prediction,low,high\n");
  std::vector<std::vector<std::int32_t>> index(static_cast<std::size_t>(order));
  std::vector<std::int32_t> at(index.size(), 0);
  std::string lines;
  const auto flush = [&] {
    if (index[0].empty()) return;
    const O where = detail::entries_at<O>(shape, std::exchange(index, std::vector<std::vector<std::int32_t>>(at.size())));
    const Predicted z = predict(where);
    lines.clear();
    for (Index k = 0; k < where.count(); ++k) {
      lines += names.cells(order, [&](Index n) { return Index(where.mode(n)[k]); });
      for (const Vector<double>* part : {&z.prediction, &z.low, &z.high}) (lines += ',') += csv((*part)[k]);
      lines += '\n';
    }
    file.write(lines);
  };
  const auto is_at = [&](Index k) {
    for (Index n = 0; n < order; ++n)
      if (seen.mode(n)[k] != at[static_cast<std::size_t>(n)]) return false;
    return true;
  };
  for (Index k = 0;;) {  // fibre by fibre of the last mode, as entries are sorted
    for (at.back() = 0; at.back() < last; ++at.back()) {
      if (k < seen.count() && is_at(k)) ++k;
      else
        for (std::size_t n = 0; n < at.size(); ++n) index[n].push_back(at[n]);
    }
    if (static_cast<Index>(index[0].size()) >= chunk) flush();
    std::size_t n = at.size() - 1;
    while (n > 0 && ++at[n - 1] == shape[static_cast<Index>(n) - 1]) at[--n] = 0;
    if (n == 0) break;
  }
  flush();
  file.commit();
  write_provenance(path, provenance);
}

/// The labels of rows or columns of an array beside it: index,label, the index from 0.
inline void write_labels(const std::string& path, const std::vector<std::string>& labels, const Provenance& provenance = {}) {
  AtomicFile file(path);
  file.write("index,label\n");
  for (std::size_t k = 0; k < labels.size(); ++k)
    file.write(decimal(static_cast<std::int64_t>(k))).write(",").write(csv(labels[k])).write("\n");
  file.commit();
  write_provenance(path, provenance);
}

}  // namespace tacit
