// SPDX-License-Identifier: MIT
// Without zlib; with it: tests/gzip.
#include <tacit/data/read.hpp>

#include "catch.hpp"
#include "scratch.hpp"

using namespace tacit;

namespace gzip_tests {

TEST_CASE("a program without zlib says how to read a gzip file") {
  scratch::Folder folder;
  const std::string path = scratch::put(folder / "u.data.gz", std::string("\x1F\x8B\x08\0\0", 5));
  CHECK(scratch::file_error_of(path, [&] { read_observed(path); }) ==
        ": is packed by gzip, which this program was built without; build it with TACIT_WITH_ZLIB defined and zlib linked, or unpack the "
        "file with "
        "gunzip");
}

TEST_CASE("a file that is called .gz and is none") {
  scratch::Folder folder;
  const std::string path = scratch::put(folder / "x.csv.gz", "1,2\n"), empty = scratch::put(folder / "empty.gz", "");
  CHECK(scratch::file_error_of(path, [&] { read_csv(path); }) ==
        ": is no gzip file, in spite of its name: it does not begin with the bytes 1F 8B");
  CHECK(scratch::file_error_of(empty, [&] { read_csv(empty); }) == ": is empty");
}

}  // namespace gzip_tests
