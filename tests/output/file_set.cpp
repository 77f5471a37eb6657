// SPDX-License-Identifier: MIT
#include <tacit/io/file_set.hpp>
#include <tacit/output/model_files.hpp>

#include "catch.hpp"
#include "data/scratch.hpp"

using namespace tacit;

namespace {

/// A copy of a folder.
void copy(const std::string& from, const std::string& to) {
  scratch::fs::remove_all(to);
  scratch::fs::copy(from, to, scratch::fs::copy_options::recursive);
}
Matrix<double> loaded(const std::string& folder) { return load_model(folder).predict(); }

}  // namespace

TEST_CASE("a set of files appears whole under its names") {
  scratch::Folder folder;
  const std::string where = folder / "set";
  detail::FileSet files(where, "list");
  write_file(files.path("a"), "1");
  write_file(files.path("b"), "2");
  CHECK_FALSE(scratch::fs::exists(where + "/a"));
  files.commit("a b");
  CHECK(scratch::get(where + "/a") + scratch::get(where + "/b") + scratch::get(where + "/list") == "12a b");
  CHECK(std::distance(scratch::fs::directory_iterator(where), scratch::fs::directory_iterator()) == 3);
}

TEST_CASE("a set that was never committed leaves nothing, and the old one as it was") {
  scratch::Folder folder;
  const std::string where = folder.path().string();
  {
    detail::FileSet files(where, "list");
    write_file(files.path("a"), "old");
    files.commit("a");
  }
  {
    detail::FileSet files(where, "list");
    write_file(files.path("a"), "new");
  }
  CHECK(scratch::get(folder / "a") == "old");
  CHECK(folder.files() == 2);
  scratch::put(folder / "a.tacit-new", "of a process that was killed");
  CHECK(scratch::get(detail::in_set(where, "list", "a")) == "old");
  detail::FileSet next(where, "list");
  CHECK_FALSE(scratch::fs::exists(folder / "a.tacit-new"));
}

TEST_CASE("a model that replaces another is the old or the new one wherever the program is stopped") {
  scratch::Folder folder;
  const std::string base = folder / "base", crashed = folder / "crashed", after = folder / "after";
  const DeepMatrix<double> large({3, 4, 5, 2}), small({3, 2});
  const Vector<double> old_theta = large.near_zero({.entry_std = 1}), new_theta = Vector<double>::LinSpaced(6, 1, 6);
  ModelInfo old_info;
  old_info.centre = {.mean = 1, .effects = {Vector<double>::Ones(2), Vector<double>::Ones(3)}};
  save_model(base, large, old_theta, old_info);
  const Matrix<double> old_W = loaded(base);
  const std::string small_folder = folder / "small";
  save_model(small_folder, small, new_theta);
  const Matrix<double> new_W = loaded(small_folder);
  REQUIRE(old_W != new_W);
  const std::string bytes = scratch::get(small_folder + "/W1.npy"), list = scratch::get(small_folder + "/model.json");

  copy(base, crashed);  // killed while the factors are written
  scratch::put(crashed + "/W1.npy.tacit-new", bytes);
  CHECK(loaded(crashed) == old_W);

  int finished = 0;
  for (int files = 0; files < 10; ++files) {  // killed when the new set was whole, after so many files were put into place
    copy(base, crashed);
    scratch::put(crashed + "/W1.npy.tacit-new", bytes);
    scratch::put(crashed + "/model.json.tacit-new", list);
    finished += detail::put_in_place(crashed, "model.json", files);
    CAPTURE(files);
    CHECK(loaded(crashed) == new_W);
    copy(crashed, after);  // and the next one saved there
    save_model(after, large, old_theta, old_info);
    CHECK(loaded(after) == old_W);
    for (const auto& entry : scratch::fs::directory_iterator(after)) CHECK(entry.path().extension() != ".tacit-new");
  }
  CHECK(finished == 7);  // three steps
}

TEST_CASE("a smaller model leaves no factors of the larger one behind, and what is not ours alone") {
  scratch::Folder folder;
  const std::string where = folder.path().string();
  const DeepMatrix<double> large({3, 4, 5, 2}), small({3, 2});
  ModelInfo info;
  info.centre = {.mean = 1, .effects = {Vector<double>::Ones(2), {}}};
  save_model(where, large, large.near_zero({.entry_std = 1}), info);
  scratch::put(folder / "notes.txt", "mine");
  scratch::put(folder / "Weights.npy", "mine, too");
  save_model(where, small, Vector<double>::Ones(6));
  CHECK(folder.files() == 4);
  CHECK(scratch::get(folder / "notes.txt") == "mine");
}

TEST_CASE("a range and the names of ids go with a model") {
  scratch::Folder folder;
  const std::string where = folder.path().string();
  const DeepMatrix<double> model({3, 2});
  ModelInfo info;
  info.row_name = "userId", info.col_name = "movie \"Id\"", info.left_out = {"colour", "date"}, info.low = 1, info.high = 0.1 + 4.9;
  save_model(where, model, Vector<double>::Ones(6), info);
  const ModelInfo read = load_model(where).info;
  CHECK(read.row_name == info.row_name);
  CHECK(read.col_name == info.col_name);
  CHECK(read.left_out == info.left_out);
  CHECK(read.low == info.low);
  CHECK(read.high == info.high);
  save_model(where, model, Vector<double>::Ones(6));
  CHECK_FALSE(load_model(where).info.low);
}
