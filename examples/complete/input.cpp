// SPDX-License-Identifier: MIT
// What is completed: the data, what is said of how they were read, what is held out, and the folds of a file.
#include <iostream>
#include <tacit/data/features_file.hpp>
#include <tacit/data/label_order.hpp>
#include <tacit/data/pairs.hpp>
#include <tacit/data/protocol.hpp>
#include <tacit/io/number_in.hpp>
#include <tacit/solver/interpolation.hpp>

#include "settings.hpp"

using namespace tacit;

namespace {

constexpr std::size_t told_at_most = 20;  // of what is unknown, one by one

void tell_unknown(const std::string& path, const std::vector<std::string>& words) {
  for (std::size_t k = 0; k < std::min(words.size(), told_at_most); ++k) std::cerr << path << ", " << words[k] << '\n';
  if (words.size() > told_at_most)
    std::cerr << path << ": and " << words.size() - told_at_most << " more places of which an id is not known\n";
}

std::string listed(const std::vector<Index>& items, const PlaceNames& names, Index mode) {
  std::string text;
  for (std::size_t k = 0; k < std::min<std::size_t>(items.size(), 10); ++k) {
    const auto m = static_cast<std::size_t>(mode);
    const bool labelled = m < names.labels.size() && !names.labels[m].empty();
    text += (k ? ", " : "") + (labelled ? names.labels[m][static_cast<std::size_t>(items[k])] : std::to_string(items[k]));
  }
  return text + (items.size() > 10 ? sentence(", ... (", items.size(), " in all)") : std::string());
}

/// Of  runs:2:24  the parts behind the word.
Holdout holdout_of(const Settings& s, const Shape& shape, bool tensor) {
  if (s.holdout == "entries") return {};
  if (s.holdout == "rows") return {HoldoutKind::slices, 0};
  if (s.holdout == "columns") return {HoldoutKind::slices, 1};
  if (s.holdout == "blocks") return {HoldoutKind::blocks};
  const std::size_t colon = std::min(s.holdout.find(':'), s.holdout.size());
  const std::string word = s.holdout.substr(0, colon);
  for (const auto& [name, kind] :
       {std::pair("slices", HoldoutKind::slices), std::pair("fibres", HoldoutKind::fibres), std::pair("runs", HoldoutKind::runs)}) {
    if (word != name) continue;
    std::vector<Index> numbers;
    for (std::size_t from = colon; from < s.holdout.size();) {
      const std::size_t to = std::min(s.holdout.find(':', from + 1), s.holdout.size());
      const auto number = whole_number_in(s.holdout.substr(from + 1, to - from - 1));
      require(number && *number > 0, "--holdout is '", s.holdout, "', it needs numbers behind the colons, as in runs:1:24");
      numbers.push_back(static_cast<Index>(*number));
      from = to;
    }
    require(numbers.size() <= (kind == HoldoutKind::runs ? 2 : 1), "--holdout is '", s.holdout, "', it has too many numbers");
    const Index mode = numbers.empty() ? 1 : numbers[0];
    require(mode <= shape.order(), "--holdout is '", s.holdout, "', the ", tensor ? "tensor" : "matrix", " has ", shape.order(), " modes");
    return {kind, mode - 1, numbers.size() > 1 ? numbers[1] : 0};
  }
  return {HoldoutKind::listed};
}

/// The modes whose order means something: those asked for, with the places that labels tell, or those whose labels say so and whose neighbours are alike. A remark for each
/// that was found.
template <class O>
std::vector<LineOrder> ordered_of(const Settings& s, const Data<double, O>& data, const std::vector<LineOrder>& found,
                                  std::vector<std::string>& remarks) {
  const Shape shape = data.where.shape();
  const bool matrix = shape.order() == 2;
  std::vector<LineOrder> all;
  for (const LineOrder& one : found)
    if (one.at.empty() || static_cast<Index>(one.at.size()) == shape[one.mode]) all.push_back(one);
  if (s.ordered == "none") return {};
  if (s.ordered == "auto") {
    std::vector<LineOrder> used;
    for (const LineOrder& one : all) {
      const double ratio = neighbour_ratio(data, one);
      const bool alike = ratio < alike_below;
      const std::string line = one.mode == 0 ? "rows" : "columns";
      if (alike) used.push_back(one);
      if (alike || std::isfinite(ratio))
        remarks.push_back(sentence(one.mode == 0 ? "Rows" : "Columns", " are in order (", one.found, ")",
                                   alike
                                       ? ": methods that use their neighbours are compared, too; --ordered none would not."
                                       : ", but neighbours are no more alike than others: it is not used; --ordered " + line + " would."));
    }
    return used;
  }
  std::vector<LineOrder> asked;
  for (std::size_t from = 0, to = 0; from <= s.ordered.size(); from = to + 1) {
    to = std::min(s.ordered.find(',', from), s.ordered.size());
    const std::string word = s.ordered.substr(from, to - from);
    const std::int64_t mode = matrix && word == "rows" ? 1 : matrix && word == "columns" ? 2 : whole_number_in(word).value_or(0);
    require(mode > 0, "--ordered is '", s.ordered, "', it needs to be auto, none, ", matrix ? "rows, columns, " : "",
            "or numbers of modes, as in 1,2");
    require(mode <= shape.order(), "--ordered is '", s.ordered, "', the data are ", shape);
    asked.push_back({static_cast<Index>(mode - 1)});
    for (const LineOrder& one : all)
      if (one.mode == mode - 1) asked.back() = one;
    for (std::size_t n = 0; n + 1 < asked.size(); ++n)
      require(asked[n].mode != mode - 1, "--ordered is '", s.ordered, "', it names a mode twice");
  }
  return asked;
}

std::vector<std::vector<Index>> known_of(const std::string& path, const Asked& asked) {
  std::vector<std::vector<Index>> known;
  for (const auto& at : asked.at)
    if (!at.empty()) known.push_back(at);
  require(!known.empty(), path, ": names no place that is known");
  return known;
}

}  // namespace

