// SPDX-License-Identifier: MIT
#include <tacit/data/pairs.hpp>

#include "catch.hpp"
#include "scratch.hpp"

using namespace tacit;

namespace pairs_tests {

namespace {

using Names = std::vector<std::string>;
const Names users{"3", "4", "39"}, items{"5", "6", "59"};

PairsFile asked(const std::string& text, const PairsOptions& options = {.row_name = "userId", .col_name = "movieId"},
                const Names& rows = users, const Names& cols = items) {
  scratch::Folder folder;
  const LabelIndex by_row(rows, static_cast<Index>(rows.size())), by_col(cols, static_cast<Index>(cols.size()));
  return read_pairs(scratch::put(folder / "p.csv", text), by_row, by_col, options);
}
/// "i j" of every line, - for what is not known.
std::string places(const PairsFile& file) {
  std::string text;
  const auto number = [](Index k) { return k < 0 ? std::string("-") : std::to_string(k); };
  for (const AskedPair& pair : file.pairs) text += number(pair.i) + " " + number(pair.j) + "\n";
  return text;
}

}  // namespace

TEST_CASE("a header that names both is obeyed whatever the order") {
  for (const char* text : {"user,item\n3,5\n4,6\n", "item,user\n5,3\n6,4\n", ",user,item\n0,3,5\n1,4,6\n", "movieId,userId\n5,3\n6,4\n",
                           "Movie;Title;User\n5;a;3\n6;b;4\n", "USERID,timestamp,MOVIEID\n3,1,5\n4,2,6\n", "row,column\n3,5\n4,6\n",
                           "Unnamed: 0\titem_id:token\tuser_id:token\n0\t5\t3\n1\t6\t4\n"}) {
    CAPTURE(text);
    CHECK(places(asked(text)) == "0 0\n1 1\n");
  }
  // the names of training go before what is known: here the first column is the item
  CHECK(places(asked("user,product\n5,3\n", {.row_name = "product", .col_name = "user"})) == "0 0\n");
  CHECK(places(asked("wer,was\n3,5\n", {.row_name = "wer", .col_name = "was"})) == "0 0\n");
  CHECK(places(asked("was,wer\n5,3\n", {.row_name = "wer", .col_name = "was"})) == "0 0\n");
  CHECK(places(asked("thing,user\n5,3\n")) == "0 0\n");  // one name, and one column left
}

TEST_CASE("without a header the first line is a pair, known or not") {
  CHECK(places(asked("777,888\n3,5\n4,6\n")) == "- -\n0 0\n1 1\n");
  CHECK(places(asked("nobody,nothing\nann,x\n", {}, {"ann", "bob"}, {"x", "y"})) == "- -\n0 0\n");
  CHECK(places(asked("user,item\n", {}, {"user", "bob"}, {"item", "y"})) == "0 0\n");  // known ids are no header
  const PairsFile file = asked("777,888\n3,5\n3,888\n");
  CHECK(file.unknown == 2);
  CHECK(file.pairs[2].line == 3);
  CHECK(file.format == "pairs, comma-separated, no header, row = column 1, column = column 2");
  CHECK(places(asked("who knows,what\n3,5\n")) == "0 0\n");  // words where all ids are numbers
  CHECK(places(asked("3,5\n", {.header = Labels::absent})) == "0 0\n");
  CHECK(places(asked("1,2\n3,5\n", {.header = Labels::present})) == "0 0\n");
}

TEST_CASE("ids that are written otherwise are told with the one that is known") {
  const LabelIndex rows(users, 3), cols(items, 3);
  const PairsFile file = asked("user,item\n3.0,5.0\n4,006\n7,5\n");
  CHECK(file.unknown == 3);
  CHECK(unknown_in_words(file.pairs[0], rows, cols) ==
        "line 2: row '3.0' is not known ('3' is: ids are compared as they are written), column '5.0' is not known ('5' is: ids are "
        "compared as they are written)");
  CHECK(unknown_in_words(file.pairs[1], rows, cols) == "line 3: column '006' is not known ('6' is: ids are compared as they are written)");
  CHECK(unknown_in_words(file.pairs[2], rows, cols) == "line 4: row '7' is not known");
}

TEST_CASE("rows and columns without labels are numbers from 0") {
  const Names none;
  const LabelIndex rows(none, 4), cols(none, 2);
  scratch::Folder folder;
  CHECK(places(read_pairs(scratch::put(folder / "p.csv", "3,1\n4,0\n0,2\n"), rows, cols)) == "3 1\n- 0\n0 -\n");
}

TEST_CASE("pairs that cannot be read are refused with line and reason") {
  const auto refused = [](const std::string& text) {
    scratch::Folder folder;
    const std::string path = scratch::put(folder / "p.csv", text);
    const LabelIndex rows(users, 3), cols(items, 3);
    return scratch::file_error_of(path, [&] { read_pairs(path, rows, cols); });
  };
  CHECK(refused("3\n") == ", line 1: has one column, pairs need two: row, column");
  CHECK(refused("3,5\n4\n") == ", line 2: has 1 column, line 1 has 2");
  CHECK(refused("user,item\n") == ": holds a header line and no pair");
  CHECK(
      refused("user,size,colour\n3,1,2\n") ==
      ", line 1: its header names the row ids ('user') and not the column ids: call them 'item', or say --header no where it is no header");
}

}  // namespace pairs_tests
