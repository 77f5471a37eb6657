// SPDX-License-Identifier: MIT
#pragma once
// A trained model as a folder that this library reads back exactly and numpy reads without it:
//   W1.npy, W2.npy, ...     a factor each, of its logical shape d_l x d_{l-1}
//   row_effects.npy, col_effects.npy   where the data had effects taken off
//   row_scales.npy, ..., half_widths_of_rows.npy, ...   scales of lines and half-widths of intervals, where there are some (line_files.hpp)
//   model.json              format, kind, scalar, widths, offset, scale, labels, names of row and column ids, range, settings, seed, compiler
//
//   save_model("model", model, theta, {.preprocessing = {.offset = 3.5}, .row_labels = file.row_labels});
//   const SavedModel<double> saved = load_model("model");   Vector<double> z = saved.predict(at);
//   Python:  W = np.load("model/W3.npy") @ np.load("model/W2.npy") @ np.load("model/W1.npy")
//
// A model saved over another one replaces it as a whole, also where the program is stopped in between (file_set.hpp): a folder that has a model.json is
// whole. Numbers in it have their shortest exact form. prediction_ij = offset + row_i + col_j + scale W_ij; the same W comes out as before saving, bit for bit, with the same build.

#include <filesystem>
#include <optional>
#include <string>
#include <utility>
#include <vector>

#include "../io/file_set.hpp"
#include "../io/json_reader.hpp"
#include "../model/deep_matrix.hpp"
#include "../model/half_widths.hpp"
#include "../model/preprocessing.hpp"
#include "blocks.hpp"
#include "line_files.hpp"

namespace tacit {

/// What goes with the factors. Labels are empty or of full length.
struct ModelInfo {
  Preprocessing preprocessing = {};
  std::vector<std::string> row_labels = {}, col_labels = {};
  Provenance provenance = {};
  HalfWidths half_widths = {};                ///< of intervals; empty where none are known
  std::string row_name = {}, col_name = {};   ///< what the data called their row ids and column ids, as in userId and movieId
  std::vector<std::string> left_out = {};     ///< columns of the data that are none of the model, which new rows may have, too
  std::optional<double> low = {}, high = {};  ///< predictions are clipped to [low, high] by who shows them
};

/// Predictions at some entries, or (W, up to 10^8 entries) at all.
template <Scalar S>
Vector<double> predict(const DeepMatrix<S>& model, const Vector<S>& theta, const Preprocessing& preprocessing, const Entries& at) {
  model.layout().require_size(theta.size(), "predict");
  preprocessing.check("predict", model.shape());
  auto ws = model.workspace(at);
  Vector<S> z(at.count());
  model.evaluate(theta, at, ws, z);
  Vector<double> predictions(at.count());
  for (Index k = 0; k < at.count(); ++k) predictions[k] = preprocessing.prediction(static_cast<double>(z[k]), at[k].row, at[k].col);
  return predictions;
}
template <Scalar S>
Matrix<double> predict(const DeepMatrix<S>& model, const Vector<S>& theta, const Preprocessing& preprocessing) {
  model.layout().require_size(theta.size(), "predict");
  preprocessing.check("predict", model.shape());
  model.shape().require_dense("predict");
  Matrix<S> W = model.layer(theta, 0);
  for (Index l = 1; l < model.depth(); ++l) W = detail::product(Matrix<S>(model.layer(theta, l)), W);
  Matrix<double> predictions(W.rows(), W.cols());
  for (Index j = 0; j < W.cols(); ++j)
    for (Index i = 0; i < W.rows(); ++i) predictions(i, j) = preprocessing.prediction(static_cast<double>(W(i, j)), i, j);
  return predictions;
}

template <Scalar S>
struct SavedModel {
  DeepMatrix<S> model;
  Vector<S> theta;
  ModelInfo info;

