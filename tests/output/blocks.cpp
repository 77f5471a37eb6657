// SPDX-License-Identifier: MIT
#include <tacit/output/blocks.hpp>

#include "../data/scratch.hpp"
#include "catch.hpp"

using namespace tacit;
using scratch::file_error_of;

namespace {
Layout example() {
  Layout layout;
  layout.add("W1", {3, 4})
      .add("W2", {2, 3}, StorageOrder::row_major)
      .add("core", {2, 3, 4}, StorageOrder::row_major)
      .add("cube", {2, 3, 4})
      .add("bias", {5});
  return layout;
}
}  // namespace

TEMPLATE_TEST_CASE("blocks come back bit for bit", "", float, double) {
  scratch::Folder folder;
  const Layout layout = example();
  const Vector<TestType> theta = Vector<TestType>::Random(layout.parameter_count());
  save_blocks(folder / "a/b", layout, theta);
  CHECK(load_blocks<TestType>(folder / "a/b", layout) == theta);
  CHECK(scratch::get(folder / "a/b/blocks.meta.json") == json(Provenance{}));
  CHECK(scratch::fs::exists(folder / "a/b/core.npy"));
}

TEST_CASE("files hold matrices, whatever the order in theta") {
  scratch::Folder folder;
  const Layout layout = example();
  const Vector<double> theta = Vector<double>::Random(layout.parameter_count());
  save_blocks(folder / "a", layout, theta);
  CHECK(read_npy(folder / "a/W1.npy").matrix() == layout.matrix(theta, 0));
  CHECK(read_npy(folder / "a/W2.npy").matrix() == layout.matrix(theta, 1));
  CHECK(read_npy(folder / "a/core.npy").shape == Shape{2, 3, 4});
  CHECK(read_npy(folder / "a/bias.npy").shape == Shape{5});
}

TEST_CASE("files of the other storage order, as another program writes them, mean the same") {
  scratch::Folder folder;
  Layout ours = example(), theirs;
  for (const Block& block : ours)
    theirs.add(block.name, block.shape, block.order == StorageOrder::row_major ? StorageOrder::column_major : StorageOrder::row_major);
  const Vector<double> theta = Vector<double>::Random(ours.parameter_count());
  save_blocks(folder / "ours", ours, theta);
  const Vector<double> swapped = load_blocks<double>(folder / "ours", theirs);
  CHECK(swapped != theta);
  CHECK(theirs.matrix(swapped, 0) == ours.matrix(theta, 0));
  CHECK(theirs.matrix(swapped, 1) == ours.matrix(theta, 1));
  // core: (i, j, k) stands at k + 4 (j + 3 i) in one and at i + 2 (j + 3 k) in the other order
  for (Index i = 0; i < 2; ++i)
    for (Index j = 0; j < 3; ++j)
      for (Index k = 0; k < 4; ++k) CHECK(swapped[theirs[2].offset + i + 2 * (j + 3 * k)] == theta[ours[2].offset + k + 4 * (j + 3 * i)]);
  save_blocks(folder / "theirs", theirs, swapped);
  CHECK(load_blocks<double>(folder / "theirs", ours) == theta);
}

TEST_CASE("precision is converted") {
  scratch::Folder folder;
  const Layout layout = example();
  const Vector<double> theta = Vector<double>::Random(layout.parameter_count());
  save_blocks(folder / "a", layout, theta);
  CHECK(load_blocks<float>(folder / "a", layout) == theta.cast<float>());
  save_blocks<float>(folder / "a", layout, theta.cast<float>());
  CHECK(load_blocks<double>(folder / "a", layout) == theta.cast<float>().cast<double>());
}

TEST_CASE("blocks that do not fit are named with both shapes") {
  scratch::Folder folder;
  Layout layout, other, more, bad;
  layout.add("W1", {3, 4});
  other.add("W1", {4, 3});
  more.add("W1", {3, 4}).add("W2", {2, 3});
  bad.add("../W1", {1});
  const Vector<double> theta = Vector<double>::Ones(12);
  save_blocks(folder / "a", layout, theta);
  const std::string path = folder / "a/W1.npy", second = folder / "a/W2.npy", in_the_way = scratch::put(folder / "file", "x");
  CHECK(file_error_of(path, [&] { load_blocks<double>(folder / "a", other); }) == ": block W1 is 4 x 3 in the model, the file holds 3 x 4");
  CHECK(file_error_of(second, [&] { load_blocks<double>(folder / "a", more); }) == ": cannot be read: No such file or directory");
  CHECK(scratch::mentions(scratch::error_of([&] { save_blocks(folder / "a", more, theta); }),
                          "save_blocks: theta has 12 parameters, the model has 18"));
  CHECK(scratch::error_of([&] { save_blocks<double>(folder / "a", bad, Vector<double>::Ones(1)); }) ==
        "blocks: '../W1' cannot be the name of a file");
  CHECK(scratch::mentions(file_error_of(in_the_way, [&] { save_blocks(in_the_way, layout, theta); }), ": the folder cannot be made: "));
  write_npy(path, Matrix<double>(Matrix<double>::Constant(3, 4, 1e300)));
  CHECK(file_error_of(path, [&] { load_blocks<float>(folder / "a", layout); }) == ": block W1 holds 1e+300");
  write_npy(path, Matrix<double>(Matrix<double>::Constant(3, 4, std::nan(""))));
  CHECK(file_error_of(path, [&] { load_blocks<double>(folder / "a", layout); }) == ": block W1 holds nan");
}

TEST_CASE("saved blocks carry their storage order, and their bytes stand as in theta") {
  scratch::Folder folder;
  Layout layout;
  layout.add("C", {2, 3}, StorageOrder::row_major).add("F", {2, 3}).add("T", {2, 3, 2}, StorageOrder::row_major).add("v", {4});
  const Vector<double> theta = Vector<double>::LinSpaced(layout.parameter_count(), 0, 27);
  save_blocks(folder.path().string(), layout, theta);
  for (const Block& block : layout) {
    const std::string bytes = scratch::get(folder / (block.name + ".npy"));
    INFO(block.name);
    CHECK(scratch::mentions(bytes, block.name == "F" ? "'fortran_order': True" : "'fortran_order': False"));
    const std::string expected(reinterpret_cast<const char*>(theta.data() + block.offset),
                               static_cast<std::size_t>(block.count) * sizeof(double));
    CHECK(bytes.substr(bytes.size() - expected.size()) == expected);
  }
}
