// SPDX-License-Identifier: MIT
#pragma once
// What `complete` can be asked for, and the parts it is made of. It completes matrices (O is Entries) and tensors (TensorEntries); what both have in common is written once.

#include <optional>
#include <string>
#include <tacit/compare/completion_result.hpp>
#include <tacit/data/input_file.hpp>
#include <tacit/data/tensor_file.hpp>
#include <tacit/io/provenance.hpp>
#include <tacit/output/gaps_csv.hpp>
#include <tacit/output/model_files.hpp>
#include <tacit/output/result_folder.hpp>
#include <vector>

struct Settings {
  std::string program = "complete";
  bool tensors = false;  // the name tensor_completion: everything is a tensor
  std::string data, out, save, load, pairs, new_rows, test, folds_file, holdout = "entries", budget;
  std::string row_features, column_features;
  double gaps = 1e7;                                                       // gaps.csv is written for no more
  std::vector<double> range;                                               // of the whole table
  std::vector<std::pair<std::string, std::vector<double>>> column_ranges;  // of single columns, by their names
  std::vector<std::pair<std::string, tacit::TransformKind>> column_transforms;
  std::string scale = "auto", transform = "auto", ordered = "auto";
  bool quiet = false;
  tacit::ReadOptions read{.csv = {.marks = true}};
  bool unfold = false;  // --mode: an NPY array of higher order as a matrix
  tacit::CompletionSettings how;
  std::string model = "auto", indices;  // of tensors
  std::vector<Eigen::Index> shape;
  Eigen::Index rank = 0, depth = 0;     // of tensors; 0: chosen on validation
  Eigen::Index new_mode = 1;            // of tensors: the mode, from 1, that --new-rows has new slices of
  std::string for_tables, for_tensors;  // options given that mean nothing elsewhere, as in: --header, --missing

  tacit::Provenance provenance(bool tensor) const;
};

template <class O>
inline constexpr bool is_tensor = std::is_same_v<O, tacit::TensorEntries>;

/// A fitted or loaded model with everything that predictions need.
template <class O>
struct Predictor {
  using Model = std::conditional_t<is_tensor<O>, tacit::AnyTensorModel<double>, tacit::DeepMatrix<double>>;
  Model model;
  tacit::Vector<double> theta;
  tacit::ModelInfo info;
  double width = 0;       // half an interval of a model that was saved without half-widths by place; 0: not known
  Eigen::Index base = 0;  // what files call the first index of a mode

  double half_width(const O& at, Eigen::Index k) const {
    return info.half_widths.known() ? info.half_widths.at([&](Eigen::Index n) { return Eigen::Index(at.mode(n)[k]); }) : width;
  }
  tacit::PlaceNames names() const { return {{info.row_labels, info.col_labels}, base}; }
  /// To the range of its column, else that of the table. `column`: of a matrix.
  double clipped(double x, Eigen::Index column) const {
    for (const tacit::ColumnRange& range : info.ranges)
      if (range.column == column) return std::clamp(x, range.low, range.high);
    return info.low && info.high ? std::clamp(x, *info.low, *info.high) : x;
  }
};

/// The data, and what the report and the results say of them.
template <class O>
struct Input {
  tacit::Data<double, O> data;
  std::string format;
  std::vector<std::string> remarks = {};
  tacit::PlaceNames names = {};
  std::vector<tacit::TrainTest<double, O>> folds = {};  // of a file
  tacit::Holdout holdout = {};
  std::vector<tacit::LineOrder> ordered = {};  // modes whose order means something
  tacit::SideFeatures features = {};
  std::optional<tacit::InputFile> file = {};  // of a matrix, without its values
};

/// Places that a file asks for: as written, and, where they are known, their indices.
struct Asked {
  std::vector<std::string> cells;
  std::vector<std::vector<Eigen::Index>> at;  // empty: not known
  std::size_t unknown = 0;
  std::string format;
};
template <class O>
Asked read_asked(const std::string& path, const Settings& settings, const tacit::Shape& shape, const tacit::ModelInfo& info,
                 Eigen::Index base, tacit::Labels header);

