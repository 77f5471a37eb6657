// SPDX-License-Identifier: MIT
// A program of its own: TACIT_WITH_ZLIB has to be defined for all of a program.
#include <zlib.h>
#include <tacit/data/npz.hpp>
#include <tacit/data/read.hpp>
#include <tacit/data/table.hpp>
#include <tacit/io/npy_writer.hpp>

#include "catch.hpp"
#include "data/scratch.hpp"
#include "data/zip_bytes.hpp"

using namespace tacit;

namespace {

std::string packed(const std::string& text) {
  scratch::Folder folder;
  const std::string path = folder / "x.gz";
  const gzFile file = gzopen(path.c_str(), "wb");
  gzwrite(file, text.data(), static_cast<unsigned>(text.size()));
  gzclose(file);
  return scratch::get(path);
}
std::string refused(const std::string& bytes) {
  scratch::Folder folder;
  const std::string path = scratch::put(folder / "x.csv.gz", bytes);
  return scratch::file_error_of(path, [&] { read_csv(path); });
}

}  // namespace

TEST_CASE("packed files read as the same files unpacked") {
  scratch::Folder folder;
  const std::string ratings = "196\t242\t3\t881250949\n22\t377\t1\t878887116\n", table = "name;a;b\r\nx;1,5;NA\r\n";
  const MatrixFile plain = read_observed(scratch::put(folder / "u.data", ratings)),
                   gz = read_observed(scratch::put(folder / "u.data.gz", packed(ratings)));
  CHECK(gz.format == plain.format);
  CHECK(gz.data.y == plain.data.y);
  CHECK(gz.row_labels == plain.row_labels);
  CHECK(read_csv(scratch::put(folder / "called-otherwise.csv", packed("1,2\n"))).data.count() == 2);
  const TableFile file = read_table(scratch::put(folder / "t.csv.gz", packed(table)));
  write_completed(folder / "t.csv", file, Matrix<double>::Constant(1, 2, 2.5));
  CHECK(scratch::get(folder / "t.csv") == "name;a;b\r\nx;1,5;2,5\r\n");
}

TEST_CASE("long and very compressible texts, and several streams one after another") {
  std::string text = "1,2\n";
  while (text.size() < 3'000'000) text += "1,2\n";
  CHECK(detail::gunzip("x", packed(text)) == text);
  CHECK(detail::gunzip("x", packed("1,2\n") + packed("") + packed("3,4\n")) == "1,2\n3,4\n");
  CHECK(detail::gunzip("x", packed("")).empty());
}

TEST_CASE("cut, damaged and lengthened files are refused with a sentence") {
  std::string text;
  for (int k = 0; k < 1000; ++k) text += std::to_string(k * k % 997) + "," + std::to_string(k) + "\n";
  const std::string whole = packed(text);
  for (std::size_t length : {std::size_t(2), std::size_t(10), whole.size() / 2, whole.size() - 8, whole.size() - 1}) {
    INFO(length);
    CHECK(refused(whole.substr(0, length)) ==
          ": is cut short: its gzip data end after " + std::to_string(length) + " bytes, before their end mark");
  }
  std::string damaged = whole;
  damaged[whole.size() - 6] = static_cast<char>(damaged[whole.size() - 6] ^ 1);  // the check sum
  CHECK(refused(damaged) == ": is damaged: its gzip data cannot be unpacked (incorrect data check)");
  CHECK(refused(whole + "abc") == ": is damaged: after the end of the gzip data come 3 more bytes");
  CHECK(refused(packed("")) == ": is empty");
  CHECK(refused(packed("1,x\n")) == ", line 1, column 2: 'x' is not a number");
}

TEST_CASE("a deflated array of an NPZ archive is unpacked") {
  scratch::Folder folder;
  write_npy(folder / "a.npy", Matrix<double>(Matrix<double>::Constant(30, 20, 1.5)));
  const std::string npy = scratch::get(folder / "a.npy"), gz = packed(npy);
  const std::string raw = gz.substr(10, gz.size() - 18);  // without gzip's header and trailer
  const std::string path = scratch::put(folder / "a.npz", zip::archive({{"a.npy", raw, npy.size(), 8}}));
  CHECK(read_npz(path).matrix() == Matrix<double>::Constant(30, 20, 1.5));
  const std::string cut = scratch::put(folder / "b.npz", zip::archive({{"a.npy", raw.substr(0, raw.size() / 2), npy.size(), 8}}));
  CHECK(scratch::file_error_of(cut, [&] { read_npz(cut); }) == ": is damaged: its deflated data cannot be unpacked");
}
