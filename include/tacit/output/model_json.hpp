// SPDX-License-Identifier: MIT
#pragma once
// model.json of a saved model (model_files.hpp), and the arrays beside it that belong to lines: effects, centres, scales, half-widths of intervals. What is not there has
// no file and no member, so that models without it look as ever; of matrices the files of a mode begin with row_ or col_, of tensors they end in its number from 1.

#include <optional>
#include <string>
#include <utility>
#include <vector>

#include "../data/npy.hpp"
#include "../io/file_set.hpp"
#include "../io/json_reader.hpp"
#include "../io/json_writer.hpp"
#include "../io/npy_writer.hpp"
#include "../model/any_tensor.hpp"
#include "../model/deep_matrix.hpp"
#include "../model/half_widths.hpp"
#include "../observation/centre.hpp"
#include "blocks.hpp"

namespace tacit {

/// What goes with the factors. Labels are empty or of full length; tensors have none.
struct ModelInfo {
  Centre centre = {};  ///< its form is not kept
  std::vector<std::string> row_labels = {}, col_labels = {};
  Provenance provenance = {};
  HalfWidths half_widths = {};                ///< of intervals; empty where none are known
  std::string row_name = {}, col_name = {};   ///< what the data called their row ids and column ids, as in userId and movieId
  std::vector<std::string> left_out = {};     ///< columns of the data that are none of the model, which new rows may have, too
  std::optional<double> low = {}, high = {};  ///< predictions are clipped to [low, high] by who shows them
  std::vector<ColumnRange> ranges = {};       ///< of single columns, before that of the whole table
};

namespace detail {

/// The version of this folder; a reader refuses others. A model with transforms has the second: who does not know them would predict in other units.
inline constexpr int model_format = 1, model_format_with_transforms = 2;

inline const std::string model_list = "model.json";  ///< the file of a model that is written last

template <class Items, class Text>
std::string json_list(const Items& items, Text text) {
  std::string out = "[";
  for (const auto& item : items) out += (out.size() > 1 ? ", " : "") + text(item);
  return out + "]";
}
inline std::string json_texts(const std::vector<std::string>& texts) {
  return json_list(texts, [](const std::string& text) { return json(text); });
}
inline std::string json_indices(const std::vector<Index>& list) {
  return json_list(list, [](Index n) { return std::to_string(n); });
}
inline std::string json_tree(const ModeTree& tree) {
  return tree.leaf() ? std::to_string(tree.mode()) : json_list(tree.children(), json_tree);
}

/// The name of what belongs to a mode; its file has .npy behind it.
inline std::string mode_name(const std::string& what, Index mode, bool matrix) {
  return matrix ? (mode == 0 ? "row_" : "col_") + what : sentence(what, "_", mode + 1);
}
inline std::string widths_name(Index mode, bool matrix) {
  return matrix ? (mode == 0 ? "half_widths_of_rows" : "half_widths_of_cols") : sentence("half_widths_", mode + 1);
}
/// Models of tensors saved before new slices of all modes had intervals have `informative` alone, of the last mode.
inline std::string informative_name(Index mode, bool matrix) { return matrix ? "informative_cols" : sentence("informative_", mode + 1); }
inline constexpr const char* kinds_name = "half_width_kinds";           // of a matrix: of each place, and what they multiply its width by
inline constexpr const char* kind_factors_name = "half_width_factors";  // in each column

/// use(name, vector) for every vector of the centre that there is.
template <class Use>
void each_mode_vector(const Centre& centre, Index order, bool matrix, Use use) {
  for (const auto& [what, list] :
       {std::pair("effects", &centre.effects), std::pair("centres", &centre.lines.centre), std::pair("scales", &centre.lines.scale)})
    for (Index n = 0; n < order; ++n)
      if (const Vector<double>& x = of_mode(*list, n); x.size()) use(mode_name(what, n, matrix), x);
}

/// Kind and sizes.
template <Scalar S>
std::string json_of_sizes(const DeepMatrix<S>& model) {
  return sentence("  \"kind\": \"DeepMatrix\",\n  \"scalar\": \"", scalar_name<S>(), "\",\n  \"widths\": ", json_indices(model.widths()),
                  ",\n");
}
template <Scalar S>
std::string json_of_sizes(const AnyTensorModel<S>& model) {
  const TensorSpec& spec = model.spec();
  return sentence("  \"kind\": \"", name_of(spec.kind), "\",\n  \"scalar\": \"float64\",\n  \"shape\": ", json_indices(spec.shape.sizes()),
                  ",\n  \"ranks\": ", json_indices(spec.ranks), ",\n  \"depths\": ", json_indices(spec.depths),
                  ",\n  \"tree\": ", spec.tree ? json_tree(*spec.tree) : "null", ",\n  \"output\": ", spec.output ? "true" : "false",
                  ",\n  \"wiring\": \"", spec.wiring == Wiring::per_mode ? "per_mode" : "per_column", "\",\n");
}

/// Of the columns that have one; the others are fitted as they came.
inline std::string json_of_transforms(const std::vector<Transform>& transforms) {
  std::string items;
  for (std::size_t j = 0; j < transforms.size(); ++j) {
    const Transform& by = transforms[j];
    if (by.kind == TransformKind::none) continue;
    items += sentence(items.empty() ? "" : ", ", "{\"column\": ", j, ", \"by\": \"", name_of(by.kind), "\"");
    if (by.kind == TransformKind::log1p) items += ", \"unit\": " + json(by.unit);
    if (by.kind == TransformKind::logit) items += ", \"low\": " + json(by.low) + ", \"high\": " + json(by.high);
    items += ", \"shift\": " + json(by.shift) + "}";
  }
  return "[" + items + "]";
}
/// The column that an item of a list names.
inline Index column_in(const JsonValue& item, const Shape& shape) {
  const std::int64_t column = item["column"].integer();
  if (column < 0 || column >= shape[1]) item["column"].fail(sentence("names column ", column, ", there are 0 to ", shape[1] - 1));
  return static_cast<Index>(column);
}
inline std::vector<Transform> transforms_in(const JsonValue& list, const Shape& shape) {
  std::vector<Transform> transforms(static_cast<std::size_t>(shape[1]));
  for (const JsonValue& item : list.items()) {
    Transform& by = transforms[static_cast<std::size_t>(column_in(item, shape))];
    for (const TransformKind kind : {TransformKind::log, TransformKind::log1p, TransformKind::logit, TransformKind::count})
      if (item["by"].text() == name_of(kind)) by.kind = kind;
    if (by.kind == TransformKind::none) item["by"].fail("is '" + item["by"].text() + "', known are log, log1p, logit and count");
    if (by.kind == TransformKind::log1p) by.unit = item["unit"].number();
    if (by.kind == TransformKind::logit) by.low = item["low"].number(), by.high = item["high"].number();
    by.shift = item["shift"].number();
  }
  return transforms;
}

template <class M>
std::string model_json(const M& model, const ModelInfo& info, bool matrix) {
  const Index order = model.shape().order();
  const Scales& lines = info.centre.lines;
  std::string out =
      sentence("{\n  \"format\": ", lines.transforms.empty() ? model_format : model_format_with_transforms, ",\n", json_of_sizes(model));
  out += "  \"factors\": " + json_list(model.layout(), [](const Block& block) { return json(block.name + ".npy"); }) + ",\n";
  out += "  \"offset\": " + json(info.centre.mean) + ",\n  \"scale\": " + json(info.centre.scale) + ",\n";
  std::vector<std::string> effects;
  for (Index n = 0; n < order; ++n)
    if (matrix || info.centre.has_effects())
      effects.push_back(info.centre.effects_of(n).size() ? json(mode_name("effects", n, matrix) + ".npy") : "null");
  if (matrix) out += "  \"row_effects\": " + effects[0] + ",\n  \"col_effects\": " + effects[1] + ",\n";
  else out += "  \"effects\": " + json_list(effects, [](const std::string& name) { return name; }) + ",\n";
  each_mode_vector(Centre{.lines = lines}, order, matrix,
                   [&](const std::string& name, const Vector<double>&) { out += "  " + json(name) + ": " + json(name + ".npy") + ",\n"; });
  if (!lines.transforms.empty()) out += "  \"transforms\": " + json_of_transforms(lines.transforms) + ",\n";
  if (const HalfWidths& widths = info.half_widths; widths.known()) {
    const auto numbers = [](const HalfWidths::NewLines& fresh, const char* name) {
      return sentence("\"halving\": ", json(fresh.halving), ", \"", name,
                      "\": ", json_list(fresh.typical, [](double x) { return json(x); }));
    };
    const auto item = [&](const HalfWidths::NewLines& fresh) { return "{" + numbers(fresh, "typical") + "}"; };
    out += "  \"intervals\": {\"coverage\": " + json(widths.coverage) + ", " +
           (matrix ? numbers(widths.fresh.at(0), "typical_row") : "\"new_slices\": " + json_list(widths.fresh, item)) +
           (widths.kinds.known() ? ", \"kinds\": " + std::to_string(widths.kinds.factor.cols()) + ", \"few\": " + json(widths.kinds.few)
                                 : std::string()) +
           "},\n";
  }
  if (matrix) out += "  \"row_labels\": " + json_texts(info.row_labels) + ",\n  \"col_labels\": " + json_texts(info.col_labels) + ",\n";
  if (!info.row_name.empty()) out += "  \"row_name\": " + json(info.row_name) + ",\n";
  if (!info.col_name.empty()) out += "  \"col_name\": " + json(info.col_name) + ",\n";
  if (!info.left_out.empty()) out += "  \"left_out\": " + json_texts(info.left_out) + ",\n";
  if (info.low) out += "  \"low\": " + json(*info.low) + ",\n";
  if (info.high) out += "  \"high\": " + json(*info.high) + ",\n";
  if (!info.ranges.empty())
    out += "  \"ranges\": " +
           json_list(info.ranges,
                     [](const ColumnRange& r) {
                       return sentence("{\"column\": ", r.column, ", \"low\": ", json(r.low), ", \"high\": ", json(r.high), "}");
                     }) +
           ",\n";
  const std::string from = json(info.provenance);
  return out + from.substr(from.find('\n') + 1);
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

/// The array of a file of the model, which needs to have this shape; in C order.
inline Matrix<double> array_in(const std::string& folder, const std::string& name, Index rows, Index cols) {
  const std::string path = in_set(folder, model_list, name + ".npy");
  const NpyArray array = read_npy(path);
  const Shape due = cols == 1 ? Shape{rows} : Shape{rows, cols};
  if (array.shape != due) throw std::runtime_error(sentence(path, ": holds ", array.shape, " values, the model needs ", due));
  if (array.single_precision) throw std::runtime_error(path + ": holds float32 values, what belongs to lines is float64");
  Matrix<double> X(rows, cols);
  for (Index i = 0; i < rows; ++i)
    for (Index j = 0; j < cols; ++j) {
      X(i, j) = array.values[static_cast<std::size_t>(i * cols + j)];
      if (std::isnan(X(i, j)) || (cols == 1 && std::isinf(X(i, j)))) throw std::runtime_error(path + ": holds a NaN or an infinity");
    }
  return X;
}
/// The vector in the file that a value of model.json names; only this one name is due there.
inline Vector<double> vector_at(const std::string& folder, const JsonValue& value, const std::string& name, Index count) {
  if (value.is_null()) return {};
  if (value.text() != name + ".npy") value.fail("is '" + value.text() + "' where '" + name + ".npy' is due");
  return array_in(folder, name, count, 1);
}

/// Everything but the model itself.
inline ModelInfo info_of(const std::string& folder, const JsonValue& file, const Shape& shape, bool matrix) {
  ModelInfo info;
  const Index order = shape.order();
  info.centre = {"saved", file["offset"].number(), {}, file["scale"].number(), {}};
  if (!(info.centre.scale > 0)) file["scale"].fail("the scale is " + file["scale"].spelling() + ", it needs to be positive");
  if (!matrix && file["effects"].size() != 0 && static_cast<Index>(file["effects"].size()) != order)
    file["effects"].fail(sentence("names effects of ", file["effects"].size(), " modes, the model has ", order));
  for (Index n = 0; n < order; ++n) {
    if (!matrix && file["effects"].size() == 0) break;
    const std::string name = mode_name("effects", n, matrix);
    info.centre.effects.push_back(
        vector_at(folder, matrix ? file[name.c_str()] : file["effects"][static_cast<std::size_t>(n)], name, shape[n]));
  }
  for (const auto& [what, list] : {std::pair("centres", &info.centre.lines.centre), std::pair("scales", &info.centre.lines.scale)})
    for (Index n = 0; n < order; ++n) {
      const std::string name = mode_name(what, n, matrix);
      list->push_back(file.has(name.c_str()) ? vector_at(folder, file[name.c_str()], name, shape[n]) : Vector<double>());
    }
  if (file.has("transforms")) info.centre.lines.transforms = transforms_in(file["transforms"], shape);
  if (file.has("ranges"))
    for (const JsonValue& item : file["ranges"].items())
      info.ranges.push_back({column_in(item, shape), item["low"].number(), item["high"].number()});
  if (file.has("intervals")) {
    const JsonValue& intervals = file["intervals"];
    info.half_widths.coverage = intervals["coverage"].number();
    const auto read = [&](const JsonValue& from, const char* name) {
      const JsonValue& typical = from[name];
      if (static_cast<Index>(typical.size()) != order + 1)
        typical.fail(sentence("has ", typical.size(), " numbers where ", order + 1, " are due"));
      HalfWidths::NewLines& fresh =
          info.half_widths.fresh.emplace_back(HalfWidths::NewLines{from["halving"].number(), Vector<double>(order + 1)});
      for (std::size_t k = 0; k < typical.size(); ++k) fresh.typical[static_cast<Index>(k)] = typical[k].number();
    };
    info.half_widths.informative.resize(static_cast<std::size_t>(order));
    for (Index n = 0; n < order; ++n) info.half_widths.lines.push_back(array_in(folder, widths_name(n, matrix), shape[n], order + 1));
    if (intervals.has("typical_row")) {  // of mode 0 alone
      read(intervals, "typical_row");
      const Vector<double> last = array_in(folder, matrix ? informative_name(1, true) : "informative", shape[order - 1], 1);
      info.half_widths.informative.back() = matrix ? last : Vector<double>(last.array().pow(static_cast<double>(order - 1)));
    } else {
      const JsonValue& slices = intervals["new_slices"];
      if (static_cast<Index>(slices.size()) > order) slices.fail(sentence("has ", slices.size(), " modes, the model has ", order));
      for (const JsonValue& one : slices.items()) read(one, "typical");
      for (Index n = 0; n < order; ++n)
        info.half_widths.informative[static_cast<std::size_t>(n)] = array_in(folder, informative_name(n, matrix), shape[n], 1);
    }
    if (matrix && intervals.has("kinds")) {
      const double count = intervals["kinds"].number();
      if (!(count > 1 && count < 256))
        intervals["kinds"].fail("is " + intervals["kinds"].spelling() + ", it needs to be a number of kinds");
      const Matrix<double> kind = array_in(folder, kinds_name, shape[0], shape[1]);
      if (!((kind.array() >= 0) && (kind.array() < count)).all())
        throw std::runtime_error(sentence(folder, '/', kinds_name, ".npy: holds kinds of places that are not among ", count));
      info.half_widths.kinds = {kind.cast<std::uint8_t>(), array_in(folder, kind_factors_name, shape[1], static_cast<Index>(count)),
                                intervals["few"].number()};
    }
  }
  if (matrix) {
    info.row_labels = labels_of(file["row_labels"], shape[0], "rows");
    info.col_labels = labels_of(file["col_labels"], shape[1], "columns");
  }
  info.provenance = provenance_of(file);
  if (file.has("row_name")) info.row_name = file["row_name"].text();
  if (file.has("col_name")) info.col_name = file["col_name"].text();
  if (file.has("left_out"))
    for (const JsonValue& name : file["left_out"].items()) info.left_out.push_back(name.text());
  if (file.has("low")) info.low = file["low"].number();
  if (file.has("high")) info.high = file["high"].number();
  return info;
}

}  // namespace detail
}  // namespace tacit
