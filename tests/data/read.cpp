// SPDX-License-Identifier: MIT
#include <tacit/data/read.hpp>
#include <tacit/output/csv.hpp>
#include <tacit/output/npy.hpp>

#include "catch.hpp"
#include "scratch.hpp"

using namespace tacit;

namespace {
std::string format_of(const std::string& name, const std::string& text, const ReadOptions& options = {}) {
  scratch::Folder folder;
  return read_observed(scratch::put(folder / name, text), options).format;
}
}  // namespace

TEST_CASE("the kind of a file is found from what it holds") {
  CHECK(format_of("u.data", "196\t242\t3\t881250949\n22\t377\t1\t878887116\n") == "triplets, tab-separated, without a header line");
  CHECK(format_of("ratings.csv", "userId,movieId,rating,timestamp\n1,31,2.5,1\n1,1029,3,1\n") ==
        "triplets, comma-separated, with a header line");
  CHECK(format_of("ratings.dat", "1::31::2.5::1\n1::1029::3::1\n") == "triplets, ::-separated, without a header line");
  CHECK(format_of("names.csv", "alice,matrix,3\nbob,matrix,4\n") == "triplets, comma-separated, without a header line");
  const std::string plain = "table, comma-separated, no header, no row labels";
  CHECK(format_of("m.csv", "1,2\n3,4\n") == plain);
  CHECK(format_of("m.csv", "1,2,3,4,5\n1,2,3,4,6\n") == plain);
  CHECK(format_of("m.csv", "1.5,2,3\n4,5,6\n") == plain);
  CHECK(format_of("m.csv", "1,2,3\n1,2,4\n") == plain);  // a pair twice
  CHECK(format_of("m.csv", "1,2,\n3,4,5\n") == plain + ", missing spelled empty");
  CHECK(format_of("m.csv", "1;2,5;3\n4;1,5;7\n") == "table, semicolon-separated, no header, no row labels, decimal comma");
  CHECK(format_of("r.csv", "1;7;3,5\n4;2;7\n") == "triplets, semicolon-separated, decimal comma, without a header line");
  CHECK(format_of("m.csv", ",0,1\n0,3,4\n1,4,5\n") == "table, comma-separated, header, first column = labels");
  CHECK(format_of("m.csv", "plate,a,b\nx,3,4\ny,4,5\n") == "table, comma-separated, header, first column = labels");
  CHECK(format_of("r.csv", "who,what,stars\nann,3,4\nann,4,5\nbob,4,1\nbob,5,1\n") == "triplets, comma-separated, with a header line");
}

TEST_CASE("a label that stands twice is named, not taken for a user with two ratings") {
  scratch::Folder folder;
  const std::string path = scratch::put(folder / "m.csv", "plate,a,b\np,1,2\nq,3,4\nr,5,6\ns,7,8\nt,9,10\np,11,12\n");
  CHECK(scratch::file_error_of(path, [&] { read_observed(path); }).find("'p'") != std::string::npos);
}

TEST_CASE("the kind can be said") {
  CHECK(format_of("m.csv", "1,2,3\n3,4,5\n") == "triplets, comma-separated, without a header line");
  CHECK(format_of("m.csv", "1,2,3\n3,4,5\n", {.kind = FileKind::matrix}) == "table, comma-separated, no header, no row labels");
  CHECK(format_of("m.csv", "1,2,3,4,5\n3,4,5,6,7\n", {.kind = FileKind::triplets}) == "triplets, comma-separated, without a header line");
  scratch::Folder folder;
  const std::string path = scratch::put(folder / "m.csv", "1,2,3\n3,4,5\n");
  CHECK(scratch::file_error_of(path, [&] { read_observed(path, {.kind = FileKind::npy}); }) ==
        ": is not an NPY file: it does not begin with \\x93NUMPY");
}

TEST_CASE("NPY is known by its name or its first bytes") {
  scratch::Folder folder;
  write_npy(folder / "a.npy", Matrix<double>(Matrix<double>::Ones(2, 3)));
  scratch::fs::copy_file(folder / "a.npy", folder / "a.bin");
  CHECK(read_observed(folder / "a.npy").format == "NPY array, 2 x 3, float64");
  CHECK(read_observed(folder / "a.bin", {.mode = 1}).data.where.rows() == 3);
  const std::string cut = scratch::put(folder / "cut.npy", "");
  CHECK(scratch::file_error_of(cut, [&] { read_observed(cut); }) == ": is empty");
}

TEST_CASE("files that are none are refused whatever their name") {
  scratch::Folder folder;
  for (const char* name : {"none.npy", "none.csv"}) {
    const std::string path = folder / name;
    CHECK(scratch::file_error_of(path, [&] { read_observed(path); }) == ": cannot be read: No such file or directory");
  }
  const std::string here = folder.path().string();
  CHECK(scratch::file_error_of(here, [&] { read_observed(here); }) == ": cannot be read: it is a directory, not a file");
  const std::string empty = scratch::put(folder / "empty.csv", "");
  CHECK(scratch::file_error_of(empty, [&] { read_observed(empty); }) == ": is empty");
}
