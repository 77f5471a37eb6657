// SPDX-License-Identifier: MIT
#include <tacit/output/model_files.hpp>

#include <cstring>

#include "catch.hpp"
#include "data/scratch.hpp"
#include "thrown.hpp"

using namespace tacit;

namespace {

template <class V>
bool same_bytes(const V& a, const V& b) {
  return a.size() == b.size() && std::memcmp(a.data(), b.data(), sizeof(a.data()[0]) * static_cast<std::size_t>(a.size())) == 0;
}
ModelInfo full_info() {
  ModelInfo info{.centre = {.mean = 1.0 / 3,
                            .effects = {Vector<double>::LinSpaced(4, -1, 1), Vector<double>::LinSpaced(5, 0, 1.0 / 7)},
                            .scale = 0.1 + 0.2},
                 .row_labels = {"a", "b \"c\"", "\xC3\xA4\n", ""},
                 .col_labels = {"1", "2", "3", "4", "5"}};
  info.provenance.program = "test";
  info.provenance.seed = 18446744073709551615u;
  info.provenance.set("rate", 1e-3).set("steps", 1000).set("loss", "squares").set("gap", Cell());
  return info;
}
/// The error after the folder's name of reading a model of which one file was changed.
std::string refused(const std::string& name, const std::string& from, const std::string& to) {
  scratch::Folder folder;
  const DeepMatrix<double> model({5, 3, 2, 4});
  save_model(folder.path().string(), model, model.near_zero({.entry_std = 1}), full_info());
  std::string bytes = scratch::get(folder / name);
  const std::size_t at = bytes.find(from);
  REQUIRE(at != std::string::npos);
  scratch::put(folder / name, bytes.replace(at, from.size(), to));
  return scratch::file_error_of(folder.path().string(), [&] { load_model(folder.path().string()); });
}

}  // namespace

TEMPLATE_TEST_CASE("a model comes back exactly, and predicts the same bytes", "", float, double) {
  using S = TestType;
  scratch::Folder folder;
  const std::string path = folder / "deep/model";
  for (const auto& widths : {std::vector<Index>{5, 4}, {5, 3, 4}, {5, 3, 2, 4}, {5, 1, 7, 3, 4}}) {
    const DeepMatrix<S> model(widths);
    const Vector<S> theta = model.near_zero({.entry_std = 1});
    const ModelInfo info = full_info();
    save_model(path, model, theta, info);
    const SavedModel<S> saved = load_model<S>(path);
    CHECK(saved.model.widths() == widths);
    CHECK(same_bytes(saved.theta, theta));
    CHECK(saved.info.centre.mean == 1.0 / 3);
    CHECK(saved.info.centre.scale == 0.1 + 0.2);
    CHECK(same_bytes(saved.info.centre.effects[0], info.centre.effects[0]));
    CHECK(same_bytes(saved.info.centre.effects[1], info.centre.effects[1]));
    CHECK(saved.info.row_labels == info.row_labels);
    CHECK(saved.info.col_labels == info.col_labels);
    CHECK(json(saved.info.provenance) == json(info.provenance));
    const Entries at(4, 5, {0, 1, 1, 3}, {4, 0, 2, 4});
    const Vector<double> z = predict(model, theta, info.centre, at);
    CHECK(same_bytes(saved.predict(at), z));
    CHECK(same_bytes(saved.predict(), predict(model, theta, info.centre)));
    for (Index k = 0; k < z.size(); ++k) CHECK(std::abs(saved.predict()(at[k].row, at[k].col) - z[k]) < 1e-5);
  }
}

TEST_CASE("a model of nothing but factors") {
  scratch::Folder folder;
  const DeepMatrix<double> model({3, 2});
  save_model(folder.path().string(), model, Vector<double>::LinSpaced(6, 1, 6));
  CHECK(folder.files() == 2);
  const auto saved = load_model(folder.path().string());
  CHECK(saved.info.row_labels.empty());
  CHECK_FALSE(saved.info.provenance.seed);
  CHECK(saved.info.centre.effects_of(0).size() == 0);
  CHECK(saved.predict()(1, 2) == 6);
  const NpyArray W1 = read_npy(folder / "W1.npy");
  CHECK(W1.shape == Shape{2, 3});
}

TEST_CASE("a model saved over another one replaces it") {
  scratch::Folder folder;
  const DeepMatrix<double> large({5, 3, 2, 4}), small({2, 2});
  save_model(folder.path().string(), large, large.near_zero({.entry_std = 1}), full_info());
  save_model(folder.path().string(), small, Vector<double>::Ones(4));
  CHECK(load_model(folder.path().string()).predict() == Matrix<double>::Ones(2, 2));
}

