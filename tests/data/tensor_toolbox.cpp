// SPDX-License-Identifier: MIT
#include <tacit/data/tensor_file.hpp>
#include <tacit/data/tensor_toolbox.hpp>

#include "catch.hpp"
#include "scratch.hpp"

using namespace tacit;

namespace tensor_toolbox_tests {

namespace {
std::string refused(const std::string& text) {
  scratch::Folder folder;
  const std::string path = scratch::put(folder / "a.tns", text);
  return scratch::file_error_of(path, [&] { read_tensor(path); });
}
}  // namespace

TEST_CASE("sptensor: sizes as the file says, entries from 1 in any order") {
  scratch::Folder folder;
  const TensorFile file = read_tensor(scratch::put(folder / "a.tns", "sptensor\n3\n4 3 2\n3\n4 1 2 1.5\n1 1 1 -2\n4 3 2 7\n"));
  CHECK(file.data.where.shape() == Shape{4, 3, 2});
  CHECK(file.data.y == Vector<double>{{-2, 1.5, 7}});
  CHECK(file.format == "Tensor Toolbox sptensor, 4 x 3 x 2, entries that are not listed are gaps");
}

TEST_CASE("tensor: all values, the first index fastest, NaN a gap") {
  scratch::Folder folder;
  const TensorFile file = read_tensor(scratch::put(folder / "a.txt", "tensor\r\n3\r\n2 2 2\r\n1\r\n2\r\n3\r\nNaN\r\n5\r\n6\r\n7\r\n8\r\n"));
  CHECK(file.data.y == Vector<double>{{1, 5, 3, 7, 2, 6, 8}});  // sorted by the first index
  CHECK(file.data.count() == 7);
}

TEST_CASE("tensors that cannot be read are named with their line") {
  CHECK(refused("sptensor\n3\n4 3\n") == ", line 3: has 2 numbers, the line of sizes has 3");
  CHECK(refused("sptensor\n2\n4 3\n2\n1 1 5\n") == ": ends after 1 of 2 entries");
  CHECK(refused("sptensor\n2\n4 3\n1\n1 4 5\n") == ", line 5, column 2: 4 is out of range, it needs to lie in 1 ... 3");
  CHECK(refused("sptensor\n2\n4 3\n2\n1 3 5\n1 3 6\n") == ": the entry (1, 3) comes a second time");
  CHECK(refused("sptensor\n2\n4 3\n1\n1 3 5\n1 2 6\n") == ", line 6: comes after the last of 1 entries");
  CHECK(refused("tensor\n2\n2 2\n1 2 3 x\n") == ", line 4, column 4: 'x' is not a number");
}

}  // namespace tensor_toolbox_tests
