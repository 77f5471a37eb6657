// SPDX-License-Identifier: MIT
#include <tacit/output/model_files.hpp>

#include <cstring>

#include "catch.hpp"
#include "data/scratch.hpp"
#include "thrown.hpp"

using namespace tacit;
using scratch::mentions;

namespace {

ModelInfo full_tensor_info() {
  ModelInfo info;
  info.centre = {
      "effects", 1.0 / 3, {Vector<double>::LinSpaced(3, -1, 1), Vector<double>::LinSpaced(4, 0, 1.0 / 7), Vector<double>::Zero(2)}};
  info.centre.scale = 0.1 + 0.2;
  info.provenance.program = "test";
  info.provenance.seed = 18446744073709551615u;
  return info;
}
std::vector<TensorSpec> all_kinds() {
  const Shape shape{3, 4, 2};
  return {{.kind = TensorKind::cp, .shape = shape, .ranks = {5}},
          {.kind = TensorKind::tucker, .shape = shape, .ranks = {2, 3, 2}},
          {.kind = TensorKind::tensor_train, .shape = shape, .ranks = {3, 2}},
          {.kind = TensorKind::hierarchical, .shape = shape, .ranks = {2, 3}, .tree = ModeTree({{{0}, {1}}, {2}})},
          {.kind = TensorKind::hierarchical, .shape = shape, .ranks = {4}, .tree = ModeTree({{0}, {1}, {2}}), .output = false},
          {.kind = TensorKind::deep_cp, .shape = shape, .ranks = {2}, .depths = {2}},
          {.kind = TensorKind::deep_tucker, .shape = shape, .ranks = {2, 2, 2}, .depths = {3}},
          {.kind = TensorKind::deep_tensor_train, .shape = shape, .ranks = {2, 2}, .depths = {2}}};
}
/// The error after the folder's name of reading a CP model of which one file was changed or (nothing to put in) removed.
std::string tensor_refused(const std::string& name, const std::string& from, const std::string& to) {
  scratch::Folder folder;
  const AnyTensorModel<double> model(all_kinds()[0]);
  save_model(folder.path().string(), model, model.near_zero({.entry_std = 1}), full_tensor_info());
  std::string bytes = scratch::get(folder / name);
  if (from.empty()) {
    std::filesystem::remove(folder / name);
  } else {
    const std::size_t at = bytes.find(from);
    REQUIRE(at != std::string::npos);
    scratch::put(folder / name, bytes.replace(at, from.size(), to));
  }
  return scratch::file_error_of(folder.path().string(), [&] { load_tensor_model(folder.path().string()); });
}

}  // namespace

TEST_CASE("a model of every kind comes back exactly, and is saved as the same bytes again") {
  for (const TensorSpec& spec : all_kinds()) {
    scratch::Folder folder;
    const std::string one = folder / "one", two = folder / "two";
    const AnyTensorModel<double> model(spec);
    const Vector<double> theta = model.near_zero({.entry_std = 1, .seed = 3});
    save_model(one, model, theta, full_tensor_info());
    const SavedTensorModel saved = load_tensor_model(one);
    INFO(sentence(model));
    CHECK(sentence(saved.model) == sentence(model));
    CHECK((saved.theta.array() == theta.array()).all());
    CHECK(saved.info.centre.scale == 0.1 + 0.2);
    CHECK(saved.info.centre.mean == 1.0 / 3);
    CHECK(saved.info.centre.effects == full_tensor_info().centre.effects);
    save_model(two, saved.model, saved.theta, saved.info);
    int files = 0;
    for (const auto& file : std::filesystem::directory_iterator(one)) {
      CHECK(scratch::get(file.path().string()) == scratch::get((std::filesystem::path(two) / file.path().filename()).string()));
      ++files;
    }
    CHECK(files == static_cast<int>(model.layout().end() - model.layout().begin()) + 4);  // three files of effects, model.json
  }
}

TEST_CASE("tensors are written in C order") {
  scratch::Folder folder;
  Tensor<double> X(Shape{2, 3, 2});
  for (Index k = 0; k < 12; ++k) X.values[k] = static_cast<double>(k);  // first index fastest: X(i, j, k) = i + 2 j + 6 k
  write_npy(folder / "x.npy", X);
  const std::string bytes = scratch::get(folder / "x.npy");
  CHECK(mentions(bytes, "'fortran_order': False, 'shape': (2, 3, 2)"));
  const double expected[] = {0, 6, 2, 8, 4, 10, 1, 7, 3, 9, 5, 11};
  CHECK(std::memcmp(bytes.data() + bytes.size() - 96, expected, 96) == 0);
}

TEST_CASE("a folder that is not whole, or of another model, is refused naming file and place") {
  CHECK(tensor_refused("A2.npy", "", "").find("/A2.npy: is missing, a block of the model in ") == 0);
  CHECK(mentions(tensor_refused("model.json", "", ""), "/model.json: "));
  CHECK(mentions(tensor_refused("A2.npy", "(4, 5)", "(5, 4)"), "/A2.npy: "));
  CHECK(mentions(tensor_refused("A1.npy", "(3, 5)", "(3, 4)"), "/A1.npy: "));
  CHECK(mentions(tensor_refused("effects_2.npy", "(4,)", "(3,)"), "/effects_2.npy: "));
  CHECK(mentions(tensor_refused("model.json", "\"CP\"", "\"MPS\""), "the model is a 'MPS', which is no tensor model"));
  CHECK(mentions(tensor_refused("model.json", "\"format\": 1", "\"format\": 7"), "the model has format 7"));
  CHECK(mentions(tensor_refused("model.json", "[3, 4, 2]", "[3, 0, 2]"), "mode 1 has size 0"));
  CHECK(mentions(tensor_refused("model.json", "\"ranks\": [5]", "\"ranks\": [5, 5]"), "got 2 ranks for CP, which has one"));
  CHECK(mentions(tensor_refused("model.json", "\"ranks\": [5]", "\"ranks\": [0]"), "/model.json"));
  CHECK(mentions(tensor_refused("model.json", "float64", "float32"), "the model is of float32, read are models of float64"));
}

TEST_CASE("a tree that does not cover the modes is refused") {
  scratch::Folder folder;
  const AnyTensorModel<double> model(all_kinds()[3]);
  save_model(folder.path().string(), model, model.near_zero({.entry_std = 1}));
  std::string bytes = scratch::get(folder / "model.json");
  const std::size_t at = bytes.find("[[0, 1], 2]");
  REQUIRE(at != std::string::npos);
  scratch::put(folder / "model.json", bytes.replace(at, 11, "[[0, 0], 2]"));
  CHECK(mentions(scratch::file_error_of(folder.path().string(), [&] { load_tensor_model(folder.path().string()); }),
                 "the tree ((0 0) 2) has two leaves for mode 0"));
}

TEST_CASE("what cannot be saved is refused before a file is touched") {
  scratch::Folder folder;
  const AnyTensorModel<double> model(all_kinds()[0]);
  Vector<double> theta = model.near_zero({.entry_std = 1});
  ModelInfo other = full_tensor_info();
  other.centre.effects.pop_back();
  CHECK(mentions(thrown([&] { save_model(folder / "m", model, theta, other); }), "has effects of 2 modes, the data are 3 x 4 x 2"));
  CHECK(mentions(thrown([&] { save_model(folder / "m", model, theta.head(7)); }), "save_model"));
  theta[3] = std::numeric_limits<double>::quiet_NaN();
  CHECK(mentions(thrown([&] { save_model(folder / "m", model, theta); }), "theta is not finite"));
  CHECK(folder.files() == 0);
}