TEST_CASE("what does not fit is refused with file, place and reason") {
  CHECK(refused("model.json", "\"format\": 1", "\"format\": 3") ==
        sentence("/model.json, line 2, column 13: the model has format 3, this version of the library (", version,
                 ") reads formats 1 and 2"));
  CHECK(refused("model.json", "DeepMatrix", "Tucker") ==
        "/model.json, line 3, column 11: the model is a 'Tucker', read are models of the kind 'DeepMatrix'");
  CHECK(refused("model.json", "float64", "float32") ==
        "/model.json, line 4, column 13: the model is of float32, load_model was asked for float64");
  CHECK(refused("model.json", "[5, 3, 2, 4]", "[5, 0, 2, 4]") ==
        "/model.json, line 5, column 17: width 1 is 0, every width needs at least 1");
  CHECK(refused("model.json", "[5, 3, 2, 4]", "[5]") == "/model.json, line 5, column 13: got 1 widths, a model needs at least two");
  CHECK(refused("model.json", "[5, 3, 2, 4]", "[5, 3, 4]") == "/model.json, line 6, column 14: names 3 factors, the widths make 2");
  CHECK(refused("model.json", "[5, 3, 2, 4]", "[5, 2, 2, 4]") == "/W1.npy: block W1 is 2 x 5 in the model, the file holds 3 x 5");
  CHECK(refused("model.json", "\"W2.npy\"", "\"../x.npy\"") == "/model.json, line 6, column 25: is '../x.npy' where 'W2.npy' is due");
  CHECK(refused("model.json", "\"scale\": 0.", "\"scale\": -0.").find("it needs to be positive") != std::string::npos);
  CHECK(refused("model.json", "\"row_effects.npy\"", "\"/etc/passwd\"") ==
        "/model.json, line 9, column 18: is '/etc/passwd' where 'row_effects.npy' is due");
  CHECK(refused("model.json", "\"a\", ", "") == "/model.json, line 11, column 17: got 3 labels for 4 rows");
  CHECK(refused("model.json", "\"kind\": \"DeepMatrix\",\n", "") == "/model.json, line 1, column 1: 'kind' is missing");
  CHECK(refused("model.json", ",\n  \"kind\"", "\n  \"kind\"") == "/model.json, line 3, column 3: a comma or } is due");
  CHECK(refused("model.json", "}\n}\n", "}\n").find("is cut short") != std::string::npos);
  CHECK(refused("W2.npy", "(2, 3)", "(3, 2)") == "/W2.npy: block W2 is 2 x 3 in the model, the file holds 3 x 2");
  CHECK(refused("W2.npy", "<f8", "<f4").find("/W2.npy: is longer than its header says") == 0);
  CHECK(refused("row_effects.npy", "(4,)", "(2,)").find("/row_effects.npy: is longer") == 0);
}

TEST_CASE("files that are not there are named") {
  scratch::Folder folder;
  const std::string path = folder.path().string();
  const DeepMatrix<double> model({5, 3, 4});
  const auto error = [&] { return scratch::file_error_of(path, [&] { load_model(path); }); };
  CHECK(error() == "/model.json: cannot be read: No such file or directory");
  save_model(path, model, model.near_zero({.entry_std = 1}), full_info());
  scratch::fs::remove(folder / "col_effects.npy");
  CHECK(error() == "/col_effects.npy: cannot be read: No such file or directory");
  scratch::fs::remove(folder / "W2.npy");
  CHECK(error() == "/W2.npy: is missing, a factor of the model in " + path);
  scratch::put(folder / "W2.npy", "");
  CHECK(error() == "/W2.npy: is empty");
  write_npy(folder / "W2.npy", Matrix<float>(Matrix<float>::Ones(4, 3)));
  CHECK(error() == "/W2.npy: holds float32 values, the model is of float64");
  write_npy(folder / "W2.npy", Matrix<double>(Matrix<double>::Constant(4, 3, std::nan(""))));
  write_npy(folder / "col_effects.npy", std::vector<double>(5, 0));
  CHECK(error() == "/W2.npy: block W2 holds nan");
}

TEST_CASE("what cannot be saved is refused before anything is written") {
  scratch::Folder folder;
  const std::string path = folder / "model";
  const DeepMatrix<double> model({3, 2});
  const Vector<double> theta = Vector<double>::Ones(6);
  CHECK(thrown([&] { save_model(path, model, Vector<double>::Ones(5)); }) ==
        "save_model: theta has 5 parameters, the model has 6 (W1 2 x 3)");
  CHECK(thrown([&] { save_model(path, model, Vector<double>::Constant(6, std::nan(""))); }) ==
        "save_model: theta is not finite; a model of it would predict nothing");
  CHECK(thrown([&] { save_model(path, model, theta, {.row_labels = {"a"}}); }) == "save_model: got 1 row labels for 2 rows");
  CHECK(thrown([&] { save_model(path, model, theta, {.centre = {.scale = -1}}); }) ==
        "save_model: the scale is -1, it needs to be positive and finite");
  CHECK(folder.files() == 0);
}
