// SPDX-License-Identifier: MIT
// operator new counts, so that tests see whether a step allocates; optimizer/optimizer_laws.hpp looks at it.
#include "counting_new.hpp"

#include "catch.hpp"

TEST_CASE("the counter counts") {
  const long before = allocations;
  int* volatile number = new int;  // volatile: or the pair would be optimised away
  const long after = allocations;
  delete number;
  CHECK(after == before + 1);
}
