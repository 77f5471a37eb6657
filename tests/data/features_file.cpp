// SPDX-License-Identifier: MIT
// Side features as people write them: ids, numbers, words, gaps.
#include <tacit/data/features_file.hpp>

#include "catch.hpp"
#include "scratch.hpp"

using namespace tacit;

namespace {
const std::vector<std::string> none;
}

TEST_CASE("features of rows: numbers are standardised, words become features of 0 and 1, gaps the mean") {
  const scratch::Folder folder;
  const std::vector<std::string> labels{"a", "b", "c", "d", "e"};
  const std::string path = scratch::put(
      folder / "f.csv", "id,size,kind,zip_code,same\nd,3,x,10115,7\na,1,y,10115,7\nb,,x,10999,7\nzz,9,x,10999,7\nc,5,y,10999,7\n");
  const FeaturesFile read = read_features(path, LabelIndex(labels, 5), "row");
  CHECK(read.format == "features of rows, comma-separated, header, 2 columns of numbers and 2 of categories: 5 features");
  CHECK(read.features.names == std::vector<std::string>{"size", "kind = x", "kind = y", "zip_code = 10115", "zip_code = 10999"});
  const Matrix<double>& X = read.features.values;
  REQUIRE(X.rows() == 5);
  const double root = std::sqrt(8.0 / 3);  // sizes 3, 1, 5
  CHECK_THAT(X(0, 0), Catch::Matchers::WithinAbs(-2 / root, 1e-12));
  CHECK_THAT(X(2, 0), Catch::Matchers::WithinAbs(2 / root, 1e-12));
  CHECK(X(1, 0) == 0);       // a gap
  CHECK(X(3, 0) == 0);       // the mean
  CHECK(X.row(4).isZero());  // without features
  CHECK(X.col(1).head(4) == (Vector<double>(4) << -1, 1, -1, 1).finished());
  REQUIRE(read.remarks.size() == 3);
  CHECK(read.remarks[0] == "Of the 5 rows, 1 have no features in " + path + " and count as average there.");
  CHECK(read.remarks[1] == path + ": 1 line is of an id that no row of the data has ('zz'), and passed over.");
  CHECK(read.remarks[2] == path + ": 1 gap counts as the mean of the feature.");
}

TEST_CASE("features of a matrix without labels go by numbers from 0, and a first line of an id is no header") {
  const scratch::Folder folder;
  const FeaturesFile read = read_features(scratch::put(folder / "f.csv", "0;1,5\n1;2,5\n2;3,5\n"), LabelIndex(none, 3), "column");
  CHECK(read.features.values.col(0).isApprox((Vector<double>(3) << -1, 0, 1).finished() * std::sqrt(1.5)));
  CHECK(read.features.names == std::vector<std::string>{"column 2"});
  CHECK(read.remarks.empty());
}

TEST_CASE("words that come once, or beyond the fifty most frequent, share a feature") {
  const scratch::Folder folder;
  const auto read = [&](int twice) {  // so many lines hold words that come twice
    std::string text = "id,word\n";
    for (int k = 0; k < 140; ++k) text += std::to_string(k) + ",w" + std::to_string(k < twice ? k / 2 : k) + "\n";
    return read_features(scratch::put(folder / "f.csv", text), LabelIndex(none, 140), "row").features;
  };
  const LineFeatures many = read(120), few = read(40);
  CHECK(many.names.size() == 51);
  CHECK(many.names.back() == "word = others");
  CHECK((many.values.col(50).array() > 0).count() == 40);
  CHECK(few.names.size() == 21);
  CHECK((few.values.col(20).array() > 0).count() == 100);
}

TEST_CASE("features that cannot be used are refused with a sentence") {
  const scratch::Folder folder;
  const std::vector<std::string> labels{"a", "b", "c"};
  const auto error = [&](const std::string& text) {
    const std::string path = scratch::put(folder / "f.csv", text);
    return scratch::file_error_of(path, [&] { read_features(path, LabelIndex(labels, 3), "row"); });
  };
  CHECK(error("id,x\nu,1\nv,2\n") == ": names no row of the data; its first id is 'u', the first row of the data is called 'a'");
  CHECK(error("id,x\na,1\nb,2\na,3\n") == ", line 4: the row 'a' has features already, on line 2");
  CHECK(error("id\na\nb\n") == ", line 1: has one column; features need two: the ids of the rows, and a feature");
  CHECK(error("id,x\na,1\nb,1\nc,1\n") == ": holds no feature that differs between the rows");
  CHECK(error("id,x\na,1\nb,2,3\n") ==
        ", line 3: has 3 columns, line 1 has 2; it looks like decimal commas in a comma-separated file: divide its cells by semicolons, or "
        "write decimal points");
  CHECK(error("id,x\na,1\nb,inf\n").find("line 3, column 2") != std::string::npos);
}
