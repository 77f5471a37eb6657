// SPDX-License-Identifier: MIT
#include <tacit/data/tensor_file.hpp>

#include <cstring>
#include <filesystem>

#include "catch.hpp"
#include "scratch.hpp"

using namespace tacit;
using scratch::mentions;

namespace tensor_file_tests {

namespace {

TensorFile coordinates(const std::string& text, TensorReadOptions options = {IndexBase::one, {}}) {
  scratch::Folder folder;
  return read_tensor(scratch::put(folder / "a.txt", text), options);
}
/// The error after the file's name.
std::string refused(const std::string& text, TensorReadOptions options = {IndexBase::one, {}}, const std::string& name = "a.txt") {
  scratch::Folder folder;
  const std::string path = scratch::put(folder / name, text);
  return scratch::file_error_of(path, [&] { read_tensor(path, options); });
}
std::string npy(const std::string& descr, const std::string& shape, const std::string& values, const char* fortran = "False") {
  std::string text = "{'descr': '" + descr + "', 'fortran_order': " + fortran + ", 'shape': " + shape + ", }";
  text.append(117 - text.size(), ' ');
  text += '\n';
  return std::string("\x93NUMPY\x01\0v\0", 10) + text + values;
}
std::string doubles(const std::vector<double>& values) { return {reinterpret_cast<const char*>(values.data()), 8 * values.size()}; }
const double gap = std::numeric_limits<double>::quiet_NaN(), infinite = std::numeric_limits<double>::infinity();

/// Two readings of the same tensor.
void same(const TensorFile& a, const TensorFile& b) {
  CHECK(a.data.where.shape() == b.data.where.shape());
  CHECK(a.data.where.indices() == b.data.where.indices());
  CHECK(a.data.y == b.data.y);
}

}  // namespace

TEST_CASE("coordinates in any order, from 1 and from 0, between blanks, tabs, commas, with CRLF, a mark at the start or no end of line") {
  const TensorFile one = coordinates("2 1 3 0.5\n1 2 1 -4\n1 1 2 7e-3\n");
  CHECK(one.data.where.shape() == Shape{2, 2, 3});
  CHECK(one.data.y == Eigen::Vector3d(7e-3, -4, 0.5));
  CHECK(one.data.where.mode(2)[0] == 1);
  CHECK(one.format == "coordinates from 1, 2 x 2 x 3 by the largest indices, blank-separated, without a header line");
  same(one, coordinates("1 0 2 0.5\n0 1 0 -4\n0 0 1 7e-3", {IndexBase::zero, {}}));
  same(one, coordinates("\xEF\xBB\xBF"
                        "2\t1\t3\t0.5\r\n1\t2\t1\t-4\r\n1\t1\t2\t7e-3"));
  same(one, coordinates("i,j,k,y\n2,1,3,0.5\n1,2,1,-4\n1,1,2,7e-3\n"));
  CHECK(coordinates("1 1 1 2\n", {IndexBase::one, Shape{5, 4, 3}}).data.where.shape() == Shape{5, 4, 3});
}

TEST_CASE("files called .tns begin at 1, others have to say") {
  scratch::Folder folder;
  CHECK(read_tensor(scratch::put(folder / "a.tns", "1 1 1 2\n2 1 1 3\n")).data.where.mode(0)[0] == 0);
  CHECK(refused("1 1 1 2\n", {}) == ": is neither NPY nor called .tns; say whether its indices begin at 0 or at 1");
  CHECK(refused("PK", {}, "a.npz") == ": is damaged: it is cut short, or no zip archive");
  CHECK(refused("\x1F\x8B", {}, "a.npy.gz") == ": is a packed NPY file, which is not read; unpack it first");
  CHECK(mentions(scratch::file_error_of("no.txt", [] { read_tensor("no.txt"); }), "No such file"));
  CHECK(refused("0 1 1 2\n", {}, "a.tns") ==
        ", line 1, column 1: index 0 is out of range, it needs to lie in 1 ... 2147483647 (indices begin at 1)");
}

TEST_CASE("NPY arrays in both orders, NaN for what is missing") {
  scratch::Folder folder;
  // X(i, j, k) = 100 i + 10 j + k, but X(1, 0, 1) is missing
  const std::string rows = doubles({0, 1, 10, 11, 20, 21, 100, gap, 110, 111, 120, 121});
  const std::string cols = doubles({0, 100, 10, 110, 20, 120, 1, gap, 11, 111, 21, 121});
  const TensorFile file = read_tensor(scratch::put(folder / "c.npy", npy("<f8", "(2, 3, 2)", rows)));
  same(file, read_tensor(scratch::put(folder / "f", npy("<f8", "(2, 3, 2)", cols, "True"))));
  CHECK(file.data.count() == 11);
  for (Index k = 0; k < 11; ++k)
    CHECK(file.data.y[k] == 100 * file.data.where.mode(0)[k] + 10 * file.data.where.mode(1)[k] + file.data.where.mode(2)[k]);
  CHECK(file.format == "NPY array, 2 x 3 x 2, float64");
}

TEST_CASE("an order-12 tensor of a thousand a mode is accepted as coordinates") {
  std::string line;
  for (int n = 0; n < 12; ++n) line += "1000 ";
  const TensorFile file = coordinates(line + "1\n1 1 1 1 1 1 1 1 1 1 1 1 2\n");
  CHECK(file.data.where.shape().size() == 1e36);
  CHECK(file.data.y == Eigen::Vector2d(2, 1));
}

TEST_CASE("every flaw of coordinates is named with line, column and reason") {
  CHECK(refused("") == ": is empty");
  CHECK(refused("i j k y\n") == ": holds a header line and no entry");
  CHECK(refused("1 2\n") == ", line 1: has 2 columns, coordinates need at least three: two indices, a value");
  CHECK(mentions(refused("1 1 1 2\n1 2 3\n"), ", line 2: has 3 "));
  CHECK(refused("1 1 1 2\n1 x 1 2\n") == ", line 2, column 2: 'x' is not an index");
  CHECK(refused("1 1 1 2\n1 1.5 1 2\n") == ", line 2, column 2: '1.5' is not an index");
  CHECK(mentions(refused("1 1 1 2\n1 2 1 two\n"), ", line 2, column 4: 'two' is not a number"));
  CHECK(mentions(refused("1 1 1 2\n1 2 1 inf\n"), ", line 2, column 4: "));
  CHECK(mentions(refused("1 1 1 2\n1 2 1 nan\n"), ", line 2, column 4: "));
  CHECK(refused("1 1 1 2\n0 1 1 2\n") ==
        ", line 2, column 1: index 0 is out of range, it needs to lie in 1 ... 2147483647 (indices begin at 1)");
  CHECK(refused("0 0 1 2\n1 -1 1 2\n", {IndexBase::zero, {}}) ==
        ", line 2, column 2: index -1 is out of range, it needs to lie in 0 ... 2147483646 (indices begin at 0)");
  CHECK(refused("1 1 1 2\n1 1 4 2\n", {IndexBase::one, Shape{2, 2, 3}}) ==
        ", line 2, column 3: index 4 is out of range, it needs to lie in 1 ... 3 (indices begin at 1)");
  CHECK(refused("2 1 1 5\n1 1 1 2\n2 1 1 3\n") == ", line 3: the entry (2, 1, 1) comes a second time, first on line 1");
  CHECK(refused("1 1 1 2\n", {IndexBase::one, Shape{2, 2}}) == ", line 1: has 3 indices, the shape 2 x 2 that was asked for has 2");
}

TEST_CASE("every flaw of an array is named") {
  const TensorReadOptions any;
  CHECK(refused("", any, "a.npy") == ": is empty");
  CHECK(mentions(refused(npy("<f8", "(2, 2, 2)", doubles({1, 2, 3})), any),
                 ": is cut short: its shape 2 x 2 x 2 needs 64 bytes of values, the file holds 24"));
  CHECK(mentions(refused(npy(">f8", "(1, 1, 1)", doubles({1})), any), ": holds big-endian numbers (>f8)"));
  CHECK(mentions(refused(npy("|O", "(1, 1, 1)", doubles({1})), any), ": holds Python objects (|O)"));
  CHECK(refused(npy("<f8", "(3,)", doubles({1, 2, 3})), any) == ": holds an array of order 1, a tensor needs at least 2 modes");
  CHECK(mentions(refused(npy("<f8", "(2, 0, 2)", ""), any), "mode 1 has size 0"));
  CHECK(refused(npy("<f8", "(1, 2, 1)", doubles({gap, gap})), any) == ": holds no number: all 1 x 2 x 1 entries are NaN");
  CHECK(refused(npy("<f8", "(1, 2, 2)", doubles({1, 2, infinite, 4})), any) == ": entry (0, 1, 0) of the 1 x 2 x 2 array is infinite");
  CHECK(refused(npy("<f8", "(1, 2, 1)", doubles({1, 2})), {{}, Shape{2, 1, 1}}) == ": holds a 1 x 2 x 1 array, asked for was 2 x 1 x 1");
}

TEST_CASE("a folder, and a file that is not there, are named") {
  scratch::Folder folder;
  const std::string path = folder.path().string();
  CHECK(mentions(scratch::file_error_of(path, [&] { read_tensor(path, {IndexBase::one, {}}); }), "directory"));
  CHECK(mentions(scratch::file_error_of(path + "/no.tns", [&] { read_tensor(path + "/no.tns"); }), "No such file"));
}

}  // namespace tensor_file_tests
