// SPDX-License-Identifier: MIT
#pragma once
// A trained model of a matrix or tensor as a folder that this library reads back exactly and numpy reads without it:
//   W1.npy, W2.npy, ...     of a deep matrix a factor each, of its logical shape d_l x d_{l-1}; of a tensor a block each, A1.npy, ..., in its own shape
//   row_effects.npy, col_effects.npy (effects_1.npy, ...)      where the data had effects taken off
//   row_scales.npy, ..., half_widths_of_rows.npy, ...          scales of lines and half-widths of intervals, where there are some (model_json.hpp)
//   model.json              format, kind, scalar, sizes, offset, scale, transforms, labels, names of row and column ids, ranges, settings, seed, compiler
//
//   save_model("model", model, theta, {.centre = {.mean = 3.5}, .row_labels = file.row_labels});
//   const SavedModel<double> saved = load_model("model");   Vector<double> z = saved.predict(at);      of a tensor: load_tensor_model("model")
//   Python:  W = np.load("model/W3.npy") @ np.load("model/W2.npy") @ np.load("model/W1.npy")
//
// prediction = offset + row_i + col_j (or the effects of every mode) + scale W, then scales put back, then t by the transform of its column, where it has one
// (observation/transform.hpp):  exp(t + shift)  of a log, and of counts,  unit (exp(t + shift) - 1), at least 0,  of a log1p,  low + (high - low) / (1 + exp(-t))  of a logit.
// W of a tensor from the blocks, in Python:
//   CP                  W = np.einsum("ir,jr,kr->ijk", A1, A2, A3)
//   Tucker              W = np.einsum("abc,ia,jb,kc->ijk", G, U1, U2, U3)
//   TensorTrain         W = np.einsum("zai,abj,bzk->ijk", G1, G2, G3)
//   HierarchicalTensor  W = np.einsum("ia,ja,ab,kb,bz->ijk", A1, A2, B_1_2, A3, o)          here with the tree ((0 1) 2)
//   deep ones           A1 <- A1 @ M1.T @ M2.T ... with the matrices A1_M1.npy, ... of their chains, then as above; of tensor trains
//                       G1 <- np.einsum("ab,zbi->zai", M1, G1) ..., the other cores  G2 <- np.tensordot(M1, G2, 1) ...
// A model saved over another one replaces it as a whole, also where the program is stopped in between (file_set.hpp): a folder that has a model.json is
// whole. Numbers in it have their shortest exact form; the same W comes out as before saving, bit for bit, with the same build.

#include <filesystem>

#include "model_json.hpp"

namespace tacit {

/// Predictions at some entries.
template <class M, IndexedEntries O>
Vector<double> predict(const M& model, const Vector<typename M::scalar_type>& theta, const Centre& centre, const O& at) {
  model.layout().require_size(theta.size(), "predict");
  centre.check("predict", model.shape());
  auto ws = model.workspace(at);
  Vector<typename M::scalar_type> z(at.count());
  model.evaluate(theta, at, ws, z);
  return centre.put_back(Vector<double>(z.template cast<double>()), at);
}
/// At all entries, up to 10^8.
template <Scalar S>
Matrix<double> predict(const DeepMatrix<S>& model, const Vector<S>& theta, const Centre& centre) {
  model.layout().require_size(theta.size(), "predict");
  centre.check("predict", model.shape());
  model.shape().require_dense("predict");
  Matrix<S> P = model.layer(theta, 0);
  for (Index l = 1; l + 1 < model.depth(); ++l) P = detail::product(Matrix<S>(model.layer(theta, l)), P);
  Matrix<double> predictions(model.shape().rows(), model.shape().cols());
  const auto last = model.layer(theta, model.depth() - 1);
  constexpr Index panel = 4096;  // rows at a time, so that no copy of all of the last layer is made
  for (Index i = 0; model.depth() > 1 && i < predictions.rows(); i += panel) {
    const Index rows = std::min(panel, predictions.rows() - i);
    predictions.middleRows(i, rows) = detail::product(Matrix<S>(last.middleRows(i, rows)), P).template cast<double>();
  }
  if (model.depth() == 1) predictions = P.template cast<double>();
  for (Index j = 0; j < predictions.cols(); ++j)
    for (Index i = 0; i < predictions.rows(); ++i) predictions(i, j) = centre.put_back(predictions(i, j), i, j);
  return predictions;
}
template <Scalar S>
Tensor<double> predict(const AnyTensorModel<S>& model, const Vector<S>& theta, const Centre& centre) {
  model.layout().require_size(theta.size(), "predict");
  const AllEntries everywhere(model.shape());
  Tensor<double> all(model.shape());
  auto ws = model.workspace(everywhere);
  model.evaluate(theta, everywhere, ws, all.values);
  all.values = centre.put_back(Vector<double>(all.values), model.shape());
  return all;
}

template <class M>
struct SavedModelOf {
  M model;
  Vector<typename M::scalar_type> theta;
  ModelInfo info;

