// SPDX-License-Identifier: MIT
#include <tacit/data/triplets.hpp>

#include "catch.hpp"
#include "scratch.hpp"

using namespace tacit;

namespace triplets_tests {

namespace {

using Names = std::vector<std::string>;

MatrixFile parsed(const std::string& text, const TripletOptions& options = {}) {
  scratch::Folder folder;
  return read_triplets(scratch::put(folder / "r.txt", text), options);
}
std::string refused(const std::string& text, const TripletOptions& options = {}) {
  scratch::Folder folder;
  const std::string path = scratch::put(folder / "r.txt", text);
  return scratch::file_error_of(path, [&] { read_triplets(path, options); });
}
/// "row column value" of every observation, labels where there are some.
std::string listed(const MatrixFile& file) {
  std::string text;
  for (Index k = 0; k < file.data.count(); ++k) {
    const Entry at = file.data.where[k];
    const auto i = static_cast<std::size_t>(at.row), j = static_cast<std::size_t>(at.col);
    text += (file.row_labels.empty() ? std::to_string(at.row) : file.row_labels[i]) + " " +
            (file.col_labels.empty() ? std::to_string(at.col) : file.col_labels[j]) + " " + sentence(file.data.y[k]) + "\n";
  }
  return text;
}

}  // namespace

TEST_CASE("u.data: tabs, no header, a time that is passed over") {
  const MatrixFile file = parsed("196\t242\t3\t881250949\n22\t377\t1\t878887116\n196\t51\t2\t880606923\n");
  CHECK(file.row_labels == Names{"22", "196"});  // sorted as numbers
  CHECK(file.col_labels == Names{"51", "242", "377"});
  CHECK(listed(file) == "22 377 1\n196 51 2\n196 242 3\n");
  CHECK(file.format == "ratings, tab-separated, no header, user = column 1, item = column 2, rating = column 3, column 4 left out");
}

TEST_CASE("ratings.csv: commas and a header") {
  const MatrixFile file = parsed("userId,movieId,rating,timestamp\r\n1,31,2.5,1260759144\r\n1,1029,3.0,1260759179\r\n7,31,4,851866703\r\n");
  CHECK(listed(file) == "1 31 2.5\n1 1029 3\n7 31 4\n");
  CHECK(file.format == "ratings, comma-separated, header, user = 'userId', item = 'movieId', rating = 'rating', 'timestamp' left out");
}

TEST_CASE("ratings.dat, semicolons, blanks, three columns, a byte-order mark and no final newline") {
  const std::string text = GENERATE(std::string("5::9::1.5::978300760\n2::9::-3::1\n"), std::string("5;9;1.5\n2;9;-3\n"),
                                    std::string("5 9  1.5\n2\t9 -3\n"), std::string("5,9,1.5\n2,9,-3"),
                                    std::string("\xEF\xBB\xBF"
                                                "5,9,1.5\n2,9,-3\n"),
                                    std::string("5, 9, 1.5\r\n2, 9, -3\r\n\r\n"));
  const char separator = text.find(" 9  ") != std::string::npos ? ' ' : '\0';
  CHECK(listed(parsed(text, {.separator = separator})) == "2 9 -3\n5 9 1.5\n");
}

TEST_CASE("ids may be text, sorted as text, and stay what they are") {
  const MatrixFile file = parsed("bob,\"The, \"\"One\"\"\",3\nalice,x,2\nalice,10,1\n");
  CHECK(file.row_labels == Names{"alice", "bob"});
  CHECK(file.col_labels == Names{"10", "The, \"One\"", "x"});
  CHECK(listed(file) == "alice 10 1\nalice x 2\nbob The, \"One\" 3\n");
  CHECK(parsed("7,1,3\n007,1,2\n").row_labels == Names{"007", "7"});                        // two ids, not one
  CHECK(parsed("1,1,3\n2,1,2\n3,z,2\n10,q,1\n").row_labels == Names{"1", "2", "3", "10"});  // one column of text leaves the other numeric
}

TEST_CASE("ids may be indices") {
  const MatrixFile zero = parsed("0,3,1\n2,0,5\n", {.ids = Ids::zero_based});
  CHECK(zero.data.where.rows() == 3);
  CHECK(zero.data.where.cols() == 4);
  CHECK(zero.row_labels.empty());
  CHECK(listed(zero) == "0 3 1\n2 0 5\n");
  const MatrixFile one = parsed("1,3,1\n3,1,5\n", {.ids = Ids::one_based, .rows = 10, .cols = 3});
  CHECK(one.data.where.rows() == 10);
  CHECK(one.data.where.cols() == 3);
  CHECK(listed(one) == "0 2 1\n2 0 5\n");
}

TEST_CASE("integers that turn out to be text, negative, large and small ids keep their spelling and order") {
  CHECK(parsed("5,1,3\n-2,1,2\n86777216,1,2\n9007199254740993,1,2\n70000000,1,1\n0,1,5\n").row_labels ==
        Names{"-2", "0", "5", "70000000", "86777216", "9007199254740993"});
  const MatrixFile text = parsed("5,1,3\n70000000,1,1\n5,2,1\nx,1,2\n5,3,4\n");
  CHECK(text.row_labels == Names{"5", "70000000", "x"});
  CHECK(listed(text) == "5 1 3\n5 2 1\n5 3 4\n70000000 1 1\nx 1 2\n");
}

TEST_CASE("decimal commas between semicolons") {
  const MatrixFile file = parsed("user;item;rating\n1;2;3,5\n1;1;4\n");
  CHECK(listed(file) == "1 1 4\n1 2 3.5\n");
  CHECK(file.format == "ratings, semicolon-separated, decimal comma, header, user = 'user', item = 'item', rating = 'rating'");
}

TEST_CASE("a large file") {
  std::string text = "user,item,rating\n";
  for (int k = 0; k < 100000; ++k)
    text += std::to_string(k % 943 + 1) + "," + std::to_string(k / 943 * 15 % 1682 + 1) + "," + std::to_string(k % 5 + 1) + "\n";
  const MatrixFile file = parsed(text);
  CHECK(file.data.count() == 100000);
  CHECK(file.data.where.rows() == 943);
  CHECK(file.data.y.mean() == 3);
}

TEST_CASE("triplets that cannot be read are named with line, column and reason") {
  const std::string twice = "; --duplicates last or mean takes one rating of each pair (.duplicates in a program)";
  CHECK(refused("") == ": is empty");
  CHECK(refused("user,item,rating\n") == ": holds a header line and no rating");
  CHECK(refused("1,2\n") == ", line 1: has 2 columns, triplets need three: row, column, value");
  CHECK(refused("12\n") == ", line 1: has 1 column, triplets need three: row, column, value");
  CHECK(refused("1,2,3\n1,3\n") == ", line 2: has 2 columns, line 1 has 3");
  CHECK(refused("a,b,c\n1,2,3\n1,3,4,5\n") ==
        ", line 3: has 4 columns, line 1 has 3; it looks like decimal commas in a comma-separated file: divide its cells by semicolons, or "
        "write "
        "decimal points");
  CHECK(refused("a,b,c\n1,2,3\n1,3,4,x\n") == ", line 3: has 4 columns, line 1 has 3");
  CHECK(refused("1,2,3\n1,4,five\n") == ", line 2, column 3: 'five' is not a number");
  CHECK(refused("1,2,\n1,4,NA\n") == ": holds no rating: all 2 are missing");
  CHECK(refused("user,item,rating\n1,2,3\nuser,item,rating\n") == ", line 3: the header of line 1 comes a second time");
  CHECK(refused("1,2,3\n1,,4\n") == ", line 2, column 2: an id is missing");
  CHECK(refused("1,2,3\n1,4,inf\n") == ", line 2, column 3: 'inf' is infinite");
  CHECK(refused("u\ti\tr\n1\t2\t3\n5\t2\t3\n1\t2\t4\n") == ", line 4: row 1, column 2 comes a second time, first on line 2" + twice);
  CHECK(refused("a,b,1\nc,d,2\na,b,1\n") == ", line 3: row a, column b comes a second time, first on line 1" + twice);
  CHECK(refused("7,9,1\n1,2,3\n5,8,3\n1,2,4\n") ==
        ", line 4: row 1, column 2 comes a second time, first on line 2" + twice);  // not the first that is out of order
  CHECK(refused("1,2,3\n1,2,4\n") == ", line 2: row 1, column 2 comes a second time, first on line 1" + twice);
  CHECK(refused("3,1,3\n1,2,4\n3,1,2\n", {.ids = Ids::one_based}) ==
        ", line 3: row 3, column 1 comes a second time, first on line 1" + twice);
  CHECK(refused("1;2;3,5\n1;3;2.5\n") == ", line 2, column 3: '2.5' has a decimal point, line 1, column 3 has a decimal comma");
  CHECK(refused("0,1,3\n", {.ids = Ids::one_based}) ==
        ", line 1, column 1: index 0 is out of range, it needs to lie in 1 ... 2147483647 (indices begin at 1)");
  CHECK(refused("h,h,h\n1,1,3\n3,1,3\n", {.ids = Ids::zero_based, .rows = 3, .cols = 5}) ==
        ", line 3, column 1: index 3 is out of range, it needs to lie in 0 ... 2 (indices begin at 0)");
  CHECK(refused("1,1,3\n3,6,3\n", {.ids = Ids::one_based, .rows = 3, .cols = 5}) ==
        ", line 2, column 2: index 6 is out of range, it needs to lie in 1 ... 5 (indices begin at 1)");
  CHECK(refused("1,1,3\n-3,6,3\n", {.ids = Ids::zero_based}) ==
        ", line 2, column 1: index -3 is out of range, it needs to lie in 0 ... 2147483646 (indices begin at 0)");
  CHECK(refused("1,1,3\n2,x,3\n", {.ids = Ids::zero_based}) == ", line 2, column 2: 'x' is not an index");
  CHECK(refused("user,item,rating\n1,2,3\n", {.header = Labels::absent}) == ", line 1, column 3: 'rating' is not a number");
  CHECK_THROWS_AS(parsed("1,2,3\n", {.rows = 5}), std::invalid_argument);
}

TEST_CASE("names decide which column is which, in any order and among others") {
  const std::string expected = "1 7 2\n5 7 3\n5 9 4\n";
  for (const char* text : {"itemID,rating,userID\n7,3,5\n9,4,5\n7,2,1\n", "user,timestamp,item,rating\n5,11,7,3\n5,12,9,4\n1,13,7,2\n",
                           "\"Rating\";\"ISBN\";\"User-ID\";\"Publisher\"\n3;7;5;x\n4;9;5;y\n2;7;1;x\n",
                           "timestamp:float\trating:float\titem_id:token\tuser_id:token\n1\t3\t7\t5\n1\t4\t9\t5\n1\t2\t7\t1\n",
                           ",user,item,stars\n0,5,7,3\n1,5,9,4\n2,1,7,2\n",
                           "reviewText,overall,asin,reviewerID,unixReviewTime\nfine,3,7,5,1\nfine,4,9,5,1\nbad,2,7,1,1\n"}) {
    CAPTURE(text);
    CHECK(listed(parsed(text)) == expected);
  }
  const MatrixFile file = parsed("user,timestamp,item,rating\n5,11,7,3\n5,12,9,4\n");
  CHECK(file.format == "ratings, comma-separated, header, user = 'user', item = 'item', rating = 'rating', 'timestamp' left out");
  CHECK(file.row_name == "user");
  CHECK(file.col_name == "item");
}

TEST_CASE("a better name goes before another that names the same; two equally good ones are refused") {
  const MatrixFile file = parsed("user name,user_id,movie title,movie_id,rating\nann,1,Up,5,3\nbob,2,Up,5,4\n");
  CHECK(listed(file) == "1 5 3\n2 5 4\n");
  CHECK(refused("store_id,customer_id,product_id,qty\n1,2,3,4\n") ==
        ", line 1: the columns 'store_id' and 'customer_id' both name users (rows); say which by --columns USER,ITEM,RATING (.columns in a "
        "program)");
  CHECK(listed(parsed("store_id,customer_id,product_id,qty\n1,2,3,4\n", {.columns = {"customer_id", "product_id", "qty"}})) == "2 3 4\n");
}

TEST_CASE("columns can be said by name or number") {
  CHECK(listed(parsed("when,who,what,much\n9,ann,3,4\n8,bob,5,6\n", {.columns = {"who", "what", "much"}})) == "ann 3 4\nbob 5 6\n");
  CHECK(listed(parsed("4,ann,3\n6,bob,5\n", {.columns = {"2", "3", "1"}})) == "ann 3 4\nbob 5 6\n");
  CHECK(listed(parsed("much,who,what\n4,ann,3\n6,bob,5\n", {.columns = {"2", "3", "1"}})) == "ann 3 4\nbob 5 6\n");
  CHECK(refused("a,b,c\n1,2,3\n", {.columns = {"a", "b", "d"}}) ==
        ", line 1: there is no column 'd'; this line has 'a', 'b', 'c', and numbers go from 1 to 3");
  CHECK(refused("1,2,3\n", {.columns = {"1", "2", "4"}}) ==
        ", line 1: there is no column '4'; this line has '1', '2', '3', and numbers go from 1 to 3");
  CHECK_THROWS_AS(parsed("a,b,c\n1,2,3\n", {.columns = {"a", "b", "b"}}), std::invalid_argument);
  CHECK_THROWS_AS(parsed("a,b,c\n1,2,3\n", {.columns = {"a", "b"}}), std::invalid_argument);
}

TEST_CASE("an id with a leading zero, or with an X at its end, makes its column text") {
  CHECK(parsed("user,isbn,rating\n1,0828825831,3\n2,828825831,4\n").col_labels == Names{"0828825831", "828825831"});
  CHECK(parsed("user,isbn,rating\n1,0828825831,3\n2,082882583X,4\n").col_labels == Names{"0828825831", "082882583X"});
  CHECK(parsed("store_zip,sku,units\n01001,000101,3\n2001,101,4\n").row_labels == Names{"01001", "2001"});
}

TEST_CASE("lines of ratings given again are those of the file, also behind empty lines and quoted line breaks") {
  CHECK(scratch::mentions(refused("user,item,rating\n1,\"a\nb\",3\n2,c,4\n2,c,5\n"),
                          ", line 5: row 2, column c comes a second time, first on line 4"));
  CHECK(scratch::mentions(refused("user,item,rating\n1,2,3\n\n\n2,3,4\n1,2,5\n"),
                          ", line 6: row 1, column 2 comes a second time, first on line 2"));
  CHECK(scratch::mentions(refused("# of a site\n1,2,3\n2,3,4\n1,2,5\n"), ", line 4: row 1, column 2 comes a second time, first on line 2"));
}

TEST_CASE("ratings given again are taken as asked") {
  const std::string text = "user,item,rating\n1,2,3\n5,2,1\n1,2,4\n1,3,7\n1,2,8\n";
  const MatrixFile last = parsed(text, {.duplicates = Duplicates::last}), mean = parsed(text, {.duplicates = Duplicates::mean});
  CHECK(listed(last) == "1 2 8\n1 3 7\n5 2 1\n");
  CHECK(listed(mean) == "1 2 5\n1 3 7\n5 2 1\n");
  CHECK(scratch::mentions(last.format, ", 2 ratings given again: the last one counts"));
  CHECK(scratch::mentions(mean.format, ", 2 ratings given again: their mean counts"));
  CHECK(listed(parsed("1,1,2\n1,1,4\n", {.ids = Ids::one_based, .duplicates = Duplicates::mean})) == "0 0 3\n");
  CHECK(listed(parsed("1,2,3\n4,2,5\n", {.duplicates = Duplicates::last})) == "1 2 3\n4 2 5\n");
}

TEST_CASE("a line without a rating asks for a prediction") {
  const MatrixFile file = parsed("user,item,rating\n1,2,\n5,2,1\n1,3,NA\n7,9,nan\n1,4,5\n");
  CHECK(listed(file) == "1 4 5\n5 2 1\n");
  CHECK(file.row_labels == Names{"1", "5", "7"});
  CHECK(file.col_labels == Names{"2", "3", "4", "9"});
  CHECK(file.asked == std::vector<Entry>{{0, 0}, {0, 1}, {2, 3}});
  CHECK(scratch::mentions(file.format, ", 3 pairs without a rating, to be predicted"));
  // a rating beats none, whichever comes first
  CHECK(listed(parsed("1,2,\n1,2,3\n1,4,\n1,4,\n1,5,6\n1,5,\n", {.duplicates = Duplicates::last})) == "1 2 3\n1 5 6\n");
  CHECK(parsed("1,2,\n1,2,3\n1,4,\n1,4,\n1,5,6\n1,5,\n", {.duplicates = Duplicates::mean}).asked == std::vector<Entry>{{0, 1}});
}

TEST_CASE("a first line that names the separator, and pipes, as in tables") {
  CHECK(listed(parsed("sep=;\nuser;item;rating\n1;2;3\n4;2;5\n")) == "1 2 3\n4 2 5\n");
  CHECK(listed(parsed("user|item|rating\n1|2|3\n4|2|5\n")) == "1 2 3\n4 2 5\n");
}

TEST_CASE("ratings may be missing in further spellings") {
  const MatrixFile file = parsed("user,item,rating\n1,2,-1\n4,2,5\n1,3,n.d.\n7,2,-1.0\n", {.missing = {"-1", "n.d."}});
  CHECK(listed(file) == "4 2 5\n");
  CHECK(file.asked.size() == 3);
  CHECK(listed(parsed("user;item;rating\n1;2;1,5\n4;2;5\n", {.decimal = ','})) == "1 2 1.5\n4 2 5\n");
}

}  // namespace triplets_tests
