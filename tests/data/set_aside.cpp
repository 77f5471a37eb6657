// SPDX-License-Identifier: MIT
#include <tacit/io/set_aside.hpp>

#include <string>
#include <vector>

#include "catch.hpp"

using namespace tacit;

TEST_CASE("what is set aside takes no memory and comes back item by item") {
  std::vector<long> numbers(200'000);
  for (std::size_t k = 0; k < numbers.size(); ++k) numbers[k] = static_cast<long>(k * k);
  const std::vector<long> before = numbers;
  SetAside aside(numbers);
  REQUIRE(aside.away());
  CHECK(numbers.capacity() == 0);
  aside.bring_back(numbers);
  CHECK(numbers == before);
  CHECK(!aside.away());
  aside.bring_back(numbers);  // a second time there is nothing to bring
  CHECK(numbers == before);
}

TEST_CASE("a text that is set aside takes no memory") {
  std::string text(3'000'000, 'x');
  SetAside aside(text);
  REQUIRE(aside.away());
  CHECK(text.capacity() < 100);
  aside.bring_back(text);
  CHECK(text == std::string(3'000'000, 'x'));
}

TEST_CASE("a few bytes stay where they are") {
  std::string text = "a,b\n1,2\n";
  SetAside aside(text);
  CHECK(!aside.away());
  CHECK(text == "a,b\n1,2\n");
  aside.bring_back(text);
  CHECK(text == "a,b\n1,2\n");
}
