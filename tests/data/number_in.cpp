// SPDX-License-Identifier: MIT
#include <tacit/io/number_in.hpp>

#include "catch.hpp"

using namespace tacit;

TEST_CASE("a text that is one number as a whole is that number, any other none") {
  CHECK(number_in("0.5") == 0.5);
  CHECK(number_in("+1e-6") == 1e-6);
  for (const char* text : {"", "1,5", "5 ", "0x10", "inf", "nan", "1e400", "3kg"}) CHECK_FALSE(number_in(text));
  CHECK(whole_number_in("-12") == -12);
  for (const char* text : {"", "+1", "01", "1.0", "9223372036854775808", "rows"}) CHECK_FALSE(whole_number_in(text));
}
