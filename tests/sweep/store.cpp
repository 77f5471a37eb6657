// SPDX-License-Identifier: MIT
#include <tacit/sweep/store.hpp>

#include "../data/scratch.hpp"
#include "catch.hpp"

using namespace tacit;

namespace {
RunRecord example() {
  Table table({"iteration", "loss", "note", "empty"});
  table.add({0, 0.1, "a, \"b\"", Cell()})
      .add({std::int64_t(1) << 60, 1e-300, "", Cell()})
      .add({2, std::nan(""), "c", Cell()})
      .add({3, -HUGE_VAL, "d", Cell()});
  return {table, true, "stopped", 40, 1.25};
}
bool same(const Table& a, const Table& b) {
  bool equal = a.rows() == b.rows() && a.cols() == b.cols();
  for (Index c = 0; equal && c < a.cols(); ++c) {
    equal = a.name(c) == b.name(c) && a.is_text(c) == b.is_text(c);
    for (Index r = 0; equal && r < a.rows(); ++r)
      equal = a.at(r, c).value().index() == b.at(r, c).value().index() && a.at(r, c).text() == b.at(r, c).text();
  }
  return equal;
}
const Setting one = (depths({3}) * scales({0.1}))[0], other = (depths({3}) * scales({0.2}))[0];
}  // namespace

TEST_CASE("a run is found again, every cell of it") {
  scratch::Folder folder;
  const RunStore store(folder / "deep/runs", "1");
  CHECK_FALSE(store.find(one));
  store.keep(one, example());
  const auto found = store.find(one);
  REQUIRE(found);
  CHECK(same(found->table, example().table));
  CHECK(found->has_outcome);
  CHECK(found->reason == "stopped");
  CHECK(found->iterations == 40);
  CHECK(found->seconds == 1.25);
  CHECK_FALSE(store.find(other));
  CHECK_FALSE(RunStore(folder / "deep/runs", "2").find(one));

  store.keep(other, {});
  REQUIRE(store.find(other));
  CHECK(store.find(other)->table.cols() == 0);
}

TEST_CASE("settings of other kinds or names have files of their own") {
  scratch::Folder folder;
  const RunStore store(folder.path().string(), "1");
  const std::vector<Setting> settings{axis("a", {1})[0], axis("b", {1})[0],           axis("a", {"1"})[0],
                                      axis("a", {2})[0], axis("a\": 1, \"b", {1})[0], (axis("a", {1}) * axis("b", {1}))[0]};
  for (std::size_t i = 0; i < settings.size(); ++i)
    for (std::size_t j = 0; j < i; ++j) CHECK(store.path(settings[i]) != store.path(settings[j]));
}

TEST_CASE("a damaged file counts as not there") {
  scratch::Folder folder;
  const RunStore store(folder.path().string(), "1");
  store.keep(one, example());
  const std::string path = store.path(one), whole = scratch::get(path);
  for (std::size_t size : {std::size_t(0), std::size_t(5), whole.size() / 2, whole.size() - 1}) {
    scratch::put(path, whole.substr(0, size));
    CHECK_FALSE(store.find(one));
  }
  for (std::size_t at : {std::size_t(3), std::size_t(40), whole.size() / 2, whole.size() - 3}) {
    std::string bytes = whole;
    bytes[at] ^= 1;
    scratch::put(path, bytes);
    CHECK_FALSE(store.find(one));
  }
  store.keep(other, example());
  scratch::put(path, scratch::get(store.path(other)));  // whole, but of another run
  CHECK_FALSE(store.find(one));
  scratch::put(path, whole);
  CHECK(store.find(one));
}

TEST_CASE("a folder that cannot be made is named") {
  scratch::Folder folder;
  scratch::put(folder / "file", "x");
  CHECK(scratch::file_error_of(folder / "file", [&] { RunStore(folder / "file", "1"); }) ==
        ": the folder of finished runs cannot be made: there is a file of this name");
  CHECK(scratch::file_error_of(folder / "file/below", [&] { RunStore(folder / "file/below", "1"); }) ==
        ": the folder of finished runs cannot be made: Not a directory");
}
