// SPDX-License-Identifier: MIT
// Predictions of single places, and of rows that were not there in training.
#include <iostream>
#include <map>
#include <tacit/data/features_file.hpp>
#include <tacit/data/new_rows.hpp>
#include <tacit/fit/new_rows_from_features.hpp>
#include <tacit/io/csv_writer.hpp>
#include <tacit/model/fold_in.hpp>

#include "settings.hpp"

using namespace tacit;

namespace {

/// The entries sorted, as observations are, without those that come twice; place[k] is where at[k] went.
template <class O>
O sorted(const Shape& shape, const std::vector<std::vector<Index>>& at, std::vector<Index>& place) {
  std::map<std::vector<Index>, Index> order;
  for (const auto& one : at) order[one] = 0;
  std::vector<std::vector<std::int32_t>> index(static_cast<std::size_t>(shape.order()));
  for (auto& [one, k] : order) {
    k = static_cast<Index>(index[0].size());
    for (std::size_t n = 0; n < index.size(); ++n) index[n].push_back(static_cast<std::int32_t>(one[n]));
  }
  for (const auto& one : at) place.push_back(order[one]);
  return tacit::detail::entries_at<O>(shape, std::move(index));
}

/// A header that the options say applies to the data, where there are some.
Labels header_of_requests(const Settings& s) { return s.load.empty() ? Labels::detect : s.read.csv.header; }

/// A line a place, in the order asked for; those of which nothing is known stay empty.
template <class O>
void write_predictions(const Settings& s, const Predictor<O>& by, const std::vector<std::string>& cells,
                       const std::vector<std::vector<Index>>& at, ResultFolder& out) {
  std::vector<std::vector<Index>> known;
  for (const auto& one : at)
    if (!one.empty()) known.push_back(one);
  std::vector<Index> place;
  Predicted z;
  if (!known.empty()) z = predicted(by, sorted<O>(by.model.shape(), known, place));
  AtomicFile file(out.path("predictions.csv"));
  file.write(PlaceNames::header(by.model.shape().order(), !is_tensor<O>) + ",prediction,low,high\n");
  std::size_t next = 0;
  for (std::size_t k = 0; k < at.size(); ++k) {
    file.write(cells[k]);
    for (const Vector<double>* part : {&z.prediction, &z.low, &z.high}) file.write(at[k].empty() ? "," : "," + csv((*part)[place[next]]));
    next += !at[k].empty();
    file.write("\n");
  }
  file.commit();
  write_provenance(s.out + "/predictions.csv", by.info.provenance);
}

/// New rows by the features that --row-features has of them and of the model's rows; none without that option.
std::optional<NewRowsFromFeatures> rows_from_features(const Settings& s, const Predictor<Entries>& by, const MatrixFile& file) {
  if (s.row_features.empty()) return {};
  require(!by.info.row_labels.empty(), "--row-features: the model has no row ids, so that new rows cannot have features");
  require(!file.row_labels.empty(), "--row-features: the new rows in ", s.new_rows, " have no ids, which features are found by");
  std::vector<std::string> labels = by.info.row_labels;
  const Index fitted = by.model.rows();
  std::map<std::string, Index> place;
  for (std::size_t i = 0; i < labels.size(); ++i) place[labels[i]] = static_cast<Index>(i);
  for (const std::string& label : file.row_labels)
    if (place.emplace(label, static_cast<Index>(labels.size())).second) labels.push_back(label);
  const FeaturesFile read = read_features(s.row_features, LabelIndex(labels, static_cast<Index>(labels.size())), "row");
  if (!s.quiet) std::cerr << s.row_features << ": read as: " << read.format << '\n';
  LineFeatures features{Matrix<double>(fitted + static_cast<Index>(file.row_labels.size()), read.features.values.cols()),
                        read.features.names};
  features.values.topRows(fitted) = read.features.values.topRows(fitted);
  for (std::size_t i = 0; i < file.row_labels.size(); ++i)  // an id that is the model's, too, has the same features
    features.values.row(fitted + static_cast<Index>(i)) = read.features.values.row(place[file.row_labels[i]]);
  FittedFactors factors{{}, by.info.centre};
  for (Index l = 0; l < by.model.depth(); ++l) factors.factors.push_back(by.model.layer(by.theta, l));
  double ridge = 0.1;  // where none was chosen: as best_ridge does
  for (const auto& [name, cell] : by.info.provenance.all())
    if (name == "ridge_of_new_rows") ridge = cell.number();
  NewRowsFromFeatures rows(factors, features, ridge);
  const ColdLines& told = rows.told();
  std::cout << (told.ridge > 0 ? "New rows start from their features"
                               : "Features do not help with new rows, which start from the average row")
            << ": on rows of the model held out, in the units of the fit, features have an error of " << rounded(told.rmse, 3)
            << ", the average row " << rounded(told.average_rmse, 3) << ".\n";
  return rows;
}

}  // namespace

template <class O>
Predicted predicted(const Predictor<O>& by, const O& at) {
  Predicted z{predict(by.model, by.theta, by.info.centre, at), {}, {}};
  z.low = z.high = z.prediction;
  for (Index k = 0; k < at.count(); ++k) {
    const Index j = at.mode(1)[k];
    const auto [low, high] = by.info.centre.lines.interval(z.prediction[k], by.half_width(at, k), j);
    z.low[k] = by.clipped(low, j);
    z.high[k] = by.clipped(high, j);
    z.prediction[k] = by.clipped(z.prediction[k], j);
  }
  return z;
}
template Predicted predicted(const Predictor<Entries>&, const Entries&);
template Predicted predicted(const Predictor<TensorEntries>&, const TensorEntries&);

