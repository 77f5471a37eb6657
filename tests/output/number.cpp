// SPDX-License-Identifier: MIT
#include <tacit/io/number.hpp>

#include <cmath>
#include <cstdlib>
#include <limits>

#include "catch.hpp"

using namespace tacit;

TEST_CASE("the shortest text reads back to the same double") {
  CHECK(shortest(0.1) == "0.1");
  CHECK(shortest(3) == "3");
  CHECK(shortest(-1e-6) == "-1e-06");
  CHECK(shortest(1e300 * 10) == "1e+301");
  CHECK(shortest(std::numeric_limits<double>::infinity()) == "inf");
  CHECK(shortest(-std::numeric_limits<double>::infinity()) == "-inf");
  CHECK(shortest(std::nan("")) == "nan");
  for (double x : {1.0 / 3, 2.0 / 3e-300, 4.9e-324, 1.7976931348623157e308, 0.1 + 0.2})
    CHECK(std::strtod(shortest(x).c_str(), nullptr) == x);
}

TEST_CASE("rounded text has the digits asked for") {
  CHECK(rounded(1.0 / 3) == "0.333333");
  CHECK(rounded(1.0 / 3, 2) == "0.33");
  CHECK(rounded(1234567.0) == "1.23457e+06");
  CHECK(rounded(2.5e-8, 3) == "2.5e-08");
  CHECK(decimal(-42) == "-42");
}
