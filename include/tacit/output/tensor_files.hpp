// SPDX-License-Identifier: MIT
#pragma once
// Tensors, and trained tensor models, as files that this library reads back and numpy reads without it:
//   write_npy(path, tensor)                              an array in C order, as numpy has it
//   save_tensor_model("model", model, theta, info)       a block each, A1.npy, ..., in its own shape; effects_1.npy, ... where effects were taken off; model.json
//   load_tensor_model("model")                           the same model, theta and info
// prediction = offset + effects_1[i_1] + ... + scale W. W from the blocks, in Python:
//   CP                  W = np.einsum("ir,jr,kr->ijk", A1, A2, A3)
//   Tucker              W = np.einsum("abc,ia,jb,kc->ijk", G, U1, U2, U3)
//   TensorTrain         W = np.einsum("zai,abj,bzk->ijk", G1, G2, G3)
//   HierarchicalTensor  W = np.einsum("ia,ja,ab,kb,bz->ijk", A1, A2, B_1_2, A3, o)          here with the tree ((0 1) 2)
//   deep ones           A1 <- A1 @ M1.T @ M2.T ... with the matrices A1_M1.npy, ... of their chains, then as above; of tensor trains
//                       G1 <- np.einsum("ab,zbi->zai", M1, G1) ..., the other cores  G2 <- np.tensordot(M1, G2, 1) ...
// model.json is written last, and removed first where a model was there before: a folder that has one is whole (output/model_files.hpp is the same for matrices).

#include "../baseline/mode_means.hpp"
#include "../model/any_tensor.hpp"
#include "model_files.hpp"

