// SPDX-License-Identifier: MIT
#include <set>
#include <tacit/compare/holdout.hpp>

#include "catch.hpp"
#include "thrown.hpp"

using namespace tacit;

namespace {

Data<double> full(std::int32_t n1, std::int32_t n2) {
  Entries::Indices row, col;
  for (std::int32_t i = 0; i < n1; ++i)
    for (std::int32_t j = 0; j < n2; ++j) row.push_back(i), col.push_back(j);
  return observed<double>(n1, n2, row, col, Vector<double>::LinSpaced(n1 * n2, 0, n1 * n2 - 1));
}
std::pair<std::size_t, std::size_t> lines_of(const Entries& where) {
  std::set<Index> rows, cols;
  for (Index k = 0; k < where.count(); ++k) rows.insert(where[k].row), cols.insert(where[k].col);
  return {rows.size(), cols.size()};
}

}  // namespace

TEST_CASE("folds of rows test every row once and whole; blocks are rectangles that do not overlap") {
  const auto data = full(12, 8);
  Index tested = 0;
  for (const auto& [train, test] : detail::test_parts(data, {HoldoutKind::slices}, {.folds = 4, .seed = 1})) {
    CHECK(lines_of(test.where) == std::pair<std::size_t, std::size_t>(3, 8));
    CHECK(test.count() == 24);
    CHECK(lines_of(train.where).first == 9);
    tested += test.count();
  }
  CHECK(tested == 96);
  std::set<double> seen;
  for (const auto& [train, test] : detail::test_parts(data, {HoldoutKind::blocks}, {.folds = 4, .seed = 1})) {
    CHECK(lines_of(test.where) == std::pair<std::size_t, std::size_t>(3, 2));
    CHECK(train.count() + test.count() == 96);
    for (Index k = 0; k < test.count(); ++k) CHECK(seen.insert(test.y[k]).second);
  }
}

TEST_CASE("validation entries are held out as the test entries are") {
  const auto data = full(20, 10);
  CHECK(lines_of(detail::validation_part(data, {HoldoutKind::slices}, 0.1, 1).test.where) == std::pair<std::size_t, std::size_t>(2, 10));
  CHECK(lines_of(detail::validation_part(data, {HoldoutKind::blocks}, 0.09, 1).test.where) == std::pair<std::size_t, std::size_t>(6, 3));
  CHECK(detail::validation_part(data, {}, 0.1, 1).test.count() == 20);
}

TEST_CASE("listed entries are tested; what cannot be tested is refused") {
  const auto data = observed<double>(2, 3, {0, 0, 1}, {0, 2, 1}, Vector<double>::LinSpaced(3, 1, 3));
  const auto parts = detail::test_parts(data, {.kind = HoldoutKind::listed, .list = {{0, 2}}}, {});
  REQUIRE(parts.size() == 1);
  CHECK(parts[0].test.y == Vector<double>::Constant(1, 2.0));
  CHECK(parts[0].train.count() == 2);
  const auto refused = [&](std::vector<std::vector<Index>> list) {
    return thrown([&] { detail::test_parts(data, {.kind = HoldoutKind::listed, .list = list}, {}); });
  };
  CHECK(refused({}) == "hold out: the list of entries is empty");
  CHECK(refused({{1, 1}, {0, 1}}) == "hold out: entry (0, 1) of the list (from 0) is not observed, there is nothing to compare with");
  CHECK(refused({{0, 0}, {0, 2}, {1, 1}}) == "hold out: the train part would be empty");
  CHECK(thrown([&] { detail::test_parts(data, {HoldoutKind::slices}, {.folds = 3}); }) ==
        "hold out: 3 folds of rows are asked for of a 2 x 3 matrix");
}