Input<tacit::Entries> matrix_input(const Settings& settings, tacit::InputFile file);
Input<tacit::TensorEntries> tensor_input(const Settings& settings, tacit::TensorFile file);
/// A 25 x 20 x 15 tensor of Tucker rank 3 with noise, of which a fifth is observed.
tacit::TensorFile synthetic(const Settings& settings);

/// The ranges of the options, instead of those that a model was saved with; columns are looked up by their names.
void set_ranges(const Settings& settings, tacit::ModelInfo& info, const tacit::Shape& shape);
/// The transforms of the options, with the ranges that are known.
tacit::TransformSettings transforms_of(const Settings& settings, const tacit::ModelInfo& info, const tacit::Shape& shape);
/// "dose, titre: by their logarithm ...", a sentence for each transform; empty where there is none.
std::vector<std::string> transform_remarks(const tacit::CompletionResult& result, const tacit::PlaceNames& names);

/// Which method won and by how much, in words.
template <class O>
std::string verdict(const tacit::CompletionResultOf<O>& result);
/// Errors of the chosen method by column (or row, or slice), in the units of the file and relative to its spread.
template <class O>
tacit::Table line_table(const tacit::CompletionResultOf<O>& result, const tacit::PlaceNames& names);
/// What the lines are called whose errors are told apart: row, column, slice.
template <class O>
std::string line_word(const tacit::CompletionResultOf<O>& result) {
  return is_tensor<O> ? "slice" : result.scaling.lines == 0 ? "row" : "column";
}
/// What a reader needs to know of units and constant columns; empty where lines are alike.
template <class O>
std::vector<std::string> scaling_remarks(const tacit::CompletionResultOf<O>& result, const tacit::PlaceNames& names);
/// Of a CP, how many of its components there are, where some have vanished.
std::string components_in_words(const tacit::TensorFit& fit);
/// report.html: what was done in words, all methods, calibration, residuals, what was found (singular values, or a panel a mode), the worst cells.
template <class O>
void write_report(const std::string& path, const Settings& settings, const Input<O>& input, const tacit::CompletionResultOf<O>& result,
                  const std::vector<std::string>& remarks, const tacit::Provenance& provenance);

/// All names that the program writes into the folder of its results, beside their provenance.
inline const std::vector<std::string> result_names{"summary.json",    "summary.csv",   "report.html",        "gaps.csv",
                                                   "completed.csv",   "completed.npy", "completed_rows.csv", "completed_columns.csv",
                                                   "predictions.csv", "new_rows.csv",  "new_rows_gaps.csv",  "rows.csv",
                                                   "columns.csv",     "slices.csv",    "new_slices.npy",     "new_slices_gaps.csv"};

/// Predictions with their intervals, clipped to the range.
template <class O>
tacit::Predicted predicted(const Predictor<O>& by, const O& at);
/// Fits everything, writes summary, report and the completed file.
template <class O>
Predictor<O> fit(const Settings& settings, Input<O> input, tacit::ResultFolder& out);
/// Places to predict, to out/predictions.csv, a line each; unknown ones stay empty, and are told.
template <class O>
void predict_file(const Settings& settings, const Predictor<O>& by, tacit::ResultFolder& out);
/// Pairs that the data asked for by a line without a rating, to out/predictions.csv.
void predict_asked(const Settings& settings, const Predictor<tacit::Entries>& by, const std::vector<tacit::Entry>& asked,
                   tacit::ResultFolder& out);
/// New rows folded in, to out/new_rows.csv.
void predict_new_rows(const Settings& settings, const Predictor<tacit::Entries>& by, tacit::ResultFolder& out);
/// New slices folded in, to out/new_slices.npy.
void predict_new_slices(const Settings& settings, const Predictor<tacit::TensorEntries>& by, tacit::ResultFolder& out);
/// The ridges for new slices of each mode, kept with the model.
void keep_slice_ridges(const std::vector<double>& ridges, tacit::Provenance& provenance);
