// SPDX-License-Identifier: MIT
#include <tacit/io/npy_writer.hpp>

#include <cstring>

#include "../data/scratch.hpp"
#include "catch.hpp"

using namespace tacit;
using scratch::mentions;

namespace {
struct Parts {
  std::string text;
  std::vector<double> values;
};
template <class S>
Parts parts(const std::string& bytes) {
  REQUIRE(bytes.substr(0, 8) == std::string("\x93NUMPY\x01\x00", 8));
  const std::size_t length = static_cast<unsigned char>(bytes[8]) + 256u * static_cast<unsigned char>(bytes[9]);
  CHECK((10 + length) % 64 == 0);
  CHECK(bytes[9 + length] == '\n');
  std::vector<S> raw((bytes.size() - 10 - length) / sizeof(S));
  std::memcpy(raw.data(), bytes.data() + 10 + length, raw.size() * sizeof(S));
  return {bytes.substr(10, length), {raw.begin(), raw.end()}};
}
}  // namespace

TEST_CASE("a matrix is written as it stands") {
  scratch::Folder folder;
  Matrix<double> W(2, 3);
  W << 1, 2, 3, 4, 5, 6;
  Provenance provenance;
  provenance.set("a", 1);
  write_npy(folder / "w.npy", W, provenance);
  const Parts found = parts<double>(scratch::get(folder / "w.npy"));
  CHECK(mentions(found.text, "{'descr': '<f8', 'fortran_order': True, 'shape': (2, 3), }"));
  CHECK(found.values == std::vector<double>{1, 4, 2, 5, 3, 6});
  CHECK(scratch::get(folder / "w.npy.meta.json") == json(provenance));
}

TEST_CASE("row-major matrices, expressions, float and vectors") {
  scratch::Folder folder;
  Eigen::Matrix<float, 2, 3, Eigen::RowMajor> W;
  W << 1, 2, 3, 4, 5, 6;
  write_npy(folder / "w.npy", W);
  Parts found = parts<float>(scratch::get(folder / "w.npy"));
  CHECK(mentions(found.text, "{'descr': '<f4', 'fortran_order': False, 'shape': (2, 3), }"));
  CHECK(found.values == std::vector<double>{1, 2, 3, 4, 5, 6});

  write_npy(folder / "w.npy", W.cast<double>().transpose() * 2);
  found = parts<double>(scratch::get(folder / "w.npy"));
  CHECK(mentions(found.text, "'shape': (3, 2), }"));
  CHECK(found.values.size() == 6);

  write_npy(folder / "v.npy", Vector<float>(Vector<float>::LinSpaced(4, 0, 3)));
  found = parts<float>(scratch::get(folder / "v.npy"));
  CHECK(mentions(found.text, "{'descr': '<f4', 'fortran_order': False, 'shape': (4,), }"));
  CHECK(found.values == std::vector<double>{0, 1, 2, 3});

  write_npy(folder / "v.npy", std::vector<double>{0.5, -1});
  found = parts<double>(scratch::get(folder / "v.npy"));
  CHECK(mentions(found.text, "'shape': (2,), }"));
  CHECK(found.values == std::vector<double>{0.5, -1});
}

TEST_CASE("headers of every length are padded to 64 bytes") {
  for (Index n = 1; n < 2000000000; n *= 10) {
    const std::string header = detail::npy_header<double>({n, n}, StorageOrder::row_major);
    CHECK(header.size() % 64 == 0);
    CHECK(header.back() == '\n');
  }
  std::vector<Index> many;
  for (int k = 0; k < 32; ++k) {
    many.push_back(1);
    CHECK(detail::npy_header<double>(many, StorageOrder::row_major).size() % 64 == 0);
  }
}

TEST_CASE("a full disk is reported when writing NPY") {
  const std::string path = "/dev/full";
  if (!scratch::fs::exists(path)) return;
  CHECK(scratch::file_error_of(path, [&] { write_npy(path, Matrix<double>(Matrix<double>::Zero(100, 100))); }) ==
        ": cannot be written: No space left on device");
}
