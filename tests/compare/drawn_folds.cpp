// SPDX-License-Identifier: MIT
#include <tacit/compare/drawn_folds.hpp>

#include "catch.hpp"
#include "thrown.hpp"

using namespace tacit;

namespace {

/// Every third cell of a 30 x 20 matrix, with its number as value.
Data<double> some() {
  Entries::Indices row, col;
  for (std::int32_t k = 0; k < 600; k += 3) row.push_back(k / 20), col.push_back(k % 20);
  return {Entries(30, 20, row, col), Vector<double>::LinSpaced(200, 0, 199)};
}

}  // namespace

TEST_CASE("folds that are made when they are asked for are those of k_folds, in any order and as often as one likes") {
  const auto data = some();
  detail::DrawnFolds<Entries> drawn(data);
  drawn.add("test", detail::fold_numbers<std::uint16_t>(200, {.folds = 4, .seed = 7}), 4);
  const auto at_once = k_folds(data, {.folds = 4, .seed = 7});
  REQUIRE(drawn.size() == 4);
  for (const std::size_t f : {2u, 0u, 3u, 1u, 2u}) {
    const auto parts = drawn[f];
    CHECK(parts.train.y == at_once[f].train.y);
    CHECK(parts.test.y == at_once[f].test.y);
    for (Index k = 0; k < parts.test.count(); ++k) CHECK(parts.test.where[k] == at_once[f].test.where[k]);
  }
  const auto others = k_folds(data, {.folds = 4, .seed = 8});
  CHECK(drawn[0].test.y != others[0].test.y);  // not of another seed
}

TEST_CASE("repeats stand one behind the other; entries that are in no fold are trained on; given parts come back") {
  const auto data = some();
  detail::DrawnFolds<Entries> drawn(data), more(data);
  detail::FoldNumbers number(200, detail::never_tested);
  number[5] = 0, number[7] = 1;
  drawn.add("test", number, 2);
  more.add("test", detail::FoldNumbers(number.rbegin(), number.rend()), 2);
  drawn.append(more);
  std::vector<double> tested;
  for (const auto& [train, test] : drawn) {
    REQUIRE(test.count() == 1);
    CHECK(train.count() == 199);
    tested.push_back(test.y[0]);
  }
  CHECK(tested == std::vector<double>{5, 7, 194, 192});
  const detail::DrawnFolds<Entries> given(std::vector{drawn[2]});
  REQUIRE(given.size() == 1);
  CHECK(given[0].test.y[0] == 194);
}

TEST_CASE("folds without an entry to test or to train on are refused before any is made") {
  const auto data = some();
  detail::DrawnFolds<Entries> drawn(data);
  CHECK(thrown([&] { drawn.add("who", detail::FoldNumbers(200, 0), 1); }) == "who: the train part would be empty");
  CHECK(thrown([&] { drawn.add("who", detail::FoldNumbers(200, 1), 3); }) == "who: the test part would be empty");
  CHECK(thrown([&] { drawn.add("who", detail::FoldNumbers(200, 0), 70'000); }) ==
        "who: 70000 folds are more than the 65534 that are counted");
  CHECK(drawn.size() == 0);
}
