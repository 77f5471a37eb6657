// SPDX-License-Identifier: MIT
#include <tacit/io/text_file.hpp>

#include "catch.hpp"
#include "scratch.hpp"

#if defined(__unix__)
#include <sys/stat.h>
#include <unistd.h>
#endif

using namespace tacit;
using scratch::file_error_of;

namespace file_tests {

TEST_CASE("all bytes of a file are read") {
  scratch::Folder folder;
  std::string bytes;
  for (int k = 0; k < 200000; ++k) bytes += static_cast<char>(k % 251);
  CHECK(read_file(scratch::put(folder / "a", bytes)) == bytes);
  CHECK(read_file(scratch::put(folder / "b", "")).empty());
}

TEST_CASE("a file that cannot be opened is named with its reason") {
  scratch::Folder folder;
  const std::string here = folder.path().string(), missing = folder / "none", below = scratch::put(folder / "file", "x") + "/a";
  CHECK(file_error_of(here, [&] { read_file(here); }) == ": cannot be read: it is a directory, not a file");
  CHECK(file_error_of(missing, [&] { read_file(missing); }) == ": cannot be read: No such file or directory");
  CHECK(file_error_of(below, [&] { read_file(below); }) == ": cannot be read: Not a directory");
}

#if defined(__unix__)
TEST_CASE("no permission to read") {
  if (::geteuid() == 0) return;  // the superuser is never refused
  scratch::Folder folder;
  const std::string path = scratch::put(folder / "a", "1");
  ::chmod(path.c_str(), 0);
  CHECK(file_error_of(path, [&] { read_file(path); }) == ": cannot be read: Permission denied");
}
#endif

TEST_CASE("numbers, gaps and what is neither") {
  using detail::Number;
  double value = 0;
  for (const char* text : {"1", "-1.5", "+2", ".5", "5.", "1e5", "1E-5", "-.25e+2", "00012"}) {
    INFO(text);
    CHECK(detail::parse_number(text, value) == Number::fine);
    CHECK(value == std::strtod(text, nullptr));
  }
  for (const char* text : {"", "NA", "na", "N/A", "NaN", "nan", "-nan", "NULL", "None"}) {
    INFO(text);
    CHECK(detail::parse_number(text, value) == Number::missing);
  }
  for (const char* text : {"inf", "-inf", "+Inf", "Infinity", "-INFINITY"}) CHECK(detail::parse_number(text, value) == Number::infinite);
  for (const char* text : {"-", "+", ".", "e5", "1e", "1e+", "1x", "1 2", "0x1p3", "1,5", "nano", "-NA", "infinite", "--1", "+-1", "1_000",
                           "\xC2\xA0"
                           "1"}) {
    INFO(text);
    CHECK(detail::parse_number(text, value) == Number::not_a_number);
  }
  CHECK(detail::parse_number("1e309", value) == Number::too_large);
  CHECK(detail::parse_number("1e-309", value) == Number::fine);
  CHECK(value > 0);
}

TEST_CASE("whole numbers are those whose text can be had back") {
  std::int64_t value = 0;
  for (const char* text : {"0", "7", "-12", "9223372036854775807"}) {
    CHECK(detail::parse_integer(text, value));
    CHECK(std::to_string(value) == text);
  }
  for (const char* text : {"", "007", "+1", "-0", "-01", "1.0", " 1", "9223372036854775808", "x"}) {
    INFO(text);
    CHECK_FALSE(detail::parse_integer(text, value));
  }
}

}  // namespace file_tests
