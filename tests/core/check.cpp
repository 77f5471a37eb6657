// SPDX-License-Identifier: MIT
#include <tacit/core/check.hpp>

#include "catch.hpp"
#include "thrown.hpp"

using namespace tacit;

TEST_CASE("a sentence joins its parts as streams print them") {
  CHECK(sentence("got ", 3, " rows, ", 0.1, ' ', std::string("and more")) == "got 3 rows, 0.1 and more");
  CHECK(sentence(123456789.0) == "123456789");  // ten digits: sizes stay readable
}

TEST_CASE("require throws its sentence where the condition fails, and only there") {
  CHECK_NOTHROW(require(true, "unused"));
  CHECK(thrown([] { require(1 > 2, "1 is not above ", 2); }) == "1 is not above 2");
}
