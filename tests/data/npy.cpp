// SPDX-License-Identifier: MIT
#include <tacit/data/npy.hpp>
#include <tacit/io/npy_writer.hpp>

#include <cstring>

#include "catch.hpp"
#include "scratch.hpp"

using namespace tacit;
using scratch::mentions;

namespace npy_tests {

namespace {

/// A file as numpy would write it, of any header.
std::string npy(const std::string& dictionary, const std::string& values, int version = 1) {
  std::string text = dictionary;
  text.append(63 - ((version == 1 ? 10 : 12) + text.size()) % 64, ' ');
  text += '\n';
  std::string bytes = "\x93NUMPY";
  bytes += static_cast<char>(version);
  bytes += '\0';
  for (int k = 0; k < (version == 1 ? 2 : 4); ++k) bytes += static_cast<char>(k < 2 ? text.size() >> (8 * k) & 255 : 0);
  return bytes + text + values;
}
template <class S>
std::string raw(const std::vector<S>& values) {
  return {reinterpret_cast<const char*>(values.data()), values.size() * sizeof(S)};
}
std::string header(const std::string& descr, const std::string& fortran, const std::string& shape) {
  return "{'descr': '" + descr + "', 'fortran_order': " + fortran + ", 'shape': " + shape + ", }";
}
NpyArray parsed(const std::string& bytes) {
  scratch::Folder folder;
  return read_npy(scratch::put(folder / "a.npy", bytes));
}
std::string refused(const std::string& bytes) {
  scratch::Folder folder;
  const std::string path = scratch::put(folder / "a.npy", bytes);
  return scratch::file_error_of(path, [&] { read_npy(path).unfolded(); });
}

const std::vector<double> six = {1, 2, 3, 4, 5, 6};

}  // namespace

TEST_CASE("matrices in both orders and precisions") {
  Matrix<double> W(2, 3);
  W << 1, 2, 3, 4, 5, 6;
  CHECK(parsed(npy(header("<f8", "False", "(2, 3)"), raw(six))).matrix() == W);
  CHECK(parsed(npy(header("<f8", "True", "(3, 2)"), raw(six))).matrix() == W.transpose());
  const NpyArray single = parsed(npy(header("<f4", "False", "(2, 3)"), raw(std::vector<float>{1, 2, 3, 4, 5, 6})));
  CHECK(single.single_precision);
  CHECK(single.matrix() == W);
  const int format = GENERATE(1, 2, 3);
  CHECK(parsed(npy(header("<f8", "False", "(2, 3)"), raw(six), format)).matrix() == W);
  CHECK(parsed(npy("{\"x\": 0, 'shape':(2,3), 'fortran_order':False, 'descr':\"<f8\"}", raw(six), format)).matrix() == W);
}

TEST_CASE("vectors and single numbers") {
  CHECK(parsed(npy(header("<f8", "False", "(6,)"), raw(six))).matrix().cols() == 1);
  CHECK(parsed(npy(header("<f8", "False", "()"), raw(std::vector<double>{4}))).matrix()(0, 0) == 4);
}

TEST_CASE("NaN is missing, zeros are data") {
  const MatrixFile file = parsed(npy(header("<f8", "False", "(2, 2)"), raw(std::vector<double>{1, std::nan(""), 0, 4}))).unfolded();
  REQUIRE(file.data.count() == 3);
  CHECK(file.data.where[0] == Entry{0, 0});
  CHECK(file.data.where[1] == Entry{1, 0});
  CHECK(file.data.y[1] == 0);
  CHECK(file.format == "NPY array, 2 x 2, float64");
}

TEST_CASE("tensors unfold with the remaining modes in their order, the last one fastest, from both storage orders") {
  const Index n[] = {2, 3, 4};
  const bool fortran = GENERATE(false, true);
  std::vector<double> values(24);
  const auto value = [](Index a, Index b, Index c) { return static_cast<double>(100 * a + 10 * b + c); };
  for (Index a = 0; a < 2; ++a)
    for (Index b = 0; b < 3; ++b)
      for (Index c = 0; c < 4; ++c) values[static_cast<std::size_t>(fortran ? a + 2 * (b + 3 * c) : c + 4 * (b + 3 * a))] = value(a, b, c);
  const NpyArray tensor = parsed(npy(header("<f8", fortran ? "True" : "False", "(2, 3, 4)"), raw(values)));
  CHECK(tensor.values[tensor.at({1, 2, 3})] == 123);
  for (Index mode = 0; mode < 3; ++mode) {
    const Matrix<double> W = tensor.matrix(mode);
    REQUIRE(W.rows() == n[mode]);
    for (Index a = 0; a < 2; ++a)
      for (Index b = 0; b < 3; ++b)
        for (Index c = 0; c < 4; ++c) {
          const Index rows[] = {a, b, c}, cols[] = {b * 4 + c, a * 4 + c, a * 3 + b};
          CHECK(W(rows[mode], cols[mode]) == value(a, b, c));
        }
  }
  CHECK(tensor.unfolded(1).format == "NPY array, 2 x 3 x 4, unfolded at mode 1, float64");
  CHECK(mentions(scratch::error_of([&] { tensor.unfolded(3); }),
                 "cannot be unfolded at mode 3, the array is 2 x 3 x 4 and has modes 0 to 2"));
}

TEST_CASE("what write_npy wrote is read back, bit for bit") {
  scratch::Folder folder;
  const Matrix<double> W = Matrix<double>::Random(7, 5);
  write_npy(folder / "w.npy", W);
  CHECK(read_npy(folder / "w.npy").matrix() == W);
  write_npy(folder / "w.npy", W.cast<float>());
  CHECK(read_npy(folder / "w.npy").matrix().cast<float>() == W.cast<float>());
  const Eigen::Matrix<double, -1, -1, Eigen::RowMajor> rows = W;
  write_npy(folder / "w.npy", rows);
  CHECK(read_npy(folder / "w.npy").matrix() == W);
}

TEST_CASE("arrays that cannot be read are named with the reason") {
  const std::string good = npy(header("<f8", "False", "(2, 3)"), raw(six));
  CHECK(refused("") == ": is empty");
  CHECK(refused("a,b\n1,2\n") == ": is not an NPY file: it does not begin with \\x93NUMPY");
  CHECK(refused(good.substr(0, 8)) == ": is cut short inside its header");
  CHECK(refused(good.substr(0, 50)) == ": is cut short inside its header");
  CHECK(refused(good.substr(0, good.size() - 9)) == ": is cut short: its shape 2 x 3 needs 48 bytes of values, the file holds 39");
  CHECK(refused(good + "x") == ": is longer than its header says: its shape 2 x 3 needs 48 bytes of values, the file holds 49");
  CHECK(refused(npy(header("<f8", "False", "(2, 3)"), raw(six), 4)) == ": is NPY format 4, read are formats 1 to 3");
  CHECK(refused(npy(header(">f8", "False", "(2, 3)"), raw(six))) ==
        ": holds big-endian numbers (>f8); save it with numpy.save(path, a.astype('<f8'))");
  CHECK(refused(npy(header("|O", "False", "(2, 3)"), "pickled")) ==
        ": holds Python objects (|O), which are not read; save it with numpy.save(path, a.astype('<f8'))");
  CHECK(refused(npy(header("<i8", "False", "(2, 3)"), raw(six))) ==
        ": holds <i8 values, read are float32 and float64; save it with numpy.save(path, a.astype('<f8'))");
  CHECK(refused(npy(header("<U3", "False", "(2, 3)"), raw(six))) == ": holds text (<U3)");
  CHECK(refused(npy("{'descr': [('a', '<f8')], 'fortran_order': False, 'shape': (6,), }", raw(six))) ==
        ": holds an array of records (structured dtype); save one array of float32 or float64");
  CHECK(refused(npy(header("<f8", "False", "(0, 3)"), "")) == ": holds an empty array: mode 0 has size 0");
  CHECK(refused(npy(header("<f8", "False", "(2, -3)"), raw(six))) == ": has a header with the shape (2, -3)");
  CHECK(refused(npy("{'descr': '<f8', 'fortran_order': False}", raw(six))) == ": has a damaged header: 'shape' is missing");
  CHECK(refused(npy("{'descr': '<f8', 'fortran_order': False, 'shape': 6}", raw(six))) == ": has a header without a shape");
  CHECK(mentions(refused(npy(header("<f8", "False", "(4000000000, 4000000000)"), raw(six))),
                 ": is cut short: its shape 4000000000 x 4000000000"));
  CHECK(refused(npy(header("<f8", "False", "(1, 2)"), raw(std::vector<double>{1, HUGE_VAL}))) ==
        ": entry (0, 1) of the 1 x 2 matrix is infinite");
  CHECK(refused(npy(header("<f8", "False", "(1, 2)"), raw(std::vector<double>{std::nan(""), std::nan("")}))) ==
        ": holds no number: all 1 x 2 entries are NaN");
}

}  // namespace npy_tests