  template <IndexedEntries O>
  Vector<double> predict(const O& at) const {
    return tacit::predict(model, theta, info.centre, at);
  }
  auto predict() const { return tacit::predict(model, theta, info.centre); }
};
template <Scalar S>
using SavedModel = SavedModelOf<DeepMatrix<S>>;
using SavedTensorModel = SavedModelOf<AnyTensorModel<double>>;

namespace detail {

/// Files in the folder that belong to models of this library, other than these: what an earlier, larger model has left.
inline std::vector<std::string> files_of_models_beside(const std::string& folder, const std::vector<std::string>& names) {
  std::vector<std::string> others;
  std::error_code ignored;
  for (const auto& entry : std::filesystem::directory_iterator(folder, ignored)) {
    const std::string name = entry.path().filename().string();
    if (!name.ends_with(".npy") || std::find(names.begin(), names.end(), name) != names.end()) continue;
    const std::string stem = name.substr(0, name.size() - 4);
    bool ours = stem == kinds_name || stem == kind_factors_name;
    for (const char* numbered : {"W", "effects_", "centres_", "scales_", "half_widths_", "informative_"})
      ours = ours || (stem.starts_with(numbered) && stem.size() > std::string(numbered).size() &&
                      stem.find_first_not_of("0123456789", std::string(numbered).size()) == stem.npos);
    for (const bool matrix : {true, false}) {
      ours = ours || stem == (matrix ? informative_name(1, true) : "informative");
      for (Index n = 0; matrix && n < 2; ++n) {
        for (const char* what : {"effects", "centres", "scales"}) ours = ours || stem == mode_name(what, n, true);
        ours = ours || stem == widths_name(n, true);
      }
    }
    if (ours) others.push_back(name);
  }
  return others;
}

}  // namespace detail

template <class M>
void save_model(const std::string& folder, const M& model, const std::type_identity_t<Vector<typename M::scalar_type>>& theta,
                const ModelInfo& info = {}) {
  constexpr bool matrix = !std::is_same_v<M, AnyTensorModel<double>>;
  const Shape& shape = model.shape();
  model.layout().require_size(theta.size(), "save_model");
  require(theta.allFinite(), "save_model: theta is not finite; a model of it would predict nothing");
  require(std::isfinite(info.centre.scale) && info.centre.scale > 0, "save_model: the scale is ", info.centre.scale,
          ", it needs to be positive and finite");
  info.centre.check("save_model", shape);
  info.half_widths.check("save_model", shape);
  const auto check_labels = [](const std::vector<std::string>& labels, Index n, const char* what, const char* lines) {
    require(labels.empty() || static_cast<Index>(labels.size()) == n, "save_model: got ", labels.size(), " ", what, " labels for ", n, " ",
            lines);
  };
  check_labels(info.row_labels, shape[0], "row", "rows");
  check_labels(info.col_labels, shape[1], "column", "columns");
  require((!info.low || std::isfinite(*info.low)) && (!info.high || std::isfinite(*info.high)), "save_model: the range is not finite");
  detail::FileSet files(folder, detail::model_list);
  std::vector<std::string> names;
  const auto path = [&](const std::string& name) { return names.push_back(name), files.path(name); };
  for (const Block& block : model.layout())
    detail::write_npy(path(detail::block_file(block)), block.shape.sizes(), block.order, theta.data() + block.offset, block.count);
  const auto put = [&](const std::string& name, const Vector<double>& x) {
    detail::write_npy(path(name + ".npy"), {x.size()}, StorageOrder::row_major, x.data(), x.size());
  };
  detail::each_mode_vector(info.centre, shape.order(), matrix, put);
  if (info.half_widths.known()) {
    const auto put_matrix = [&](const std::string& name, const Matrix<double>& X) {
      const Matrix<double> by_rows = X.transpose();  // C order, as it is read
      detail::write_npy(path(name + ".npy"), {X.rows(), X.cols()}, StorageOrder::row_major, by_rows.data(), by_rows.size());
    };
    for (Index n = 0; n < shape.order(); ++n)
      put_matrix(detail::widths_name(n, matrix), info.half_widths.lines[static_cast<std::size_t>(n)]);
    for (Index n = matrix ? 1 : 0; n < shape.order(); ++n)  // of a matrix new rows alone have intervals
      put(detail::informative_name(n, matrix), detail::of_mode(info.half_widths.informative, n).size()
                                                   ? detail::of_mode(info.half_widths.informative, n)
                                                   : Vector<double>::Ones(shape[n]));
    if (info.half_widths.kinds.known()) {
      put_matrix(detail::kinds_name, info.half_widths.kinds.kind.cast<double>());
      put_matrix(detail::kind_factors_name, info.half_widths.kinds.factor);
    }
  }
  files.commit(detail::model_json(model, info, matrix), detail::files_of_models_beside(folder, names));
}

namespace detail {

/// model.json, of a format that is known.
inline JsonValue model_file(const std::string& folder) {
  const JsonValue file = read_json(in_set(folder, model_list, model_list));
  if (const std::int64_t format = file["format"].integer(); format != model_format && format != model_format_with_transforms)
    file["format"].fail(sentence("the model has format ", format, ", this version of the library (", version, ") reads formats ",
                                 model_format, " and ", model_format_with_transforms));
  return file;
}
template <class M>
SavedModelOf<M> saved_model(const std::string& folder, const JsonValue& file, M model, const char* block_name) {
  using S = typename M::scalar_type;
  const auto path_of = [&](const Block& block) { return in_set(folder, model_list, block_file(block)); };
  for (const Block& block : model.layout()) {
    const std::string path = path_of(block);
    if (!std::filesystem::exists(path)) throw std::runtime_error(path + ": is missing, a " + block_name + " of the model in " + folder);
    if (NpyArray array = read_npy(path); array.single_precision != (sizeof(S) == 4))
      throw std::runtime_error(
          sentence(path, ": holds ", array.single_precision ? "float32" : "float64", " values, the model is of ", scalar_name<S>()));
  }
  ModelInfo info = info_of(folder, file, model.shape(), !std::is_same_v<M, AnyTensorModel<double>>);
  Vector<S> theta = load_blocks_from<S>(model.layout(), path_of);
  return {std::move(model), std::move(theta), std::move(info)};
}
inline ModeTree tree_of(const JsonValue& value) {
  if (value.kind() != JsonValue::Kind::array) return ModeTree(static_cast<Index>(value.integer()));
  std::vector<ModeTree> children;
  for (const JsonValue& child : value.items()) children.push_back(tree_of(child));
  if (children.size() < 2) value.fail(sentence("a node of the tree has ", children.size(), " children, it needs at least 2"));
  return ModeTree(std::move(children));
}

}  // namespace detail

/// Reads a folder of save_model. Whatever does not fit is refused, naming file and place: another format, kind or scalar, a missing factor or one of
/// another shape, damaged JSON or NPY.
template <Scalar S = double>
SavedModel<S> load_model(const std::string& folder) {
  const JsonValue file = detail::model_file(folder);
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
    const std::string due = model.layout()[l].name + ".npy";
    if (name.text() != due) name.fail("is '" + name.text() + "' where '" + due + "' is due");
  }
  return detail::saved_model(folder, file, std::move(model), "factor");
}