namespace tacit {

/// What goes with the blocks.
struct TensorModelInfo {
  ModeMeans centre = {};  ///< its form is not kept
  double scale = 1;
  Provenance provenance = {};
};

struct SavedTensorModel {
  AnyTensorModel<double> model;
  Vector<double> theta;
  TensorModelInfo info;
};

/// A tensor as an array in C order: the last index fastest.
template <Scalar S>
void write_npy(const std::string& path, const Tensor<S>& tensor, const Provenance& provenance = {}) {
  const Index order = tensor.order();
  Vector<S> values(tensor.values.size());
  std::vector<Index> stride(static_cast<std::size_t>(order), 1), at(static_cast<std::size_t>(order), 0);
  for (Index n = 1; n < order; ++n) stride[static_cast<std::size_t>(n)] = stride[static_cast<std::size_t>(n - 1)] * tensor.shape[n - 1];
  Index from = 0;
  for (Index k = 0; k < values.size(); ++k) {
    values[k] = tensor.values[from];
    for (Index n = order; n-- > 0;) {
      const auto m = static_cast<std::size_t>(n);
      from += stride[m];
      if (++at[m] < tensor.shape[n]) break;
      from -= at[m] * stride[m];
      at[m] = 0;
    }
  }
  detail::write_npy(path, tensor.shape.sizes(), StorageOrder::row_major, values.data(), values.size());
  write_provenance(path, provenance);
}

namespace detail {

inline std::string json_indices(const std::vector<Index>& list) {
  return json_list(list, [](Index n) { return std::to_string(n); });
}
inline std::string json_tree(const ModeTree& tree) {
  return tree.leaf() ? std::to_string(tree.mode()) : json_list(tree.children(), json_tree);
}
inline std::string effects_name(Index mode) { return sentence("effects_", mode + 1, ".npy"); }

inline std::string tensor_model_json(const AnyTensorModel<double>& model, const TensorModelInfo& info) {
  const TensorSpec& spec = model.spec();
  std::string out =
      sentence("{\n  \"format\": ", model_format, ",\n  \"kind\": \"", name_of(spec.kind), "\",\n  \"scalar\": \"float64\",\n");
  out += "  \"shape\": " + json_indices(spec.shape.sizes()) + ",\n  \"ranks\": " + json_indices(spec.ranks) + ",\n";
  out += "  \"depths\": " + json_indices(spec.depths) + ",\n  \"tree\": " + (spec.tree ? json_tree(*spec.tree) : "null") + ",\n";
  out += std::string("  \"output\": ") + (spec.output ? "true" : "false") + ",\n  \"wiring\": \"" +
         (spec.wiring == Wiring::per_mode ? "per_mode" : "per_column") + "\",\n";
  out += "  \"factors\": " + json_list(model.layout(), [](const Block& block) { return json(block.name + ".npy"); }) + ",\n";
  out += "  \"offset\": " + json(info.centre.mean) + ",\n  \"scale\": " + json(info.scale) + ",\n  \"effects\": ";
  std::vector<Index> modes(info.centre.effects.size());
  std::iota(modes.begin(), modes.end(), Index(0));
  out += json_list(modes, [](Index n) { return json(effects_name(n)); }) + ",\n";
  const std::string from = json(info.provenance);
  return out + from.substr(from.find("\n") + 1);
}

inline std::vector<Index> indices_of(const JsonValue& list) {
  std::vector<Index> items;
  for (const JsonValue& item : list.items()) items.push_back(static_cast<Index>(item.integer()));
  return items;
}
inline ModeTree tree_of(const JsonValue& value) {
  if (value.kind() != JsonValue::Kind::array) return ModeTree(static_cast<Index>(value.integer()));
  std::vector<ModeTree> children;
  for (const JsonValue& child : value.items()) children.push_back(tree_of(child));
  if (children.size() < 2) value.fail(sentence("a node of the tree has ", children.size(), " children, it needs at least 2"));
  return ModeTree(std::move(children));
}
inline TensorSpec spec_of(const JsonValue& file) {
  TensorSpec spec;
  bool known = false;
  for (int k = 0; k < 7; ++k)
    if (file["kind"].text() == name_of(static_cast<TensorKind>(k))) spec.kind = static_cast<TensorKind>(k), known = true;
  if (!known) file["kind"].fail("the model is a '" + file["kind"].text() + "', which is no tensor model; load_model reads deep matrices");
  if (file["scalar"].text() != "float64") file["scalar"].fail("the model is of " + file["scalar"].text() + ", read are models of float64");
  try {
    spec.shape = Shape(indices_of(file["shape"]));
  } catch (const std::invalid_argument& error) {
    file["shape"].fail(error.what());
  }
  spec.ranks = indices_of(file["ranks"]);
  spec.depths = indices_of(file["depths"]);
  if (!file["tree"].is_null()) spec.tree = tree_of(file["tree"]);
  spec.output = file["output"].boolean();
  spec.wiring = file["wiring"].text() == "per_column" ? Wiring::per_column : Wiring::per_mode;
  return spec;
}

}  // namespace detail

inline void save_tensor_model(const std::string& folder, const AnyTensorModel<double>& model, const Vector<double>& theta,
                              const TensorModelInfo& info = {}) {
  model.layout().require_size(theta.size(), "save_tensor_model");
  require(theta.allFinite(), "save_tensor_model: theta is not finite; a model of it would predict nothing");
  require(std::isfinite(info.scale) && std::isfinite(info.centre.mean), "save_tensor_model: the scale is ", info.scale, ", the offset ",
          info.centre.mean);
  info.centre.require_shape("save_tensor_model", model.shape());
  detail::FileSet files(folder, detail::model_list);
  for (const Block& block : model.layout())
    detail::write_npy(files.path(detail::block_file(block)), block.shape.sizes(), block.order, theta.data() + block.offset, block.count);
  for (std::size_t n = 0; n < info.centre.effects.size(); ++n) {
    const Vector<double>& b = info.centre.effects[n];
    detail::write_npy(files.path(detail::effects_name(static_cast<Index>(n))), {b.size()}, StorageOrder::row_major, b.data(), b.size());
  }
  files.commit(detail::tensor_model_json(model, info));
}

/// Reads a folder of save_tensor_model. Whatever does not fit is refused, naming file and place.
inline SavedTensorModel load_tensor_model(const std::string& folder) {
  const JsonValue file = read_json(detail::in_set(folder, detail::model_list, detail::model_list));
  const auto path_of = [&](const Block& block) { return detail::in_set(folder, detail::model_list, detail::block_file(block)); };
  if (const std::int64_t format = file["format"].integer(); format != detail::model_format)
    file["format"].fail(
        sentence("the model has format ", format, ", this version of the library (", version, ") reads format ", detail::model_format));
  std::optional<AnyTensorModel<double>> model;
  const TensorSpec spec = detail::spec_of(file);
  try {
    model.emplace(spec);
  } catch (const std::invalid_argument& error) {
    file["kind"].fail(error.what());
  }
  for (const Block& block : model->layout())
    if (const std::string path = path_of(block); !std::filesystem::exists(path))
      throw std::runtime_error(path + ": is missing, a block of the model in " + folder);
  TensorModelInfo info;
  info.centre.mean = file["offset"].number();
  info.centre.form = "saved";
  info.scale = file["scale"].number();
  const JsonValue& effects = file["effects"];
  if (effects.size() != 0 && static_cast<Index>(effects.size()) != model->order())
    effects.fail(sentence("names effects of ", effects.size(), " modes, the model has ", model->order()));
  for (std::size_t n = 0; n < effects.size(); ++n)
    info.centre.effects.push_back(
        detail::effects_at(folder, effects[n], detail::effects_name(static_cast<Index>(n)), spec.shape[static_cast<Index>(n)]));
  info.provenance = detail::provenance_of(file);
  Vector<double> theta = detail::load_blocks_from<double>(model->layout(), path_of);
  return {std::move(*model), std::move(theta), std::move(info)};
}

}  // namespace tacit
