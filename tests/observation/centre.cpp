// SPDX-License-Identifier: MIT
#include <tacit/observation/centre.hpp>
#include <tacit/observation/tensor_data.hpp>

#include "catch.hpp"
#include "thrown.hpp"

using namespace tacit;

namespace {

Data<double, TensorEntries> four_entries() {
  return observed<double>({2, 3, 2}, {{0, 0, 1, 1}, {0, 2, 1, 2}, {1, 0, 0, 1}}, Vector<double>(Vector<double>::LinSpaced(4, 1, 4)));
}

}  // namespace

TEST_CASE("a centre of a tensor adds its effects, and its lines' units come last") {
  Centre centre{.mean = 10, .effects = {Vector<double>::LinSpaced(2, -1, 1), {}, Vector<double>::LinSpaced(2, 0, 0.5)}, .scale = 2};
  const auto data = four_entries();
  Vector<double> expected(4);
  expected << 10 - 1 + 0.5 + 2, 10 - 1 + 4, 10 + 1 + 6, 10 + 1 + 0.5 + 8;
  CHECK((centre.put_back(data.y, data.where) - expected).norm() < 1e-14);
  centre.lines = {{{}, Vector<double>::LinSpaced(3, 100, 300), {}}, {{}, Vector<double>::LinSpaced(3, 1, 3), {}}};
  CHECK_THAT(centre.put_back(data.y, data.where)[1], Catch::Matchers::WithinAbs(300 + 3 * expected[1], 1e-12));
  const Vector<double> all = centre.put_back(Vector<double>::Zero(12), Shape{2, 3, 2});
  CHECK_THAT(all[1 + 2 * (1 + 3 * 1)], Catch::Matchers::WithinAbs(200 + 2 * (10 + 1 + 0.5), 1e-12));
  CHECK((centre.lines.put_back(centre.lines.taken_off(data).y, data.where) - data.y).norm() < 1e-12);
}

TEST_CASE("a constant line is its centre, and has no entries in a fit") {
  Scales scales{{{}, Vector<double>::LinSpaced(3, 5, 7)}, {{}, Vector<double>::LinSpaced(3, 0, 2)}};
  CHECK(scales.unit(1, 0).put_back(99) == 5);
  CHECK(scales.unit(1, 2).put_back(3) == 7 + 2 * 3);
  CHECK(thrown([&] { scales.taken_off(observed<double>(2, 3, {0}, {0}, Vector<double>(Vector<double>::Ones(1)))); }) ==
        "Scales: entry (0, 0) lies in a line of scale 0, which is constant; leave it out");
}

TEST_CASE("a centre of other data is refused") {
  const Centre two{.effects = {Vector<double>::Ones(2), Vector<double>::Ones(3)}};
  CHECK(thrown([&] { two.predict(four_entries().where); }) == "Centre: has effects of 2 modes, the data are 2 x 3 x 2");
  CHECK(thrown([&] { Centre{.scale = -1}.check("who", {2, 2}); }) == "who: the scale is -1, it needs to be finite and not negative");
  CHECK(thrown([&] { Centre{.lines = {{}, {{}, Vector<double>::Constant(2, -1)}}}.check("who", {2, 2}); }) == "who: a scale is negative");
}
