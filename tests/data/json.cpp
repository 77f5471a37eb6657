// SPDX-License-Identifier: MIT
#include <tacit/io/json_reader.hpp>
#include <tacit/io/json_writer.hpp>

#include "catch.hpp"
#include "scratch.hpp"

using namespace tacit;

namespace json_tests {

namespace {
std::string refused(const std::string& text) {
  return scratch::file_error_of("x.json", [&] { parse_json(text, "x.json"); });
}
template <class Use>
std::string misused(const std::string& text, Use use) {
  return scratch::file_error_of("x.json", [&] { use(parse_json(text, "x.json")); });
}
}  // namespace

TEST_CASE("every kind of value is read") {
  const JsonValue v = parse_json(" {\"a\": [1, -2.5e-3, true, false, null, \"x\"],\r\n\t\"b\": {}, \"c\": [] } ");
  CHECK(v.names() == std::vector<std::string>{"a", "b", "c"});
  const JsonValue& a = v["a"];
  CHECK(a.size() == 6);
  CHECK(a[0].integer() == 1);
  CHECK(a[0].number() == 1);
  CHECK(a[1].number() == -2.5e-3);
  CHECK(a[2].boolean());
  CHECK_FALSE(a[3].boolean());
  CHECK(a[4].is_null());
  CHECK(a[5].text() == "x");
  CHECK(v["b"].size() == 0);
  CHECK(v["c"].items().empty());
  CHECK(v.has("c"));
  CHECK_FALSE(v.has("d"));
}

TEST_CASE("numbers come back exactly") {
  for (double x : {0.1, 1.0 / 3, 4.9e-324, 1.7976931348623157e308, -0.0, 123456789.0}) CHECK(parse_json(json(x)).number() == x);
  CHECK(parse_json("18446744073709551615").seed() == 18446744073709551615u);
  CHECK(parse_json("-9223372036854775808").integer() == INT64_MIN);
  CHECK(parse_json("1e2").spelling() == "1e2");
}

TEST_CASE("text comes back as it was written, escapes of all kinds included") {
  std::string text = "quote \" slash / back \\ \xC3\xA4 \xF0\x9F\x98\x80";
  for (char c = 1; c < 32; ++c) text += c;
  CHECK(parse_json(json(text)).text() == text);
  CHECK(parse_json("\"\\u0041\\u00e4\\u20AC\\ud83d\\ude00\\/\\b\\f\"").text() == "A\xC3\xA4\xE2\x82\xAC\xF0\x9F\x98\x80/\b\f");
}

TEST_CASE("damaged JSON is refused with line and column") {
  CHECK(refused("") == ", line 1, column 1: is empty");
  CHECK(refused(" \n ") == ", line 2, column 2: is empty");
  CHECK(refused("\n\n x") == ", line 3, column 2: a value is due: an object, an array, text in quotes, a number, true, false or null");
  CHECK(refused("{\"a\": 1") == ", line 1, column 8: is cut short");
  CHECK(refused("{\n  \"a\": 1,\n}") == ", line 3, column 1: a name in quotes is due");
  CHECK(refused("[1, 2,]") == ", line 1, column 7: a value is due: an object, an array, text in quotes, a number, true, false or null");
  CHECK(refused("[1 2]") == ", line 1, column 4: a comma or ] is due");
  CHECK(refused("{\"a\" 1}") == ", line 1, column 6: a colon is due after the name 'a'");
  CHECK(refused("{\"a\": 1; \"b\": 2}") == ", line 1, column 8: a comma or } is due");
  CHECK(refused("{\"a\": 1,\n \"a\": 2}") == ", line 2, column 2: the name 'a' comes a second time");
  CHECK(refused("1 2") == ", line 1, column 3: more text follows the end of the value");
  CHECK(refused("\"ab\nc\"") == ", line 1, column 4: a line end or control character stands inside of quotes");
  CHECK(refused("\"\\x\"") == ", line 1, column 3: a backslash is followed by what it cannot escape");
  CHECK(refused("\"\\u12g4\"") == ", line 1, column 6: four hexadecimal digits are due after \\u");
  for (const char* half : {"\"\\ud83d\"", "\"\\ude00\"", "\"\\ud83d\\u0041\""})
    CHECK(scratch::mentions(refused(half), "half of a pair of \\u escapes is missing"));
  for (const char* word : {"NaN", "nul", "True", "Infinity", "'a'", "// c", "+1", ".5"})
    CHECK(scratch::mentions(refused(word), "column 1: a value is due"));
  for (const char* number : {"-", "1.", "1.e5", "1e", "1e+", "-a"})
    CHECK((scratch::mentions(refused(number), ": a digit is due") || scratch::mentions(refused(number), ": is cut short")));
  CHECK(scratch::mentions(refused("01"), "more text follows"));
  CHECK(refused(std::string(200, '[')) == ", line 1, column 102: arrays and objects are more than 100 deep");
  CHECK(scratch::mentions(refused("\xEF\xBB\xBF{}"), "a byte-order mark"));
}

TEST_CASE("a value of the wrong kind is refused where it stands") {
  const std::string text = "{\"a\": [1],\n \"b\": 1.5, \"c\": 1e999}";
  CHECK(misused(text, [](const JsonValue& v) { v["a"].number(); }) == ", line 1, column 7: is an array where a number is due");
  CHECK(misused(text, [](const JsonValue& v) { v["b"].text(); }) == ", line 2, column 7: is a number where text is due");
  CHECK(misused(text, [](const JsonValue& v) { v["b"].integer(); }) == ", line 2, column 7: 1.5 is no whole number of 64 bits");
  CHECK(misused(text, [](const JsonValue& v) { v["c"].number(); }) == ", line 2, column 17: 1e999 is too large for a double");
  CHECK(misused(text, [](const JsonValue& v) { v["a"][1].number(); }) ==
        ", line 1, column 7: has 1 elements, number 1 (from 0) is asked for");
  CHECK(misused(text, [](const JsonValue& v) { v["d"].number(); }) == ", line 1, column 1: 'd' is missing");
}

TEST_CASE("a file") {
  scratch::Folder folder;
  const std::string path = scratch::put(folder / "a.json", "{\"n\": 3}\n"), none = folder / "none.json";
  CHECK(read_json(path)["n"].integer() == 3);
  CHECK(scratch::file_error_of(path, [&] { read_json(path)["n"].text(); }) == ", line 1, column 7: is a number where text is due");
  CHECK(scratch::file_error_of(none, [&] { read_json(none); }) == ": cannot be read: No such file or directory");
}

}  // namespace json_tests
