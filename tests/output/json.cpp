// SPDX-License-Identifier: MIT
#include <tacit/io/json_writer.hpp>

#include "catch.hpp"

using namespace tacit;

TEST_CASE("values as JSON") {
  CHECK(json(0.1) == "0.1");
  CHECK(json(1e-6) == "1e-06");
  CHECK(json(-3) == "-3");
  CHECK(json(std::nan("")) == "null");
  CHECK(json(-HUGE_VAL) == "null");
  CHECK(json("plain") == "\"plain\"");
  CHECK(json("") == "\"\"");
}

TEST_CASE("text is escaped") {
  CHECK(json("a\"b\\c") == "\"a\\\"b\\\\c\"");
  CHECK(json("\n\r\t\x01\x1f") == "\"\\n\\r\\t\\u0001\\u001f\"");
  CHECK(json("\xC3\xA9</script>") == "\"\xC3\xA9</script>\"");
  CHECK(json(std::string("a\0b", 3)) == "\"a\\u0000b\"");
}

TEST_CASE("a row is an object") {
  Table table({"depth", "why \"x\"", "loss"});
  table.add({3, "ok", Cell()});
  CHECK(json(table, 0) == R"({"depth": 3, "why \"x\"": "ok", "loss": null})");
}