  Vector<double> predict(const Entries& at) const { return tacit::predict(model, theta, info.preprocessing, at); }
  Matrix<double> predict() const { return tacit::predict(model, theta, info.preprocessing); }
};

namespace detail {

inline constexpr int model_format = 1;  ///< the version of this folder; a reader refuses others

inline const std::string model_list = "model.json";  ///< the file of a model that is written last

inline std::string json_labels(const std::vector<std::string>& labels) {
  return json_list(labels, [](const std::string& label) { return json(label); });
}

inline void check_labels(const char* who, const ModelInfo& info, const Shape& shape) {
  const auto fits = [](const std::vector<std::string>& labels, Index n) {
    return labels.empty() || static_cast<Index>(labels.size()) == n;
  };
  require(fits(info.row_labels, shape.rows()), who, ": got ", info.row_labels.size(), " row labels for ", shape.rows(), " rows");
  require(fits(info.col_labels, shape.cols()), who, ": got ", info.col_labels.size(), " column labels for ", shape.cols(), " columns");
}

template <Scalar S>
std::string model_json(const DeepMatrix<S>& model, const ModelInfo& info) {
  const Provenance& from = info.provenance;
  std::string out =
      sentence("{\n  \"format\": ", model_format, ",\n  \"kind\": \"DeepMatrix\",\n  \"scalar\": \"", scalar_name<S>(), "\",\n");
  out += "  \"widths\": " + json_list(model.widths(), [](Index width) { return std::to_string(width); }) + ",\n";
  out += "  \"factors\": " + json_list(model.layout(), [](const Block& block) { return json(block.name + ".npy"); }) + ",\n";
  out += "  \"offset\": " + json(info.preprocessing.offset) + ",\n  \"scale\": " + json(info.preprocessing.scale) + ",\n";
  out += std::string("  \"row_effects\": ") + (info.preprocessing.row_effects.size() ? "\"row_effects.npy\"" : "null") + ",\n";
  out += std::string("  \"col_effects\": ") + (info.preprocessing.col_effects.size() ? "\"col_effects.npy\"" : "null") + ",\n";
  out += json_of_lines(info.preprocessing.scales, info.half_widths);
  out += "  \"row_labels\": " + json_labels(info.row_labels) + ",\n  \"col_labels\": " + json_labels(info.col_labels) + ",\n";
  if (!info.row_name.empty()) out += "  \"row_name\": " + json(info.row_name) + ",\n";
  if (!info.col_name.empty()) out += "  \"col_name\": " + json(info.col_name) + ",\n";
  if (!info.left_out.empty()) out += "  \"left_out\": " + json_labels(info.left_out) + ",\n";
  if (info.low) out += "  \"low\": " + json(*info.low) + ",\n";
  if (info.high) out += "  \"high\": " + json(*info.high) + ",\n";
  if (!from.program.empty()) out += "  \"program\": " + json(from.program) + ",\n";
  if (!from.date.empty()) out += "  \"date\": " + json(from.date) + ",\n";
  out += "  \"tacit\": " + json(from.version) + ",\n  \"compiler\": " + json(from.compiler) + ",\n";
  out += "  \"seed\": " + (from.seed ? std::to_string(*from.seed) : "null") + ",\n  \"settings\": {";
  const char* separator = "\n";
  for (const auto& [name, cell] : from.settings) out += std::exchange(separator, ",\n") + ("    " + json(name)) + ": " + json(cell);
  return out + (from.settings.empty() ? "}\n}\n" : "\n  }\n}\n");
}

inline Cell cell_of(const JsonValue& value) {
  if (value.is_null()) return {};
  if (value.kind() == JsonValue::Kind::text) return value.text();
  std::int64_t whole = 0;
  if (parse_integer(value.spelling(), whole)) return whole;
  return value.number();
}

inline Provenance provenance_of(const JsonValue& file) {
  Provenance from;
  if (file.has("program")) from.program = file["program"].text();
  if (file.has("date")) from.date = file["date"].text();
  from.version = file["tacit"].text();
  from.compiler = file["compiler"].text();
  if (!file["seed"].is_null()) from.seed = file["seed"].seed();
  const JsonValue& settings = file["settings"];
  for (std::size_t k = 0; k < settings.names().size(); ++k) from.set(settings.names()[k], cell_of(settings[k]));
  return from;
}

inline std::vector<std::string> labels_of(const JsonValue& list, Index count, const char* what) {
  std::vector<std::string> labels;
  for (const JsonValue& item : list.items()) labels.push_back(item.text());
  if (!labels.empty() && static_cast<Index>(labels.size()) != count)
    list.fail(sentence("got ", labels.size(), " labels for ", count, " ", what));
  return labels;
}

/// The effects in the file that a value of model.json names; only this one name is due there.
inline Vector<double> effects_at(const std::string& folder, const JsonValue& name, const std::string& expected, Index count) {
  const std::string path = in_set(folder, model_list, expected);
  if (name.text() != expected) name.fail("is '" + name.text() + "' where '" + expected + "' is due");
  const NpyArray array = read_npy(path);
  if (array.shape != Shape{count}) throw std::runtime_error(sentence(path, ": holds ", array.shape, " values, the model needs ", count));
  if (array.single_precision) throw std::runtime_error(path + ": holds float32 values, effects are float64");
  Vector<double> effects = Eigen::Map<const Vector<double>>(array.values.data(), count);
  if (!effects.allFinite()) throw std::runtime_error(path + ": holds a NaN or an infinity");
  return effects;
}
/// The effects that a member of model.json names, null for none.
inline Vector<double> effects_of(const std::string& folder, const JsonValue& file, const char* name, Index count) {
  if (file[name].is_null()) return {};
  return effects_at(folder, file[name], std::string(name) + ".npy", count);
}

/// Files in the folder that belong to models of this library, other than these: what an earlier, larger model has left.
inline std::vector<std::string> files_of_models_beside(const std::string& folder, const std::vector<std::string>& names) {
  std::vector<std::string> others;
  std::error_code ignored;
  for (const auto& entry : std::filesystem::directory_iterator(folder, ignored)) {
    const std::string name = entry.path().filename().string();
    const bool factor = name.size() > 5 && name[0] == 'W' && name.ends_with(".npy") &&
                        name.substr(1, name.size() - 5).find_first_not_of("0123456789") == name.npos;
    const std::vector<std::string> others_of_ours{"row_effects.npy",         "col_effects.npy",         "row_centres.npy",
                                                  "col_centres.npy",         "row_scales.npy",          "col_scales.npy",
                                                  "half_widths_of_rows.npy", "half_widths_of_cols.npy", "informative_cols.npy"};
    const bool ours = factor || std::find(others_of_ours.begin(), others_of_ours.end(), name) != others_of_ours.end();
    if (ours && std::find(names.begin(), names.end(), name) == names.end()) others.push_back(name);
  }
  return others;
}

}  // namespace detail

template <Scalar S>
void save_model(const std::string& folder, const DeepMatrix<S>& model, const std::type_identity_t<Vector<S>>& theta,
                const ModelInfo& info = {}) {
  model.layout().require_size(theta.size(), "save_model");
  require(theta.allFinite(), "save_model: theta is not finite; a model of it would predict nothing");
  info.preprocessing.check("save_model", model.shape());
  info.half_widths.check("save_model", model.shape());
  detail::check_labels("save_model", info, model.shape());
  require((!info.low || std::isfinite(*info.low)) && (!info.high || std::isfinite(*info.high)), "save_model: the range is not finite");
  detail::FileSet files(folder, detail::model_list);
  std::vector<std::string> names;
  for (const Block& block : model.layout()) {
    names.push_back(detail::block_file(block));
    detail::write_npy(files.path(names.back()), block.shape.sizes(), block.order, theta.data() + block.offset, block.count);
  }
  for (const auto& [name, effects] :
       {std::pair("row_effects.npy", &info.preprocessing.row_effects), std::pair("col_effects.npy", &info.preprocessing.col_effects)})
    if (effects->size()) {
      names.emplace_back(name);
      detail::write_npy(files.path(name), {effects->size()}, StorageOrder::row_major, effects->data(), effects->size());
    }
  for (std::string& name :
       detail::write_lines([&](const std::string& file) { return files.path(file); }, info.preprocessing.scales, info.half_widths))
    names.push_back(std::move(name));
  files.commit(detail::model_json(model, info), detail::files_of_models_beside(folder, names));
}

/// Reads a folder of save_model. Whatever does not fit is refused, naming file and place: another format, kind or scalar, a missing factor or one of
/// another shape, damaged JSON or NPY.
template <Scalar S = double>
SavedModel<S> load_model(const std::string& folder) {
  const JsonValue file = read_json(detail::in_set(folder, detail::model_list, detail::model_list));
  const auto path_of = [&](const Block& block) { return detail::in_set(folder, detail::model_list, detail::block_file(block)); };
  const std::int64_t format = file["format"].integer();
  if (format != detail::model_format)
    file["format"].fail(
        sentence("the model has format ", format, ", this version of the library (", version, ") reads format ", detail::model_format));
  if (file["kind"].text() != "DeepMatrix")
    file["kind"].fail("the model is a '" + file["kind"].text() + "', read are models of the kind 'DeepMatrix'");
  if (file["scalar"].text() != scalar_name<S>())
    file["scalar"].fail(sentence("the model is of ", file["scalar"].text(), ", load_model was asked for ", scalar_name<S>()));
  std::vector<Index> widths;
  for (const JsonValue& width : file["widths"].items()) {
    widths.push_back(width.integer());
    if (widths.back() < 1) width.fail(sentence("width ", widths.size() - 1, " is ", widths.back(), ", every width needs at least 1"));
  }
  if (widths.size() < 2) file["widths"].fail(sentence("got ", widths.size(), " widths, a model needs at least two"));
  DeepMatrix<S> model(widths);

  const JsonValue& factors = file["factors"];
  if (static_cast<Index>(factors.size()) != model.depth())
    factors.fail(sentence("names ", factors.size(), " factors, the widths make ", model.depth()));
  for (Index l = 0; l < model.depth(); ++l) {
    const JsonValue& name = factors[static_cast<std::size_t>(l)];
    const std::string path = path_of(model.layout()[l]);
    if (name.text() != model.layout()[l].name + ".npy")
      name.fail("is '" + name.text() + "' where '" + model.layout()[l].name + ".npy' is due");
    if (!std::filesystem::exists(path)) throw std::runtime_error(path + ": is missing, a factor of the model in " + folder);
    if (NpyArray array = read_npy(path); array.single_precision != (sizeof(S) == 4))
      throw std::runtime_error(
          sentence(path, ": holds ", array.single_precision ? "float32" : "float64", " values, the model is of ", scalar_name<S>()));
  }
  ModelInfo info;
  info.preprocessing = {file["offset"].number(), file["scale"].number(), detail::effects_of(folder, file, "row_effects", model.rows()),
                        detail::effects_of(folder, file, "col_effects", model.cols())};
  detail::read_lines([&](const std::string& name) { return detail::in_set(folder, detail::model_list, name); }, file, model.shape(),
                     info.preprocessing.scales, info.half_widths);
  if (!(info.preprocessing.scale > 0)) file["scale"].fail("the scale is " + file["scale"].spelling() + ", it needs to be positive");
  info.row_labels = detail::labels_of(file["row_labels"], model.rows(), "rows");
  info.col_labels = detail::labels_of(file["col_labels"], model.cols(), "columns");
  info.provenance = detail::provenance_of(file);
  if (file.has("row_name")) info.row_name = file["row_name"].text();
  if (file.has("col_name")) info.col_name = file["col_name"].text();
  if (file.has("left_out"))
    for (const JsonValue& name : file["left_out"].items()) info.left_out.push_back(name.text());
  if (file.has("low")) info.low = file["low"].number();
  if (file.has("high")) info.high = file["high"].number();
  Vector<S> theta = detail::load_blocks_from<S>(model.layout(), path_of);
  return {std::move(model), std::move(theta), std::move(info)};
}

}  // namespace tacit
