// SPDX-License-Identifier: MIT
#include <tacit/data/table.hpp>
#include <tacit/io/read_decimal.hpp>

#include <clocale>
#include <cstdlib>
#include <cstring>
#include <filesystem>
#include <random>

#include "catch.hpp"
#include "scratch.hpp"

using namespace tacit;

namespace read_decimal_tests {

namespace {

/// A locale of the C++ library with decimal commas and points between thousands, which every machine has.
struct Commas : std::numpunct<char> {
  char do_decimal_point() const override { return ','; }
  char do_thousands_sep() const override { return '.'; }
  std::string do_grouping() const override { return "\3"; }
};
/// Decimal commas everywhere as long as it lives: in streams, and in C where the machine has such a locale.
class CommaLocale {
 public:
  CommaLocale() : before_(std::locale::global(std::locale(std::locale::classic(), new Commas))) {
    for (const char* name : {"de_DE.UTF-8", "de_DE.utf8", "de_DE", "fr_FR.UTF-8", "fr_FR.utf8", "nl_NL.UTF-8", "it_IT.UTF-8"})
      if (std::setlocale(LC_NUMERIC, name)) return;
  }
  CommaLocale(const CommaLocale&) = delete;
  CommaLocale& operator=(const CommaLocale&) = delete;
  ~CommaLocale() {
    std::locale::global(before_);
    std::setlocale(LC_NUMERIC, "C");
  }

 private:
  std::locale before_;
};

const char* const numbers[] = {"0",
                               "-0",
                               "1",
                               "1.5",
                               "-12.25",
                               ".5",
                               "5.",
                               "0.1",
                               "123456789012345",
                               "1234567890123456789",
                               "1e3",
                               "1.5e-3",
                               "2E+5",
                               "9007199254740993",
                               "1e-400",
                               "1.5e-400",
                               "4.9e-324",
                               "2.2250738585072011e-308",
                               "1.7976931348623157e308",
                               "0.1000000000000000055511151231257827",
                               "3.14159265358979"};

}  // namespace

TEST_CASE("decimal numbers are read as strtod reads them in the C locale, by all ways") {
  for (const char* text : numbers) {
    CAPTURE(text);
    double value = -7, by_stream = -7, brief = -7;
    const double expected = std::strtod(text, nullptr);
    REQUIRE(detail::read_decimal(text, value));
    CHECK(value == expected);
    REQUIRE(detail::is_decimal(text));
    REQUIRE(detail::read_by_stream(text, by_stream));
    CHECK(by_stream == expected);
    if (detail::read_short(text, brief)) CHECK(brief == expected);
  }
  std::mt19937 draw(3);
  for (int k = 0; k < 2000; ++k) {
    const std::string text = std::to_string(draw() % 100000) + "." + std::to_string(draw()).substr(0, draw() % 9);
    double value = -7, brief = -7;
    REQUIRE(detail::read_decimal(text, value));
    REQUIRE(detail::read_short(text, brief));
    CHECK(std::memcmp(&value, &brief, sizeof value) == 0);
  }
  double large = 0;
  CHECK(detail::read_decimal("1e999", large));
  CHECK(std::isinf(large));
  CHECK(detail::read_decimal("-1.5e999", large));
  CHECK(large == -std::numeric_limits<double>::infinity());
}

TEST_CASE("what is no decimal number is not read") {
  for (const char* text : {"", "-", ".", "1,5", "1.5.", "0x10", "1e", "1e+", "e5", "1 ", " 1", "--1", "nan", "inf", "1.5x", "1e5.5"}) {
    CAPTURE(text);
    double value = 0;
    CHECK_FALSE(detail::read_decimal(text, value));
    CHECK_FALSE(detail::is_decimal(text));
    CHECK_FALSE(detail::read_short(text, value));
  }
}

TEST_CASE("files are read and written alike under a locale with decimal commas") {
  const CommaLocale commas;
  for (const char* text : numbers) {
    CAPTURE(text);
    double value = -7, by_stream = -7;
    CHECK(detail::parse_number(text, value) == detail::Number::fine);
    CHECK(detail::read_by_stream(text, by_stream));
    CHECK(value == by_stream);
  }
  scratch::Folder folder;
  const TableFile table = read_table(scratch::put(folder / "t.csv", "a,b,c\n1.5,,1234567.25\n1.5e-400,2.5,1000.5\n"));
  CHECK(table.data.y == (Vector<double>(5) << 1.5, 1234567.25, 0, 2.5, 1000.5).finished());
  write_completed(folder / "c.csv", table, Matrix<double>::Constant(2, 3, 1234.5), {.digits = 5});
  CHECK(scratch::get(folder / "c.csv") == "a,b,c\n1.5,1234.5,1234567.25\n1.5e-400,2.5,1000.5\n");
  CHECK(detail::plain_number(1234567.5, 2) == "1200000");
  CHECK(sentence(1234.5) == "1234.5");
}

#ifdef TACIT_TESTS
TEST_CASE("nothing in the library reads numbers by functions that ask the locale") {
  for (const auto& entry : scratch::fs::recursive_directory_iterator(std::string(TACIT_TESTS) + "/../include/tacit")) {
    if (entry.path().extension() != ".hpp") continue;
    CAPTURE(entry.path().string());
    const std::string text = scratch::get(entry.path().string());
    for (const char* call : {"strtod(", "strtof(", "stod(", "stof(", "atof(", "sscanf(", "snprintf("})
      CHECK(text.find(call) == std::string::npos);
  }
}
#endif

}  // namespace read_decimal_tests