template <Scalar S = double>
SavedModelOf<AnyTensorModel<S>> load_tensor_model(const std::string& folder) {
  const JsonValue file = detail::model_file(folder);
  TensorSpec spec;
  bool known = false;
  for (int k = 0; k < 7; ++k)
    if (file["kind"].text() == name_of(static_cast<TensorKind>(k))) spec.kind = static_cast<TensorKind>(k), known = true;
  if (!known) file["kind"].fail("the model is a '" + file["kind"].text() + "', which is no tensor model; load_model reads deep matrices");
  if (file["scalar"].text() != "float64") file["scalar"].fail("the model is of " + file["scalar"].text() + ", read are models of float64");
  const auto indices = [&](const char* name) {
    std::vector<Index> items;
    for (const JsonValue& item : file[name].items()) items.push_back(static_cast<Index>(item.integer()));
    return items;
  };
  try {
    spec.shape = Shape(indices("shape"));
  } catch (const std::invalid_argument& error) {
    file["shape"].fail(error.what());
  }
  spec.ranks = indices("ranks");
  spec.depths = indices("depths");
  if (!file["tree"].is_null()) spec.tree = detail::tree_of(file["tree"]);
  spec.output = file["output"].boolean();
  spec.wiring = file["wiring"].text() == "per_column" ? Wiring::per_column : Wiring::per_mode;
  std::optional<AnyTensorModel<S>> model;
  try {
    model.emplace(spec);
  } catch (const std::invalid_argument& error) {
    file["kind"].fail(error.what());
  }
  return detail::saved_model(folder, file, std::move(*model), "block");
}

/// Whether the folder holds a model of a tensor.
inline bool is_tensor_model(const std::string& folder) { return detail::model_file(folder)["kind"].text() != "DeepMatrix"; }

}  // namespace tacit
