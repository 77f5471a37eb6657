// SPDX-License-Identifier: MIT
#include <tacit/sweep/grid.hpp>

#include "../data/scratch.hpp"
#include "catch.hpp"

using namespace tacit;
using scratch::error_of;

TEST_CASE("the product of axes: first slowest, last fastest") {
  const Grid grid = depths({1, 2, 3}) * axis("optimizer", {"gd", "adam"}) * scales({1e-4, 1}) * seeds(2, 5);
  REQUIRE(grid.size() == 24);
  CHECK(sentence(grid[0]) == "depth = 1, optimizer = gd, scale = 1e-04, seed = 5");
  CHECK(sentence(grid[1]) == "depth = 1, optimizer = gd, scale = 1e-04, seed = 6");
  CHECK(sentence(grid[2]) == "depth = 1, optimizer = gd, scale = 1, seed = 5");
  CHECK(sentence(grid[4]) == "depth = 1, optimizer = adam, scale = 1e-04, seed = 5");
  CHECK(sentence(grid[23]) == "depth = 3, optimizer = adam, scale = 1, seed = 6");
  CHECK(grid[23].number() == 23);
  CHECK(error_of([&] { grid[24]; }) == "Grid: setting 24 asked for, there are 24");
  const Grid regrouped = depths({1, 2, 3}) * (axis("optimizer", {"gd", "adam"}) * (scales({1e-4, 1}) * seeds(2, 5)));
  for (Index k = 0; k < 24; ++k) CHECK(sentence(regrouped[k]) == sentence(grid[k]));
}

TEST_CASE("settings give their values by name and kind") {
  const Setting s = (depths({3}) * widths({20}) * ranks({2}) * scales({0.5}) * rates({1e-2}) * seeds(1, 7) * axis("data", {"ratings"}))[0];
  CHECK(s.depth() == 3);
  CHECK(s.width() == 20);
  CHECK(s.rank() == 2);
  CHECK(s.scale() == 0.5);
  CHECK(s.rate() == 0.01);
  CHECK(s.seed() == 7u);
  CHECK(s.integer("depth") == 3);
  CHECK(s.real("depth") == 3.0);
  CHECK(s.text("data") == "ratings");
  CHECK(s.text("rate") == "0.01");
  CHECK(s.has("data"));
  CHECK_FALSE(s.has("lambda"));
  CHECK(error_of([&] { s.integer("scale"); }) == "Setting: 'scale' is 0.5, which is not an integer");
  CHECK(error_of([&] { s.real("data"); }) == "Setting: 'data' is ratings, which is not a number");
  CHECK(error_of([&] { s.real("lambda"); }) == "Setting: there is no axis 'lambda'; there are depth, width, rank, scale, rate, seed, data");
}

TEST_CASE("axes of one's own, of any kind") {
  CHECK(axis("k", {1, 2})[1].integer("k") == 2);
  CHECK(axis("momentum", {0, 0.5})[0].real("momentum") == 0.0);
  CHECK(axis("name", std::vector<std::string>{"a", "b"})[1].text("name") == "b");
  CHECK(axis("on", {false, true}).size() == 2);
  CHECK(scales({1})[0].real("scale") == 1.0);
  const std::vector<Index> chosen{4, 2};
  CHECK(depths(chosen)[1].depth() == 2);
}

TEST_CASE("axes that make no sense are refused") {
  CHECK(error_of([] { axis("", {1}); }) == "axis: the name is empty, the column of an axis needs one");
  CHECK(error_of([] { axis("error", {1}); }) == "axis: 'error' is a column that a sweep writes itself, take another name");
  CHECK(error_of([] { axis("k", std::vector<double>{}); }) == "axis: 'k' has no values");
  CHECK(error_of([] { axis("k", {1, 2, 1}); }) == "axis: 'k' has the value 1 twice, which would be the same run");
  CHECK(error_of([] { scales({0.1, std::nan("")}); }) == "axis: value 1 of 'scale' is not a number");
  CHECK(error_of([] { seeds(0); }) == "seeds: 0 seeds from 1 on; needs at least one, and none negative");
  CHECK(error_of([] { seeds(3, -1); }) == "seeds: 3 seeds from -1 on; needs at least one, and none negative");
  CHECK(error_of([] { seeds(2) * depths({1}) * seeds(3); }) == "Grid: two axes are called 'seed'");
  CHECK(error_of([] { seeds(100'000) * axis("other", seeds(100'000).axes()[0].values); }) ==
        "Grid: 1e+10 settings are more than anybody runs");
}