void predict_asked(const Settings& s, const Predictor<Entries>& by, const std::vector<Entry>& asked, ResultFolder& out) {
  std::vector<std::string> cells;
  std::vector<std::vector<Index>> at;
  for (const Entry& entry : asked) {
    at.push_back({entry.row, entry.col});
    cells.push_back(by.names().cells(2, [&](Index n) { return n == 0 ? entry.row : entry.col; }));
  }
  write_predictions(s, by, cells, at, out);
  std::cout << asked.size() << (asked.size() == 1 ? " pair" : " pairs") << " without a rating predicted in " << s.out
            << "/predictions.csv\n";
}

template <class O>
void predict_file(const Settings& s, const Predictor<O>& by, ResultFolder& out) {
  const Asked asked = read_asked<O>(s.pairs, s, by.model.shape(), by.info, by.base, header_of_requests(s));
  if (!s.quiet) std::cerr << s.pairs << ": read as: " << asked.format << '\n';
  write_predictions(s, by, asked.cells, asked.at, out);
  const std::size_t known = asked.at.size() - asked.unknown;
  std::cout << known << " predictions written to " << s.out << "/predictions.csv";
  if (asked.unknown) std::cout << ", " << asked.unknown << (asked.unknown == 1 ? " line" : " lines") << " of unknown ids left empty";
  std::cout << '\n';
  require(known > 0, s.pairs, is_tensor<O> ? ": names no entry of the tensor" : ": names no row and column that are known");
}
template void predict_file(const Settings&, const Predictor<Entries>&, ResultFolder&);
template void predict_file(const Settings&, const Predictor<TensorEntries>&, ResultFolder&);

void predict_new_rows(const Settings& s, const Predictor<Entries>& by, ResultFolder& out) {
  const LabelIndex cols(by.info.col_labels, by.model.cols());
  const MatrixFile file = read_new_rows(s.new_rows, cols,
                                        {.row_name = by.info.row_name,
                                         .left_out = by.info.left_out,
                                         .header = header_of_requests(s),
                                         .duplicates = s.read.triplets.duplicates});
  if (!s.quiet) std::cerr << s.new_rows << ": read as: " << file.format << '\n';
  const auto known_of = [&](Index i) {
    const Index first = file.data.where.row_start()[i], count = file.data.where.row_start()[i + 1] - first;
    return std::pair(std::vector<Index>(file.data.where.col() + first, file.data.where.col() + first + count),
                     Vector<double>(file.data.y.segment(first, count)));
  };
  const std::optional<NewRowsFromFeatures> featured = rows_from_features(s, by, file);
  Matrix<double> rows(file.data.where.rows(), by.model.cols());
  if (featured && featured->told().ridge > 0)
    for (Index i = 0; i < rows.rows(); ++i) {
      const auto [seen, y] = known_of(i);
      rows.row(i) = featured->row(i, seen, y);
    }
  else rows = FoldIn(by.model, by.theta, by.info.centre, {.from_average = true}).rows(file.data);
  const double share = featured ? featured->share_unknown() : 1;
  if (const std::vector<Index> empty = unobserved(file.data.where).rows; !empty.empty()) {
    std::string names;
    for (std::size_t k = 0; k < std::min<std::size_t>(empty.size(), std::size_t(20)); ++k)
      names += (k ? ", " : "") + (file.row_labels.empty() ? std::to_string(empty[k]) : file.row_labels[static_cast<std::size_t>(empty[k])]);
    std::cerr << (share < 1 ? "New rows without any value are predicted from their features: "
                            : "Warning: new rows without any value are predicted as the average row: ")
              << names << (empty.size() > std::size_t(20) ? ", ..." : "") << '\n';
  }
  if (by.info.half_widths.known()) {
    AtomicFile gaps(out.path("new_rows_gaps.csv"));
    gaps.write("row,column,prediction,low,high\n");
    for (Index i = 0; i < rows.rows(); ++i) {
      const std::vector<Index> seen = known_of(i).first;
      const Vector<double> half = by.info.half_widths.of_new_row(seen.data(), static_cast<Index>(seen.size()), share);
      for (Index j = 0; j < rows.cols(); ++j) {
        if (std::find(seen.begin(), seen.end(), j) != seen.end()) continue;
        gaps.write(tacit::detail::csv_label(file.row_labels, i) + "," + tacit::detail::csv_label(by.info.col_labels, j));
        const auto [low, high] = by.info.centre.lines.interval(rows(i, j), half[j], j);
        for (double x : {rows(i, j), low, high}) gaps.write("," + csv(by.clipped(x, j)));
        gaps.write("\n");
      }
    }
    gaps.commit();
    write_provenance(s.out + "/new_rows_gaps.csv", by.info.provenance);
  }
  for (Index j = 0; j < rows.cols(); ++j)
    for (double& x : rows.col(j)) x = by.clipped(x, j);
  for (Index k = 0; k < file.data.count(); ++k) rows(file.data.where[k].row, file.data.where[k].col) = file.data.y[k];
  write_csv(out.path("new_rows.csv"), rows, {file.row_labels, by.info.col_labels}, by.info.provenance);
  std::cout << rows.rows() << " new rows written to " << s.out << "/new_rows.csv\n";
}