template <>
Asked read_asked<Entries>(const std::string& path, const Settings&, const Shape& shape, const ModelInfo& info, Index, Labels header) {
  const LabelIndex rows(info.row_labels, shape[0]), cols(info.col_labels, shape[1]);
  const PairsFile file = read_pairs(path, rows, cols, {.row_name = info.row_name, .col_name = info.col_name, .header = header});
  Asked asked{{}, {}, 0, file.format};
  std::vector<std::string> unknown;
  for (const AskedPair& pair : file.pairs) {
    asked.cells.push_back(csv(pair.row) + "," + csv(pair.col));
    asked.at.push_back(pair.known() ? std::vector<Index>{pair.i, pair.j} : std::vector<Index>{});
    if (!pair.known()) unknown.push_back(unknown_in_words(pair, rows, cols));
  }
  tell_unknown(path, unknown);
  asked.unknown = unknown.size();
  return asked;
}
template <>
Asked read_asked<TensorEntries>(const std::string& path, const Settings&, const Shape& shape, const ModelInfo&, Index base, Labels) {
  const IndicesFile file = read_indices(path, shape.order(), base);
  Asked asked{{}, {}, 0, file.format};
  std::vector<std::string> unknown;
  for (std::size_t k = 0; k < file.at.size(); ++k) {
    const std::vector<Index>& at = file.at[k];
    bool inside = true;
    for (Index n = 0; n < shape.order(); ++n)
      inside = inside && at[static_cast<std::size_t>(n)] >= 0 && at[static_cast<std::size_t>(n)] < shape[n];
    asked.cells.push_back(PlaceNames{{}, base}.cells(shape.order(), [&](Index n) { return at[static_cast<std::size_t>(n)]; }));
    asked.at.push_back(inside ? at : std::vector<Index>{});
    if (!inside) unknown.push_back(sentence("line ", file.line[k], ": (", asked.cells.back(), ") lies outside the ", shape, " tensor"));
  }
  tell_unknown(path, unknown);
  asked.unknown = unknown.size();
  return asked;
}

