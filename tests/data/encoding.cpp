// SPDX-License-Identifier: MIT
#include <tacit/io/encoding.hpp>

#include "catch.hpp"
#include "tables.hpp"

using namespace tacit;
using tables::read;

namespace encoding_tests {

TEST_CASE("every byte has its own character in Latin-1, and comes back") {
  std::string bytes;
  for (int k = 0; k < 256; ++k) bytes += static_cast<char>(k);
  const std::string text = detail::utf8_of_latin1(bytes);
  CHECK(detail::first_not_utf8(text) == std::string::npos);
  CHECK(detail::latin1_of_utf8(text) == bytes);
  CHECK(detail::utf8_of_latin1("M\xFCller \x80") == "M\xC3\xBCller \xE2\x82\xAC");
}

TEST_CASE("what is no UTF-8 is seen, wherever it stands") {
  for (const char* bad : {"\xFC", "\xC3", "\xC0\x80", "\xE0\x80\x80", "\xED\xA0\x80", "\xF5\x80\x80\x80", "\x80", "\xE2\x82"}) {
    const std::string before =
        GENERATE(std::string(), std::string("1234567"), std::string("123456789012345678901"), std::string("\xC3\xBC"));
    CHECK(detail::first_not_utf8(before + bad) == before.size());
    CHECK(detail::first_not_utf8(before + bad + "a") == before.size());
  }
  for (const char* good : {"", "a", "\xC3\xBC", "\xE2\x82\xAC", "\xF0\x9F\x98\x80", "\xF4\x8F\xBF\xBF"})
    CHECK(detail::first_not_utf8(std::string("12345678") + good) == std::string::npos);
}

TEST_CASE("labels of a Latin-1 table are UTF-8, and the table is written back in its own bytes") {
  const std::string text =
      "name,gr\xF6\xDF"
      "e,b\nM\xFCller,1,\nJos\xE9,,4\n";
  const TableFile table = read(text);
  CHECK(table.row_labels == tables::Names{"M\xC3\xBCller", "Jos\xC3\xA9"});
  CHECK(table.col_labels == tables::Names{"gr\xC3\xB6\xC3\x9F"
                                          "e",
                                          "b"});
  CHECK(table.format == "table, comma-separated, Latin-1, header, first column = labels, missing spelled empty");
  CHECK(tables::completed(text, 2.5) ==
        "name,gr\xF6\xDF"
        "e,b\nM\xFCller,1,2.5\nJos\xE9,2.5,4\n");
}

TEST_CASE("Windows-1252, Latin-1 in a quoted cell, and in a file with a byte-order mark") {
  CHECK(read("price in \x80;a;b\n\x84x\x93;1,5;\ny;;2,5\n").row_labels == tables::Names{"\xE2\x80\x9Ex\xE2\x80\x9C", "y"});
  const std::string quoted =
      "\"Stra\xDF"
      "e, Nr.\",a,b\r\n\"K\xF6ln, Dom\",,2\r\nBonn,3,4";
  CHECK(read(quoted).row_labels == tables::Names{"K\xC3\xB6ln, Dom", "Bonn"});
  CHECK(tables::completed(quoted, 7) ==
        "\"Stra\xDF"
        "e, Nr.\",a,b\r\n\"K\xF6ln, Dom\",7,2\r\nBonn,3,4");
  const std::string marked = "\xEF\xBB\xBFn,a,b\n\xE9,1,\nx,,2\n";
  CHECK(read(marked).col_labels == tables::Names{"a", "b"});
  CHECK(tables::completed(marked, 3) == "\xEF\xBB\xBFn,a,b\n\xE9,1,3\nx,3,2\n");
}

TEST_CASE("UTF-8 stays UTF-8, and the encoding can be said") {
  const std::string text = "name,a,b\nM\xC3\xBCller,1,\nx,,2\n";
  CHECK(read(text).row_labels[0] == "M\xC3\xBCller");
  CHECK_FALSE(tables::says(read(text), "Latin-1"));
  CHECK(tables::completed(text, 3) == "name,a,b\nM\xC3\xBCller,1,3\nx,3,2\n");
  CHECK(read(text, {.encoding = Encoding::latin1}).row_labels[0] == "M\xC3\x83\xC2\xBCller");
  CHECK(tables::refused("name,a,b\nx,1,\nM\xFCller,,2\n", {.encoding = Encoding::utf8}) ==
        ", line 3: holds bytes that are not UTF-8; --encoding latin-1 reads them");
}

TEST_CASE("files that are no text are refused with what to do") {
  CHECK(tables::refused(std::string("\xFF\xFE"
                                    "1\0",
                                    4)) == ": is UTF-16; save it as UTF-8 or plain ASCII");
  CHECK(scratch::mentions(tables::refused("PAR1abc"), ": is Parquet, which is not read; save it as CSV"));
  CHECK(scratch::mentions(tables::refused(std::string("PK\x03\x04", 4) + "[Content_Types].xml"), ": is an Excel workbook (.xlsx)"));
  CHECK(scratch::mentions(tables::refused(std::string("\x89HDF\r\n\x1A\n")), ": is HDF5"));
}

}  // namespace encoding_tests
