// SPDX-License-Identifier: MIT
#include <tacit/data/features_file.hpp>
#include <tacit/data/new_rows.hpp>
#include <tacit/data/pairs.hpp>

#include "catch.hpp"
#include "scratch.hpp"

using namespace tacit;

TEST_CASE("pairs, features and new rows pass over empty lines, and say of a line of another width what it looks like") {
  const scratch::Folder folder;
  const std::vector<std::string> rows{"a", "b", "c"}, cols{"x", "y"};
  const LabelIndex row_index(rows, 3), col_index(cols, 2);
  CHECK(read_pairs(scratch::put(folder / "p.csv", "row,column\na,x\n\nb,y\n\n"), row_index, col_index).pairs.size() == 2);
  CHECK(read_features(scratch::put(folder / "f.csv", "id,size\n\na,1\n\nb,2\n"), row_index, "row").features.values(0, 0) == -1);
  CHECK(read_new_rows(scratch::put(folder / "n.csv", "id,x,y\nd,1,2\n\ne,3,\n"), col_index).row_labels ==
        std::vector<std::string>{"d", "e"});
  const std::string path = scratch::put(folder / "w.csv", "id;x;y\nd;1;2\ne,3,4\n");
  const std::string why = ", line 3: has 1 column, line 1 has 3; this line is comma-separated, line 1 semicolon-separated";
  CHECK(scratch::file_error_of(path, [&] { read_new_rows(path, col_index); }) == why);
  CHECK(scratch::file_error_of(path, [&] { read_features(path, LabelIndex({"d", "e"}, 2), "row"); }) == why);
}