Input<Entries> matrix_input(const Settings& s, InputFile file) {
  Protocol protocol{std::move(static_cast<MatrixFile&>(file)), {}};
  if (!s.test.empty()) protocol = read_test_file(std::move(protocol.file), s.test, s.read.triplets);
  if (!s.folds_file.empty()) protocol = read_folds_file(std::move(protocol.file), s.folds_file);
  static_cast<MatrixFile&>(file) = std::move(protocol.file);  // with rows and columns that only a test file knows
  const Entries where = file.data.where;
  const Index rows = where.rows(), cols = where.cols();
  if (!s.quiet) std::cerr << s.data << ": read as: " << file.format << '\n';
  if (rows < 2 || cols < 2)  // what was left out while reading may be why
    for (const std::string& remark : file.remarks) std::cerr << remark << '\n';
  require(rows > 1 && cols > 1, s.data, ": holds a ", rows, " x ", cols, " matrix (", file.format,
          "); a completion needs two rows and two columns at least",
          file.kind == FileKind::matrix
              ? "; where each line of the file is one entry, --columns ROW,COLUMN,VALUE names the columns that say where and what"
              : "");
  Input<Entries> input{file.data, file.format, file.remarks, {{file.row_labels, file.col_labels}}, std::move(protocol.folds)};
  if (!file.rows_joined) file.data.y.resize(0);  // the completed file needs to know no more than their places
  if (file.kind == FileKind::matrix && where.count() == rows * cols)
    input.remarks.push_back("The table has no gap: completed.csv is the file as it came.");
  input.ordered = ordered_of(s, input.data, file.order, input.remarks);
  const auto filled = [&](Index mode, const char* line) {
    const bool neighbours = std::any_of(input.ordered.begin(), input.ordered.end(), [&](const LineOrder& one) { return one.mode == mode; });
    const bool features = !(mode == 0 ? s.row_features : s.column_features).empty();
    return sentence("Warning: ", line, "s without any observation, they are filled with the average ", line,
                    features ? ", or what their features predict" : "",
                    neighbours ? ", or from their neighbours if a method that uses the order is chosen: " : ": ");
  };
  const auto missing = unobserved(where);
  if (!missing.rows.empty()) input.remarks.push_back(filled(0, "row") + listed(missing.rows, input.names, 0));
  if (!missing.cols.empty()) input.remarks.push_back(filled(1, "column") + listed(missing.cols, input.names, 1));
  input.holdout = holdout_of(s, where.shape(), false);
  if (input.holdout.kind == HoldoutKind::listed) {
    const ModelInfo info{
        .row_labels = file.row_labels, .col_labels = file.col_labels, .row_name = file.row_name, .col_name = file.col_name};
    input.holdout.list = known_of(s.holdout, read_asked<Entries>(s.holdout, s, where.shape(), info, 0, Labels::detect));
  }
  const auto features = [&](const std::string& path, const std::vector<std::string>& labels, Index mode) -> LineFeatures {
    if (path.empty()) return {};
    FeaturesFile read = read_features(path, LabelIndex(labels, where.shape()[mode]), mode == 0 ? "row" : "column");
    if (!s.quiet) std::cerr << path << ": read as: " << read.format << '\n';
    input.remarks.insert(input.remarks.end(), read.remarks.begin(), read.remarks.end());
    return std::move(read.features);
  };
  input.features = {features(s.row_features, file.row_labels, 0), features(s.column_features, file.col_labels, 1)};
  input.file = std::move(file);
  return input;
}

