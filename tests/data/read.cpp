// SPDX-License-Identifier: MIT
#include <tacit/data/read.hpp>
#include <tacit/io/csv_writer.hpp>
#include <tacit/io/npy_writer.hpp>

#include <random>

#include "catch.hpp"
#include "scratch.hpp"

using namespace tacit;

namespace read_tests {

namespace {

std::string format_of(const std::string& name, const std::string& text, const ReadOptions& options = {}) {
  scratch::Folder folder;
  return read_observed(scratch::put(folder / name, text), options).format;
}
bool begins(const std::string& text, const std::string& with) { return text.rfind(with, 0) == 0; }

/// Lines of whole numbers below a first line, each column drawn from its range; a share of the last is missing.
std::string numbers_below(const std::string& top, const std::vector<std::pair<int, int>>& ranges, int lines, double missing = 0) {
  std::mt19937 draw(7);
  const auto uniform = [&](int below) { return static_cast<int>(draw() % static_cast<unsigned>(below)); };
  std::string text = top;
  for (int k = 0; k < lines; ++k)
    for (std::size_t c = 0; c < ranges.size(); ++c) {
      const bool last = c + 1 == ranges.size(), gap = last && uniform(1000) < 1000 * missing;
      if (!gap) text += std::to_string(ranges[c].first + uniform(ranges[c].second - ranges[c].first));
      text += last ? "\n" : ",";
    }
  return text;
}
/// 60 users, of 40 items each gives a dozen of ratings, in an order of columns: u, i, r or t.
std::string ratings_below(const std::string& top, const std::string& order, const std::string& user = "", const std::string& item = "",
                          char separator = ',') {
  std::string text = top;
  for (int u = 0; u < 60; ++u)
    for (int i = u % 3; i < 40; i += 3) {
      std::string line;
      for (char c : order)
        line += (line.empty() ? "" : std::string(1, separator)) + (c == 'u'   ? user + std::to_string(u)
                                                                   : c == 'i' ? item + std::to_string(i)
                                                                   : c == 'r' ? std::to_string((u * i) % 5 + 1)
                                                                              : std::to_string(1600000000 + 60 * u + i));
      text += line + "\n";
    }
  return text;
}
}  // namespace

TEST_CASE("the kind of a file is found from what it holds") {
  CHECK(begins(format_of("u.data", "196\t242\t3\t881250949\n22\t377\t1\t878887116\n"), "ratings, tab-separated, no header"));
  CHECK(begins(format_of("ratings.csv", "userId,movieId,rating,timestamp\n1,31,2.5,1\n1,1029,3,1\n"), "ratings, comma-separated, header"));
  CHECK(begins(format_of("ratings.dat", "1::31::2.5::1\n1::1029::3::1\n"), "ratings, ::-separated, no header"));
  CHECK(begins(format_of("names.csv", "alice,matrix,3\nbob,matrix,4\n"), "ratings, comma-separated, no header"));
  const std::string plain = "table, comma-separated, no header, no row labels";
  CHECK(format_of("m.csv", "1,2\n3,4\n") == plain);
  CHECK(format_of("m.csv", "1,2,3,4,5\n1,2,3,4,6\n") == plain);
  CHECK(format_of("m.csv", "1.5,2,3\n4,5,6\n") == plain);
  CHECK(format_of("m.csv", "1,2,3\n1,2,4\n") == plain);  // a pair twice
  CHECK(format_of("m.csv", "1,2,\n3,4,5\n") == plain + ", missing spelled empty");
  CHECK(format_of("m.csv", "1;2,5;3\n4;1,5;7\n") == "table, semicolon-separated, no header, no row labels, decimal comma");
  CHECK(format_of("m.csv", ",0,1\n0,3,4\n1,4,5\n") == "table, comma-separated, header, first column = labels");
  CHECK(format_of("m.csv", "plate,a,b\nx,3,4\ny,4,5\n") == "table, comma-separated, header, first column = labels");
  CHECK(begins(format_of("r.csv", "1;7;3,5\n4;2;7\n"), "ratings, semicolon-separated, decimal comma, no header"));
  CHECK(begins(format_of("r.csv", "who,what,stars\nann,3,4\nann,4,5\nbob,4,1\nbob,5,1\n"), "ratings, comma-separated, header"));
}

TEST_CASE("a label that stands twice is named, not taken for a user with two ratings") {
  scratch::Folder folder;
  const std::string path = scratch::put(folder / "m.csv", "plate,a,b\np,1,2\nq,3,4\nr,5,6\ns,7,8\nt,9,10\np,11,12\n");
  CHECK(scratch::file_error_of(path, [&] { read_observed(path); }).find("'p'") != std::string::npos);
}

TEST_CASE("the kind can be said") {
  CHECK(begins(format_of("m.csv", "1,2,3\n3,4,5\n"), "ratings, comma-separated, no header"));
  CHECK(format_of("m.csv", "1,2,3\n3,4,5\n", {.kind = FileKind::matrix}) == "table, comma-separated, no header, no row labels");
  CHECK(begins(format_of("m.csv", "1,2,3,4,5\n3,4,5,6,7\n", {.kind = FileKind::triplets}), "ratings, comma-separated, no header"));
  scratch::Folder folder;
  const std::string path = scratch::put(folder / "m.csv", "1,2,3\n3,4,5\n");
  CHECK(scratch::file_error_of(path, [&] { read_observed(path, {.kind = FileKind::npy}); }) ==
        ": is not an NPY file: it does not begin with \\x93NUMPY");
}

TEST_CASE("NPY is known by its name or its first bytes") {
  scratch::Folder folder;
  write_npy(folder / "a.npy", Matrix<double>(Matrix<double>::Ones(2, 3)));
  scratch::fs::copy_file(folder / "a.npy", folder / "a.bin");
  CHECK(read_observed(folder / "a.npy").format == "NPY array, 2 x 3, float64");
  CHECK(read_observed(folder / "a.bin", {.mode = 1}).data.where.rows() == 3);
  const std::string cut = scratch::put(folder / "cut.npy", "");
  CHECK(scratch::file_error_of(cut, [&] { read_observed(cut); }) == ": is empty");
}

TEST_CASE("files that are none are refused whatever their name") {
  scratch::Folder folder;
  for (const char* name : {"none.npy", "none.csv"}) {
    const std::string path = folder / name;
    CHECK(scratch::file_error_of(path, [&] { read_observed(path); }) == ": cannot be read: No such file or directory");
  }
  const std::string here = folder.path().string();
  CHECK(scratch::file_error_of(here, [&] { read_observed(here); }) == ": cannot be read: it is a directory, not a file");
  const std::string empty = scratch::put(folder / "empty.csv", "");
  CHECK(scratch::file_error_of(empty, [&] { read_observed(empty); }) == ": is empty");
}

TEST_CASE("names of user, item and rating make ratings of a file, in any order, with anything beside") {
  const auto roles = [](const std::string& text) {
    const std::string format = format_of("r.csv", text);
    CAPTURE(format);
    CHECK(begins(format, "ratings, "));
    return format.substr(std::min(format.find("user = "), format.size()));
  };
  CHECK(roles(ratings_below("itemID,rating,userID\n", "iru")) == "user = 'userID', item = 'itemID', rating = 'rating'");
  CHECK(roles(ratings_below("user,timestamp,item,rating\n", "utir")) ==
        "user = 'user', item = 'item', rating = 'rating', 'timestamp' left out");
  CHECK(roles(ratings_below("\"User-ID\";\"ISBN\";\"Book-Rating\"\n", "uir", "", "0", ';')) ==
        "user = 'User-ID', item = 'ISBN', rating = 'Book-Rating'");
  CHECK(roles(ratings_below("store_zip,sku,units\n", "uir", "010", "0001")) == "user = 'store_zip', item = 'sku', rating = 'units'");
  CHECK(roles(ratings_below("CustomerID,StockCode,Quantity\n", "uir", "", "8X")) ==
        "user = 'CustomerID', item = 'StockCode', rating = 'Quantity'");
  CHECK(roles(ratings_below("date,stars,business_id,user_id\n", "triu", "u", "b")) ==
        "user = 'user_id', item = 'business_id', rating = 'stars', 'date' left out");
  CHECK(roles(ratings_below("userID\tartistID\tweight\n", "uir", "", "", '\t')) == "user = 'userID', item = 'artistID', rating = 'weight'");
  CHECK(roles(ratings_below("user_id:token\titem_id:token\trating:float\ttimestamp:float\n", "uirt", "", "", '\t')) ==
        "user = 'user_id:token', item = 'item_id:token', rating = 'rating:float', 'timestamp:float' left out");
  CHECK(roles("user,item,rating\n3.0,5.0,4\n3.0,6.0,2\n") ==
        "user = 'user', item = 'item', rating = 'rating'");  // ids with a trailing .0 are ids
}

TEST_CASE("two names of three are enough where one column is left for the third") {
  CHECK(begins(format_of("r.csv", ratings_below("user,item,enjoyment\n", "uir")),
               "ratings, comma-separated, header, user = 'user', item = 'item', rating = 'enjoyment'"));
  CHECK(begins(format_of("r.csv", ratings_below("station,user,rating\n", "iur")),
               "ratings, comma-separated, header, user = 'user', item = 'station', rating = 'rating'"));
  CHECK(begins(format_of("r.csv", ratings_below("left,right,score\n", "uir", "a", "b")),
               "ratings, comma-separated, header, user = 'left', item = 'right', rating = 'score'"));
  scratch::Folder folder;
  const std::string two = scratch::put(folder / "two.csv", ratings_below("user,item,liking,length\n", "uirt")),
                    pairs = scratch::put(folder / "pairs.csv", ratings_below("user,item\n", "ui"));
  CHECK(scratch::file_error_of(two, [&] { read_observed(two); }) ==
        ", line 1: 'user' names users and 'item' items, but no column is named as the rating: say which by --columns user,item,RATING, or "
        "--kind table");
  CHECK(scratch::mentions(scratch::file_error_of(pairs, [&] { read_observed(pairs); }), ", line 1: names users and items and no rating"));
  CHECK(begins(read_observed(two, {.triplets = {.columns = {"user", "item", "liking"}}}).format, "ratings, "));
}

TEST_CASE("a long table of three columns, one cell a line, is read as ratings whatever its names") {
  const auto long_table = [](const char* top, const char* second) {
    std::string text = top;
    for (const char* first : {"MSFT", "GOOG", "IBM"})
      for (int k = 0; k < 6; ++k)
        if (*first != 'G' || k > 2)
          text += std::string(first) + "," + second + std::to_string(2000 + k) + "," + std::to_string(10.5 + k) + "\n";
    return text;
  };
  CHECK(format_of("t.csv", long_table("symbol,date,price\n", "Jan 1 ")) ==
        "ratings, comma-separated, header, user = 'symbol', item = 'date', rating = 'price'");
  CHECK(format_of("t.csv", long_table("Entity,Year,Deaths\n", "")) ==
        "ratings, comma-separated, header, user = 'Entity', item = 'Year', rating = 'Deaths'");
  CHECK(begins(format_of("t.csv", "year,month,x\n1990,1,5.5\n1990,2,6.5\n1990,3,6\n1991,1,7\n1991,2,7.5\n"), "ratings, "));
  CHECK(begins(format_of("t.csv", long_table("firm,size,price\n", "")), "table, "));  // a number that nothing says is a label
  CHECK(begins(format_of("t.csv", "sex,group,x\nm,a,5\nf,a,6\nm,b,7\nf,b,8\nm,a,9\nf,b,9\nm,a,3\nf,b,4\nm,b,9\n"),
               "table, "));                                                                               // pairs repeat
  CHECK(begins(format_of("t.csv", "state,region,pop\nA,n,5\nB,n,6\nC,s,7\nD,s,8\nE,s,9\n"), "table, "));  // labels
  CHECK(begins(format_of("t.csv", long_table("symbol,date,price\n", "Jan 1 "), {.kind = FileKind::matrix}), "table, "));
}

TEST_CASE("tables of whole numbers are tables") {
  const auto is_table = [](const std::string& text) { return begins(format_of("t.csv", text), "table, "); };
  CHECK(is_table(numbers_below("calories,protein,salary,score\n", {{1200, 1700}, {300, 500}, {6000, 9000}, {60, 100}}, 80, 0.3)));
  CHECK(is_table(numbers_below("age,systolic,diastolic,cholesterol\n", {{20, 90}, {90, 190}, {50, 110}, {120, 300}}, 150, 0.2)));
  CHECK(is_table(numbers_below("age,systolic,diastolic,cholesterol\n", {{20, 90}, {90, 190}, {50, 110}, {120, 300}}, 150)));
  CHECK(is_table(numbers_below("height,weight,score\n", {{150, 200}, {50, 110}, {1, 11}}, 90)));
  CHECK(is_table(numbers_below("maths,physics,history,sport\n", {{0, 16}, {0, 16}, {0, 16}, {0, 16}}, 120)));
  CHECK(is_table(numbers_below("spring,summer,autumn\n", {{100, 999}, {100, 999}, {100, 999}}, 40)));
  // without a header
  CHECK(is_table(numbers_below("", {{20, 90}, {90, 190}, {50, 110}, {120, 300}}, 150)));
  CHECK(is_table(numbers_below("", {{20, 90}, {90, 190}, {120, 300}}, 150)));
  CHECK(is_table(numbers_below("", {{1, 10}, {1, 10}, {1, 10}}, 60)));
  CHECK(is_table(numbers_below("", {{1000, 9999}, {1000, 9999}, {1, 6}}, 50, 0.2)));
}

TEST_CASE("ratings without a header are ratings") {
  CHECK(begins(format_of("r", ratings_below("", "uir")),
               "ratings, comma-separated, no header, user = column 1, item = column 2, rating = column 3"));
  CHECK(begins(format_of("r", ratings_below("", "uirt", "", "", '\t')), "ratings, tab-separated, no header, "));
  CHECK(begins(format_of("r", ratings_below("", "uir", "010", "000")), "ratings, "));  // ids with leading zeros
  CHECK(begins(format_of("r", ratings_below("", "uit")), "ratings, "));                // 800 different values, but no pair comes twice
  CHECK(begins(format_of("r", ratings_below("", "uir", "", "B00X")), "ratings, "));
}

TEST_CASE("a table that might be ratings is remarked, with the option that says so") {
  const auto remarks = [](const std::string& text) {
    scratch::Folder folder;
    std::string all;
    for (const std::string& remark : read_observed(scratch::put(folder / "t.csv", text)).remarks) all += remark;
    return all;
  };
  CHECK(remarks(ratings_below("wer,woher,wieviel\n", "uir")) ==
        "Pairs of the first two columns hardly ever repeat, as those of users and items: if each line is a rating, say --columns 1,2,3.");
  CHECK(remarks(ratings_below("brewery,beer_id,taster,score\n", "riur")) ==
        "The header names an item ('beer_id', several times) and a rating ('score'): if each line is a rating, say --columns "
        "USER,beer_id,score.");
  CHECK(scratch::mentions(remarks(ratings_below("", "uirrr")), "say --columns 1,2,RATING"));
  CHECK(remarks(numbers_below("calories,protein,salary,score\n", {{1200, 1700}, {300, 500}, {6000, 9000}, {60, 100}}, 80, 0.3)).empty());
  CHECK(remarks(numbers_below("maths,physics,history,sport\n", {{0, 16}, {0, 16}, {0, 16}, {0, 16}}, 120)).empty());
  CHECK(remarks("store,jan,feb,sales\n1,20,30,50\n2,21,3,24\n3,30,33,63\n").empty());
  CHECK(remarks(numbers_below("kind,place,x,y\n", {{0, 3}, {0, 3}, {0, 90}, {0, 90}}, 300)).empty());  // few pairs, each many times
  std::string labelled = "\"\",region,x,y\n";                                                          // labels of rows never repeat
  for (int k = 1; k < 200; ++k) labelled += std::to_string(k) + "," + std::to_string(k % 9) + "," + std::to_string(k * 7 % 90) + ",5\n";
  CHECK(remarks(labelled).empty());
  std::string quarters = "year,quarter,gdp,cpi\n";
  for (int k = 0; k < 400; ++k)
    quarters += std::to_string(1900 + k / 4) + "," + std::to_string(k % 4 + 1) + "," + std::to_string(k * 7 % 90) + ",5\n";
  CHECK(remarks(quarters).empty());
  CHECK(begins(format_of("r.csv", ratings_below("Nutzer;Film;Bewertung\n", "uir", "", "", ';')),
               "ratings, semicolon-separated, header, user = 'Nutzer'"));
}

}  // namespace read_tests
