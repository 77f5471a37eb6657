// SPDX-License-Identifier: MIT
#include <tacit/output/gaps_csv.hpp>

#include "catch.hpp"
#include "data/scratch.hpp"

using namespace tacit;

namespace {
/// 10 i + j, and one to each side; counts how often it is asked, and for how many at most.
struct Places {
  int* calls;
  Index* most;
  Predicted operator()(const Entries& at) const {
    ++*calls;
    *most = std::max(*most, at.count());
    Predicted z{Vector<double>(at.count()), {}, {}};
    for (Index k = 0; k < at.count(); ++k) z.prediction[k] = static_cast<double>(10 * at[k].row + at[k].col);
    z.low = z.prediction.array() - 1;
    z.high = z.prediction.array() + 0.5;
    return z;
  }
};
}  // namespace

TEST_CASE("every gap is written with its labels, in order") {
  scratch::Folder folder;
  int calls = 0;
  Index most = 0;
  const Entries seen(3, 3, {0, 1, 1, 1}, {1, 0, 1, 2});
  write_gaps(folder / "g.csv", seen, {.labels = {{"a", "b,b", "c"}, {"x", "y", "z"}}}, Places{&calls, &most});
  CHECK(scratch::get(folder / "g.csv") ==
        "row,column,prediction,low,high\na,x,0,-1,0.5\na,z,2,1,2.5\nc,x,20,19,20.5\nc,y,21,20,21.5\nc,z,22,21,22.5\n");
  CHECK(folder.files() == 2);
  write_gaps(folder / "g.csv", seen, {}, Places{&calls, &most});
  CHECK(scratch::mentions(scratch::get(folder / "g.csv"), "\n2,0,20,19,20.5\n"));
}

TEST_CASE("chunks make no difference to the file, and bound what is held") {
  scratch::Folder folder;
  int calls = 0;
  Index most = 0;
  const Entries seen(50, 20, {0, 7, 7, 49}, {1, 0, 1, 19});
  write_gaps(folder / "whole.csv", seen, {}, Places{&calls, &most});
  CHECK(calls == 1);
  calls = 0, most = 0;
  write_gaps(folder / "parts.csv", seen, {}, Places{&calls, &most}, {}, 30);
  CHECK(calls == 25);
  CHECK(most <= 50);
  CHECK(scratch::get(folder / "whole.csv") == scratch::get(folder / "parts.csv"));
  CHECK(count_gaps(seen) == 996);
}

TEST_CASE("a matrix without gaps has a header line only") {
  scratch::Folder folder;
  int calls = 0;
  Index most = 0;
  write_gaps(folder / "g.csv", Entries(1, 2, {0, 0}, {0, 1}), {}, Places{&calls, &most});
  CHECK(scratch::get(folder / "g.csv") == "row,column,prediction,low,high\n");
  CHECK(calls == 0);
}

TEST_CASE("labels stand beside an array, one a line") {
  scratch::Folder folder;
  write_labels(folder / "rows.csv", {"a", "b, \"c\"", "001"});
  CHECK(scratch::get(folder / "rows.csv") == "index,label\n0,a\n1,\"b, \"\"c\"\"\"\n2,001\n");
}