Input<TensorEntries> tensor_input(const Settings& s, TensorFile file) {
  const Shape shape = file.data.where.shape();
  require(s.row_features.empty() && s.column_features.empty(), "--row-features and --column-features are for matrices; the data are a ",
          shape, " tensor");
  const std::string prefix = s.data.empty() ? "" : s.data + ": ";
  if (!s.quiet) std::cerr << prefix << "read as: " << file.format << ", " << file.data.count() << " entries observed\n";
  double slices = 0;
  for (Index n : shape.sizes()) slices += static_cast<double>(n);
  require(slices * static_cast<double>(std::max<Index>(s.rank, 1)) <= 1e8, prefix, "rank ", std::max<Index>(s.rank, 1), " on the ", slices,
          " slices of the ", shape, " tensor is more than the 10^8 parameters that are fitted",
          s.rank > 1 ? "" : "; number the indices without gaps");
  for (const TensorKind kind : s.how.kinds) {
    double core = s.rank > 0 && (kind == TensorKind::tucker || kind == TensorKind::deep_tucker) ? 1 : 0;
    if (core > 0)
      for (Index r : tensor_spec(kind, shape, s.rank).ranks) core *= static_cast<double>(r);
    require(core <= 1e6 + 20 * static_cast<double>(file.data.count()), prefix, "rank ", s.rank, " makes a core of ", core, " numbers of a ",
            name_of(kind), ", for ", file.data.count(), " observed entries; tt, hierarchical and cp have no core");
  }
  Input<TensorEntries> input{std::move(file.data), file.format, {}, {{}, file.base}};
  const auto missing = unobserved(input.data.where);
  for (std::size_t n = 0; n < missing.size(); ++n)
    if (!missing[n].empty())
      input.remarks.push_back(sentence("Warning: slices of mode ", n + 1,
                                       " without any observation, they are filled with the average slice (counted from 0): ",
                                       listed(missing[n], input.names, static_cast<Index>(n))));
  for (Index n = 0; n < shape.order(); ++n)
    if (s.rank > shape[n])
      input.remarks.push_back(sentence("Rank ", s.rank, " is larger than mode ", n + 1, " with its ", shape[n],
                                       shape[n] == 1 ? " slice" : " slices",
                                       ": CP can have it, the other models take what a mode or cut has."));
  input.holdout = holdout_of(s, shape, true);
  input.ordered = ordered_of(s, input.data, {}, input.remarks);
  if (input.holdout.kind == HoldoutKind::listed)
    input.holdout.list = known_of(s.holdout, read_asked<TensorEntries>(s.holdout, s, shape, {}, file.base, Labels::detect));
  if (s.test.empty() && s.folds_file.empty()) return input;
  // Folds of a file: entries to test on, or the number of the fold behind the indices of an entry.
  const IndexBase base = file.base == 1 ? IndexBase::one : IndexBase::zero;
  const std::string& path = s.test.empty() ? s.folds_file : s.test;
  const Data<double, TensorEntries> given = read_coordinates(path, base, shape).data;
  std::vector<Index> place;
  for (Index k = 0; k < given.count(); ++k) {
    std::vector<Index> at;
    for (Index n = 0; n < shape.order(); ++n) at.push_back(given.where.mode(n)[k]);
    place.push_back(tacit::detail::place_of(input.data.where, at));
    require(s.test.empty() == (place.back() >= 0), path, ": ", given.where.where(k), " (from 0) is ",
            s.test.empty() ? "not an entry of the data" : "an entry of the training data, too");
  }
  if (!s.test.empty()) {
    input.folds = {{input.data, given}};
    return input;
  }
  std::vector<double> numbers(given.y.data(), given.y.data() + given.count());
  std::sort(numbers.begin(), numbers.end());
  numbers.erase(std::unique(numbers.begin(), numbers.end()), numbers.end());
  for (const double fold : numbers) {
    std::vector<Index> part(static_cast<std::size_t>(input.data.count()), 0);
    for (Index k = 0; k < given.count(); ++k)
      if (given.y[k] == fold) part[static_cast<std::size_t>(place[static_cast<std::size_t>(k)])] = 1;
    input.folds.push_back(
        {tacit::detail::part_of("folds", input.data, part, 0, "train"), tacit::detail::part_of("folds", input.data, part, 1, "test")});
  }
  return input;
}
