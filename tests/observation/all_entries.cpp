// SPDX-License-Identifier: MIT
#include <tacit/observation/bilinear.hpp>

#include "catch.hpp"
#include "thrown.hpp"

using namespace tacit;

TEST_CASE("all entries, column by column") {
  const AllEntries at(3, 4);
  CHECK(at.count() == 12);
  CHECK(at.where(7) == "entry (1, 2)");
  EntryList batch = at.batch();
  const Index which[] = {7, 0, 11};
  at.gather(which, 3, batch);
  CHECK(batch[0] == Entry{1, 2});
  CHECK(batch[1] == Entry{0, 0});
  CHECK(batch[2] == Entry{2, 3});
  CHECK(thrown([] { AllEntries(20'000, 20'000); }).find("AllEntries: a dense 20000 x 20000 object has 400000000 entries") == 0);
}

TEST_CASE("the path follows the density, unless it is named") {
  Entries::Indices row, col;
  for (std::int32_t i = 0; i < 10; ++i)
    for (std::int32_t j = 0; j < 10; ++j) row.push_back(i), col.push_back(j);
  const Entries all(10, 10, row, col), one(10, 10, {3}, {4});
  CHECK(detail::prefers_dense(all));
  CHECK_FALSE(detail::prefers_dense(one));
  CHECK_FALSE(detail::prefers_dense(all.through(Path::per_entry)));
  CHECK(detail::prefers_dense(one.through(Path::dense)));
  CHECK(detail::prefers_dense(AllEntries(2, 2)));
  CHECK_FALSE(detail::prefers_dense(EntryList(2, 2)));
  CHECK(thrown([] {
          detail::prefers_dense(Entries(100'000, 100'000, {0}, {0}).through(Path::dense));
        }).find("Entries through Path::dense: a dense 100000 x 100000 object has 1e+10 entries") == 0);
}
